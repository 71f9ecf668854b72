#!/usr/bin/env bash
# Memory of all docket processes with 4 workers, their shares of what they share counted once (PSS): just started,
# and idle again after some work. Figures; only a process that is missing fails.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
[ "$SIZE" = full ] && mails=200 asked=2000 || mails=25 asked=50
token=$("$DOCKET" token add anna load)
serve_up 4
ok 'serve answers'
live_up
for part in work index send; do start $part "$DOCKET" $part; done
tree() { # PID: itself and all below it
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do tree "$child"; done
}
wait_for '[ "$(psql -AtXqc "select count(*) from pg_stat_activity where datname = current_database() and application_name ~ '\''^docket'\''")" = 8 ]'
ok 'all are connected'

# kB PID: its share; the whole of it where nobody may look, as at what reads mail.
kb() { { cat "/proc/$1/smaps_rollup" || cat "/proc/$1/status"; } 2>/dev/null | awk '/^Pss:|^VmRSS:/ { print $2; exit }'; }
# measure WHEN: MB of each and of all.
measure() {
	local name pid all=0 n=0 mine words=
	for name in serve live work index send; do
		mine=0
		for pid in $(tree "${running[$name]}"); do
			mine=$((mine + $(kb "$pid")))
			n=$((n + 1))
		done
		words="$words, $name $((mine / 1024))"
		all=$((all + mine))
	done
	processes=$n
	figure "$1: $n processes, $((all / 1024)) MB (${words#, })"
}
measure started
[ $processes -ge 9 ]
ok 'serve with 4 workers, live, work, index and send run'

for i in $(seq $mails); do
	printf 'From: k%d@example.org\nTo: shop@docket.test\nSubject: Lampe %d\nMessage-ID: <m%d@example.org>\n\nDie Lampe ist kaputt.\n' "$i" "$i" "$i"  |
		"$DOCKET" ingest >/dev/null || break
done
rows 'select count(*) from message' $mails 'mails became messages'
wait_for '[ "$(psql -AtXqc "select count(*) from index_queue")" = 0 ]' 30
ok 'and were indexed'
answered=0
for i in $(seq $((asked / 50))); do
	curl -sf -H "Authorization: Bearer $token" "$URL/api/v1/tickets?limit=[1-25]" "$URL/api/v1/tickets/10[01-25]" >/dev/null &&
		curl -sf -H "Authorization: Bearer $token" "$URL/api/v1/search?q=lampe" >/dev/null && answered=$((answered + 50))
done
is $answered $asked "$asked requests were answered"
measure "after $mails mails and $asked requests"
done_testing
