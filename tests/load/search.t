#!/usr/bin/env bash
# Search over a shop's mail (1,000,000 messages at full size): ms at the API behind nginx, with rights and excerpts, each class
# by different questions drawn by frequency and asked once, by an agent for whom 30 % of the statuses are invisible or
# own-only; beside it PostgreSQL's full text on the same rows; how long an online rebuild takes. Figures; only wrong answers fail.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
[ "$SIZE" = full ] && tickets=250000 queries=1000 || tickets=250 queries=25

ok "$((4 * tickets)) messages are made" python3 "$TOP/tests/load/shop.py" $tickets $queries "$TEST_DIR"
ok 'and stored' psql -qX -v ON_ERROR_STOP=1 <<SQL
insert into ticket (subject, type_id, status_id, is_open, source, priority)
select 'Anfrage ' || i, s.type_id, s.id, s.category not in ('done', 'shut'), 'mail', i % 6
  from generate_series(1, $tickets) i join status s on s.id = 1 + i % 28;
alter table message disable trigger user;
\copy message (ticket_id, kind, author, email, body, source) from '$TEST_DIR/messages'
alter table message enable trigger user;
update ticket t set last_message_id = m.id from (select ticket_id, max(id) as id from message group by 1) m where m.ticket_id = t.id;
insert into owner (ticket_id, agent_id, role_id) select t.id, a.id, 1 from ticket t, agent a where a.login = 'anna' and t.id % 5 = 0;
insert into profile_status (profile_id, status_id, see)
select p.profile_id, s.id, case when s.id % 10 = 0 then 'no' else 'own' end
  from agent_profile p join agent a on a.id = p.agent_id and a.login = 'anna', status s where s.id % 10 < 3;
analyze;
SQL
rows "select (cardinality(statuses) between 15 and 22) and cardinality(own_statuses) > 0 from sight s join agent a on a.id = s.agent_id where a.login = 'anna'" t \
	'for her 30 % of the statuses are invisible or own-only'
begin=$EPOCHREALTIME
ok 'the index is built' "$DOCKET" index --once
figure "$(jq -rn "($EPOCHREALTIME - $begin) as \$s | \"first build: \(\$s * 10 | floor / 10) s, \((4 * $tickets / \$s) | floor) messages/s\"")"
figure "$(($(du -sb "$(readlink -f "$TEST_DIR/index/current")" | cut -f1) / (4 * tickets))) bytes a message"

# PostgreSQL on the same rows: a stored vector, GIN, the newest 50 and the best 50.
ok 'and that of PostgreSQL' psql -qX -v ON_ERROR_STOP=1 -c "create table fts as select id, to_tsvector('german', body) as v from message" \
	-c 'create unique index on fts (id)' -c 'create index on fts using gin (v)' -c 'analyze fts'
beside() { # CLASS FUNCTION ORDER
	while IFS= read -r q; do
		q=${q//\'/} q=${q//\"/}
		[ "$2" != to_tsquery ] || q=${q%\*}:*
		echo "select id from fts where v @@ $2('german', '$q') order by ${3//QUERY/$2(\'german\', \'$q\')} desc limit 50;"
	done <"$TEST_DIR/q.$1" >"$TEST_DIR/beside.sql"
	{ echo '\timing on'; cat "$TEST_DIR/beside.sql"; } | psql -qAtX 2>/dev/null | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | sort -n |
		awk '{ v[NR] = $1 } END { printf "%.2f %.2f %.2f", v[int(NR / 2) + 1], v[int(NR * .95)], v[int(NR * .99)] }'
}
token=$("$DOCKET" token add anna load)
serve_up 4
ok 'serve answers behind nginx'
ask() { python3 "$TOP/tests/load/ask.py" "$PORT" "$token" "$@"; }
class() { # NAME FILE PATH FUNCTION [ORDER]
	local ours theirs=
	ours=$(ask "$3" "$TEST_DIR/q.$2")
	ok "$1 is answered" test $? = 0
	[ -z "$4" ] || theirs="; PostgreSQL $(beside "$2" "$4" "${5:-id}")"
	figure "$1, ${ours%% *} questions: p50 p95 p99 ${ours#* } ms$theirs"
}
class 'common word, newest' word '/api/v1/search?limit=50&q=' plainto_tsquery
class 'common word, best' word '/api/v1/search?order=best&limit=50&q=' plainto_tsquery 'ts_rank(v, QUERY)'
class 'two words' two '/api/v1/search?limit=50&q=' plainto_tsquery
class 'phrase' phrase '/api/v1/search?limit=50&q=' phraseto_tsquery
class 'prefix' prefix '/api/v1/search?limit=50&q=' to_tsquery
class 'number' number '/api/v1/search?limit=50&q=' plainto_tsquery
class 'word, status, owner, date' facts '/api/v1/search?limit=50&q=' ''
class 'facets' facets '/api/v1/search/facets?q=' ''

# Built anew while it is searched.
begin=$EPOCHREALTIME
start reindex "$DOCKET" reindex
during=$(ask '/api/v1/search?limit=50&q=' "$TEST_DIR/q.two")
ok 'search answers while the index is built anew' test $? = 0
wait "${running[reindex]}"
ok 'which succeeds'
unset 'running[reindex]'
figure "$(jq -rn "\"online rebuild: \(($EPOCHREALTIME - $begin) * 10 | floor / 10) s\""); two words meanwhile p50 p95 p99 ${during#* } ms"
[ "$SIZE" != full ] || like "$(cat "$TEST_DIR/reindex.log")" 'min left' 'and says how long it will take'
ok 'and equals the database' "$DOCKET" index --check
done_testing
