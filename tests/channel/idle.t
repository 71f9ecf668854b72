#!/usr/bin/env bash
# docket poll --idle against Dovecot: a mail becomes a ticket at once, never twice, whatever else fetches; the line is lost
# and comes back; a server that cannot is left to the timer.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
echo none >"$TEST_DIR/fault"
start line python3 "$TOP/tests/channel/faults.py" "$DOVECOT_IMAP" "$TEST_DIR/fault"
wait_for "[ -s '$TEST_DIR/line.log' ]" || exit 1
line=$(cat "$TEST_DIR/line.log")
account() { echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" "${@:2}" >/dev/null || exit 1; }
mail() { # NAME N
	printf 'From: kunde%s@example.org\r\nSubject: mail %s\r\n\r\nNummer %s\r\n' "$2" "$2" "$2" >"$TEST_DIR/m$2.eml"
	lmtp_put "$DOVECOT_LMTP" "$1@docket.test" "$TEST_DIR/m$2.eml"
}
have() { [ "$(sql "select count(*) from ticket where subject = 'mail $1'")" = 1 ]; }
watching() { [ "$(grep -c idle.watching "$TEST_DIR/idle.log")" -ge "$1" ]; }

account quick --imap "localhost:$line" --security plain --after delete
mail quick 1
start work "$DOCKET" work
start idle "$DOCKET" poll --idle --account quick@docket.test
ok 'what lay there when it began' wait_for 'have 1' 20
slowest=0
for n in 2 3 4 5 6; do
	began=${EPOCHREALTIME/[.,]/}
	mail quick $n
	wait_for "have $n" 20 || break
	took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
	[ $took -le $slowest ] || slowest=$took
done
ok 'five mails, each a ticket as soon as it came, without a timer' have 6
figure "arrival to ticket by IDLE: at most $slowest ms of 5 mails"
rows "select due_at > now() + interval '5 minutes', last_error is null from account" 't|t' 'the timer leaves the account alone'

# Others fetch the same box at the same time, by hand and by the timer.
for n in 11 12 13 14 15 16; do
	mail quick $n
	sql "update account set due_at = now()"
	"$DOCKET" poll >>"$TEST_DIR/poll.log" 2>&1 &
	"$DOCKET" poll --account quick >>"$TEST_DIR/poll.log" 2>&1 &
done
ok 'timer, hand and idle at once' wait_for 'have 16 && have 15 && have 14 && have 13 && have 12 && have 11' 30
wait_for '! pgrep -P $$ -f "docket poll$"' 20
rows "select count(*), count(distinct sha256), count(distinct uid) from inbound" '12|12|12' 'each mail was fetched once'

# The line is lost: back-off, then it comes back by itself and has missed nothing.
stop line
ok 'the lost line is noticed' wait_for "grep -qE 'idle.waits|code=(gone|connect)' '$TEST_DIR/idle.log'" 20
mail quick 21
start line python3 "$TOP/tests/channel/faults.py" "$DOVECOT_IMAP" "$TEST_DIR/fault" "$line"
ok 'what came meanwhile is here after it is back' wait_for 'have 21' 40
stop idle
is "$rc" 0 'SIGTERM ends it in order'

# Words ahead of "+" are no reason to give up.
echo 'idle EARLY' >"$TEST_DIR/fault"
before=$(grep -c idle.watching "$TEST_DIR/idle.log")
start idle "$DOCKET" poll --idle --account quick
wait_for "watching $((before + 1))" 20
mail quick 31
ok 'a server that says something before "+ idling"' wait_for 'have 31' 20
stop idle

for answer in BAD NO; do
	echo "idle $answer" >"$TEST_DIR/fault"
	timeout 60 "$DOCKET" poll --idle --again --account quick >>"$TEST_DIR/off.log" 2>&1
	is $? 69 "a server that answers IDLE by $answer: given up"
	rows "select idle_off ~ '^$answer', idle_off_at > now() - interval '1 minute' from account" 't|t' 'the account says why'
done
echo none >"$TEST_DIR/fault"
timeout 60 "$DOCKET" poll --idle --account quick >>"$TEST_DIR/off.log" 2>&1
is $? 69 'and it is not asked again on the same day'
mail quick 41
sql 'update account set due_at = now()'
ok 'the timer goes on' "$DOCKET" poll
ok 'fetching' wait_for 'have 41' 20
start idle "$DOCKET" poll --idle --again --account quick
mail quick 42
ok 'unless it is told to try again' wait_for 'have 42' 20
rows 'select idle_off is null from account' t 'then nothing is said against it'
sql 'update account set active = false'
mail quick 43
ok 'an account that is switched off ends it at the next look' wait_for '! kill -0 "${running[idle]}"' 20
rows "select count(*), count(distinct sha256) from inbound i where state <> 'duplicate'" "$(sql 'select count(*), count(*) from ticket')" 'nothing doubled in all that'
account popper --pop3 "localhost:$DOVECOT_POP3S" --after keep
"$DOCKET" poll --idle --account popper >>"$TEST_DIR/off.log" 2>&1
is $? 69 'POP3 knows nothing of it'
done_testing
