#!/usr/bin/env bash
# The page against a made-up shop: the main job, keys, search, both languages, themes and widths, axe and console.
exec node "$TOP/tests/web/lib/desk.mjs"
