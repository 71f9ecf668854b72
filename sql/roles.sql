-- The database roles of docket, one per process. Run once as a superuser, any number of times:
--   psql -f roles.sql postgres; createdb -O docket_owner docket
-- None of them is a superuser, bypasses row-level security or inherits another's rights.
do $$
declare
	r text;
begin
	foreach r in array array['docket_owner', 'docket_agent', 'docket_portal', 'docket_poll', 'docket_work',
	                         'docket_index', 'docket_send', 'docket_render']
	loop
		if not exists (select from pg_roles where rolname = r) then
			execute format('create role %I', r);
		end if;
		execute format('alter role %I with nosuperuser nobypassrls nocreaterole nocreatedb noinherit noreplication %s',
		               r, case when r = 'docket_render' then 'nologin' else 'login' end);
		execute format('alter role %I set search_path = docket', r);
		execute format('alter role %I set idle_in_transaction_session_timeout = %L', r, '10s');
		-- The server's log names what went wrong, never the words that were written: no rows, no parameters.
		execute format('alter role %I set log_error_verbosity = terse', r);
		execute format('alter role %I set log_parameter_max_length = 0', r);
		execute format('alter role %I set log_parameter_max_length_on_error = 0', r);
	end loop;
end $$;
alter role docket_agent set statement_timeout = '5s';
alter role docket_agent set lock_timeout = '2s';
alter role docket_agent set jit = off;
alter role docket_portal set statement_timeout = '2s';
alter role docket_portal set lock_timeout = '2s';
alter role docket_work set jit = off;
alter role docket_work set lock_timeout = '5s';
grant docket_render to docket_agent, docket_work;
