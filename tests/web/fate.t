#!/usr/bin/env bash
# What became of a mail, as the page shows it: why it is here, whom to believe, what came back, what is held or parked.
exec node "$TOP/tests/web/lib/fate.mjs"
