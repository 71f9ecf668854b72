#!/usr/bin/env bash
# Documents a second into the index, beside bare Xapian with the same terms, by CPU time; and how long after its commit a message
# is found. Figures; only an index that differs fails.
. "$TOP/tests/lib.sh"
[ "$SIZE" = full ] && n=100000 fresh=1000 || n=4000 fresh=100
add_agent anna 'Anna Berg' Administrator

# Mixed German and English by Zipf's law, about 100 words each.
ok "$n messages" python3 - "$n" "$TEST_DIR/messages" <<'PY'
import random, sys
n, out = int(sys.argv[1]), open(sys.argv[2], 'w')
R = random.Random(1)
stems = 'rechnung paket liefer schuh gross rück sende etikett frage gruss haus order refund broken shipp return thank custom item price zahlung konto kunde artikel farbe menge datum adresse straße müller'.split()
ends = ['', 'e', 'en', 'ung', 'ungen', 's', 'ed', 'ing', 'er', 'heit']
words = [R.choice(stems) + R.choice(['', R.choice(stems)]) + R.choice(ends) for _ in range(40000)]
weights = [1 / (i + 3) for i in range(len(words))]
for i in range(n):
    k = max(5, int(R.lognormvariate(4.4, 0.6)))
    text = ' '.join(R.choices(words, weights, k=k))
    if R.random() < .3: text += ' %03d-%07d-%07d' % (R.randrange(999), R.randrange(10**7), R.randrange(10**7))
    out.write('%d\tmessage\tKarl Kunde\tk%d@shop.example\t%s\tmail\n' % (1001 + i // 4, R.randrange(9999), text))
PY
psql -qX -v ON_ERROR_STOP=1 >/dev/null <<SQL
insert into ticket (subject, type_id, status_id, is_open, source) select 'Anfrage ' || i, 1, 1, true, 'mail' from generate_series(1, $n / 4) i;
\copy message (ticket_id, kind, author, email, body, source) from '$TEST_DIR/messages'
analyze;
SQL
begin=$EPOCHREALTIME TIMEFORMAT='%U + %S'
{ time "$DOCKET" index --once 2>"$TEST_DIR/index.log"; } 2>"$TEST_DIR/cpu"
ok 'the index is built'
wall=$(jq -n "$EPOCHREALTIME - $begin") took=$(jq -n "$(tail -1 "$TEST_DIR/cpu")")
ok 'and equals the database' "$DOCKET" index --check
now=$(readlink -f "$TEST_DIR/index/current")
ok 'the bare program' g++ -O2 -std=c++17 $(xapian-config --cxxflags) -o "$TEST_DIR/bare" "$TOP/tests/load/index_bare.cc" $(xapian-config --libs)
read -r _ bare < <("$TEST_DIR/bare" "$now" "$TEST_DIR/bare.db")
figure "$(jq -rn "def r: . + 0.5 | floor; \"\(($n / $took) | r) documents per CPU second from queue to index, bare Xapian with the same terms \(($n / $bare) | r): \((100 * $bare / $took) | r) %; \(($n / $wall) | r)/s by the clock\"")"
figure "$(($(du -sb "$now" | cut -f1) / n)) bytes a message, bare $(($(du -sb "$TEST_DIR/bare.db" | cut -f1) / n))"

start index "$DOCKET" index
export FRESH="insert into message (ticket_id, kind, author, body, source) values (1001, 'message', 'Karl', \$1, 'mail')"
read -r p50 p99 < <("$TOP/build/tests/load/fresh" $fresh)
[ -n "${p99:-}" ]
ok 'new messages are found'
figure "commit to findable, 50 messages/s: p50 ${p50:-?} ms, p99 ${p99:-?} ms"

# A hundred files whose reader computes for ever: each costs itself, nobody's message waits for them.
ok 'a file that is read for ever' python3 "$TOP/tests/find/files.py" "$TEST_DIR/files"
for i in {1..100}; do
	{ cat "$TEST_DIR/files/langsam.pdf"; echo "% $i"; } >"$TEST_DIR/hung.pdf"
	sha=$(sha256sum "$TEST_DIR/hung.pdf" | cut -d' ' -f1)
	mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && mv "$TEST_DIR/hung.pdf" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
	echo "with m as (insert into message (ticket_id, kind, author, body, source) values (1001, 'message', 'Karl', 'anbei', 'mail') returning id)
		insert into file (message_id, name, type, size, sha256) select id, 'lang$i.pdf', 'application/pdf', 1, '$sha' from m;"
done | psql -qX
wait_for '[ "$(sql "select count(*) from file_text where tries > 0")" -gt 0 ]' 30
read -r h50 h99 < <("$TOP/build/tests/load/fresh" $fresh)
[ -n "${h99:-}" ]
ok 'new messages are found beside them'
rows "select count(*) > 90 from file_text where state = 'waiting' and name like 'lang%'" t 'which are read all the while'
figure "beside 100 files that are read for ever: p50 ${h50:-?} ms, p99 ${h99:-?} ms"
stop index
sql "update file_text set state = 'failed', reason = 'slow' where state = 'waiting'"
ok 'and the index equals the database' "$DOCKET" index --check
done_testing
