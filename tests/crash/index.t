#!/usr/bin/env bash
# docket index killed at each step that a small run has, while it builds from nothing and while it follows: one
# catch-up each time, and index = database. Then PostgreSQL stopped and killed under it: it comes back by itself.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/pg.sh"
log=$TEST_DIR/killed.log
add_agent anna 'Anna Berg' Administrator
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -v n=3 -f "$TOP/tests/find/world.sql"

# every_step WHAT 'PREPARE' COMMAND...: kill it at step 1, 2, ... until it comes through.
every_step() {
	local tried=0 n=1 rc same=0 what=$1 prepare=$2
	shift 2
	while :; do
		eval "$prepare"
		DOCKET_CRASH=any:$n "$@" >>"$log" 2>&1
		rc=$?
		[ $rc = 137 ] || break
		"$DOCKET" index --once >>"$log" 2>&1
		"$DOCKET" index --check >>"$log" 2>&1 && [ "$(sql 'select count(*) from index_queue')" = 0 ] && same=$((same + 1)) ||
			diag "differs after step $n: $(grep crash.point "$log" | tail -1)"
		n=$((n + 1)) tried=$((tried + 1))
		[ $n -lt 300 ] || break
	done
	is $rc 0 "$what: $((n - 1)) steps, then it comes through"
	ok 'there were some' test $n -gt 8
	is $same $tried 'after each kill one catch-up, and index = database'
	figure "$what: killed at $tried of $((n - 1)) steps, index = database $same times"
}
# A file that waits is read, and its message queued again, in the same run.
printf 'Dateiwort' >"$TEST_DIR/file"
sha=$(sha256sum "$TEST_DIR/file" | cut -d' ' -f1)
mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$TEST_DIR/file" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
sql "insert into file (message_id, name, type, size, sha256) select min(id), 'a.txt', 'text/plain', 9, '$sha' from message"
unread='sql "update file_text set state = '"'waiting'"', text = null, reason = null, tries = 0" >/dev/null'
change='sql "update message set body = body || '"' neu'"' where id in (select id from message order by id limit 2);
	insert into message (ticket_id, kind, body, source) values (1002, '"'message', 'frisch', 'mail'"')" >/dev/null'
every_step 'built from nothing' 'rm -rf "$TEST_DIR"/index/*; sql "delete from index_node"' "$DOCKET" index --once
every_step 'reading a file' "$unread" "$DOCKET" index --once
rows 'select state, text from file_text' 'done|Dateiwort'
every_step 'following' "$change" "$DOCKET" index --once
every_step 'built anew' : "$DOCKET" reindex
"$DOCKET" index --once >/dev/null 2>&1

start index "$DOCKET" index
pid=${running[index]}
found() {
	call anna GET "/search?q=$1"
	[ "$(jq '.hits | length' <<<"$body")" = 1 ]
}
same() { "$DOCKET" index --check; }
pg_pid=$(head -1 "$TEST_PGDATA/postmaster.pid")
for how in fast immediate KILL; do
	sql "$(printf "insert into message (ticket_id, kind, body, source) select 1001 + i %% 3, 'message', 'vor$how' || i, 'mail' from generate_series(1, 40) i")"
	if [ $how = KILL ]; then
		kill -KILL "$pg_pid" && rm -f "$TEST_PGDATA/postmaster.pid"
		wait_for "! pgrep -f 'postgres.*$TEST_DB' -u $(id -u)" 10
	else
		pg_stop "$TEST_PGDATA" $how
	fi
	wait_for "pg_start '$TEST_PGDATA' '$PGHOST' fsync" 30
	sql "insert into message (ticket_id, kind, body, source) values (1001, 'message', 'nach$how', 'mail')"
	ok "PostgreSQL ended ($how) and came back: the next message is found" wait_for "found nach$how" 20
	ok 'and index = database' wait_for same 10
done
is "$(kill -0 "$pid" && echo "$pid")" "$pid" 'the same process all the time'
stop index
is $rc 0 'which ends in order'
done_testing
