#!/usr/bin/env bash
# Resident memory of all docket processes with 4 workers, just started and idle again after some work: PSS, in which
# what is shared is divided among those who share it, and the sum of RSS, in which it is counted each time.
# Figures; only a process that is missing fails.
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
wait_for '[ "$(psql -AtXqc "select count(*) from pg_stat_activity where datname = current_database() and application_name ~ '\''^docket'\''")" -ge 8 ]'
ok 'all are connected'

# kB PID: its PSS, or RSS where nobody may look, as at the child that reads mail; and its RSS.
kb() { cat "/proc/$1/smaps_rollup" "/proc/$1/status" 2>/dev/null | awk '/^Pss:/ { pss = $2 } /^VmRSS:/ { print (pss ? pss : $2), $2 }'; }
# measure WHEN: MB of each and of all.
measure() {
	local name pid pss rss all=0 whole=0 n=0 mine words=
	for name in serve live work index send; do
		mine=0
		for pid in $(tree "${running[$name]}"); do
			read -r pss rss < <(kb "$pid")
			mine=$((mine + pss)) whole=$((whole + rss)) n=$((n + 1))
		done
		words="$words, $name $((mine / 1024))"
		all=$((all + mine))
	done
	processes=$n
	figure "$1: $n processes, PSS $((all / 1024)) MB (${words#, }), RSS $((whole / 1024)) MB"
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
