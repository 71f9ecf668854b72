#!/usr/bin/env bash
# Test mode: nothing leaves but to the addresses that were named; the rest says so, and can be sent by hand afterwards.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/api/people.sh"
trap 'stop_all; servers_stop' EXIT
left=$TEST_DIR/left
"$DOCKET" key init >/dev/null
sink_start "$left" || exit 1
"$DOCKET" account add Shop --address shop@docket.test --smtp "127.0.0.1:$SINK_PORT" --smtp-security plain --smtp-open >/dev/null </dev/null
printf 'From: kunde@example.org\nSubject: hallo\n\nhallo\n' | "$DOCKET" ingest --account Shop >/dev/null 2>&1
ticket=$(sql 'select id from ticket')
n=0
queue() { # RECIPIENT...: sets mail
	n=$((n + 1))
	printf 'From: shop@docket.test\r\nSubject: nr %d\r\nMessage-ID: <nr%d@docket.test>\r\n\r\nGruss %d\r\n' $n $n $n >"$TEST_DIR/mail.$n"
	sha=$(sha256sum "$TEST_DIR/mail.$n" | cut -c1-64)
	mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$TEST_DIR/mail.$n" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
	to=$(printf ',"%s"' "$@")
	mail=$(sql "insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref)
		select 'customer', $ticket, id, address, '{${to:1}}', 'nr $n', '$sha', 'nr$n@docket.test' from account returning id")
}
send() { "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1; }
reached() { cat "$left"/*.env 2>/dev/null | sed -n 's/^RCPT TO:<\([^>]*\)>.*/\1/p' | sort | tr '\n' ' '; }

call anna PUT /mail/mode '{"testing": true, "allowed": "Anna@shop.test"}'
queue kunde@example.org; stranger=$mail
queue anna@shop.test; own=$mail
queue ANNA@shop.test kunde@example.org; both=$mail
for k in 1 2 3; do queue "kunde$k@example.org"; done
send
is "$(reached)" 'ANNA@shop.test anna@shop.test ' 'only the named address was written to, whatever its case'
rows "select state, reply ~ 'Testbetrieb.*test mode' from outbox where id = $stranger" 'failed|t' 'a mail to somebody else says so'
rows "select state from outbox where id = $own" sent 'a mail to oneself leaves'
rows "select state, results -> 'ANNA@shop.test' ->> 'code', results -> 'kunde@example.org' ->> 'code' from outbox where id = $both" 'failed|250|599' 'of two recipients one has it'
like "$("$DOCKET" check 2>&1)" 'test mode' 'docket check tells of it'

# Whatever the database cannot say is no permission.
sql 'alter table mail_mode rename column testing to gone'
queue anna@shop.test; unknown=$mail
send
sql 'alter table mail_mode rename column gone to testing'
rows "select state in ('deferred', 'queued') from outbox where id = $unknown" t 'when test mode cannot be asked for, nothing leaves'
sql "update outbox set next_at = now() where id = $unknown"
send
is "$(reached | wc -w)" 3 'later it does'

call anna PUT /mail/mode '{"testing": false}'
call anna POST "/outbox/$stranger/retry"
send
is "$(reached)" 'ANNA@shop.test anna@shop.test anna@shop.test kunde@example.org ' 'test mode is over: nothing leaves by itself, by hand it does'
call anna GET /mail/mode
json '.testing | not'
done_testing
