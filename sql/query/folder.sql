-- folder_get(agent id, folder id) -> object
select f.id, f.key, f.name, f.icon, f.query, f.parent_id, f.position, f.agent_id is not null as own,
       exists (select from folder_watch w where w.folder_id = f.id and w.agent_id = :agent) as watched
  from folder f where f.id = :folder and (f.agent_id is null or f.agent_id = :agent);

-- folder_create(agent id, name text, query text, shared bool) -> id
-- At the end of the list. 0 = the agent has his hundred already.
insert into folder (name, icon, query, agent_id, position)
select jsonb_build_object('de', btrim(:name), 'en', btrim(:name)), 'folder', :query, case when not :shared then :agent::int end,
       coalesce(max(position), 0) + 1
  from folder
having count(*) filter (where agent_id = :agent) < 100
returning id;

-- folder_change(agent id, folder id, shared bool, name text?, query text?) -> id
-- One's own, or (shared) one of everybody that did not come with docket. 0 = there is no such one.
update folder
   set name = coalesce(jsonb_build_object('de', btrim(:name), 'en', btrim(:name)), name), query = coalesce(:query, query)
 where id = :folder and key is null and (agent_id = :agent or (:shared and agent_id is null))
returning id;

-- folder_remove(agent id, folder id, shared bool) -> id
delete from folder
 where id = :folder and key is null and (agent_id = :agent or (:shared and agent_id is null))
returning id;

-- folder_order(agent id, folders ids, shared bool) -> void
-- These folders stand in this order, in the places that they have together.
with mine as (select f.id, f.position, u.place
                from unnest(:folders) with ordinality u (id, place) join folder f on f.id = u.id
               where f.agent_id = :agent or (:shared and f.agent_id is null)),
     places as (select position, row_number() over (order by position, id) as n from mine),
     wanted as (select id, row_number() over (order by place) as n from mine)
update folder f set position = p.position from wanted w join places p on p.n = w.n where f.id = w.id;

-- folder_watch(agent id, folder id) -> void
insert into folder_watch (folder_id, agent_id)
select f.id, :agent from folder f where f.id = :folder and (f.agent_id is null or f.agent_id = :agent)
on conflict do nothing;

-- folder_unwatch(agent id, folder id) -> void
delete from folder_watch where folder_id = :folder and agent_id = :agent;

-- alert_list(agent id, limit int) -> list
-- What the agent has not looked at yet, of tickets that he may see, newest first.
select a.id, a.at, a.folder_id, f.name as folder, a.ticket_id, a.message_id, t.subject
  from alert a join folder f on f.id = a.folder_id join ticket_visible(:agent) t on t.id = a.ticket_id
 where a.agent_id = :agent and a.seen_at is null
 order by a.id desc
 limit :limit;

-- alert_seen(agent id, alert id) -> void
-- All up to this one.
update alert set seen_at = now() where agent_id = :agent and id <= :alert and seen_at is null;

-- alert_enqueue(messages ids) -> void
-- If anybody watches anything, and tell docket work.
with q as (insert into alert_queue (message_id) select unnest(:messages) where exists (select from folder_watch) returning 1)
select pg_notify('docket_work', '') from q limit 1;

-- alert_take() -> row(id id, message_id id, ticket_id id, agent_id id)
-- The message that has waited longest, locked until the unit ends.
select q.id, q.message_id, m.ticket_id, m.agent_id
  from alert_queue q join message m on m.id = q.message_id
 order by q.id limit 1
   for update of q skip locked;

-- alert_done(id id) -> void
delete from alert_queue where id = :id;

-- alert_watchers(author id?) -> rows(folder id, query text, agent id, zone text)
-- Who wants to be told, but nobody of what he wrote himself.
select w.folder_id as folder, f.query, w.agent_id as agent, a.zone
  from folder_watch w join folder f on f.id = w.folder_id join agent a on a.id = w.agent_id
 where a.active and w.agent_id is distinct from :author
 order by w.folder_id, w.agent_id;

-- alert_match(agent id, ticket id) -> int
-- The frame of a watched folder: a row when the watcher may see the ticket and it satisfies the facts.
select 1 from ticket_visible(:agent) t where t.id = :ticket /*where*/;

-- alert_add(agent id, folder id, ticket id, message id) -> void
insert into alert (agent_id, folder_id, ticket_id, message_id)
values (:agent, :folder, :ticket, :message) on conflict do nothing;

-- live_alerts(after id) -> rows(id id, agent id)
-- Whose alerts are new, without a word of them.
select id, agent_id as agent from alert where id > :after order by id limit 1000;

-- live_last_alert() -> id
select coalesce(max(id), 0) from alert;
