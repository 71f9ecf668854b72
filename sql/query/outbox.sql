-- outbox_due(limit int) -> rows(id id, account_id id, sha256 text)
-- Mails that are to leave now, by account, so that one connection carries many.
select id, account_id, sha256 from outbox
 where state in ('queued', 'deferred') and next_at <= now() or state = 'sending' and lease_until < now()
 order by account_id, next_at, id limit :limit;

-- outbox_claim(outbox id, seconds int) -> row(id id, sender text, recipients text)
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
                                             where not results ? r order by n), E'\n') as recipients;

-- outbox_orphans() -> void
-- The one that sent these is known to be dead: they are due.
update outbox set lease_until = now() - interval '1 second' where state = 'sending';

-- outbox_sent(outbox id, code int, reply text, results json) -> void
with o as (update outbox set state = 'sent', code = :code, reply = :reply, sent_at = now(), lease_until = null,
                  results = results || :results
            where id = :outbox and state = 'sending' returning id, ticket_id, message_id)
insert into event (kind, ticket_id, message_id, after)
select 'mail.sent', ticket_id, message_id, jsonb_build_object('outbox', id, 'state', 'sent', 'code', :code::bigint) from o;

-- outbox_deferred(outbox id, code int, reply text, results json, unknown bool) -> void
-- Once more after 1, 2, 5, 15, 30, 60 minutes, then every hour.
with o as (update outbox set state = 'deferred', code = :code, reply = :reply, lease_until = null,
                  results = results || :results, unknown = unknown + :unknown::int,
                  next_at = now() + (array[1, 2, 5, 15, 30, 60])[least(greatest(attempts, 1), 6)] * interval '1 minute'
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
select created_at < now() - interval '5 days' as tired, unknown,
       (select string_agg(key || ': ' || (value ->> 'words'), E'\n') from jsonb_each(results)
         where (value ->> 'code')::int >= 300) as refused
  from outbox where id = :outbox;
