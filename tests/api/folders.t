#!/usr/bin/env bash
# Folders of one's own and of everybody; who may change which; live counts; what is new in watched ones; rules that ask for
# words.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
sql "insert into profile_status select id, 2, 'own' from profile where name = 'Support'"
mail() { # SUBJECT TEXT [FILE]
	printf 'From: Karl <karl@example.org>\nSubject: %s\nMessage-ID: <%s@x>\n\n%s\n' "$1" "$RANDOM$RANDOM" "$2" | "$DOCKET" ingest >>"$TEST_DIR/ingest.log" 2>&1
	ok 'docket work' "$DOCKET" work --once
}
alerts() { call "$1" GET /alerts; jq -r 'length' <<<"$body"; }
mail Lampe 'Die Lampe ist kaputt.'
start index "$DOCKET" index

call ben POST /folders '{"name": "Kaputte Lampen", "query": "lampe kaputt is:open", "watched": true}'
status 201
json '.own and .watched and .name.de == "Kaputte Lampen" and .key == null'
mine=$(value .id)
call ben POST /folders '{"name": "Alle", "query": "is:open", "shared": true}'
status 403 'ben may not share'
call anna POST /folders '{"name": "Teamordner", "query": "lampe", "shared": true}'
status 201
shared=$(value .id)
count() { call "$1" GET /folders; jq -r ".[] | select(.id == $2).count" <<<"$body"; }
ok 'it counts what its words find' wait_for '[ "$(count ben "$mine")" = 1 ]'
call anna GET /folders
json "map(.id) | index($mine) == null and index($shared) != null" "nobody sees another's"
call ben PATCH "/folders/$shared" '{"name": "Meiner"}'
status 404 'nor changes one of everybody without the permission'
call anna PATCH "/folders/$mine" '{"name": "Ihrer"}'
status 404 "nor an admin another's"
call anna PATCH /folders/1 '{"name": "Anders"}'
status 404 'nor anybody those that came with docket'
call anna DELETE /folders/1
status 404
call ben PATCH "/folders/$mine" '{"name": "Lampen", "query": "lampe kaputt"}'
status 200
json '.name.en == "Lampen" and .query == "lampe kaputt"'
call ben PATCH "/folders/$mine" '{"name": "  "}'
status 422 'a name of blanks'
json '.code == "folder_name_empty"'
call ben POST /folders '{"name": "Zweiter", "query": "prio:>3"}'
second=$(value .id)
call ben PUT /folders "{\"folders\": [$second, $mine, 1]}"
status 204
call ben GET /folders
json "[.[] | select(.own).id] == [$second, $mine] and .[0].id == 1" 'his stand in his order, the others where they were'
call ben GET "/search?q=ordner:lampen"
json '.hits | length == 1' 'a folder can be asked for by its name'
call ben GET "/tickets?folder=$mine"
json '.tickets | length == 1' 'and lists tickets'

# What is new: by words of the new message alone, the watcher's rights, nobody his own.
is "$(alerts ben)" 0 'what was there before is no news'
mail Vase 'Die Vase ist kaputt.'
is "$(alerts ben)" 0 'another message is none'
mail Frage 'Meine Lampen sind auch kaputt.'
is "$(alerts ben)" 1 'one that the folder finds is, by its stems'
new=$(sql 'select max(id) from ticket')
call ben GET /alerts
json ".[0].ticket_id == $new and .[0].folder_id == $mine and .[0].folder.de == \"Lampen\" and .[0].subject == \"Frage\""
is "$(alerts anna)" 0 'who does not watch is told nothing'
call ben POST "/tickets/$new/messages" "{\"version\": $(sql "select version from ticket where id = $new"), \"kind\": \"comment\", \"body\": \"lampe kaputt\"}"
ok 'docket work' "$DOCKET" work --once
is "$(alerts ben)" 1 'nor anybody of what he wrote himself'
call anna POST "/tickets/$new/messages" "{\"version\": $(sql "select version from ticket where id = $new"), \"kind\": \"comment\", \"body\": \"lampe kaputt\"}"
ok 'docket work' "$DOCKET" work --once
is "$(alerts ben)" 2 'but of what another wrote'
call anna PATCH "/tickets/$new" "{\"version\": $(sql "select version from ticket where id = $new"), \"status\": 2}"
is "$(alerts ben)" 0 'a ticket that is hidden now is not told of'
call anna POST "/tickets/$new/messages" "{\"version\": $(sql "select version from ticket where id = $new"), \"kind\": \"comment\", \"body\": \"lampe kaputt\"}"
ok 'docket work' "$DOCKET" work --once
rows "select count(*) from alert" 2 'nor are new ones written'
call anna PATCH "/tickets/$new" "{\"version\": $(sql "select version from ticket where id = $new"), \"status\": 1}"
call ben PUT /alerts "{\"alert\": $(sql 'select max(id) from alert')}"
status 204
is "$(alerts ben)" 0 'looked at'
call ben PATCH "/folders/$mine" '{"watched": false}'
json '.watched == false'
mail Wieder 'Lampe kaputt.'
is "$(alerts ben)" 0 'no longer watched'
rows 'select count(*) from alert_queue' 0 'nothing waits'
call ben DELETE "/folders/$mine"
status 204
call ben GET "/tickets?folder=$mine"
status 404

# A rule whose condition asks for words: of the message that set it off.
"$DOCKET" account add Shop --address shop@docket.test --type Anfrage --status Neu --smtp localhost:9 --smtp-open >/dev/null
call anna POST /templates '{"name": "A", "subject_de": "Re", "body_de": "$TicketLastMessage"}'
call anna POST /rules "{\"name\": \"Garantie\", \"event\": \"message.agent\", \"template\": $(value .id), \"condition\": \"garantie -\\\"keine Garantie\\\" is:open\"}"
status 201 'words in a condition'
answer() { # TEXT
	call anna POST "/tickets/$new/messages" "{\"version\": $(sql "select version from ticket where id = $new"), \"body\": \"$1\"}"
	status 201
}
call anna GET "/tickets/$new"
json '.sending.rule == "Garantie" and .sending.if_words' 'that an answer may leave is told beforehand'
answer 'Guten Tag, das ist leider so.'
rows 'select count(*) from outbox' 0 'without the word it does not leave'
answer 'Das ist ein Fall für die Garantien.'
rows 'select count(*) from outbox' 1 'with it, it does'
answer 'Das ist keine Garantie.'
rows 'select count(*) from outbox' 1 'unless it says otherwise'
call anna POST /rules '{"name": "y", "event": "message.agent", "template": 1, "condition": "status:! foo:bar"}'
status 422 'what means nothing is refused'
done_testing
