#!/usr/bin/env bash
# The database comes back from a backup, in a server that has counted fewer transactions: live must hear on.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
. "$TOP/tests/lib/pg.sh"
other=$TEST_DIR/other
trap 'stop_all; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null; pg_stop "$other/data" immediate' EXIT
ln -s "$PGHOST" "$TEST_DIR/pg"
sed -i "s|^database = host=[^ ]*|database = host=$TEST_DIR/pg|" "$DOCKET_CONFIG"
people
serve_up 1 && live_up
login anna "$TEST_DIR/anna"
curl -sN "$URL/api/v1/events" -b "$TEST_DIR/anna" >"$TEST_DIR/a" &
wait_for 'grep -q "^id: " "$TEST_DIR/a"'; ok 'somebody listens'

mkdir "$other"
pg_make "$other/data" && pg_start "$other/data" "$other" &&
	psql -qX -h "$other" -v ON_ERROR_STOP=1 -f "$TOP/sql/roles.sql" postgres >/dev/null &&
	createdb -h "$other" -O docket_owner "$TEST_DB" &&
	pg_dump --enable-row-security "$TEST_DB" | psql -qX -h "$other" -v ON_ERROR_STOP=1 >/dev/null
ok 'the backup is in another server'
now='select pg_snapshot_xmax(pg_current_snapshot())::text::bigint'
psql -qXc 'do $$ begin for i in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$'
[ "$(psql -AtX -h "$other" -c "$now")" -lt "$(psql -AtXc "$now")" ]; ok 'which has counted fewer transactions'

ln -sfn "$other" "$TEST_DIR/pg"
psql -qXc "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'docket%' and datname = '$TEST_DB'" >/dev/null
wait_for 'grep -q "^event: resync" "$TEST_DIR/a"'; ok 'the page is told to load everything'
t=$("$DOCKET" call --agent anna POST /tickets '{"subject":"danach","type":1}' 2>>"$TEST_DIR/call.log" | jq .ticket.id)
wait_for 'grep -q "\"ticket\":$t," "$TEST_DIR/a"' 5; ok 'and hears of what happens from then on'
done_testing
