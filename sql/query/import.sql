-- import_create(account id, agent id?, since text?, folders texts, status id?, begins bool) -> id
-- What lay in a mailbox since a day is to be brought over (null: none of it, live mail begins now); its tickets come
-- closed unless a status is given. An account that was never fetched begins behind it. 0 = it is no IMAP account.
with a as (update account set due_at = now() where id = :account and kind = 'imap' returning id, type_id, status_id, last_ok_at)
insert into mail_import (account_id, agent_id, since, folders, type_id, status_id, begins)
select a.id, :agent, :since::date, coalesce(:folders, '{}'), a.type_id,
       coalesce(:status, (select s.id from status s where s.type_id = a.type_id and s.category in ('done', 'shut')
                           order by s.position, s.id limit 1), a.status_id),
       :begins or (a.last_ok_at is null and not exists (select from inbound i where i.account_id = a.id))
  from a
returning id;

-- import_cancel(account id) -> id
-- Nothing more is fetched of it; what was brought over stays. 0 = none is under way.
with i as (update mail_import set state = 'cancelled', ended_at = now()
            where account_id = :account and state in ('new', 'running') returning id),
     x as (delete from mail_import_item where import_id in (select id from i))
select id from i;

-- import_shown(account id) -> row(id id, since text, state text, total int, done int, brought int, eta int, error text)
-- How far the last import of an account is.
select (i.import ->> 'id')::bigint as id, coalesce(i.import ->> 'since', '') as since, i.import ->> 'state' as state,
       coalesce((i.import ->> 'total')::bigint, 0) as total, coalesce((i.import ->> 'done')::bigint, 0) as done,
       coalesce((i.import ->> 'brought')::bigint, 0) as brought, coalesce((i.import ->> 'eta')::bigint, 0) as eta,
       coalesce(i.import ->> 'error', '') as error
  from account_shown i where i.id = :account and i.import is not null;

-- import_listing(account id) -> row(id id, since text, begins bool, folders text)
-- An import whose mails are still to be listed; one that decides where live mail begins at any time.
select id, to_char(since, 'YYYY-MM-DD') as since, begins, array_to_string(folders, E'\n') as folders
  from mail_import where account_id = :account and state = 'new' and (begins or due_at <= now());

-- import_clear(import id) -> id
-- Before it is listed (again); locks it. 0 = it was cancelled meanwhile.
with i as (select id from mail_import where id = :import and state = 'new' for update),
     x as (delete from mail_import_item where import_id in (select id from i))
select id from i;

-- import_items_add(import id, account id, folder text, uidvalidity id, uids ids, ats ids, sizes ids) -> void
-- Mails of a folder with their microseconds and bytes, but for those that are here or that live fetching comes to.
insert into mail_import_item (import_id, folder, uidvalidity, uid, at, size)
select :import, :folder, :uidvalidity, x.uid, to_timestamp(x.at / 1000000.0), x.size
  from unnest(:uids, :ats, :sizes) x (uid, at, size)
 where not exists (select from inbound i where i.account_id = :account and i.folder = :folder
                      and i.uidvalidity = :uidvalidity and i.uid = x.uid)
   and not exists (select from account_folder f where f.account_id = :account and f.name = :folder
                      and f.uidvalidity = :uidvalidity and x.uid > f.last_uid)
on conflict do nothing;

-- import_listed(import id) -> void
-- All of it is known; an account that begins with it begins now.
with i as (update mail_import
              set total = (select count(*) from mail_import_item where import_id = :import), started_at = now(),
                  failures = 0, due_at = now(), error = null, error_code = null,
                  state = case when exists (select from mail_import_item where import_id = :import) then 'running' else 'done' end,
                  ended_at = case when exists (select from mail_import_item where import_id = :import) then null else now() end,
                  brought = 0
            where id = :import returning account_id, begins)
update account set begins_at = now() from i where account.id = i.account_id and i.begins;

-- import_due(limit int) -> rows(id id)
-- Imports that are to be gone on with.
select i.id from mail_import i join account a on a.id = i.account_id
 where i.state = 'running' and i.due_at <= now() and a.active
 order by i.due_at, i.id limit :limit;

-- import_account(import id) -> id
-- Whose it is; 0 = it is not under way.
select account_id from mail_import where id = :import and state = 'running';

-- import_hold(import id) -> bool
-- In the transaction of the work: it was not cancelled, and is not until that ends.
select true from mail_import where id = :import and state = 'running' for share;

-- import_next(import id, limit int) -> rows(folder text, uidvalidity id, uid id, size int, at time, tries int)
-- What is to be fetched, oldest first; what broke the connection comes last.
select folder, uidvalidity, uid, size, at, tries from mail_import_item
 where import_id = :import
 order by tries, at, folder, uid limit :limit;

-- import_items_done(import id, folders texts, validities ids, uids ids) -> void
delete from mail_import_item i using unnest(:folders, :validities, :uids) x (folder, uidvalidity, uid)
 where i.import_id = :import and i.folder = x.folder and i.uidvalidity = x.uidvalidity and i.uid = x.uid;

-- import_item_later(import id, folder text, uidvalidity id, uid id) -> void
-- It broke the connection: everything else comes before it.
update mail_import_item set tries = tries + 1
 where import_id = :import and folder = :folder and uidvalidity = :uidvalidity and uid = :uid;

-- import_waiting(import id) -> int
-- How many of its originals docket work has still to read.
select count(*) from inbound where import_id = :import and state = 'new';

-- import_failed(import id, code text, error text, moved_on bool) -> void
-- Next try after 5 s, doubling to 15 minutes; from 5 s on again when at least something came.
update mail_import
   set due_at = now() + least(interval '15 minutes', interval '5 seconds'
                              * power(2, case when :moved_on then 0 else least(failures, 10) end)),
       failures = case when :moved_on then 1 else failures + 1 end, error = :error, error_code = :code
 where id = :import and state in ('new', 'running');

-- import_relist(import id) -> void
-- The server has numbered a folder anew: what is left is listed again. Live mail goes on as it is.
update mail_import set state = 'new', begins = false, due_at = now() where id = :import and state = 'running';

-- import_finish(import id) -> id
-- Done when nothing is left to fetch or to read; 0 = something is.
update mail_import
   set state = 'done', ended_at = now(), error = null, error_code = null,
       brought = (select count(*) from inbound where import_id = :import and state = 'done')
 where id = :import and state = 'running'
   and not exists (select from mail_import_item where import_id = :import)
   and not exists (select from inbound where import_id = :import and state = 'new')
returning id;

-- import_how(import id) -> row(type id, status id, owner id, owner_role id)
-- As what its tickets come.
select i.type_id as type, i.status_id as status, a.owner_id as owner, a.owner_role_id as owner_role
  from mail_import i join account a on a.id = i.account_id where i.id = :import;

-- import_ticket(subject text, type id, status id, account id?, stranger text?, name text, email text?, at time) -> id
-- A ticket of the past, of whose address stranger is; nothing happened that anybody is told of.
with a as (select customer_id from customer_address where email = lower(:stranger)),
     c as (insert into customer (name, created_at) select :name, :at where :stranger is not null and not exists (select from a) returning id),
     i as (insert into customer_address (email, customer_id) select lower(:stranger), id from c)
insert into ticket (subject, type_id, status_id, is_open, source, account_id, customer_id, from_name, from_email,
                    created_at, updated_at, closed_at)
select :subject, :type, s.id, s.category not in ('done', 'shut'), 'import', :account,
       coalesce((select customer_id from a), (select id from c)), :name, :email, :at, :at,
       case when s.category in ('done', 'shut') then :at end
  from status s where s.id = :status
returning id;

-- import_owner(ticket id, agent id, role id) -> void
insert into owner (ticket_id, agent_id, role_id) values (:ticket, :agent, :role);

-- import_message(ticket id, at time, author text, email text?, recipients text, subject text?, body text, folded text?, html text?, automatic text?, ref text?, inbound id, evidence text, trust text, trust_reason text?, warnings texts, language text?) -> id
-- A message of the past: its id lies below 10^9 in order of its date (a number for each four seconds since 1990, the next
-- that is free), so that it stands where it belongs. Nothing is an event, nobody has to read it.
with recursive slot (n, size, top) as (
	select s.n, 1::bigint, (select m.id from message m where m.id = s.n)
	  from (select least(greatest(extract(epoch from :at)::bigint - 631152000, 4) / 4, 990000000) as n) s
	union all
	select w.n, w.size * 8, (select max(m.id) from message m where m.id >= w.n and m.id < w.n + w.size * 8)
	  from slot w where w.top = w.n + w.size - 1
),
f as (insert into message_reference (ref, ticket_id, own)
      select :ref, :ticket, false
       where :ref is not null and not exists (select from message_reference where ref = :ref and ticket_id = :ticket)),
m as (insert into message (id, ticket_id, kind, author, email, recipients, subject, body, folded, html, source, automatic, ref,
                           inbound_id, created_at, evidence, trust, trust_reason, warnings, language)
      select (select coalesce(top + 1, n) from slot order by size desc limit 1), :ticket, 'message', :author, :email,
             :recipients, :subject, :body, :folded, :html, 'mail', :automatic, :ref, :inbound, :at, :evidence, :trust,
             :trust_reason, coalesce(:warnings, '{}'), :language
      returning id, ticket_id, created_at, body, trust),
t as (update ticket
         set messages = messages + 1, last_message_id = greatest(last_message_id, m.id),
             last_kind = case when last_message_id > m.id then last_kind else 'message' end,
             snippet = case when last_message_id > m.id then snippet
                            else left(regexp_replace(left(m.body, 1000), '(\s|\[cid:[^]\s]*\])+', ' ', 'g'), 200) end,
             trust = case when last_message_id > m.id then ticket.trust else m.trust end,
             created_at = case when source = 'import' then least(ticket.created_at, m.created_at) else ticket.created_at end,
             updated_at = greatest(updated_at, m.created_at),
             closed_at = case when not is_open then greatest(closed_at, m.created_at) end
        from m where ticket.id = m.ticket_id
      returning customer_id),
c as (update customer set created_at = :at from t where customer.id = t.customer_id and customer.created_at > :at)
select id from m;

-- import_known(ref text?, email text?, body text, folded text?, files json) -> row(ticket id, message id)
-- The message that an imported mail is already: same Message-ID, sender, words and files.
select m.ticket_id as ticket, m.id as message
  from message m
 where m.ref = :ref and m.email is not distinct from :email
   and regexp_replace(m.body || coalesce(m.folded, ''), '\s', '', 'g')
       = regexp_replace(:body || coalesce(:folded, ''), '\s', '', 'g')
   and (select coalesce(array_agg(f.sha256 order by f.sha256), '{}') from file f where f.message_id = m.id)
       = (select coalesce(array_agg(x.sha256 order by x.sha256), '{}') from jsonb_to_recordset(:files) x (sha256 text))
 order by m.id limit 1;

-- import_twin(inbound id, ticket id, message id) -> void
update inbound set state = 'duplicate', ticket_id = :ticket, message_id = :message,
       reason = 'the same mail was here before'
 where id = :inbound;
