#!/usr/bin/env bash
# Mail accounts through the page, on the real server: the wizard in both languages from an address to a saved account that
# was tried step by step, a fault opened in place, test mode with its strip; axe, console, both themes, a narrow window.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
exec 4>&1 1>&2 # what the preparation says is for the log; TAP goes out by the page's own test
dovecot_start "$TEST_DIR/mail"
sink_start "$TEST_DIR/sent" --cert "$TEST_DIR/mail/ca/good.pem" --key "$TEST_DIR/mail/ca/good.key" --lmtp "$DOVECOT_LMTP" --local docket.test
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
trap 'stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
"$DOCKET" key init >/dev/null
people
sed -i '/^workers/d' "$DOCKET_CONFIG"
echo 'workers = 2' >>"$DOCKET_CONFIG"
for name in serve live send; do start $name "$DOCKET" $name; done
nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TOP/web/dist"
wait_for 'curl -sf $URL/healthz' 30
wait_for '[ -S "$TEST_DIR/live.sock" ]' 20
export URL PASSWORD IMAPS=$DOVECOT_IMAPS SMTP=$SINK_PORT
node "$TOP/tests/web/lib/accounts.mjs" >&4
exit
