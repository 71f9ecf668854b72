#!/usr/bin/env bash
# PostgreSQL stops and starts under serve and live: 503 meanwhile, the same processes afterwards, no event lost.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
. "$TOP/tests/lib/pg.sh"
people
serve_up 2 && live_up
ok 'serve and live'
token=$("$DOCKET" token add anna probe)
login anna "$TEST_DIR/jar"
curl -sN "$URL/api/v1/events" -b "$TEST_DIR/jar" >"$TEST_DIR/events" &
wait_for 'grep -q "^id: " "$TEST_DIR/events"'
new() { "$DOCKET" call --agent anna POST /tickets "{\"subject\":\"$1\",\"type\":1}" 2>>"$TEST_DIR/call.log" | jq .ticket.id; }
a=$(new eins)
workers=$(pgrep -P "${running[serve]}" | sort | xargs)
for mode in fast immediate; do
	pg_stop "$TEST_PGDATA" $mode
	web GET /api/v1/roles -H "Authorization: Bearer $token"
	status 503 "stopped ($mode): 503"
	like "$(header Retry-After)" '^[0-9]+$' 'with Retry-After'
	pg_start "$TEST_PGDATA" "$PGHOST" fsync
	wait_for 'web GET /api/v1/roles -H "Authorization: Bearer $token"; [ "$code" = 200 ]' 5
	ok 'fine when it is back'
	b=$(new "nach $mode")
	wait_for "grep -q '\"ticket\":$b,.*ticket.opened' \"\$TEST_DIR/events\"" 5; ok 'and so are the events'
done
is "$(pgrep -P "${running[serve]}" | sort | xargs)" "$workers" 'no worker ended for it'
is "$(grep -c '^event: resync' "$TEST_DIR/events")" 2 'the page was told twice to load anew'
done_testing
