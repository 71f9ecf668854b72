-- draft_put(agent id, ticket id, kind text, body text, html text?, version int, uploads ids, recipients texts, copies texts) -> object
-- The words of one who writes; no row when they wait to be sent already.
insert into draft (agent_id, ticket_id, kind, body, html, version, uploads, recipients, copies)
select :agent, t.id, :kind, :body, :html, :version, coalesce(:uploads, '{}'), coalesce(:recipients, '{}'), coalesce(:copies, '{}')
  from ticket_visible(:agent) t where t.id = :ticket
on conflict (agent_id, ticket_id, kind) do update
   set body = excluded.body, html = excluded.html, version = excluded.version, uploads = excluded.uploads, recipients = excluded.recipients,
       copies = excluded.copies, returned = null, updated_at = now()
 where draft.due_at is null
returning updated_at;

-- draft_remove(agent id, ticket id, kind text?) -> void
-- What waits to be sent stays.
delete from draft
 where agent_id = :agent and ticket_id = :ticket and due_at is null and kind = coalesce(:kind, kind);

-- draft_get(agent id, ticket id) -> object
-- What is being written, or came back unsent.
select d.kind, d.body, d.html, d.version, d.updated_at, to_json(d.recipients) as to, to_json(d.copies) as cc, d.returned, d.resends, d.status_id,
       coalesce((select json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'cid', f.cid) order by f.id)
                   from file f where f.id = any(d.uploads) and f.message_id is null and f.agent_id = :agent), '[]') as uploads
  from draft d where d.agent_id = :agent and d.ticket_id = :ticket and d.due_at is null
 order by d.updated_at desc limit 1;

-- scheduled_get(agent id, ticket id) -> object
-- The answer of this agent that waits to be sent.
select d.body, d.html, d.version, d.updated_at, d.due_at, to_json(d.recipients) as to, to_json(d.copies) as cc,
       cardinality(d.uploads) as files, d.status_id
  from draft d where d.agent_id = :agent and d.ticket_id = :ticket and d.due_at is not null;

-- scheduled_list(agent id, limit int) -> list
-- All answers of this agent that wait to be sent, the next one first.
select d.ticket_id, t.subject, coalesce(c.name, nullif(t.from_name, ''), t.from_email, '') as customer, d.body, d.updated_at,
       d.due_at, to_json(d.recipients) as to, to_json(d.copies) as cc, cardinality(d.uploads) as files
  from draft d join ticket_visible(:agent) t on t.id = d.ticket_id left join customer c on c.id = t.customer_id
 where d.agent_id = :agent and d.due_at is not null
 order by d.due_at, d.ticket_id
 limit :limit;

-- scheduled_put(agent id, ticket id, body text, html text?, version int, uploads ids, recipients texts, copies texts, status id?, resends id?, due text) -> int
-- An answer waits; 0 = another of this agent waits at the ticket already.
with d as (insert into draft (agent_id, ticket_id, kind, body, html, version, uploads, recipients, copies, status_id, resends, due_at)
           values (:agent, :ticket, 'message', :body, :html, :version, coalesce(:uploads, '{}'), coalesce(:recipients, '{}'),
                   coalesce(:copies, '{}'), :status, :resends, :due::timestamptz)
           on conflict (agent_id, ticket_id, kind) do update
              set body = excluded.body, html = excluded.html, version = excluded.version, uploads = excluded.uploads,
                  recipients = excluded.recipients, copies = excluded.copies, status_id = excluded.status_id,
                  resends = excluded.resends, due_at = excluded.due_at, returned = null, tries = 0, updated_at = now()
            where draft.due_at is null
           returning 1),
     n as (select pg_notify('docket_work', '') from d)
select count(*) from d, n;

-- scheduled_time(agent id, ticket id, due text) -> int
-- Another time for what waits; 0 = nothing waits.
with d as (update draft set due_at = :due::timestamptz
            where agent_id = :agent and ticket_id = :ticket and due_at is not null returning 1),
     n as (select pg_notify('docket_work', '') from d)
select count(*) from d, n;

-- scheduled_return(agent id, ticket id) -> int
-- It is a draft again; 0 = nothing waits any more.
with d as (update draft set due_at = null, updated_at = now()
            where agent_id = :agent and ticket_id = :ticket and due_at is not null returning 1)
select count(*) from d;

-- draft_due(limit int) -> rows(agent id, ticket id)
-- Answers whose time has come.
select agent_id as agent, ticket_id as ticket from draft where due_at <= now() order by due_at, ticket_id limit :limit;

-- draft_due_in() -> int
-- Milliseconds until the next answer is due; 0 = none waits.
select greatest(1, ceil(extract(epoch from min(due_at) - now()) * 1000))::bigint from draft where due_at is not null;

-- draft_try(agent id, ticket id) -> int
-- Counted before the work, so that a process that dies of it is counted too: how often by now.
update draft set tries = tries + 1 where agent_id = :agent and ticket_id = :ticket and due_at <= now() returning tries;

-- draft_wait(agent id, ticket id) -> void
-- That was no try of its own: the disk or the database is away.
update draft set tries = greatest(tries - 1, 0) where agent_id = :agent and ticket_id = :ticket and due_at <= now();

-- draft_take(agent id, ticket id) -> row(body text, html text, version int, uploads ids, recipients text, copies text, status id, resends id, able bool)
-- What is due leaves the table in the unit that makes a message of it: it cannot be sent twice. Able: its writer is
-- still with us and may still write.
with d as (delete from draft where agent_id = :agent and ticket_id = :ticket and due_at <= now() returning *)
select d.body, d.html, d.version, d.uploads, array_to_string(d.recipients, E'\n') as recipients,
       array_to_string(d.copies, E'\n') as copies, d.status_id as status, d.resends,
       exists (select from agent_able x where x.id = d.agent_id) as able
  from d;

-- draft_give_back(agent id, ticket id, code text) -> void
-- It could not be sent: it is a draft again, and its writer is told why.
with d as (update draft set due_at = null, returned = :code, tries = 0, updated_at = now()
            where agent_id = :agent and ticket_id = :ticket and due_at <= now() returning agent_id, ticket_id)
insert into event (kind, ticket_id, agent_id) select 'draft.returned', ticket_id, agent_id from d;
