#!/usr/bin/env bash
# Tickets through the API: opening, reading, changing, and who loses when two change the same thing.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"

call anna POST /tickets '{"subject": "Glasvase zerbrochen", "type": 1, "email": "Kunde@Example.org", "name": "Karl Kunde", "body": "Guten Tag", "kind": "comment"}'
status 201 'a ticket is opened'
json '.ticket.subject == "Glasvase zerbrochen" and .ticket.version >= 1 and .ticket.closed == false' 'it is open and has a version'
json '.ticket.customer == "Karl Kunde" and .ticket.customer_email == "kunde@example.org"' 'its customer is made from the address'
json '.ticket.owners[0].agent_id == .messages[0].agent_id' 'who opens it owns it'
json '.messages | length == 1 and .[0].kind == "comment"' 'it holds the comment'
json '.events | map(.kind) | index("ticket.opened") == 0' 'its history begins with its opening'
t=$(value .ticket.id) v=$(value .ticket.version)

call anna GET "/tickets/$t"
status 200
json ".ticket.id == $t and .sending == null" 'without a rule nothing would be sent, and it says so'
call ben GET /tickets
json '.tickets | length == 1' 'another agent sees it in the list'
call nora GET /tickets
status 403 'an agent without permission sees no list'
call anna GET /tickets/4711
status 404 'an unknown ticket is not found'
json '.code == "ticket_unknown"'

# Properties
call anna PATCH "/tickets/$t" "{\"version\": $v, \"status\": 3}"
status 200 'a status changes'
json ".ticket.status_id == 3 and .ticket.version == $v + 1" 'and the version grows by one'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"priority\": 4}"
status 200 'another property with the old version goes through'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"status\": 6}"
status 409 'the same property with the old version does not'
json '.code == "ticket_changed" and (.events | map(.kind) == ["status.changed"])' 'and the answer names what happened'
rows "select status_id from ticket where id = $t" 3 'the state is unchanged'
sql "insert into event (kind, ticket_id, before, after) values ('status.changed', $t, '4', '3')"
call ben GET "/tickets/$t"
w=$(value .ticket.version)
sql "insert into event (kind, ticket_id, before, after) values ('status.changed', $t, '4', '3')"
call ben PATCH "/tickets/$t" "{\"version\": $w, \"status\": 3}"
status 200 'that a mail reopened the ticket meanwhile makes no change fail'
call ben PATCH "/tickets/$t" '{"version": 999, "status": 6}'
status 409 'a version that does not exist yet is refused'
call ben GET "/tickets/$t"
v=$(value .ticket.version)
call ben PATCH "/tickets/$t" "{\"version\": $v, \"status\": 9}"
status 422 'a status of another type is refused'
json '.code == "status_of_other_type"'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"type\": 2}"
status 200 'another type takes its own first status along'
json '.ticket.type_id == 2 and .ticket.status_id == 8'
call ben GET "/tickets/$t"
call ben PATCH "/tickets/$t" "{\"version\": $(value .ticket.version), \"status\": 13}"
json '.ticket.closed == true' 'done closes it'
call ben PATCH "/tickets/$t" "{\"version\": $(value .ticket.version), \"subject\": \"Neuer  Betreff\"}"
json '.ticket.subject == "Neuer Betreff"' 'a subject is one line'
call ben GET "/tickets/$t/events"
json '.events | map(select(.kind == "subject.changed"))[0] | .text_before == "Glasvase zerbrochen"' 'history knows the old words'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"subject\": \"\"}"
status 422 'an empty subject is refused'
call ben PATCH "/tickets/$t" "{\"version\": $v, \"colour\": \"red\"}"
status 400 'an unknown field is refused'

# Owners
ben=$(id_of ben)
call anna GET "/tickets/$t"
v=$(value .ticket.version)
call anna POST "/tickets/$t/owners" "{\"version\": $v, \"agent\": $ben, \"role\": 2}"
status 200 'an owner is added with a role'
json ".ticket.owner_ids | index($ben) != null"
v=$(value .ticket.version)
call anna POST "/tickets/$t/owners" "{\"version\": $v, \"agent\": $ben, \"role\": 2}"
status 409 'the same owner in the same role is refused'
json '.code == "owner_taken"'
call anna POST "/tickets/$t/owners" "{\"version\": $v, \"role\": 2}"
status 422 'an owner is an agent or a team'
json '.code == "owner_one_of"'
o=$(psql -AtXqc "select id from owner where ticket_id = $t and agent_id = $ben")
call anna DELETE "/tickets/$t/owners/$o?version=$v"
status 200 'an owner is removed'
json ".ticket.owner_ids | index($ben) == null"

# Drafts and what was seen
call anna PUT "/tickets/$t/draft" '{"kind": "message", "body": "Halb geschrie", "version": 3}'
status 200 'a draft is kept'
call anna GET "/tickets/$t"
json '.draft.body == "Halb geschrie" and .ticket.draft' 'and comes back'
call ben GET "/tickets/$t"
json '.draft == null' 'to its writer only'
call anna DELETE "/tickets/$t/draft"
status 204
call ben PUT "/tickets/$t/seen" '{"message": 2000000000}'
status 204
call ben GET /tickets
json '.tickets[0].unread == false' 'what was seen is no longer unread'

# Rights per status: invisible and own only
psql -qX <<SQL
	insert into profile_status (profile_id, status_id, see)
	select id, 2, 'no' from profile where name = 'Support' union all select id, 3, 'own' from profile where name = 'Support';
SQL
call anna POST /tickets '{"subject": "Unsichtbar", "type": 1, "status": 2}'
hidden=$(value .ticket.id)
call anna POST /tickets '{"subject": "Nur eigene", "type": 1, "status": 3}'
own=$(value .ticket.id)
call ben GET "/tickets/$hidden"
status 404 'an invisible status hides the ticket'
call ben GET "/tickets/$own"
status 404 'own only hides what others own'
call ben PATCH "/tickets/$own" '{"version": 1, "priority": 1}'
status 404 'also from changes'
call ben GET /tickets
json '.tickets | map(.subject) | index("Unsichtbar") == null and index("Nur eigene") == null' 'and from lists'
call anna POST "/tickets/$own/owners" "{\"version\": $(psql -AtXqc "select version from ticket where id = $own"), \"agent\": $ben, \"role\": 1}"
call ben GET "/tickets/$own"
status 200 'an owner sees it'
done_testing
