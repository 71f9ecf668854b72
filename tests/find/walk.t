#!/usr/bin/env bash
# Random trees of words and facts, paged to the end, find exactly what looking at every row finds; each
# ticket once, newest first, for an agent who may not see everything.
. "$TOP/tests/lib.sh"

"$DOCKET" user add ben --name 'Ben Kurz' --profile Support <<<'a long enough password' >/dev/null
"$DOCKET" user add anna --name 'Anna Berg' --profile Support <<<'a long enough password' >/dev/null
psql -qXc "insert into profile_status select p.id, s.id, case when s.position = 6 then 'no' else 'own' end
	from profile p, status s where p.name = 'Support' and s.position in (2, 5, 6)"
n=400 trees=120 seed=${SEED:-$RANDOM}
[ "$SIZE" = small ] || n=1500 trees=3000
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -v n=$n -f "$TOP/tests/find/world.sql"
rows "select count(*) > $n from message" t
ok 'the index is built' "$DOCKET" index --once
ok 'and equals the database' "$DOCKET" index --check

export WALK_AGENT="select id from agent where login = 'anna'"
export WALK_TICKETS="select t.id, t.status_id, t.priority, coalesce(t.customer_id, 0), t.is_open,
	exists (select from ticket_visible((select id from agent where login = 'anna')) v where v.id = t.id),
	exists (select from owner o join agent a on a.id = o.agent_id where o.ticket_id = t.id and a.login = 'ben')
	from ticket t order by t.id"
export WALK_MESSAGES="select id, ticket_id, kind, body from message order by id desc"
rows "select count(*) between $n / 2 and $n - 10 from ticket_visible((select id from agent where login = 'anna'))" t \
	'not every ticket is for anna'
"$TOP/build/tests/find/walk" $trees "$seed" >"$TEST_DIR/walk"
ok "$trees trees of seed $seed"
grep '^#' "$TEST_DIR/walk"
done_testing
