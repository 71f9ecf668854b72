#!/usr/bin/env bash
# nginx/docket.conf: nginx accepts it inside a server, and what it adds is there.
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
done_testing
