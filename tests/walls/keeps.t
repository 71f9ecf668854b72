#!/usr/bin/env bash
# What the cleaner keeps: forty newsletters and shop mails in Chromium as they were sent and as they are shown, their
# visible text the same letter by letter, and the styles that the mail gave it.
exec node "$TOP/tests/walls/keeps.mjs"
