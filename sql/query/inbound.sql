-- inbound_add(account id?, source text, folder text?, uidvalidity id?, uid id?, uidl text?, sha256 text, size int, partial bool, import id?, dated time?) -> id
-- The row of an original that lies in the blob store; 0 = it has one already (fetched again after a crash).
-- The same bytes a second time get a row of their own that makes no message.
with a as (insert into inbound (account_id, source, folder, uidvalidity, uid, uidl, sha256, size, partial, import_id, dated_at)
           values (:account, :source, :folder, :uidvalidity, :uid, :uidl, :sha256, :size, :partial, :import, :dated)
           on conflict do nothing returning id),
     b as (insert into inbound (account_id, source, folder, uidvalidity, uid, uidl, sha256, size, partial, import_id, dated_at, state, reason)
           select :account, :source, :folder, :uidvalidity, :uid, :uidl, :sha256, :size, :partial, :import, :dated, 'duplicate',
                  'the same bytes came to this account before'
            where not exists (select from a)
           on conflict do nothing returning id),
     n as (select pg_notify('docket_work', '') from a)
select a.id from a, n union all select b.id from b;

-- inbound_set_aside(account id, folder text?, uidvalidity id?, uid id?, uidl text?, sha256 text, size int, reason text, import id?, dated time?) -> id
-- A mail that the server does not give out: a note stands for it, and an administrator is asked.
insert into inbound (account_id, folder, uidvalidity, uid, uidl, sha256, size, partial, state, reason, import_id, dated_at)
values (:account, :folder, :uidvalidity, :uid, :uidl, :sha256, :size, true, 'parked', :reason, :import, :dated)
on conflict do nothing returning id;

-- inbound_known(account id, folder text, uidvalidity id, uids ids) -> rows(uid id, partial bool)
-- Which of these mails of a folder have their row.
select uid, partial from inbound
 where account_id = :account and folder = :folder and uidvalidity = :uidvalidity and uid = any(:uids);

-- inbound_known_uidl(account id, uidls texts) -> rows(uidl text, partial bool)
select uidl, partial from inbound where account_id = :account and uidl = any(:uidls);

-- inbound_todo(tried bool, limit int) -> rows(id id, account_id id, sha256 text, size int, partial bool, tries int, insisted bool, import id, dated time)
-- Originals that wait, oldest first; those that were tried before only when asked for, so that they block nobody.
select id, account_id, sha256, size, partial, tries, insisted, import_id as import, dated_at as dated from inbound
 where state = 'new' and import_id is null and (tries > 0) = :tried
 order by id limit :limit;

-- inbound_todo_old(tried bool, limit int) -> rows(id id, account_id id, sha256 text, size int, partial bool, tries int, insisted bool, import id, dated time)
-- The same of what is brought over; it comes when nothing new waits.
select id, account_id, sha256, size, partial, tries, insisted, import_id as import, dated_at as dated from inbound
 where state = 'new' and import_id is not null and (tries > 0) = :tried
 order by import_id, id limit :limit;

-- inbound_one(inbound id) -> row(id id, account_id id, sha256 text, size int, partial bool, tries int, insisted bool, import id, dated time)
select id, account_id, sha256, size, partial, tries, insisted, import_id as import, dated_at as dated from inbound where id = :inbound;

-- inbound_try(inbounds ids) -> void
-- Counted before the work, so that a process that dies of it is counted too.
update inbound set tries = tries + 1 where id = any(:inbounds) and state = 'new';

-- inbound_wait(inbounds ids) -> void
-- That was no try of theirs: the disk or the database is away. They go on as tried before, one at a time.
update inbound set tries = greatest(tries - 1, 1) where id = any(:inbounds) and state = 'new';

-- inbound_lock(inbounds ids, refs texts) -> rows(id id)
-- Those of them that still wait and nobody else is at: they are this unit's. refs: their Message-IDs or ''; mails with one
-- Message-ID are dealt with one after the other, and all locks are taken in one order, before any ticket's.
with i as (select i.id, coalesce(nullif(x.ref, ''), 'inbound ' || i.id) as ref
             from unnest(:inbounds, :refs) x (id, ref) join inbound i on i.id = x.id
            where i.state = 'new' order by i.id for update of i skip locked),
     o as materialized (select id, hashtextextended(ref, 0) as key from i order by key),
     l as materialized (select id, pg_advisory_xact_lock(key) from o)
select id from l order by id;

-- inbound_done(inbounds ids, tickets ids, messages ids) -> void
-- What became of each, 0 = nothing that is kept (a mail of a trial); a ticket is trusted as its last mail is.
with i as (update inbound set state = 'done', ticket_id = nullif(x.ticket, 0), message_id = nullif(x.message, 0), reason = null
             from unnest(:inbounds, :tickets, :messages) x (id, ticket, message) where inbound.id = x.id)
update ticket set trust = m.trust
  from (select distinct on (ticket_id) ticket_id, id, trust from message where id = any(:messages) order by ticket_id, id desc) m
 where ticket.id = m.ticket_id and (m.id >= 1000000000 or ticket.last_message_id = m.id);

-- inbound_park(inbound id, reason text) -> void
update inbound set state = 'parked', reason = :reason where id = :inbound and state = 'new';

-- inbound_trouble(inbound id, reason text) -> void
-- Why the last try failed, while it waits for the next.
update inbound set reason = :reason where id = :inbound and state = 'new';

-- inbound_state(inbound id) -> row(state text, reason text, ticket id, message id)
select state, reason, ticket_id as ticket, message_id as message from inbound where id = :inbound;

-- inbound_twin(inbound id, ticket id, message id) -> void
-- The same mail came to two accounts: this original has no message of its own, its ticket tells of it.
with i as (update inbound set state = 'duplicate', ticket_id = :ticket, message_id = :message,
                  reason = 'the same mail came to another account before'
            where id = :inbound returning account_id)
insert into event (kind, ticket_id, message_id, after)
select 'message.twin', :ticket, :message, jsonb_build_object('account', account_id) from i;

-- match_twin(account id?, ref text?, email text?, body text, folded text?, files json) -> rows(ticket id, message id)
-- The message that this mail is already: same Message-ID, sender, words and files, come to another account of ours.
select m.ticket_id as ticket, m.id as message
  from message m join inbound i on i.id = m.inbound_id
 where m.ref = :ref and i.account_id is distinct from :account and m.email is not distinct from :email
   and m.created_at > now() - interval '7 days'
   and regexp_replace(m.body || coalesce(m.folded, ''), '\s', '', 'g')
       = regexp_replace(:body || coalesce(:folded, ''), '\s', '', 'g')
   and (select coalesce(array_agg(f.sha256 order by f.sha256), '{}') from file f where f.message_id = m.id)
       = (select coalesce(array_agg(x.sha256 order by x.sha256), '{}') from jsonb_to_recordset(:files) x (sha256 text))
 order by m.id limit 1;

-- match_own(refs texts) -> id
-- The ticket of the first of these Message-IDs that we made.
select r.ticket_id
  from unnest(:refs) with ordinality x (ref, n) join message_reference r on r.ref = x.ref
 where r.own
 order by x.n, r.ticket_id desc
 limit 1;

-- match_foreign(refs texts, email text?) -> id
-- The ticket of the first of these Message-IDs that others made: only for a sender who takes part in it.
select r.ticket_id
  from unnest(:refs) with ordinality x (ref, n) join message_reference r on r.ref = x.ref
 where exists (select from ticket t where t.id = r.ticket_id and lower(t.from_email) = lower(:email))
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

-- match_live(ticket id) -> row(ticket id, late bool)
-- The ticket, or the one that follows it; late: closed longer ago than its type opens tickets again. No row = there is none.
with recursive chain as (
	select id, 1 as n from ticket where id = :ticket
	union all
	select f.id, c.n + 1
	  from chain c join ticket t on t.id = c.id and not t.is_open
	  cross join lateral (select x.id from ticket x where x.follows = t.id order by x.id desc limit 1) f
	 where c.n < 50
)
select t.id as ticket,
       coalesce(not t.is_open and t.closed_at < now() - y.reopen_days * interval '1 day', false) as late
  from chain c join ticket t on t.id = c.id join type y on y.id = t.type_id
 order by c.n desc limit 1;

-- match_maybe(refs texts, ticket id?, email text?, subject text) -> rows(id id)
-- Tickets that a mail names without proof, or that its sender wrote about under this subject in the last 60 days.
select id from (
	select r.ticket_id as id from message_reference r where r.ref = any(:refs)
	union
	select t.id from ticket t where t.id = :ticket
	union
	(select t.id
	   from ticket t join customer_address a on a.customer_id = t.customer_id
	  where a.email = lower(:email) and t.updated_at > now() - interval '60 days'
	    and :subject ~* '^\s*(re|aw|antw|sv|vs|odp|rif|res)\s*:'
	    and regexp_replace(lower(t.subject), '^(\s*(re|aw|antw|fwd?|wg|sv|vs|odp|rif|res)\s*:)+\s*', '')
	        = regexp_replace(lower(:subject), '^(\s*(re|aw|antw|fwd?|wg|sv|vs|odp|rif|res)\s*:)+\s*', '')
	  order by t.updated_at desc limit 3)
) x order by id desc limit 5;

-- match_agent(ticket id, email text) -> id
-- The one agent whose address this is, who may write and see this ticket.
select min(w.id) from agent_writer w
 where w.email = lower(:email) and exists (select from ticket_visible(w.id) t where t.id = :ticket)
having count(*) = 1;

-- intake_look(account id?, email text?) -> rows(authserv_id text, type id, status id, owner id, owner_role id, reports text, closed id, recent int, bounces int)
-- What is to be known of an account and a sender: what becomes of the account's mails, how many the sender wrote within
-- ten minutes (11 = that or more).
select a.authserv_id, coalesce(a.type_id, (select id from type order by position, id limit 1)) as type,
       a.status_id as status, a.owner_id as owner, a.owner_role_id as owner_role, coalesce(a.reports, 'ticket') as reports,
       (select s.id from status s where s.type_id = a.type_id and s.category in ('done', 'shut') order by s.position, s.id limit 1) as closed,
       (select count(*) from (select from message m where lower(m.email) = lower(:email) and m.inbound_id is not null
                                 and m.created_at > now() - interval '10 minutes' limit 11) x) as recent,
       coalesce((select bounces from customer_address where email = lower(:email)), 0) as bounces
  from (values (1)) one left join account a on a.id = :account;

-- intake_domains() -> rows(domain text)
-- The shop's own.
select distinct lower(split_part(address, '@', 2)) as domain from account order by 1 limit 100;

-- intake_earlier(ticket id) -> rows(body text)
-- What shop and customer wrote, as it left the house, the newest first.
select coalesce(sent, body) as body from message where ticket_id = :ticket and kind = 'message' order by id desc limit 10;

-- intake_follow(ticket id, old id) -> void
with t as (update ticket set follows = :old where id = :ticket returning id),
     e as (insert into event (kind, ticket_id, before) select 'ticket.follows', id, jsonb_build_object('ticket', :old) from t)
insert into event (kind, ticket_id, after) select 'ticket.followed', :old, jsonb_build_object('ticket', id) from t;

-- intake_hold(ticket id) -> int
-- 1 = it was not held before.
with t as (update ticket set held = true where id = :ticket and not held returning id),
     e as (insert into event (kind, ticket_id) select 'ticket.held', id from t)
select count(*) from t;

-- address_alive(email text) -> void
-- Somebody wrote from there.
update customer_address set bounces = 0, bounced_at = null, bounce_status = null where email = lower(:email) and bounces > 0;

-- reference_expect(refs texts, ticket id, account id, old bool) -> void
-- What a new ticket answers may still come, while older mail is being brought over (old: the mail itself is such).
insert into message_reference (ref, ticket_id, own)
select distinct x.ref, :ticket, false from unnest(:refs) x (ref)
 where (:old or exists (select from mail_import i where i.account_id = :account and i.state in ('new', 'running')))
   and not exists (select from message_reference r where r.ref = x.ref);

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
