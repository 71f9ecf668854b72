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

-- account_intake(account id) -> row(address text, type id, status id, owner id, owner_role id)
-- What becomes of a mail of this account.
select address, type_id as type, status_id as status, owner_id as owner, owner_role_id as owner_role
  from account where id = :account;

-- account_is_own(email text) -> bool
-- Is this one of our own addresses?
select exists (select from account where lower(address) = lower(:email));

-- account_fetch(account id) -> row(id id, name text, kind text, host text, port int, security text, login text, box bytes, after text, after_folder text)
-- How to fetch its mail.
select a.id, a.name, a.kind, a.host, a.port, a.security, a.login, s.box, a.after, a.after_folder
  from account a left join secret s on s.id = a.secret_id
 where a.id = :account;

-- account_folders(account id) -> rows(name text)
select name from account_folder where account_id = :account
union all
select 'INBOX' where not exists (select from account_folder where account_id = :account)
order by 1;

-- account_well(account id) -> void
update account set due_at = now() + every, failures = 0, last_ok_at = now(), last_error = null where id = :account;

-- account_failed(account id, error text) -> void
-- Next try after 5 s, doubling to 15 minutes.
update account
   set due_at = now() + least(interval '15 minutes', interval '5 seconds' * power(2, least(failures, 10))),
       failures = failures + 1, last_error = :error
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

-- account_smtp(account id) -> row(name text, address text, host text, port int, security text, login text, box bytes)
-- How its mail leaves.
select a.name, a.address, a.smtp_host as host, a.smtp_port as port, a.smtp_security as security,
       a.smtp_login as login, s.box
  from account a left join secret s on s.id = a.smtp_secret_id
 where a.id = :account;

-- account_report() -> list
select id, name, address, active, kind, host, port, security, login, after, after_folder, smtp_host, smtp_port,
       smtp_security, smtp_login, due_at, failures, last_ok_at, last_error
  from account order by name;

-- account_add(name text, address text, kind text, host text?, port int?, security text, login text?, secret id?, after text, after_folder text?, type id, status id, sender_name text, smtp_host text?, smtp_port int?, smtp_security text, smtp_login text?, smtp_secret id?) -> id
insert into account (name, address, kind, host, port, security, login, secret_id, after, after_folder, type_id,
                     status_id, sender_name, smtp_host, smtp_port, smtp_security, smtp_login, smtp_secret_id)
values (:name, :address, :kind, :host, :port, :security, :login, :secret, :after, :after_folder, :type, :status,
        :sender_name, :smtp_host, :smtp_port, :smtp_security, :smtp_login, :smtp_secret)
returning id;

-- account_folder_add(account id, name text) -> void
insert into account_folder (account_id, name) values (:account, :name) on conflict do nothing;

-- account_switch_off(account id) -> void
-- It is neither fetched nor offered for sending any more; its tickets go on naming it.
update account set active = false where id = :account;

-- account_set_secret(account id, secret id?, smtp_secret id?) -> void
-- Other passwords; 0 leaves one as it is. The next poll tries at once.
update account
   set secret_id = coalesce(:secret, secret_id), smtp_secret_id = coalesce(:smtp_secret, smtp_secret_id),
       failures = 0, due_at = now()
 where id = :account;

-- type_named(name text) -> id
-- By its German or English name.
select id from type where name ->> 'de' = :name or name ->> 'en' = :name order by position, id limit 1;

-- status_named(type id, name text) -> id
select id from status where type_id = :type and (name ->> 'de' = :name or name ->> 'en' = :name)
 order by position, id limit 1;

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
