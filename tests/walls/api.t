#!/usr/bin/env bash
# What the API refuses, with its status, code and sentence, and that nothing changed by it; what an agent may not see is
# not there for him, on whichever way he asks: by id, list, search, folder, count, file, original, outbox.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp localhost:9 --smtp-open >/dev/null
for who in anna ben cleo; do declare "token_$who=$("$DOCKET" token add $who test)"; done
serve_up 2
ok 'serve'
api() { # WHO METHOD PATH [JSON]
	local token=token_$1
	web "$2" "/api/v1$3" -H "Authorization: Bearer ${!token}" ${4:+"${JSON[@]}" --data-binary "$4"} "${@:5}"
}
value() { jq -r "$1" <<<"$body"; }
version() { sql "select version from ticket where id = $1"; }
# state: a checksum of every table but those that note that somebody asked.
tables=$(sql "select string_agg(format('select %L, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '''')) from %I t', relname, relname), ' union all ')
	from pg_class where relnamespace = 'docket'::regnamespace and relkind = 'r' and relname not in ('session', 'login_attempt', 'index_queue')")
state() { sql "$tables"; }
untouched() { is "$(diff <(echo "$before") <(state) | sed -n 's/^> \([a-z_]*\)|.*/\1/p' | xargs)" '' "$1"; }

# --- a little world: one ticket that all see, one that ben may not, one for its owners only ----------------------------
open_one() { # STATUS WORD: a mail with a picture, a comment with a file; sets t and what belongs to it
	printf 'From: %s@example.org\nTo: shop@docket.test\nSubject: %s Betreff\nMessage-ID: <%s@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>%s Seite</p>\n--b\nContent-Type: image/png; name=%s.png\n\nPNG %s\n--b--\n' \
		$2 $2 $2 $2 $2 $2 | "$DOCKET" ingest --account Shop >>"$TEST_DIR/ingest.log" 2>&1
	t=$(sql 'select max(id) from ticket')
	api anna POST "/uploads?name=$2-intern.txt" '' -H 'Content-Type: application/octet-stream' --data-binary "$2 intern"
	api anna POST "/tickets/$t/messages" "{\"version\": $(version $t), \"kind\": \"comment\", \"body\": \"$2 Kommentar\", \"uploads\": [$(value .id)]}"
	api anna POST "/tickets/$t/messages" "{\"version\": $(version $t), \"body\": \"$2 Antwort\"}"
	[ "$1" = 1 ] || api anna PATCH "/tickets/$t" "{\"version\": $(version $t), \"status\": $1}"
}
api anna POST /templates '{"name": "A", "subject_de": "Re", "body_de": "$TicketLastMessage"}'
api anna POST /rules "{\"name\": \"mail\", \"event\": \"message.agent\", \"template\": $(value .id)}"
open_one 1 offenwort; seen=$t
open_one 2 geheimwort; hidden=$t
open_one 3 eigenwort; own=$t
sql "insert into profile_status select id, 2, 'no' from profile where name = 'Support' union all select id, 3, 'own' from profile where name = 'Support';
	insert into folder (name, query, agent_id) select '{\"de\": \"x\"}', '', id from agent where login = 'anna'"
"$DOCKET" index --once 2>>"$TEST_DIR/index.log"
v=$(version "$seen")

# --- errors: nothing changes ------------------------------------------------------------------------------------------
before=$(state)
# bad STATUS CODE WHAT WHO METHOD PATH [JSON]
bad() {
	api "${@:4}"
	is "$code $(jq -r '.code' <<<"$body" 2>/dev/null)" "$1 $2" "$3" || diag "$body"
	jq -e '(.detail | length > 10 and (test("constraint|relation|violates|syntax|column") | not)) and (.request | length > 5)' <<<"$body" >/dev/null ||
		ok "$3: with a sentence for people: $(value .detail)" false
}
long=$(printf 'x%.0s' {1..501})
deep=$(printf '[%.0s' {1..40})$(printf ']%.0s' {1..40})
m="/tickets/$seen/messages"
bad 400 field_unknown 'message: unknown field' ben POST "$m" "{\"version\": $v, \"body\": \"x\", \"agent\": 1}"
bad 422 input 'message: wrong type' ben POST "$m" "{\"version\": \"$v\", \"body\": \"x\"}"
printf '{"version": %s, "body": "%0200001d"}' "$v" 0 >"$TEST_DIR/long"
bad 422 input 'message: too long' ben POST "$m" "@$TEST_DIR/long"
like "$(value .detail)" '^body must have 1 to 200000' 'and says which field'
bad 400 json_deep 'message: too deep' ben POST "$m" "{\"version\": $v, \"body\": $deep}"
bad 409 version_unknown 'message: a version to come' ben POST "$m" '{"version": 9999, "body": "x"}'
bad 409 ticket_changed 'message: an old version' ben POST "$m" '{"version": 1, "body": "x"}'
bad 404 ticket_unknown 'message: unknown ticket' ben POST /tickets/999999/messages '{"version": 1, "body": "x"}'
bad 403 permission 'message: no right' cleo POST "$m" "{\"version\": $v, \"body\": \"x\"}"
bad 422 upload_unknown 'message: a file that is none' ben POST "$m" "{\"version\": $v, \"body\": \"x\", \"uploads\": [999]}"
bad 422 upload_unknown 'message: a file of another message' ben POST "$m" "{\"version\": $v, \"body\": \"x\", \"uploads\": [1]}"
bad 422 status_of_other_type 'message: a status of another type' ben POST "$m" "{\"version\": $v, \"body\": \"x\", \"status\": 9}"
bad 422 status_of_other_type 'message: a status that is none' ben POST "$m" "{\"version\": $v, \"body\": \"x\", \"status\": 999}"
bad 422 input 'ticket: too long a subject' ben PATCH "/tickets/$seen" "{\"version\": $v, \"subject\": \"$long\"}"
bad 422 input 'ticket: no priority' ben PATCH "/tickets/$seen" "{\"version\": $v, \"priority\": 9}"
bad 422 input 'ticket: no time' ben PATCH "/tickets/$seen" "{\"version\": $v, \"deadline\": \"morgen\"}"
bad 422 input 'ticket: no date' ben PATCH "/tickets/$seen" "{\"version\": $v, \"deadline\": \"2026-02-31T00:00:00Z\"}"
bad 409 version_unknown 'ticket: a version to come' ben PATCH "/tickets/$seen" '{"version": 9999, "status": 2}'
bad 422 status_of_other_type 'ticket: a status of another type' ben PATCH "/tickets/$seen" "{\"version\": $v, \"status\": 9}"
bad 422 status_of_other_type 'ticket: a type that is none' ben PATCH "/tickets/$seen" "{\"version\": $v, \"type\": 99}"
bad 422 ticket_subject_empty 'ticket: a subject of blanks' ben PATCH "/tickets/$seen" "{\"version\": $v, \"subject\": \"   \"}"
bad 404 ticket_unknown 'ticket: unknown' ben PATCH /tickets/999999 '{"version": 1, "status": 1}'
bad 403 permission 'ticket: no right' cleo PATCH "/tickets/$seen" "{\"version\": $v, \"status\": 2}"
bad 422 owner_one_of 'owner: nobody' ben POST "/tickets/$seen/owners" "{\"version\": $v, \"role\": 1}"
bad 422 agent_unknown 'owner: an agent who is none' ben POST "/tickets/$seen/owners" "{\"version\": $v, \"agent\": 999, \"role\": 1}"
bad 422 team_unknown 'owner: a team that is none' ben POST "/tickets/$seen/owners" "{\"version\": $v, \"team\": 999, \"role\": 1}"
bad 422 role_unknown 'owner: a role that is none' ben POST "/tickets/$seen/owners" "{\"version\": $v, \"agent\": 1, \"role\": 999}"
bad 404 owner_unknown 'owner: none to remove' ben DELETE "/tickets/$seen/owners/999?version=$v"
bad 422 account_unknown 'new ticket: an account that is none' ben POST /tickets '{"subject": "x", "type": 1, "account": 999}'
bad 422 customer_unknown 'new ticket: a customer who is none' ben POST /tickets '{"subject": "x", "type": 1, "customer": 999}'
bad 422 status_of_other_type 'new ticket: a type that is none' ben POST /tickets '{"subject": "x", "type": 999}'
bad 422 upload_unknown 'new ticket: a file that is none' ben POST /tickets '{"subject": "x", "type": 1, "body": "x", "uploads": [999]}'
bad 404 ticket_unknown 'draft: unknown ticket' ben PUT /tickets/999999/draft '{"kind": "message", "body": "x", "version": 1}'
bad 422 input 'draft: no kind' ben PUT "/tickets/$seen/draft" '{"kind": "mail", "body": "x", "version": 1}'
bad 404 ticket_unknown 'seen: unknown ticket' ben PUT /tickets/999999/seen '{"message": 1}'
bad 404 message_unknown 'html: unknown message' ben GET /messages/1/html
bad 404 message_unknown 'original: unknown message' ben GET /messages/1/raw
bad 404 folder_unknown 'list: unknown folder' ben GET '/tickets?folder=999'
bad 400 cursor 'list: no cursor' ben GET '/tickets?after=x'
bad 400 cursor 'list: no cursor of this age' ben GET '/tickets?after=4611686018427387903-1'
bad 400 cursor 'search: no cursor' ben GET '/search?q=x&after=x'
bad 403 permission 'rules: no right' ben POST /rules '{"name": "x", "event": "message.agent", "template": 1}'
bad 422 template_unknown 'rules: a template that is none' anna POST /rules '{"name": "x", "event": "message.agent", "template": 999}'
bad 409 rule_name_taken 'rules: a name that is taken' anna POST /rules '{"name": "mail", "event": "message.agent", "template": 1}'
bad 422 rule_condition 'rules: a condition that means nothing' anna POST /rules '{"name": "x", "event": "message.agent", "template": 1, "condition": "foo:bar"}'
bad 404 rule_unknown 'rules: unknown' anna PATCH /rules/999 '{"active": false}'
bad 422 template_variable_unknown 'templates: a variable that is none' anna PATCH /templates/1 '{"body_de": "$TicketLastComment"}'
bad 404 template_unknown 'templates: unknown' anna PATCH /templates/999 '{"name": "x"}'
bad 409 outbox_not_waiting 'outbox: nothing to try again' anna POST /outbox/999/retry
bad 409 inbound_not_parked 'inbound: nothing to try again' anna POST /inbound/999/retry
login ben "$TEST_DIR/jar"
web POST "/api/v1$m" "${OWN[@]}" "${JSON[@]}" -b "$TEST_DIR/jar" -H 'X-Docket-CSRF: wrong' -d "{\"version\": $v, \"body\": \"x\"}"; status 403 'a page of somebody else: no CSRF token'
web POST "/api/v1$m" "${JSON[@]}" -b "$TEST_DIR/jar" -H "X-Docket-CSRF: $csrf" -H 'Origin: https://evil.example' -d "{\"version\": $v, \"body\": \"x\"}"; status 403 'or of another origin'
web POST "/api/v1$m" "${JSON[@]}" -H 'Authorization: Bearer dk_wrong' -d "{\"version\": $v, \"body\": \"x\"}"; status 401 'a token that is none'
untouched 'the state is what it was, every table of it'

# --- what may not be seen is not there ----------------------------------------------------------------------------------
for t in $hidden $own; do
	bad 404 ticket_unknown "$t: its page" ben GET "/tickets/$t"
	bad 404 ticket_unknown 'its history' ben GET "/tickets/$t/events"
	bad 404 ticket_unknown 'a change' ben PATCH "/tickets/$t" '{"version": 1, "status": 1}'
	bad 404 ticket_unknown 'an answer' ben POST "/tickets/$t/messages" '{"version": 1, "body": "x"}'
	bad 404 ticket_unknown 'a comment' ben POST "/tickets/$t/messages" '{"version": 1, "kind": "comment", "body": "x"}'
	bad 404 ticket_unknown 'an owner' ben POST "/tickets/$t/owners" '{"version": 1, "agent": 2, "role": 1}'
	bad 404 ticket_unknown 'its owner' ben DELETE "/tickets/$t/owners/1?version=1"
	bad 404 ticket_unknown 'a draft' ben PUT "/tickets/$t/draft" '{"kind": "comment", "body": "x", "version": 1}'
	bad 404 ticket_unknown 'a mark' ben PUT "/tickets/$t/seen" '{"message": 1}'
	for id in $(sql "select id from message where ticket_id = $t"); do
		bad 404 message_unknown "message $id as HTML" ben GET "/messages/$id/html"
		bad 404 message_unknown "message $id as it came" ben GET "/messages/$id/raw"
	done
	bad 409 outbox_not_waiting 'its mail' ben POST "/outbox/$(sql "select min(id) from outbox where ticket_id = $t")/retry"
done
sql "update outbox set state = 'failed'"
before=$(state)
bad 409 outbox_not_waiting 'its mail that failed' ben POST "/outbox/$(sql "select min(id) from outbox where ticket_id = $hidden")/retry"
untouched 'and nothing of it changed anything'
api ben GET '/outbox?state=failed'; json "length == 1 and .[0].ticket_id == $seen" 'the outbox: his tickets only'
api anna GET '/outbox?state=failed'; json 'length == 3' 'hers: all'
sees() { # WHAT JQ PATH: jq lists ticket ids
	api anna GET "$3"; local all; all=$(jq -c "[$2] | sort" <<<"$body")
	api ben GET "$3"; is "$(jq -c "[$2] | sort" <<<"$body") $all" "[$seen] [$seen,$hidden,$own]" "$1"
}
T='.tickets[].id' H='.hits[].ticket.id'
sees 'the list' "$T" /tickets
sees 'the list by facts' "$T" '/tickets?q=is:open'
sees 'by status' "$T" '/tickets?q=status:1%20OR%20status:2%20OR%20status:3'
sees 'by id' "$T" "/tickets?q=id:$seen%20OR%20id:$hidden%20OR%20id:$own"
sees 'by words' "$T" '/tickets?q=Betreff'
sees 'a folder' "$T" '/tickets?folder=1'
sees 'an account' "$T" '/tickets?account=1'
sees 'search: words of mails' "$H" '/search?q=Seite'
sees 'search: words of comments' "$H" '/search?q=Kommentar%20in:comment'
sees 'search: files' "$H" '/search?q=file:intern'
sees 'search: people' "$H" '/search?q=from:example'
sees 'search: facts' "$H" '/search?q=is:open'
sees 'search: not' "$H" '/search?q=-nirgendwo%20Seite'
api ben GET '/search?q=geheimwort'; json '.hits == []' 'the word itself: no hit'
is "$(grep -ci geheim <<<"$body")" 0 'and nothing in the answer tells of it'
api anna GET /folders; is "$(jq -c '[.[] | select(.key == "inbox").count]' <<<"$body")" '[3]' 'counts of folders: three'
api ben GET /folders; is "$(jq -c '[.[] | select(.key == "inbox" or .key == "all").count]' <<<"$body")" '[1,1]' 'his: one'
json 'all(.own | not) and (map(.key) | index("inbox") != null)' 'nobody sees the folders of another'
bad 404 folder_unknown 'nor lists by them' ben GET "/tickets?folder=$(sql 'select max(id) from folder')"
api ben GET /accounts; json '.[0].open == 1' 'counts of accounts'
api ben GET '/customers?q=geheimwort'; json '.[0].tickets == 0' 'counts of customers'
api ben GET "/customers/$(value .[0].id)/tickets"; json '.tickets == []' 'and their tickets'
api anna POST "/tickets/$own/owners" "{\"version\": $(version "$own"), \"agent\": $(sql "select id from agent where login = 'ben'"), \"role\": 1}"
api ben GET '/search?q=eigenwort'; json '.hits | length > 0' 'an owner finds it'
api ben GET /tickets; json ".tickets | map(.id) | index($own) != null" 'and has it in his list'
api anna DELETE "/tickets/$own/owners/$(sql "select max(id) from owner where ticket_id = $own")?version=$(version "$own")"
api ben GET "/tickets/$own"; status 404 'no longer the owner: gone again'

# --- files: whoever walks the ids ---------------------------------------------------------------------------------------
upload() { api "$1" POST '/uploads?name=x.txt' '' -H 'Content-Type: application/octet-stream' --data-binary hers; value .id; }
hers=$(upload anna)
visible=$(sql "select string_agg(f.id::text, ' ' order by f.id) from file f join message m on m.id = message_id where ticket_id = $seen")
got=
for ((id = 1; id <= hers + 2; id++)); do
	api ben GET "/files/$id"
	[ "$code" = 200 ] && got+=" $id"
	answer=$(jq -c 'del(.request) | .detail |= gsub("[0-9]+"; "N")' <<<"$body" 2>/dev/null)
	[ "$code" = 200 ] || [ "$code $answer" = '404 {"status":404,"code":"file_unknown","detail":"there is no file N for you"}' ] || ok "file $id: $code $answer" false
	head=$(curl -s -I -m 5 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token_ben" "$URL/api/v1/files/$id")
	[ "$head" = "$code" ] || ok "HEAD of file $id: $head beside $code" false
	part=$(curl -s -m 5 -r 0-1 -o "$TEST_DIR/part" -w '%{http_code}' -H "Authorization: Bearer $token_ben" -H 'If-None-Match: *' "$URL/api/v1/files/$id")
	[[ $code$part == 200206 || $code$part == 200304 || $code$part == 200200 || $code$part == 404404 ]] || ok "a part of file $id: $part beside $code" false
done
is "$got" " $visible" 'ben reads the files of the ticket he sees, nothing else'
figure "files: $((hers + 2)) ids walked, GET, HEAD and a range of each"
bad 422 upload_unknown "nobody claims another's upload" ben POST "/tickets/$seen/messages" "{\"version\": 1, \"kind\": \"comment\", \"body\": \"x\", \"uploads\": [$hers]}"
bad 403 permission 'without the permission' cleo GET "/files/${visible%% *}"
web GET "/api/v1/files/${visible%% *}"; status 401 'without a login'
curl -s -m 5 -r 1-2 -H "Authorization: Bearer $token_ben" "$URL/api/v1/files/${visible%% *}" -o "$TEST_DIR/part"
is "$(cat "$TEST_DIR/part")" NG 'a range of one he may read'
"$DOCKET" user disable ben
api ben GET "/files/${visible%% *}"; status 401 'an agent who was put out'
done_testing
