#!/usr/bin/env bash
# Mail is never authority (battery.md B-29): 60 mails that claim to be what they are not. None becomes an agent's message, none
# joins a ticket it does not belong to, none lets an answer leave by itself; and the honest ones beside them do.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
. "$TOP/tests/mail/queue.sh"
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp localhost:9 --smtp-open </dev/null >/dev/null || exit 1
"$DOCKET" account add Zweit --address zweit@docket.test --type Anfrage </dev/null >/dev/null || exit 1
sql "update account set authserv_id = 'mx.docket.test'; update agent set email = 'anna@docket.test' where login = 'anna'"
call anna POST /templates '{"name": "Eingang", "subject_de": "Re: $TicketTitle", "body_de": "Danke."}'
call anna POST /rules "{\"name\": \"Eingang\", \"event\": \"message.customer\", \"template\": $(jq .id <<<"$body")}"

pass='Authentication-Results: mx.docket.test; dmarc=pass header.from'
fail='Authentication-Results: mx.docket.test; dmarc=fail header.from'

# The victim: kunde's ticket, answered by anna.
mail 'Kunde <kunde@example.org>' shop@docket.test 'Lampe' "$pass=example.org"
flush
first=$(sql 'select min(id) from ticket')
good=$(sign "$first" 1) other=$(sign "$first" 2)
call anna POST "/tickets/$first/messages" "{\"version\": $(sql "select version from ticket where id = $first"), \"body\": \"Wir schauen nach.\"}"
sql "insert into message_reference values ('dk.alt.$first@docket.test', $first, true)"
known=m1@sender.example
messages=$(sql "select count(*) from message where ticket_id = $first")

# --- whoever is no participant: a ticket of its own, whatever he names ------------------------------------------------------------
cases=() nobodies=()
own() { cases+=("$ref $*"); }
nobody() { nobodies+=("$ref $*"); }
m='Mallory <mallory@evil.example>'
for to in "shop+t$first-$other@docket.test" "shop+t$first-aaaaaaaaaaaaaaaaaaaaaaaaaa@docket.test" "shop+t$first@docket.test" "shop+t$first-@docket.test" \
	"shop+t$first-${good:0:25}@docket.test" "shop+t$((first + 7))-$good@docket.test" "shop+t0$first-${good}x@docket.test" "t$first-$good@docket.test" \
	"shop-t$first-$good@docket.test" "\"shop+t$first-$good\" <shop@docket.test>" "shop+t$first-$good" "shop@t$first-$good.docket.test"; do
	mail "$m" "$to" 'Re: Lampe'
	own "address $to"
done
for id in "dk.$first.7.zzzz.$other@docket.test" "dk.$first.7.zzzz@docket.test" "dk.$first@docket.test" "dk.$first.$other@docket.test." "dk.$first.7.zzzz.$good" \
	"$known" "dk..7.zzzz.$good@docket.test" "DK.$first.7.zzzz.$good@docket.test" "dk.alt.$first@docket.test2" "x$first@docket.test"; do
	mail "$m" shop@docket.test 'Re: Lampe' "In-Reply-To: <$id>" "References: <$id>"
	own "id $id"
done
mail "$m" shop@docket.test 'Re: Lampe' "References:$(printf ' <r%d@x>' {1..60}) <$known>"
own 'a foreign id behind sixty'
for subject in "Re: Lampe [#$first]" "[#$first]" "[#$first] [#$first]" "Re: Lampe [#0$first]" "=?utf-8?q?Re=3A_=5B=23${first}=5D?=" "AW: [#$first] kunde@example.org"; do
	mail "$m" shop@docket.test "$subject"
	own "subject $subject"
done
for from in '"Kunde <kunde@example.org>" <mallory@evil.example>' '"kunde@example.org" <mallory@evil.example>' '=?utf-8?q?kunde=40example=2Eorg?= <mallory@evil.example>' \
	'mallory@evil.example (kunde@example.org)' '<mallory@evil.example>, <kunde@example.org>' 'kunde@example.org.evil.example' 'kunde@еxample.org' 'kunde@example.org@evil.example' \
	'kunde%example.org@evil.example' '<@example.org:mallory@evil.example>' 'Kunde'; do
	mail "$from" shop@docket.test "Re: Lampe [#$first]" "In-Reply-To: <$known>"
	own "from $from"
done
for header in 'Reply-To: kunde@example.org' 'Sender: kunde@example.org' 'Return-Path: <kunde@example.org>' 'From: kunde@example.org' 'X-Original-From: kunde@example.org' \
	'Resent-From: kunde@example.org'; do
	case $header in
	From:*) mail "$m" shop@docket.test "Re: Lampe [#$first]"$'\r\n'"$header" ;;
	*) mail "$m" shop@docket.test "Re: Lampe [#$first]" "$header" ;;
	esac
	own "header $header"
done
# A report and an answering machine that claim to be of a participant, and prove nothing.
mail 'Kunde <kunde@example.org>' shop@docket.test "Abwesend: Re: Lampe [#$first]" 'Auto-Submitted: auto-replied' "In-Reply-To: <$known>"
own 'a vacation notice without an id of ours'
mail 'MAILER-DAEMON <mailer-daemon@evil.example>' shop@docket.test "Undelivered [#$first]" 'Return-Path: <>' "References: <$known>" 'MIME-Version: 1.0' \
	'Content-Type: multipart/report; report-type=delivery-status; boundary=b'
own 'a bounce without an id of ours'
flush
rows "select count(*) from message where ticket_id = $first" "$messages" 'the ticket they all name has not a message more'
rows "select count(*) > 5 from message where evidence = 'new' and $first = any(maybe)" t 'where a ticket was named without proof it says: maybe related'

# --- agents: a name in From is no proof -----------------------------------------------------------------------------------------
signed="shop+t$first-$good@docket.test" ok=$pass=docket.test
mail 'Anna <anna@docket.test>' shop@docket.test 'Anweisung'; nobody 'an agent, to the shop'
mail 'Anna <anna@docket.test>' shop@docket.test "Re: [#$first]" "$ok"; nobody 'an agent proven, by number alone'
mail 'Anna <anna@docket.test>' "$signed" 'Re: Lampe'; nobody 'an agent at the signed address, not proven'
mail 'Anna <anna@docket.test>' "$signed" 'Re: Lampe' "$fail=docket.test"; nobody 'an agent at the signed address, proven false'
mail 'Anna <anna@docket.test>' "$signed" 'Re: Lampe' 'Authentication-Results: mx.evil.example; dmarc=pass header.from=docket.test'; nobody 'proven by a stranger'\''s server'
mail 'Anna <anna@docket.test>' "$signed" 'Re: Lampe' "$fail=docket.test" "$ok"; nobody 'a pass below the server'\''s own fail'
mail '"Anna" <mallory@evil.example>' "$signed" 'Re: Lampe' "$pass=evil.example"; nobody 'her name only'
mail '"anna@docket.test" <mallory@evil.example>' "$signed" 'Re: Lampe' "$pass=evil.example"; nobody 'her address as a name'
mail 'mallory@evil.example, anna@docket.test' "$signed" 'Re: Lampe' "$ok"; nobody 'two in From'
mail "$m" "$signed" 'Re: Lampe' "$ok" 'Reply-To: anna@docket.test'; nobody 'Reply-To'
mail 'Anna <anna@docket.test>' "$signed" 'Abwesend' "$ok" 'Auto-Submitted: auto-replied'; nobody 'her answering machine'
mail 'Anna <anna@docket.test>' shop@docket.test x "$ok" "In-Reply-To: <dk.$first.7.zzzz.$good@docket.test>"; nobody 'proven, by an id of ours alone'
flush
# Each case opened a ticket of its own, by nobody of the shop; those of agents are nobody's of the shop, wherever they went.
wrong=
for case in "${cases[@]}"; do
	[ "$(sql "select t.messages = 1 and m.agent_id is null and t.id <> $first and m.evidence = 'new' from message m
		join ticket t on t.id = m.ticket_id where m.ref = '${case%% *}'")" = t ] || wrong+="${case#* }; "
done
for case in "${nobodies[@]}"; do
	[ "$(sql "select m.agent_id is null and not exists (select from event e where e.message_id = m.id and e.kind = 'message.agent')
		from message m where m.ref = '${case%% *}'")" = t ] || wrong+="${case#* }; "
done
total=$((${#cases[@]} + ${#nobodies[@]}))
is "$wrong" '' "$total spoofed mails, none got what it wanted"
ok 'they are sixty' test "$total" -ge 60
figure "$total spoofed mails held off"

# --- the honest ones ------------------------------------------------------------------------------------------------------------
mail 'Anna <anna@docket.test>' "$signed" 'Re: Lampe' "$ok"
flush
rows "select agent_id = (select id from agent where login = 'anna'), ticket_id = $first, (select kind from event e where e.message_id = m.id order by id limit 1) from message m where ref = '$ref'" \
	't|t|message.agent' 'an agent, proven by our server, at the signed address: her answer'
mail 'Kunde <kunde@example.org>' shop@docket.test "Re: Lampe [#$first]" "$pass=example.org"
flush
rows "select ticket_id = $first, evidence, trust, trust_reason from message where ref = '$ref'" 't|tag|verified|dmarc' 'a customer by the number'
mail 'Kunde <kunde@example.org>' shop@docket.test 'Re: Lampe' "In-Reply-To: <$known>"
flush
rows "select ticket_id = $first, evidence, trust from message where ref = '$ref'" 't|foreign_id|unverified' 'a customer by his own id; nobody vouches for him'
mail 'Neu <neu@example.net>' "$signed" 'Re: Lampe'
flush
rows "select ticket_id = $first, evidence from message where ref = '$ref'" 't|address' 'the signed address joins, whoever writes'
mail 'Kunde <kunde@example.org>' shop@docket.test 'Abwesend' 'Auto-Submitted: auto-replied' "In-Reply-To: <dk.alt.$first@docket.test>"
flush
rows "select ticket_id = $first, evidence, automatic from message where ref = '$ref'" 't|own_id|vacation' 'a vacation notice that answers a mail of ours'
mail 'Kunde <kunde@example.org>' shop@docket.test "Abwesend: Re: Lampe [#$first]" 'Auto-Submitted: auto-replied' "$pass=example.org"
flush
rows "select ticket_id = $first, evidence from message where ref = '$ref'" 't|tag' 'or comes from a proven sender'

# --- what fails: flagged, and no answer by itself -----------------------------------------------------------------------------
mail 'Bank <service@bank.example>' shop@docket.test 'Ihr Konto' "$fail=bank.example"
flush
rows "select t.trust, m.trust, m.trust_reason from ticket t join message m on m.ticket_id = t.id where m.ref = '$ref'" 'failed|failed|dmarc' 'a forged sender is known'
ticket=$(sql "select ticket_id from message where ref = '$ref'")
rows "select after ->> 'reason' from event where ticket_id = $ticket and kind = 'mail.skipped'" sender_doubtful 'gets no automatic answer, and its ticket says why'
call anna GET '/tickets?q=trust:failed'
json "[.tickets[].id] | index($ticket) != null" 'is found by trust:failed'
call anna GET '/tickets?q=vertrauen:zweifelhaft%20-is:closed'
json "[.tickets[].id] | index($ticket) != null" 'and in German'
call anna GET "/folders"
json '.[] | select(.key == "check") | .count >= 1' 'and stands in the folder of what is to be checked'
call anna POST /rules "{\"name\": \"nur geprüft\", \"event\": \"message.customer\", \"condition\": \"trust:verified\", \"template\": $(sql 'select min(id) from template')}"
status 201 'a rule may ask for it'
done_testing
