#!/usr/bin/env bash
# nginx/docket.conf: nginx accepts it inside a server, and what it adds is there; limits, and logs without what was asked.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
mkdir -p "$TEST_DIR/web/assets"
echo 'main()' >"$TEST_DIR/web/assets/main.js"
gzip -k9 "$TEST_DIR/web/assets/main.js"
serve_up 1
ok 'nginx takes the file and passes requests on'
web GET /; status 200; is "$body" page 'the page'
like "$(header Content-Security-Policy)" "^default-src 'none'; script-src 'self';.*require-trusted-types-for 'script'" 'with its policy'
is "$(header X-Content-Type-Options)|$(header Referrer-Policy)|$(header Cross-Origin-Opener-Policy)" 'nosniff|no-referrer|same-origin' 'and the other headers'
like "$(header Strict-Transport-Security)" 'max-age=63072000' 'HSTS'
web GET /tickets/1001; is "$code $body" '200 page' 'each address of a screen is the page'
web GET /assets/main.js -H 'Accept-Encoding: gzip'; status 200
is "$(header Content-Encoding) $(header Cache-Control)" 'gzip public, max-age=31536000, immutable' 'assets: compressed beforehand, kept for ever'
web GET /assets/none.js; status 404 'an asset that is none is no page'
web GET /blobs/ab/cd/abcd; status 404 'blobs are internal'
web GET /readyz; status 200; json '.schema > 0 and .database >= 0'
web GET '/api/v1/agents/..%2f..%2fhealthz'; status 404 'no way around by escapes'
web GET /api/v1/events; status 502 'without docket live there are no events'

# --- what is searched for is in no log ------------------------------------------------------------------------------------
word=geheimesWort$RANDOM
for path in "/api/v1/tickets?q=$word" "/assets/none.js?$word" "/blobs/ab/cd/abcd?$word" "/api/v1/events?position=$word" "/?$word" "/api/v1/$(printf 'x%.0s' {1..3000})?q=$word"; do
	web GET "$path" -H "Referer: $URL/?q=$word"
done
head -c 3000000 /dev/zero >"$TEST_DIR/large"
web POST "/api/v1/drafts?q=$word" "${JSON[@]}" --data-binary @"$TEST_DIR/large"
status 413 'a body that is too large'
web GET "/api/v1/tickets?q=$word$(printf 'x%.0s' {1..40000})"
status 414 'an address that is too long'
stop serve
web GET "/api/v1/tickets?q=$word"
status 502 'without docket serve'
serve_up 1
is "$(grep -rlF "$word" "$TEST_DIR/nginx" "$TEST_DIR/serve.log" | tr '\n' ' ')" '' 'nothing of it stands in any log'
like "$(grep '"GET /api/v1/tickets ' "$TEST_DIR/nginx/docket.log" | tail -1)" '^127.0.0.1 \[.*\] "GET /api/v1/tickets HTTP/1.1" 502 [0-9]+ [0-9.]+ 502' 'the access log has path, status and that docket was away'

# --- limits -----------------------------------------------------------------------------------------------------------------
kill "$nginx_pid"; wait "$nginx_pid" 2>/dev/null
NGINX_LIMITS=yes nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TEST_DIR/web"
wait_for 'curl -sf $URL/healthz' 20
many() { # N METHOD PATH [...]: how many of N requests were let through
	curl -s --no-progress-meter --parallel --parallel-max 40 -o /dev/null -w '%{http_code}\n' -X "$2" "$URL$3?[1-$1]" "${@:4}" | grep -vc '^429$'
}
like "$(many 60 POST /api/v1/session "${OWN[@]}" "${JSON[@]}" -d '{}')" '^3[0-9]$' 'of 60 logins at once from one address some 30 are let through'
web POST /api/v1/session "${OWN[@]}" "${JSON[@]}" -d '{}'
status 429; json '.code == "too_many_requests" and .status == 429' 'the others are told so as any failure is'
is "$(header Retry-After) $(header Content-Type)" '2 application/problem+json' 'and when to try again'
is "$(many 400 GET /api/v1/session)" 400 'an office that opens its pages at once is not in its way'
ok 'a flood is' test "$(many 3000 GET /api/v1/session)" -lt 2900
done_testing
