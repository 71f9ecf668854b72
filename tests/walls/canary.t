#!/usr/bin/env bash
# Internal comments never leave: a canary in comments, their files and drafts, looked for in every mail and in everything
# that customers' roles can read; then once more by a build whose own filter was compiled out, against the database alone.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
left=$TEST_DIR/left
ca_make "$TEST_DIR/ca" && sink_start "$left" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key" || exit 1
echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp "localhost:$SINK_PORT" \
	--smtp-security starttls --smtp-open --sender 'Haus Lindemann' >/dev/null || exit 1

# A rule for each event, each with a template that asks for all there is; one kept before its variables were refused.
sql "insert into template (name, subject, body) values
	('alles', '{\"de\": \"Re: \$TicketTitle [#\$TicketID]\"}',
	 '{\"de\": \"\$TicketLastMessage \$TicketLastComment \$TicketHistory \$SignatureText\"}');
	insert into rule (name, event, actions) select e, e, jsonb_build_array(jsonb_build_object('do', 'send_mail', 'to', 'customer', 'template', t.id))
	  from template t, unnest(array['message.agent', 'message.customer', 'comment.added', 'ticket.opened', 'status.changed']) e"

version() { sql "select version from ticket where id = $1"; }
message() { # TICKET KIND BODY [FIELDS]
	call anna POST "/tickets/$1/messages" "{\"version\": $(version "$1"), \"kind\": \"$2\", \"body\": \"$3\"${4:-}}"
}
upload() { printf '%s' "$2" | "$DOCKET" call --agent anna --type application/octet-stream POST "/uploads?name=$1" - | jq .id; }
# talk WORD FROM: a customer writes, comments with the word go on before, between and after the answers.
talk() {
	local word=$1 t n id
	printf 'From: %s@example.org\nTo: shop@docket.test\nSubject: Anfrage\nMessage-ID: <%s@example.org>\n\nGuten Tag\n' \
		"$2" "$2" | "$DOCKET" ingest --account Shop >>"$TEST_DIR/ingest.log" 2>&1
	t=$(sql 'select max(id) from ticket')
	message $t comment "$word am Anfang"
	message $t message 'Wir schauen nach.'
	message $t comment "$word mit Datei" ", \"uploads\": [$(upload "$word.txt" "$word im Anhang")]"
	message $t message 'Mit Datei.' ", \"uploads\": [$(upload offen.txt offen)]"
	message $t comment "> Wir schauen nach.\\n$word im Zitat"
	call ben PUT "/tickets/$t/draft" "{\"kind\": \"comment\", \"body\": \"$word im Entwurf\", \"version\": 1}"
	call anna PATCH "/tickets/$t" "{\"version\": $(version $t), \"status\": 3}"
	id=$(sql "select ref from outbox where ticket_id = $t order by id desc limit 1")
	printf 'From: %s@example.org\nTo: shop@docket.test\nSubject: Re: Anfrage\nIn-Reply-To: <%s>\nMessage-ID: <%s.2@example.org>\n\nDanke\n\n> Wir schauen nach.\n' \
		"$2" "$id" "$2" | "$DOCKET" ingest --account Shop >>"$TEST_DIR/ingest.log" 2>&1
	message $t comment "$word am Ende"
	message $t message 'Letzte Antwort.'
	for n in 1 2 3 4 5; do message $t comment "$word Nummer $n"; done
	call anna POST /tickets "{\"subject\": \"Notiz\", \"type\": 1, \"email\": \"$2@example.org\", \"kind\": \"comment\", \"body\": \"$word zuerst\"}"
	message "$(value .ticket.id)" message 'Und eine Antwort.'
	ticket=$t
}
holds() { python3 "$TOP/tests/lib/canary.py" "$1" "$2" >/dev/null && echo no || echo yes; }
# outbox_blobs FOLDER: what lies in the outbox, as it would leave.
outbox_blobs() {
	local sha
	mkdir -p "$1"
	for sha in $(sql 'select sha256 from outbox'); do cp "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha" "$1/"; done
}
# readable ROLE: every column of every table that the role was granted, in one file.
readable() {
	sql "select format('select %s from %I;', string_agg(quote_ident(column_name), ', '), table_name) from information_schema.column_privileges
	      where grantee = 'docket_$1' and table_schema = 'docket' and privilege_type = 'SELECT' group by table_name" >"$TEST_DIR/read.sql"
	{ echo "set role docket_$1; set docket.session = 'key';"; cat "$TEST_DIR/read.sql"; } | psql -AtXq >"$TEST_DIR/readable/$1" 2>&1
}
mkdir -p "$TEST_DIR/readable"

# --- as it is built ---------------------------------------------------------------------------------------------------
talk "$CANARY" kunde
rows "select count(*) >= 10 from message where kind = 'comment' and body like '%$CANARY%'" t 'the canary sits in many comments'
rows "select count(*) from outbox" 6 'four answers, an opening and a change of status set off a mail'
rows "select string_agg(distinct after ->> 'reason', ' ') from event where kind = 'mail.skipped'" 'answered_today no_mail not_for_customers opened_by_agent' \
	'comments did not, nor tickets that an agent opened, and one automatic answer a day is enough'
"$DOCKET" send --once 2>>"$TEST_DIR/send.log"
rows "select count(*) from outbox where state = 'sent'" 6 'they were sent'
outbox_blobs "$left/outbox"
is "$(find "$left" -name '*.eml' | wc -l) $(holds "$CANARY" "$left")" '6 no' 'no mail holds the canary'
is "$(holds 'Wir schauen nach' "$left") $(holds offen "$left")" 'yes yes' 'they hold what they should, files too'

sql "insert into portal_session select sha256('key'), customer_id, now() + interval '1 hour' from ticket where id = $ticket"
for role in portal render send poll; do
	readable $role
	is "$(grep -c "$CANARY" "$TEST_DIR/readable/$role")" 0 "docket_$role can read no canary"
	is "$(grep -c 'permission denied' "$TEST_DIR/readable/$role")" 0 'and could read all that it was granted'
done
for role in portal render; do is "$(grep -c 'Letzte Antwort' "$TEST_DIR/readable/$role")" 1 "docket_$role reads the messages"; done
readable work
[ "$(grep -c "$CANARY" "$TEST_DIR/readable/work")" -gt 5 ]; ok 'the same search finds it where it may be'
call anna GET "/tickets/$ticket"
json "[.messages[] | select(.kind == \"comment\") | .text | contains(\"$CANARY\")] | all and length >= 9" 'and agents read their comments'

# --- the application's own filter compiled out: the database alone ----------------------------------------------------
built=$DOCKET
DOCKET=$TOP/build/nofilter/docket
sql 'truncate outbox'
talk "$CANARY" kundin
rows "select count(*) > 6 from outbox" t 'this build mails at comments too'
outbox_blobs "$left/nofilter"
is "$(holds "$CANARY" "$left/nofilter") $(holds 'Wir schauen nach' "$left/nofilter")" 'no yes' 'the database keeps every comment in'

# --- and the test is able to find a leak: a wall taken down on purpose ------------------------------------------------
sql "truncate outbox; alter policy for_customers on message using (true)"
talk kontrollwort kontrolle
outbox_blobs "$TEST_DIR/control"
is "$(holds kontrollwort "$TEST_DIR/control")" yes 'without row-level security that build would leak'
DOCKET=$built
sql 'truncate outbox'
talk kontrollwort nochmal
outbox_blobs "$TEST_DIR/control2"
is "$(holds 'Wir schauen nach' "$TEST_DIR/control2") $(holds kontrollwort "$TEST_DIR/control2")" 'yes no' 'the program alone would not'
done_testing
