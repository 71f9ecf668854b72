#!/usr/bin/env bash
# Mails move between tickets by hand: with their files and what leads to them, once, seen by both; rights and secrets hold.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
. "$TOP/tests/mail/queue.sh"
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu </dev/null >/dev/null || exit 1
move() { call "$1" POST "/tickets/$2/messages/$3/move" "{\"version\": ${5:-$(version "$2")}${4:+, \"to\": $4}}"; }
id() { sql "select id from message where ref = '$1'"; }

mail 'Kunde <kunde@example.org>' shop@docket.test 'Lampe'; one=$ref
flush
t=$(of "$one")
mail 'Kunde <kunde@example.org>' shop@docket.test "Neues Thema [#$t]" 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b'; two=$ref
text=$'--b\r\n\r\nTisch\r\n--b\r\nContent-Type: image/png; name=tisch.png\r\n\r\nPNG\r\n--b--' mid=three@x mail 'Kunde <kunde@example.org>' shop@docket.test "Tisch [#$t]" 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b'
flush
three=three@x seen=$(version "$t")
move anna "$t" "$(id "$three")"
status 200
n=$(value .ticket.id)
rows "select subject, messages, files, from_email, is_open, customer_id = (select customer_id from ticket where id = $t) from ticket where id = $n" \
	"Tisch [#$t]|1|1|kunde@example.org|t|t" 'a mail becomes a ticket of its own, with its file'
rows "select messages, files from ticket where id = $t" '2|0' 'and is gone from the old one'
rows "select ticket_id from inbound where message_id = $(id "$three")" "$n" 'its original follows'
mail 'Kunde <kunde@example.org>' shop@docket.test 'Re: Tisch' "In-Reply-To: <$three>"
flush
is "$(of "$ref")" "$n" 'an answer to it finds it where it is now'
rows "select string_agg(ticket_id || ' ' || coalesce(before, after)::text, ', ' order by ticket_id) from event where kind = 'message.moved'" \
	"$t {\"ticket\": $n}, $n {\"ticket\": $t}" 'both tickets tell of it'
call anna GET "/tickets/$n"
json ".messages[0].evidence == \"hand\" and .messages[0].maybe[0].id == $t" 'and it names the way back'
rows "select count(*) from outbox" 0 'no rule wrote to anybody'

move anna "$t" "$(id "$three")" '' "$seen"
status 409 'a mail that is elsewhere is not moved'
move anna "$t" "$(id "$two")" "$n" "$seen"
status 409 'nor one of a ticket whose mails were moved since'
json '.code == "ticket_changed" and (.events | length) == 1'
move anna "$n" "$(id "$three")" "$t"
status 200 'it moves back'
rows "select messages, files from ticket where id = $t" '3|1'
move anna "$n" "$(sql "select id from message where ticket_id = $n")" "$t"
rows "select is_open, messages, snippet from ticket where id = $n" 'f|0|' 'a ticket that is left without messages is closed'
call anna POST "/tickets/$t/messages" "{\"version\": $(version "$t"), \"kind\": \"comment\", \"body\": \"intern\"}"
move anna "$t" "$(value .message.id)"
status 422 'a comment does not move'
call anna POST "/tickets/$t/messages" "{\"version\": $(version "$t"), \"body\": \"Antwort\"}"
move anna "$t" "$(value .message.id)"
status 422 'nor does what an agent wrote'
move anna "$t" "$(id "$two")" 999999
status 404 'nor anything to a ticket that is not there'
move anna "$t" 99
status 404 'or what is not there'
move nora "$t" "$(id "$two")"
status 403 'who may not write moves nothing'

# Who writes to the ticket meanwhile has not seen what is moved there.
call anna POST /tickets '{"subject": "Ziel", "type": 1, "email": "kunde@example.org"}'
goal=$(value .ticket.id) seen=$(value .ticket.version)
call ben POST "/tickets/$goal/messages" "{\"version\": $seen, \"body\": \"Wartet.\", \"delay\": 30}"
status 202
move anna "$t" "$(id "$two")" "$goal"
status 200
rows "select returned, due_at is null from draft where ticket_id = $goal" 'ticket_changed|t' 'an answer that waited there comes back'
call ben POST "/tickets/$goal/messages" "{\"version\": $seen, \"body\": \"Ohne es zu wissen.\"}"
is "$code $(value .code) $(value '.events[0].kind')" '409 ticket_changed message.moved' 'one that is sent collides'
move anna "$goal" "$(id "$two")" "$t"
status 200

# What an agent may not see he neither takes from nor gives to, and no suggestion names it.
hidden=$(sql "select min(id) from status where type_id = 1 and category = 'ext'")
sql "insert into profile_status select p.profile_id, $hidden, 'no' from agent_profile p join agent a on a.id = p.agent_id where a.login = 'ben'"
call anna PATCH "/tickets/$n" "{\"version\": $(version "$n"), \"status\": $hidden}"
move ben "$t" "$(id "$two")" "$n"
status 404 'nothing goes to a ticket that one may not see'
sql "update message set maybe = array[$n, $t] where id = $(id "$two")"
call ben GET "/tickets/$t"
json "[.messages[] | select(.id == $(id "$two")) | .maybe[].id] == [$t]" 'a suggestion names no ticket that one may not see'
call anna PATCH "/tickets/$t" "{\"version\": $(version "$t"), \"confidential\": true}"
move anna "$t" "$(id "$two")"
json '.ticket.confidential' 'what leaves a confidential ticket stays confidential'
"$DOCKET" check >"$TEST_DIR/check" 2>&1
is "$(grep -E '^ *(ticket|inbound) ' "$TEST_DIR/check")" '' 'the doctor finds every ticket and original in order'

# The history: the newest 500 with the ticket, the rest by page.
sql "insert into event (kind, ticket_id, message_id) select 'mail.skipped', $t, null from generate_series(1, 600)"
call anna GET "/tickets/$t"
json "(.events | length) == 500 and .events[-1].id == $(sql "select max(id) from event where ticket_id = $t")" 'a long history shows its newest end'
first=$(value '.events[0].id')
call anna GET "/tickets/$t/events?before=$first&limit=500"
json ".events[-1].id < $first and .events[0].id == $(sql "select min(id) from event where ticket_id = $t")" 'and the rest page by page'
done_testing
