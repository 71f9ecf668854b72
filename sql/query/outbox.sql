-- outbox_accounts(orphans bool) -> rows(account id)
-- Accounts with mails that are to leave now; orphans: also those that somebody may have died over.
select distinct account_id as account from outbox
 where state in ('queued', 'deferred') and next_at <= now() or state = 'sending' and (:orphans or lease_until < now());

-- outbox_due(account id, limit int) -> rows(id id, account_id id, sha256 text)
-- Mails of an account that are to leave now.
select id, account_id, sha256 from outbox
 where account_id = :account
   and (state in ('queued', 'deferred') and next_at <= now() or state = 'sending' and lease_until < now())
 order by next_at, id limit :limit;

-- outbox_claim(outbox id, seconds int) -> row(id id, sender text, recipients text, envid text)
-- It is this process's now; recipients one per line, without those that had their answer. Queued by hand once
-- more, those who refused it are asked anew; who took it never is.
update outbox set state = 'sending', attempts = attempts + 1, lease_until = now() + :seconds * interval '1 second',
                  results = case state when 'queued' then coalesce((select jsonb_object_agg(key, value) from jsonb_each(results)
                                                                     where (value ->> 'code')::int < 300), '{}')
                            else results end,
                  unknown = case state when 'queued' then 0 else unknown end
 where id = :outbox
   and (state in ('queued', 'deferred') and next_at <= now() or state = 'sending' and lease_until < now())
returning id, sender, array_to_string(array(select r from unnest(recipients) with ordinality x (r, n)
                                             where not results ? r order by n), E'\n') as recipients,
          't' || ticket_id || '.' || coalesce(message_id, id) as envid;

-- outbox_handed(outbox id) -> void
-- Noted before the final dot: from here on until its fate is kept nobody knows whether the server has it.
update outbox set unknown = unknown + 1 where id = :outbox and state = 'sending';

-- outbox_orphans(account id) -> void
-- The one that sent these is known to be dead: they are due.
update outbox set lease_until = now() - interval '1 second' where account_id = :account and state = 'sending';

-- outbox_hopeless(account id, most int, reply text) -> void
-- Handed over so often without anybody knowing its fate: it does not go once more.
with o as (update outbox set state = 'failed', reply = :reply, lease_until = null
            where account_id = :account and state = 'sending' and lease_until < now() and unknown >= :most
           returning id, ticket_id, message_id)
insert into event (kind, ticket_id, message_id, after)
select 'mail.failed', ticket_id, message_id, jsonb_build_object('outbox', id, 'state', 'failed') from o;

-- outbox_sent(outbox id, code int, reply text, results json) -> void
with o as (update outbox set state = 'sent', code = :code, reply = :reply, sent_at = now(), lease_until = null,
                  results = results || :results
            where id = :outbox and state = 'sending' returning id, ticket_id, message_id)
insert into event (kind, ticket_id, message_id, after)
select 'mail.sent', ticket_id, message_id, jsonb_build_object('outbox', id, 'state', 'sent', 'code', :code::bigint) from o;

-- outbox_deferred(outbox id, code int, reply text, results json, sure bool) -> void
-- Once more after 1, 2, 5, 15, 30, 60 minutes, then every hour, the last time five days after it was queued. Sure: it was
-- handed over, and the server does not have it.
with o as (update outbox set state = 'deferred', code = :code, reply = :reply, lease_until = null,
                  results = results || :results, unknown = greatest(0, unknown - :sure::int),
                  next_at = least(now() + (array[1, 2, 5, 15, 30, 60])[least(greatest(attempts, 1), 6)] * interval '1 minute',
                                  greatest(created_at + interval '5 days', now() + interval '1 minute'))
            where id = :outbox and state = 'sending' returning id, ticket_id, message_id)
insert into event (kind, ticket_id, message_id, after)
select 'mail.deferred', ticket_id, message_id, jsonb_build_object('outbox', id, 'state', 'deferred', 'code', :code::bigint) from o;

-- outbox_failed(outbox id, code int, reply text, results json) -> void
with o as (update outbox set state = 'failed', code = :code, reply = :reply, lease_until = null,
                  results = results || :results
            where id = :outbox and state = 'sending' returning id, ticket_id, message_id)
insert into event (kind, ticket_id, message_id, after)
select 'mail.failed', ticket_id, message_id, jsonb_build_object('outbox', id, 'state', 'failed', 'code', :code::bigint) from o;

-- outbox_patience(outbox id) -> row(tired bool, unknown int, refused text)
-- Has it been tried for five days; how often its fate was unknown; who refused it before, one per line.
select created_at <= now() - interval '5 days' as tired, unknown,
       (select string_agg(key || ': ' || (value ->> 'words'), E'\n') from jsonb_each(results)
         where (value ->> 'code')::int >= 300) as refused
  from outbox where id = :outbox;

-- message_failed(ticket id, message id) -> int
-- How many mails of a message of this ticket failed or came back and were not sent anew.
select count(*) from outbox
 where ticket_id = :ticket and message_id = :message and (state = 'failed' or bounced = 'failed') and not replaced;

-- outbox_replaced(message id) -> void
-- Its mails that failed or came back were sent anew with another message.
update outbox set replaced = true where message_id = :message and (state = 'failed' or bounced = 'failed');
