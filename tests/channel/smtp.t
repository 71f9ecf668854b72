#!/usr/bin/env bash
# SMTP against the sink: envelope and DSN, the bytes of a mail, a fate for each recipient, what breaks and when.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'servers_stop; stop_all' EXIT

ca_make "$TEST_DIR/ca" || exit 1
out=$TEST_DIR/out control=$TEST_DIR/control
secure=(--cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key")
sink_start "$out" "${secure[@]}" --control "$control" || { echo "Bail out! no sink"; exit 1; }
main=$SINK_PORT
probe() { timeout 60 "$TOP/build/tests/channel/wire_probe" -c "$TEST_DIR/ca/ca.pem" -h localhost -t 3 "$@"; }
# send FILE TO...: what is said goes to TEST_DIR/said
send() { probe -p "$main" -s starttls smtp me@docket.test "$@" >"$TEST_DIR/said" 2>&1; }
said() { paste -sd, "$TEST_DIR/said"; }
mails() { find "$1" -name '*.eml' | wc -l; }
newest() { ls -t "$1"/*."$2" | head -1; }
mail=$TEST_DIR/mail
printf 'Subject: hello\r\n\r\nhello\r\n' >"$mail"

# --- envelope ---
send "$mail" a+b=c@x.test b@x.test
is "$? $(said)" "0 a+b=c@x.test 250,b@x.test 250,result 250 250 2.0.0 taken as 1" "two recipients, over STARTTLS"
is "$(cat "$out/1.env")" "MAIL FROM:<me@docket.test> RET=HDRS ENVID=t1001.7 SIZE=25
RCPT TO:<a+b=c@x.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@x.test
RCPT TO:<b@x.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@x.test" "DSN is asked for where it is offered, addresses as xtext"
ok "the mail as it was" cmp "$out/1.eml" "$mail"
is "$(probe -p "$main" -s starttls smtp "" "$mail" b@x.test | tail -1)" "result 250 250 2.0.0 taken as 2" "the null sender"
is "$(head -1 "$out/2.env")" "MAIL FROM:<> RET=HDRS ENVID=t1001.7 SIZE=25" "is <>"
sink_start "$TEST_DIR/tls" "${secure[@]}" --tls --no-dsn --size 1000 --auth "$(printf '\0user\0secret' | base64)"
other=$SINK_PORT
probe -p "$other" -u user -w secret smtp me@docket.test "$mail" b@x.test >"$TEST_DIR/said"
is "$? $(cat "$TEST_DIR/tls/1.env" | paste -sd,)" "0 MAIL FROM:<me@docket.test> SIZE=25,RCPT TO:<b@x.test>" \
	"TLS from the first byte, logged in, no DSN parameters where DSN is not offered"
is "$(probe -p "$other" -u user -w wrong smtp me@docket.test "$mail" b@x.test)" "error login: 535 5.7.8 wrong password" \
	"a wrong password"
head -c 2000 /dev/zero | tr '\0' x >"$TEST_DIR/large"
is "$(probe -p "$other" smtp me@docket.test "$TEST_DIR/large" b@x.test | tail -1)" \
	"result 552 552 the server takes at most 1000 bytes" "too large for the server: said without sending it"

# --- the bytes of a mail ---
printf 'Subject: ends\n\n.dot\n..\r\n.\rcarriage\r\r\n\n.\r\n.\nMAIL FROM:<evil@x.test>\n\r.\r\nlast' >"$TEST_DIR/ends"
send "$TEST_DIR/ends" b@x.test
ok "every line end is CR LF, every dot arrives" cmp "$(newest "$out" eml)" <(printf '%s\r\n' 'Subject: ends' '' .dot .. . carriage '' '' . . \
	'MAIL FROM:<evil@x.test>' '' . last)
python3 - >"$TEST_DIR/big" <<-'PY'
import random
random.seed(7)
parts = ["\r\n", "\n", "\r", ".", "..", "x", "Wort ", "\r\n.\r\n", "\n.\n", "\r.\r", "y" * 900]
print(*random.choices(parts, k=60000), sep="", end="")
PY
send "$TEST_DIR/big" b@x.test
ok "7 MB of dots and line ends in any order" cmp "$(newest "$out" eml)" <(python3 - "$TEST_DIR/big" <<-'PY'
import re, sys
text = re.sub(rb"\r\n|\r|\n", b"\r\n", open(sys.argv[1], "rb").read())
sys.stdout.buffer.write(text + (b"" if text.endswith(b"\r\n") else b"\r\n"))
PY
)
is "$(od -An -c "$(newest "$out" eml)" | grep -c '\\0')" 0 "and nothing else"

# --- injection ---
before=$(mails "$out")
for evil in $'a@x.test>\r\nRCPT TO:<evil@x.test' $'a@x.test\nDATA' 'a@x.test> NOTIFY=NEVER' 'two@at@x.test' $'\xc3\xa4@x.test' "$(printf 'a%.0s' {1..260})@x.test"; do
	send "$mail" "$evil"
	is "$(tail -1 "$TEST_DIR/said")" "result 553 553 this is no mail address" "refused: $(cut -c1-40 <<<"${evil@Q}")"
done
[ "$(mails "$out")" = "$before" ]
ok "none of them sent anything"
is "$(probe -p "$main" -s s smtp $'me@x.test>\r\nRSET' "$mail" b@x.test | tail -1)" "result 553 553 the sender is no mail address" \
	"nor a sender"

# --- fates ---
printf '%s\n' 'no refuse' 'later later' 'nodata data-refuse' 'laterdata data-later' 'drop drop' 'stall stall' \
	'stalldata stall-data' 'cut cut' 'close close' 'slow slow' >"$control"
fate() { # WHAT SAID FILE TO...
	local what=$1 want=$2
	shift 2
	send "$@"
	is "$(sed -E 's/(result [0-9]+( unknown)?).*/\1/' "$TEST_DIR/said" | paste -sd,)" "$want" "$what" || diag "$(said)"
}
fate "each recipient its own answer" "no@x 550,later@x 451,ok@x 250,result 550" "$mail" no@x later@x ok@x
is "$(grep -c RCPT "$(newest "$out" env)")" 1 "and the one accepted gets the mail"
fate "all refused: nothing is sent" "no@x 550,later@x 451,result 550" "$mail" no@x later@x
fate "refused after the mail was seen" "nodata@x 554,ok@x 554,result 554" "$mail" nodata@x ok@x
fate "not now, after the mail was seen" "laterdata@x 451,result 451" "$mail" laterdata@x
fate "the connection goes on after that" "laterdata@x 451,result 451,laterdata@x 451,result 451" "$mail,$mail" laterdata@x
fate "many mails over one connection" "ok@x 250,result 250,ok@x 250,result 250,ok@x 250,result 250" "$mail,$mail,$mail" ok@x
before=$(mails "$out")
fate "dropped after the final dot: unknown" "drop@x 0,no@x 550,result 550 unknown" "$mail" drop@x no@x
[ "$(mails "$out")" = $((before + 1)) ]
ok "it was taken indeed"
fate "the next mail over a dead connection" "drop@x 0,result 0 unknown,drop@x 0,result 0" "$mail,$mail" drop@x
before=$(mails "$out")
fate "closed at a recipient" "ok@x 0,close@x 0,late@x 0,result 0" "$mail" ok@x close@x late@x
fate "cut within the mail: not unknown" "cut@x 0,result 0" "$TEST_DIR/big" cut@x
fate "silent at DATA: ends at the deadline" "stalldata@x 0,result 0" "$mail" stalldata@x
fate "answers of a byte a second: ends at the deadline" "slow@x 0,result 0" "$mail" slow@x
[ "$(mails "$out")" = "$before" ]
ok "nothing of these was taken"
took=$SECONDS
probe -t 1 -p "$main" -s starttls smtp me@docket.test "$mail" stall@x >"$TEST_DIR/said"
took=$((SECONDS - took))
like "$(said)" "^stall@x 0,result 0 unknown " "silent after the final dot: unknown"
[ $took -ge 9 ] && [ $took -le 28 ]
ok "and ten times the patience is given" || diag "$took s"
echo "banner refuse" >"$control"
is "$(probe -p "$main" -s s smtp me@x "$mail" b@x)" "error refused: 554 5.3.2 not today" "no service"
echo "banner stall" >"$control"
is "$(probe -t 1 -p "$main" -s s smtp me@x "$mail" b@x | cut -d: -f1)" "error timeout" "no greeting"
: >"$control"

# --- kills ---
before=$(mails "$out")
for step in 1 2; do DOCKET_CRASH=smtp:$step send "$mail" b@x.test; done
is $(($(mails "$out") - before)) 0 "killed before the final dot: not taken"
DOCKET_CRASH=smtp:3 send "$mail" b@x.test
wait_for '[ "$(mails "$out")" = "$((before + 1))" ]'
ok "killed after it: taken"

# --- a server that libetpan's own SMTP would never come back from; one that others can read with ---
mkdir "$TEST_DIR/log"
start wicked python3 "$TOP/tests/channel/wicked.py" "$TEST_DIR/ca" "$TEST_DIR/log"
wait_for 'grep -q ready "$TEST_DIR/wicked.log"'
probe -a -s plain -p "$(awk '$1 == "smtp-tab" { print $2 }' "$TEST_DIR/wicked.log")" -u user -w secret \
	smtp me@docket.test "$mail" b@x.test >"$TEST_DIR/said"
like "$(grep AUTH "$TEST_DIR/log/smtp-tab.log")" "^AUTH PLAIN AHVzZXIAc2VjcmV0" "a tab in the AUTH line is a blank"
like "$(head -1 "$TEST_DIR/log/smtp-tab.log")" "^EHLO docket.test" "we call ourselves by our configured name"

# --- on to mailboxes ---
dovecot_start "$TEST_DIR/dovecot" "${secure[1]}" "${secure[3]}"
sink_start "$TEST_DIR/hand" --lmtp "$DOVECOT_LMTP" --local shop.test
probe -a -s plain -p "$SINK_PORT" smtp me@docket.test "$TEST_DIR/ends" support@shop.test b@x.test orders@shop.test >"$TEST_DIR/said"
is "$(tail -1 "$TEST_DIR/said")" "result 250 250 2.0.0 taken as 1" "mail for mailboxes and for outside"
is "$(cat "$TEST_DIR/hand/1.env")" "MAIL FROM:<me@docket.test> RET=HDRS ENVID=t1001.7 SIZE=$(stat -c %s "$TEST_DIR/ends")
RCPT TO:<b@x.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@x.test" "outside it is stored"
for box in support orders; do
	probe -p "$DOVECOT_IMAPS" -u $box@shop.test -w secret imap INBOX fetch 1 >"$TEST_DIR/got"
	ok "$box has it in the mailbox" cmp <(sed '1,/^Subject/d' "$TEST_DIR/got") <(sed 1d "$TEST_DIR/hand/1.eml")
done
done_testing
