#!/usr/bin/env bash
# Each process is its own role in the database, and the database itself keeps the walls.
. "$TOP/tests/lib.sh"
as() { psql -AtXqc "set role $1; $2" 2>&1; }

rows "select string_agg(rolname, ' ' order by rolname) from pg_roles
       where rolname like 'docket%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit)" \
	"" "no role is a superuser, bypasses row-level security, makes roles or inherits"
rows "select string_agg(rolname, ' ') from pg_roles where rolname like 'docket%' and not rolcanlogin" docket_render \
	"nobody logs in as docket_render"

# Tables without row-level security are those that hold no word of a customer; a new table must say which it is.
rows "select string_agg(relname, ' ' order by relname) from pg_class c where relnamespace = 'docket'::regnamespace
       and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)" \
	"$(tr -s ' \t\n' ' ' <<<"account account_folder agent agent_profile alert alert_queue fetch_trouble folder
	folder_watch index_node index_queue lease login_attempt mail_import mail_import_item mail_mode message_picture
	message_reference migration oauth oauth_consent owner portal_session profile profile_permission profile_status role rule
	rule_run secret seen session setting sight status tag team team_agent template ticket_tag token trial trial_mail type" | sed 's/ $//')" \
	"row-level security is on and forced for every table with customers' words"
rows "select count(*) from information_schema.role_table_grants where grantee = 'PUBLIC' and table_schema = 'docket'" 0 \
	"nothing is granted to everybody"

psql -Xq >"$TEST_DIR/rows.log" 2>&1 <<SQL
insert into customer (name) values ('Eva'), ('Adam');
insert into customer_address select 'c' || id || '@post.example', id from customer;
insert into ticket (subject, type_id, status_id, is_open, source, customer_id, confidential)
select s, t.id, (select min(id) from status where type_id = t.id), true, 'mail', c, s = 'secret'
  from (select min(id) as id from type) t, (values ('hers', 1), ('his', 2), ('secret', 1)) v (s, c);
insert into message (ticket_id, kind, body, source) select id, k, case k when 'comment' then '$CANARY' else 'hello' end, 'mail'
  from ticket, unnest(array['message', 'comment']) k;
insert into portal_session values (sha256('key'), 1, now() + interval '1 hour');
SQL
is "$(cat "$TEST_DIR/rows.log")" "" "rows to look at"
is "$(as docket_portal 'select count(*) from ticket; select count(*) from message')" "$(printf '0\n0')" \
	"the portal without a session sees nothing"
is "$(as docket_portal "set docket.session = 'key'; select subject from ticket; select body from message")" "$(printf 'hers\nhello')" \
	"with one its own tickets, neither comments nor confidential ones"
is "$(as docket_render 'select string_agg(distinct body, $$ $$) from message')" hello "who renders for customers sees no comment"
like "$(as docket_send 'select * from message')" "permission denied" "docket_send reads no message"
like "$(as docket_send 'select * from ticket')" "permission denied" "nor a ticket"
like "$(as docket_poll 'select * from message')" "permission denied" "docket_poll reads no message"
like "$(as docket_index 'select * from message')" "permission denied" "docket_index reads its view only"
like "$(as docket_agent 'select * from secret')" "permission denied" "agents read no sealed password"
for role in agent work send poll index portal; do
	like "$(as docket_$role "update event set kind = 'x'")" "permission denied" "docket_$role cannot change what happened"
	like "$(as docket_$role "delete from event")" "permission denied" "nor take it away"
done

limits() { sql "select string_agg(x, ' ' order by x) from pg_roles, unnest(rolconfig) x where rolname = 'docket_$1' and x ~ 'timeout'"; }
is "$(limits agent)" 'idle_in_transaction_session_timeout=10s lock_timeout=2s statement_timeout=5s' "an agent's request waits for nobody for long"
is "$(limits work)" 'idle_in_transaction_session_timeout=10s lock_timeout=5s' 'nor does docket work'

# Who is who while they run.
role_of() {
	psql -AtXqc "select string_agg(distinct usename, ' ') from pg_stat_activity
	              where datname = '$TEST_DB' and pid <> pg_backend_pid() and usename <> 'postgres'"
}
for pair in serve:agent live:agent work:work index:index send:send; do
	name=${pair%:*}
	"$DOCKET" $name --help >/dev/null 2>&1 || continue
	start $name "$DOCKET" $name
	wait_for '[ -n "$(role_of)" ]'
	is "$(role_of)" "docket_${pair#*:}" "docket $name is docket_${pair#*:}" || diag "$(tail -3 "$TEST_DIR/$name.log")"
	stop $name
	wait_for '[ -z "$(role_of)" ]'
done
if "$DOCKET" poll --help >/dev/null 2>&1; then # it lives shortly: hold it at its first table
	coproc holder { psql -AtXq; }
	echo "begin; lock table account, account_folder, inbound; select 'held';" >&"${holder[1]}"
	read -r held <&"${holder[0]}"
	start poll "$DOCKET" poll
	wait_for '[[ " $(role_of) " == *" docket_poll "* ]]'
	is "$(role_of)" docket_poll "docket poll is docket_poll"
	echo 'rollback; \q' >&"${holder[1]}"
	stop poll
fi
done_testing
