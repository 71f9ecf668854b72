#!/usr/bin/env bash
# Machine mail: what answers by itself and how often, what is never answered, bounces, complaints, floods, loops, one mail to
# two accounts, answers to what was closed long ago.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
. "$TOP/tests/mail/queue.sh"
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp localhost:9 --smtp-open </dev/null >/dev/null || exit 1
"$DOCKET" account add Zweit --address zweit@docket.test --type Anfrage </dev/null >/dev/null || exit 1
call anna POST /templates '{"name": "T", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "Danke. $TicketLastMessage"}'
template=$(value .id)
call anna POST /rules "{\"name\": \"Eingang\", \"event\": \"message.customer\", \"template\": $template}"
eingang=$(value .id)
call anna POST /rules "{\"name\": \"Antwort\", \"event\": \"message.agent\", \"template\": $template}"
skipped() { sql "select string_agg(after ->> 'reason', ' ' order by id) from event where ticket_id = $1 and kind = 'mail.skipped'"; }
answered() { sql "select count(*) from outbox where ticket_id = $1 and automatic"; }
answer() { call anna POST "/tickets/$1/messages" "{\"version\": $(version "$1"), \"body\": \"${2:-Wir schauen nach.}\"}"; }
closed() { sql "update ticket t set status_id = s.id, is_open = false, closed_at = now() - interval '$2' from status s
	where t.id = $1 and s.type_id = t.type_id and s.category = 'done'"; }

# --- one automatic answer -------------------------------------------------------------------------------------------------------
mail 'Kunde <kunde@example.org>' shop@docket.test 'Lampe' 'Reply-To: liste@example.org' 'Content-Type: multipart/mixed; boundary=b'
flush
t=$(of "$ref") first=$ref
rows "select sender, array_to_string(recipients, ' ') from outbox where ticket_id = $t" '|kunde@example.org' 'to who wrote, never to Reply-To; reports go nowhere'
sha=$(sql "select sha256 from outbox where ticket_id = $t")
headers=$(sed '/^\r$/q' "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha" | tr -d '\r')
like "$headers" 'Auto-Submitted: auto-replied' 'it says that a machine wrote it'
like "$headers" 'X-Auto-Response-Suppress: All' 'and asks for no answer by itself'
like "$headers" "In-Reply-To: <$first>" 'it answers that mail'
rows "select ref, recipients from message where ref = '$first'" "$first|shop@docket.test" 'whose own id and recipients stay'
sql "update account set plus_proved = true where id = 1"
mail 'Kunde <kunde@example.org>' shop@docket.test "Re: Lampe [#$t]"
mail 'Kunde <kunde@example.org>' shop@docket.test 'zwei'; two=$ref
mail 'Kunde <kunde@example.org>' shop@docket.test 'drei'
mail 'Kunde <kunde@example.org>' shop@docket.test 'vier'; four=$ref
flush
is "$(answered "$t") $(skipped "$t")" '1 answered_today' 'one a day in a ticket, and the history says why'
like "$(sql "select sender from outbox where ticket_id = $(of "$two")")" '^shop\+t[0-9]+-[a-z2-7]{26}@docket.test$' 'where signed addresses are proven, reports come to the ticket'
is "$(skipped "$(of "$four")")" many_this_hour 'three an hour to one sender'
sql "update outbox set created_at = now() - interval '2 hours'; insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref, automatic, created_at)
	select 'customer', $t, 1, '', '{kunde@example.org}', 'x', '$sha', 'x' || g, true, now() - interval '3 hours' from generate_series(1, 7) g;
	insert into message_reference select 'x' || g, $t, true from generate_series(1, 7) g"
mail 'Kunde <kunde@example.org>' shop@docket.test 'fünf'
flush
is "$(skipped "$(of "$ref")")" many_this_day 'ten a day'
call anna PATCH "/tickets/$t" "{\"version\": $(version "$t"), \"status\": $(sql "select id from status where type_id = 1 and category = 'work'")}"
sql "delete from outbox where ref ~ '^x'; delete from message_reference where ref ~ '^x'"

# --- whom nobody answers --------------------------------------------------------------------------------------------------------
quiet=()
while IFS='|' read -r from header; do
	mail "$from" shop@docket.test 'Maschine' "$header"
	quiet+=("$ref $header $from")
done <<'ROWS'
a1@m.example|Auto-Submitted: auto-replied
a2@m.example|Auto-Submitted: auto-generated
a3@m.example|Precedence: bulk
a4@m.example|Precedence: list
a5@m.example|Precedence: junk
a6@m.example|X-Auto-Response-Suppress: All
a7@m.example|X-Auto-Response-Suppress: OOF, DR
a8@m.example|List-Id: <x.example>
a9@m.example|List-Unsubscribe: <https://x.example>
b1@m.example|X-Autoreply: yes
b2@m.example|X-Loop: x
b3@m.example|Return-Path: <>
b4@m.example|X-Spam-Flag: YES
b5@m.example|Feedback-ID: x
b6@m.example|X-MS-Exchange-Inbox-Rules-Loop: x
noreply@m.example|X: y
MAILER-DAEMON@m.example|X: y
postmaster@m.example|X: y
bounce-7@m.example|X: y
shop@docket.test|X: y
zweit@docket.test|X: y
ROWS
host=$(sed -n 's/^host = //p' "$DOCKET_CONFIG")
mail b7@m.example shop@docket.test 'eigene' "X-docket-Id: ${host:-$(hostname)}"
flush
wrong=
for one in "${quiet[@]}"; do
	[ "$(answered "$(of "${one%% *}")")" = 0 ] && [[ $(skipped "$(of "${one%% *}")") =~ ^(machine|own_address)?$ ]] || wrong+="${one#* }; "
done
is "$wrong" '' "${#quiet[@]} kinds of machines and own addresses: none is answered"
is "$(sql "select count(*) from message where subject = 'Maschine' and automatic is not null")" 19 'those of machines are marked'
is "$(sql "select count(*) from event e join message m on m.id = e.message_id where m.automatic is not null and e.kind = 'message.customer'")" 0 'and set no rule off'

# --- bounces ----------------------------------------------------------------------------------------------------------------------
dsn() { # ACTION STATUS MESSAGE-ID RECIPIENT [TO]
	printf 'Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: %s\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\nDiagnostic-Code: smtp; 550 %s unknown user\r\n' \
		"${5:-shop@docket.test}" "$4" "$1" "$2" "$2"
	[ -z "$3" ] || printf '\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n' "$3"
	printf -- '\r\n--b--\r\n'
}
mail 'Eva <eva@example.org>' shop@docket.test 'Tisch'
flush
t=$(of "$ref")
answer "$t"
sql "update outbox set state = 'sent', sent_at = now()"
o=$(sql "select max(id) from outbox where ticket_id = $t") sent=$(sql "select ref from outbox where ticket_id = $t order by id desc limit 1")
closed "$t" '1 day'
tickets=$(sql 'select count(*) from ticket')
dsn delayed 4.4.1 "$sent" eva@example.org | whole
flush
rows "select bounced, bounce_status from outbox where id = $o" 'delayed|4.4.1' 'a delay is marked'
rows "select is_open, failed from ticket where id = $t" 'f|f' 'and opens nothing'
dsn failed 5.1.1 "$sent" eva@example.org | whole
flush
rows "select bounced, bounce_status, bounce_words from outbox where id = $o" 'failed|5.1.1|550 5.1.1 unknown user' 'a bounce, with the server'"'"'s words'
rows "select is_open, failed from ticket where id = $t" 'f|t' 'the ticket stays closed and stands among what was not delivered'
rows "select after ->> 'state', after ->> 'status' from event where ticket_id = $t and kind = 'mail.bounced' order by id desc limit 1" 'failed|5.1.1' 'an event tells it'
call anna GET '/tickets?q=is:failed'
json "[.tickets[].id] == [$t]" 'its folder finds it'
call anna GET "/tickets/$t"
json '.ticket.address.bounces == 1 and .ticket.address.status == "5.1.1"' 'the next writer is warned'
json '[.messages[].mails[] | select(.bounced == "failed")] | length == 1' 'the message shows it'
dsn failed 5.1.1 "$sent" eva@example.org | whole
dsn delivered 2.0.0 "$sent" eva@example.org | whole
flush
rows "select bounces from customer_address where email = 'eva@example.org'" 1 'the same report twice counts once'
is "$(sql 'select count(*) from ticket')" "$tickets" 'no report opened a ticket'
"$DOCKET" check invariants >"$TEST_DIR/check" 2>&1; "$DOCKET" check >"$TEST_DIR/check" 2>&1
is "$(grep -c "ticket $t" "$TEST_DIR/check")" 0 'the doctor finds the ticket in order'
answer "$t" 'Noch einmal.'
sql "update outbox set state = 'sent' where ticket_id = $t"
mail 'Eva <eva@example.org>' shop@docket.test 'da' "In-Reply-To: <$sent>"
flush
rows "select bounces from customer_address where email = 'eva@example.org'" 0 'who writes from there is there'
call anna POST "/tickets/$t/messages" "{\"version\": $(version "$t"), \"body\": \"x\"}"
rows "select failed from ticket where id = $t" f 'once another mail has left the ticket is delivered'

# By the signed address alone, as VERP; and forged ones.
sql "update outbox set state = 'sent' where ticket_id = $t"
dsn failed 5.2.2 '' eva@example.org "shop+t$t-$(sign "$t" 1)@docket.test" | whole
flush
rows "select bounced from outbox where ticket_id = $t order by id desc limit 1" failed 'a report to the signed address marks the newest mail to that recipient'
before=$(sql "select md5(string_agg(x::text, '' order by id)) from ticket x where id <= $t") boxes=$(sql 'select md5(string_agg(x::text, chr(10) order by id)) from outbox x')
dsn failed 5.1.1 "dk.$t.1.aaaa.$(sign "$t" 2)@docket.test" eva@example.org | whole
dsn failed 5.1.1 "m1@sender.example" eva@example.org | whole
dsn failed 5.1.1 '' eva@example.org "shop+t$t-aaaaaaaaaaaaaaaaaaaaaaaaaa@docket.test" | whole
printf 'From: fbl@evil.example\r\nTo: shop@docket.test\r\nSubject: FW [#%s]\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: eva@example.org\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <dk.%s.1.a.b@docket.test>\r\n\r\nx\r\n--b--\r\n' "$t" "$t" | whole
mail 'Eva <eva@example.org>' shop@docket.test "Automatische Antwort: Re: Tisch [#$t]" 'Auto-Submitted: auto-replied'
flush
is "$(sql "select md5(string_agg(x::text, '' order by id)) from ticket x where id <= $t") $(sql 'select md5(string_agg(x::text, chr(10) order by id)) from outbox x')" "$before $boxes" \
	'a forged bounce, complaint or auto-reply changes no ticket and no mail'

# --- complaints -------------------------------------------------------------------------------------------------------------------
mail 'Ida <ida@example.org>' shop@docket.test 'Stuhl'
flush
t=$(of "$ref")
sql "update outbox set state = 'sent' where ticket_id = $t"
sent=$(sql "select ref from outbox where ticket_id = $t")
printf 'From: fbl@provider.example\r\nTo: shop@docket.test\r\nSubject: complaint\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <%s>\r\nFrom: shop@docket.test\r\n\r\nx\r\n--b--\r\n' "$sent" | whole
mail 'Ida <ida@example.org>' shop@docket.test 'noch einer'
flush
rows "select complained_at is not null from customer_address where email = 'ida@example.org'" t 'a complaint marks the address'
is "$(answered "$(of "$ref")") $(skipped "$(of "$ref")")" '0 complaint' 'nothing leaves to it by itself'
answer "$(of "$ref")"
rows "select count(*) from outbox where ticket_id = $(of "$ref") and not automatic" 1 'an agent'"'"'s own answer does'

# --- floods and loops ---------------------------------------------------------------------------------------------------------------
for i in {1..13}; do mail 'Flut <flut@example.org>' shop@docket.test "Flut $i"; done
flush
rows "select count(*), count(*) filter (where held) from ticket where from_email = 'flut@example.org'" '13|3' 'a flood: every mail its ticket, those over ten held'
t=$(of "$ref")
is "$(answered "$t") $(skipped "$t")" '0 held' 'and silent'
call anna GET '/tickets?q=is:held'
json ".tickets | length == 3" 'is:held finds them'
answer "$t"
rows "select count(*) from outbox where ticket_id = $t" 1 'an agent'"'"'s own answer always leaves'
call anna POST "/tickets/$t/release"
status 200
json '.ticket.held == false' 'released by hand'
{ for i in {1..51}; do printf 'Received: from a by b; Mon, 23 Nov 2026 10:11:12 +0100\r\n'; done; printf 'From: kreis@example.org\r\nTo: shop@docket.test\r\nSubject: Kreis\r\nMessage-ID: <kreis@x>\r\n\r\nx\r\n'; } | whole
flush
rows "select id, state, reason from inbound where state = 'parked'" "$(sql "select max(id) from inbound")|parked|loop: it went through 51 servers" 'a mail that goes in circles is parked'
i=$(sql 'select max(id) from inbound')
call anna GET "/inbound/$i/raw"
status 200 'its original can be had'
call anna POST "/inbound/$i/retry"
"$DOCKET" work --once 2>>"$TEST_DIR/work.log"
rows "select state from inbound where id = $i" 'done' 'read again by hand it becomes a ticket'

# --- one mail to two accounts, answers to what is closed ---------------------------------------------------------------------------
mid=both@sender.example text='An beide' mail 'Uwe <uwe@example.org>' 'shop@docket.test, zweit@docket.test' beide 'X: 1'
mid=both@sender.example text='An beide' account=2 mail 'Uwe <uwe@example.org>' 'shop@docket.test, zweit@docket.test' beide 'X: 2'
mid=both@sender.example text='anderes' account=2 mail 'Uwe <uwe@example.org>' 'shop@docket.test, zweit@docket.test' beide
flush
rows "select count(*), count(distinct ticket_id) from message where ref = 'both@sender.example'" '2|2' 'the same mail to two accounts is one message; other words under its id are another'
rows "select e.after ->> 'account', i.state, i.ticket_id = e.ticket_id from event e join inbound i on i.message_id = e.message_id and i.account_id = 2
	where e.kind = 'message.twin'" '2|duplicate|t' 'its ticket tells of the second account'
mail 'Lea <lea@example.org>' shop@docket.test 'Regal'
flush
t=$(of "$ref") first=$ref
call anna PATCH /types/1 '{"reopen_days": 30}'
status 204
closed "$t" '29 days'
mail 'Lea <lea@example.org>' shop@docket.test 'Re: Regal' "In-Reply-To: <$first>"
flush
rows "select ticket_id = $t, is_open from message m join ticket t on t.id = m.ticket_id where m.ref = '$ref'" 't|t' 'closed 29 days ago: opened again'
closed "$t" '31 days'
mail 'Lea <lea@example.org>' shop@docket.test 'Re: Regal' "In-Reply-To: <$first>"; late=$ref
mail 'Lea <lea@example.org>' shop@docket.test 'Re: Regal' "In-Reply-To: <$first>"; later=$ref
mail 'Lea <lea@example.org>' shop@docket.test 'Re: Regal' "In-Reply-To: <$first>" 'Precedence: bulk'; away=$ref
flush
f=$(of "$late")
rows "select follows = $t, (select evidence from message where ref = '$late'), (select is_open from ticket where id = $t) from ticket where id = $f" 't|late|f' \
	'closed 31 days ago: a new ticket that follows it'
is "$(of "$later")" "$f" 'and the next answer goes there'
is "$(of "$away")" "$f" 'also a machine'"'"'s'
call anna GET "/tickets/$t"
json ".ticket.followed_by == $f" 'the old one says where it goes on'
done_testing
