-- account_due(limit int) -> rows(id id, name text)
-- Accounts whose mail is to be fetched now, the longest waiting first.
select id, name from account
 where active and kind in ('imap', 'pop3') and due_at <= now()
 order by due_at, id limit :limit;

-- account_named(name text) -> row(id id, name text)
-- By its name or its address.
select id, name from account where name = :name or lower(address) = lower(:name) order by name <> :name, id limit 1;

-- account_of_pipe() -> id
-- The account of a mail that comes without one: the first pipe, else the first account.
select id from account where active order by kind <> 'pipe', id limit 1;

-- account_is_own(email text) -> bool
-- Is this one of our own addresses?
select exists (select from account where lower(address) = lower(:email));

-- account_fetch(account id) -> row(id id, name text, kind text, host text, port int, security text, login text, auth text, box bytes, pin text, mailbox int, after text, after_folder text, begins time)
-- How to fetch its mail.
select a.id, a.name, a.kind, a.host, a.port, a.security, a.login, a.auth, s.box, a.pin, a.mailbox, a.after, a.after_folder, a.begins_at as begins
  from account a left join secret s on s.id = a.secret_id
 where a.id = :account;

-- account_folders(account id) -> rows(name text)
select name from account_folder where account_id = :account
union all
select 'INBOX' where not exists (select from account_folder where account_id = :account)
order by 1;

-- account_well(account id) -> void
update account set due_at = now() + every, failures = 0, last_ok_at = now(), last_error = null, error_code = null
 where id = :account;

-- account_failed(account id, code text, error text, moved_on bool) -> void
-- Next try after 5 s, doubling to 15 minutes; from 5 s on again when at least something could be fetched.
update account
   set due_at = now() + least(interval '15 minutes', interval '5 seconds'
                              * power(2, case when :moved_on then 0 else least(failures, 10) end)),
       failures = case when :moved_on then 1 else failures + 1 end, last_error = :error, error_code = :code
 where id = :account;

-- folder_begin(account id, folder text, uidvalidity id) -> id
-- The last UID done in a folder; 0 when the server numbered it anew.
insert into account_folder (account_id, name, uidvalidity) values (:account, :folder, :uidvalidity)
on conflict (account_id, name) do update
   set uidvalidity = excluded.uidvalidity,
       last_uid = case when account_folder.uidvalidity = excluded.uidvalidity then account_folder.last_uid else 0 end
returning last_uid;

-- folder_done(account id, folder text, uidvalidity id, uid id) -> void
-- Everything up to this UID is stored here and dealt with there.
update account_folder set last_uid = greatest(last_uid, :uid)
 where account_id = :account and name = :folder and uidvalidity = :uidvalidity;

-- account_smtp(account id) -> row(name text, address text, host text, port int, security text, login text, auth text, box bytes, pin text)
-- How its mail leaves.
select a.name, a.address, a.smtp_host as host, a.smtp_port as port, a.smtp_security as security,
       a.smtp_login as login, a.smtp_auth as auth, s.box, a.smtp_pin as pin
  from account a left join secret s on s.id = a.smtp_secret_id
 where a.id = :account;

-- account_report() -> list
select id, name, address, active, kind, host, port, security, login, auth, after, after_folder, smtp_host, smtp_port,
       smtp_security, smtp_login, smtp_auth, reply_to, authserv_id, plus_proved, due_at, failures, last_ok_at, last_error,
       error_code
  from account order by name;

-- account_settings_list() -> list
-- Accounts with everything that can be set and how they are; never a password.
select * from account_shown order by name, id;

-- account_settings(account id) -> object
-- One of them.
select * from account_shown where id = :account;

-- account_create(draft json) -> id
-- A new account from what was given, the rest as usual.
insert into account (name, address, kind, host, port, security, login, secret_id, auth, after, after_folder, type_id,
                     status_id, owner_id, owner_role_id, sender_name, reply_to, signature, smtp_host, smtp_port,
                     smtp_security, smtp_login, smtp_secret_id, smtp_auth, authserv_id, active, every, pin, smtp_pin, reports)
select d.name, d.address, d.kind, d.host, d.port, d.security, d.login, d.secret_id, d.auth, d.after, d.after_folder, d.type_id,
       d.status_id, d.owner_id, d.owner_role_id, d.sender_name, d.reply_to, d.signature, d.smtp_host, d.smtp_port,
       d.smtp_security, d.smtp_login, d.smtp_secret_id, d.smtp_auth, d.authserv_id, d.active, d.every, d.pin, d.smtp_pin, d.reports
  from jsonb_populate_record(null::account, jsonb_build_object('security', 'tls', 'auth', 'password', 'after', 'keep',
         'sender_name', '', 'signature', '', 'smtp_security', 'tls', 'smtp_auth', 'password', 'active', true,
         'every', '60 seconds', 'reports', 'ticket') || :draft) d
returning id;

-- account_change(account id, draft json, keep bool) -> id
-- What is given becomes so; it is fetched at once. Unless the shell says to keep it, a password goes when its server
-- changes, and so do the certificate that was trusted there and the tokens. Another server or login is another mailbox.
-- Another address has to prove plus-addresses anew. 0 = there is none.
with was as (select id, host, smtp_host from account where id = :account),
     a as (
update account a
   set (name, address, kind, host, port, security, login, secret_id, auth, after, after_folder, type_id, status_id, owner_id,
        owner_role_id, sender_name, reply_to, signature, smtp_host, smtp_port, smtp_security, smtp_login, smtp_secret_id,
        smtp_auth, authserv_id, active, every, pin, smtp_pin, reports, mailbox, plus_proved, due_at, failures) =
       (select d.name, d.address, d.kind, d.host, d.port, d.security, d.login,
               case when :keep or d.secret_id is distinct from a.secret_id or d.host is not distinct from a.host then d.secret_id end,
               d.auth, d.after, d.after_folder,
               d.type_id, d.status_id, d.owner_id, d.owner_role_id, d.sender_name, d.reply_to, d.signature, d.smtp_host,
               d.smtp_port, d.smtp_security, d.smtp_login,
               case when :keep or d.smtp_secret_id is distinct from a.smtp_secret_id or d.smtp_host is not distinct from a.smtp_host then d.smtp_secret_id end, d.smtp_auth, d.authserv_id, d.active, d.every,
               case when d.pin is distinct from a.pin or d.host is not distinct from a.host then d.pin end,
               case when d.smtp_pin is distinct from a.smtp_pin or d.smtp_host is not distinct from a.smtp_host then d.smtp_pin end, d.reports,
               a.mailbox + ((d.kind, lower(d.host), d.login) is distinct from (a.kind, lower(a.host), a.login))::int,
               a.plus_proved and d.address = a.address and d.host is not distinct from a.host, now(), 0
          from jsonb_populate_record(a, :draft) d)
 where a.id = :account
returning a.id, a.host, a.smtp_host),
     moved as (select a.id from a join was on was.id = a.id
                where not :keep and (a.host is distinct from was.host or a.smtp_host is distinct from was.smtp_host)),
     signed as (update oauth o set access_secret_id = null, refresh_secret_id = null, expires_at = null, state = 'new'
                  from moved where o.account_id = moved.id and o.flow = 'consent'),
     client as (delete from oauth o using moved where o.account_id = moved.id and o.flow = 'client')
select id from a;

-- account_moves_in_circles(account id) -> bool
-- Is mail moved into a folder that it is fetched from? INBOX is one name in any case (RFC 3501, 5.1).
select exists (
	select from account a left join account_folder f on f.account_id = a.id
	 where a.id = :account and a.after = 'move'
	   and case when upper(a.after_folder) = 'INBOX' then 'INBOX' else a.after_folder end
	       = case when upper(coalesce(f.name, 'INBOX')) = 'INBOX' then 'INBOX' else f.name end);

-- account_there(account id) -> bool
select exists (select from account where id = :account);

-- secret_sweep() -> void
-- Sealed words that nothing names any more go.
select secret_sweep();

-- account_folders_keep(account id, names texts) -> void
-- Folders that are not among these are fetched no more; how far the others were read stays.
delete from account_folder where account_id = :account and name <> all (:names);

-- account_folder_add(account id, name text) -> void
insert into account_folder (account_id, name) values (:account, :name) on conflict do nothing;

-- account_type(account id) -> id
select type_id from account where id = :account;

-- type_named(name text) -> id
-- By its German or English name.
select id from type where name ->> 'de' = :name or name ->> 'en' = :name order by position, id limit 1;

-- status_named(type id, name text) -> id
select id from status where type_id = :type and (name ->> 'de' = :name or name ->> 'en' = :name)
 order by position, id limit 1;

-- agent_named(name text) -> id
-- By login or name.
select id from agent where login = :name or name = :name order by login <> :name, id limit 1;

-- role_named(name text) -> id
select id from role where name ->> 'de' = :name or name ->> 'en' = :name order by position, id limit 1;

-- secret_add(kind text, box bytes) -> id
insert into secret (kind, box) values (:kind, :box) returning id;

-- lease_holder(name text) -> text
-- Who has or had it last; locked until the unit ends.
select holder from lease where name = :name for update;

-- lease_take(name text, holder text, before text?, seconds int) -> bool
-- A lease that nobody had, whose time is over, or whose last holder is the one named: dead, or oneself.
insert into lease (name, holder, until) values (:name, :holder, now() + :seconds * interval '1 second')
on conflict (name) do update set holder = excluded.holder, until = excluded.until
 where lease.until < now() or lease.holder = :before
returning true;

-- lease_hold(name text, holder text, seconds int) -> bool
-- In the transaction of the work: the lease is still ours. Work that took longer than the lease is good as
-- long as nobody has taken it over: who does writes his name.
update lease set until = now() + :seconds * interval '1 second'
 where name = :name and holder = :holder
returning true;

-- lease_drop(name text, holder text) -> void
update lease set until = now() where name = :name and holder = :holder;

-- mail_mode_get() -> object
-- Test mode: does mail leave to anybody, or to these addresses only?
select testing, to_json(allowed) as allowed, since from mail_mode;

-- mail_mode_set(agent id, testing bool, allowed texts) -> void
with m as (update mail_mode set testing = :testing, allowed = :allowed, agent_id = :agent,
                  since = case when not :testing then null when testing then since else now() end
           returning 1)
select pg_notify('docket_event', '') from m;

-- mail_mode_blocks(email text) -> bool
-- Test mode keeps this recipient from being written to.
select testing and not lower(:email) = any(allowed) from mail_mode;

-- fetch_troubles(account id, folder text) -> rows(mail text, tries int)
-- Mails of a folder (POP3: '') that could not be fetched, and how often.
select mail, tries from fetch_trouble where account_id = :account and folder = :folder;

-- fetch_trouble_count(account id, folder text, mail text, reason text) -> int
-- One more try was in vain; how many by now.
insert into fetch_trouble (account_id, folder, mail, tries, reason) values (:account, :folder, :mail, 1, :reason)
on conflict (account_id, folder, mail) do update
   set tries = fetch_trouble.tries + 1, reason = excluded.reason, tried_at = now()
returning tries;

-- fetch_trouble_forget(account id, folder text, mail text) -> void
-- It came after all, or it was set aside.
delete from fetch_trouble where account_id = :account and folder = :folder and mail = :mail;

-- account_watch(account id) -> row(folder text, off bool, reason text)
-- The folder whose server may call when mail comes; off = that went wrong within the last day.
select coalesce((select f.name from account_folder f where f.account_id = a.id order by upper(f.name) <> 'INBOX', f.name limit 1),
                'INBOX') as folder,
       a.idle_off is not null and a.idle_off_at > now() - interval '1 day' as off, coalesce(a.idle_off, '') as reason
  from account a where a.id = :account and a.active and a.kind = 'imap';

-- account_idle_off(account id, reason text?) -> void
-- The server is not asked to call for a day; NULL = it may be asked again.
update account set idle_off = :reason, idle_off_at = case when :reason::text is null then null else now() end where id = :account;

-- account_idling(account id, seconds int) -> void
-- Somebody is told when mail comes and looks every so many seconds: the timer steps in only when that ends.
update account set due_at = now() + greatest(every, interval '1 second' * (:seconds + 60)) where id = :account;

-- mail_mode_testing() -> bool
select testing from mail_mode;
