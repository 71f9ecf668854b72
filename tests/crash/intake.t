#!/usr/bin/env bash
# 500 mails while poll, work, send and index are killed at 60 placed points and PostgreSQL five times: nothing is
# lost, nothing doubled, the server's folders are as configured, the index equals the database.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/lib/pg.sh"
trap 'stop_all; servers_stop' EXIT
export SINK=$TOP/build/tests/sink/sink
log=$TEST_DIR/killed.log

mkdir -p "$TEST_DIR/mail/mail"
files=$(python3 "$TOP/tests/crash/intake.py" "$TEST_DIR/mail/mail")
dovecot_start "$TEST_DIR/mail" || exit 1
sink_start "$TEST_DIR/left" --cert "$TEST_DIR/mail/ca/good.pem" --key "$TEST_DIR/mail/ca/good.key" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
account() { echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" "${@:2}" >/dev/null || exit 1; }
account mover --imap "localhost:$DOVECOT_IMAPS" --after move:Docket --folder INBOX
sql "insert into account_folder (account_id, name) values (1, 'Zweiter')"
account deleter --imap "localhost:$DOVECOT_IMAPS" --after delete
account popper --pop3 "localhost:$DOVECOT_POP3S" --after delete
account out --smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-open
rows 'select count(*) from account' 4 'four accounts'

# queue_answers: an answer in the outbox for each ticket that has none.
queue_answers() {
	local t sha file=$TEST_DIR/answer
	while read -r t; do
		printf 'From: out@docket.test\r\nMessage-ID: <answer.%d@docket.test>\r\n\r\nDanke\r\n' "$t" >"$file"
		sha=$(sha256sum "$file" | cut -c1-64)
		mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$file" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
		echo "insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref)
			values ('customer', $t, 4, 'out@docket.test', '{kunde@example.org}', 'Re', '$sha', 'answer.$t@docket.test');"
	done < <(sql "select id from ticket where id not in (select ticket_id from outbox) order by id limit $1") | psql -qX
}

# --- 60 kills, each at a step that is counted, of one process at a time ------------------------------------------------
one_of() { # PLACE: a process of that kind, killed there if it gets so far
	case $1 in
	mover | deleter | popper) "$DOCKET" poll --account "$1" ;;
	work) "$DOCKET" work --once ;;
	send) "$DOCKET" send --once ;;
	index) "$DOCKET" index --once ;;
	esac >>"$log" 2>&1
}
kills=0 of= tries=0
RANDOM=500
kinds=(mover work deleter send popper work index mover work send deleter popper)
while [ $kills -lt 60 ] && [ $tries -lt 400 ]; do
	kind=${kinds[tries % ${#kinds[@]}]} tries=$((tries + 1))
	case $kind in
	send) queue_answers 4; range=24 from=7 ;;
	index) range=30 from=3 ;;
	work) range=300 from=8 ;;
	*) range=160 from=15 ;;
	esac
	DOCKET_CRASH=any:$((from + RANDOM % range)) one_of $kind
	[ $? = 137 ] && kills=$((kills + 1)) of+=" $kind"
done
inside=$(grep -c '^warn crash.point .*inside=1' "$log")
diag "kills of$(tr ' ' '\n' <<<"$of" | sort | uniq -c | awk 'NF > 1 { printf " %s %d", $2, $1 }'); $inside inside a piece of work"
is $kills 60 'sixty kills'
ok 'at least forty of them between the first write of a piece of work and its last' test "$inside" -ge 40
ok 'mail is waiting still, so that the kills were in the middle of it' test "$(sql "select count(*) from message")" -lt 500

# --- PostgreSQL killed five times under all of them at once ---------------------------------------------------------------
polling() {
	while :; do
		"$DOCKET" poll
		read -rt 0.2 <> <(:) || :
	done
}
sql "update account set due_at = now(), every = '1 second'"
pg_pid=$(head -1 "$TEST_PGDATA/postmaster.pid")
start work "$DOCKET" work
start send "$DOCKET" send
start index "$DOCKET" index
start polling polling
queue_answers 60
dead=0
for i in 1 2 3 4 5; do
	before=$(sql 'select count(*) from message')
	wait_for "[ \$(sql 'select count(*) from message') -gt $before ] || [ \$(sql \"select count(*) from inbound where state = 'new'\") = 0 ]" 20
	kill -KILL "$pg_pid" && dead=$((dead + 1))
	rm -f "$TEST_PGDATA/postmaster.pid"
	wait_for "! pgrep -f 'postgres.*$TEST_DB' -u $(id -u)" 10
	wait_for "pg_start '$TEST_PGDATA' '$PGHOST' fsync" 30
	sql "update account set due_at = now(); update outbox set next_at = now() where state = 'deferred'"
done
is $dead 5 'PostgreSQL was killed five times, with fsync on'

# --- what came of it ---------------------------------------------------------------------------------------------------
all_in() { [ "$(sql "select (select count(*) from message where subject like 'mail-%') >= 500
	and not exists (select from inbound where state = 'new') and not exists (select from outbox where state in ('queued', 'sending', 'deferred'))")" = t ]; }
why_not() {
	{
		sql "select 'outbox', state, attempts, count(*), min(next_at), max(lease_until) from outbox group by 2, 3"
		sql "select 'inbound', state, count(*) from inbound group by 2"
		sql "select 'lease', * from lease"
		sql "select 'backend', pid, usename, state, wait_event, left(query, 60) from pg_stat_activity where datname = current_database()"
		ps -o pid,ppid,stat,wchan:20,etimes,args -u "$(id -u)" | grep -E 'docket (work|send|index|poll)|sink'
		tail -qn 4 "$TEST_DIR"/{send,work,index}.log
	} 2>&1 | while read -r line; do diag "$line"; done
}
wait_for 'sql "update account set due_at = now(); update outbox set next_at = now() where state = '"'deferred'"'"; all_in' 120 || why_not
stop polling
for name in mover deleter popper; do "$DOCKET" poll --account $name >>"$log" 2>&1; done
for name in work send index; do
	stop $name
	is $rc 0 "docket $name lived through it all"
done
"$DOCKET" work --once >>"$log" 2>&1
"$DOCKET" index --once >>"$log" 2>&1

in=$(sql "select count(distinct subject) from message where subject like 'mail-%'")
messages=$(sql "select count(*) from message where subject like 'mail-%'")
is "$in $messages" '500 500' '500 mails in, each once'
rows "select count(*) from (select ref from message where ref like 'paar%' group by ref having count(*) = 2 and count(distinct body) = 2) p" 20 \
	'20 pairs with one Message-ID: both became messages'
rows "select count(*) from message where subject between 'mail-040' and 'mail-059' and ref is null" 20 '20 without Message-ID'
rows "select count(*), count(message_id), count(*) filter (where state = 'duplicate') from inbound
	where sha256 in (select sha256 from inbound where state = 'duplicate')" '20|10|10' '10 byte by byte the same in two folders: one message each'
rows "select count(*) from inbound where state not in ('done', 'duplicate')" 0 'every original has its fate'
rows "select count(*) from file f join message m on m.id = f.message_id where f.name = 'a.csv'" \
	"$(sql "select count(*) from message where subject like 'mail-%' and right(subject, 3)::int % 9 = 0")" 'each file once'
rows 'select count(*) from ticket t where messages <> (select count(*) from message m where m.ticket_id = t.id) or version <> (select count(*) from event e where e.ticket_id = t.id)' \
	0 'tickets, messages and events agree'
bad=$(sql "select sha256 from inbound union select sha256 from file" | while read -r sha; do
	echo "$sha  $TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
done | sha256sum -c --quiet 2>&1 | wc -l)
is "$bad" 0 'every original and file lies in the blob store, byte for byte'

left() { find "$TEST_DIR/mail/mail/$1" -type f \( -path '*/new/*' -o -path '*/cur/*' \) 2>/dev/null | wc -l; }
is "$(left mover@docket.test/new) $(left mover@docket.test/cur) $(left mover@docket.test/.Zweiter) $(left deleter@docket.test) $(left popper@docket.test)" \
	'0 0 0 0 0' 'the folders that were fetched are empty'
is "$(left mover@docket.test/.Docket)" "$(sql 'select count(*) from inbound where account_id = 1')" 'what was to be moved lies where it was to be moved'
is "$(sql 'select count(*) from inbound')" "$files" 'every file on the server has its row'

rows "select count(*) from outbox where state <> 'sent'" 0 'every answer is sent'
sent=$(sql 'select count(*) from outbox')
copies=$(cat "$TEST_DIR"/left/*.eml | grep -c '^Message-ID: <answer')
distinct=$(cat "$TEST_DIR"/left/*.eml | grep '^Message-ID: <answer' | sort -u | wc -l)
is "$distinct" "$sent" "$sent answers have arrived"
ok "$((copies - distinct)) of them twice: no more than processes that died after the final dot" test $((copies - distinct)) -le $(($(grep -o send <<<"$of" | wc -l) + 5))
ok 'index = database' "$DOCKET" index --check && index='index = database'
figure "$kills kills: $in of 500 in, $((500 - in)) lost, $((messages - in)) doubled, ${index:-the index differs}"
done_testing
