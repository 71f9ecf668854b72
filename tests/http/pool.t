#!/usr/bin/env bash
# The processes of docket serve: reload without a dropped request, dead and stuck workers, the database away,
# sockets from systemd, an orderly end.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
echo 'stuck_after = 1' >>"$DOCKET_CONFIG"
serve_up 3
ok 'three workers'
token=$("$DOCKET" token add anna probe)
master=${running[serve]}
workers() { pgrep -P "$master" | sort; }
get() { curl -s -m 20 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $token" "$URL$1"; }
is "$(workers | wc -l)" 3 'as many as the configuration says'
is "$(stat -c %a "$TEST_DIR/serve.sock")" 660 'the socket is for a group'

# Reload under load: every answer of 4 clients is 200 while the workers are exchanged five times
: >"$TEST_DIR/codes"
for _ in 1 2 3 4; do
	(for _ in {1..100}; do get /api/v1/roles; done >>"$TEST_DIR/codes") &
	clients+=($!)
done
for round in 1 2 3 4 5; do
	old=$(workers | md5sum)
	kill -HUP "$master"
	wait_for '[ "$(workers | md5sum)" != "$old" ] && [ "$(workers | wc -l)" = 3 ]' 20
done
wait "${clients[@]}"
is "$(sort "$TEST_DIR/codes" | uniq -c | xargs)" '400 200' '5 reloads under load: 400 of 400 requests answered'
figure "5 rolling reloads, $(grep -c 200 "$TEST_DIR/codes") of 400 requests answered"

# A worker that dies is replaced; nobody else notices
victim=$(workers | head -1)
kill -KILL "$victim"
is "$(for _ in {1..10}; do get /api/v1/roles; done | sort -u)" 200 'while one worker is dead the others answer'
wait_for '[ "$(workers | wc -l)" = 3 ]' 5
ok 'a dead worker is replaced'
like "$(grep worker.died "$TEST_DIR/serve.log")" "pid=$victim signal=9" 'and the log says so'
for i in 1 2 3; do kill -KILL $(workers) 2>/dev/null; wait_for '[ "$(workers | wc -l)" = 3 ]' 8; done
is "$(get /api/v1/roles)" 200 'all of them, three times over'

# A worker that is still at one request after stuck_after is killed. Stopped, it ends by nothing else.
get_stuck() { # one request that waits for a lock
	psql -qXAt >/dev/null <<<"begin; lock table setting; select pg_sleep(60)" 2>/dev/null &
	locker=$!
	wait_for 'psql -AtXqc "select 1 from pg_locks where relation = '"'docket.setting'"'::regclass and granted" | grep -q 1'
	get /api/v1/meta >"$TEST_DIR/stuck" & asking=$!
	wait_for 'psql -AtXqc "select pid from pg_stat_activity where wait_event_type = '"'Lock'"' and usename = '"'docket_agent'"'" | grep -q .'
}
let_go() { # the lock, when as many as that were killed for it
	wait $asking
	wait_for '[ "$(grep -c worker.stuck "$TEST_DIR/serve.log")" = '"$1"' ] && [ "$(workers | wc -l)" = 3 ]' 8
	ok "$2"
	psql -AtXqc "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null
	wait $locker 2>/dev/null
}
get_stuck
let_go 1 'a stuck worker is killed and replaced'
is "$(cat "$TEST_DIR/stuck")" 502 'its client is told'
is "$(get /api/v1/meta)" 200 'and its work goes on'
get_stuck
old=$(workers | md5sum)
kill -HUP "$master"
wait_for '[ "$(workers | md5sum)" != "$old" ]'
let_go 2 'a reload forgets no stuck worker'

# The database goes away and comes back; no worker ends
pids=$(workers)
psql -qXd postgres -c "alter database \"$TEST_DB\" allow_connections false" \
	-c "select pg_terminate_backend(pid) from pg_stat_activity where datname = '$TEST_DB'" >/dev/null
web GET /api/v1/roles -H "Authorization: Bearer $token"
status 503 'while the database is away'
json '.code == "database_away"'
like "$(header Retry-After)" '^[0-9]+$' 'with Retry-After'
web POST /api/v1/tickets -H "Authorization: Bearer $token" "${JSON[@]}" -d '{"subject":"x","type":1}'
status 503 'for changes too'
is "$(get /healthz)" 200 'the process itself is well'
is "$(get /readyz)" 503 'but not ready'
psql -qXd postgres -c "alter database \"$TEST_DB\" allow_connections true"
is "$(for _ in {1..9}; do get /api/v1/roles; done | sort -u)" 200 'at once when it is back'
is "$(workers)" "$pids" 'by the same workers'
psql -qXc "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'docket_agent' and datname = '$TEST_DB'" >/dev/null
is "$(for _ in {1..9}; do get /api/v1/roles; done | sort -u)" 200 'a connection that was lost in between costs nobody a request'

# An orderly end: what is being answered is answered
psql -qXAt >/dev/null <<<"begin; lock table role in access exclusive mode; select pg_sleep(0.5)" 2>/dev/null & locker=$!
wait_for 'psql -AtXqc "select 1 from pg_locks where relation = '"'docket.role'"'::regclass and granted" | grep -q 1'
get /api/v1/roles >"$TEST_DIR/last" & asking=$!
wait_for 'psql -AtXqc "select pid from pg_stat_activity where wait_event_type = '"'Lock'"' and usename = '"'docket_agent'"'" | grep -q .'
stop serve
wait $asking $locker
is "$(cat "$TEST_DIR/last")" 200 'SIGTERM lets a request end'
is "$rc" 0 'and the exit is orderly'

# Sockets from systemd, and its notices
python3 - "$DOCKET" "$TEST_DIR" >"$TEST_DIR/systemd" 2>>"$TEST_DIR/serve.log" <<'PY'
import os, socket, subprocess, sys, signal
docket, d = sys.argv[1:]
s = socket.socket(socket.AF_UNIX); p = d + "/given.sock"; s.bind(p); s.listen(16)
n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); n.bind("\0" + d); n.settimeout(20)
def child():
    if s.fileno() != 3: os.dup2(s.fileno(), 3)
    os.set_inheritable(3, True); os.environ["LISTEN_PID"] = str(os.getpid()); os.environ["LISTEN_FDS"] = "1"
pid = os.fork()
if pid == 0:
    child(); os.environ["NOTIFY_SOCKET"] = "@" + d; os.execv(docket, [docket, "serve"])
print(n.recv(100).decode())
os.kill(pid, signal.SIGTERM)
print(n.recv(100).decode(), os.waitpid(pid, 0)[1], os.path.exists(d + "/given.sock"))
PY
is "$(xargs <"$TEST_DIR/systemd")" 'READY=1 STOPPING=1 0 True' 'takes the socket of systemd and tells it how it is'
web GET /api/v1/meta; status 502 'nobody serves any more'
done_testing
