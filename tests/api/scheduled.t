#!/usr/bin/env bash
# Answers that wait: taken back, sent later, returned when somebody else wrote first; exactly once whatever dies.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
add_account
"$DOCKET" key init >/dev/null
call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage"}'
call anna POST /rules "{\"name\": \"Antwort mailen\", \"event\": \"message.agent\", \"template\": $(value .id)}"

# open_one: a new ticket; sets t and v
open_one() {
	call anna POST /tickets '{"subject": "Lieferung fehlt", "type": 1, "email": "kunde@example.org", "name": "Karl Kunde"}'
	t=$(value .ticket.id) v=$(value .ticket.version)
}
version() { sql "select version from ticket where id = $t"; }
# later BODY [MORE]: anna's answer, to leave in 30 s
later() { call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"$1\", \"delay\": 30${2:-}}"; }
# due: as if the time had come
due() { sql "update draft set due_at = now() - interval '1 second' where due_at is not null"; }
work() { DOCKET_CRASH=${1:-} "$DOCKET" work --once >>"$TEST_DIR/work.log" 2>&1; }
left() { sql "select (select count(*) from message where ticket_id = $t) || ' ' || (select count(*) from event where ticket_id = $t and kind = 'message.agent')
	|| ' ' || (select count(*) from outbox where ticket_id = $t) || ' ' || (select count(*) from rule_run r join event e on e.id = r.event_id where e.ticket_id = $t)"; }
arrive() { # BODY [HEADER...]: the customer writes to the ticket
	{
		printf 'From: Karl Kunde <kunde@example.org>\r\nTo: service@shop.test\r\nSubject: Re: Lieferung [#%s]\r\nMessage-ID: <%s@example.org>\r\n' "$t" "$RANDOM$RANDOM"
		printf '%s\r\n' "${@:2}"
		printf '\r\n%s\r\n' "$1"
	} | sed '/^\r$/{1,5d}' | "$DOCKET" ingest >>"$TEST_DIR/ingest.log" 2>&1
}

# Undo
open_one
later 'Kommt morgen.'
status 202 'an answer with seconds to think'
json '.message == null and .scheduled.body == "Kommt morgen." and (.scheduled.due_at | length) > 10' 'waits'
is "$(left)" '0 0 0 0' 'no message, event, mail or rule run is there'
work
is "$(left)" '0 0 0 0' 'nor while its time has not come'
call anna GET "/tickets/$t"
json '.scheduled.body == "Kommt morgen." and .draft == null and .ticket.draft == false' 'the ticket shows it, not as a draft'
call ben GET "/tickets/$t"
json '.scheduled == null' 'to nobody else'
call anna GET "/tickets?q=is:scheduled"
json ".tickets | map(.id) == [$t]" 'the folder of what waits'
call anna GET /scheduled
json "length == 1 and .[0].ticket_id == $t and .[0].customer == \"Karl Kunde\"" 'and the list'
call anna PUT "/tickets/$t/draft" "{\"kind\": \"message\", \"body\": \"anderes\", \"version\": $v}"
status 409 'what waits is not overwritten'
call anna PUT "/tickets/$t/draft" "{\"kind\": \"comment\", \"body\": \"ein Kommentar\", \"version\": $v}"
status 200 'a comment is written beside it'
later 'Noch eine.'
status 409 'nor does a second one wait'
call anna DELETE "/tickets/$t/scheduled"
status 200 'taken back'
json '.draft.body == "Kommt morgen." and .draft.returned == null' 'the words are there'
call anna DELETE "/tickets/$t/scheduled"
status 409 'only once'
work
is "$(left)" '0 0 0 0' 'nothing ever left'

# In time
v=$(version)
printf 'x' >"$TEST_DIR/x.txt"
"$DOCKET" call --agent anna POST '/uploads?name=Plan.txt' --type application/octet-stream "$(cat "$TEST_DIR/x.txt")" >"$TEST_DIR/upload"
upload=$(jq .id "$TEST_DIR/upload")
later 'Kommt übermorgen.' ", \"uploads\": [$upload], \"status\": 4, \"to\": [\"kunde@example.org\", \"chef@example.org\"], \"cc\": [\"lager@example.org\"]"
status 202
json '.scheduled.to == ["kunde@example.org", "chef@example.org"] and .scheduled.cc == ["lager@example.org"] and .scheduled.files == 1' 'to many, with a file'
due
work
is "$(left)" '1 1 1 1' 'when its time comes it is a message, an event, a mail and a rule run'
rows "select array_to_string(recipients, ' ') from outbox where ticket_id = $t" 'kunde@example.org chef@example.org lager@example.org' 'for all of them'
rows "select status_id from ticket where id = $t" 4 'with its status'
rows "select count(*) from file where message_id is not null and id = $upload" 1 'and its file'
call anna GET "/tickets/$t"
json '.scheduled == null and .draft.kind == "comment" and (.messages | length) == 1 and .messages[0].cc == ["lager@example.org"]' 'the comment that was begun is still there'
work
is "$(left)" '1 1 1 1' 'once'

# Later
open_one
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Am Montag.\", \"at\": \"2020-01-01T08:00:00Z\"}"
status 202 'a time that is over is now'
work
is "$(left)" '1 1 1 1' 'it leaves'
v=$(version)
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"x\", \"at\": \"bald\"}"
status 422 'a time that is none'
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"x\", \"at\": \"2999-01-01T08:00:00Z\"}"
status 422 'a time too far away'
later 'Später.'
call anna PUT "/tickets/$t/scheduled" '{"at": "2099-01-01T08:00:00+01:00"}'
status 422
call anna PUT "/tickets/$t/scheduled" '{"at": "now"}'
status 200 'at once after all'
work
is "$(left)" '2 2 2 2' 'and it leaves'

# The customer writes first
open_one
later 'Wo ist die Rechnung?'
arrive 'Hat sich erledigt.'
call anna GET "/tickets/$t"
json '.scheduled == null and .draft.body == "Wo ist die Rechnung?" and .draft.returned == "ticket_changed"' 'a newer message brings the draft back and says why'
json '[.events[] | select(.kind == "draft.returned")] | length == 1 and .[0].agent_id != null' 'its event tells the writer'
due
work
is "$(left)" '1 0 0 0' 'it does not leave'
call anna PUT "/tickets/$t/draft" "{\"kind\": \"message\", \"body\": \"Neu.\", \"version\": $(version)}"
call anna GET "/tickets/$t"
json '.draft.returned == null' 'whoever writes on has read it'
v=$(version)
later 'Noch ein Versuch.'
arrive 'Bin im Urlaub.' 'Auto-Submitted: auto-replied'
call anna GET "/tickets/$t"
json '.scheduled.body == "Noch ein Versuch."' 'an automatic mail brings nothing back'
call ben POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Ben antwortet.\"}"
status 201
call anna GET "/tickets/$t"
json '.draft.returned == "ticket_changed"' 'the answer of another agent does'

# What cannot leave when it is due
open_one
later 'Vertraulich?'
call anna PATCH "/tickets/$t" "{\"version\": $v, \"confidential\": true}"
due
work
call anna GET "/tickets/$t"
json '.draft.returned == "ticket_confidential" and .draft.body == "Vertraulich?"' 'the ticket became confidential'
open_one
call ben POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Von Ben.\", \"delay\": 20}"
sql "update agent set active = false where login = 'ben'"
due
work
rows "select returned from draft where ticket_id = $t" agent_inactive 'its writer is not with us any more'
sql "update agent set active = true where login = 'ben'"
open_one
call ben POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Noch von Ben.\", \"delay\": 20}"
sql "with p as (insert into profile (name) values ('Leser') returning id), w as (insert into profile_permission select id, 'ticket.read' from p)
	update agent_profile set profile_id = (select id from p) where agent_id = $(id_of ben)"
due
work
is "$(sql "select returned from draft where ticket_id = $t and agent_id = $(id_of ben)") $(left)" 'agent_inactive 0 0 0 0' 'nor one who may write no more'
sql "update agent_profile set profile_id = (select id from profile where name = 'Support') where agent_id = $(id_of ben)"
open_one
later 'Status?' ', "status": 4'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"status\": 3}"
status 200
due
work
is "$(left) $(sql "select status_id from ticket where id = $t")" '1 1 1 1 3' 'a status that another has set meanwhile stays, the answer leaves'

# Addresses
open_one
for bad in 'kunde' 'a@b@c' 'a@b.de\r\nBcc: x@y.de' 'a b@c.de'; do
	call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"x\", \"cc\": [\"$bad\"]}"
	status 422 "no address: $bad"
done
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"An drei\", \"to\": [\"eins@example.org\", \"zwei@example.org\"], \"cc\": [\"drei@example.org\"]}"
status 201
sha=$(sql "select sha256 from outbox where ticket_id = $t")
is "$(sed -n '/^\r$/q; /^\(To\|Cc\): /p' "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha" | tr -d '\r' | paste -sd'|')" \
	'To: eins@example.org, zwei@example.org|Cc: drei@example.org' 'the mail names them all'

# Whatever dies: exactly once
for place in 3 9 14 20 25 30 35 40 400; do
	open_one
	later "Nummer $place"
	due
	work "sql:$place"
	died=$?
	work
	is "$(left) $(sql 'select count(*) from draft where due_at is not null')" '1 1 1 1 0' "killed at statement $place of work ($died): once" || break
done
is "$died" 0 'the last of these places lies behind the end'

open_one
later 'Woran alles stirbt'
due
for _ in 1 2 3; do work sql:20; done
work
rows "select returned, tries, due_at is null from draft where ticket_id = $t" 'answer_deadly|0|t' 'what work died of three times comes back to its writer'
is "$(left)" '0 0 0 0' 'and has not left'
open_one
later 'Nach ihr'
due
work
is "$(left)" '1 1 1 1' 'those behind it leave'

# Files: as much as leaves with one mail
open_one
upload=$("$DOCKET" call --agent anna POST '/uploads?name=Plan.pdf' --type application/octet-stream x | jq .id)
more=$("$DOCKET" call --agent anna POST '/uploads?name=Plan2.pdf' --type application/octet-stream x | jq .id)
sql "update file set size = 14000000 where id in ($upload, $more)"
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Zwei Pläne\", \"uploads\": [$upload, $more]}"
is "$code $(value .code)" '422 files_large' 'more than 25 MiB together is no answer'
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Ein Plan\", \"uploads\": [$upload]}"
status 201 'each for itself is'

# n seconds, each for himself
call anna GET /session
json '.agent.undo_seconds == 10' 'ten seconds to think'
call anna PATCH /me '{"undo_seconds": 31}'
status 422
call anna PATCH /me '{"undo_seconds": 0}'
json '.undo_seconds == 0' 'or none'

# By itself, within a second of its time
start work "$DOCKET" work
open_one
call anna POST "/tickets/$t/messages" "{\"version\": $v, \"body\": \"Von selbst.\", \"delay\": 1}"
status 202
wait_for '[ "$(left)" = "1 1 1 1" ]' 20
ok 'docket work sends it by itself'
figure "$(sql "select round(extract(epoch from max(created_at) - (select max(at) from event where ticket_id = $t and kind = 'ticket.opened')) * 1000) from message where ticket_id = $t") ms after the ticket was opened, with a delay of 1 s"
done_testing
