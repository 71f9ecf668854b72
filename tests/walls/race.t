#!/usr/bin/env bash
# 64 clients change one ticket at once, each on what it saw last: every change that was answered with 200 is in the
# history, each began where the one before had ended, nobody's was lost. Answers and comments beside them.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
serve_up 4
ok 'serve'
call anna POST /tickets '{"subject": "Rennen", "type": 1, "kind": "comment", "body": "los"}'
t=$(jq .ticket.id <<<"$body")
python3 - "$URL" "$t" "$("$DOCKET" token add anna race)" >"$TEST_DIR/journal" <<'PY'
import http.client, json, random, sys, threading, urllib.parse
host, ticket, token = urllib.parse.urlparse(sys.argv[1]).netloc, sys.argv[2], sys.argv[3]
journal, lock = [], threading.Lock()
def ask(method, path, body=None):
    c = http.client.HTTPConnection(host, timeout=60)
    c.request(method, "/api/v1" + path, body and json.dumps(body),
              {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    r = c.getresponse()
    return r.status, json.loads(r.read())
def client(n):
    luck = random.Random(n)
    version, before = 1, 0
    for i in range(5):
        if n % 8 == 0:
            word, status = f"Antwort {n}.{i}.", ask("POST", f"/tickets/{ticket}/messages", {"version": version, "body": f"Antwort {n}.{i}."})
            with lock: journal.append(("message", status[0], word))
        else:
            to = luck.randint(0, 5)
            status = ask("PATCH", f"/tickets/{ticket}", {"version": version, "priority": to})
            with lock: journal.append(("priority", status[0], to))
        if status[0] in (200, 201): version = status[1]["ticket"]["version"]
        elif status[0] == 409: version = ask("GET", f"/tickets/{ticket}")[1]["ticket"]["version"]
clients = [threading.Thread(target=client, args=(n,)) for n in range(64)]
for c in clients: c.start()
for c in clients: c.join()
for line in journal: print(*line, sep="|")
PY
count() { grep -c "$1" "$TEST_DIR/journal"; }
is "$(grep -cvE '^(priority\|(200|409)|message\|(201|409))\|' "$TEST_DIR/journal")" 0 'each got 200, 201 or 409, nobody anything else'
[ "$(count '|20[01]|')" -ge 5 ] && [ "$(count '|409|')" -gt 20 ]; ok 'many went through, many collided'
rows "select count(*) from message where ticket_id = $t and kind = 'message'" "$(count '^message|201')" 'each answer that was taken is in the thread, no other'
is "$(psql -AtXqc "select body from message where ticket_id = $t and kind = 'message' order by 1")" \
	"$(sed -n 's/^message|201|//p' "$TEST_DIR/journal" | LC_ALL=C sort)" 'word for word'
rows "select count(*) from (select before, lag(after, 1, '0') over (order by version) as was from event
	where ticket_id = $t and kind = 'priority.changed') x where before <> was" 0 'each change began where the last had ended'
rows "select count(*) from event where ticket_id = $t and kind = 'priority.changed' and version > 1" \
	"$(psql -AtXqc "select count(*) from event where ticket_id = $t and kind = 'priority.changed'")" 'each has its version'
rows "select count(*) - count(distinct version), max(version) - count(*) from event where ticket_id = $t" '0|0' 'versions are without gap or double'
rows "select t.version = (select max(version) from event where ticket_id = t.id), t.priority = (select (after #>> '{}')::int from event
	where ticket_id = t.id and kind = 'priority.changed' order by version desc limit 1) from ticket t where id = $t" 't|t' 'the ticket is as its last event left it'
ok 'the doctor agrees' "$DOCKET" check rows
# Two change who sees what at the same moment: the later one has read what the former did.
mkfifo "$TEST_DIR/first"
psql -qX <"$TEST_DIR/first" >"$TEST_DIR/first.log" 2>&1 &
first=$!
exec {to_first}>"$TEST_DIR/first"
echo "begin; insert into profile_status select p.id, (select min(id) from status), 'no' from profile p where p.name = 'Support';
	select 'done';" >&"$to_first"
wait_for 'grep -q done "$TEST_DIR/first.log"'
psql -qXc "with t as (insert into team (name) values ('{\"de\": \"Lager\"}') returning id) insert into team_agent select t.id, a.id from t, agent a where login = 'ben'" \
	>"$TEST_DIR/second.log" 2>&1 &
second=$!
wait_for '[ "$(sql "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = \$\$Lock\$\$")" -gt 0 ]'
ok 'the later one waits'
echo 'commit;' >&"$to_first"
exec {to_first}>&-
wait $first && wait $second
rows "select count(*), count(*) filter (where (s.statuses, s.own_statuses, s.keys) is distinct from (w.statuses, w.own_statuses, w.keys))
	from sight s full join sight_wanted w using (agent_id)" '3|0' 'nobody sees what he may no more'
figure "64 clients, $(wc -l <"$TEST_DIR/journal") writes, $(count '|409|') refused as collisions, 0 lost"
done_testing
