#!/usr/bin/env bash
# One word goes into passwords, tokens, subjects, bodies, names, addresses, files, searches: no log of docket at its usual
# level, of nginx or of PostgreSQL holds it, whether things go well or not.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
trap 'stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
word=verrat$RANDOM$RANDOM
ca_make "$TEST_DIR/ca" && echo "* refuse" >"$TEST_DIR/control" &&
	sink_start "$TEST_DIR/sent" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key" --control "$TEST_DIR/control" || exit 1
echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
people
PASSWORD="$word geheim $word"
"$DOCKET" user passwd anna <<<"$PASSWORD" >/dev/null || exit 1
printf '%s\n%s\n' "$word" "$word" | "$DOCKET" account add Shop --address "$word@docket.test" --type Anfrage --status Neu --login "$word" \
	--imap localhost:9 --smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-login "$word" --sender "$word" >/dev/null || exit 1
serve_up 2 && live_up
for name in work index send; do start $name "$DOCKET" $name; done
ok 'all processes run'

# Who is who, all at once: nothing but the roles of design, and none of them more than it may be.
wait_for '[ "$(sql "select count(distinct usename) from pg_stat_activity where datname = current_database() and usename like '"'docket_%'"'")" = 4 ]' 20
rows "select string_agg(distinct usename || ' ' || application_name, ', ' order by usename || ' ' || application_name) from pg_stat_activity
	where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'" \
	'docket_agent docket_agent, docket_index docket_index, docket_send docket_send, docket_work docket_work' 'each process is its role'
rows "select count(*) from pg_stat_activity a join pg_roles r on r.rolname = a.usename
	where datname = current_database() and pid <> pg_backend_pid() and (rolsuper or rolbypassrls or rolinherit)" 0 'none is superuser or goes around row-level security'

# Things that go well and things that do not.
login anna "$TEST_DIR/jar"; status 201 'a login'
login "$word" "$TEST_DIR/nobody" "$word-falsch-und-lang"; status 401 'a wrong one'
login anna "$TEST_DIR/jar"
secret=$(sed -n 's/.*docket\t//p' "$TEST_DIR/jar")
token=$("$DOCKET" token add anna "$word")
me() { mine "$TEST_DIR/jar" "$1" "/api/v1$2" "${@:3}"; }
me POST /templates -d "{\"name\": \"$word\", \"subject_de\": \"$word \$TicketTitle\", \"body_de\": \"$word \$TicketLastMessage\"}"; status 201
template=$(jq .id <<<"$body")
me POST /templates -d "{\"name\": \"$word\", \"subject_de\": \"$word\", \"body_de\": \"$word\"}"; status 409 'a name that is taken'
me POST /rules -d "{\"name\": \"$word\", \"event\": \"message.agent\", \"template\": $template}"; status 201
printf 'From: %s <%s@example.org>\nTo: x@docket.test\nSubject: %s\nMessage-ID: <%s@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n%s\n--b\nContent-Type: image/png; name=%s.png\n\n%s\n--b--\n' \
	$word $word $word $word $word $word $word | "$DOCKET" ingest --account Shop 2>>"$TEST_DIR/ingest.log" >>"$TEST_DIR/ingest.out"
t=$(sql 'select max(id) from ticket')
me POST "/tickets/$t/messages" -d "{\"version\": $(sql "select version from ticket where id = $t"), \"body\": \"$word\"}"; status 201 'an answer'
me POST "/tickets/$t/messages" -d "{\"version\": 1, \"body\": \"$word\"}"; status 409 'one too late'
me PATCH "/tickets/$t" -d "{\"version\": 2, \"subject\": \"$word neu\", \"status\": 9}"; status 422 'a change the database refuses'
me PUT "/tickets/$t/draft" -d "{\"kind\": \"message\", \"body\": \"$word\", \"version\": 1}"; status 200
me POST "/tickets" -d "{\"subject\": \"$word\", \"type\": 999, \"email\": \"$word@example.org\", \"name\": \"$word\"}"; status 422
me POST "/tickets" -d "{\"subject\": \"$word\", \"type\": 1, \"customer\": 999, \"body\": \"$word\"}"; status 422
me PATCH /me -d "{\"zone\": \"$word\"}"; status 422
me PATCH /me -d "{\"signature\": \"$word\", \"$word\": 1}"; status 400
me GET "/search?q=$word&after=$word"; status 400
wait_for 'me GET "/search?q=$word"; jq -e ".hits | length > 0" <<<"$body"' 20; ok 'it is found'
me GET "/tickets?q=customer:$word"; status 200
me GET "/customers?q=$word"; status 200
me POST "/uploads?name=$word.txt" -H 'Content-Type: text/plain' -d "$word"
web POST "/api/v1/uploads?name=$word.txt" -H "Authorization: Bearer $token" -H 'Content-Type: application/octet-stream' --data-binary "$word"; status 201 'an upload'
web GET /api/v1/session -H "Authorization: Bearer dk_$word"; status 401 'a token that is none'
wait_for '[ "$(sql "select count(*) from outbox where state = '"'failed'"'")" = 1 ]' 20; ok 'the mail was refused'
"$DOCKET" poll 2>>"$TEST_DIR/poll.log"
rows "select failures > 0 from account" t 'no mail could be fetched'
psql -AtXqc "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like 'docket%'" >/dev/null
wait_for 'me GET "/tickets/$t"; [ "$code" = 200 ]' 20
printf 'From: %s@example.org\nSubject: %s\n\n%s\n' $word $word $word | "$DOCKET" ingest --account Shop 2>>"$TEST_DIR/ingest.log" >>"$TEST_DIR/ingest.out"
stop_all

for name in serve live work index send poll ingest; do
	[ -e "$TEST_DIR/$name.log" ] && is "$(grep -c "$word" "$TEST_DIR/$name.log")" 0 "docket $name does not tell" || diag "$(grep -m3 "$word" "$TEST_DIR/$name.log")"
done
is "$(cat "$TEST_DIR"/*.log | grep -cF -e "$token" -e "$secret" -e "${csrf:-nothing}")" 0 'no token, no cookie in any log'
is "$(grep -c "$word" "$TEST_DIR/nginx/error.log")" 0 'nginx does not tell' || diag "$(grep -m3 "$word" "$TEST_DIR/nginx/error.log")"
log=$PGHOST/data/log
grep -q 'violates foreign key constraint "customer_unknown"' "$log"; ok 'PostgreSQL notes what it refused'
is "$(grep -c "$word" "$log")" 0 'PostgreSQL does not tell' || diag "$(grep -m5 "$word" "$log")"
for role in agent owner portal poll work index send; do
	rows "select rolconfig @> '{log_error_verbosity=terse,log_parameter_max_length=0,log_parameter_max_length_on_error=0}' from pg_roles where rolname = 'docket_$role'" \
		t "docket_$role leaves no rows or parameters in the server's log"
done
done_testing
