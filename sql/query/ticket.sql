-- ticket_lock(agent id, ticket id) -> row(id id, version int, type_id id, status_id id, is_open bool, subject text, account_id id, customer_id id, confidential bool, priority int)
-- The ticket if this agent may see it, locked until the unit ends.
select id, version, type_id, status_id, is_open, subject, account_id, customer_id, confidential, priority
  from ticket
 where id = :ticket and exists (select from ticket_visible(:agent) v where v.id = :ticket)
   for update;

-- ticket_is_visible(agent id, ticket id) -> bool
select exists (select from ticket_visible(:agent) where id = :ticket);

-- ticket_conflicts(ticket id, version int, kinds texts) -> list
-- What happened since that version among these kinds: the reason of a 409. That a mail reopened the ticket is none: nobody
-- decided it.
select e.id, e.at, e.kind, e.agent_id, e.rule_id, e.before, e.after, e.version, e.message_id
  from event e
 where e.ticket_id = :ticket and e.version > :version and e.kind = any(:kinds)
   and not (e.kind = 'status.changed' and e.agent_id is null and e.rule_id is null)
 order by e.id;

-- ticket_open(subject text, type id, status id?, priority int, source text, account id?, customer id?, stranger text?, name text, email text?, agent id?) -> id
-- A new ticket; without a status in the first of its type. stranger: the address that says whose it is when customer does
-- not; one that nobody has becomes a customer's.
with a as (select customer_id from customer_address where email = lower(:stranger)),
     c as (insert into customer (name) select :name where :customer is null and :stranger is not null and not exists (select from a) returning id),
     i as (insert into customer_address (email, customer_id) select lower(:stranger), id from c),
     s as (select id, category from status
            where type_id = :type and (:status is null or id = :status) order by position, id limit 1),
     t as (insert into ticket (subject, type_id, status_id, is_open, priority, source, account_id, customer_id,
                               from_name, from_email)
           select :subject, :type, coalesce(s.id, :status, 0), coalesce(s.category not in ('done', 'shut'), true), :priority,
                  :source, :account, coalesce(:customer, (select customer_id from a), (select id from c)), :name, :email
             from (values (1)) one left join s on true
           returning id, status_id, type_id),
     e as (insert into event (kind, ticket_id, agent_id, after)
           select 'ticket.opened', id, :agent, jsonb_build_object('type', type_id, 'status', status_id) from t)
select id from t;

-- ticket_set_status(ticket id, status id, agent id?, rule id?) -> int
-- 1 = changed, 0 = it has that status already. A status of another type is refused by the foreign key.
with old as (select t.id, t.status_id, s.category in ('done', 'shut') as closes
               from ticket t left join status s on s.id = :status where t.id = :ticket and t.status_id <> :status),
     t as (update ticket set status_id = :status, is_open = not coalesce(old.closes, false),
                  closed_at = case when old.closes then coalesce(closed_at, now()) end
             from old where ticket.id = old.id returning ticket.id),
     e as (insert into event (kind, ticket_id, agent_id, rule_id, before, after)
           select 'status.changed', t.id, :agent, :rule, to_jsonb(old.status_id), to_jsonb(:status) from t, old)
select count(*) from t;

-- ticket_set_type(ticket id, type id, status id?, agent id?, rule id?) -> int
-- Another type forces a status of it: the given one or its first.
with s as (select id, category in ('done', 'shut') as closes from status
            where type_id = :type and (:status is null or id = :status) order by position, id limit 1),
     old as (select id, type_id, status_id from ticket where id = :ticket and type_id <> :type),
     t as (update ticket set type_id = :type, status_id = coalesce((select id from s), 0),
                  is_open = not coalesce((select closes from s), false),
                  closed_at = case when (select closes from s) then coalesce(closed_at, now()) end
             from old where ticket.id = old.id returning ticket.id, ticket.status_id),
     e as (insert into event (kind, ticket_id, agent_id, rule_id, before, after)
           select 'type.changed', t.id, :agent, :rule,
                  jsonb_build_object('type', old.type_id, 'status', old.status_id),
                  jsonb_build_object('type', :type, 'status', t.status_id) from t, old)
select count(*) from t;

-- ticket_set_priority(ticket id, priority int, agent id?, rule id?) -> int
with old as (select id, priority from ticket where id = :ticket and priority <> :priority),
     t as (update ticket set priority = :priority from old where ticket.id = old.id returning ticket.id),
     e as (insert into event (kind, ticket_id, agent_id, rule_id, before, after)
           select 'priority.changed', t.id, :agent, :rule, to_jsonb(old.priority), to_jsonb(:priority) from t, old)
select count(*) from t;

-- ticket_set_confidential(ticket id, confidential bool, agent id?) -> int
with old as (select id, confidential from ticket where id = :ticket and confidential <> :confidential),
     t as (update ticket set confidential = :confidential from old where ticket.id = old.id returning ticket.id),
     e as (insert into event (kind, ticket_id, agent_id, before, after)
           select 'confidential.changed', t.id, :agent, to_jsonb(old.confidential), to_jsonb(:confidential) from t, old)
select count(*) from t;

-- ticket_set_deadline(ticket id, deadline text?, agent id?) -> int
-- RFC 3339; null takes it away.
with old as (select id, deadline_at from ticket
              where id = :ticket and deadline_at is distinct from :deadline::timestamptz),
     t as (update ticket set deadline_at = :deadline::timestamptz from old where ticket.id = old.id returning ticket.id),
     e as (insert into event (kind, ticket_id, agent_id, before, after)
           select 'deadline.changed', t.id, :agent, to_jsonb(old.deadline_at), to_jsonb(:deadline::timestamptz) from t, old)
select count(*) from t;

-- ticket_set_subject(ticket id, subject text, agent id?) -> int
-- The words lie in event_text, which can be erased.
with old as (select id, subject from ticket where id = :ticket and subject <> :subject),
     t as (update ticket set subject = :subject from old where ticket.id = old.id returning ticket.id),
     e as (insert into event (kind, ticket_id, agent_id) select 'subject.changed', t.id, :agent from t returning id),
     x as (insert into event_text (event_id, before, after) select e.id, old.subject, :subject from e, old)
select count(*) from t;

-- status_first(type id, open bool) -> id
-- The first status of a type; open: the first that is not closed.
select id from status where type_id = :type and (not :open or category not in ('done', 'shut')) order by position, id limit 1;

-- owner_add(ticket id, agent id?, team id?, role id, by id?, rule id?) -> id
with o as (insert into owner (ticket_id, agent_id, team_id, role_id) values (:ticket, :agent, :team, :role)
           returning id, ticket_id),
     e as (insert into event (kind, ticket_id, agent_id, rule_id, after)
           select 'owner.added', ticket_id, :by, :rule,
                  jsonb_strip_nulls(jsonb_build_object('agent', :agent, 'team', :team, 'role', :role)) from o)
select id from o;

-- owner_remove(ticket id, owner id, by id?) -> int
with o as (delete from owner where id = :owner and ticket_id = :ticket returning ticket_id, agent_id, team_id, role_id),
     e as (insert into event (kind, ticket_id, agent_id, before)
           select 'owner.removed', ticket_id, :by,
                  jsonb_strip_nulls(jsonb_build_object('agent', agent_id, 'team', team_id, 'role', role_id)) from o)
select count(*) from o;

-- ticket_row(agent id, ticket id) -> object
-- One ticket as its page shows it.
select t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id,
       t.customer, t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at, t.updated_at,
       t.deadline_at, t.closed, t.confidential, t.unread, t.draft, t.files, t.messages, t.failed, t.owner_ids, t.tag_ids,
       coalesce((select json_agg(json_build_object('id', o.id, 'agent_id', o.agent_id, 'team_id', o.team_id,
                                                   'role_id', o.role_id) order by o.id)
                   from owner o where o.ticket_id = t.id), '[]') as owners,
       c.phone as customer_phone, c.note as customer_note, c.created_at as customer_since, c.language as customer_language,
       (select l from ticket_language(t.id) l) as language,
       (select a.email from customer_address a where a.customer_id = t.customer_id order by a.email = t.from_email desc, a.email limit 1) as customer_email,
       (select count(*) from ticket_visible(:agent) o where o.customer_id = t.customer_id) as customer_tickets,
       x.trust, x.held, (select f.id from ticket_visible(:agent) f where f.id = x.follows) as follows,
       (select max(f.id) from ticket_visible(:agent) f where f.follows = t.id) as followed_by,
       (select json_build_object('email', a.email, 'bounces', a.bounces, 'bounced_at', a.bounced_at, 'status', a.bounce_status,
                                 'complained_at', a.complained_at)
          from customer_address a where a.email = lower(t.from_email) and (a.bounces > 0 or a.complained_at is not null)) as address
  from ticket_rows(:agent) t join ticket x on x.id = t.id left join customer c on c.id = t.customer_id
 where t.id = :ticket;

-- ticket_page(agent id, updated text, id id, limit int) -> list
-- The tickets below a cursor (infinity = from the newest): the frame that query/ narrows at its marker.
select t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id,
       t.customer, t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at, t.updated_at,
       t.deadline_at, t.closed, t.confidential, t.unread, t.draft, t.files, t.messages, t.failed, t.owner_ids, t.tag_ids
  from ticket_rows(:agent) t
 where (t.updated_at, t.id) < (:updated::timestamptz, :id) /*where*/
 order by t.updated_at desc, t.id desc
 limit :limit;

-- ticket_list_of(agent id, tickets ids) -> list
-- These tickets, in this order.
select t.id, t.version, t.subject, t.type_id, t.status_id, t.priority, t.source, t.account_id, t.customer_id,
       t.customer, t.from_name, t.from_email, t.snippet, t.last_kind, t.last_message_id, t.created_at, t.updated_at,
       t.deadline_at, t.closed, t.confidential, t.unread, t.draft, t.files, t.messages, t.failed, t.owner_ids, t.tag_ids
  from ticket_rows(:agent) t
 where t.id = any(:tickets)
 order by array_position(:tickets, t.id);

-- event_list(agent id, ticket id, before id?, limit int) -> list
-- The newest of a ticket's history, or the newest before one; oldest first. The words of a changed subject are in "text".
select e.id, e.at, e.kind, e.agent_id, e.rule_id, r.name as rule, e.before, e.after, e.version, e.message_id,
       x.before as text_before, x.after as text_after
  from (select * from event v
         where v.ticket_id = :ticket and (:before is null or v.id < :before)
           and exists (select from ticket_visible(:agent) t where t.id = :ticket)
         order by v.id desc
         limit :limit) e
  left join rule r on r.id = e.rule_id left join event_text x on x.event_id = e.id
 order by e.id;

-- seen_put(agent id, ticket id, message id) -> void
insert into seen (agent_id, ticket_id, message_id)
select :agent, t.id, :message from ticket_visible(:agent) t where t.id = :ticket
on conflict (agent_id, ticket_id) do update set message_id = greatest(seen.message_id, excluded.message_id);

-- ticket_reopen_status(ticket id) -> id
-- The status that a customer's mail brings a closed ticket back to, and one that waits for him: its type's first
-- that is open. 0 = it is open and waits for nobody.
select s.id from ticket t join status now on now.id = t.status_id join status s on s.type_id = t.type_id
 where t.id = :ticket and now.category in ('done', 'shut', 'wait') and s.category not in ('done', 'shut', 'new', 'wait')
 order by s.position, s.id limit 1;

-- role_first() -> id
select id from role order by position, id limit 1;

-- customer_find(agent id, q text, limit int) -> list
-- Customers by part of a name or address; the number of their tickets that this agent may see.
select c.id, c.name, (select a.email from customer_address a where a.customer_id = c.id order by a.email limit 1) as email,
       (select count(*) from ticket_visible(:agent) t where t.customer_id = c.id) as tickets
  from customer c
 where c.name ilike '%' || replace(replace(replace(:q, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    or exists (select from customer_address a where a.customer_id = c.id
                and a.email like '%' || replace(replace(replace(lower(:q), '\', '\\'), '%', '\%'), '_', '\_') || '%')
 order by c.id desc
 limit :limit;

-- customer_change(agent id, customer id, language text?) -> int
-- 1 = the language of a customer of whom this agent sees a ticket is set; null = that of his mails.
with c as (update customer set language = :language
            where id = :customer and exists (select from ticket_visible(:agent) t where t.customer_id = :customer)
           returning id)
select count(*) from c;

-- folder_rows(agent id) -> rows(id id, key text, name json, icon text, query text, parent_id id, position int, own bool, watched bool)
-- Everybody's folders and the agent's own.
select id, key, name, icon, query, parent_id, position, agent_id is not null as own,
       exists (select from folder_watch w where w.folder_id = folder.id and w.agent_id = :agent) as watched from folder
 where agent_id is null or agent_id = :agent
 order by position, id;

-- folder_query(agent id, folder id) -> text
select query from folder where id = :folder and (agent_id is null or agent_id = :agent);

-- folder_kept(agent id, name text, number id?) -> text
-- The query of a folder by its name in any language, its key or its number; one's own comes before one of all.
select f.query from folder f
 where (f.agent_id is null or f.agent_id = :agent)
   and (f.id = :number or (:number is null and (f.key = lower(:name)
        or exists (select from jsonb_each_text(f.name) n where name_fold(n.value) = name_fold(:name)))))
 order by f.agent_id is null, f.id limit 1;

-- folder_count(agent id, max int) -> int
-- How many tickets a folder's query finds, counted to max at most: a frame for query/.
select count(*) from (select 1 from ticket_visible(:agent) t where true /*where*/ limit :max) x;
