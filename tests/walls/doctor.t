#!/usr/bin/env bash
# docket check finds each fault that is planted, says what to do in one line, and nothing when all is well.
. "$TOP/tests/lib.sh"
. "$TOP/tests/api/people.sh"
add_account
sql() { psql -AtXq -v ON_ERROR_STOP=1 -c "$1" 2>&1; }
check() { said=$("$DOCKET" check "$@" 2>&1) && rc=0 || rc=$?; }
well() { check "${@:2}"; is "$rc" 0 "$1" || diag "$said"; }
# sick WHAT REGEX PART...: exactly one finding, which says this
sick() {
	check "${@:3}"
	like "$rc $(grep -c '^wrong: ' <<<"$said") $(grep '^wrong: ' <<<"$said")" "^65 1 .*$2" "$1" || diag "$said"
}
# plant WHAT REGEX SQL UNDO
plant() {
	said=$(sql "$3") || { ok "$1: planted" false; diag "$said"; }
	sick "$1" "$2" rows
	said=$(sql "$4") || { ok "$1: undone" false; diag "$said"; }
}

# A little of everything: three mails, a thread, an answer that is queued, a comment, a file, an index.
call anna POST /templates '{"name": "A", "subject_de": "Re: $TicketTitle", "body_de": "$TicketLastMessage"}'
call anna POST /rules "{\"name\": \"mail\", \"event\": \"message.agent\", \"template\": $(value .id)}"
for n in 1 2 3; do
	printf 'From: kunde%s@example.org\nSubject: Mail %s\nMessage-ID: <%s@example.org>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nText %s\n--b\nContent-Type: image/png; name=bild.png\n\nPNG%s\n--b--\n' \
		$n $n $n $n $n | "$DOCKET" ingest >>"$TEST_DIR/ingest.log" 2>&1
done
t=$(sql 'select min(id) from ticket')
call anna GET "/tickets/$t"
call anna POST "/tickets/$t/messages" "{\"version\": $(value .ticket.version), \"body\": \"Antwort\", \"status\": 6}"
status 201 'an answer'
m=$(value .message.id)
call anna POST "/tickets/$t/messages" "{\"version\": 1, \"kind\": \"comment\", \"body\": \"intern\"}"
comment=$(value .message.id)
call anna POST "/tickets/$t/owners" "{\"version\": $(value .ticket.version), \"agent\": $(id_of ben), \"role\": 1}"
status 200 'an owner'
"$DOCKET" index --once 2>>"$TEST_DIR/index.log"
well 'nothing is wrong with any of it' --blobs
like "$said" 'the index was compared' 'the index was looked at'
like "$said" '[1-9][0-9]* blobs read' 'and each blob read'

# Originals
i=$(sql 'select min(id) from inbound')
plant 'an original that nobody reads' "inbound $i waits since .*docket work running" \
	"update message set inbound_id = null where inbound_id = $i; update inbound set state = 'new', fetched_at = now() - interval '2 hours' where id = $i" \
	"update message set inbound_id = $i where id = (select message_id from inbound where id = $i); update inbound set state = 'done' where id = $i"
plant 'done without a message' "inbound $i is done, but not as" \
	"update message set inbound_id = null where inbound_id = $i" \
	"update message set inbound_id = $i where id = (select message_id from inbound where id = $i)"
plant 'parked without a reason' "inbound [0-9]+ is parked without a reason" \
	"insert into inbound (sha256, size, state) select sha256, size, 'parked' from inbound where id = $i returning id; update inbound set account_id = 1 where false" \
	"delete from inbound where state = 'parked'" 2>/dev/null
plant 'a message of an original that is set aside' "inbound $i is parked but has a message" \
	"update inbound set state = 'parked', reason = 'x' where id = $i" "update inbound set state = 'done', reason = null where id = $i"
plant 'one original, two messages' "inbound $i has more than one message" \
	"update message set inbound_id = $i where id = $m" "update message set inbound_id = null where id = $m"

# Tickets
of() { echo "update ticket set $1 where id = $t"; }
plant 'a ticket whose newest message is another' "ticket $t: last_message_id" "$(of 'last_message_id = last_message_id - 1')" "$(of 'last_message_id = last_message_id + 1')"
plant 'a count of messages' "ticket $t: messages says" "$(of 'messages = messages + 1')" "$(of 'messages = messages - 1')"
plant 'a count of files' "ticket $t: files says 4, it has 1" "$(of 'files = files + 3')" "$(of 'files = files - 3')"
plant 'a version that no event gave' "ticket $t: version" "$(of 'version = version + 1')" "$(of 'version = version - 1')"
plant 'owners that are none' "ticket $t: owner_ids" "$(of "owner_ids = owner_ids || 77")" "$(of "owner_ids = array_remove(owner_ids, 77)")"
plant 'an open ticket that is done' "ticket $t: is_open" "$(of 'is_open = not is_open')" "$(of 'is_open = not is_open')"
plant 'a failed mail that is none' "ticket $t: failed" "$(of 'failed = true')" "$(of 'failed = false')"
plant 'two events of one version' "ticket $t: .*two of its events have one version" \
	"update event set version = version - 1 where id = (select max(id) - 1 from event where ticket_id = $t)" \
	"update event set version = version + 1 where id = (select max(id) - 1 from event where ticket_id = $t)"

# What leaves
o=$(sql "select id from outbox where message_id = $m")
out() { echo "update outbox set $1 where id = $o"; }
plant 'a mail that hangs' "outbox $o is sending longer than its lease.*docket send running" "$(out "state = 'sending', lease_until = now() - interval '5 minutes'")" "$(out "state = 'queued', lease_until = null")"
plant 'a mail that nobody sends' "outbox $o waits since" "$(out "next_at = now() - interval '2 hours'")" "$(out 'next_at = now()')"
plant 'a comment on its way to a customer' "outbox $o carries a comment" "$(out "message_id = $comment")" "$(out "message_id = $m")"
plant 'a mail of no ticket' "outbox $o belongs to no ticket" "$(out 'ticket_id = 1')" "$(out "ticket_id = $t")"
plant 'a mail whose answer would find no ticket' "outbox $o: its Message-ID leads to no ticket" 'update message_reference set own = not own' 'update message_reference set own = not own'

# Rights, roles, accounts
plant 'a sight that is not what the profiles say' 'what agent [0-9]+ may see' "update sight set own_statuses = '{4}' where agent_id = $(id_of ben)" 'update agent set active = active'
plant 'a sight that is missing' 'what agent [0-9]+ may see' "delete from sight where agent_id = $(id_of ben)" 'update agent set active = active'
plant 'a table without its wall' 'row-level security is not forced on draft' 'alter table draft no force row level security' 'alter table draft force row level security'
sql "update account set kind = 'imap', host = 'imap.example.org', port = 993, login = 'x' where id = 1" >/dev/null
plant 'an account nobody fetches' 'account Service is due since .*docket-poll.timer' "update account set due_at = now() - interval '1 day'" 'update account set due_at = now()'
plant 'an account that fails' 'account Service failed 3 times: docket account test Service' 'update account set failures = 3' "update account set failures = 0, kind = 'pipe'"
well 'all of it is undone' rows

# Schema
plan_of() { psql -AtXqc "update migration set $1 where n = (select max(n) from migration)"; }
cp -R "$DOCKET_SQL" "$TEST_DIR/migrate"
echo 'select 1;' >"$TEST_DIR/migrate/$(printf %04d $(($(sql 'select max(n) from migration') + 1)))-later.sql"
DOCKET_SQL=$TEST_DIR/migrate sick 'a migration that was not applied' 'the schema lacks 1 migrations: run docket migrate' queries
echo '-- edited' >>"$TEST_DIR/migrate/0002-rights.sql"
DOCKET_SQL=$TEST_DIR/migrate sick 'one that was edited' '0002-rights.sql was edited' queries
well 'the schema is that of the program' queries

# Blobs
blob() { echo "$TEST_DIR/blobs/${1:0:2}/${1:2:2}/$1"; }
f=$(sql 'select sha256 from file order by id limit 1')
mv "$(blob "$f")" "$TEST_DIR/kept"
sick 'a blob that is gone' 'file [0-9]+: its bytes .* cannot be found .*backup' blobs
printf 'PNG' >"$(blob "$f")"
sick 'a blob that was cut' 'has 3 bytes instead of 4' blobs
printf 'PNX1' >"$(blob "$f")"
well 'another byte is not seen by looking' blobs
sick 'it is by reading' 'does not hold what its name says' blobs --blobs
mv -f "$TEST_DIR/kept" "$(blob "$f")"
old=$(printf '%064d' 7)
mkdir -p "$(dirname "$(blob "$old")")" && echo old >"$(blob "$old")"
well 'a young blob without a row may wait for one' blobs
touch -d '8 days ago' "$(blob "$old")"
sick 'an old one can go' "$old: no row names it for 7 days" blobs
rm "$(blob "$old")"
well 'the blobs are whole again' blobs --blobs

# Index
text=$(sql "select body from message where id = $m")
sql "alter table message disable trigger all; update message set body = 'anders' where id = $m" >/dev/null
sick 'a message that the index has otherwise' "index: message $m is stale: docket reindex" index
sql "update message set body = '$text' where id = $m; alter table message enable trigger all" >/dev/null
well 'the index is that of the database' index
sql "insert into message (ticket_id, kind, body, source) values ($t, 'comment', 'neu', 'agent')" >/dev/null
check index
like "$rc $said" '^0 1 messages wait for the index' 'what is queued is no finding'
sql 'delete from index_queue' >/dev/null
sick 'a message that the index lacks' 'is missing: docket reindex' index
sql 'alter table message disable trigger all; delete from message where body = '"'neu'" >/dev/null
generation=$(readlink "$TEST_DIR/index/current")
cp -R "$TEST_DIR/index/$generation" "$TEST_DIR/whole"
for table in "$TEST_DIR/index/$generation"/*.glass; do head -c 8192 /dev/urandom >"$table"; done
check index
like "$rc $said" '^65 wrong: the index' 'an index that is damaged is noticed'
cp "$TEST_DIR/whole"/* "$TEST_DIR/index/$generation/"
mv "$TEST_DIR/index/current" "$TEST_DIR/index/away"
sick 'an index that is gone' 'the index cannot be read' index
mv "$TEST_DIR/index/away" "$TEST_DIR/index/current"

# Configuration
conf() { sed "s|^$1 = .*|$1 = $2|" "$DOCKET_CONFIG" >"$TEST_DIR/other.conf"; }
conf blobs "$TEST_DIR/nowhere"
DOCKET_CONFIG=$TEST_DIR/other.conf sick 'a folder that does not exist' 'blobs = .*nowhere: No such file' config
conf reply_key "$TEST_DIR/nowhere"
DOCKET_CONFIG=$TEST_DIR/other.conf sick 'a key that does not exist' 'reply_key = .* does not exist: docket key init' config
printf '%064d\n' 5 >"$TEST_DIR/other.key"
conf secret "$TEST_DIR/other.key"
DOCKET_CONFIG=$TEST_DIR/other.conf sick 'a key that passwords are not sealed for' 'is not the key that passwords are sealed for' config
conf database "host=$TEST_DIR dbname=none"
DOCKET_CONFIG=$TEST_DIR/other.conf check
like "$rc $said" '69 .*wrong: the database is away' 'no database: said so'
check nonsense
is "$rc" 64 'a part that there is not'
well 'in the end all is well'
done_testing
