#!/usr/bin/env bash
# The disk takes nothing, the index is taken away or overwritten, the parse child dies: what was asked is refused with 507 or
# 503, nothing is lost or half done, everything else goes on, and it mends itself once there is room again.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
trap 'chmod -R u+rwX "$TEST_DIR"; stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
people
echo secret | "$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp localhost:9 --smtp-open >/dev/null
token=$("$DOCKET" token add anna test)
api() { web "$1" "/api/v1$2" -H "Authorization: Bearer $token" "${JSON[@]}" "${@:3}"; }
upload() { web POST "/api/v1/uploads?name=x" -H "Authorization: Bearer $token" -H 'Content-Type: application/octet-stream' --data-binary "$1"; }
mail() { printf 'From: kunde@example.org\nSubject: %s\nMessage-ID: <%s@x>\n\n%s\n' "$1" "$1" "$1"; }
serve_up 2
mail eins | "$DOCKET" ingest --account Shop >/dev/null 2>&1
t=$(sql 'select max(id) from ticket')
api POST /templates -d '{"name": "A", "subject_de": "Re", "body_de": "$TicketLastMessage"}'
api POST /rules -d "{\"name\": \"mail\", \"event\": \"message.agent\", \"template\": $(jq .id <<<"$body")}"
status 201 'a rule'
v=$(sql "select version from ticket where id = $t")

# --- no room for blobs ------------------------------------------------------------------------------------------------
everything() { sql "select (select count(*) from message), (select count(*) from file), (select count(*) from outbox), (select count(*) from event), (select count(*) from inbound)"; }
api PUT "/tickets/$t/draft" -d '{"kind": "message", "body": "Antwort", "version": 1}'
before=$(everything)
chmod -R a-w "$TEST_DIR/blobs"
upload neu; is "$code $(jq -r .code <<<"$body")" '507 storage' 'an upload: 507'
api POST "/tickets/$t/messages" -d "{\"version\": $v, \"body\": \"Antwort\"}"
is "$code $(jq -r .code <<<"$body")" '507 storage' 'an answer whose mail cannot be stored: 507'
mail zwei | "$DOCKET" ingest --account Shop >"$TEST_DIR/ingest.said" 2>&1
is "$?" 75 'a mail at the pipe: EX_TEMPFAIL, so that the mail server keeps it'
like "$(cat "$TEST_DIR/ingest.said")" 'storage' 'and says why'
is "$(everything)" "$before" 'nothing of all this is half done'
api GET "/tickets/$t"; json '.draft.body == "Antwort"' 'the words typed are still there'
api POST "/tickets/$t/messages" -d '{"version": 1, "kind": "comment", "body": "geht"}'; status 201 'comments go on'
chmod -R u+w "$TEST_DIR/blobs"
upload neu; status 201 'with room again: an upload'
api POST "/tickets/$t/messages" -d "{\"version\": $v, \"body\": \"Antwort\"}"; status 201 'the answer, by the same workers'
mail zwei | "$DOCKET" ingest --account Shop >/dev/null 2>&1; is "$?" 0 'the mail'

# A disk that really is full: a small file system of our own, where a user may have one.
if unshare -rm true 2>/dev/null; then
	full=$(sql 'select count(*) from inbound')
	{ mail voll; head -c 300000 /dev/zero | tr '\0' x | fold -w 76; } >"$TEST_DIR/big.eml"
	unshare -rm bash -c 'mount -t tmpfs -o size=64k none "$1/blobs" && exec "$2" ingest --account Shop <"$1/big.eml"' x "$TEST_DIR" "$DOCKET" >"$TEST_DIR/ingest.said" 2>&1
	is "$? $(sql 'select count(*) from inbound')" "75 $full" 'a full disk: EX_TEMPFAIL, no row without its bytes'
	like "$(cat "$TEST_DIR/ingest.said")" 'No space left' 'and says so'
else
	skip 'a full disk' 'this user may not mount'
fi
# A write that stops in the middle (the limit of a file's size): the same.
full=$(sql 'select count(*) from inbound')
{ mail halb; head -c 300000 /dev/zero | tr '\0' y | fold -w 76; } >"$TEST_DIR/big.eml"
(trap '' XFSZ; ulimit -f 100; "$DOCKET" ingest --account Shop <"$TEST_DIR/big.eml" >/dev/null 2>&1)
is "$? $(sql 'select count(*) from inbound')" "75 $full" 'bytes that break off on their way to the disk: nothing is kept of them'

# The mailbox keeps what cannot be stored here.
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
echo secret | "$DOCKET" account add box --address box@docket.test --imap "localhost:$DOVECOT_IMAPS" --after delete >/dev/null
mail brief >"$TEST_DIR/brief.eml"
lmtp_put "$DOVECOT_LMTP" box@docket.test "$TEST_DIR/brief.eml"
box() { find "$TEST_DIR/mail/mail/box@docket.test" -type f -path '*/[cn][ue][rw]/*' | wc -l; }
chmod -R a-w "$TEST_DIR/blobs"
"$DOCKET" poll --account box 2>>"$TEST_DIR/poll.log"
is "$(box) $(sql "select count(*) from inbound i join account a on a.id = account_id where a.name = 'box'")" '1 0' 'no room: the mail stays on the server, no row speaks of it'
like "$(sql "select last_error from account where name = 'box'")" 'Permission denied' 'the account says why'
chmod -R u+w "$TEST_DIR/blobs"
"$DOCKET" poll --account box 2>>"$TEST_DIR/poll.log"
is "$(box) $(sql "select count(*) from inbound i join account a on a.id = account_id where a.name = 'box'")" '0 1' 'room again: fetched, then deleted there'
"$DOCKET" work --once 2>>"$TEST_DIR/work.log"

# A stored original that cannot be read waits and is read later.
start work "$DOCKET" work
wait_for '[ -n "$(sql "select 1 from pg_stat_activity where usename = '"'docket_work'"' and datname = current_database()")" ]'
chmod 0 "$TEST_DIR/blobs"
sha=$(mail drei | sha256sum | cut -c1-64)
sql "insert into inbound (account_id, sha256, size) values (1, '$sha', $(mail drei | wc -c)); notify docket_work" >/dev/null
wait_for 'grep -q "mail.waits" "$TEST_DIR/work.log"' 20; ok 'an original that cannot be opened waits'
rows "select state, ticket_id is null from inbound where sha256 = '$sha'" 'new|t' 'and is neither parked nor lost'
chmod 700 "$TEST_DIR/blobs"
mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && mail drei >"$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
wait_for '[ "$(sql "select state from inbound where sha256 = '"'$sha'"'")" = done ]' 20; ok 'it becomes a ticket by itself'

# The child that reads mail is killed while work runs: the next mail has a new one.
child=$(pgrep -P "${running[work]}")
like "$child" '^[0-9]+$' 'mail is read in a child'
kill -KILL "$child"
n=$(sql 'select count(*) from ticket')
mail vier | "$DOCKET" ingest --account Shop >/dev/null 2>&1
sha=$(mail fuenf | sha256sum | cut -c1-64)
mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && mail fuenf >"$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
sql "insert into inbound (account_id, sha256, size) values (1, '$sha', $(mail fuenf | wc -c)); notify docket_work" >/dev/null
wait_for '[ "$(sql "select count(*) from ticket")" = '$((n + 2))' ]' 20; ok 'the child was killed: the next mails become tickets all the same'
stop work

# --- the index --------------------------------------------------------------------------------------------------------
start index "$DOCKET" index
found() { api GET '/search?q=eins'; [ "$code" = 200 ] && jq -e '.hits | length > 0' <<<"$body" >/dev/null; }
wait_for found 20; ok 'search finds'
stop index
rm -r "$TEST_DIR/index"
api GET '/search?q=eins'; is "$code $(jq -r .code <<<"$body")" '503 index_away' 'the index is gone: search says so'
like "$(header Retry-After)" '^[0-9]+$' 'and when to come back'
api GET /tickets; status 200 'lists go on'
api GET "/tickets/$t"; status 200 'and tickets'
api GET /folders; status 200 'and folders'
api POST "/tickets/$t/messages" -d '{"version": 1, "kind": "comment", "body": "ohne Index"}'; status 201 'and writing'
mkdir "$TEST_DIR/index"
start index "$DOCKET" index
wait_for found 30; ok 'docket index builds it anew from the database'
rm -r "$TEST_DIR/index"/*
wait_for found 30; ok 'also when it is taken away while it runs'
wait_for '"$DOCKET" index --check' 20; ok 'whole' "$DOCKET" index --check
stop index
generation=$TEST_DIR/index/$(readlink "$TEST_DIR/index/current")
for table in "$generation"/*.glass; do head -c 8192 /dev/urandom >"$table"; done
call anna GET '/search?q=eins'; status 503 'an index that was overwritten: who opens it says so'
json '.code == "index_away"'
api GET '/search?q=eins'; like "$code $(jq '.hits | length' <<<"$body")" '^(503|200 [1-9])' 'who has it open answers from what it read, or says so'
api GET /tickets; status 200 'lists go on'
ok 'docket check finds it' bash -c '! "$DOCKET" check index'
start index "$DOCKET" index
api POST "/tickets/$t/messages" -d '{"version": 1, "kind": "comment", "body": "danach"}'
wait_for found 30; ok 'the indexer builds it anew by itself'
stop index
is "$(grep -cE 'AddressSanitizer|runtime error|worker.died|error bug' "$TEST_DIR"/*.log | grep -vc ':0$')" 0 'no process died of any of it'
done_testing
