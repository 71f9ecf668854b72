-- mail_envelope(ticket id) -> row(account id, address text, sender_name text, reply_to text, signature text, plus_proved bool, email text, name text, language text)
-- From which active account a ticket's mail leaves (its own, else the first that can send) and to whom: the
-- sender's address counts before the customer's. email null = nobody to write to; no row = no account can send.
select a.id as account, a.address, a.sender_name, a.reply_to, a.signature, a.plus_proved,
       coalesce(t.from_email, (select d.email from customer_address d where d.customer_id = t.customer_id order by d.email limit 1)) as email,
       coalesce(nullif(t.from_name, ''), c.name, '') as name, (select l from ticket_language(t.id) l) as language
  from ticket t
  left join customer c on c.id = t.customer_id
  join lateral (select * from account x where x.smtp_host is not null and x.active
                 order by x.id = t.account_id desc nulls last, x.id limit 1) a on true
 where t.id = :ticket;

-- mail_has_customer(ticket id) -> bool
-- Is there an address that an answer goes to by itself?
select t.from_email is not null or exists (select from customer_address d where d.customer_id = t.customer_id)
  from ticket t where t.id = :ticket;

-- mail_people(message id) -> row(recipients text, copies text)
-- Whom its writer wrote it to, one per line; none = the customer.
select array_to_string(addressed, E'\n') as recipients, array_to_string(copies, E'\n') as copies
  from message where id = :message;

-- mail_readers(ticket id, emails texts) -> row(is_customer bool, emails text)
-- Who reads a mail to these, one address per line: where one is the customer's, so are all of his.
with t as (select lower(t.from_email) as email, t.customer_id from ticket t where t.id = :ticket),
     c as (select email from t where email is not null
           union select d.email from t join customer_address d on d.customer_id = t.customer_id),
     e as (select lower(e) as email from unnest(:emails) e),
     x as (select exists (select from e join c using (email)) as is_customer)
select x.is_customer,
       (select string_agg(email, E'\n') from (select email from e union select email from c where x.is_customer) r) as emails
  from x;

-- mail_facts(ticket id, zone text, language text) -> row(type text, status text, priority int, opened text, today text)
-- What a template may say of a ticket besides words of people; days as they are written in that language.
select coalesce(y.name ->> :language, y.name ->> 'de') as type, coalesce(s.name ->> :language, s.name ->> 'de') as status, t.priority,
       to_char(t.created_at at time zone :zone, d.form) as opened, to_char(now() at time zone :zone, d.form) as today
  from ticket t join type y on y.id = t.type_id join status s on s.id = t.status_id
 cross join (select case :language when 'en' then 'FMDD Mon YYYY' else 'DD.MM.YYYY' end as form) d
 where t.id = :ticket;

-- mail_newest(ticket id, all bool) -> id
-- The ticket's newest message of an agent; all: behind its newest message, where one that is being written will stand.
select max(id) + case when :all then 1 else 0 end from message where ticket_id = :ticket and (:all or kind = 'message' and agent_id is not null);

-- agent_mail(agent id) -> row(name text, signature text, zone text)
select name, signature, zone from agent where id = :agent;

-- render_enter() -> void
-- From here on this unit sees what a customer may see.
select set_config('role', 'docket_render', true);

-- render_leave() -> void
select set_config('role', 'none', true);

-- render_ticket(ticket id) -> row(id id, subject text)
-- Under docket_render: no row for a confidential ticket.
select id, subject from ticket where id = :ticket;

-- render_message(message id) -> text
-- Under docket_render: no row for a comment, which is not asked for either.
select body from message where id = :message and kind = 'message';

-- render_html(message id) -> text
-- Under docket_render: the same as an agent formatted it.
select html from message where id = :message and kind = 'message' and agent_id is not null;

-- render_history(ticket id, message id, readers texts, customer bool, zone text, language text, all bool) -> rows(body text, who text, at text, received bool, automatic bool)
-- Under docket_render: what was written before this message by or to somebody who reads the mail (customer: he does), the
-- newest first; all: for the canary test, whatever the role sees.
select body, coalesce(nullif(author, ''), email, '') as who,
       to_char(created_at at time zone :zone, case :language when 'en' then 'FMDD Mon YYYY "at" HH24:MI' else 'DD.MM.YYYY "um" HH24:MI' end) as at,
       agent_id is null as received, automatic is not null as automatic
  from message
 where ticket_id = :ticket and id < :message
   and (:all or kind = 'message'
        and case when agent_id is null then lower(email) = any(:readers)
                 when addressed = '{}' then :customer
                 else exists (select from unnest(addressed || copies) a where lower(a) = any(:readers)) end)
 order by id desc limit 50;

-- render_unfiltered(ticket id) -> text
-- For the canary test, in place of render_message: every word of a ticket that the role can see.
select string_agg(body, E'\n' order by id) from message where ticket_id = :ticket;

-- render_thread(ticket id, message id) -> rows(ref text, received bool)
-- Under docket_render: Message-IDs of the thread before this message, oldest first.
select ref, agent_id is null as received from message
 where ticket_id = :ticket and id < :message and ref is not null order by id;

-- render_files(message id) -> rows(name text, type text, sha256 text, cid text)
select name, type, sha256, cid from file where message_id = :message order by id;

-- message_set_ref(message id, ref text, recipients text, sent text) -> void
-- By what, to whom and as what text it left.
update message set ref = :ref, recipients = :recipients, sent = :sent where id = :message;

-- mail_queue(ticket id, message id?, account id, rule id?, sender text, recipients texts, subject text, sha256 text, ref text, automatic bool) -> id
-- The whole mail lies in the blob store already; its Message-ID leads back to the ticket.
with o as (insert into outbox (audience, ticket_id, message_id, account_id, rule_id, sender, recipients, subject, sha256, ref,
                               automatic)
           values ('customer', :ticket, :message, :account, :rule, :sender, :recipients, :subject, :sha256, :ref, :automatic)
           returning id, ticket_id, message_id, rule_id),
     r as (insert into message_reference (ref, ticket_id, own) values (:ref, :ticket, true)),
     e as (insert into event (kind, ticket_id, message_id, rule_id, after)
           select 'mail.queued', ticket_id, message_id, rule_id, jsonb_build_object('outbox', id, 'state', 'queued') from o),
     n as (select pg_notify('docket_send', ''))
select o.id from o, n;

-- mail_skipped(ticket id, message id?, rule id?, reason text) -> void
insert into event (kind, ticket_id, message_id, rule_id, after)
values ('mail.skipped', :ticket, :message, :rule, jsonb_build_object('reason', :reason));

-- inbound_list(state text, before id?, limit int) -> list
-- Originals in one state, newest first.
select i.id, i.account_id, a.name as account, i.state, i.reason, i.size, i.fetched_at, i.ticket_id, i.message_id, i.tries
  from inbound i left join account a on a.id = i.account_id
 where i.state = :state and (:before is null or i.id < :before)
 order by i.id desc
 limit :limit;

-- inbound_retry(inbound id) -> int
-- 1 = a parked original is read again.
with i as (update inbound set state = 'new', tries = 0, reason = null, insisted = true where id = :inbound and state = 'parked' returning id),
     n as (select pg_notify('docket_work', '') from i)
select count(*) from i, n;

-- outbox_list(agent id, state text, mine bool, before id?, limit int) -> list
-- Mails of visible tickets in one state, newest first. returned: what was sent, came back and has had no successor; trouble: that,
-- what failed and was not sent anew, and what has to wait; waiting: what is on its way.
select o.id, o.ticket_id, o.message_id, o.subject, array_to_string(o.recipients, ', ') as to, o.state, o.attempts,
       o.next_at, o.code, o.reply, o.created_at, o.sent_at, o.results, o.replaced, o.bounced, o.bounce_status, o.bounce_words, o.bounced_at,
       a.address as account, (select m.agent_id from message m where m.id = o.message_id) as agent_id
  from unnest(case :state when 'trouble' then '{failed,returned,deferred}' when 'waiting' then '{queued,sending,deferred}'
                          else array[:state] end) s
 cross join lateral (
	(select x.id from outbox x
	  where x.state = s and (:before is null or x.id < :before) and not (:state = 'trouble' and x.replaced)
	    and exists (select from ticket_visible(:agent) t where t.id = x.ticket_id)
	    and (not :mine or exists (select from message m where m.id = x.message_id and m.agent_id = :agent))
	  order by x.id desc limit :limit)
	union all
	(select x.id from outbox x
	  where s = 'returned' and x.bounced = 'failed' and not x.replaced and (:before is null or x.id < :before)
	    and not exists (select from outbox n where n.ticket_id = x.ticket_id and n.id > x.id and n.state = 'sent' and n.bounced is distinct from 'failed')
	    and exists (select from ticket_visible(:agent) t where t.id = x.ticket_id and t.is_open)
	    and (not :mine or exists (select from message m where m.id = x.message_id and m.agent_id = :agent))
	  order by x.id desc limit :limit)) i
  join outbox o on o.id = i.id join account a on a.id = o.account_id
 order by o.id desc
 limit :limit;

-- outbox_counts(agent id) -> object
-- How many mails of visible tickets are on their way, wait for a next try, failed, came back (as outbox_list has it); and how many
-- answers of this agent wait for their time. Counted to 1,000.
select (select count(*) from (select from outbox o where o.state in ('queued', 'sending')
                                and exists (select from ticket_visible(:agent) t where t.id = o.ticket_id) limit 1000) x) as queued,
       (select count(*) from (select from outbox o where o.state = 'deferred'
                                and exists (select from ticket_visible(:agent) t where t.id = o.ticket_id) limit 1000) x) as deferred,
       (select count(*) from (select from outbox o where o.state = 'failed' and not o.replaced
                                and exists (select from ticket_visible(:agent) t where t.id = o.ticket_id) limit 1000) x) as failed,
       (select count(*) from (select from outbox o where o.bounced = 'failed' and not o.replaced
                                and not exists (select from outbox n where n.ticket_id = o.ticket_id and n.id > o.id and n.state = 'sent' and n.bounced is distinct from 'failed')
                                and exists (select from ticket_visible(:agent) t where t.id = o.ticket_id and t.is_open) limit 1000) x) as returned,
       (select count(*) from draft d where d.agent_id = :agent and d.due_at is not null) as scheduled;

-- outbox_raw(agent id, outbox id) -> row(sha256 text, name text)
-- The bytes of a mail as it left or will leave.
select o.sha256, 'ticket-' || o.ticket_id || '-' || o.id || '.eml' as name
  from outbox o join ticket_visible(:agent) t on t.id = o.ticket_id where o.id = :outbox;

-- outbox_cancel(agent id, outbox id) -> int
-- 1 = a mail that had not begun to leave does not leave.
with o as (update outbox set state = 'cancelled'
            where id = :outbox and state in ('queued', 'deferred')
              and exists (select from ticket_visible(:agent) t where t.id = outbox.ticket_id)
           returning id, ticket_id, message_id),
     e as (insert into event (kind, ticket_id, message_id, agent_id, after)
           select 'mail.cancelled', ticket_id, message_id, :agent, jsonb_build_object('outbox', id, 'state', 'cancelled') from o)
select count(*) from o;

-- outbox_retry(agent id, outbox id) -> int
-- 1 = a mail that waits or failed is tried again at once.
with o as (update outbox set state = 'queued', next_at = now()
            where id = :outbox and state in ('deferred', 'failed') and not replaced
              and exists (select from ticket_visible(:agent) t where t.id = outbox.ticket_id)
           returning id),
     n as (select pg_notify('docket_send', '') from o)
select count(*) from o, n;
