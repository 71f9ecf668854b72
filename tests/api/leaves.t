#!/usr/bin/env bash
# What leaves the house, as an independent reader finds it: the header of mail.md's list, the account's sender name, reply
# address and signature, threads that stay threads.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
add_account
"$DOCKET" key init >/dev/null
sql() { psql -AtXqc "$1"; }
# left: the newest mail of the outbox, read into the answer, for json
left() {
	local sha
	sha=$(sql 'select sha256 from outbox order by id desc limit 1')
	asked='the mail that leaves'
	body=$(python3 "$TOP/tests/api/read_mail.py" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha" 2>&1)
}
version() { sql "select version from ticket where id = $t"; }
answer() { call anna POST "/tickets/$t/messages" "$(jq -nc --arg b "$1" --argjson v "$(version)" --argjson more "${2:-{\}}" '{version: $v, body: $b} + $more')"; }
mail_in() { # ID BODY [HEADER...]: the customer writes
	{
		printf 'From: %s\r\nTo: service@shop.test\r\nSubject: %s\r\nMessage-ID: <%s>\r\n' "${from:-Erika Muster <erika@post.example>}" "${subject:-Lampe}" "$1"
		[ $# -lt 3 ] || printf '%s\r\n' "${@:3}"
		printf '\r\n%s\r\n' "$2"
	} | "$DOCKET" ingest >"$TEST_DIR/in" 2>>"$TEST_DIR/ingest.log"
	[ "${3:-}" ] || t=$(cut -d' ' -f2 "$TEST_DIR/in")
}

call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage\n\n-- \n$SignatureText"}'
template=$(value .id)
call anna POST /rules "{\"name\": \"Antworten mailen\", \"event\": \"message.agent\", \"template\": $template}"

# --- the header, line by line -----------------------------------------------------------------------------------------
mail_in erste@post.example 'Wo bleibt sie?'
answer 'Sie kommt morgen.'
status 201 'an answer'
left
json '.headers | map_values(length) | to_entries | all(.value == 1)' 'no header twice'
json '(.headers | keys) - ["content-type"] == ["date","from","in-reply-to","message-id","mime-version","references","subject","to","x-docket-id"]' 'these and no others; none for copies that nobody may see'
json '.from == [["Haus Lindemann", "service@shop.test"]]' 'the account'"'"'s sender name and its own address'
json '.to == [["Erika Muster", "erika@post.example"]]'
json ".headers.subject == [\"Re: Lampe [#$t]\"]"
json '.headers["in-reply-to"] == ["<erste@post.example>"] and .headers.references == ["<erste@post.example>"]'
json ".headers[\"message-id\"][0] | test(\"^<dk\\\\.$t\\\\.[0-9]+\\\\.[a-z0-9]+\\\\.[a-z2-7]{26}@\")" 'an id of its own, signed'
json '.longest <= 998 and .ascii and .defects == []'
json '.shape == ["multipart/alternative", "text/plain", "text/html"]' 'text and HTML'
json '.parts[0].params.format == "flowed" and .parts[0].params.charset == "utf-8"'
json '.parts[0].text == "Sie kommt morgen.\n\n-- \nIhr Serviceteam"' 'with the account'"'"'s signature'
sql "update agent set signature = E'Anna Berger\nTel. 123' where login = 'anna'"
answer 'Noch etwas.'
left
json '.parts[0].text == "Noch etwas.\n\n-- \nAnna Berger\nTel. 123"' 'the agent'"'"'s own signature goes before it'
json '.parts[1].text | contains("Anna Berger<br>")' 'in both'
json '.reply_to == []' 'answers come to the account'
sql "update account set reply_to = 'antwort@shop.test'"
answer 'Und noch etwas.'
left
json '.reply_to == [["", "antwort@shop.test"]]' 'or where its owner wants them'
sql "update account set reply_to = null, plus_proved = true, sender_name = ''"
answer 'Ein drittes Mal.'
left
json ".reply_to[0][1] | test(\"^service\\\\+t$t-[a-z2-7]{26}@shop.test$\")" 'else to the ticket'"'"'s address, once it is proved that such mail arrives'
json '.from == [["Anna Berger", "service@shop.test"]]' 'without a sender name the agent'"'"'s'
sql "update account set plus_proved = false, sender_name = 'Haus Lindemann'"

# --- a long thread ----------------------------------------------------------------------------------------------------
mail_in lang.0@post.example 'Die erste.'
sql "insert into message (ticket_id, kind, body, source, ref, email) select $t, 'message', 'x', 'mail', 'lang.' || n || '@post.example', 'erika@post.example' from generate_series(1, 24) n"
answer 'Ich lese.'
left
json '.headers["in-reply-to"] == ["<lang.24@post.example>"]' 'one In-Reply-To: the newest mail'
json '.headers.references[0] | split(" ") | map(.[6:-14]) == ["0"] + [range(6; 25) | tostring]' 'References: the first and the last 19'

# --- names and subjects that mean harm --------------------------------------------------------------------------------
from='=?utf-8?q?Evil=0D=0ABcc:_x=40y.example=C2=85=E2=80=A8?= <evil@post.example>' subject='=?utf-8?q?Hallo=0D=0ABcc:_y=40z.example=00_=F0=9F=91=8D_=E2=80=AEabc?='
mail_in boese@post.example 'Was nun?'
answer 'Nichts.'
status 201 'a customer with line ends in his name can be answered'
left
json '(.headers | has("bcc") | not) and .to[0][1] == "evil@post.example" and (.headers.subject[0] | contains("Bcc: y@z.example"))' 'they end no line'
call anna POST "/tickets/$t/messages" "{\"version\": $(version), \"body\": \"x\\u0000y\"}"
status 400 'NUL is nowhere taken'
call anna POST "/tickets/$t/messages" "{\"version\": $(version), \"body\": \"x\", \"to\": [\"a@b.example\\r\\nBcc: c@d.example\"]}"
status 422 'nor line ends in addresses'
done_testing
