#!/usr/bin/env bash
# Logging in: the cookie, what guards changes, limits, tokens, and that who is out is out.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
"$DOCKET" user passwd anna <<<"$PASSWORD" >/dev/null # a strong hash: what it costs to refuse is measured below
serve_up 2
ok 'serve answers behind nginx'
jar=$TEST_DIR/jar

web GET /api/v1/session
status 401 'without a login nothing is told'
login anna "$jar"
status 201 'a login'
json '.agent.login == "anna" and (.csrf | length) > 20 and (.permissions | index("mail.admin")) != null'
like "$(header Set-Cookie)" '^docket=[a-z2-7]{52}; Path=/; HttpOnly; SameSite=Lax$' 'the cookie on allowed http'
like "$(header Cache-Control)" 'no-store' 'nothing is kept by caches'
rows "select count(*) from session where encode(hash, 'hex') = '$(awk '/docket/ { printf "%s", $7 }' "$jar" | sha256sum | cut -d' ' -f1)'" 1 'the database knows its hash alone'
mine "$jar" GET /api/v1/session
status 200
json '.csrf == "'"$csrf"'"' 'the token of the login again'

# https
sed -i 's/^allow_http.*/allow_http = no/' "$DOCKET_CONFIG"
stop serve; serve_up 2
login anna "$jar.2"
status 403 'without https nobody logs in'
json '.code == "https_required"'
sed -i 's/^allow_http.*/allow_http = yes/' "$DOCKET_CONFIG"
stop serve; serve_up 2
mine "$jar" GET /api/v1/session
csrf=$(jq -r .csrf <<<"$body")

# CSRF
change() { web PATCH /api/v1/me "${JSON[@]}" -b "$jar" -d '{"signature":"x"}' "$@"; }
change "${OWN[@]}" -H "X-Docket-CSRF: $csrf"; status 200 'a change with all that it needs'
change "${OWN[@]}"; status 403 'without the header'; json '.code == "csrf"'
change "${OWN[@]}" -H "X-Docket-CSRF: ${csrf%?}x"; status 403 'with a wrong header'
change -H "X-Docket-CSRF: $csrf"; status 403 'without Origin'
change -H 'Origin: https://evil.example' -H "X-Docket-CSRF: $csrf"; status 403 'from another site'
change -H 'Origin: null' -H "X-Docket-CSRF: $csrf"; status 403 'from a sandboxed frame'
change "${OWN[@]}" -H "X-Docket-CSRF: $csrf" -H 'Sec-Fetch-Site: cross-site'; status 403 'Sec-Fetch-Site says another site'
change "${OWN[@]}" -H "X-Docket-CSRF: $csrf" -H 'Sec-Fetch-Site: same-origin'; status 200 'Sec-Fetch-Site says the own page'
web POST /api/v1/session -H 'Origin: https://evil.example' "${JSON[@]}" -d '{"login":"anna","password":"x"}'
status 403 'another site cannot even log somebody in'
web GET /api/v1/me -b "$jar"; status 405 'another method'; like "$(header Allow)" PATCH 'which is allowed'

# Tokens
token=$("$DOCKET" token add ben probe --days 1)
like "$token" '^dk_[a-z2-7]{52}$' 'a token, printed once'
web GET /api/v1/session -H "Authorization: Bearer $token"; status 200 'it opens'; json '.agent.login == "ben"'
web PATCH /api/v1/me -H "Authorization: Bearer $token" "${JSON[@]}" -d '{"language":"en"}'; status 200 'and needs no CSRF header'
web GET /api/v1/rules -H "Authorization: Bearer $token"; status 200
web POST /api/v1/templates -H "Authorization: Bearer $token" "${JSON[@]}" -d '{"name":"x","subject_de":"x","body_de":"x"}'
status 403 'no more than its agent may'; json '.code == "permission"'
web GET /api/v1/session -H 'Authorization: Bearer dk_nothing'; status 401 'an unknown token'
psql -qXc "update token set expires_at = now() - interval '1 second'"
wait_for 'web GET /api/v1/session -H "Authorization: Bearer $token"; [ "$code" = 401 ]' 2; ok 'an expired one'
psql -qXc "update token set expires_at = null"
id=$("$DOCKET" token list ben | jq '.[0].id')
wait_for 'web GET /api/v1/session -H "Authorization: Bearer $token"; [ "$code" = 200 ]' 2
"$DOCKET" token remove "$id"
wait_for 'web GET /api/v1/session -H "Authorization: Bearer $token"; [ "$code" = 401 ]' 1; ok 'a removed one is out within a second'

# One's own password
password() { mine "$jar.own" PUT /api/v1/me/password -d "{\"old\":\"$1\",\"password\":\"$2\"}"; }
login cleo "$jar.other"
login cleo "$jar.own"
password wrong 'a quite new password'; status 422 'not without the old one'; json '.code == "password_wrong"'
rows "select count(*) from login_attempt where login = 'cleo'" 1 'and the try counts'
password "$PASSWORD" short; status 422 'eleven characters are too few'; json '.code == "input"'
password "$PASSWORD" 'a quite new password'; status 204 'a new password'
rows "select count(*) from login_attempt where login = 'cleo'" 0 'success forgets the tries'
web GET /api/v1/session -b "$jar.own"; status 200 'this login goes on'
wait_for 'web GET /api/v1/session -b "$jar.other"; [ "$code" = 401 ]' 1; ok 'every other one ends within a second'
login cleo "$jar.other"; status 401 'the old password opens nothing'
login cleo "$jar.other" 'a quite new password'; status 201 'the new one does'
mine "$jar.own" GET /api/v1/session
csrf=$(jq -r .csrf <<<"$body")
for _ in {1..10}; do password wrong 'a quite new password'; done
status 422 'the tenth try'
password 'a quite new password' 'another new password'; status 429 'the eleventh, even with the right one'
psql -qXc 'delete from login_attempt'
"$DOCKET" user passwd cleo <<<"$PASSWORD" >/dev/null

# Out is out
mine "$jar" GET /api/v1/session
csrf=$(jq -r .csrf <<<"$body")
cp "$jar" "$jar.closed"
mine "$jar" DELETE /api/v1/session
status 204 'logging out'
like "$(header Set-Cookie)" 'Max-Age=0' 'takes the cookie away'
outs=0
for _ in 1 2 3 4 5 6 7 8; do web GET /api/v1/session -b "$jar.closed"; [ "$code" = 401 ] && outs=$((outs + 1)); done
is $outs 8 'and is known to every worker at once'
login ben "$TEST_DIR/ben"
web GET /api/v1/session -b "$TEST_DIR/ben"; status 200
"$DOCKET" user passwd ben <<<'another long password'
wait_for 'web GET /api/v1/session -b "$TEST_DIR/ben"; [ "$code" = 401 ]' 1; ok 'a new password ends the old logins within a second'
login ben "$TEST_DIR/ben" 'another long password'; status 201
"$DOCKET" user disable ben
wait_for 'web GET /api/v1/session -b "$TEST_DIR/ben"; [ "$code" = 401 ]' 1; ok 'a disabled agent is out within a second'
login ben "$TEST_DIR/ben" 'another long password'; status 401 'and does not get in'
login anna "$jar"
psql -qXc "update session set seen_at = now() - interval '8 hours 1 minute'"
wait_for 'web GET /api/v1/session -b "$jar"; [ "$code" = 401 ]' 2; ok 'idle for 8 hours'
login anna "$jar"
psql -qXc "update session set created_at = now() - interval '24 hours 1 minute'"
wait_for 'web GET /api/v1/session -b "$jar"; [ "$code" = 401 ]' 2; ok 'a day old'

# Limits and equal answers
psql -qXc 'delete from login_attempt'
login nobody "$jar.n" wrong; unknown=$(jq -c 'del(.request)' <<<"$body")
login anna "$jar.n" wrong; is "$(jq -c 'del(.request)' <<<"$body")" "$unknown" 'an unknown login is answered as a wrong password'
for _ in 2 3 4 5 6 7 8 9 10; do login anna "$jar.n" wrong; done
status 401 'the tenth try'
login anna "$jar.n"; status 429 'the eleventh, even with the right password'
json '.code == "login_limit"'; like "$(header Retry-After)" '^[0-9]+$' 'says when to come back'
login cleo "$jar.c"; status 201 'another login is not concerned'
login anna "$jar.n" "$(printf 'x%.0s' {1..1025})"; status 422 'a password beyond 1,024 bytes is not hashed'
psql -qXc "update login_attempt set at = at - interval '16 minutes'"
login anna "$jar"; status 201 'a quarter of an hour later'
rows "select count(*) from login_attempt where login = 'anna'" 0 'success forgets the tries'

median() { for _ in {1..9}; do psql -qXc 'delete from login_attempt'; curl -s -o /dev/null -w '%{time_total}\n' "$URL/api/v1/session" \
	"${OWN[@]}" "${JSON[@]}" -d "{\"login\":\"$1\",\"password\":\"wrong\"}"; done | sort -n | sed -n 5p; }
known=$(median anna) unknown=$(median nobody)
figure "a refused login: $known s known, $unknown s unknown (medians of 9)"
# Without its hash an unknown login would be answered a hundred times sooner.
[ "$(awk -v a="$known" -v b="$unknown" 'BEGIN { print (b > a / 10) }')" = 1 ]; ok 'an unknown login costs a hash too'
done_testing
