-- Who sees what, also when two change it at the same moment; who may still answer; whose words an answer quotes.

-- One at a time: whoever waited here reads what the other has committed.
create or replace function sight_refresh() returns trigger language plpgsql security definer set search_path = docket as $$
begin
	perform pg_advisory_xact_lock(7203, 0);
	insert into sight (agent_id, statuses, own_statuses, keys)
	select w.agent_id, w.statuses, w.own_statuses, w.keys from sight_wanted w
	on conflict (agent_id) do update
	   set statuses = excluded.statuses, own_statuses = excluded.own_statuses, keys = excluded.keys;
	perform pg_notify('docket_rights', '');
	return null;
end $$;
update agent set active = active;

create view agent_able as
select a.id from agent a
 where a.active
   and exists (select from agent_profile p join profile_permission w on w.profile_id = p.profile_id
                where p.agent_id = a.id and w.permission = 'ticket.write');
comment on view agent_able is 'Agents who may write in tickets, for whoever sends what they wrote before';
grant select on agent_able to docket_work;

grant select (addressed, copies) on message to docket_render;
