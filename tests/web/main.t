#!/usr/bin/env bash
# The main job through the page, on the real server: nginx with its own policy, serve, live, work, index, send and a sink.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
exec 4>&1 1>&2 # what the preparation says is for the log; TAP goes out by the page's own test
ca_make "$TEST_DIR/ca"
sink_start "$TEST_DIR/sent" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key"
echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"$DOCKET_CONFIG"
trap 'stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
"$DOCKET" key init >/dev/null
people
psql -qX -c "update agent set undo_seconds = 30; update agent set name = 'Anna Vogt', language = 'de' where login = 'anna'; update agent set language = 'en' where login = 'ben'"
echo secret | "$DOCKET" account add service --address service@shop.test --type Anfrage --status Neu \
	--smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-login service --sender 'Haus Lindemann'
call anna POST /templates '{"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "$TicketLastMessage\n\n-- \n$SignatureText"}'
call anna POST /rules "{\"name\": \"Antwort mailen\", \"event\": \"message.agent\", \"template\": $(jq .id <<<"$body")}"
sed -i '/^workers/d' "$DOCKET_CONFIG"
echo 'workers = 2' >>"$DOCKET_CONFIG"
for name in serve live work index send; do start $name "$DOCKET" $name; done
nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TOP/web/dist"
wait_for 'curl -sf $URL/healthz' 30
wait_for '[ -S "$TEST_DIR/live.sock" ]' 20
export URL PASSWORD SENT=$TEST_DIR/sent LIVE_PID=${running[live]}
node "$TOP/tests/web/lib/main.mjs" >&4
exit
