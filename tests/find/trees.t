#!/usr/bin/env bash
# Random trees of words and facts over 2,000 messages, paged to the end, find exactly what a program finds that looks at every
# message: the same tickets in the same order, for an agent who may not see everything; totals and facets likewise.
. "$TOP/tests/lib.sh"
add_agent ben 'Ben Kurz'
add_agent anna 'Anna Berg'
psql -qXc "insert into profile_status select p.id, s.id, case when s.position = 6 then 'no' else 'own' end
	from profile p, status s where p.name = 'Support' and s.position in (2, 5, 6)"
trees=${TREES:-1200} seed=${SEED:-$RANDOM}
[ "$SIZE" = small ] || trees=10000
python3 "$TOP/tests/find/trees.py" $trees "$seed" world >"$TEST_DIR/world.sql"
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -f "$TEST_DIR/world.sql"
rows 'select count(*) from message' 2000
ok 'the index is built' "$DOCKET" index --once
ok 'and equals the database' "$DOCKET" index --check
python3 "$TOP/tests/find/trees.py" $trees "$seed" >"$TEST_DIR/trees"
ok "$trees trees of seed $seed"
grep '^#' "$TEST_DIR/trees"
# Folders that name each other in a circle are nothing, and any bytes are a question.
psql -qXc "insert into folder (name, query) values ('{\"de\": \"Kreis\"}', 'folder:kreis OR w0')"
"$TOP/build/tests/find/anything" 2 "$seed" $((trees / 3)) >"$TEST_DIR/anything"
ok "any bytes compile and run"
grep '^#' "$TEST_DIR/anything"
done_testing
