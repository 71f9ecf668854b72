#!/usr/bin/env bash
# Each NAME.eml is read as NAME.json says; DOCKET_GOLDEN=write makes those anew, to be looked at in the diff.
. "$TOP/tests/lib.sh"

for mail in "$TOP"/tests/mail/*.eml; do
	name=$(basename "$mail" .eml) wanted=${mail%.eml}.json
	"$DOCKET" parse <"$mail" >"$TEST_DIR/$name.json" 2>"$TEST_DIR/$name.log"
	[ "${DOCKET_GOLDEN:-}" != write ] || jq . <"$TEST_DIR/$name.json" >"$wanted"
	ok "$name" diff <(jq -S . "$wanted") <(jq -S . "$TEST_DIR/$name.json")
done
figure "$tap mails read as written down"
done_testing
