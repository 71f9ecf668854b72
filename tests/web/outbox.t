#!/usr/bin/env bash
# What leaves, and what does not leave yet: taken back, sent later, to whom, and what became of it.
exec node "$TOP/tests/web/lib/outbox.mjs"
