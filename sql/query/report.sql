-- report_mail(ref text?, ticket id, recipient text?) -> row(id id, ticket_id id, to text)
-- The mail that a report speaks of: by its Message-ID, else the ticket's newest that was sent to this recipient.
-- to: the one of its recipients that is meant; null = it does not say.
select o.id, o.ticket_id,
       (select r from unnest(o.recipients) r
         where lower(r) = lower(:recipient) or cardinality(o.recipients) = 1 limit 1) as to
  from outbox o
 where o.ticket_id = :ticket and o.audience = 'customer' and o.state = 'sent'
   and (o.ref = :ref or :ref is null and exists (select from unnest(o.recipients) r where lower(r) = lower(:recipient)))
 order by o.id desc limit 1;

-- report_bounced(outbox id, state text, status text?, words text?) -> int
-- 1 = it is news: what came back for good stays so.
with o as (update outbox set bounced = :state, bounce_status = :status, bounce_words = :words, bounced_at = now()
            where id = :outbox and bounced is distinct from 'failed' and (bounced is distinct from :state or bounce_status is distinct from :status)
           returning id, ticket_id, message_id),
     e as (insert into event (kind, ticket_id, message_id, after)
           select 'mail.bounced', ticket_id, message_id,
                  jsonb_strip_nulls(jsonb_build_object('outbox', id, 'state', :state, 'status', :status)) from o)
select count(*) from o;

-- report_address(email text, status text?) -> void
-- Nobody is there: the next mail to it is warned of.
update customer_address set bounces = bounces + 1, bounced_at = now(), bounce_status = :status where email = lower(:email);

-- report_complaint(outbox id, email text) -> int
-- 1 = it is news: this recipient's provider reported a mail of ours as spam.
with a as (update customer_address set complained_at = now()
            where email = lower(:email) and complained_at is null returning email),
     o as (select o.id, o.ticket_id, o.message_id from outbox o, a where o.id = :outbox),
     e as (insert into event (kind, ticket_id, message_id, after)
           select 'mail.complained', ticket_id, message_id, jsonb_build_object('outbox', id) from o)
select count(*) from o;
