-- index_lock(node text) -> bool
-- Only one process at a time writes for a node: held until its connection ends.
select pg_try_advisory_lock(hashtextextended(:node, 7203));

-- index_node_get(node text) -> row(id id, filled bool)
select id, indexed_at is not null as filled from index_node where name = :node;

-- index_node_add(node text) -> text
-- From now on every message that is written is queued for it; the answer is a number that every transaction
-- begun later exceeds.
with n as (insert into index_node (name) values (:node) on conflict (name) do nothing)
select pg_current_xact_id()::text;

-- index_settled(xid text) -> bool
-- Has every transaction ended that may have written before it could see the node?
select pg_snapshot_xmin(pg_current_snapshot()) > :xid::xid8;

-- index_fill(id id) -> void
-- Queue every message there is, newest first, and say that it was done.
with q as (insert into index_queue (node_id, message_id)
           select :id, s.id from index_source s order by s.id desc)
update index_node set indexed_at = now() where id = :id;

-- index_waiting(id id) -> int
-- How many rows wait for a node.
select count(*) from index_queue where node_id = :id;

-- index_take(id id, after id, limit int) -> rows(id id, message id)
-- What is queued for a node.
select id, message_id as message from index_queue where node_id = :id and id > :after order by id limit :limit;

-- index_source_of(messages ids) -> rows(id id, ticket id, is_comment bool, subject text, text text, people text, files text, attached text)
-- Newest first: rising document ids fill their blocks.
select id, ticket_id as ticket, is_comment, subject, text, people, files, attached from index_source where id = any(:messages) order by id desc;

-- index_source_below(before id, limit int) -> rows(id id, ticket id, is_comment bool, subject text, text text, people text, files text, attached text)
-- The next messages in descending order.
select id, ticket_id as ticket, is_comment, subject, text, people, files, attached from index_source
 where id < :before order by id desc limit :limit;

-- index_done(id id, rows ids) -> void
-- Delete exactly those rows: others may have been queued for the same messages meanwhile.
with d as (delete from index_queue where node_id = :id and id = any(:rows))
update index_node set indexed_at = now() where id = :id;

-- index_adopt(node text, id id) -> int
-- What is left of a rebuild that nobody runs any more goes to the node that writes what it built.
with f as materialized (select id from index_node where name = :node),
     l as materialized (select id from f where pg_try_advisory_xact_lock(hashtextextended(:node, 7203))),
     q as (insert into index_queue (node_id, message_id)
           select :id, i.message_id from index_queue i where i.node_id in (select id from l)),
     n as (delete from index_node where id in (select id from l) returning id)
select count(*) from n;

-- file_text_lock() -> bool
-- Only one process at a time reads files: held until its connection ends.
select pg_try_advisory_lock(7204);

-- file_text_again(pictures bool) -> void
-- What could not be read for want of a program may be now.
update file_text set state = 'waiting', tries = 0, reason = null
 where reason = 'no program' or (:pictures and reason = 'picture');

-- file_text_take(running texts) -> row(sha256 text, name text, type text, tries int)
-- The next content to read, those begun least often first; it is noted that it was begun.
update file_text set tries = tries + 1
 where sha256 = (select x.sha256 from file_text x where x.state = 'waiting' and x.sha256 <> all(:running)
                  order by x.tries, x.next_at limit 1)
returning sha256, name, type, tries;

-- file_text_done(sha256 text, state text, text text?, reason text?) -> void
-- What was read.
update file_text set state = :state, text = :text, reason = :reason where sha256 = :sha256;
