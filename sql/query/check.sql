-- check_roles() -> text
-- What the walls between the processes stand on: one line per finding, NULL = none, here and below.
select string_agg(line, E'\n' order by line) from (
	select rolname || ' is more than it may be (superuser, bypassrls, createrole, createdb, replication or inherit): run roles.sql as a superuser' as line
	  from pg_roles where rolname like 'docket\_%'
	   and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit)
	union all
	select rolname || ' may write customers'' words into the server''s log: run roles.sql as a superuser'
	  from pg_roles where rolname like 'docket\_%' and rolcanlogin
	   and not coalesce(rolconfig, '{}') @> '{log_error_verbosity=terse}'
	union all
	select 'row-level security is not forced on ' || relname || ': alter table docket.' || relname || ' enable row level security, force row level security'
	  from pg_class where relnamespace = 'docket'::regnamespace and not (relrowsecurity and relforcerowsecurity)
	   and relname in ('customer', 'customer_address', 'ticket', 'message', 'file', 'draft', 'inbound', 'outbox', 'event', 'event_text')
) x;

-- check_inbound() -> text
-- Every original is in exactly one state, with its reason; at most 100 are named.
select string_agg(line, E'\n' order by id) from (
	select i.id, 'inbound ' || i.id || case
	       when i.state = 'new' and i.fetched_at < now() - interval '1 hour'
	       then ' waits since ' || to_char(i.fetched_at, 'YYYY-MM-DD HH24:MI') || ' UTC (' ||
	            coalesce(i.reason, 'never tried') || '): is docket work running?'
	       when m.n > 1 then ' has more than one message: its mail is doubled'
	       when i.state = 'done' and (m.id is distinct from i.message_id or m.ticket_id is distinct from i.ticket_id)
	       then ' is done, but not as the message it names: set its state to new and docket work reads it again'
	       when i.state <> 'done' and m.n > 0 then ' is ' || i.state || ' but has a message: set its state to done'
	       when i.state in ('parked', 'duplicate') and coalesce(i.reason, '') = ''
	       then ' is ' || i.state || ' without a reason: retry it from the page of parked mail' end as line
	  from inbound i
	  left join (select inbound_id, count(*) as n, min(id) as id, min(ticket_id) as ticket_id
	               from message where inbound_id is not null group by inbound_id) m on m.inbound_id = i.id
) x where line is not null;

-- check_ticket() -> text
-- The facts kept on a ticket are those of its messages, files, owners, events.
select string_agg('ticket ' || id || ': ' || said || ': mend the row by hand, nothing in docket leaves it so', E'\n' order by id) from (
	select t.id, concat_ws(', ',
	       case when t.last_message_id is distinct from m.last then 'last_message_id is not its newest message' end,
	       case when t.messages <> m.n then 'messages says ' || t.messages || ', it has ' || m.n end,
	       case when t.files <> f.n then 'files says ' || t.files || ', it has ' || f.n end,
	       case when t.version <> e.last then 'version ' || t.version || ' is not that of its last event, ' || e.last end,
	       case when e.n <> e.versions then 'two of its events have one version' end,
	       case when t.owner_ids <> o.keys then 'owner_ids are not its owners' end,
	       case when t.is_open = (s.category in ('done', 'shut')) then 'is_open does not fit its status' end,
	       case when t.failed <> x.failed then 'failed does not fit its mails' end) as said
	  from ticket t
	  join status s on s.id = t.status_id
	  cross join lateral (select max(id) as last, count(*) as n from message where ticket_id = t.id) m
	  cross join lateral (select count(*) as n from file f join message y on y.id = f.message_id where y.ticket_id = t.id) f
	  cross join lateral (select coalesce(max(version), 0) as last, count(*) as n, count(distinct version) as versions
	                        from event where ticket_id = t.id) e
	  cross join lateral (select coalesce(array_agg(distinct coalesce(agent_id, -team_id)), '{}') as keys
	                        from owner where ticket_id = t.id) o
	  cross join lateral (select ticket_undelivered(t.id) as failed) x
) x where said <> '';

-- check_outbox() -> text
-- No mail hangs, none carries a comment, the answer to each finds its ticket.
select string_agg(line, E'\n' order by id) from (
	select o.id, case
	       when o.state = 'sending' and o.lease_until < now() - interval '1 minute'
	       then 'outbox ' || o.id || ' is sending longer than its lease: is docket send running?'
	       when o.state in ('queued', 'deferred') and o.next_at < now() - interval '1 hour'
	       then 'outbox ' || o.id || ' waits since ' || to_char(o.next_at, 'YYYY-MM-DD HH24:MI') || ' UTC: is docket send running?'
	       when o.audience = 'customer' and exists (select from message m where m.id = o.message_id and m.kind = 'comment')
	       then 'outbox ' || o.id || ' carries a comment to a customer: cancel it and look who wrote it'
	       when not exists (select from ticket t where t.id = o.ticket_id)
	       then 'outbox ' || o.id || ' belongs to no ticket: cancel it'
	       when not exists (select from message_reference r where r.ref = o.ref and r.ticket_id = o.ticket_id and r.own)
	       then 'outbox ' || o.id || ': its Message-ID leads to no ticket, an answer would open a new one' end as line
	  from outbox o
) x where line is not null;

-- check_sight() -> text
-- What agents may see is what their profiles say.
select string_agg('what agent ' || w.agent_id || ' may see is not what the profiles say: update docket.agent set active = active',
                  E'\n' order by w.agent_id)
  from sight_wanted w left join sight s on s.agent_id = w.agent_id
 where s.agent_id is null or not (s.statuses @> w.statuses and s.statuses <@ w.statuses)
    or not (s.own_statuses @> w.own_statuses and s.own_statuses <@ w.own_statuses)
    or not (s.keys @> w.keys and s.keys <@ w.keys);

-- check_account() -> text
-- Accounts are fetched when they are due and signed in; no test mode keeps mail in the house.
select string_agg(line, E'\n' order by id) from (
	select id, case
	       when failures >= 3 then 'account ' || name || ' failed ' || failures || ' times: docket account test ' || name || ' says where'
	       when kind in ('imap', 'pop3') and due_at < now() - interval '30 minutes'
	       then 'account ' || name || ' is due since ' || to_char(due_at, 'YYYY-MM-DD HH24:MI') || ' UTC: is docket-poll.timer active?' end as line
	  from account where active
	union all
	select a.id, 'account ' || a.name || ' has to be signed in again at its provider: ' || coalesce(o.error, '')
	  from oauth o join account a on a.id = o.account_id where a.active and o.state = 'attention'
	union all
	select 0, 'test mode is on since ' || to_char(since, 'YYYY-MM-DD HH24:MI') || ' UTC: mail leaves to '
	          || coalesce(nullif(array_to_string(allowed, ', '), ''), 'nobody') || ' only'
	  from mail_mode where testing
) x where line is not null;

-- check_blobs(after text, limit int) -> rows(sha256 text, size int, thing text)
-- What the rows say lies in the blob store, in order; size -1 = the row does not say.
select sha256, max(size) as size, min(thing) as thing from (
	select sha256, case when partial then -1 else size end as size, 'inbound ' || id as thing from inbound where sha256 > :after
	union all
	select sha256, size, 'file ' || id from file where sha256 > :after
	union all
	select sha256, -1, 'outbox ' || id from outbox where sha256 > :after
	union all
	select sha256, size, 'picture ' || id from picture where sha256 > :after
) x group by sha256 order by sha256 limit :limit;

-- check_blobs_unknown(hashes texts) -> rows(sha256 text)
-- Which of these no row names.
select h as sha256 from unnest(:hashes) h
 where not exists (select from inbound where sha256 = h) and not exists (select from file where sha256 = h)
   and not exists (select from outbox where sha256 = h) and not exists (select from picture where sha256 = h)
 order by h;

-- check_queue(node text) -> row(id id, filled bool, waiting int)
-- Of a host's index: is it registered, was it filled, how many messages wait for it.
select n.id, n.indexed_at is not null as filled, (select count(*) from index_queue q where q.node_id = n.id) as waiting
  from index_node n where n.name = :node;
