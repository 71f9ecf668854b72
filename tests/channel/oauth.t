#!/usr/bin/env bash
# Accounts that sign in by OAuth, against a provider over TLS and a Dovecot that asks it: consent with PKCE, refresh tokens
# that are good once, two processes at once, a provider that fails in every way, a kill between answer and commit.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/api/people.sh"
trap 'stop_all; servers_stop' EXIT
"$DOCKET" key init >/dev/null
ca_make "$TEST_DIR/ca" || exit 1
sed -i "/^base_url/d" "$DOCKET_CONFIG"
printf 'mail_ca = %s\nbase_url = https://shop.test\n' "$TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
mode() { echo "$1" >"$TEST_DIR/mode"; }
mode ok
: >"$TEST_DIR/asked"
start provider python3 "$TOP/tests/channel/oauth.py" "$TEST_DIR" "$TEST_DIR/ca/good.pem" "$TEST_DIR/ca/good.key"
wait_for '[ -s "$TEST_DIR/provider.log" ]' || exit 1
read -r port introspect <"$TEST_DIR/provider.log"
DOVECOT_MORE="auth_mechanisms = plain xoauth2
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2
	  args = $TEST_DIR/oauth2.conf
	}"
printf 'introspection_mode = post\nintrospection_url = http://127.0.0.1:%s/introspect\nactive_attribute = active\nactive_value = true\nusername_attribute = email\n' \
	"$introspect" >"$TEST_DIR/oauth2.conf"
chmod a+rx "$TEST_DIR"; chmod a+r "$TEST_DIR/oauth2.conf"
dovecot_start "$TEST_DIR/dovecot" "$TEST_DIR/ca/good.pem" "$TEST_DIR/ca/good.key" || { echo 'Bail out! no Dovecot'; exit 1; }
asked() { wc -l <"$TEST_DIR/asked"; }
poll() { "$DOCKET" poll --account Eva >>"$TEST_DIR/poll.log" 2>&1; }
send() { "$DOCKET" send --once >>"$TEST_DIR/send.log" 2>&1; }
mail() { printf 'From: kunde@example.org\r\nSubject: nr %s\r\n\r\nhallo %s\r\n' "$1" "$1" >"$TEST_DIR/mail"; lmtp_put "$DOVECOT_LMTP" eva@docket.test "$TEST_DIR/mail"; }
stored() { sql "select count(*) from inbound"; }
account() { sql "select $1 from account a left join oauth o on o.account_id = a.id where a.name = 'Eva'"; }
late() { sql "update oauth set expires_at = now() + interval '${1:-0} seconds', retry_at = now()"; }

call anna POST /mail/accounts "{\"name\": \"Eva\", \"address\": \"eva@docket.test\", \"login\": \"eva@docket.test\", \"host\": \"localhost\", \"port\": $DOVECOT_IMAPS, \"after\": \"delete\"}"
id=$(value .id)
client="{\"provider\": \"other\", \"client_id\": \"shop\", \"client_secret\": \"klient-geheim\", \"token_url\": \"https://localhost:$port/token\", \"authorize_url\": \"https://localhost:$port/authorize\", \"scope\": \"mail\"}"
call anna PUT "/mail/accounts/$id/oauth" "$client"
status 200 'a client of a provider'
json '.auth == "oauth" and .oauth.state == "new" and .oauth.has_secret and (tostring | test("klient-geheim") | not)' 'its secret does not come back'
mail 1
poll
is "$(account 'error_code, o.state')" 'sign_in|new' 'nobody has signed in yet: said so'
is "$(asked)" 0 'and the provider is not bothered'

consent() { # ends with the address that the browser is sent back to
	call anna POST "/mail/accounts/$id/consent"
	url=$(value .url)
	back=$(curl -s --cacert "$TEST_DIR/ca/ca.pem" -o /dev/null -w '%{redirect_url}' "$url")
	code=$(sed 's/.*code=\([^&]*\).*/\1/' <<<"$back") state=$(sed 's/.*state=\([^&]*\).*/\1/' <<<"$back")
	given="{\"code\": \"$code\", \"state\": \"$state\"}"
}
consent
like "$url" "^https://localhost:$port/authorize\\?response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.test%2Foauth&scope=mail&state=[a-z2-7]{52}&code_challenge=[A-Za-z0-9_-]{43}&code_challenge_method=S256&login_hint=eva%40docket.test$" \
	'the address to consent at: state, PKCE, the mailbox'
call ben POST "/mail/accounts/$id/consent"
status 403 'not for everybody'
add_agent dora 'Dora Zwei' Administrator
call dora POST /oauth "$given"
status 422 'a code that another session brings is refused'
call anna POST /oauth "$given"
status 202 'the one that asked is taken at its word'
trial=$(value .trial)
call anna POST /oauth "$given"
status 422 'once'
send
call anna GET "/mail/trials/$trial"
json '.state == "well" and .steps[0].step == "consent"' 'a process with network exchanged the code'
is "$(account 'o.state, o.expires_at > now() + interval $$50 minutes$$')" 'well|t' 'the account has its tokens'
poll
is "$(stored) $(account error_code)" '1 ' 'its mail is fetched'
is "$(asked)" 1 'for which nobody was asked again'

late 599
mail 2
poll
is "$(stored) $(asked) $(tail -1 "$TEST_DIR/asked")" '2 2 refresh_token given' 'less than ten minutes left: a new token first'
late
mail 3
poll
is "$(stored) $(tail -1 "$TEST_DIR/asked")" '3 refresh_token given' 'the refresh token that came along is the one that is used next'

# Two and more at once
mode late
late
before=$(asked)
for k in 1 2 3; do call anna POST /mail/trials "{\"kind\": \"count\", \"account\": $id, \"since\": \"2020-01-01\"}"; done
start poll4 "$DOCKET" poll --account Eva
send
wait "${running[poll4]}"; unset 'running[poll4]'
is "$(($(asked) - before)) $(account o.state) $(sql "select count(*) from trial where kind = 'count' and state = 'well'")" '1 well 3' \
	'four processes at once: one spent the refresh token, all have a token'

# A provider that fails
mode broken
late 300
before=$(asked)
mail 4
poll
is "$(stored) $(account error_code)" '4 ' 'the provider is broken, the old token is good for a while: mail goes on'
poll
is "$(($(asked) - before))" 1 'it is not asked again at once'
late
poll
is "$(account 'error_code, o.state')" 'oauth_away|well' 'without a token: said, and nobody has to sign in'
mode garbage
late
poll
is "$(account 'error_code, o.state')" 'oauth_away|well' 'what is no answer is none'
sql "update oauth set refresh_secret_id = refresh_secret_id"
mode client
late
poll
is "$(account 'error_code, o.state')" 'oauth_client|attention' 'a client that is refused wants a person'
like "$(account last_error)" 'client id or secret.*the secret has expired' 'who reads what to do'
before=$(asked)
mode ok
poll; poll
is "$(($(asked) - before)) $(account error_code)" '0 sign_in' 'and nobody asks until then: no loop'
consent; call anna POST /oauth "$given"; send
mail 5; poll
is "$(account 'error_code, o.state') $(stored)" '|well 5' 'signed in again: well'
mode refuse
late
poll
is "$(account 'error_code, o.state, o.error')" 'sign_in|attention|invalid_grant: consent withdrawn' 'a consent that was withdrawn: sign in again'
call anna GET "/mail/accounts/$id"
json '.oauth.state == "attention" and .error_code == "sign_in"' 'the page can show it'
mode ok
consent; call anna POST /oauth "$given"; send

# A kill between the answer and its commit
late
DOCKET_CRASH=oauth:2 "$DOCKET" poll --account Eva >>"$TEST_DIR/poll.log" 2>&1
is "$? $(account o.state)" '137 well' 'killed when the answer was there: its refresh token is spent'
before=$(asked)
poll; poll; poll
is "$(account 'error_code, o.state') $(($(asked) - before))" 'sign_in|attention 1' 'asked once more, then it says: sign in again; no loop'
mode keep
consent; call anna POST /oauth "$given"; send
late
DOCKET_CRASH=oauth:2 "$DOCKET" poll --account Eva >>"$TEST_DIR/poll.log" 2>&1
mail 6; poll
is "$(account o.state) $(stored)" 'well 6' 'with a refresh token that stays good it goes on by itself'

# A client of its own, and a token that the mail server refuses
call anna PUT "/mail/accounts/$id/oauth" "$(jq -c '.flow = "client"' <<<"$client")"
mail 7; poll
is "$(account 'o.state, o.refresh_secret_id is null') $(stored) $(tail -1 "$TEST_DIR/asked")" 'well|t 7 client_credentials given' 'client credentials: no consent, no refresh token'
call anna POST "/mail/accounts/$id/consent"
status 409 'and no sign-in to ask for'
stop provider
rm "$TEST_DIR/provider.log"
start provider python3 "$TOP/tests/channel/oauth.py" "$TEST_DIR" "$TEST_DIR/ca/good.pem" "$TEST_DIR/ca/good.key"
wait_for '[ -s "$TEST_DIR/provider.log" ]'
read -r port introspect <"$TEST_DIR/provider.log"
sed -i "s/127.0.0.1:[0-9]*/127.0.0.1:$introspect/" "$TEST_DIR/oauth2.conf"
kill -HUP "$DOVECOT_PID"
sql "update oauth set token_url = 'https://localhost:$port/token'"
mail 8
wait_for 'poll; [ "$(stored)" = 8 ]' 20
is "$(stored) $(account error_code)" '8 ' 'a token that the mail server refuses is not used again: the same round has another'

# A token that runs out in the middle of a round: by IMAP between two folders, by POP3 after its login
call anna PATCH "/mail/accounts/$id" '{"folders": "INBOX\nZweiter\nDritter"}'
for d in Zweiter Dritter; do
	mkdir -p "$TEST_DIR/dovecot/mail/eva@docket.test/.$d/"{new,cur,tmp}
	printf 'From: k@example.org\r\nSubject: in %s\r\n\r\nx %s\r\n' $d $d >"$TEST_DIR/dovecot/mail/eva@docket.test/.$d/new/1795100000.M1P1.$d"
done
chown -R --reference="$TEST_DIR/dovecot/mail/eva@docket.test" "$TEST_DIR/dovecot/mail/eva@docket.test/"
mail 9
echo 1 >"$TEST_DIR/dies"
before=$(asked)
poll
is "$(stored) $(account error_code) $(($(asked) - before))" '11  1' 'IMAP: it runs out between two folders: a new one, once, and all three are fetched'
echo once >"$TEST_DIR/revoke"
mail 10
before=$(asked)
poll
is "$(stored) $(account error_code) $(($(asked) - before))" '12  1' 'it ran out before: the same'
call anna PATCH "/mail/accounts/$id" "{\"kind\": \"pop3\", \"port\": $DOVECOT_POP3S}"
mail 11; poll
is "$(stored) $(account error_code)" '13 ' 'POP3 signs in by a token, too'
mail 12
echo once >"$TEST_DIR/revoke"
before=$(asked)
poll
is "$(stored) $(account error_code) $(($(asked) - before))" '14  1' 'POP3: a token that is refused is replaced in the same round'
echo all >"$TEST_DIR/revoke"
mail 13
before=$(asked)
poll
is "$(stored) $(account error_code) $(($(asked) - before <= 2))" '14 token 1' 'a server that takes none: at most one more is asked for, then it is said'
rm "$TEST_DIR/revoke"
poll
is "$(stored) $(account error_code)" '15 ' 'and it goes on when the server does'
sql "update oauth set token_url = 'https://127.0.0.1:1/token'"
late
poll
is "$(account 'error_code')" oauth_away 'a provider that is not there'

for preset in google microsoft; do
	call anna PUT "/mail/accounts/$id/oauth" "{\"provider\": \"$preset\", \"client_id\": \"c\", \"tenant\": \"haus-lindemann.de\"}"
	json ".oauth.state == \"new\" and (.oauth.token_url | test(\"google|haus-lindemann\"))" "$preset: its addresses are known"
	call anna POST "/mail/accounts/$id/consent"
	like "$(value .url)" "^https://(accounts.google.com/o/oauth2/v2/auth|login.microsoftonline.com/haus-lindemann.de/oauth2/v2.0/authorize)\\?" "$preset: where to consent"
done
call anna PUT "/mail/accounts/$id/oauth" '{"provider": "other", "client_id": "c", "token_url": "http://localhost/x", "authorize_url": "https://x"}'
status 422 'tokens go over https only'
call anna PUT "/mail/accounts/$id/oauth" '{"provider": "microsoft", "client_id": "c", "tenant": "x/../../evil"}'
status 422 'a tenant is a name'
ok 'no token, code or secret in log or database' bash -c "! { cat '$TEST_DIR'/*.log; pg_dump -a; } | grep -E 'at-[0-9a-f]{40}|rt-[0-9a-f]{40}|code-[0-9a-f]{40}|klient-geheim'"
done_testing
