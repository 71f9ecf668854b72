#!/usr/bin/env bash
# Mail accounts through the page, on the real server: the wizard in both languages from an address to a saved account that
# was tried step by step, a fault opened in place, a certificate trusted by hand, older mail counted and brought in with its
# progress, test mode with its strip, how long answers open tickets again, a long history; axe, console, both themes, narrow.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
exec 4>&1 1>&2 # what the preparation says is for the log; TAP goes out by the page's own test
dovecot_start "$TEST_DIR/mail"
sink_start "$TEST_DIR/sent" --cert "$TEST_DIR/mail/ca/self.pem" --key "$TEST_DIR/mail/ca/self.key" --lmtp "$DOVECOT_LMTP" --local docket.test
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
trap 'stop_all; servers_stop; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT
"$DOCKET" key init >/dev/null
people
sed -i '/^workers/d' "$DOCKET_CONFIG"
echo 'workers = 2' >>"$DOCKET_CONFIG"
for lang in de en; do python3 "$TOP/tests/channel/import.py" "$TEST_DIR/mail/mail/shop-$lang@docket.test"; done
chown -R --reference="$TEST_DIR/mail/mail" "$TEST_DIR/mail/mail/"
psql -qX -c "insert into ticket (subject, type_id, status_id, is_open, source) values ('Lange Geschichte', 1, 1, true, 'mail');
	insert into message (ticket_id, kind, author, body, source, created_at) select 1001, 'message', 'Karl', 'Hallo ' || g || case g when 250 then repeat(' und', 10000) || ' Schluss.' else '' end, 'mail',
		now() - interval '2 days' + g * interval '1 minute' from generate_series(1, 250) g;
	update ticket set messages = 250, last_message_id = 1000000249, last_kind = 'message';
	insert into event (kind, ticket_id, before, after, at) select 'priority.changed', 1001, to_jsonb(g % 5), to_jsonb((g + 1) % 5), now() - interval '1 day' + g * interval '1 second' from generate_series(1, 620) g"
for name in serve live send work; do start $name "$DOCKET" $name; done
polling() { while :; do "$DOCKET" poll; read -rt 1 <> <(:) || :; done; }
start polling polling
nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TOP/web/dist"
wait_for 'curl -sf $URL/healthz' 30
wait_for '[ -S "$TEST_DIR/live.sock" ]' 20
export URL PASSWORD IMAPS=$DOVECOT_IMAPS SMTP=$SINK_PORT
node "$TOP/tests/web/lib/accounts.mjs" >&4
exit
