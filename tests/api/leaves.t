#!/usr/bin/env bash
# What leaves the house, as an independent reader finds it: the header of mail.md's list, the account's sender name, reply
# address and signature, threads that stay threads.
. "$TOP/tests/lib.sh"
DOCKET=$TOP/build/rel/docket # a hundred calls
. "$TOP/tests/api/people.sh"
add_account
"$DOCKET" key init >/dev/null
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

# --- formatted words, pictures in them, files beside them -----------------------------------------------------------------
upload() { # NAME BYTES-FILE [QUERY]: its id and cid
	call anna POST "/uploads?name=$1${3:-}" --type application/octet-stream - <"$2"
	id=$(value .id) cid=$(value .cid)
}
printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0' >"$TEST_DIR/dot"
printf '<html><script>alert(1)</script>' >"$TEST_DIR/page"
unset from subject
mail_in bild@post.example 'Wie sieht sie aus?'
upload Intern.png "$TEST_DIR/dot" '&is_inline=true'
hidden=$cid
call anna POST "/tickets/$t/messages" "{\"version\": $(version), \"kind\": \"comment\", \"body\": \"[cid:$cid]\", \"uploads\": [$id]}"
status 201 'a picture in a comment'
json '.message.html and .message.files[0].inline' 'is shown there'
upload Seite.png "$TEST_DIR/page" '&is_inline=true'
status 422 'what is no picture is not shown'
upload Seite.html "$TEST_DIR/page" '&type=text/html'
status 201
json '.type == "application/octet-stream" and .cid == null' 'a page is a file like any other, whatever its type is called'
page=$id
upload Foto.png "$TEST_DIR/dot" '&is_inline=true'
json '.type == "image/png" and (.cid | test("^[a-z2-7]+@docket.test$"))' 'a picture for the text has a Content-ID'
photo=$cid
html="<p onclick=\"x()\">So <b>sieht</b> sie aus: <img src=\"cid:$photo\" alt=\"Foto\"><img src=\"cid:$hidden\"><img src=\"https://evil.example/x.png\"><script>alert(1)</script></p>"
answer "So sieht sie aus: [cid:$photo] [cid:$hidden]" "$(jq -nc --arg h "$html" --argjson a "$id" --argjson b "$page" '{html: $h, uploads: [$a, $b]}')"
status 201
json '.message.html and (.message.files | map(.inline) == [true, false] or map(.inline) == [false, true])'
m=$(value .message.id)
left
json '.shape == ["multipart/mixed","multipart/alternative","text/plain","multipart/related","text/html","image/png","application/octet-stream"]' 'text, HTML with its picture, file'
json ".parts[2].cid == \"$photo\" and .parts[2].disposition == \"inline\" and .parts[2].name == \"Foto.png\" and .parts[2].size == 29"
json '.parts[3].disposition == "attachment" and .parts[3].name == "Seite.html"'
json ".parts[1].text | contains(\"src=\\\"cid:$photo\\\"\") and contains(\"<b>sieht</b>\")" 'formatted'
json ".parts[1].text | (contains(\"src=\\\"https\") or contains(\"onclick\") or contains(\"script\") or contains(\"$hidden\")) | not" 'cleaned: no script, nothing from the net, no picture of a comment'
json ".parts[0].text | startswith(\"So sieht sie aus: [Foto.png] [cid:$hidden]\")" 'in the text the picture is its name'
call anna GET "/messages/$m/html"
like "$body" 'src="/api/v1/files/[0-9]+\?show=true"' 'the thread shows it too'
upload Foto2.png "$TEST_DIR/dot" '&is_inline=true'
answer 'Ohne Verweis.' "{\"uploads\": [$id]}"
left
json '.shape == ["multipart/mixed","multipart/alternative","text/plain","text/html","image/png"]' 'a picture that nothing shows is attached'
upload Foto3.png "$TEST_DIR/dot" '&is_inline=true'
call anna PUT "/tickets/$t/draft" "{\"kind\": \"message\", \"body\": \"x\", \"html\": \"<b>x</b>\", \"version\": $(version), \"uploads\": [$id]}"
call anna GET "/tickets/$t"
json ".draft.html == \"<b>x</b>\" and .draft.uploads[0].cid == \"$cid\"" 'a draft keeps both'
answer "Spaeter [cid:$cid]" "{\"uploads\": [$id], \"delay\": 30}"
sql 'update draft set due_at = now()'
"$DOCKET" work --once 2>>"$TEST_DIR/work.log"
left
json ".parts[1].text | contains(\"src=\\\"cid:$cid\\\"\")" 'so does an answer that waited'

# --- variables --------------------------------------------------------------------------------------------------------
call anna GET /templates/variables
json 'length >= 18 and all(.name and .what)' 'all variables are told'
every=$(jq -r 'map(.name + "=$" + .name) | join("\n")' <<<"$body")
try() { call anna POST /templates/preview "$(jq -nc --arg b "$1" --argjson t "$t" --argjson more "${2:-{\}}" '{ticket: $t, subject: "Re: $TicketTitle [#$TicketID]", body: $b} + $more')"; }
sql "update ticket set priority = 3 where id = $t"
try "$every" '{"message": "Was <b> ich schreibe"}'
status 200 'what would leave'
json ".subject == \"Re: Lampe [#$t]\""
for line in "TicketID=$t" TicketTitle=Lampe TicketType=Anfrage TicketPriority=3 'TicketLastMessage=Was <b> ich schreibe' 'Greeting=Guten Tag Erika Muster,' 'CustomerName=Erika Muster' \
	CustomerEmail=erika@post.example 'AgentName=Anna Berger' 'ShopName=Haus Lindemann' ShopEmail=service@shop.test "Date=$(TZ=Europe/Berlin date +%d.%m.%Y)" 'SignatureText=Anna Berger' '> Wie sieht sie aus?'; do
	json ".text | split(\"\\n\") | index($(jq -n --arg l "$line" '$l')) != null" "$line"
done
json '.html | contains("TicketLastMessage=Was &lt;b&gt; ich schreibe")' 'what is text stays text in the HTML'
json '.text | contains("Intern") | not' 'no comment'
try '$Greeting $TicketStatus $Date' '{"language": "en"}'
json ".text == \"Hello Erika Muster, $(sql "select name->>'en' from status where id = (select status_id from ticket where id = $t)") $(TZ=Europe/Berlin LC_ALL=C date '+%-d %b %Y')\"" 'in English'
try 'Kosten: 5 $ und $$ <$CustomerEmail>'
json '.text == "Kosten: 5 $ und $$ <erika@post.example>" and (.html | contains("5 $ und $$ &lt;erika@post.example&gt;"))' 'a dollar alone is one'
try 'x $Quatsch'
status 422 'a variable that is none'
json '.code == "template_variable_unknown" and (.detail | contains("$Quatsch"))'
try '$TicketLastComment'
json '.detail | contains("shop alone")' 'one that is not for customers'
sql "update template set body = jsonb_build_object('de', E'A\$Quatsch B \$TicketLastMessage\$TicketTags')"
answer 'C.'
left
json '.parts[0].text == "A B C." and (.parts[1].text | contains("$") | not)' 'no customer sees one, not even of an old template'
# Whose words are quoted: those of whoever reads the mail.
sql "update template set body = jsonb_build_object('de', E'\$TicketLastMessage\n\n\$TicketQuote\n--\n\$TicketHistory')"
from='Fremder <fremd@post.example>' mail_in fremd@post.example 'Worte eines Fremden.' "In-Reply-To: <$(sql "select max(ref) from message where ticket_id = $t and agent_id is not null")>"
rows "select count(*) from message where ticket_id = $t and email = 'fremd@post.example'" 1 'a stranger writes into the thread'
answer 'An die Kundin.'
left
json '.parts[0].text + .parts[1].text | contains("An die Kundin.") and (contains("Worte eines Fremden") | not) and contains("Wie sieht sie aus")' 'the customer reads her own and what was sent to her, not his'
answer 'An das Lager.' '{"to": ["lager@shop.example"]}'
left
json '.parts[0].text + .parts[1].text | contains("An das Lager.") and (test("Worte eines Fremden|Wie sieht sie aus") | not)' 'who stands outside reads neither'
answer 'Noch einmal an das Lager.' '{"to": ["lager@shop.example"], "cc": ["Fremd@post.example"]}'
left
json '.parts[0].text + .parts[1].text | contains("An das Lager.") and contains("Worte eines Fremden") and (contains("Wie sieht sie aus") | not)' 'but what he was sent and what he wrote'
try '$TicketQuote $TicketHistory'
json '.text | contains("Wie sieht sie aus") and (test("Worte eines Fremden|An das Lager") | not)' 'the preview shows what the customer would read'
sql "update ticket set confidential = true where id = $t"
try 'x'
status 422 'nothing of a confidential ticket'
done_testing
