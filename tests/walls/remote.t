#!/usr/bin/env bash
# What lies on the net is asked for by docket, after a click, and never by the agent's browser: 60 ways of a mail to
# load something, in Chromium on the real server, beside a web server that keeps every question.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
exec 4>&1 1>&2 # what the preparation says is for the log; TAP goes out by the page's own test
ca_make "$TEST_DIR/ca" || exit 1
start capture python3 "$TOP/tests/lib/capture.py" "$TEST_DIR/ca/good.pem" "$TEST_DIR/ca/good.key" "$TEST_DIR/asked"
wait_for 'grep -q ready "$TEST_DIR/capture.log"' || exit 1
while read -r name number; do declare "port_$name=$number"; done <"$TEST_DIR/capture.log"
cat >>"$DOCKET_CONFIG" <<-CONF
	web_ca = $TEST_DIR/ca/ca.pem
	picture_allow = localhost:$port_https localhost:$port_http
CONF
"$DOCKET" key init >/dev/null
people
psql -qX -c "update agent set language = 'de'"
"$DOCKET" account add service --address service@shop.test --type Anfrage --status Neu </dev/null
sed -i '/^workers/d' "$DOCKET_CONFIG"
echo 'workers = 2' >>"$DOCKET_CONFIG"
for name in serve live work; do start $name "$DOCKET" $name; done
start pictures "$DOCKET" send --pictures
nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TOP/web/dist"
wait_for 'curl -sf $URL/healthz' 30
export URL PASSWORD ASKED=$TEST_DIR/asked S=https://localhost:$port_https H=http://localhost:$port_http
node "$TOP/tests/walls/remote.mjs" >&4
exit
