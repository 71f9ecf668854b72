#!/usr/bin/env bash
# What writes fails once, in five ways: no word is lost or sent twice, the page says what to do, the work goes on.
exec node "$TOP/tests/web/lib/faults.mjs" message draft create upload retry undo sendNow cancel again seconds signature password lost lostLong newer signOut deadStart
