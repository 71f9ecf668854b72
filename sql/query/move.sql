-- message_place(agent id, message id) -> row(ticket id, version int, movable bool)
-- Where a message is, for an agent who sees it; movable: a mail that somebody outside sent.
select t.id as ticket, t.version, m.inbound_id is not null and m.agent_id is null and m.kind = 'message' as movable
  from message m join ticket_visible(:agent) t on t.id = m.ticket_id where m.id = :message;

-- message_origin(message id) -> row(type id, account id, customer id, subject text, name text, email text)
-- What a ticket of its own is opened with.
select t.type_id as type, i.account_id as account, coalesce(a.customer_id, t.customer_id) as customer,
       coalesce(nullif(m.subject, ''), t.subject) as subject, m.author as name, m.email
  from message m join ticket t on t.id = m.ticket_id join inbound i on i.id = m.inbound_id
  left join customer_address a on a.email = lower(m.email)
 where m.id = :message;

-- message_move(message id, ticket id, agent id) -> int
-- 1 = a mail moved, with what leads to it; both tickets tell of it. Answers of others that wait there to be sent come back
-- to their writers: they have not seen it.
with old as (select id, ticket_id from message where id = :message and ticket_id <> :ticket for update),
     m as (update message set ticket_id = :ticket, evidence = 'hand', maybe = array[old.ticket_id] from old
            where message.id = old.id returning message.id, message.ref, old.ticket_id as source),
     i as (update inbound set ticket_id = :ticket from m where inbound.message_id = m.id),
     d as (delete from message_reference x using m where x.ref = m.ref and x.ticket_id = m.source and not x.own),
     r as (insert into message_reference (ref, ticket_id, own) select ref, :ticket, false from m where ref is not null),
     e as (insert into event (kind, ticket_id, message_id, agent_id, after)
           select 'message.moved', source, id, :agent, jsonb_build_object('ticket', :ticket) from m),
     f as (insert into event (kind, ticket_id, message_id, agent_id, before)
           select 'message.moved', :ticket, id, :agent, jsonb_build_object('ticket', source) from m),
     w as (update draft set due_at = null, returned = 'ticket_changed', updated_at = now() from m
            where draft.ticket_id = :ticket and draft.due_at is not null and draft.agent_id <> :agent
           returning draft.agent_id, draft.ticket_id),
     b as (insert into event (kind, ticket_id, agent_id) select 'draft.returned', ticket_id, agent_id from w)
select count(*) from m;

-- ticket_recount(ticket id) -> int
-- The facts kept on a ticket, anew from its messages; how many messages that are no comments.
with m as (select max(id) as last, count(*) as n, count(*) filter (where kind = 'message') as spoken
             from message where ticket_id = :ticket),
     l as (select x.kind, left(regexp_replace(left(x.body, 1000), '(\s|\[cid:[^]\s]*\])+', ' ', 'g'), 200) as snippet
             from message x join m on x.id = m.last),
     t as (update ticket
              set messages = m.n, last_message_id = m.last, last_kind = (select kind from l),
                  snippet = coalesce((select snippet from l), ''),
                  files = (select count(*) from file f join message x on x.id = f.message_id where x.ticket_id = :ticket)
             from m where ticket.id = :ticket)
select spoken from m;

-- ticket_closing_status(ticket id) -> id
-- The status that closes it.
select s.id from ticket t join status s on s.type_id = t.type_id
 where t.id = :ticket and s.category in ('done', 'shut') order by s.category, s.position, s.id limit 1;

-- ticket_release(ticket id, agent id) -> int
-- 1 = it was held.
with t as (update ticket set held = false where id = :ticket and held returning id),
     e as (insert into event (kind, ticket_id, agent_id) select 'ticket.released', id, :agent from t)
select count(*) from t;

-- type_reopen(type id, days int?) -> int
-- 1 = there is such a type.
update type set reopen_days = :days where id = :type returning 1;

-- inbound_raw(inbound id) -> row(sha256 text, name text)
select sha256, 'mail-' || id || '.eml' as name from inbound where id = :inbound;
