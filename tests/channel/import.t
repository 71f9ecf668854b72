#!/usr/bin/env bash
# What lay in a mailbox before: brought over since a day, silently, whatever is killed meanwhile; live mail goes on beside it.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/api/people.sh"
trap 'stop_all; servers_stop' EXIT
"$DOCKET" key init >/dev/null
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
box() { echo "$TEST_DIR/mail/mail/$1@docket.test"; }
read -r all since others < <(python3 "$TOP/tests/channel/import.py" "$(box alt)")
before=$(cd "$(box alt)" && find . -type f -path '*/cur/*' | sort | md5sum)
work() { "$DOCKET" work --once >>"$TEST_DIR/work.log" 2>&1; }
log=$TEST_DIR/poll.log
import_id() { sql "select max(i.id) from mail_import i join account a on a.id = i.account_id where a.name = '$1'"; }
state() { sql "select state from mail_import where id = $1"; }
deliver() { # BOX N
	printf 'From: neu%s@example.org\r\nTo: %s@docket.test\r\nSubject: neu %s\r\nMessage-ID: <neu.%s.%s@example.org>\r\n\r\nHallo\r\n' "$2" "$1" "$2" "$1" "$2" >"$TEST_DIR/neu.eml"
	lmtp_put "$DOVECOT_LMTP" "$1@docket.test" "$TEST_DIR/neu.eml"
}

sql "create function docket.n(ref text) returns int language sql immutable as \$\$ select split_part(substr(ref, 5), '@', 1)::int \$\$"

# Whatever is not silent would be seen: an automatic answer, a rule, a watched folder.
"$DOCKET" account add Ausgang --address aus@docket.test --smtp localhost:9 --smtp-open </dev/null >/dev/null || exit 1
call anna POST /templates '{"name": "T", "subject_de": "Re: $TicketTitle", "body_de": "Danke."}'
call anna POST /rules "{\"name\": \"Eingang\", \"event\": \"message.customer\", \"template\": $(value .id)}"
sql "insert into folder_watch (folder_id, agent_id) select f.id, a.id from folder f, agent a where f.key = 'all' and a.login = 'anna'"

# --- the account begins behind what is there ------------------------------------------------------------------------------
call anna POST /mail/accounts "{\"name\": \"Alt\", \"address\": \"alt@docket.test\", \"host\": \"localhost\", \"port\": $DOVECOT_IMAPS,
	\"password\": \"secret\", \"folders\": \"INBOX\\nKunden\\nArchiv\", \"after\": \"delete\", \"existing\": \"import\", \"since\": \"2024-01-01\"}"
status 201
json '.import.state == "new" and .import.since == "2024-01-01"' 'an account is made, with the day from which its mail is brought over'
ok 'how many those are is told before' grep -q "\"count\":$since" <("$DOCKET" account import Alt --since 2024-01-01 --count)
"$DOCKET" poll --account Alt >>"$log" 2>&1
id=$(import_id Alt)
rows "select state, total, begins from mail_import where id = $id" "running|$since|t" "of $all mails the $since since that day are listed"
rows 'select count(*) from inbound' 0 'none of it is live mail'
deliver alt 1
"$DOCKET" poll --account Alt >>"$log" 2>&1
work
rows "select count(*), count(*) filter (where subject = 'neu 1' and source = 'mail') from ticket" '1|1' 'what comes now is a ticket at once'
rows "select count(*) from outbox" 1 'and is answered'
events=$(sql 'select count(*) from event') alerts=$(sql 'select count(*) from alert')

# --- brought over, killed again and again ----------------------------------------------------------------------------------
kills=0
for ((n = 9; n < 400 && kills < 20; n += 23)); do
	DOCKET_CRASH=any:$n "$DOCKET" poll --import "$id" >>"$log" 2>&1
	[ $? != 137 ] || kills=$((kills + 1))
	DOCKET_CRASH=any:$((n * 3)) "$DOCKET" work --once >>"$TEST_DIR/work.log" 2>&1
	[ $? != 137 ] || kills=$((kills + 1))
done
diag "killed $kills times; $(sql "select count(*) from mail_import_item") of $since to fetch, $(sql "select count(*) from inbound where state = 'new'") to read"
ok 'killed at many places' test $kills -ge 10
deliver alt 2
sql 'update account set due_at = now()'
start poll "$DOCKET" poll
start work "$DOCKET" work
wait_for "[ \$(state $id) = done ] && [ \$(sql \"select count(*) from ticket where subject = 'neu 2'\") = 1 ]" 60
stop poll
work
stop work
rows "select state, total, brought from mail_import where id = $id" "done|$since|$others" 'done: all since that day, each once'
rows "select count(*), count(distinct ref), min(created_at) >= '2024-01-01' from message where ref like 'alt.%'" "$others|$others|t" 'nothing older, nothing missing, nothing twice'
rows "select count(*) from inbound where import_id = $id and state = 'duplicate'" $((since - others)) 'copies in other folders are known by their bytes or as the same mail'
rows "select count(*) from message m join message r on m.ref = 'alt.' || (n(r.ref) - 40) || '@example.org' where r.ref like 'alt.%' and n(r.ref) % 5 = 0
	and m.ticket_id <> r.ticket_id" 0 'answers stand in the ticket of what they answer'
rows "select count(*) from ticket where source = 'import' and (is_open or closed_at <> updated_at or created_at > updated_at)" 0 'the tickets are closed, with the dates of their mail'
rows "select count(*) from (select id, created_at, lag(created_at) over (order by id) as before from message) m where before > created_at" 0 'messages stand in order of their date'
rows "select count(*) from message where ref like 'alt.%' and abs(extract(epoch from created_at) - (1575190800 + n(ref) * 691200)) > 10" 0 'each has its own date'
rows "select max(ticket_id) from event where ticket_id in (select id from ticket where source = 'import')" '' 'no event of it'
rows "select (select count(*) from event) - $events > 0, (select count(*) from outbox), (select count(*) from alert) - $alerts, (select count(*) from rule_run)" \
	't|2|1|2' 'no mail, no notice, no rule but for the two that came meanwhile'
rows "select count(*) from customer where created_at > now() - interval '1 day'" 2 'customers are as old as their first mail'
is "$(cd "$(box alt)" && find . -type f -path '*/cur/*' | sort | md5sum)" "$before" 'at the server all of it lies as it lay'
call anna GET '/tickets?q=source:import%20is:unread'
json '.tickets == []' 'nobody has to read it'
call anna GET '/tickets?q=is:unread'
json '.tickets | length == 2' 'as what is new'
ok 'the doctor finds nothing' "$DOCKET" check rows

# --- live again: an answer to what was brought over, all numbered anew ------------------------------------------------------
printf 'From: kunde39@example.org\r\nTo: alt@docket.test\r\nSubject: Re: Frage 279\r\nIn-Reply-To: <alt.279@example.org>\r\nMessage-ID: <danach@example.org>\r\n\r\nNoch etwas\r\n' >"$TEST_DIR/neu.eml"
lmtp_put "$DOVECOT_LMTP" alt@docket.test "$TEST_DIR/neu.eml"
"$DOCKET" poll --account Alt >>"$log" 2>&1
work
rows "select t.source from message m join ticket t on t.id = coalesce((select follows from ticket where id = m.ticket_id), m.ticket_id) where m.ref = 'danach@example.org'" \
	import 'an answer to an old mail finds its ticket'
messages=$(sql 'select count(*) from message')
for d in '' .Kunden .Archiv; do sed -Ei '1s/V[0-9]+/V77/' "$(box alt)/$d/dovecot-uidlist"; rm -f "$(box alt)/$d"/dovecot.index*; done
deliver alt 3
"$DOCKET" poll --account Alt >>"$log" 2>&1
work
rows 'select count(*) from message' $((messages + 1)) 'the server numbers its mail anew: what is older than the account stays away'

# --- the shell: again, elsewhere, cancelled, leave, what cannot be ----------------------------------------------------------
"$DOCKET" account import Alt --since 2019-01-01 --status Offen >"$TEST_DIR/said" 2>&1
like "$(cat "$TEST_DIR/said")" "waits to be listed" 'once more, from an earlier day'
call anna POST "/mail/accounts/$(sql "select id from account where name = 'Alt'")/import" '{"since": "2020-01-01"}'
status 409 'one at a time'
"$DOCKET" poll --account Alt >>"$log" 2>&1
DOCKET_CRASH=any:40 "$DOCKET" poll --import "$(import_id Alt)" >>"$log" 2>&1
"$DOCKET" account import Alt --cancel >"$TEST_DIR/said" 2>&1
like "$(cat "$TEST_DIR/said")" '2019-01-01: cancelled' 'cancelled'
work
rows "select (select count(*) from message) > $messages, count(*) from mail_import_item" 't|0' 'what came stays, nothing more comes'
before=$(sql 'select count(*) from message')
"$DOCKET" poll >>"$log" 2>&1
work
rows 'select count(*) from message' "$before" 'also in the next round'
"$DOCKET" account import Alt --since 2019-01-01 >/dev/null 2>&1
"$DOCKET" poll --account Alt >>"$log" 2>&1
start work "$DOCKET" work
"$DOCKET" poll >>"$log" 2>&1
wait_for "[ \$(state \$(import_id Alt)) = done ]" 30
stop work
rows "select count(*), count(distinct ref) from message where ref like 'alt.%'" '280|280' 'begun anew it brings the rest, nothing twice'
rows "select count(*) from message a join message b on b.ref = 'alt.' || (n(a.ref) - 40) || '@example.org' where a.ref like 'alt.%' and n(a.ref) % 5 = 0
	and a.ticket_id <> b.ticket_id" 0 'and threads are whole'
rows "select count(*) > 0 from ticket t join status s on s.id = t.status_id where t.source = 'import' and s.name ->> 'de' = 'Offen'" t 'tickets may come open, as was asked'
echo secret | "$DOCKET" account add Leer --address leer@docket.test --imap "localhost:$DOVECOT_IMAPS" --existing leave >/dev/null
deliver leer 1
"$DOCKET" poll --account Leer >>"$log" 2>&1
deliver leer 2
"$DOCKET" poll --account Leer >>"$log" 2>&1
rows "select count(*) from inbound i join account a on a.id = i.account_id where a.name = 'Leer'" 1 'an account may begin with what comes from now on'
echo secret | "$DOCKET" account add Pop --address pop@docket.test --pop3 "localhost:$DOVECOT_POP3S" --since 2024-01-01 >"$TEST_DIR/said" 2>&1
like "$(cat "$TEST_DIR/said")" 'only IMAP tells' 'POP3 tells no dates: said, and no account is made'
"$DOCKET" account import Leer --since 2024-02-30 >"$TEST_DIR/said" 2>&1
like "$(cat "$TEST_DIR/said")" 'is no day' 'a day that is none'
call ben POST "/mail/accounts/1/import" '{"since": "2020-01-01"}'
status 403 'not for everybody'
done_testing
