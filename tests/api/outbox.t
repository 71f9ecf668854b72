#!/usr/bin/env bash
# The outbox through the API, on a real mail server: counts, words, what left in bytes, calling off, and sending anew to
# whom it did not reach; each for those who may.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
. "$TOP/tests/api/people.sh"
export SINK=$TOP/build/tests/sink/sink
"$DOCKET" key init >/dev/null
ca_make "$TEST_DIR/ca" || exit 1
echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
control=$TEST_DIR/control left=$TEST_DIR/left
echo 'weg refuse' >"$control"
sink_start "$left" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key" --control "$control" || exit 1
printf 'geheim\n' | "$DOCKET" account add Shop --address shop@docket.test --smtp "localhost:$SINK_PORT" \
	--smtp-security starttls --smtp-login shop >/dev/null || exit 1
call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage"}'
call anna POST /rules "{\"name\": \"Antwort mailen\", \"event\": \"message.agent\", \"template\": $(value .id)}"
send() { "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1; }
# write AGENT BODY [MORE]: an answer to ticket t; sets m.
write() {
	call "$1" POST "/tickets/$t/messages" "{\"version\": $(sql "select version from ticket where id = $t"), \"body\": \"$2\"${3:-}}"
	m=$(value .message.id)
}
counts() { call "$1" GET /outbox/counts; json ".queued == $2 and .deferred == 0 and .failed == $3 and .scheduled == $4" "$5"; }

call anna POST /tickets '{"subject": "Lampe fehlt", "type": 1, "email": "weg@example.org", "name": "Karl Kunde"}'
t=$(value .ticket.id)
"$DOCKET" call --agent anna POST '/uploads?name=Plan.txt' --type application/octet-stream 'ein Plan' >"$TEST_DIR/upload"
write anna 'Hier ist der Plan.' ", \"uploads\": [$(jq .id "$TEST_DIR/upload")]"
status 201 'an answer with a file'
first=$m
counts ben 1 0 0 'it is on its way, for all who see the ticket'
send
counts ben 0 1 0 'the mailbox is none: it failed'
call ben GET '/outbox?state=failed'
json ".[0].message_id == $first and .[0].agent_id == $(id_of anna) and .[0].code == 550 and (.[0].results[\"weg@example.org\"].words | test(\"no such mailbox\"))" 'with the words of the server, by recipient, and who wrote it'
o=$(value '.[0].id')
call nora GET /outbox/counts
status 403 'who sees no tickets sees no outbox'
for path in "/outbox/$o/retry" "/outbox/$o/cancel" "/messages/$first/uploads"; do
	call nora POST "$path"
	status 403 "nora may not: POST $path"
done
call ben POST "/outbox/$o/cancel"
status 409 'what failed is not called off'

# anew, to another address, with the same file
call ben POST "/messages/$first/uploads"
status 200 'the files of the message once more'
json 'length == 1 and .[0].name == "Plan.txt" and .[0].size == 8'
copy=$(value '.[0].id')
rows "select count(*) from file where message_id = $first" 1 'the message keeps its own'
write ben 'Noch einmal, an Ihre neue Adresse.' ", \"to\": [\"da@example.org\"], \"uploads\": [$copy], \"resends\": $first"
status 201 'sent in place of the one that failed'
json ".message.resends == $first and .ticket.failed == false" 'the ticket is not in trouble any more'
counts anna 1 0 0 'nor the outbox'
call anna GET "/tickets/$t"
json ".messages[] | select(.id == $first) | .mails[0].replaced" 'the old one says that it was replaced'
write ben 'Und noch einmal.' ", \"resends\": $first"
status 422 'it is replaced once'
call ben POST "/outbox/$o/retry"
status 409 'what was replaced is not tried again'
send
call ben GET '/outbox?state=sent'
json '.[0].to == "da@example.org"' 'it has left'
mail=$(grep -l 'da@example.org' "$left"/*.eml | head -1)
ok 'it arrived, with its file' grep -q 'Plan.txt' "$mail"
call ben GET "/outbox/$(value '.[0].id')/raw"
status 200 'its bytes can be had'

# what came back is sent anew as well
sql "update outbox set bounced = 'failed', bounced_at = now() where ticket_id = $t and state = 'sent'"
second=$(sql "select max(message_id) from outbox where ticket_id = $t and bounced is not null")
call ben GET '/outbox?state=returned'
json "map(select(.message_id == $second and .bounced == \"failed\")) | length == 1" 'it stands among those that came back'
counted=$(call anna GET /outbox/counts; jq .returned <<<"$body")
call nora GET '/outbox?state=returned'
status 403 'who may read no tickets sees none'
write anna 'Dann so.' ", \"to\": [\"dort@example.org\"], \"resends\": $second"
status 201 'a message that came back is sent anew, too'
call ben GET '/outbox?state=returned'
json "map(select(.message_id == $second)) == []" 'and stands there no more'
call anna GET /outbox/counts
json ".returned == $counted - 1 and $counted > 0" 'nor is it counted'

# called off before it left
o=$(sql "select max(id) from outbox where ticket_id = $t")
before=$(ls "$left"/*.eml | wc -l)
call ben POST "/outbox/$o/cancel"
status 204 'called off before it left'
send
is "$(ls "$left"/*.eml | wc -l) $(sql "select state from outbox where id = $o")" "$before cancelled" 'it did not leave'
call ben POST "/outbox/$o/cancel"
status 409 'once'
counts ben 0 0 0 'nothing waits'
write anna 'Später.' ', "delay": 30'
status 202
counts anna 0 0 1 'an answer that waits counts for who wrote it'
counts ben 0 0 0 'and for nobody else'
done_testing
