#!/usr/bin/env bash
# Where passwords of mailboxes are not: in a dump of the database, in docket.conf, in any log, in the memory of docket serve
# after it has taken them; and the key that opens them lies where docket serve never reads.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
export DOCKET=$TOP/build/rel/docket # sanitizers keep freed memory as it was
key=$TEST_DIR/secret.key # of its own: nobody else may miss it while it cannot be read
cp "$(awk -F' *= *' '$1 == "secret" { print $2 }' "$DOCKET_CONFIG")" "$key"
sed -i "s#^secret = .*#secret = $key#" "$DOCKET_CONFIG"
"$DOCKET" key init >/dev/null
people
serve_up 2
live_up
start work "$DOCKET" work
start send "$DOCKET" send
words=(fetch$RANDOM$RANDOM-Geheim send$RANDOM$RANDOM-Geheim again$RANDOM$RANDOM-Geheim trial$RANDOM$RANDOM-Geheim client$RANDOM$RANDOM-Geheim shell$RANDOM$RANDOM-Geheim)
chmod 000 "$key"
login anna "$TEST_DIR/jar"
account='"address": "shop@docket.test", "host": "127.0.0.1", "port": 1, "smtp_host": "127.0.0.1", "smtp_port": 1'
for k in 1 2 3 4 5 6 7 8; do # each worker meets them
	mine "$TEST_DIR/jar" POST /api/v1/mail/accounts -d "{\"name\": \"A$k\", $account, \"password\": \"${words[0]}\", \"smtp_password\": \"${words[1]}\"}"
	id=$(jq -r .id <<<"$body")
	mine "$TEST_DIR/jar" PATCH "/api/v1/mail/accounts/$id" -d "{\"password\": \"${words[2]}\", \"port\": 70000}"
	mine "$TEST_DIR/jar" PATCH "/api/v1/mail/accounts/$id" -d "{\"password\": \"${words[2]}\"}"
	mine "$TEST_DIR/jar" POST /api/v1/mail/trials -d "{\"account\": $id, \"password\": \"${words[3]}\", \"port\": 2}"
	mine "$TEST_DIR/jar" PUT "/api/v1/mail/accounts/$id/oauth" -d "{\"provider\": \"google\", \"client_id\": \"c\", \"client_secret\": \"${words[4]}\"}"
done
status 200 'passwords are taken and sealed while nobody can read the key'
chmod 400 "$key"
printf '%s\n' "${words[5]}" | "$DOCKET" account add Shell --address shell@docket.test --imap 127.0.0.1:1 >/dev/null
"$DOCKET" poll >"$TEST_DIR/poll.log" 2>&1
"$DOCKET" account test Shell >"$TEST_DIR/test.log" 2>&1
for k in 1 2 3; do web GET /api/v1/mail/accounts -b "$TEST_DIR/jar"; done
rows "select count(*) >= 20 from secret" t 'there are sealed passwords'
pg_dump -a -n docket "$TEST_DB" >"$TEST_DIR/dump" 2>/dev/null || pg_dump -a >"$TEST_DIR/dump"
ok 'and a dump holds them' grep -q '^COPY docket.secret' "$TEST_DIR/dump"
# As text, in base64 and in the hex that a dump writes bytes in.
want=$(python3 -c 'import base64, sys
for w in sys.argv[1:]: print(w, base64.b64encode(w.encode())[:-4].decode(), w.encode().hex(), sep="\n")' "${words[@]}")
is "$(grep -rlF "$want" "$TEST_DIR" | tr '\n' ' ')" '' 'no dump, log, configuration or answer holds one'
cat >"$TEST_DIR/scan.py" <<'PY'
import sys
words = [w.encode() for w in sys.argv[2:]]
found = set()
mem = open("/proc/%s/mem" % sys.argv[1], "rb", 0)
for line in open("/proc/%s/maps" % sys.argv[1]):
    span, rights = line.split()[:2]
    begin, end = (int(x, 16) for x in span.split("-"))
    if "r" not in rights or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vdso]")):
        continue
    mem.seek(begin)
    try:
        data = mem.read(end - begin)
    except OSError:
        continue
    found |= {w for w in words if w in data}
print(len(found), *sorted(w.decode() for w in found))
PY
pids=$(pgrep -P "${running[serve]}"; echo "${running[serve]}" "${running[live]}")
ok 'the memory of a process can be looked at' test "$(python3 "$TEST_DIR/scan.py" "$(pgrep -P "${running[serve]}" | head -1)" docket_agent | cut -d' ' -f1)" = 1
is "$(for p in $pids; do python3 "$TEST_DIR/scan.py" "$p" "${words[@]}"; done | sort -u)" 0 'none is in the memory of docket serve and docket live'
# strace shows what is opened: never the key.
stop serve
sed -i '/^workers/d' "$DOCKET_CONFIG"; echo 'workers = 1' >>"$DOCKET_CONFIG"
start serve strace -D -f -qq -e trace=open,openat,openat2,stat,newfstatat,access -o "$TEST_DIR/opened" "$DOCKET" serve
wait_for 'curl -sf $URL/healthz' 20
mine "$TEST_DIR/jar" POST /api/v1/mail/accounts -d "{\"name\": \"B\", $account, \"password\": \"${words[0]}\"}"
status 201
is "$(grep -cF "$key" "$TEST_DIR/opened")" 0 'docket serve never asks for the key'
is "$(grep -lE 'LoadCredential=secret.key' "$TOP"/systemd/*.service | xargs -n1 basename | tr '\n' ' ')" \
	'docket-poll-idle@.service docket-poll.service docket-send.service ' 'whom systemd gives it: poll and send only'
done_testing
