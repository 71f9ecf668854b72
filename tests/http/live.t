#!/usr/bin/env bash
# Events to the browser: what one may know arrives at once, what not never; nothing is lost over a break.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
serve_up 2 && live_up
ok 'serve and live'
login anna "$TEST_DIR/anna"; acsrf=$csrf
login ben "$TEST_DIR/ben"
login cleo "$TEST_DIR/cleo"
listen() { curl -sN "$URL/api/v1/events" -b "$TEST_DIR/$1" "${@:3}" >"$TEST_DIR/$2"; }
opened() { grep -q '^id: ' "$TEST_DIR/$1"; }
open_ticket() { "$DOCKET" call --agent anna POST /tickets "{\"subject\":\"$1\",\"type\":1,\"kind\":\"comment\",\"body\":\"b\"}" 2>>"$TEST_DIR/call.log" | jq .ticket.id; }
count() { grep -c "\"ticket\":$2,.*\"kind\":\"$3\"" "$TEST_DIR/$1"; }

web GET /api/v1/events; status 401 'without a login'
web GET /api/v1/events -b "$TEST_DIR/cleo"; status 403 'without the permission'
web POST /api/v1/events -b "$TEST_DIR/anna"; status 405 'another method'
listen anna a & listen ben b & ben_curl=$!
wait_for 'opened a && opened b'; ok 'two listen'
is "$(grep -c '^event: hello' "$TEST_DIR/a")" 1 'they are greeted'
t=$(open_ticket eins)
wait_for '[ "$(count a $t comment.added)" = 1 ] && [ "$(count b $t comment.added)" = 1 ]' 2
ok 'both hear of a ticket within two seconds'
like "$(grep "comment.added" "$TEST_DIR/a")" '^data: \{"ticket":[0-9]+,"version":[0-9]+,"kind":"comment.added","message_id":[0-9]+\}$' 'ids and kinds, no words'
at=$(psql -AtXqc 'select extract(epoch from clock_timestamp())')
u=$(open_ticket zwei)
wait_for '[ "$(count a $u comment.added)" = 1 ]' 2
[ "$(count a $t ticket.opened)" = 1 ]; ok 'each event once'

# Rights: status 2 becomes invisible to Support, 3 only for owners
psql -qXc "insert into profile_status select p.id, 2, 'no' from profile p where p.name = 'Support';
	insert into profile_status select p.id, 3, 'own' from profile p where p.name = 'Support'"
"$DOCKET" call --agent anna PATCH "/tickets/$u" '{"version":9,"status":2}' >/dev/null 2>&1 # wrong version
v=$(psql -AtXqc "select version from ticket where id = $u")
"$DOCKET" call --agent anna PATCH "/tickets/$u" "{\"version\":$v,\"status\":2}" >/dev/null
wait_for '[ "$(count a $u status.changed)" = 1 ]' 2
wait_for '[ "$(count b $u status.changed)" = 1 ]' 2; ok 'who loses sight of a ticket learns that it changed'
v=$(psql -AtXqc "select version from ticket where id = $u")
"$DOCKET" call --agent anna PATCH "/tickets/$u" "{\"version\":$v,\"priority\":3}" >/dev/null
w=$(open_ticket drei)
wait_for '[ "$(count a $w ticket.opened)" = 1 ] && [ "$(count b $w ticket.opened)" = 1 ]' 2
is "$(count a $u priority.changed) $(count b $u priority.changed)" '1 0' 'and nothing after that'

# A break: the browser says what it heard last
last=$(grep '^id: ' "$TEST_DIR/a" | tail -1 | cut -d' ' -f2)
kill $ben_curl; wait $ben_curl 2>/dev/null
x=$(open_ticket vier)
listen ben b2 -H "Last-Event-ID: $last" &
wait_for 'opened b2'
is "$(count b2 $x ticket.opened) $(grep -c resync "$TEST_DIR/b2")" '1 0' 'what happened in between follows'
listen ben b3 -H 'Last-Event-ID: 99999999999' & wait_for 'opened b3'
is "$(grep -c '^event: resync' "$TEST_DIR/b3")" 1 'a position that is unknown: load everything'
listen ben b4 -H 'Last-Event-ID: x' & wait_for 'opened b4'
is "$(grep -c '^event: resync' "$TEST_DIR/b4")" 1 'no position at all: load everything'

# A long transaction: its event comes when it commits, others are not repeated
psql -qXAt >/dev/null <<-SQL &
	begin; insert into event (kind, ticket_id) values ('tag.added', $t); select pg_sleep(0.7); commit
SQL
long=$!
wait_for 'psql -AtXqc "select 1 from pg_stat_activity where query like '"'%pg_sleep(0.7)%'"' and pid <> pg_backend_pid()" | grep -q 1'
y=$(open_ticket fuenf); z=$(open_ticket sechs)
wait $long
wait_for '[ "$(count a $t tag.added)" = 1 ]' 3; ok 'a late commit is not lost'
is "$(count a $y ticket.opened) $(count a $z ticket.opened)" '1 1' 'and repeats nothing'

# Connections lost, live restarted
psql -qXc "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'docket_agent' and datname = '$TEST_DB'" >/dev/null
wait_for '[ "$(grep -c "^event: resync" "$TEST_DIR/a")" -ge 1 ]' 5; ok 'after a lost connection: resync'
q=$(open_ticket sieben)
wait_for '[ "$(count a $q ticket.opened)" = 1 ]' 3; ok 'and it listens again'
last=$(grep '^id: ' "$TEST_DIR/a" | tail -1 | cut -d' ' -f2)
stop live
is "$rc" 0 'live ends in good order'
r=$(open_ticket acht)
live_up
listen anna a2 -H "Last-Event-ID: $last" & wait_for 'opened a2'
is "$(count a2 $r ticket.opened)" 1 'what happened while live was away follows'

# Logins that end
csrf=$acsrf
mine "$TEST_DIR/anna" DELETE /api/v1/session; status 204
"$DOCKET" user disable ben
listen ben b5 & wait $!
wait_for '! pgrep -f "^curl.*$URL/api/v1/events" >/dev/null' 2; ok 'who logged out or was disabled hears nothing more within two seconds'

# Many listeners, and one that does not read
login cleo "$TEST_DIR/cleo"
add_agent dora Dora
login dora "$TEST_DIR/dora"
cookie=$(awk '/docket/ { print $7 }' "$TEST_DIR/dora")
n=500
python3 - "$PORT" "$cookie" $n "$TEST_DIR" "${running[live]}" >"$TEST_DIR/many" <<'PY'
import socket, sys, time, subprocess, os, selectors
port, cookie, n, d, pid = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
def rss(): return int([l for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS")][0].split()[1])
before, socks = rss(), []
for i in range(n):
    s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20)
    s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: docket={cookie}\r\n\r\n".encode())
    socks.append((s, b""))
def until(word):
    out = []
    for s, _ in socks:
        got = b""
        while word not in got: 
            part = s.recv(4096)
            if not part: raise SystemExit("a stream ended")
            got += part
        out.append(got)
    return out
until(b"id: ")
grown = rss() - before
began = time.time()
subprocess.run([os.environ["DOCKET"], "call", "--agent", "anna", "POST", "/tickets", '{"subject":"viele","type":1}'], stdout=subprocess.DEVNULL, check=True)
until(b"ticket.opened")
print(n, "listeners,", grown * 1024 // n, "bytes each,", "%.0f ms until all heard" % ((time.time() - began) * 1000))
PY
ok "$n listeners hear"; figure "$(cat "$TEST_DIR/many")"
done_testing
