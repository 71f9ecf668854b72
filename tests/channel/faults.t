#!/usr/bin/env bash
# A line with faults between docket poll and Dovecot: cut at every KiB below TLS, lengths told wrong, NO, BAD and BYE to any
# command, floods of EXISTS, mails that break the connection each time. Nothing is lost, nothing doubled, nothing stuck.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
# Many rounds by the release build, the odd ones by that with sanitizers.
quick() { "$TOP/build/rel/docket" poll --account "$1" >>"$TEST_DIR/poll.log" 2>&1; }
poll() { "$DOCKET" poll --account "$1" >>"$TEST_DIR/poll.log" 2>&1; }
clean() { echo none >"$TEST_DIR/fault"; quick "$1"; }
box() { echo "$TEST_DIR/mail/mail/$1@docket.test"; }
left() { find "$(box "$1")/$2" -maxdepth 2 -type f \( -path '*/new/*' -o -path '*/cur/*' \) ! -path "$(box "$1")/$2*/.*/*" 2>/dev/null | wc -l; }
stored() { sql "select count(*), count(distinct sha256), count(*) filter (where partial) from inbound i join account a on a.id = i.account_id where a.name = '$1'"; }

dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
# line NAME PORT: a faulty line to a port of Dovecot's, its own port in the variable NAME.
line() {
	start "$1" python3 "$TOP/tests/channel/faults.py" "$2" "$TEST_DIR/fault"
	wait_for "[ -s '$TEST_DIR/$1.log' ]" || exit 1
	printf -v "$1" '%s' "$(cat "$TEST_DIR/$1.log")"
}
echo none >"$TEST_DIR/fault"
line below "$DOVECOT_IMAPS"
line above "$DOVECOT_IMAP"
line popline "$DOVECOT_POP3S"
account() { echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" "${@:2}" >/dev/null || exit 1; }
serial=0
mail() { # NAME BYTES...: mails of so many bytes into the mailbox, as files
	local bytes
	mkdir -p "$(box "$1")"/{new,cur,tmp}
	for bytes in "${@:2}"; do
		serial=$((serial + 1))
		{
			printf 'From: k@example.org\r\nSubject: mail %d\r\n\r\n' $serial
			head -c "$bytes" /dev/zero | tr '\0' x | fold -w 70 | sed 's/$/\r/'
			echo
		} >"$(box "$1")/new/$((1795000000 + serial)).M${serial}P1.test"
	done
}

# A length told too large is waited for as long as a mail may take: beside the rest.
echo 'literal 100000' >"$TEST_DIR/waiting"
start waitline python3 "$TOP/tests/channel/faults.py" "$DOVECOT_IMAP" "$TEST_DIR/waiting"
wait_for "[ -s '$TEST_DIR/waitline.log' ]" || exit 1
account waiter --imap "localhost:$(cat "$TEST_DIR/waitline.log")" --security plain --after delete
mail waiter 3000 300
start waiting quick waiter

# --- cut at every KiB, below TLS ------------------------------------------------------------------------------------
account cutter --imap "localhost:$below" --after keep
account popcutter --pop3 "localhost:$popline" --after keep
ours="array(select id from account where name like '%cutter')"
sizes=(300 1500 300 4000 300)
mail cutter "${sizes[@]}"
mail popcutter "${sizes[@]}"
for name in cutter popcutter; do
	cuts=0 bad=0 last=0
	for ((kib = 1; kib < 60 && last < 1; kib++)); do
		sql "delete from inbound where account_id = any($ours); delete from account_folder where account_id = any($ours); delete from fetch_trouble where account_id = any($ours)"
		echo "once $((kib * 1024))" >"$TEST_DIR/fault"
		quick $name
		rc=$?
		[ "$(cat "$TEST_DIR/fault")" = none ] || diag "$name: not even connected"
		# A mail that was hit comes with the next round, which is due in 5 s.
		[ "$(stored $name)" = '5|5|0' ] || clean $name
		cuts=$((cuts + 1))
		[ "$(stored $name)" = '5|5|0' ] || { bad=$((bad + 1)); diag "$name cut at $kib KiB: $(stored $name)"; }
		[ $rc = 0 ] && [ $kib -gt 10 ] && last=1
	done
	is "$bad of $cuts" "0 of $cuts" "$name: cut at every KiB, all mails are there after the next round, each whole and once"
	figure "$name: cut $cuts of $cuts places, 1 KiB apart, below TLS: 0 lost, $bad not right"
done
sql "delete from inbound where account_id = any($ours); delete from account_folder where account_id = any($ours); delete from fetch_trouble where account_id = any($ours)"

# --- NO, BAD and BYE to any command, before and after it was carried out --------------------------------------------------
account mover --imap "localhost:$above" --security plain --after move:Done
trials=0 stuck=0 ways=("NO before" "BYE after" "BAD after" "NO after" "BYE before" "BAD before")
for ((n = 1; n <= 40; n++)); do
	used=no
	# Each command meets two of the six in turn.
	for how in "${ways[n * 2 % 6]}" "${ways[(n * 2 + 1) % 6]}"; do
		mail mover 200 200
		echo "answer $n $how" >"$TEST_DIR/fault"
		quick mover
		trials=$((trials + 1))
		[ $(left mover '') = 0 ] || used=yes
		clean mover
		[ "$(left mover '')" = 0 ] || { stuck=$((stuck + 1)); diag "command $n answered $how: $(left mover '') left"; }
	done
	[ $n -lt 14 ] || [ $used = yes ] || break
done
is "$stuck of $trials" "0 of $trials" 'NO, BAD and BYE to each command: one round later the folder is empty'
is "$(stored mover)" "$((trials * 2))|$((trials * 2))|0" "$trials times NO, BAD or BYE: every mail is here, whole and once"
is "$(left mover .Done)" "$((trials * 2))" 'and each was moved, once'
figure "$trials commands answered NO, BAD or BYE: 0 lost, 0 doubled"

# --- lengths told wrong -----------------------------------------------------------------------------------------------
account liar --imap "localhost:$above" --security plain --after delete
for by in -1 -100 1 -100000; do
	mail liar 3000 300
	echo "literal $by" >"$TEST_DIR/fault"
	timeout 60 "$DOCKET" poll --account liar >>"$TEST_DIR/poll.log" 2>&1
	clean liar
	clean liar
done
is "$(left liar '')" 0 'a length told wrong, too small or too large: two rounds later the folder is empty'
is "$(sql "select count(*) from (select from inbound where account_id = (select id from account where name = 'liar') group by sha256) x")" 8 'no mail is lost'

# --- floods of EXISTS -------------------------------------------------------------------------------------------------
account flooded --imap "localhost:$above" --security plain --after delete
mail flooded 300 300 300
echo 'flood 20000' >"$TEST_DIR/fault"
ok 'twenty thousand times EXISTS before every answer' timeout 60 "$DOCKET" poll --account flooded
is "$(stored flooded) $(left flooded '')" '3|3|0 0' 'three mails all the same'

# --- mails that break the connection each time -----------------------------------------------------------------------------
poisoned() { # NAME OPTION...
	local name=$1 n
	account "$@"
	mail $name 300
	printf 'From: boese@example.org\r\nSubject: gift\r\n\r\nG1FT-IM-TEXT\r\n' >"$(box $name)/new/1795100000.M1P1.test"
	printf 'From: G1FT-IM-TEXT@example.org\r\nSubject: gift im Kopf\r\n\r\nx\r\n' >"$(box $name)/new/1795100001.M1P1.test"
	mail $name 300
	echo 'poison G1FT-IM-TEXT' >"$TEST_DIR/fault"
	poll $name
	is "$(stored $name)" '2|2|0' "$name: two mails that break the line hold back none of the others"
	like "$(sql "select last_error, failures, due_at > now() from account where name = '$name'")" 'try 1 of 5.*\|1\|t' "$name: the account says so, and when it goes on"
	for n in 2 3 4 5; do mail $name 300; poll $name; done
	is "$(stored $name)" '7|7|1' "$name: after three tries its header only"
	poll $name
	is "$(stored $name)" '8|8|2' "$name: after five a note stands for what never came"
	rows "select count(*) from inbound i join account a on a.id = account_id where a.name = '$name' and state = 'parked' and reason ~ 'does not give'" 1 "$name: an administrator is asked"
	rows "select last_error is null, failures from account where name = '$name'" 't|0' "$name: and all is well again"
	before=$(stored $name)
	poll $name
	is "$(stored $name)" "$before" "$name: nothing of it is fetched again"
	rows "select count(*) from fetch_trouble t join account a on a.id = account_id where a.name = '$name'" 0 "$name: nothing is left to be tried"
}
poisoned poisoned --imap "localhost:$above" --security plain --after move:Done
is "$(left poisoned '') $(left poisoned .docket.error) $(left poisoned .Done)" '1 1 6' 'what never came lies in docket/error, what came in part where it was'
line popabove "$DOVECOT_POP3"
poisoned poppoison --pop3 "localhost:$popabove" --security plain --after delete
is "$(left poppoison '')" 2 'POP3: both stay on the server'
wait "${running[waiting]}"
quick waiter
is "$(stored waiter) $(left waiter '')" '2|2|0 0' 'a length told too large: waited for in vain, then both mails are here'
"$DOCKET" work --once >>"$TEST_DIR/work.log" 2>&1
rows "select count(*) from message where subject = 'gift'" 2 'of what came in part a ticket says so'
rows "select count(*) from inbound where state not in ('done', 'parked', 'duplicate')" 0 'every original has its fate'
done_testing
