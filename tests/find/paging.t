#!/usr/bin/env bash
# Search walked page by page through the API by an agent who may not see everything, while mails come in: the tickets are
# those that a scan finds, none twice, and page 100 reads no more rows than three times what page 1 does. Then a
# walk that has to give up many times before it finds anything, and the best hits first.
. "$TOP/tests/lib.sh"
add_agent ben 'Ben Kurz'
add_agent anna 'Anna Berg'
sql "insert into profile_status select p.id, s.id, case when s.position = 6 then 'no' else 'own' end
	from profile p, status s where p.name = 'Support' and s.position in (2, 5, 6)"
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -v n=420 -f "$TOP/tests/find/world.sql"
ok 'the index is built' "$DOCKET" index --once

# What anna may see, told again from the tables of rights and without ticket_visible().
may="(select t.id from ticket t join status s on s.id = t.status_id
	where s.position not in (2, 5, 6) or (s.position in (2, 5) and exists (select from owner o join agent a on a.id = o.agent_id
		where o.ticket_id = t.id and a.login = 'anna')))"
rows "select count(*) > 20 from ticket t join status s on s.id = t.status_id where s.position in (2, 5) and t.id not in $may" t \
	'many tickets of other agents are hidden from her'
want=$(sql "select ticket_id from message where ticket_id in $may and ' ' || body || ' ' like '% w0 %' group by 1 order by max(id) desc")

# One page, and what it cost: rows that PostgreSQL read for it, told when the call's connection ended.
read_rows() { sql 'select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables'; }
page() { # QUERY [measured]
	local before began
	[ $# = 1 ] || before=$(read_rows)
	began=${EPOCHREALTIME/./}
	call${2:+_alone} anna GET "/search?$1${after:+&after=$after}"
	ms=$(((${EPOCHREALTIME/./} - began) / 1000))
	[ $# = 1 ] || cost=$(($(read_rows) - before))
	after=$(jq -r '.next // empty' <<<"$body")
}
mail() { # a reply to an old ticket, and a new one, both with the word
	printf 'From: Karl <karl%d@example.org>\r\nSubject: Noch eine %d\r\nMessage-ID: <%d.x@example.org>\r\n\r\nw0 dazwischen\r\n' $1 $1 $1 |
		"$DOCKET" ingest >/dev/null || echo "# no mail $1"
	sql "with m as (insert into message (ticket_id, kind, author, body, source) values (1001 + ($1 * 37) % 420, 'message', 'Karl', 'w0 wieder', 'mail')
		returning id, ticket_id) update ticket t set last_message_id = m.id from m where m.ticket_id = t.id"
}
start index "$DOCKET" index
got= pages=0 after= first= hundredth=
measured() { [ $pages -lt 4 ] || [ $pages -ge 97 -a $pages -lt 101 ] && echo measured; }
while page 'q=w0&limit=2' $(measured) && [ "$code" = 200 ]; do
	pages=$((pages + 1))
	got+=$(jq -r '.hits[].ticket.id' <<<"$body")$'\n'
	[ $pages -gt 4 ] || first+="$cost $ms"$'\n'
	[ $pages -lt 98 ] || [ $pages -gt 101 ] || hundredth+="$cost $ms"$'\n'
	[ -n "$after" ] || break
	[ $((pages % 9)) != 0 ] || mail $pages
done
got=$(sed '/^$/d' <<<"$got")
ok "$pages pages, over a hundred of them" test $pages -gt 101
is "$(sort <<<"$got" | uniq -d | wc -l)" 0 'no ticket twice'
is "$got" "$want" "the $(wc -l <<<"$want") tickets that a scan found, in its order"
rows "select count(*) from message where body like 'w0 dazwischen%'" $(((pages - 1) / 9)) 'mails came in meanwhile'
middle() { sed '/^$/d' <<<"$1" | cut -d' ' -f"$2" | sort -n | sed -n 2p; }
one=$(middle "$first" 1) far=$(middle "$hundredth" 1)
ok 'page 100 reads at most three times as many rows as page 1' test "$far" -le $((3 * one)) -a "$far" -gt 0
figure "page 1 reads $one rows in $(middle "$first" 2) ms, page 100 $far rows in $(middle "$hundredth" 2) ms (with the start of a process; sanitizers)"

# The same while fifty messages a second come in, to tickets that are there.
want=$(sql "select distinct ticket_id from message where ticket_id in $may and ' ' || body || ' ' like '% w0 %' order by 1")
psql -qXc "do \$\$ begin for i in 1..100000 loop
	with m as (insert into message (ticket_id, kind, author, body, source) values (1001 + (i * 37) % 420, 'message', 'Karl', 'w0 strom', 'mail') returning id, ticket_id)
	update ticket t set last_message_id = m.id from m where m.ticket_id = t.id;
	commit;
	perform pg_sleep(0.02);
end loop; end \$\$" >"$TEST_DIR/stream.log" 2>&1 &
stream=$!
wait_for '[ "$(sql "select count(*) from message where body = \$\$w0 strom\$\$")" -gt 50 ]'
came() { sql "select count(*) from message where body = 'w0 strom'"; }
got= walked=0 after= before=$(came) began=${EPOCHREALTIME/./}
while page 'q=w0&limit=2' && [ "$code" = 200 ]; do
	walked=$((walked + 1))
	got+=$(jq -r '.hits[].ticket.id' <<<"$body")$'\n'
	[ -n "$after" ] || break
done
rate=$((($(came) - before) * 1000000 / (${EPOCHREALTIME/./} - began)))
kill $stream; wait $stream 2>/dev/null
got=$(sed '/^$/d' <<<"$got" | sort)
is "$(uniq -d <<<"$got" | wc -l)" 0 'beside a stream of messages: no ticket twice'
is "$(comm -23 <(sort <<<"$want") <(echo "$got"))" '' 'none missing of those that were there'
figure "$walked pages walked to the end while $rate messages a second came in"

after=
page 'q=dazwischen&limit=100'
is "$(jq '.hits | length' <<<"$body")" $(((pages - 1) / 9)) 'and all of them are found from the top'
stop index

# A word that all have and a fact that holds elsewhere: a request gives up after 5,000 hits or 50 ms and says how far it came.
sql "insert into message (ticket_id, kind, body, source, created_at)
	select 1001 + i % 400, 'message', 'gemeinsam' || case when i <= 3 then ' zuunterst' else '' end, 'mail', now() + i * interval '1 s'
	from generate_series(1, 7000) i;
	update ticket set priority = case when id in (select ticket_id from message where body like '%zuunterst') then 5 else 0 end"
sql "delete from message where body = 'gemeinsam' and ticket_id in (select id from ticket where priority = 5)"
"$DOCKET" index --once
after= gave_up=0 empty=0 got= last=9999999999999
for ((pages = 1; pages < 2000; pages++)); do
	page 'q=gemeinsam%20prio:5&limit=2'
	got+=$(jq -r '.hits[].ticket.id' <<<"$body")$'\n'
	jq -e '.searched_to == null' <<<"$body" >/dev/null || gave_up=$((gave_up + 1))
	[ -n "$after" ] || break
	[ "${after%-*}" -lt "$last" ] || { diag "it does not go on at $after"; break; }
	last=${after%-*}
done
ok "it gave up $gave_up times and said how far it came" test $gave_up -gt 0
is "$(sed '/^$/d' <<<"$got" | sort)" "$(sql "select t.id from ticket t where t.id in $may and priority = 5 order by 1")" 'and found exactly what lay below it all'

# Best first.
sql "insert into message (ticket_id, kind, body, source)
	select t.id, 'message', case when t.n = 150 then 'leuchtturm leuchtturm leuchtturm' else 'leuchtturm ' || repeat('und manches andere ', 1 + t.n::int % 7) end, 'mail'
	from (select id, row_number() over (order by id) as n from ticket where id in $may) t"
"$DOCKET" index --once
best=$(sql "select ticket_id from message where body = 'leuchtturm leuchtturm leuchtturm'")
after= got= pages=0
while page 'q=leuchtturm&order=best&limit=50' && [ "$code" = 200 ]; do
	pages=$((pages + 1)) got+=$(jq -r '.hits[].ticket.id' <<<"$body")$'\n'
	[ -n "$after" ] || break
done
json '.order == "best"'
is "$(head -1 <<<"$got")" "$best" 'the ticket that speaks of nothing else is first'
is "$(sed '/^$/d' <<<"$got" | sort)" "$(sql "select distinct ticket_id from message where body like 'leuchtturm%' and ticket_id in $may order by 1")" \
	"in $pages pages every one that she may see, each once"
after=
page 'q=leuchtturm&limit=1'
json '.order == "newest"'
is "$(jq '.hits[0].ticket.id' <<<"$body")" "$(sql "select max(ticket_id) from message where body like 'leuchtturm%'")" 'without asking, the newest is first'
after= && page 'q=is:open&order=best'
json '.order == "newest"' 'facts alone have no best'
after= && page 'q=leuchtturm%20prio:5&order=best'
is "$(jq -r '.hits[].ticket.id' <<<"$body" | sort)" "$(sql "select id from ticket where priority = 5 and id in $may order by 1")" 'facts narrow it'
call anna GET '/search?q=leuchtturm&order=worst'
status 422 || diag "$code"
call anna GET '/search?q=leuchtturm&after=17'
status 400 'a cursor that nobody gave'
done_testing
