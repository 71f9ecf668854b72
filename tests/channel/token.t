#!/usr/bin/env bash
# XOAUTH2 by IMAP and POP3 against Dovecot that asks an introspection server, by SMTP against a scripted one; what a
# server says of a token that is over reaches whoever looks after the account.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'servers_stop; stop_all' EXIT
probe() { timeout 60 "$TOP/build/tests/channel/wire_probe" -c "$TEST_DIR/dovecot/ca/ca.pem" -h localhost -t 5 "$@"; }

# As long as Microsoft's.
good=$(head -c 2500 /dev/zero | tr '\0' g)
start tokens python3 "$TOP/tests/channel/tokens.py" "$good" eva
wait_for '[ "$(wc -l <"$TEST_DIR/tokens.log")" -ge 1 ]' || exit 1
read -r introspect smtp odd_imap odd_pop3 <"$TEST_DIR/tokens.log"
DOVECOT_MORE="auth_mechanisms = plain xoauth2
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2
	  args = $TEST_DIR/oauth2.conf
	}"
cat >"$TEST_DIR/oauth2.conf" <<-CONF
	introspection_mode = post
	introspection_url = http://127.0.0.1:$introspect/introspect
	active_attribute = active
	active_value = true
	username_attribute = email
CONF
chmod a+rx "$TEST_DIR"; chmod a+r "$TEST_DIR/oauth2.conf"
dovecot_start "$TEST_DIR/dovecot" || { echo "Bail out! no Dovecot"; exit 1; }
printf 'Subject: x\r\n\r\nhello\r\n' >"$TEST_DIR/mail"
lmtp_put "$DOVECOT_LMTP" eva "$TEST_DIR/mail"

is "$(probe -p "$DOVECOT_IMAPS" -u eva -o "$good" imap INBOX list 0 9 | tail -1 | cut -d' ' -f1)" 1 'IMAP: a token of 2,500 bytes opens the mailbox'
is "$(probe -p "$DOVECOT_IMAP" -s s -u eva -o "$good" imap INBOX fetch 1 | tail -1 | tr -d '\r')" hello 'IMAP with STARTTLS: and a mail is read'
is "$(probe -p "$DOVECOT_POP3S" -u eva -o "$good" pop3 list | wc -l)" 1 'POP3: the same'
is "$(probe -p "$DOVECOT_IMAPS" -u eva -w secret imap INBOX list 0 9 | wc -l)" 2 'a password still does too'
like "$(probe -p "$DOVECOT_IMAPS" -u eva -o over imap INBOX list 0 9)" '^error token: NO .*Authentication failed.*"status":"401"' \
	'IMAP: a token that is over: what the server says of it is kept'
like "$(probe -p "$DOVECOT_POP3S" -u eva -o over pop3 list)" '^error token: -ERR .*Authentication failed.*"status":"401"' 'POP3: the same'
like "$(probe -p "$DOVECOT_IMAPS" -u paul -o "$good" imap INBOX list 0 9)" '^error token: NO ' "somebody else's token"
like "$(probe -p "$DOVECOT_IMAPS" -u $'eva\1x' -o "$good" imap INBOX list 0 9)" '^error token: user or token' 'a user that would change the words sent'

mail=(smtp me@docket.test "$TEST_DIR/mail" you@docket.test)
like "$(probe -a -s plain -p "$smtp" -u eva -o "$good" "${mail[@]}")" 'you@docket.test 250' 'SMTP: the token is taken and the mail too'
like "$(probe -a -s plain -p "$smtp" -u eva -o over "${mail[@]}")" '^error token: 535 .*"status":"401"' 'SMTP: a token that is over'
like "$(probe -a -s plain -p "$smtp" -u eva -o busy "${mail[@]}")" '^error refused: 454 ' 'SMTP: cannot be judged now: that is no refusal of the token'
like "$(probe -a -s plain -p "$smtp" -u none -o "$good" "${mail[@]}")" '^error token: ' 'SMTP: a server that ends it without a challenge'
for trick in mute no bye ok; do
	for p in imap pop3; do
		eval "port=\$odd_$p"
		like "$(probe -a -s plain -t 1 -p "$port" -u $trick -o "$good" $p $([ $p = imap ] && echo INBOX) list 0 9)" \
			'^error (token|gone|timeout|protocol): ' "$p: a server that says $trick"
	done
done
done_testing
