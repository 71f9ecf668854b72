#!/usr/bin/env bash
# docket send against the sink: every state of the outbox, nothing sent twice to who has taken it.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
export SINK=$TOP/build/tests/sink/sink

ca_make "$TEST_DIR/ca" || exit 1
echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
auth=$(printf '\0shop\0geheim' | base64)
control=$TEST_DIR/control left=$TEST_DIR/left
: >"$control"
sink_start "$left" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key" --control "$control" --auth "$auth" || exit 1
printf 'geheim\n' | "$DOCKET" account add Shop --address shop@docket.test --smtp "localhost:$SINK_PORT" \
	--smtp-security starttls --smtp-login shop >/dev/null || exit 1
printf 'From: kunde@example.org\nSubject: hallo\n\nhallo\n' | "$DOCKET" ingest --account Shop >/dev/null 2>&1
ticket=$(sql 'select id from ticket')
add_agent anna 'Anna Berg' Administrator

# queue RECIPIENT...: a mail in the outbox; sets mail to its id.
queued=0
queue() {
	local to file sha
	queued=$((queued + 1)) file=$TEST_DIR/mail.$queued
	printf 'From: shop@docket.test\r\nSubject: nr %d\r\nMessage-ID: <nr%d@docket.test>\r\n\r\nGruss %d\r\n' \
		$queued $queued $queued >"$file"
	sha=$(sha256sum "$file" | cut -c1-64)
	mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$file" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
	to=$(printf ',"%s"' "$@")
	mail=$(sql "insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref)
		select 'customer', $ticket, id, address, '{${to:1}}', 'nr $queued', '$sha', 'nr$queued@docket.test' from account
		 where name = '${account:-Shop}' returning id")
}
send() { "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1; }
again() { sql "update outbox set next_at = now() where id = $mail"; send; }
is_mail() { is "$(sql "select $1 from outbox where id = $mail")" "$2" "$3"; }
copies() { grep -l "^Message-ID: <nr$queued@" "$left"/*.eml 2>/dev/null | wc -l; }

queue anna@example.org
send
is_mail "state, code, attempts, reply ~ 'taken as', sent_at is not null" 'sent|250|1|t|t' 'a mail that is taken: sent, with the words of the server'
is "$(copies)" 1 'it arrived once'
rows "select kind, after->>'state' from event where kind = 'mail.sent'" 'mail.sent|sent' 'its event'

echo 'nobody refuse' >"$control"
queue nobody@example.org
send
is_mail "state, code, reply ~ 'no such mailbox'" 'failed|550|t' 'a mailbox that is none: failed at once, with the words'
rows "select failed from ticket where id = $ticket" t 'the ticket shows it'
: >"$control"
call anna POST "/outbox/$mail/retry"
status 204 'an agent sends it once more'
send
is_mail 'state, attempts' 'sent|2' 'by hand also to who refused it: the mailbox is there now'
rows "select failed from ticket where id = $ticket" f 'the ticket shows that too'

echo 'busy later' >"$control"
queue busy@example.org
send
is_mail "state, code, attempts, round(extract(epoch from next_at - now()) / 60)" 'deferred|451|1|1' 'not now: deferred, again after a minute'
waits=
for i in 2 3 4 5 6 7; do again; waits+=" $(sql "select round(extract(epoch from next_at - now()) / 60) from outbox where id = $mail")"; done
is "$waits" ' 2 5 15 30 60 60' 'then after 2, 5, 15, 30, 60 minutes, then every hour'
sql "update outbox set created_at = now() - interval '5 days 1 minute' where id = $mail"
again
is_mail state failed 'after five days it is given up'

printf 'busy later\nnobody refuse\n' >"$control"
queue anna@example.org busy@example.org nobody@example.org
send
is_mail 'state, (select count(*) from jsonb_object_keys(results))' 'deferred|2' 'three fates: it waits for the one that was busy'
: >"$control"
again
is_mail "state, reply ~ 'nobody@example.org'" 'failed|t' 'in the end it says who refused it'
is "$(grep -h '^RCPT' $(grep -l "^Message-ID: <nr$queued@" "$left"/*.eml | sed 's/eml$/env/') | sed 's/>.*//' | sort | tr '\n' ' ')" \
	'RCPT TO:<anna@example.org RCPT TO:<busy@example.org ' 'who had taken it never got it again'

echo 'anna drop' >"$control"
queue anna@example.org
send
is_mail 'state, unknown' 'deferred|1' 'gone after the final dot: fate unknown, once more'
: >"$control"
again
is_mail 'state, attempts' 'sent|2' 'the second time it is taken'
is "$(copies)" 2 'one double at most, with the same Message-ID'
echo 'anna drop' >"$control"
queue anna@example.org
send
again
is_mail "state, reply ~ 'may have arrived'" 'failed|t' 'unknown twice: given up, and said so'
is "$(copies)" 2 'not a third time'

: >"$control"
closed=$(free_ports 1)
"$DOCKET" account add Away --address away@docket.test --smtp "localhost:$closed" --smtp-open </dev/null >/dev/null
account=Away queue anna@example.org
away=$mail
queue anna@example.org
send
is_mail state sent 'a server that is away holds up nobody else'
rows "select state, reply ~ 'does not answer' from outbox where id = $away" 'deferred|t' 'its own mail waits and says why'

servers=${#SERVER_PIDS[@]}
sink_start "$TEST_DIR/wrong" --cert "$TEST_DIR/ca/wrong.pem" --key "$TEST_DIR/ca/wrong.key" --auth "$auth"
printf 'geheim\n' | "$DOCKET" account add Wrong --address wrong@docket.test --smtp "localhost:$SINK_PORT" \
	--smtp-security starttls --smtp-login shop >/dev/null
account=Wrong queue anna@example.org
send
is_mail "state, reply ~ 'certificate.*password was not sent'" 'deferred|t' 'a certificate of another name: it waits, the password was not sent'

printf 'falsch\n' | "$DOCKET" account password Shop
queue anna@example.org
send
is_mail "state, reply ~ 'refuses login'" 'deferred|t' 'a wrong password: it waits'
printf 'geheim\n' | "$DOCKET" account password Shop
again
is_mail state sent 'the right one: it leaves'

sql "alter table outbox add constraint words check (state <> 'sent') not valid"
queue anna@example.org
send
send
is_mail "state, reply ~ 'cannot be kept'" 'failed|t' 'words that the database refuses: given up, and said so'
is "$(copies)" 1 'not sent again and again'
sql 'alter table outbox drop constraint words'

for place in smtp:1 smtp:2 sql:8 sql:12 sql:15; do
	queue anna@example.org
	DOCKET_CRASH=$place "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1
	killed=$?
	send
	is "$(sql "select state from outbox where id = $mail") $((killed == 137 ? $(copies) <= 2 : 0)) $(($(copies) >= 1))" 'sent 1 1' \
		"killed at $place: the next one takes over at once"
done
rows "select count(*) from outbox where state = 'sending'" 0 'nothing is left half done'
ok 'no password in log or database' bash -c \
	"! { cat '$TEST_DIR'/*.log; pg_dump -a; } | grep -qE 'geheim|falsch'"
done_testing
