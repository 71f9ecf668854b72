#!/usr/bin/env bash
# Twenty accounts in the rounds of docket poll: three whose servers hang, one with very many mails. How soon the sixteen
# others are read, each time they are due.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
many=4000 rounds=2
[ "$SIZE" != full ] || many=100000 rounds=5
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
box=$TEST_DIR/mail/mail

# A server that accepts and says nothing, one that falls silent behind its greeting, one that drips.
start hang python3 -c '
import socket, threading
def serve(talk):
    s = socket.create_server(("127.0.0.1", 0))
    def run():
        while True:
            c = s.accept()[0]
            threading.Thread(target=talk, args=(c,), daemon=True).start()
    threading.Thread(target=run, daemon=True).start()
    return s.getsockname()[1]
forever = threading.Event()
def silent(c): forever.wait()
def greets(c): c.sendall(b"* OK here\r\n"); forever.wait()
def drips(c):
    while not forever.wait(1): c.sendall(b"*")
print(serve(silent), serve(greets), serve(drips), flush=True)
forever.wait()'
wait_for '[ -s "$TEST_DIR/hang.log" ]'
add() { echo secret | "$DOCKET" account add "$1" --address "$1@docket.test" --imap "localhost:$2" "${@:3}" >/dev/null; }
for port in $(cat "$TEST_DIR/hang.log"); do add "hang$port" "$port" --security plain; done
add big "$DOVECOT_IMAPS"
mkdir -p "$box"/big@docket.test/{cur,new,tmp}
printf 'From: k@example.org\r\nSubject: viele\r\n\r\nHallo\r\n' >"$box/big@docket.test/tmp/one"
python3 -c '
import os, sys
for n in range(int(sys.argv[2])): os.link(sys.argv[1] + "/tmp/one", "%s/cur/1700000000.M%dP1.test:2," % (sys.argv[1], n))' "$box/big@docket.test" $many
for ((k = 1; k <= 16; k++)); do
	add "k$k" "$DOVECOT_IMAPS"
	mkdir -p "$box/k$k@docket.test/"{cur,new,tmp}
done
rows 'select count(*) from account' 20 'twenty accounts'

polling() { while :; do "$DOCKET" poll; done; }
sixteen="select count(*) from inbound i join account a on a.id = i.account_id where a.name ~ '^k'"
begun=
slowest=0
for ((r = 1; r <= rounds; r++)); do
	for ((k = 1; k <= 16; k++)); do
		printf 'From: kunde@example.org\r\nSubject: %s an %s\r\n\r\nHallo\r\n' $r $k >"$box/k$k@docket.test/new/180000000$r.M1P1.test"
	done
	sql "update account set due_at = now() where name ~ '^k'"
	at=$(date +%s%N)
	[ -n "$begun" ] || { start polling polling; begun=yes; }
	wait_for "[ \$(sql \"$sixteen\") = $((r * 16)) ]" 120
	ms=$((($(date +%s%N) - at) / 1000000))
	[ $ms -le $slowest ] || slowest=$ms
	is "$(sql "$sixteen")" $((r * 16)) "round $r: all sixteen are read"
	[ $r -gt 1 ] || rows "select count(*) from account where name ~ '^hang' and last_error is null" 3 'while three servers hang'
	[ $r -gt 1 ] || ok "and of $many mails some are still to come" test "$(sql "select count(*) from inbound i join account a on a.id = i.account_id where a.name = 'big'")" -lt $many
done
figure "$slowest ms until 16 accounts are read beside three that hang and one of $many mails, the slowest of $rounds rounds"
at=$(date +%s%N)
wait_for "[ \$(sql \"select count(*) from inbound\") = $((many + rounds * 16)) ]" 600
rows "select count(*) from inbound i join account a on a.id = i.account_id where a.name = 'big'" $many "and all $many mails are"
stop polling
done_testing
