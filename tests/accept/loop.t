#!/usr/bin/env bash
# Two dockets that answer everything by themselves, a vacation responder and a bounce generator write to each other: it ends
# by itself, also when a gateway takes away all that tells a machine's mail, and when the robots answer whatever comes.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
ca_make "$TEST_DIR/ca" && sink_start "$TEST_DIR/sink" --cert "$TEST_DIR/ca/good.pem" --key "$TEST_DIR/ca/good.key" || exit 1
mkdir -p "$TEST_DIR"/out/{a,b} "$TEST_DIR/taken"

# side a|b COMMAND...: with the settings of one docket. Each has its own database, keys, host and address.
side() { local conf=conf_$1 db=db_$1; shift; DOCKET_CONFIG=${!conf} PGDATABASE=${!db} "$@"; }
db_a=$TEST_DB db_b=${TEST_DB}_b conf_a=$DOCKET_CONFIG conf_b=$TEST_DIR/b/docket.conf
createdb -T template "$db_b" && write_conf "$TEST_DIR/b" "$db_b" "$PGHOST" "$TEST_DIR/b/keys" || exit 1
keys=$(sed -n 's/^secret = //p' "$conf_a")
cp -p "$keys" "$TEST_DIR/b/keys/secret.key" && head -c 33 /dev/urandom | base64 >"$TEST_DIR/b/keys/reply.key" || exit 1
for x in a b; do
	conf=conf_$x
	sed -i "s/^host = .*/host = $x.test/" "${!conf}"
	echo "mail_ca = $TEST_DIR/ca/ca.pem" >>"${!conf}"
	side $x "$DOCKET" account add Shop --address "shop@$x.test" --smtp "localhost:$SINK_PORT" --smtp-security starttls --smtp-open >/dev/null || exit 1
	side $x "$DOCKET" user add anna --name 'Anna Berg' --admin <<<'a long enough password' >/dev/null
	side $x call anna POST /templates '{"name": "T", "subject_de": "Re: $TicketTitle [#$TicketID]", "body_de": "Danke, wir melden uns."}'
	template=$(jq .id <<<"$body")
	for event in message.customer ticket.opened message.agent; do
		side $x call anna POST /rules "{\"name\": \"$event\", \"event\": \"$event\", \"template\": $template}"
	done
done
sent() { side "$1" psql -AtXqc "select count(*) from outbox where automatic"; }
write() { # SIDE TO: an agent writes to somebody new
	side "$1" call anna POST /tickets "{\"subject\": \"Anfrage an $2\", \"type\": 1, \"email\": \"$2\", \"body\": \"Guten Tag\"}"
	status 201 "$1 writes to $2"
}
# settle [MODE...]: carry mail until nobody sends any more; rounds says how often.
settle() {
	local f x
	before_a=$(sent a) before_b=$(sent b)
	for ((rounds = 0; rounds < 12; rounds++)); do
		for x in a b; do side $x "$DOCKET" send --once 2>>"$TEST_DIR/send.$x.log"; done
		[ "$(python3 "$TOP/tests/accept/loop.py" "$TEST_DIR/sink" "$TEST_DIR/out" "$@")" != 0 ] || break
		for x in a b; do
			for f in "$TEST_DIR/out/$x"/*.eml; do
				[ -e "$TEST_DIR/taken/${f##*/}" ] || [ ! -e "$f" ] || side $x "$DOCKET" ingest <"$f" >>"$TEST_DIR/ingest.log" 2>&1
				: >"$TEST_DIR/taken/${f##*/}"
			done
		done
	done
	automatic_a=$(($(sent a) - before_a)) automatic_b=$(($(sent b) - before_b))
}
ends() { # WHAT A B: it ended, and by itself A and B sent at most so many
	ok "$1: it ends by itself" test "$rounds" -lt 12
	ok "$1: a sent $automatic_a and b $automatic_b by themselves" test "$automatic_a" -le "$2" -a "$automatic_b" -le "$3"
	figure "$1: over after $rounds rounds, $automatic_a and $automatic_b automatic mails"
}

write a shop@b.test
settle
ends 'two dockets' 1 1
is "$(side b psql -AtXqc 'select count(*) from ticket') $(side a psql -AtXqc 'select count(*) from ticket')" '1 1' 'one ticket on each side'
write b shop@a.test
settle strip
ends 'two dockets behind a gateway that strips' 2 2
write a weg@v.test
settle
ends 'a vacation responder' 0 0
write a weg@v.test
settle strip rude
ends 'a vacation responder that answers everything' 3 0
write b niemand@d.test
settle
ends 'a bounce generator' 0 0
is "$(side b psql -AtXqc "select bounced from outbox where 'niemand@d.test' = any(recipients)")" failed 'and b knows that it came back'
write b weg@d.test
settle strip rude
ends 'a bounce generator that bounces bounces' 1 1
rows "select count(*) > 0 from event where kind = 'mail.skipped'" t 'the history says why nothing more left'
is "$(find "$TEST_DIR/sink" -name '*.eml' | wc -l)" "$(find "$TEST_DIR/sink" -name '*.env' | wc -l)" 'every mail was carried whole'
figure "$(find "$TEST_DIR/sink" -name '*.eml' | wc -l) mails in all, $(sent a) and $(sent b) of them automatic"
done_testing
