-- session_find(hash text) -> row(agent id, zone text, csrf text, stale bool, permissions text)
-- Who has this session: idle at most 8 hours, at most 24 hours old, of an agent who is active.
select a.id as agent, a.zone, s.csrf, s.seen_at < now() - interval '1 minute' as stale,
       coalesce((select string_agg(distinct pp.permission, ' ')
                   from agent_profile ap join profile_permission pp on pp.profile_id = ap.profile_id
                  where ap.agent_id = a.id), '') as permissions
  from session s join agent a on a.id = s.agent_id
 where s.hash = decode(:hash, 'hex') and a.active
   and s.seen_at > now() - interval '8 hours' and s.created_at > now() - interval '24 hours';

-- session_seen(hash text) -> void
-- Its idle time begins anew.
update session set seen_at = now() where hash = decode(:hash, 'hex');

-- session_add(agent id, hash text, csrf text, login text, net text) -> id
-- A new session; the failed tries before it are forgotten, and so are the agent's sessions that ran out.
with a as (delete from login_attempt where login = :login and net = :net),
     o as (delete from session where agent_id = :agent
              and (seen_at < now() - interval '8 hours' or created_at < now() - interval '24 hours'))
insert into session (hash, agent_id, csrf) values (decode(:hash, 'hex'), :agent, :csrf) returning agent_id;

-- session_remove(hash text) -> void
delete from session where hash = decode(:hash, 'hex');

-- token_find(hash text) -> row(agent id, zone text, permissions text)
select a.id as agent, a.zone,
       coalesce((select string_agg(distinct pp.permission, ' ')
                   from agent_profile ap join profile_permission pp on pp.profile_id = ap.profile_id
                  where ap.agent_id = a.id), '') as permissions
  from token t join agent a on a.id = t.agent_id
 where t.hash = decode(:hash, 'hex') and a.active and (t.expires_at is null or t.expires_at > now());

-- token_add(login text, hash text, name text, days int?) -> id
-- 0 = there is no such agent.
insert into token (hash, agent_id, name, expires_at)
select decode(:hash, 'hex'), id, :name, now() + make_interval(days => :days::int) from agent where login = :login
returning id;

-- token_list(login text?) -> list
select t.id, a.login, t.name, t.created_at, t.expires_at
  from token t join agent a on a.id = t.agent_id
 where :login is null or a.login = :login
 order by t.id;

-- token_remove(token id) -> id
delete from token where id = :token returning id;

-- login_try(login text, net text) -> int
-- Count this try with those of the last 15 minutes that did not succeed.
with old as (delete from login_attempt where at < now() - interval '15 minutes'),
     new as (insert into login_attempt (login, net) values (:login, :net))
select count(*) + 1 from login_attempt
 where login = :login and net = :net and at > now() - interval '15 minutes';

-- login_find(login text) -> row(agent id, password text)
select id as agent, password from agent where login = :login and active;

-- agent_rights(login text) -> row(agent id, zone text, permissions text)
select a.id as agent, a.zone,
       coalesce((select string_agg(distinct pp.permission, ' ')
                   from agent_profile ap join profile_permission pp on pp.profile_id = ap.profile_id
                  where ap.agent_id = a.id), '') as permissions
  from agent a where a.login = :login and a.active;

-- agent_add(login text, name text, email text?, password text) -> id
insert into agent (login, name, email, password) values (:login, :name, :email, :password) returning id;

-- agent_give_profile(agent id, profile text) -> id
-- 0 = there is no such profile.
insert into agent_profile (agent_id, profile_id) select :agent, id from profile where name = :profile
on conflict do nothing returning profile_id;

-- agent_disable(login text) -> id
-- He is out at once: his sessions go, his tokens stay but open nothing. 0 = there is no such agent.
with s as (delete from session s using agent a where a.id = s.agent_id and a.login = :login)
update agent set active = false where login = :login returning id;

-- agent_password(login text, password text) -> id
-- A new password ends all sessions. 0 = there is no such agent.
with s as (delete from session s using agent a where a.id = s.agent_id and a.login = :login)
update agent set password = :password where login = :login returning id;

-- password_get(agent id) -> row(login text, password text)
select login, password from agent where id = :agent;

-- password_set(agent id, was text, password text, keep text) -> bool
-- Only while the hash that was proved still stands; the agent's sessions but the kept one end.
select password_change(:agent, :was, :password, :keep);

-- login_forget(login text, net text) -> void
-- The failed tries before a success.
delete from login_attempt where login = :login and net = :net;

-- agent_users(all bool) -> list
-- For docket user list.
select a.id, a.login, a.name, a.email, a.active,
       coalesce((select json_agg(p.name order by p.name) from agent_profile ap join profile p on p.id = ap.profile_id
                  where ap.agent_id = a.id), '[]') as profiles
  from agent a where :all or a.active order by a.login;

-- me_change(agent id, language text?, zone text?, signature text?, undo_seconds int?) -> void
update agent
   set language = coalesce(:language, language), zone = coalesce(:zone, zone), signature = coalesce(:signature, signature),
       undo_seconds = coalesce(:undo_seconds, undo_seconds)
 where id = :agent;

-- me_get(agent id) -> object
select id, login, name, email, language, zone, signature, undo_seconds from agent where id = :agent;

-- zone_known(zone text) -> bool
select exists (select from pg_timezone_names where name = :zone);
