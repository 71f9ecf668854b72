-- The four triggers, what an agent may see, and which role may do what (README.md, "Rights").

-- version: every event on a ticket adds one and keeps the number.
create function event_counts() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	update ticket
	   set version = version + 1,
	       updated_at = case when new.kind like 'mail.%' then updated_at else greatest(updated_at, now()) end,
	       failed = case when new.kind like 'mail.%'
	                     then exists (select from outbox o where o.ticket_id = new.ticket_id and o.state = 'failed')
	                     else failed end
	 where id = new.ticket_id
	returning version into new.version;
	perform pg_notify('docket_event', '');
	return new;
end $$;
create trigger event_counts before insert on event for each row execute function event_counts();

-- owner and tag arrays.
create function ticket_arrays() returns trigger language plpgsql security definer set search_path = docket as $$
declare
	of_ticket bigint := case when tg_op = 'DELETE' then old.ticket_id else new.ticket_id end;
begin
	if tg_table_name = 'owner' then
		update ticket set owner_ids = coalesce((select array_agg(distinct coalesce(agent_id, -team_id)) from owner
		                                         where ticket_id = of_ticket), '{}')
		 where id = of_ticket;
	else
		update ticket set tag_ids = coalesce((select array_agg(tag_id order by tag_id) from ticket_tag
		                                       where ticket_id = of_ticket), '{}')
		 where id = of_ticket;
	end if;
	return null;
end $$;
create trigger ticket_arrays after insert or delete or update on owner for each row execute function ticket_arrays();
create trigger ticket_arrays after insert or delete on ticket_tag for each row execute function ticket_arrays();

-- sight: over several profiles the strictest word holds; without a profile nothing is seen.
create function sight_refresh() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	insert into sight (agent_id, statuses, own_statuses, keys)
	select a.id,
	       coalesce((select array_agg(s.id) from status s where 2 = (
	                   select min(case coalesce(v.see, 'yes') when 'no' then 0 when 'own' then 1 else 2 end)
	                     from agent_profile p left join profile_status v
	                       on v.profile_id = p.profile_id and v.status_id = s.id
	                    where p.agent_id = a.id)), '{}'),
	       coalesce((select array_agg(s.id) from status s where 1 = (
	                   select min(case coalesce(v.see, 'yes') when 'no' then 0 when 'own' then 1 else 2 end)
	                     from agent_profile p left join profile_status v
	                       on v.profile_id = p.profile_id and v.status_id = s.id
	                    where p.agent_id = a.id)), '{}'),
	       array[a.id] || coalesce((select array_agg(-t.team_id) from team_agent t where t.agent_id = a.id), '{}')
	  from agent a
	on conflict (agent_id) do update
	   set statuses = excluded.statuses, own_statuses = excluded.own_statuses, keys = excluded.keys;
	perform pg_notify('docket_rights', '');
	return null;
end $$;
create trigger sight_refresh after insert or update on agent for each statement execute function sight_refresh();
create trigger sight_refresh after insert or update or delete on agent_profile for each statement execute function sight_refresh();
create trigger sight_refresh after insert or update or delete on profile_status for each statement execute function sight_refresh();
create trigger sight_refresh after insert or update or delete on team_agent for each statement execute function sight_refresh();
create trigger sight_refresh after insert or delete on status for each statement execute function sight_refresh();

-- index queue: one row per message and registered node, in the writer's transaction.
create function index_enqueue() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	if tg_table_name = 'ticket' then
		insert into index_queue (node_id, message_id)
		select n.id, m.id from index_node n, message m where m.ticket_id = new.id;
	elsif tg_table_name = 'file' then
		insert into index_queue (node_id, message_id)
		select n.id, new.message_id from index_node n where new.message_id is not null;
	else
		insert into index_queue (node_id, message_id) select n.id, new.id from index_node n;
	end if;
	perform pg_notify('docket_index', '');
	return null;
end $$;
create trigger index_enqueue after insert or update of body, folded, kind on message for each row execute function index_enqueue();
create trigger index_enqueue after insert or update of message_id on file for each row execute function index_enqueue();
create trigger index_enqueue after update of subject on ticket for each row
	when (old.subject is distinct from new.subject) execute function index_enqueue();

create view index_source as
select m.id, m.kind = 'comment' as is_comment, t.subject as subject,
       m.body || coalesce(E'\n' || m.folded, '') as text,
       concat_ws(' ', m.author, m.email, m.recipients, a.name) as people,
       coalesce((select string_agg(f.name, E'\n' order by f.id) from file f where f.message_id = m.id), '') as files,
       m.created_at
  from message m join ticket t on t.id = m.ticket_id left join agent a on a.id = m.agent_id;

-- What an agent may see. Inlined by the planner: language sql, stable, not security definer.
create function ticket_visible(agent bigint) returns setof ticket language sql stable as $$
	select t.* from ticket t
	 where t.status_id = any ((select s.statuses from sight s where s.agent_id = agent)::int[])
	    or (t.status_id = any ((select s.own_statuses from sight s where s.agent_id = agent)::int[])
	        and t.owner_ids && (select s.keys from sight s where s.agent_id = agent)::int[])
$$;

-- Whose portal session this is (design: the session's secret decides, never an id that SQL could set).
create function me_customer() returns bigint language sql stable security definer set search_path = pg_catalog, docket as $$
	select customer_id from portal_session
	 where hash = sha256(convert_to(current_setting('docket.session', true), 'UTF8')) and until > now()
$$;

-- Grants ------------------------------------------------------------------------------------------------------------
revoke all on all functions in schema docket from public;
grant execute on function ticket_visible(bigint) to docket_agent;
grant execute on function me_customer() to docket_portal;

grant select on setting, agent, team, team_agent, profile, profile_permission, agent_profile, profile_status, type,
	status, role, tag, folder, sight, account, account_folder, customer, customer_address, ticket, owner, ticket_tag,
	message, file, draft, seen, template, rule, event, event_text, outbox, inbound, session, token, login_attempt,
	index_node, index_queue, migration, message_reference, rule_run, secret to docket_agent;
revoke select on secret from docket_agent;
grant insert, update, delete on session, login_attempt, draft, seen, owner, ticket_tag, rule, template, folder to docket_agent;
grant insert on message, file, event, event_text, rule_run, outbox, message_reference, customer, customer_address,
	ticket to docket_agent;
grant update on ticket, customer, file to docket_agent;
grant update (ref, recipients) on message to docket_agent, docket_work;
grant update (language, zone, signature, password) on agent to docket_agent;
grant update (state, tries, reason) on inbound to docket_agent;
grant update (state, next_at) on outbox to docket_agent;
grant usage on sequence message_number to docket_agent, docket_work;

grant select on setting, agent, team, team_agent, type, status, role, tag, account, customer, customer_address, ticket,
	owner, ticket_tag, message, file, template, rule, event, event_text, outbox, inbound, message_reference, rule_run,
	lease, sight, draft to docket_work;
grant insert on customer, customer_address, ticket, owner, ticket_tag, message, file, event, event_text, rule_run,
	outbox, message_reference, inbound, lease to docket_work;
grant update on customer, ticket, inbound, lease, outbox to docket_work;
grant select, insert, update on seen to docket_work;
grant delete on login_attempt, owner, ticket_tag to docket_work;

grant select on account, account_folder, secret, inbound, lease to docket_poll;
grant insert on inbound, account_folder, lease to docket_poll;
grant update (uidvalidity, last_uid) on account_folder to docket_poll;
grant update (due_at, failures, last_ok_at, last_error) on account to docket_poll;
grant update on lease to docket_poll;

grant select on account, secret, outbox, lease to docket_send;
grant update (state, attempts, next_at, lease_until, code, reply, sent_at) on outbox to docket_send;
grant insert (kind, ticket_id, message_id, version, after) on event to docket_send;
grant insert on lease to docket_send;
grant update on lease to docket_send;

grant select on index_source, index_queue, index_node to docket_index;
grant insert on index_node, index_queue to docket_index;
grant update (indexed_at) on index_node to docket_index;
grant delete on index_queue to docket_index;

grant select on ticket, message, file to docket_portal;
grant select on ticket, message, file to docket_render;

-- Row-level security, forced: also the owner needs a policy ------------------------------------------------------------
do $$
declare
	t text;
begin
	foreach t in array array['customer', 'customer_address', 'ticket', 'message', 'file', 'draft', 'inbound', 'outbox',
	                         'event', 'event_text']
	loop
		execute format('alter table %I enable row level security', t);
		execute format('alter table %I force row level security', t);
		execute format('create policy everything on %I to docket_owner, docket_work, docket_agent using (true) with check (true)', t);
	end loop;
end $$;
create policy fetched on inbound to docket_poll using (true) with check (true);
create policy leaves on outbox to docket_send using (true) with check (true);
create policy delivered on event for insert to docket_send with check (kind like 'mail.%');

create policy mine on ticket for select to docket_portal
	using (customer_id = (select me_customer()) and not confidential);
create policy mine on message for select to docket_portal
	using (kind = 'message' and ticket_id in (select id from ticket));
create policy mine on file for select to docket_portal
	using (message_id in (select id from message));

create policy for_customers on ticket for select to docket_render using (not confidential);
create policy for_customers on message for select to docket_render
	using (kind = 'message' and ticket_id in (select id from ticket));
create policy for_customers on file for select to docket_render
	using (message_id in (select id from message));
