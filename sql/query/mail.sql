-- mail_envelope(ticket id) -> row(account id, address text, sender_name text, signature text, plus_proved bool, email text, name text, language text)
-- From which active account a ticket's mail leaves (its own, else the first that can send) and to whom: the
-- sender's address counts before the customer's. email null = nobody to write to; no row = no account can send.
select a.id as account, a.address, a.sender_name, a.signature, a.plus_proved,
       coalesce(t.from_email, (select d.email from customer_address d where d.customer_id = t.customer_id order by d.email limit 1)) as email,
       coalesce(nullif(t.from_name, ''), c.name, '') as name, coalesce(c.language, 'de') as language
  from ticket t
  left join customer c on c.id = t.customer_id
  join lateral (select * from account x where x.smtp_host is not null and x.active
                 order by x.id = t.account_id desc nulls last, x.id limit 1) a on true
 where t.id = :ticket;

-- agent_mail(agent id) -> row(name text, signature text)
select name, signature from agent where id = :agent;

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

-- render_unfiltered(ticket id) -> text
-- For the canary test, in place of render_message: every word of a ticket that the role can see.
select string_agg(body, E'\n' order by id) from message where ticket_id = :ticket;

-- render_thread(ticket id, message id) -> rows(ref text, received bool)
-- Under docket_render: Message-IDs of the thread before this message, oldest first.
select ref, agent_id is null as received from message
 where ticket_id = :ticket and id < :message and ref is not null order by id;

-- render_files(message id) -> rows(name text, type text, sha256 text)
select name, type, sha256 from file where message_id = :message order by id;

-- message_set_ref(message id, ref text, recipients text) -> void
update message set ref = :ref, recipients = :recipients where id = :message;

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

-- outbox_list(agent id, state text, before id?, limit int) -> list
-- Mails of visible tickets in one state, newest first.
select o.id, o.ticket_id, o.message_id, o.subject, array_to_string(o.recipients, ', ') as to, o.state, o.attempts,
       o.next_at, o.code, o.reply, o.created_at, o.sent_at
  from outbox o join ticket_visible(:agent) t on t.id = o.ticket_id
 where o.state = :state and (:before is null or o.id < :before)
 order by o.id desc
 limit :limit;

-- outbox_retry(agent id, outbox id) -> int
-- 1 = a mail that waits or failed is tried again at once.
with o as (update outbox set state = 'queued', next_at = now()
            where id = :outbox and state in ('deferred', 'failed')
              and exists (select from ticket_visible(:agent) t where t.id = outbox.ticket_id)
           returning id),
     n as (select pg_notify('docket_send', '') from o)
select count(*) from o, n;
