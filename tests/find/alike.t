#!/usr/bin/env bash
# More like this: for an open ticket the closed ones about the same, most alike first, with the answer that ended them; of
# what the agent may see, and nothing of a comment or of a confidential ticket.
. "$TOP/tests/lib.sh"
add_agent anna 'Anna Berg' Administrator
add_agent ben 'Ben Kurz'
closed=$(sql "select min(id) from status where category = 'done'")
hidden=$(sql "select min(id) from status where category = 'shut'")
sql "insert into profile_status select id, $hidden, 'no' from profile where name = 'Support'"
# ticket SUBJECT QUESTION [ANSWER STATUS]: its number in t
ticket() {
	t=$(sql "insert into ticket (subject, type_id, status_id, is_open, source)
		select '$1', type_id, id, category not in ('done', 'shut'), 'mail' from status where id = ${4:-1} returning id")
	sql "insert into message (ticket_id, kind, author, email, body, source) values ($t, 'message', 'Karl Kunde', 'karl@example.org', '$2', 'mail')"
	[ -z "${3:-}" ] || sql "insert into message (ticket_id, kind, agent_id, body, source) select $t, 'message', id, '$3', 'agent' from agent where login = 'anna'"
	sql "insert into message (ticket_id, kind, agent_id, body, source) select $t, 'comment', id, '$CANARY Thermostat Heizkissen Sicherung', 'agent' from agent where login = 'anna';
		update ticket set last_message_id = (select max(id) from message where ticket_id = $t) where id = $t"
}
for i in $(seq 30); do
	ticket "Lieferung $i" "Guten Tag, wann kommt mein Paket Nummer $i? Gruß, Karl Kunde" 'Es ist unterwegs.' "$closed"
done
ticket 'Heizkissen kalt' 'Guten Tag, das Heizkissen bleibt kalt, der Thermostat klickt nur. Gruß, Karl Kunde' 'Bitte halten Sie die Taste am Thermostat zehn Sekunden.' "$closed"; same=$t
ticket 'Heizkissen' 'Guten Tag, mein Heizkissen riecht. Gruß' 'Bitte lüften Sie das Heizkissen.' "$closed"; near=$t
ticket 'Heizkissen' 'Der Thermostat vom Heizkissen klickt, es bleibt kalt.' 'Vertrauliche Antwort' "$closed"; secret=$t
sql "update ticket set confidential = true where id = $secret"
ticket 'Heizkissen' 'Der Thermostat vom Heizkissen klickt und klickt, kalt.' 'Verborgene Antwort' "$hidden"; unseen=$t
ticket 'Heizkissen' 'Thermostat klickt, Heizkissen bleibt kalt' ; open=$t
ticket 'Heizkissen wird nicht warm' 'Hallo, unser Heizkissen bleibt kalt und der Thermostat klickt. Viele Grüße, Karl Kunde'; mine=$t
ok 'the index is built' "$DOCKET" index --once

call anna GET "/tickets/$mine/alike"
status 200
json ".alike[0].id == $unseen or .alike[0].id == $same" 'first what is most alike'
json ".alike | map(.id) | index($same) as \$s | \$s != null and (index($near) // 99) > \$s" 'what has one word in common stands below, if anywhere'
json ".alike | map(.id) | (index($secret) == null and index($open) == null and index($mine) == null)" 'nothing confidential, nothing open, not itself'
json '.alike | map(.subject) | all(startswith("Heizkissen"))' 'and nothing else, although all have a greeting in common'
json ".alike[] | select(.id == $same) | .text == \"Bitte halten Sie die Taste am Thermostat zehn Sekunden.\" and .author == \"Anna Berg\"" 'with the answer'
call ben GET "/tickets/$mine/alike"
json ".alike | map(.id) | (index($same) != null and index($unseen) == null)" 'ben is shown what he may see'
mkdir -p "$TEST_DIR/left" && cp "$TEST_DIR/answer" "$TEST_DIR/left/alike"
sql "update ticket set status_id = $hidden, is_open = false where id = $mine"
call ben GET "/tickets/$mine/alike"
status 404 'and nothing of a ticket that he may not'
call anna GET "/tickets/$mine/alike?limit=1"
json '.alike | length == 1' 'as many as are asked for'
mv "$TEST_DIR/index" "$TEST_DIR/away"
call anna GET "/tickets/$mine/alike"
json '.alike == []' 'without an index none, and no error'
done_testing
