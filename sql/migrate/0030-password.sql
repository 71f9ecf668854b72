-- Changing one's own password: the only way from docket_agent to that column. Who calls it has proved the old
-- password: its hash is handed over and must still be the one that stands there. The agent's other sessions end.
create function password_change(agent bigint, was text, password text, keep text) returns boolean
language sql security definer set search_path = docket as $$
	with a as (update agent a set password = $3 where a.id = $1 and a.password = $2 and a.active returning a.id),
	     s as (delete from session s using a where s.agent_id = a.id and s.hash <> decode($4, 'hex'))
	select exists (select from a);
$$;
revoke all on function password_change(bigint, text, text, text) from public;
grant execute on function password_change(bigint, text, text, text) to docket_agent;
