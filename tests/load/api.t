#!/usr/bin/env bash
# Requests a second behind nginx: a list of 50 and a ticket with 20 messages out of 100,000 tickets, and beside them
# a bare libfcgi + libpq program doing the same SELECTs, in turn; for the ticket also one that reads but its row and
# messages, without history, rules and draft. Figures; only a wrong answer fails.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
[ "$SIZE" = full ] && seconds=2 tickets=100000 rounds=11 || seconds=1 tickets=5000 rounds=1
sed "s/:tickets/$tickets/g" "$TOP/tests/load/tickets.sql" | psql -qX -v ON_ERROR_STOP=1 >/dev/null
ok "$tickets tickets"
token=$("$DOCKET" token add anna load)
serve_up 4
ok 'serve answers behind nginx'

# The same statements with their parameters written in, as docket_agent with docket's settings.
agent=$(psql -AtXqc "select id from agent where login = 'anna'")
ticket=$(psql -AtXqc 'select id from ticket where messages = 20 order by id desc limit 1')
statement() { # NAME SED...: the SQL of sql/query
	awk -v name="$1" '/^-- [a-z_0-9]+\(/ { on = index($0, "-- " name "(") == 1; next } on && !/^--/' "$TOP"/sql/query/{ticket,message,rule,draft}.sql |
		sed -e "s/:agent/$agent::bigint/g; s/:ticket/$ticket::bigint/g; s/;\$//" "${@:2}"
}
statement ticket_page -e "s/:updated/'infinity'/; s/:id/9223372036854775807/; s/:limit/50/; s#/\*where\*/#and t.is_open#" >"$TEST_DIR/list.sql"
statement ticket_row >"$TEST_DIR/row.sql"
statement message_list -e 's/:before/null::bigint/g; s/:limit/100/' >"$TEST_DIR/messages.sql"
statement event_list -e 's/:before/null::bigint/g; s/:limit/500/' >"$TEST_DIR/events.sql"
statement rule_sending >"$TEST_DIR/rules.sql"
statement draft_get >"$TEST_DIR/draft.sql"
database="host=$PGHOST dbname=$TEST_DB user=docket_agent options='-c plan_cache_mode=force_generic_plan -c timezone=UTC'"
bare() { # NAME FILE...
	start "bare-$1" "$TOP/build/tests/load/bare" "$TEST_DIR/bare-$1.sock" "$database" 4 "${@:2}"
	wait_for "[ -S '$TEST_DIR/bare-$1.sock' ]"
	local port
	port=$(free_ports 1)
	mkdir -p "$TEST_DIR/nginx-$1/tmp"
	cp "$TEST_DIR"/nginx/{fastcgi_params,docket-http.conf} "$TEST_DIR/nginx-$1/"
	sed "s|unix:.*/serve.sock|unix:$TEST_DIR/bare-$1.sock|" "$TEST_DIR/nginx/docket.conf" >"$TEST_DIR/nginx-$1/docket.conf"
	sed "s|$TEST_DIR/nginx/|$TEST_DIR/nginx-$1/|g; s|listen 127.0.0.1:.*;|listen 127.0.0.1:$port;|" "$TEST_DIR/nginx/nginx.conf" >"$TEST_DIR/nginx-$1/nginx.conf"
	start "nginx-$1" nginx -e "$TEST_DIR/nginx-$1/error.log" -c "$TEST_DIR/nginx-$1/nginx.conf"
	eval "bare_$1=http://127.0.0.1:$port"
	wait_for "curl -sf http://127.0.0.1:$port/api/ -o /dev/null"
}
bare list "$TEST_DIR/list.sql"
bare ticket "$TEST_DIR"/{row,messages,events,rules,draft}.sql
bare two "$TEST_DIR"/{row,messages}.sql
ok 'the bare programs answer'

web GET "/api/v1/tickets?q=is:open&limit=50" -H "Authorization: Bearer $token"
json '.tickets | length == 50' 'the list holds 50'
web GET "/api/v1/tickets/$ticket" -H "Authorization: Bearer $token"
json '.messages | length == 20' 'the ticket holds 20 messages'
bytes=${#body}

# press NAME URL: requests/s, p50 and p99 in ms of one run.
press() {
	wrk -t1 -c16 -d"${seconds}s" --latency -H "Authorization: Bearer $token" "$2" >"$TEST_DIR/wrk.$1"
	awk -v name="$1" '
		function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
		$1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) } $1 == "Requests/sec:" { r = $2 } /Non-2xx/ { bad = $NF }
		END { printf "%s %.0f %.2f %.2f %d\n", name, r, p50, p99, bad }' "$TEST_DIR/wrk.$1"
}
list="/api/v1/tickets?q=is:open&limit=50" page=/api/v1/tickets/$ticket
for round in $(seq "$rounds"); do
	press list-bare "$bare_list$list"
	press list-docket "$URL$list"
	press ticket-bare "$bare_ticket$page"
	press ticket-docket "$URL$page"
	press two-bare "$bare_two$page"
done >"$TEST_DIR/figures"
is "$(awk '$5 > 0 { n++ } END { print n + 0 }' "$TEST_DIR/figures")" 0 'every request was answered well'
# compare WHAT BARE WORDS: docket's figures beside a bare program's, round by round.
compare() {
	figure "$(awk -v docket="$1-docket" -v bare="$2-bare" -v words="$3" '
		$1 == bare { b[++nb] = $2; bp50 = $3; bp99 = $4 } $1 == docket { d[++nd] = $2; p50 = $3; p99 = $4 }
		END {
			for (i = 1; i <= nd; i++) r[i] = d[i] / (b[i] ? b[i] : 1)
			for (i = 1; i < nd; i++) for (k = i + 1; k <= nd; k++) if (r[k] < r[i]) { t = r[i]; r[i] = r[k]; r[k] = t }
			printf "%s: docket %d/s p50 %.2f p99 %.2f ms; bare %d/s p50 %.2f p99 %.2f ms; ratio %.2f (median of %d)", words,
				d[nd], p50, p99, b[nb], bp50, bp99, r[int((nd + 1) / 2)], nd
		}' "$TEST_DIR/figures")"
}
compare list list list
compare ticket ticket ticket
compare ticket two 'ticket beside its row and messages alone'
figure "ticket answer $bytes bytes; $tickets tickets, 16 clients, 4 workers; $(uptime | sed "s/.*load/load/")"
done_testing
