#!/usr/bin/env bash
# An account tried step by step, saved or not, from the page's side (rows that docket send carries out) and from the shell,
# in both languages: each fault has its own code; the way there and back proves plus-addresses and leaves no ticket.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/api/people.sh"
trap 'stop_all; servers_stop' EXIT
"$DOCKET" key init >/dev/null
dovecot_start "$TEST_DIR/mail" || exit 1
ca=$TEST_DIR/mail/ca
echo "mail_ca = $ca/ca.pem" >>"$DOCKET_CONFIG"
auth=$(printf '\0shop@docket.test\0secret' | base64)
# Dovecot knows plus-addresses by its recipient delimiter, as most providers do.
sink_start "$TEST_DIR/sent" --cert "$ca/good.pem" --key "$ca/good.key" --lmtp "$DOVECOT_LMTP" --local docket.test --auth "$auth" || exit 1
smtp=$SINK_PORT
start send "$DOCKET" send

# try JSON: a trial by the API, to its end; body is the answer
try() {
	call anna POST /mail/trials "$1"
	trial=$(value .id)
	wait_for 'call anna GET "/mail/trials/$trial"; [[ $(value .state) =~ well|failed ]]' 60
}
steps() { value '[.steps[] | "\(.part) \(.step) \(.state)\(if .code then " " + .code else "" end)"] | join(", ")'; }
draft() { # OVER: settings that nobody has saved
	jq -nc --argjson over "$1" "{address: \"shop@docket.test\", host: \"localhost\", port: $DOVECOT_IMAPS, login: \"shop@docket.test\", password: \"secret\",
		smtp_host: \"localhost\", smtp_port: $smtp, smtp_security: \"starttls\"} + \$over"
}
try "$(draft '{}')"
is "$(steps)" 'in name well, in connect well, in certificate well, in login well, in folders well, out name well, out connect well, out certificate well, out login well, trip send well, trip trip well, trip plus well' \
	'settings that are not saved yet: every step, there and back'
json '.state == "well" and (.steps[2].facts | .trusted and .chain >= 1 and (.until > "2026") and (.subject | test("docket"))) and (.steps[4].facts.names | index("INBOX") != null)' \
	'with the chain of the certificate, its end, the folders'
rows 'select count(*) from account' 0 'nothing was saved'
is "$(find "$TEST_DIR/mail/mail" -path '*/new/*' -type f | wc -l)" 0 'the mails that proved it are gone from the mailbox'

bad() { # CODE STEP WHAT OVER
	echo "$1" >>"$TEST_DIR/bads"
	try "$(draft "$4")"
	is "$(value .state) $(value '[.steps[] | select(.state == "bad")][0] | "\(.step) \(.code)"')" "failed $2 $1" "$3" || diag "$(steps)"
}
bad name name 'a name that is none' '{"host": "imap.docket.invalid"}'
bad connect connect 'a port where nobody listens' "{\"port\": $(free_ports 1)}"
bad tls certificate 'TLS where STARTTLS is spoken' "{\"port\": $DOVECOT_IMAP}"
bad login login 'a wrong password' '{"password": "falsch"}'
bad folder folders 'a folder that is not there' '{"folders": "INBOX\nKunden/Wichtig"}'
json '.steps[-1].facts.missing == "Kunden/Wichtig" or ([.steps[] | select(.step == "folders")][0].facts.missing == "Kunden/Wichtig")' 'named'
bad login login 'SMTP: a wrong password' '{"smtp_password": "falsch"}'
json '[.steps[] | select(.part == "in" and .state == "well")] | length == 5' 'fetching was well all the same'
json '.steps[-1].state == "skipped"' 'the round trip waits for both'
for kind in wrong:certificate_name expired:certificate_expired self:certificate_unknown early:certificate_early; do
	sink_start "$TEST_DIR/${kind%:*}" --cert "$ca/${kind%:*}.pem" --key "$ca/${kind%:*}.key" || exit 1
	bad "${kind#*:}" certificate "a certificate: ${kind%:*}" "{\"smtp_port\": $SINK_PORT}"
	json '[.steps[] | select(.state == "bad")][0].facts.until != null' 'shown though it is not trusted'
done
# What a server says about a password, and one that says nothing.
start words python3 -c '
import socket, threading
def talk(c, words):
    try:
        c.sendall(b"* OK here\r\n")
        for line in c.makefile("rb"):
            tag, verb = line.split()[:2]
            if words is not None:
                c.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n" if verb.upper() == b"CAPABILITY" else tag + b" NO " + words + b"\r\n")
    except OSError:
        pass # who only knocks is gone by now
def serve(words):
    s = socket.create_server(("127.0.0.1", 0))
    def run():
        while True: threading.Thread(target=talk, args=(s.accept()[0], words), daemon=True).start()
    threading.Thread(target=run, daemon=True).start()
    return s.getsockname()[1]
print(serve(b"[ALERT] Application-specific password required"), serve(b"Basic authentication is disabled."), serve(None), flush=True)
threading.Event().wait()'
wait_for '[ -s "$TEST_DIR/words.log" ]'
read -r app basic silent <"$TEST_DIR/words.log"
bad login_app login 'a password that only programs may have' "{\"port\": $app, \"security\": \"plain\"}"
bad login_oauth login 'a server that takes no passwords' "{\"port\": $basic, \"security\": \"plain\"}"
echo 'mail_seconds = 2' >>"$DOCKET_CONFIG"
bad timeout login 'a server that does not answer' "{\"port\": $silent, \"security\": \"plain\"}"
sed -i '/^mail_seconds/d' "$DOCKET_CONFIG"

# A certificate that nobody vouches for, trusted by hand.
sink_start "$TEST_DIR/pinned" --cert "$ca/self.pem" --key "$ca/self.key" --lmtp "$DOVECOT_LMTP" --local docket.test --auth "$auth" || exit 1
try "$(draft "{\"smtp_port\": $SINK_PORT}")"
sha=$(openssl x509 -in "$ca/self.pem" -outform der | sha256sum | cut -c1-64)
is "$(value '[.steps[] | select(.state == "bad")][0].facts | .sha256 + " " + .names')" "$sha mail.docket.test, localhost, 127.0.0.1" 'its fingerprint and names are shown'
try "$(draft "{\"smtp_port\": $SINK_PORT, \"smtp_pin\": \"$sha\"}")"
is "$(value .state) $(value '[.steps[] | select(.part == "out" and .step == "certificate")][0] | "\(.state) \(.facts.trusted) \(.facts.pinned)"')" 'well well false true' \
	'trusted by hand: every step is well, there and back'
try "$(draft "{\"smtp_port\": $SINK_PORT, \"smtp_pin\": \"${sha//[0-7]/8}\"}")"
is "$(value '[.steps[] | select(.state == "bad")][0].code')" certificate_unknown 'another one is not'
pinned_port=$SINK_PORT

codes=$(sort -u "$TEST_DIR/bads")
call anna GET /mail/faults
is "$(wc -w <<<"$codes")" 12 'twelve faults, each with a code of its own'
is "$(jq -r --arg c "$codes" '($c | split("\n")) as $c | [.[] | select(.code as $x | $c | index($x))] |
	"\(length) \(map(.cause.de) | unique | length) \(map(.cause.en) | unique | length) \(map(select(.remedy.de != "" and .remedy.en != "" and .cause.de != .cause.en)) | length)"' <<<"$body")" \
	'12 12 12 12' 'and a sentence of its own in both languages, with what to do'
try "$(draft "{\"mail_kind\": \"pop3\", \"port\": $DOVECOT_POP3S}")"
is "$(value .state) $(value '[.steps[].step] | join(" ")')" 'well name connect certificate login folders name connect certificate login send trip plus' 'POP3: the same steps'
try '{"kind": "discover", "address": "x@web.de"}'
json '.steps[0].facts.host == "imap.web.de" and .steps[0].facts.smtp_port == 587' 'the servers of an address'

rows "select count(*) from secret" 0 'the passwords of trials went with them'
sql "with s as (insert into secret (kind, box) values ('mail', 'x') returning id)
	insert into trial (kind, draft, state, created_at) select 'test', jsonb_build_object('secret_id', id), 'running', now() - interval '11 minutes' from s"
ok 'that of a trial whose process died' wait_for '[ "$(sql "select count(*) from secret")" = 0 ]' 30

# Saved: what was kept, with what is changed over it; a kept password goes to its own server only.
printf 'secret\n' | "$DOCKET" account add Shop --address shop@docket.test --imap "localhost:$DOVECOT_IMAPS" --after move:Alt \
	--smtp "localhost:$smtp" --smtp-security starttls >/dev/null
id=$(sql 'select id from account')
try "{\"account\": $id, \"folders\": \"INBOX\"}"
is "$(value .state)" well 'a saved account, with its own password'
rows 'select plus_proved from account' t 'its plus-addresses are proved: answers may go to signed ones'
try "{\"account\": $id, \"host\": \"127.0.0.1\"}"
is "$(value '[.steps[] | select(.state == "bad")][0].code')" login 'another server does not get the kept password'
call anna PATCH "/mail/accounts/$id" "{\"smtp_pin\": \"$(sed 's/../&:/g; s/:$//' <<<"${sha^^}")\", \"smtp_port\": $pinned_port}"
json ".smtp_pin == \"$sha\" and .pin == null" 'kept with the account, however it was written'
try "{\"account\": $id}"
is "$(value .state)" well 'and every trial has it'
call anna PATCH "/mail/accounts/$id" '{"smtp_pin": "abc"}'
status 422 'a fingerprint that is none'
call anna PATCH "/mail/accounts/$id" '{"smtp_host": "127.0.0.1"}'
json '.smtp_pin == null' 'it goes with its server'
ok 'the shell sets it' "$DOCKET" account change Shop --smtp "localhost:$smtp" --smtp-pin "$sha"
ok 'and takes it back' "$DOCKET" account change Shop --smtp-pin ''
rows 'select smtp_pin is null from account' t 'it is gone'
sql "update account set idle_off = 'no IDLE', idle_off_at = now()"
call anna GET "/mail/accounts/$id"
json '.idle_off == "no IDLE"' 'a server that does not call: the page can say so'
call anna PATCH "/mail/accounts/$id" '{"idle_again": true}'
json '.idle_off == null' 'it may be asked again'
printf 'secret\nsecret\n' | "$DOCKET" account password Shop
call ben POST /mail/trials "{\"account\": $id}"
status 403 'not for everybody'

# docket poll may be faster: docket work knows the mail again, no ticket comes of it.
sql "insert into trial (kind, state) values ('test', 'running'); insert into trial_mail (token, trial_id, address, is_plus) select 'abc', max(id), 'x', false from trial"
printf 'From: shop@docket.test\r\nTo: shop@docket.test\r\nMessage-ID: <dk-trial.abc@docket.test>\r\nSubject: x\r\n\r\nx\r\n' | "$DOCKET" ingest --account Shop >/dev/null 2>&1
rows "select (select count(*) from ticket), (select state from inbound), (select seen_at is not null from trial_mail where token = 'abc')" '0|done|t' 'fetched by poll: noted, and no ticket'
printf 'From: kunde@docket.test\r\nTo: shop@docket.test\r\nMessage-ID: <dk-trial.forged@docket.test>\r\nSubject: x\r\n\r\nx\r\n' | "$DOCKET" ingest --account Shop >/dev/null 2>&1
rows "select count(*) from ticket" 1 'a stranger who writes such an id gets a ticket'

# The shell
out=$(LC_ALL=de_DE.UTF-8 "$DOCKET" account test Shop 2>"$TEST_DIR/shell.log"); rc=$?
is "$rc" 0 'docket account test'
like "$out" 'Zertifikat .*localhost: in Ordnung .*until.*Rundlauf .*shop@docket.test: in Ordnung' 'step by step, in German'
printf 'falsch\n' | "$DOCKET" account password Shop
out=$("$DOCKET" account test Shop --lang en 2>>"$TEST_DIR/shell.log"); rc=$?
is "$rc" 69 'something is wrong'
like "$out" 'login .*the server refuses login or password.*enter the password again.*round trip .*not tried' 'what, and what to do, in English'
ok 'no password in log or database' bash -c "! { cat '$TEST_DIR'/*.log; pg_dump -a; } | grep -qE 'falsch|\bsecret\b.*Shop'"
done_testing
