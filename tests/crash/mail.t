#!/usr/bin/env bash
# 2,000 mails in three mailboxes (moved, deleted, kept afterwards) while poll, idle, work, send and index are killed by -9 at 300
# random moments: nothing is lost, nothing doubled, the server's folders are as configured, the index equals the database.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
DOCKET=$TOP/build/rel/docket
mails=2000 kills=300

mkdir -p "$TEST_DIR/mail/mail"
dovecot_start "$TEST_DIR/mail" || exit 1
sink_start "$TEST_DIR/left" --cert "$TEST_DIR/mail/ca/good.pem" --key "$TEST_DIR/mail/ca/good.key" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
account() { echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" "${@:2}" >/dev/null || exit 1; }
account mover --imap "localhost:$DOVECOT_IMAPS" --after move:Erledigt
account deleter --imap "localhost:$DOVECOT_IMAPS" --after delete
account keeper --imap "localhost:$DOVECOT_IMAPS" --after keep
account out --smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-open
sql "update account set every = '1 second'"

began=$SECONDS
of=$(python3 "$TOP/tests/crash/mail.py" "$TEST_DIR/mail/mail" $mails $kills) || diag "$(tail -5 "$TEST_DIR/killed.log")"
diag "killed: $of"
is "$(($(grep -oE "[0-9]+" <<<"$of" | paste -sd+)))" $kills "$kills kills"
for name in poll idle work send index; do
	ok "$name was killed too" test "$(sed -E "s/.*$name ([0-9]+).*/\1/" <<<"$of")" -gt $((kills / 20))
done
for name in mover deleter keeper; do "$DOCKET" poll --account $name >>"$TEST_DIR/killed.log" 2>&1; done
"$DOCKET" work --once >>"$TEST_DIR/killed.log" 2>&1
"$DOCKET" index --once >>"$TEST_DIR/killed.log" 2>&1

in=$(sql "select count(distinct subject) from message where subject ~ '^mail-[0-9]+$'")
messages=$(sql "select count(*) from message where subject ~ '^mail-[0-9]+$'")
is "$in $messages" "$mails $mails" "$mails mails in, each once"
rows 'select count(*) from ticket' $mails 'each a ticket of its own'
rows "select count(*), count(distinct sha256), count(*) filter (where state = 'done') from inbound" "$mails|$mails|$mails" \
	'each was stored once and has its fate'
rows 'select count(*) from inbound where partial' 0 'none was taken for a mail that will not come'
rows 'select count(*) from ticket t where messages <> (select count(*) from message m where m.ticket_id = t.id) or version <> (select count(*) from event e where e.ticket_id = t.id)' \
	0 'tickets, messages and events agree'
bad=$(sql 'select sha256 from inbound' | sed -E "s#^(..)(..)(.*)#\1\2\3  $TEST_DIR/blobs/\1/\2/\1\2\3#" | sha256sum -c --quiet 2>&1 | wc -l)
is "$bad" 0 'every original lies in the blob store, byte for byte'

left() { find "$TEST_DIR/mail/mail/$1" -maxdepth 2 -type f \( -path '*/new/*' -o -path '*/cur/*' \) ${2:+-name "$2"} 2>/dev/null | wc -l; }
share() { echo $(((mails + 2 - $1) / 3)); }
folders="$(left mover@docket.test) $(left mover@docket.test/.Erledigt) $(left deleter@docket.test) $(left keeper@docket.test) $(left keeper@docket.test '*:2,*S*')"
is "$folders" "0 $(share 0) 0 $(share 2) $(share 2)" 'moved, deleted, kept and marked as seen: the folders are as configured' && folders='folders as configured'

rows "select count(*) from outbox where state <> 'sent'" 0 'every answer is sent'
sent=$(sql 'select count(*) from outbox')
copies=$(cat "$TEST_DIR"/left/*.eml | grep -c '^Message-ID: <answer')
distinct=$(cat "$TEST_DIR"/left/*.eml | grep '^Message-ID: <answer' | sort -u | wc -l)
is "$distinct" "$sent" "$sent answers have arrived"
twice=$((copies - distinct))
ok "$twice of them twice: no more than senders that died" test $twice -le "$(sed -E 's/.*send ([0-9]+).*/\1/' <<<"$of")"
ok 'index = database' "$DOCKET" index --check && index='index = database'
figure "$mails mails, $kills random kills ($of) in $((SECONDS - began)) s: $((mails - in)) lost, $((messages - in)) doubled, ${folders}, $twice answers twice, ${index:-the index differs}"
done_testing
