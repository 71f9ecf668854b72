#!/usr/bin/env bash
# Answers and comments: what leaves, what never does, and two people answering at once.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
add_account
"$DOCKET" key init >/dev/null

call anna POST /tickets '{"subject": "Lieferung fehlt", "type": 1, "email": "kunde@example.org", "name": "Karl Kunde"}'
t=$(value .ticket.id) v=$(value .ticket.version)

call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Wir schauen nach.\"}"
status 201 'a message is written'
rows 'select count(*) from outbox' 0 'without a rule nothing leaves'
call anna GET "/tickets/$t"
json '.sending == null' 'and the page says so'

# Rules and templates
call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage\n\n-- \n$SignatureText"}'
status 201 'a template'
template=$(value .id)
call anna POST /templates '{"name": "Falsch", "subject_de": "x", "body_de": "$TicketLastComment"}'
status 422 'a variable that does not exist is refused'
json '.code == "template_variable_unknown"'
call ben POST /rules "{\"name\": \"x\", \"event\": \"message.agent\", \"template\": $template}"
status 403 'rules are for those who may'
call anna POST /rules "{\"name\": \"Antwort mailen\", \"event\": \"message.agent\", \"template\": $template}"
status 201 'a rule'
rule=$(value .id)
call anna GET "/tickets/$t"
json ".sending.rule_id == $rule and .sending.to == [\"kunde@example.org\"]" 'now the page names the rule and the recipient'
call anna POST /tickets '{"subject": "Intern", "type": 1}'
json ".sending.rule_id == $rule and .sending.to == []" 'of a ticket without a customer too, where nobody is the recipient'
call anna GET "/tickets/$t"

v=$(value .ticket.version)
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Das Paket ist unterwegs: Größe & <Maß>.\"}"
status 201
json '.message.mails | length == 1 and .[0].state == "queued"' 'an answer is queued, once'
m=$(value .message.id)
rows "select sender, recipients[1], audience from outbox where message_id = $m" 'service@shop.test|kunde@example.org|customer'
sha=$(psql -AtXqc "select sha256 from outbox where message_id = $m")
mail=$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha
python3 - "$mail" "$t" >"$TEST_DIR/mail.txt" <<'PY'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
print(m['from'], '|', m['to'], '|', m['subject'], '|', m['message-id'] is not None)
print(m.get_body(('plain',)).get_content())
PY
like "$(cat "$TEST_DIR/mail.txt")" "Re: Lieferung fehlt \[#$t\]" 'an independent reader finds the subject'
like "$(cat "$TEST_DIR/mail.txt")" 'Größe & <Maß>' 'and the words'
like "$(cat "$TEST_DIR/mail.txt")" 'Ihr Serviceteam' 'and the signature'

call anna POST "/tickets/$t/messages" "{\"version\": 1, \"kind\": \"comment\", \"body\": \"$CANARY bitte intern lassen\"}"
status 201 'a comment never collides'
json '.message.mails == []' 'and never leaves'
rows 'select count(*) from outbox' 1

# Two answers at the same moment
call anna GET "/tickets/$t"
v=$(value .ticket.version)
for who in anna ben; do
	start "$who" "$DOCKET" call --agent $who --status POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Antwort von $who\"}"
done
for who in anna ben; do wait "${running[$who]}"; unset "running[$who]"; done
is "$(grep -hoE "^(201|409)$" "$TEST_DIR/anna.log" "$TEST_DIR/ben.log" | sort | xargs)" "201 409" "one answer goes, the other gets 409"
rows "select count(*) from message where ticket_id = $t and body like 'Antwort von%'" 1 'only one is in the thread'
loser=$(grep -l '^409' "$TEST_DIR/anna.log" "$TEST_DIR/ben.log")
like "$(cat "$loser")" 'message.agent' 'the 409 names the first answer'

# A mail that comes in meanwhile
call anna GET "/tickets/$t"
v=$(value .ticket.version)
printf 'From: Karl Kunde <kunde@example.org>\r\nTo: service@shop.test\r\nSubject: Re: Lieferung fehlt [#%s]\r\nMessage-ID: <neu@example.org>\r\n\r\nIst da.\r\n' "$t" >"$TEST_DIR/new.eml"
like "$("$DOCKET" ingest <"$TEST_DIR/new.eml" 2>"$TEST_DIR/ingest.log")" "ticket $t " 'a customer writes back meanwhile' || diag "$(cat "$TEST_DIR/ingest.log")"
call ben PATCH "/tickets/$t" "{\"version\": $v, \"status\": 4}"
status 200 'his mail does not make a change of status fail'
call ben POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Zu spät gelesen\"}"
status 409 'but an answer that has not seen it'
json '.events | map(.kind) == ["message.customer"]' 'and names it'

# Files
printf 'x' >"$TEST_DIR/x.txt"
psql -qX -c "insert into file (agent_id, name, type, size, sha256) values ($(id_of ben), 'fremd.txt', 'text/plain', 1, repeat('0', 64))"
call anna GET "/tickets/$t"
call anna POST "/tickets/$t/messages" "{\"version\": $(value .ticket.version), \"body\": \"mit Datei\", \"uploads\": [1]}"
status 422 'somebody else'"'"'s upload cannot be claimed'
rows "select count(*) from message where body = 'mit Datei'" 0 'and nothing is kept of the attempt'

# Confidential
call anna GET "/tickets/$t"
call anna PATCH "/tickets/$t" "{\"version\": $(value .ticket.version), \"confidential\": true}"
status 200
call anna POST "/tickets/$t/messages" "{\"version\": $(value .ticket.version), \"body\": \"darf nicht hinaus\"}"
status 422 'nothing leaves a confidential ticket'

# Rules once, and switched off
rows 'select count(*), count(distinct (event_id, rule_id)) from rule_run' '2|2' 'each event ran the rule once'
call anna PATCH "/rules/$rule" '{"active": false}'
json '.active == false and .version == 2' 'a rule can be switched off'
call anna DELETE "/rules/$rule"
status 204

# A thread without end and a message without end: a page of it, the beginning of its words, the rest when asked for.
call anna POST /tickets '{"subject": "Lang", "type": 1}'
t=$(value .ticket.id)
sql "insert into message (ticket_id, kind, author, body, folded, source) select $t, 'message', 'Karl', 'Zeile ' || n || case n when 250 then repeat(' Wörter', 20000) else '' end,
	case n when 249 then repeat('x', 40000) end, 'mail' from generate_series(1, 250) n"
call anna GET "/tickets/$t"
json '(.messages | length) == 100 and (.messages[0].text == "Zeile 151")' 'of a long thread its newest end'
json '[.messages[] | select(.cut)] | length == 2 and (.[0].folded | length) == 32768 and (.[1].text | length) == 32768' 'of very long words their beginning'
last=$(value '.messages[-1].id') first=$(value '.messages[0].id')
call anna GET "/tickets/$t/messages?before=$first"
json '(.messages | length) == 100 and .messages[0].text == "Zeile 51" and .messages[-1].text == "Zeile 150"' 'the page before'
call anna GET "/tickets/$t/messages?before=$(value '.messages[0].id')"
json '(.messages | length) == 50 and .messages[0].text == "Zeile 1"' 'and its beginning'
call anna GET "/messages/$last"
json '(.cut | not) and (.text | length) == 140009 and .attached == [] and .crypto == null' 'a whole message'
call anna GET /messages/999999
status 404 'one that is not there'
call nora GET "/messages/$last"
status 403 'not for whoever may see no tickets'
sql "insert into profile_status select p.profile_id, (select status_id from ticket where id = $t), 'no' from agent_profile p join agent a on a.id = p.agent_id where a.login = 'ben'"
call ben GET "/messages/$last"
status 404 'nor for whoever may not see this one'
call ben GET "/tickets/$t/messages"
status 404
done_testing
