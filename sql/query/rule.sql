-- event_unsettled(after id?) -> rows(id id, kind text, ticket_id id, message_id id, agent_id id, rule_id id)
-- This transaction's events that no rule has seen.
select id, kind, ticket_id, message_id, agent_id, rule_id
  from event
 where xid = pg_current_xact_id() and id > coalesce(:after, 0)
 order by id;

-- rule_of_event(kind text) -> rows(id id, name text, condition text, actions json)
-- The active rules for an event, in their order.
select id, name, condition, actions from rule where active and event = :kind order by position, id;

-- rule_claim(event id, rule id) -> int
-- 1 the first time, 0 ever after: a rule runs once for an event.
with r as (insert into rule_run (event_id, rule_id) values (:event, :rule) on conflict do nothing returning 1 as n)
select count(*) from r;

-- rule_list() -> list
select r.id, r.name, r.active, r.position, r.event, r.condition, r.actions, r.version from rule r order by r.position, r.id;

-- rule_get(rule id) -> object
select r.id, r.name, r.active, r.position, r.event, r.condition, r.actions, r.version from rule r where r.id = :rule;

-- rule_create(name text, active bool, event text, condition text, actions json) -> id
insert into rule (name, active, event, condition, actions, position)
values (:name, :active, :event, :condition, :actions, coalesce((select max(position) from rule), 0) + 1)
returning id;

-- rule_change(rule id, name text?, active bool?, condition text?, actions json?) -> id
update rule
   set name = coalesce(:name, name), active = coalesce(:active, active), condition = coalesce(:condition, condition),
       actions = coalesce(:actions, actions), version = version + 1
 where id = :rule
returning id;

-- rule_remove(rule id) -> id
delete from rule where id = :rule returning id;

-- rule_sending(ticket id) -> rows(id id, name text, condition text, address text, email text?, signature text?)
-- Active rules that would mail an agent's message to the customer, from which account and to whom: as mail_envelope; null = nobody
-- by itself. Signature: the account's, where a template asks for one.
select r.id, r.name, r.condition, a.address,
       coalesce(t.from_email, (select d.email from customer_address d where d.customer_id = t.customer_id order by d.email limit 1)) as email,
       case when exists (select from jsonb_array_elements(r.actions) x join template p on p.id = (x ->> 'template')::bigint
                          where x ->> 'do' = 'send_mail' and p.body::text ~ '\$Signature(Text|HTML)')
            then coalesce(a.signature, '') end as signature
  from ticket t
  join rule r on r.active and r.event = 'message.agent' and r.actions @> '[{"do": "send_mail"}]'
  join lateral (select x.address, x.signature from account x where x.smtp_host is not null and x.active
                 order by x.id = t.account_id desc nulls last, x.id limit 1) a on true
 where t.id = :ticket and not t.confidential
 order by r.position, r.id;

-- template_list() -> list
select id, name, subject, body from template order by name;

-- template_get(template id) -> object
select id, name, subject, body from template where id = :template;

-- template_text(template id, language text) -> row(subject text, body text, language text)
-- In the customer's language, else in German.
select coalesce(nullif(subject ->> :language, ''), subject ->> 'de') as subject,
       coalesce(nullif(body ->> :language, ''), body ->> 'de') as body,
       case when body ->> :language <> '' then :language else 'de' end as language
  from template where id = :template;

-- template_create(name text, subject_de text, subject_en text, body_de text, body_en text) -> id
insert into template (name, subject, body)
values (:name, jsonb_build_object('de', :subject_de, 'en', :subject_en), jsonb_build_object('de', :body_de, 'en', :body_en))
returning id;

-- template_change(template id, name text?, subject_de text?, subject_en text?, body_de text?, body_en text?) -> id
update template
   set name = coalesce(:name, name),
       subject = subject || jsonb_strip_nulls(jsonb_build_object('de', :subject_de, 'en', :subject_en)),
       body = body || jsonb_strip_nulls(jsonb_build_object('de', :body_de, 'en', :body_en))
 where id = :template
returning id;

-- rule_match(ticket id) -> int
-- The frame of a condition: a row when the ticket satisfies it.
select 1 from ticket t where t.id = :ticket /*where*/;

-- automatic_cause(ticket id, message id?) -> row(message id, email text, automatic text, trust text, held bool, complained bool, bounced bool, own bool, ticket_day int, hour int, day int)
-- The customer's mail that an automatic answer would answer (the one named, else the newest), and what speaks against one:
-- how many left for this address within a day of this ticket, an hour, a day.
select m.id as message, m.email, m.automatic, m.trust, t.held,
       coalesce(a.complained_at is not null, false) as complained, coalesce(a.bounces > 0, false) as bounced,
       exists (select from account x where lower(x.address) = lower(m.email)) as own,
       n.ticket_day, n.hour, n.day
  from ticket t
  join lateral (select x.id, x.email, x.automatic, x.trust from message x
                 where x.ticket_id = t.id and x.kind = 'message' and x.agent_id is null and x.rule_id is null
                 order by x.id = :message desc nulls last, x.id desc limit 1) m on true
  left join customer_address a on a.email = lower(m.email)
  cross join lateral (select count(*) filter (where o.ticket_id = t.id) as ticket_day,
                             count(*) filter (where o.created_at > now() - interval '1 hour') as hour, count(*) as day
                        from outbox o
                       where o.automatic and o.state <> 'cancelled' and lower(o.recipients[1]) = lower(m.email)
                         and o.created_at > now() - interval '1 day') n
 where t.id = :ticket;

-- rule_message(ticket id, message id?) -> row(is_comment bool, subject text, text text, people text, files text, attached text)
-- The words of a message, of the ticket's newest one without it.
select s.is_comment, s.subject, s.text, s.people, s.files, s.attached from index_source s
 where s.id = coalesce(:message, (select t.last_message_id from ticket t where t.id = :ticket));
