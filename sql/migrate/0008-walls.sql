-- Each role can do what its process does, and nothing beside it. What an agent may see is said once, as a view.

create view sight_wanted as
select a.id as agent_id,
       coalesce((select array_agg(s.id order by s.id) from status s where 2 = (
                   select min(case coalesce(v.see, 'yes') when 'no' then 0 when 'own' then 1 else 2 end)
                     from agent_profile p left join profile_status v
                       on v.profile_id = p.profile_id and v.status_id = s.id
                    where p.agent_id = a.id)), '{}') as statuses,
       coalesce((select array_agg(s.id order by s.id) from status s where 1 = (
                   select min(case coalesce(v.see, 'yes') when 'no' then 0 when 'own' then 1 else 2 end)
                     from agent_profile p left join profile_status v
                       on v.profile_id = p.profile_id and v.status_id = s.id
                    where p.agent_id = a.id)), '{}') as own_statuses,
       array[a.id] || coalesce((select array_agg(-t.team_id order by t.team_id) from team_agent t where t.agent_id = a.id), '{}') as keys
  from agent a;
comment on view sight_wanted is 'What an agent may see: over several profiles the strictest word, without a profile nothing';

create or replace function sight_refresh() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	insert into sight (agent_id, statuses, own_statuses, keys)
	select w.agent_id, w.statuses, w.own_statuses, w.keys from sight_wanted w
	on conflict (agent_id) do update
	   set statuses = excluded.statuses, own_statuses = excluded.own_statuses, keys = excluded.keys;
	perform pg_notify('docket_rights', '');
	return null;
end $$;
update agent set active = active;

-- serve and live: what no statement of theirs needs goes.
revoke select on account_folder, index_node, message_reference, profile, profile_status, rule_run, ticket_tag from docket_agent;
revoke update on customer, login_attempt, owner, ticket_tag, folder, session, ticket, file from docket_agent;
revoke insert on folder, ticket_tag from docket_agent;
revoke delete on folder, seen, template, ticket_tag from docket_agent;
revoke update (password) on agent from docket_agent;
grant update (seen_at) on session to docket_agent;
grant update (message_id) on file to docket_agent;
grant update (subject, type_id, status_id, is_open, priority, confidential, deadline_at, closed_at, last_message_id,
	last_kind, snippet, messages, files) on ticket to docket_agent;

-- work: it neither logs anybody in nor sees passwords; mail changes no customer, owner or tag.
revoke select on agent, event_text, rule_run, setting, team_agent, ticket_tag from docket_work;
revoke insert on event_text, ticket_tag from docket_work;
revoke update on customer, inbound, outbox, ticket from docket_work;
revoke delete on login_attempt, owner, ticket_tag from docket_work;
grant select (id, login, name, signature) on agent to docket_work;
grant update (state, tries, reason, ticket_id, message_id) on inbound to docket_work;
grant update (status_id, is_open, closed_at, last_message_id, last_kind, snippet, messages, files) on ticket to docket_work;

-- send: the version of an event is the trigger's.
revoke insert (version) on event from docket_send;

-- Customers' eyes: a ticket's snippet, counts and times tell of comments too, so columns are named, never the table.
revoke select on ticket, message, file from docket_portal, docket_render;
grant select (id, subject, type_id, status_id, is_open, customer_id, confidential, created_at, closed_at)
	on ticket to docket_portal;
grant select (id, ticket_id, kind, agent_id, author, email, recipients, subject, body, folded, html, source, automatic,
	created_at) on message to docket_portal;
grant select (id, message_id, name, type, size, sha256, cid, is_inline, created_at) on file to docket_portal;
grant select (id, subject, confidential) on ticket to docket_render;
grant select (id, ticket_id, kind, agent_id, body, ref) on message to docket_render;
grant select (id, message_id, name, type, sha256) on file to docket_render;

-- A function is executed by whom it is granted to, by nobody else; also those still to come.
revoke all on all functions in schema docket from public;
alter default privileges in schema docket revoke execute on functions from public;
