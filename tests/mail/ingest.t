#!/usr/bin/env bash
# Which ticket a mail joins and on what evidence, doubles, closed tickets, machine mail, files.
. "$TOP/tests/lib.sh"
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Offen </dev/null >/dev/null || exit 1
"$DOCKET" account add Zweit --address zweit@docket.test --type Retoure </dev/null >/dev/null || exit 1

# mail FROM TO SUBJECT [HEADER...]: ingest one; sets ticket and message, both empty when none was made.
number=0
mail() {
	number=$((number + 1))
	{
		printf 'From: %s\r\nTo: %s\r\nSubject: %s\r\n' "$1" "$2" "$3"
		[ $# -lt 4 ] || printf '%s\r\n' "${@:4}"
		printf '\r\n%s\r\n' "${text:-Zeile $number}"
	} | "$DOCKET" ingest --account "${account:-Shop}" >"$TEST_DIR/out" 2>>"$TEST_DIR/log"
	rc=$?
	read -r _ ticket _ message <"$TEST_DIR/out"
	[[ $(<"$TEST_DIR/out") == ticket* ]] || ticket= message=
}
joins() { is "$ticket" "$1" "$2"; }
opens() { is "$(sql "select messages from ticket where id = ${ticket:-0}")" 1 "$1"; }
state() { sql "update ticket t set status_id = s.id, is_open = s.category not in ('done', 'shut') from status s
	where t.id = $1 and s.type_id = t.type_id and s.name->>'de' = '$2'"; }

mail 'Anna Müller <Anna@Example.org>' shop@docket.test 'Lampe' 'Message-ID: <a1@example.org>'
first=$ticket
is "$rc" 0 'a mail is taken'
rows "select t.subject, s.name->>'de', t.from_name, t.from_email, c.name, a.email from ticket t join status s on s.id = t.status_id
	join customer c on c.id = t.customer_id join customer_address a on a.customer_id = c.id where t.id = $first" \
	'Lampe|Offen|Anna Müller|Anna@Example.org|Anna Müller|anna@example.org' 'a ticket of the account'"'"'s type and status, a customer by address'
mail anna@example.org shop@docket.test 'noch eine'
opens 'a mail that answers nothing opens a ticket, also without Message-ID'
rows 'select count(*) from customer' 1 'the customer is known'

# What docket signs, made by the keys of this installation.
key=$(sed -n 's/^reply_key = //p' "$DOCKET_CONFIG")
sign() { # TICKET ACCOUNT
	python3 - "$key" "$1" "$2" <<-'PY'
	import base64, hashlib, hmac, sys
	key = open(sys.argv[1]).read().strip().encode()
	tag = hmac.new(key, f"{sys.argv[2]}:{sys.argv[3]}".encode(), hashlib.sha256).digest()[:16]
	print(base64.b32encode(tag).decode().lower().rstrip("="))
	PY
}
tag=$(sign "$first" 1) wrong=$(sign "$first" 2)
mail stranger@example.net "shop+t$first-$tag@docket.test" 'Re: anders'
joins "$first" 'the signed reply address joins, whoever writes'
mail stranger@example.net shop@docket.test x "Cc: Shop <SHOP+T$first-${tag^^}@docket.test>"
joins "$first" 'also in Cc and in capitals'
mail stranger@example.net shop@docket.test x "X-Original-To: shop+t$first-$tag@docket.test"
joins "$first" 'also in X-Original-To'
mail stranger@example.net shop@docket.test x "Delivered-To: shop+t$first-$tag@docket.test"
joins "$first" 'also in Delivered-To'
mail stranger@example.net shop@docket.test x "In-Reply-To: <dk.$first.7.zzzz.$tag@docket.test>"
joins "$first" 'an own Message-ID joins by its signature, though the database has forgotten it'
mail stranger@example.net shop@docket.test x "References: <x@y> <dk.$first.7.zzzz.$tag@docket.test> <z@y>"
joins "$first" 'also among References'
sql "insert into message_reference values ('dk.old@docket.test', $first, true)"
mail stranger@example.net shop@docket.test x 'In-Reply-To: <dk.old@docket.test>'
joins "$first" 'an own Message-ID that is known joins'
account=Zweit mail stranger@example.net shop@docket.test x 'In-Reply-To: <dk.old@docket.test>'
joins "$first" 'on another account too'

for forged in "shop+t$first-$wrong@docket.test" "shop+t$first-aaaaaaaaaaaaaaaaaaaaaaaaaa@docket.test" "shop+t$first@docket.test" \
	"shop+t$first-@docket.test" "shop+t99999999999999999999-$tag@docket.test" "shop+t$((first + 1))-$tag@docket.test" "+t-@" "shop+t$first-${tag:0:25}@docket.test"; do
	mail mallory@example.net "$forged" 'Re: Lampe'
	opens "forged address: $forged"
done
for forged in "dk.$first.7.zzzz.$wrong@docket.test" "dk.$first.7.zzzz@docket.test" "dk.$first@docket.test" "dk..@docket.test" "dk.$first.7.zzzz.$tag.x@docket.test"; do
	mail mallory@example.net shop@docket.test 'Re: Lampe' "In-Reply-To: <$forged>"
	opens "forged Message-ID: $forged"
done
mail mallory@example.net shop@docket.test 'Re: Lampe' 'In-Reply-To: <a1@example.org>' 'References: <a1@example.org>'
opens 'a foreign id joins no stranger'
mail ANNA@example.org shop@docket.test 'Re: Lampe' 'In-Reply-To: <a1@example.org>'
joins "$first" 'it joins who takes part'
mail anna@example.org shop@docket.test 'Re: Lampe' 'References: <a1@example.org> <unknown@example.org>'
joins "$first" 'also from far right in References'
mail anna@example.org shop@docket.test "Re: Lampe [#$first]"
joins "$first" 'a number in the subject joins who takes part'
mail mallory@example.net shop@docket.test "Re: Lampe [#$first]"
opens 'a number in the subject joins no stranger'
mail '"anna@example.org" <mallory@example.net>' shop@docket.test "Re: Lampe [#$first]"
opens 'nor one whose name looks like an address that does'
mail mallory@example.net shop@docket.test "Re: Lampe [#$first]" 'Reply-To: anna@example.org'
opens 'nor one whose Reply-To does'
mail mallory@example.net shop@docket.test "Re: Lampe [#$first]" 'From: anna@example.org'
opens 'nor one with a second From'
mail mallory@example.net shop@docket.test "Re: [#$first] [#99999999999999999999] [#]" 'Sender: anna@example.org'
opens 'nor one with a Sender that does'
mail anna@example.org shop@docket.test 'Re: Lampe [#999999]'
opens 'a number that is no ticket'"'"'s'
mail anna@example.org shop@docket.test "$(printf 'x%.0s' {1..1200})" "$(printf 'References: '; printf ' <r%d@example.org>\r\n' {1..300})"
opens '300 references, a subject of 1,200 letters'
mail anna@example.org shop@docket.test lang "Message-ID: <$(printf 'x%.0s' {1..5000})@example.org>"
opens 'a Message-ID of 5,000 letters'
mail "kunde@example.org" shop@docket.test form 'Reply-To: Frau Form <form@example.org>'
rows "select from_email from ticket where id = $ticket" form@example.org 'an answer goes to Reply-To, and the ticket shows where'
mail "Shop <shop@docket.test>" shop@docket.test formular 'Reply-To: Herr Form <form2@example.org>'
rows "select t.from_name, c.name from ticket t join customer c on c.id = t.customer_id where t.id = $ticket" 'Herr Form|Herr Form' \
	'a form that writes as the shop: the customer is who is to be answered'

# Doubles.
mail eva@example.org shop@docket.test doppelt 'Message-ID: <dup@example.org>'
one=$ticket
text='anderer Text' mail eva@example.org shop@docket.test doppelt 'Message-ID: <dup@example.org>'
rows "select count(*), count(distinct body) from message where ref = 'dup@example.org'" '2|2' 'one Message-ID, two texts: two messages'
text=gleich mail eva@example.org shop@docket.test gleich
text=gleich mail eva@example.org shop@docket.test gleich
like "$(<"$TEST_DIR/out")" '^inbound [0-9]+ duplicate: ' 'the same bytes a second time: said, and no message'
rows "select count(*) from message where body ~ '^gleich'" 1 'one message of them'
text=gleich account=Zweit mail eva@example.org shop@docket.test gleich
rows "select count(*) from message where body ~ '^gleich'" 2 'on another account they are a mail of their own'

# Closed tickets and machines.
state "$first" Erledigt
mail machine@example.org "shop+t$first-$tag@docket.test" 'Abwesenheit' 'Auto-Submitted: auto-replied'
rows "select is_open, (select automatic is not null from message where id = $message) from ticket where id = $first" 'f|t' 'machine mail joins quietly, the ticket stays closed'
rows "select kind from event where message_id = $message" message.automatic 'its event is one of its own'
mail anna@example.org "shop+t$first-$tag@docket.test" 'geht nicht'
rows "select t.is_open, s.category from ticket t join status s on s.id = t.status_id where t.id = $first" 't|open' 'an answer of a customer opens it again'
rows "select count(*) from event where ticket_id = $first and kind = 'status.changed'" 1 'and that is in the history'
mail shop@docket.test shop@docket.test 'eigene' "Message-ID: <dk.$first.9.abcd.$tag@docket.test>"
rows "select automatic from message where id = $message" own 'docket'"'"'s own mail that comes back wakes nobody'

# Bodies and files.
printf 'From: b@example.org\r\nSubject: Bild\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n\r\n> alt\r\n\r\n--x\r\nContent-Type: image/png; name="../b.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=leer\r\n\r\n--x--\r\n' |
	"$DOCKET" ingest --account Shop >"$TEST_DIR/out" 2>>"$TEST_DIR/log"
read -r _ ticket _ message <"$TEST_DIR/out"
rows "select string_agg(name || ' ' || type || ' ' || size, ', ' order by id) from file where message_id = $message" \
	'b.png image/png 8, leer application/octet-stream 0' 'files with safe names and their bytes'
rows "select files from ticket where id = $ticket" 2 'counted'
is "$(sql "select sha256 from file where name = 'b.png'" | { read -r s; sha256sum "$TEST_DIR/blobs/${s:0:2}/${s:2:2}/$s" | cut -c1-64; })" \
	"$(printf '\x89PNG\r\n\x1a\n' | sha256sum | cut -c1-64)" 'the bytes of the picture lie in the blob store'
rows "select body ~ 'Grüße' and folded ~ 'alt' from message where id = $message" t 'what was quoted is folded'

# Without docket work, with it, without a database.
start work "$DOCKET" work
mail carl@example.org shop@docket.test 'beide zugleich'
ok 'docket ingest beside docket work says which ticket it became' test -n "$ticket"
stop work
is "$rc" 0 'docket work ends well when told to'
sed 's/^database.*/database = host=\/nowhere dbname=x/' "$DOCKET_CONFIG" >"$TEST_DIR/away.conf"
printf 'From: a@b\r\n\r\nx\r\n' | DOCKET_CONFIG=$TEST_DIR/away.conf "$DOCKET" ingest >/dev/null 2>&1
is $? 75 'without the database: come again (75)'
sed "s#^blobs.*#blobs = /nowhere#" "$DOCKET_CONFIG" >"$TEST_DIR/full.conf"
printf 'From: a@b\r\n\r\nx\r\n' | DOCKET_CONFIG=$TEST_DIR/full.conf "$DOCKET" ingest --account Shop >/dev/null 2>&1
is $? 75 'without room: come again (75)'
printf 'x' | "$DOCKET" ingest --account Niemand >/dev/null 2>&1
is $? 64 'an account that is none: usage (64)'
rows "select count(*) from inbound where state not in ('done', 'duplicate')" 0 'every original has its fate'

# A disk that is full for long: the mail waits for it as often as it must.
printf 'From: a@example.org\r\nSubject: voll\r\nMIME-Version: 1.0\r\nContent-Type: image/png; name=voll.png\r\n\r\nPNG voll\r\n' >"$TEST_DIR/voll"
sha=$(sha256sum "$TEST_DIR/voll" | cut -c1-64)
mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$TEST_DIR/voll" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
sql "insert into inbound (account_id, source, sha256, size) select id, 'pipe', '$sha', 100 from account where name = 'Shop'"
chmod a-w "$TEST_DIR/blobs"
for _ in {1..25}; do "$DOCKET" work --once >>"$TEST_DIR/log" 2>&1; done
rows "select state, tries from inbound where sha256 = '$sha'" 'new|1' 'no room, 25 times: it waits, and that was no try'
chmod u+w "$TEST_DIR/blobs"
"$DOCKET" work --once >>"$TEST_DIR/log" 2>&1
rows "select i.state, f.name from inbound i join file f on f.message_id = i.message_id where i.sha256 = '$sha'" 'done|voll.png' \
	'with room it is a ticket like any other'

# An original that is gone keeps nobody waiting.
sql "insert into inbound (account_id, source, sha256, size) select id, 'pipe', repeat('0', 64), 100 from account where name = 'Shop'"
for _ in {1..21}; do "$DOCKET" work --once >>"$TEST_DIR/log" 2>&1; done
rows "select state from inbound where sha256 = repeat('0', 64)" parked 'an original that is not in the blob store: parked in the end'
said=$("$DOCKET" ingest </dev/null 2>&1)
is "$?" 65 'nothing on standard input is no mail'
like "$said" 'no mail came' 'and that is said'
for words in 'Hello, where is my lamp?|(no subject)' 'Wo bleibt meine Lampe?|(ohne Betreff)'; do
	printf 'From: a@b.example\r\nTo: shop@docket.test\r\n\r\n%s\r\n' "${words%|*}" | "$DOCKET" ingest >/dev/null 2>>"$TEST_DIR/log"
	rows 'select subject from ticket order by id desc limit 1' "${words#*|}" "a mail without a subject: ${words#*|}"
done
# What is shown beside words and files: seals, invitations, mails inside.
add_agent anna 'Anna Berger' Administrator
shown() { # FILE: the message that it became
	"$DOCKET" ingest --account Shop <"$TOP/tests/mail/$1.eml" >"$TEST_DIR/out" 2>>"$TEST_DIR/log"
	read -r _ ticket _ message <"$TEST_DIR/out"
	call anna GET "/tickets/$ticket"
	body=$(jq -c '.messages[-1]' <<<"$body")
}
seal() { shown "$1"; json ".crypto == $2" "$1: $2"; }
seal signed-smime '"smime-signed"'
seal smime-enveloped '"smime"'
seal structure-pgp-signed '"pgp-signed"'
seal encrypted-pgp '"pgp"'
seal plain-utf8 null
json '.calendar == null and .attached == []' 'an ordinary mail brings nothing else'
shown structure-calendar-alternative
json "[.calendar | .method, .summary, .start, .place] == $("$DOCKET" parse <"$TOP/tests/mail/structure-calendar-alternative.eml" | jq -c '[.calendar | .method, .summary, .start, .place]') and .calendar.summary != null" 'an invitation says what, when and where'
shown nested-rfc822
json "(.attached | map([.subject, .from, .date])) == $("$DOCKET" parse <"$TOP/tests/mail/nested-rfc822.eml" | jq -c '.nested | map([.subject, .from, .date])') and (.attached[0].text | length) > 5" 'a mail inside has its subject, sender, date and words'
done_testing
