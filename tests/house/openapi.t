#!/usr/bin/env bash
# web/openapi.json is what the binary says of its routes; RENEW=1 tests/run house/openapi writes it anew.
. "$TOP/tests/lib.sh"
"$DOCKET" openapi | jq . >"$TEST_DIR/openapi.json"
ok 'docket openapi prints JSON'
[ -z "${RENEW:-}" ] || cat "$TEST_DIR/openapi.json" >"$TOP/web/openapi.json"
is "$(diff "$TOP/web/openapi.json" "$TEST_DIR/openapi.json" | head -20)" '' 'web/openapi.json is up to date'
done_testing
