-- inbound_add(account id?, source text, folder text?, uidvalidity id?, uid id?, uidl text?, sha256 text, size int, partial bool) -> id
-- The row of an original that lies in the blob store; 0 = it has one already (fetched again after a crash).
-- The same bytes a second time get a row of their own that makes no message.
with a as (insert into inbound (account_id, source, folder, uidvalidity, uid, uidl, sha256, size, partial)
           values (:account, :source, :folder, :uidvalidity, :uid, :uidl, :sha256, :size, :partial)
           on conflict do nothing returning id),
     b as (insert into inbound (account_id, source, folder, uidvalidity, uid, uidl, sha256, size, partial, state, reason)
           select :account, :source, :folder, :uidvalidity, :uid, :uidl, :sha256, :size, :partial, 'duplicate',
                  'the same bytes came to this account before'
            where not exists (select from a)
           on conflict do nothing returning id),
     n as (select pg_notify('docket_work', '') from a)
select a.id from a, n union all select b.id from b;

-- inbound_known(account id, folder text, uidvalidity id, uids ids) -> rows(uid id, partial bool)
-- Which of these mails of a folder have their row.
select uid, partial from inbound
 where account_id = :account and folder = :folder and uidvalidity = :uidvalidity and uid = any(:uids);

-- inbound_known_uidl(account id, uidls texts) -> rows(uidl text, partial bool)
select uidl, partial from inbound where account_id = :account and uidl = any(:uidls);

-- inbound_todo(tried bool, limit int) -> rows(id id, account_id id, sha256 text, size int, partial bool, tries int)
-- Originals that wait, oldest first; those that were tried before only when asked for, so that they block nobody.
select id, account_id, sha256, size, partial, tries from inbound
 where state = 'new' and (tries > 0) = :tried
 order by id limit :limit;

-- inbound_one(inbound id) -> row(id id, account_id id, sha256 text, size int, partial bool, tries int)
select id, account_id, sha256, size, partial, tries from inbound where id = :inbound;

-- inbound_try(inbounds ids) -> void
-- Counted before the work, so that a process that dies of it is counted too.
update inbound set tries = tries + 1 where id = any(:inbounds) and state = 'new';

-- inbound_wait(inbounds ids) -> void
-- That was no try of theirs: the disk or the database is away. They go on as tried before, one at a time.
update inbound set tries = greatest(tries - 1, 1) where id = any(:inbounds) and state = 'new';

-- inbound_lock(inbound id) -> bool
-- It still waits and nobody else is at it: it is this unit's.
select true from inbound where id = :inbound and state = 'new' for update skip locked;

-- inbound_done(inbound id, ticket id, message id) -> void
update inbound set state = 'done', ticket_id = :ticket, message_id = :message, reason = null where id = :inbound;

-- inbound_park(inbound id, reason text) -> void
update inbound set state = 'parked', reason = :reason where id = :inbound and state = 'new';

-- inbound_trouble(inbound id, reason text) -> void
-- Why the last try failed, while it waits for the next.
update inbound set reason = :reason where id = :inbound and state = 'new';

-- inbound_state(inbound id) -> row(state text, reason text, ticket id, message id)
select state, reason, ticket_id as ticket, message_id as message from inbound where id = :inbound;

-- match_reference(refs texts, email text?) -> id
-- The ticket of the first of these Message-IDs that leads to one: an own id always, a foreign one only for
-- a sender who takes part in its ticket.
select r.ticket_id
  from unnest(:refs) with ordinality x (ref, n) join message_reference r on r.ref = x.ref
 where r.own
    or exists (select from ticket t where t.id = r.ticket_id and lower(t.from_email) = lower(:email))
    or exists (select from ticket t join customer_address a on a.customer_id = t.customer_id
                where t.id = r.ticket_id and a.email = lower(:email))
    or exists (select from message m where m.ticket_id = r.ticket_id and lower(m.email) = lower(:email))
 order by x.n, r.ticket_id desc
 limit 1;

-- match_participant(ticket id, email text?) -> id
-- The ticket, if this address takes part in it.
select t.id from ticket t
 where t.id = :ticket
   and (lower(t.from_email) = lower(:email)
        or exists (select from customer_address a where a.customer_id = t.customer_id and a.email = lower(:email))
        or exists (select from message m where m.ticket_id = t.id and lower(m.email) = lower(:email)));

-- match_ticket(ticket id) -> id
-- The ticket, if there is one of this number.
select id from ticket where id = :ticket;

-- reference_add(ref text, ticket id) -> void
-- A foreign Message-ID that leads to a ticket.
insert into message_reference (ref, ticket_id, own)
select :ref, :ticket, false
 where not exists (select from message_reference where ref = :ref and ticket_id = :ticket);

-- file_add_all(message id, files json) -> int
-- The attachments of a mail at once; how many.
with f as (insert into file (message_id, name, type, size, sha256, cid, is_inline)
           select :message, x.name, x.type, x.size, x.sha256, x.cid, x.is_inline
             from jsonb_to_recordset(:files)
                  x (name text, type text, size bigint, sha256 text, cid text, is_inline boolean)
           returning message_id),
     t as (update ticket set files = files + (select count(*) from f)
             from message m where m.id = :message and ticket.id = m.ticket_id)
select count(*) from f;

-- type_first() -> id
select id from type order by position, id limit 1;
