-- trial_add(kind text, account id?, draft json, agent id?) -> id
-- A test that send carries out as soon as it hears of it.
with t as (insert into trial (kind, account_id, draft, agent_id) values (:kind, :account, :draft, :agent) returning id),
     n as (select pg_notify('docket_send', '') from t)
select t.id from t, n;

-- trial_get(trial id) -> object
-- How far a test is; its steps as they come in.
select id, kind, account_id, state, steps, created_at, ended_at from trial where id = :trial;

-- trial_bury() -> int
-- What ran for ten minutes has died: how many.
with dead as (update trial set state = 'failed', ended_at = now()
               where state = 'running' and created_at < now() - interval '10 minutes' returning 1)
select count(*) from dead;

-- trial_next() -> id
-- The next test that waits is this process's.
update trial set state = 'running'
 where id = (select id from trial where state = 'queued' order by id limit 1 for update skip locked)
returning id;

-- trial_settings(trial id) -> row(kind text, account id, address text, mail_kind text, host text, port int, security text, login text, auth text, box bytes, smtp_host text, smtp_port int, smtp_security text, smtp_login text, smtp_auth text, smtp_box bytes, folders text, since text, consent text, after text, after_folder text, pin text, smtp_pin text, is_saved bool, smtp_is_saved bool)
-- What is tried: the account as it is saved, with the draft over it. A kept password goes to the server that it was
-- given for and to no other.
select t.kind, coalesce(t.account_id, 0) as account, d.address, d.kind as mail_kind, d.host, d.port, d.security, d.login,
       d.auth, s.box, d.smtp_host, d.smtp_port, d.smtp_security, d.smtp_login, d.smtp_auth, o.box as smtp_box,
       coalesce(t.draft ->> 'folders', (select string_agg(f.name, E'\n' order by f.name) from account_folder f
                                         where f.account_id = t.account_id), 'INBOX') as folders,
       t.draft ->> 'since' as since, t.draft ->> 'consent' as consent, d.after, d.after_folder,
       case when d.pin is distinct from a.pin or d.host is not distinct from a.host then d.pin end as pin,
       case when d.smtp_pin is distinct from a.smtp_pin or d.smtp_host is not distinct from a.smtp_host then d.smtp_pin end as smtp_pin,
       d.host is not distinct from a.host as is_saved, d.smtp_host is not distinct from a.smtp_host as smtp_is_saved
  from trial t
  left join account a on a.id = t.account_id
 cross join lateral jsonb_populate_record(a, t.draft) d
  left join secret s on s.id = d.secret_id and (s.id is distinct from a.secret_id or d.host is not distinct from a.host)
  left join secret o on o.id = d.smtp_secret_id and (o.id is distinct from a.smtp_secret_id or d.smtp_host is not distinct from a.smtp_host)
 where t.id = :trial;

-- trial_note(trial id, steps json) -> void
update trial set steps = :steps where id = :trial;

-- trial_end(trial id, state text) -> void
update trial set state = :state, ended_at = now() where id = :trial and state = 'running';

-- trial_start(trial id) -> void
-- Carried out at once by whoever made it.
update trial set state = 'running' where id = :trial;

-- trial_mail_add(token text, trial id, address text, plus bool) -> void
insert into trial_mail (token, trial_id, address, is_plus) values (:token, :trial, :address, :plus);

-- trial_mail_seen(token text) -> id
-- A mail of a test is back: its test. 0 = it is none of ours.
with m as (update trial_mail set seen_at = coalesce(seen_at, now()) where token = :token returning trial_id),
     n as (select pg_notify('docket_trial', '') from m)
select m.trial_id from m, n;

-- trial_mail_back(trial id, plus bool) -> bool
select exists (select from trial_mail where trial_id = :trial and is_plus = :plus and seen_at is not null);

-- account_prove_plus(account id, address text) -> void
-- Its round trip proved plus-addresses, for the address it still has.
update account set plus_proved = true where id = :account and address = :address;
