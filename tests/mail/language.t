#!/usr/bin/env bash
# In which language a customer is written to: as his mails are, as those before when one does not show it, or as an agent says.
. "$TOP/tests/lib.sh"

umask 022
add_agent lena 'Lena Brandt' Administrator
add_agent gast 'Gesa Gast' Guest
psql -Xqc "insert into account (name, address, kind, type_id, status_id, sender_name, smtp_host, smtp_port)
	values ('Service', 'service@shop.example', 'pipe', 1, 1, 'Haus Lindemann', 'localhost', 25)"
call lena POST /templates '{"name": "Antwort", "subject_de": "Zu: $TicketTitle", "subject_en": "About: $TicketTitle",
	"body_de": "$Greeting\n\n$TicketLastMessage\n\n$TicketQuote", "body_en": "$Greeting\n\n$TicketLastMessage\n\n$TicketQuote"}'
template=$(jq .id <<<"$body")
call lena POST /rules '{"name": "Mailen", "event": "message.agent", "template": '"$template"'}'

mail() { # SUBJECT TEXT [HEADER...]: ticket, as the id of its ticket
	local subject=$1 text=$2
	shift 2
	printf '%s\r\n' 'From: Erika Muster <erika@post.example>' 'To: service@shop.example' "Subject: $subject" \
		"Message-ID: <$RANDOM$RANDOM@post.example>" 'Content-Type: text/plain; charset=utf-8' "$@" '' "$text" |
		"$DOCKET" ingest >/dev/null || diag "not taken: $subject"
	ticket=$(sql 'select max(id) from ticket')
}
answer() { # LANGUAGE WHAT: what leaves for the ticket begins in that language
	call lena GET "/tickets/$ticket"
	call lena POST "/tickets/$ticket/messages" "{\"version\": $(jq .ticket.version <<<"$body"), \"body\": \"42.\"}"
	[ "$code" = 201 ] || diag "$code $body"
	left=$(sql "select o.subject || ': ' || sent from outbox o join message m on m.id = o.message_id where o.ticket_id = $ticket order by o.id desc limit 1")
	case $1 in
	de) like "$left" $'^Zu: .*: Guten Tag Erika Muster,\n.*oberhalb dieser Zeile.*schrieb Erika Muster' "$2" ;;
	en) like "$left" $'^About: .*: Hello Erika Muster,\n.*above this line.*Erika Muster wrote' "$2" ;;
	esac
}

mail Lamp 'Hello, where is my lamp? It should have arrived on Monday.'
answer en 'an English mail is answered in English'
mail 4711 'Order 4711'
answer en 'a mail that shows no language is answered like those before'
call lena GET "/tickets/$ticket"
json '.ticket.customer_language == null and .ticket.language == "en"' 'the ticket says so'
customer=$(jq .ticket.customer_id <<<"$body")
mail Lampe 'Guten Tag, nun habe ich noch eine Frage: wann kommt die Lampe?'
answer de 'a German mail of the same customer is answered in German'
mail Abwesend 'I am out of the office until Monday.' 'Auto-Submitted: auto-replied'
answer de 'what a machine wrote says nothing of the customer'

call lena PATCH "/customers/$customer" '{"language": "en"}'
status 204 'an agent says in which language'
answer en 'then it is that one'
mail Lampe 'Wo ist sie denn nun, meine Lampe?'
answer en 'whatever the mails are in'
call lena PATCH "/customers/$customer" '{"language": "auto"}'
answer de 'until they decide again'
call lena PATCH "/customers/$customer" '{"language": "fr"}'
status 422 'a language that docket does not write'
call lena PATCH "/customers/999999" '{"language": "de"}'
status 404 'a customer that is none'
call gast PATCH "/customers/$customer" '{"language": "de"}'
status 403 'nobody without the right to write'
psql -Xqc "insert into profile (name) values ('Blind');
	insert into profile_permission (profile_id, permission) select id, 'ticket.write' from profile where name = 'Blind';
	insert into profile_status (profile_id, status_id, see) select p.id, s.id, 'no' from profile p, status s where p.name = 'Blind'"
add_agent blind 'Ben Blind' Blind
call blind PATCH "/customers/$customer" '{"language": "de"}'
status 404 'nor anybody who sees no ticket of the customer'
rows 'select language from customer' '' 'and nothing of it was kept'
done_testing
