#!/usr/bin/env bash
# Memory of all docket processes with 4 workers, their shares of what they share counted once (PSS): just started,
# and idle again after some work. Figures; only a process that is missing fails.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
[ "$SIZE" = full ] && mails=200 asked=2000 || mails=5 asked=50
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
wait_for '[ "$(psql -AtXqc "select count(distinct application_name) from pg_stat_activity where application_name like '\''docket%'\''")" -ge 4 ]'
ok 'all are connected'

# measure WHEN: kB of each and of all, PSS and what is nobody else's.
measure() {
	local name pid all=0 own=0 n=0 kb words=
	for name in serve live work index send; do
		kb=0
		for pid in $(tree "${running[$name]}"); do
			kb=$((kb + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")))
			own=$((own + $(awk '/^Private/ { n += $2 } END { print n }' "/proc/$pid/smaps_rollup")))
			n=$((n + 1))
		done
		words="$words, $name $((kb / 1024))"
		all=$((all + kb))
	done
	processes=$n
	figure "$1: $n processes $((all / 1024)) MB (${words#, }), of it private $((own / 1024)) MB"
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
for i in $(seq $((asked / 50))); do
	curl -sf -H "Authorization: Bearer $token" "$URL/api/v1/tickets?limit=50&[1-25]" "$URL/api/v1/tickets/1001?[1-25]" \
		"$URL/api/v1/search?q=lampe" -o /dev/null
done
ok "$asked requests were answered"
measure "after $mails mails and $asked requests"
done_testing
