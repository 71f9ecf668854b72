#!/usr/bin/env bash
# Every call of the page fails once, in five ways: no word is lost, the page says what to do, the work goes on.
exec node "$TOP/tests/web/lib/faults.mjs"
