#!/usr/bin/env bash
# The sentence docket is held against, on real servers: 300 mails become tickets, are found and answered behind nginx,
# and the answers reach the customers. Dovecot speaks IMAP and POP3 over TLS with a private authority.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
job() { python3 "$TOP/tests/accept/job.py" "$@" 2>&1; }
count() { psql -AtXqc "$1"; }
nothing_wrong() { is "$(tail -1 <<<"$1")" 0 "$2" || diag "$(head -5 <<<"$1")"; }

dovecot_start "$TEST_DIR/mail" && sink_start "$TEST_DIR/sent" --cert "$TEST_DIR/mail/ca/good.pem" --key "$TEST_DIR/mail/ca/good.key"
ok 'Dovecot and the SMTP sink run'
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
trap 'stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
"$DOCKET" key init >/dev/null
people
account() { # NAME OPTIONS...: both passwords are "secret"
	printf 'secret\nsecret\n' | "$DOCKET" account add "$1" --address "$1@shop.test" --login "$1" --type Anfrage --status Neu \
		--smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-login "$1" --sender 'Haus Lindemann' "${@:2}"
}
ok 'an IMAP account that moves what it fetched' account service --imap "localhost:$DOVECOT_IMAPS" --after move:Erledigt
ok 'a POP3 account that deletes it' account export --pop3 "localhost:$DOVECOT_POP3S" --after delete

# The rule without which nothing leaves.
call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage\n\n-- \n$SignatureText"}'
call anna POST /rules "{\"name\": \"Antwort mailen\", \"event\": \"message.agent\", \"template\": $(jq .id <<<"$body")}"
status 201 'a rule lets answers leave'

# Everything that has no business on the network runs under strace, which sees each socket it opens.
traced() { start "$1" strace -f -qq --seccomp-bpf -e trace=socket -o "$TEST_DIR/$1.sockets" "$DOCKET" "$1"; }
sed -i '/^workers/d' "$DOCKET_CONFIG"
echo 'workers = 2' >>"$DOCKET_CONFIG"
for name in serve live work index; do traced $name; done
start send "$DOCKET" send
mkdir -p "$TEST_DIR/web" && nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TEST_DIR/web"
wait_for 'curl -sf $URL/healthz' 30
ok 'serve answers behind nginx'
token=$("$DOCKET" token add anna job)

# 200 customers write.
job first "$TEST_DIR" "$DOVECOT_LMTP" >/dev/null
poll() { psql -qXc "update account set due_at = now()"; "$DOCKET" poll 2>>"$TEST_DIR/poll.log"; }
poll
wait_for '[ "$(count "select count(*) from inbound where state = '"'done'"'")" = 200 ]' 60
is "$(count 'select count(*) from ticket')" 200 '200 mails became 200 tickets'
wait_for '[ "$(count "select count(*) from index_queue")" = 0 ]' 60
is "$(find "$TEST_DIR/mail/mail/service" -path '*Erledigt*' -type f -name '*.*' -path '*/[cn]??/*' | wc -l)" 140 'IMAP: all are in the folder they are moved to'
is "$(find "$TEST_DIR/mail/mail/export" -type f -path '*/[cn]??/*' | wc -l)" 0 'POP3: all are deleted'

# An agent answers a hundred of them.
nothing_wrong "$(job answer "$TEST_DIR" "$URL" "$token")" 'a hundred answers are written behind nginx'
wait_for '[ "$(count "select count(*) from outbox where state = '"'sent'"'")" = 100 ]' 60
is "$(count "select string_agg(state || ' ' || n, ', ') from (select state, count(*) n from outbox group by 1) x")" 'sent 100' 'all were sent'
nothing_wrong "$(job compare "$TEST_DIR" "$TEST_DIR/sent")" 'an independent reader finds sender, recipient, thread and both bodies'

# They write back, and their mails join their tickets.
nothing_wrong "$(job reply "$TEST_DIR" "$DOVECOT_LMTP" "$TEST_DIR/sent")" 'a hundred customers write back'
poll
wait_for '[ "$(count "select count(*) from inbound where state = '"'done'"'")" = 300 ]' 60
is "$(count 'select count(*) from ticket')" 200 'no reply opened a ticket'
is "$(count "select count(*) from (select ticket_id from message where kind = 'message' group by 1 having count(*) = 3) x")" 100 'a hundred threads hold question, answer and reply'
wait_for '[ "$(count "select count(*) from index_queue")" = 0 ]' 60
nothing_wrong "$(job search "$TEST_DIR" "$URL" "$token")" 'each of the 300 mails is found by its own word'

for name in serve live work index; do
	pkill -TERM -P "${running[$name]}" # strace ends with what it traces
	wait "${running[$name]}"
	unset "running[$name]"
	is "$(grep -c 'AF_INET' "$TEST_DIR/$name.sockets")" 0 "$name opened no internet socket"
done
lost=$((300 - $(count "select count(*) from inbound where state = 'done'")))
doubled=$(count "select count(*) from (select inbound_id from message where inbound_id is not null group by 1 having count(*) > 1) x")
sent=$(find "$TEST_DIR/sent" -name '*.eml' | wc -l)
mv "$TEST_DIR"/sent/*.eml "$TEST_DIR/left/"
is "$lost $doubled $sent" '0 0 100' 'nothing is lost, nothing doubled'
figure "300 mails in, $(count 'select count(*) from ticket') tickets, $sent answers out, $lost lost, $doubled doubled"
done_testing
