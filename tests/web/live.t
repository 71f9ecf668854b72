#!/usr/bin/env bash
# Live updates of the page: within a second, and nothing that somebody looks at or types into moves.
exec node "$TOP/tests/web/lib/live.mjs"
