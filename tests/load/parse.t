#!/usr/bin/env bash
# How many mails a second one core reads, and that it is as many bytes a second for large ones.
. "$TOP/tests/lib.sh"

[ "$SIZE" = full ] && seconds=5 || seconds=0.5
ok "mails are read and answered" "$TOP/build/tests/load/parse" $seconds
grep figure "$TEST_DIR/said"
done_testing
