#!/usr/bin/env bash
# docket poll against Dovecot: what is committed here before anything happens there, and what goes wrong.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
work() { "$DOCKET" work --once >>"$TEST_DIR/work.log" 2>&1; }
poll() { "$DOCKET" poll --account "$1" >"$TEST_DIR/poll.said" 2>&1; local rc=$?; cat "$TEST_DIR/poll.said" >>"$TEST_DIR/poll.log"; return $rc; }

echo 'mail_limit = 1048576' >>"$DOCKET_CONFIG"
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
box() { echo "$TEST_DIR/mail/mail/$1@docket.test"; }
count() { find "$(box "$1")$2" -maxdepth 2 -type f \( -path '*/new/*' -o -path '*/cur/*' \) ! -path '*/.*/.*/*' 2>/dev/null | grep -c "$(box "$1")$2/[nc]"; }
account() { # NAME PROTOCOL PORT OPTIONS
	echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" "--$2" "localhost:$3" "${@:4}" >/dev/null
}
mail() { # NAME N...: mails of these numbers into the mailbox
	local n files=()
	for n in "${@:2}"; do
		printf 'From: kunde%s@example.org\r\nTo: %s@docket.test\r\nSubject: mail %s\r\nMessage-ID: <m%s.%s@example.org>\r\n\r\nNummer %s an %s\r\n' \
			"$n" "$1" "$n" "$n" "$1" "$n" "$1" >"$TEST_DIR/m$n.eml"
		files+=("$TEST_DIR/m$n.eml")
	done
	lmtp_put "$DOVECOT_LMTP" "$1@docket.test" "${files[@]}"
}
stored() { sql "select count(*), count(distinct uid), count(distinct uidl) from inbound i join account a on a.id = i.account_id where a.name = '$1' and i.state <> 'duplicate'"; }

account mover imap "$DOVECOT_IMAPS" --after move:Erledigt/Übernommen
account deleter imap "$DOVECOT_IMAPS" --after delete
account keeper imap "$DOVECOT_IMAP" --security starttls --after keep
account popper pop3 "$DOVECOT_POP3S" --after delete
account popkeeper pop3 "$DOVECOT_POP3" --security starttls --after keep
for name in mover deleter keeper popper popkeeper; do mail $name 1 2 3; done
ok 'all five accounts at once' "$DOCKET" poll
for name in mover deleter keeper; do is "$(stored $name)" '3|3|0' "$name: three mails by IMAP"; done
for name in popper popkeeper; do is "$(stored $name)" '3|0|3' "$name: three mails by POP3"; done
is "$(count mover '') $(count mover '/.Erledigt.&ANw-bernommen')" '0 3' 'moved to a folder that was made for them'
is "$(count deleter '') $(count popper '')" '0 0' 'deleted'
is "$(count keeper '') $(count popkeeper '')" '3 3' 'kept'
is "$(find "$(box keeper)/cur" -name '*:2,S' | wc -l)" 3 'marked as seen'
work
rows "select count(*), count(distinct ticket_id) from inbound where state = 'done'" '15|15' 'fifteen tickets'
rows 'select count(*) from account where last_ok_at is null or last_error is not null or due_at < now()' 0 'the accounts say that all is well'

# A mail that takes longer than the lease: nobody has taken over, so it is stored all the same.
sql "create function slow() returns trigger language plpgsql security definer set search_path = docket as \$\$
	begin update lease set until = now() - interval '1 second' where name like 'poll:%'; return null; end \$\$;
	create trigger slow after insert or update on account_folder for each row execute function slow()"
account slow imap "$DOVECOT_IMAPS" --after delete
mail slow 1
ok 'a fetch that outlasts its lease' poll slow
is "$(stored slow)" '1|1|0' 'is not in vain'
sql 'drop function slow cascade'
work

for name in keeper popkeeper; do poll $name; is "$(stored $name | cut -d'|' -f1)" 3 "$name: kept mail is not fetched again"; done
mail keeper 4
poll keeper
is "$(stored keeper)" '4|4|0' 'a new one is'

sed -Ei '1s/V[0-9]+/V77/' "$(box keeper)/dovecot-uidlist" && rm -f "$(box keeper)"/dovecot.index*
poll keeper
work
rows "select count(*), count(distinct uidvalidity), count(*) filter (where state = 'duplicate') from inbound i
	join account a on a.id = account_id where a.name = 'keeper'" '8|2|4' 'the server numbers its mail anew: fetched again, known by its bytes'
rows "select count(*) from message" 17 'no message twice'

echo secret | "$DOCKET" account add folders --address folders@docket.test --imap "localhost:$DOVECOT_IMAPS" --folder INBOX --after delete >/dev/null
sql "insert into account_folder (account_id, name) select id, 'Zweiter' from account where name = 'folders'"
mail folders 1 2
mkdir -p "$(box folders)/.Zweiter/"{new,cur,tmp}
cp "$(box folders)"/new/* "$(box folders)/.Zweiter/new/"
chown -R --reference="$(box folders)" "$(box folders)/.Zweiter"
ok 'two folders of one account' poll folders
work
rows "select count(*), count(message_id), count(*) filter (where state = 'duplicate') from inbound i join account a on a.id = account_id
	where a.name = 'folders'" '4|2|2' 'the same bytes in two folders: one message each'
is "$(count folders '') $(count folders '/.Zweiter')" '0 0' 'dealt with in both'

# Another mailbox, whose numbers are those of the one before: nothing of it is known.
for kind in imap pop3; do
	[ $kind = imap ] && port=$DOVECOT_IMAPS || port=$DOVECOT_POP3S
	mail alt$kind 1 2
	account alt$kind $kind "$port" --after keep
	poll alt$kind
	cp -a "$(box alt$kind)" "$(box neu$kind)"
	find "$(box neu$kind)" -path '*/cur/*' -type f -exec sed -i 's/^Nummer/Zahlen/' {} +
	sql "update account set after = 'delete' where name = 'alt$kind'"
	"$DOCKET" account change alt$kind --login neu$kind@docket.test
	poll alt$kind
	work
	rows "select count(*), count(distinct i.id) filter (where i.state = 'done') from inbound i join account a on a.id = account_id where a.name = 'alt$kind'" \
		'4|4' "$kind: the mail of another mailbox is fetched, though it has the same numbers"
	is "$(count neu$kind '') $(count alt$kind '')" '0 2' "$kind: and only then dealt with there"
done

# Settings from before this was refused: mail that is moved into the folder it is in stays there, and the round ends.
account circle imap "$DOVECOT_IMAPS" --after keep
sql "update account set after = 'move', after_folder = 'inbox' where name = 'circle'"
mail circle 1 2
ok 'a folder that is moved into itself' timeout 20 "$DOCKET" poll --account circle
is "$(stored circle) $(count circle '')" '2|2|0 2' 'is read once'

big() { printf 'From: gross@example.org\r\nSubject: gross\r\n\r\n'; head -c 1500000 /dev/zero | tr '\0' x | fold -w 70 | sed 's/$/\r/'; }
big >"$TEST_DIR/big.eml"
for name in deleter popper; do
	lmtp_put "$DOVECOT_LMTP" $name@docket.test "$TEST_DIR/big.eml"
	mail $name 9
	ok "$name: a mail over the limit among others" poll $name
	is "$(count $name '')" 1 "$name: it stays on the server"
	poll $name
done
work
rows "select count(*), bool_and(body ~ 'zu groß' and m.subject = 'gross') from message m join inbound i on i.id = inbound_id where partial" '2|t' \
	'of each a ticket says so, once'

echo falsch | "$DOCKET" account password keeper
poll keeper
rows "select last_error ~ 'refuses login', failures, due_at > now() from account where name = 'keeper'" 't|1|t' 'a wrong password: said, and tried later'
echo secret | "$DOCKET" account password keeper
poll keeper
rows "select last_error is null, failures from account where name = 'keeper'" 't|0' 'the right one: well again'

sed "s#^mail_ca.*#mail_ca = $TEST_DIR/mail/ca/other.pem#" "$DOCKET_CONFIG" >"$TEST_DIR/other.conf"
mail mover 5
DOCKET_CONFIG=$TEST_DIR/other.conf poll mover
rows "select last_error ~ 'certificate.*password was not sent' from account where name = 'mover'" t 'a certificate of an unknown authority: the password was not sent'
is "$(stored mover | cut -d'|' -f1)" 3 'nothing was fetched'

at=0
for name in mover deleter popper; do
	mail $name 21 22 23
	sql "update account set failures = 0, due_at = now() where name = '$name'"
	for ((n = 1; n < 60; n++)); do
		DOCKET_CRASH=any:$n poll $name
		[ $? = 137 ] || break
		at=$((at + 1))
	done
	[ $name = mover ] && moved=$(count mover '/.Erledigt.&ANw-bernommen')
done
diag "killed at $at places"
is "$((at >= 60)) $(stored mover) $(stored deleter) $(stored popper)" '1 7|7|0 8|8|0 8|0|8' 'killed at every step: nothing lost, nothing doubled'
is "$moved $(count mover '') $(count deleter '') $(count popper '')" '7 0 1 1' 'and the server is as it should be'

mail mover 31 32
kill "$DOVECOT_PID"; wait "$DOVECOT_PID" 2>/dev/null
poll mover
rows "select last_error ~ 'does not answer', failures from account where name = 'mover'" 't|1' 'a server that is gone: said in plain words'
done_testing
