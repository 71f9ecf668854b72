#!/usr/bin/env bash
# The search against a made-up shop: completion, counts, order, slips, folders kept and watched, help; axe and console.
exec node "$TOP/tests/web/lib/search.mjs"
