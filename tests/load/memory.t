#!/usr/bin/env bash
# Resident memory of all docket processes that stand idle, with 4 workers: Pss (what is shared is
# divided among those who share it) and, as the upper bound, the sum of Rss (what is shared is counted each time).
. "$TOP/tests/lib.sh"
sed -i '/^workers/d; $ a workers = 4' "$DOCKET_CONFIG"
for name in serve live work index send; do start $name "$DOCKET" $name; done
wait_for '[ -S "$TEST_DIR/serve.sock" ] && [ -S "$TEST_DIR/live.sock" ]'
ok "serve and live listen"
# A mail makes work start its child and index open its database: idle is what is left afterwards.
printf 'From: Eva <eva@post.example>\nTo: service@docket.test\nSubject: Hallo\n\nGuten Tag\n' | "$DOCKET" ingest >/dev/null 2>&1
wait_for "[ \"\$(psql -AtXc 'select (select count(*) from message) > 0 and (select count(*) from index_queue) = 0')\" = t ]"
ok "a mail went through work and index"

# Every process whose executable is this program and whose ancestor this suite started.
pids() {
	local todo=("${running[@]}") pid child
	while [ ${#todo[@]} -gt 0 ]; do
		pid=${todo[0]} todo=("${todo[@]:1}")
		echo "$pid"
		for child in $(cat /proc/"$pid"/task/*/children 2>/dev/null); do todo+=("$child"); done
	done
}
mapfile -t all < <(pids)
sum() { for pid in "${all[@]}"; do cat "/proc/$pid/smaps_rollup" 2>/dev/null; done | awk -v f="$1:" '$1 == f { n += $2 } END { print n / 1024 }'; }
total=$(sum Rss) shared=$(sum Pss)
for name in "${!running[@]}"; do
	figure "$name: $(awk '/^Pss:/ { printf "%.1f MB", $2 / 1024 }' "/proc/${running[$name]}/smaps_rollup")"
done
figure "memory of all ${#all[@]} docket processes, idle: Rss ${total%.*} MB (aim: below 150), Pss ${shared%.*} MB"
ok "it was measured" awk -v n="$total" 'BEGIN { print n; exit !(n > 1) }'
done_testing
