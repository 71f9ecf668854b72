#!/usr/bin/env bash
# What search finds and what it does not: labelled questions (umlauts, compounds, slips, numbers, names, phrases, fields, both
# languages) over a labelled collection, asked at the API; recall and precision in the first 10.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
python3 "$TOP/tests/accept/search.py" sql | psql -qX -v ON_ERROR_STOP=1 >/dev/null
ok 'a collection with labels'
ok 'is indexed' "$DOCKET" index --once
token=$("$DOCKET" token add anna accept)
serve_up 1
ok 'serve answers'
said=$(python3 "$TOP/tests/accept/search.py" judge "$PORT" "$token")
ok 'recall is at least 0.95, precision 0.9' test $? = 0 || diag "$said"
figure "$(tail -1 <<<"$said")"
done_testing
