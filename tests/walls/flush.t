#!/usr/bin/env bash
# A flush that fails is no flush: nothing is promised, nothing is taken from the server, and the process that saw it stores
# nothing more, as the kernel would call a second try a success.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'stop_all; servers_stop' EXIT
release=$TOP/build/rel/docket
faulty() { strace -D -f -qq -o "$TEST_DIR/strace" -e trace="${1%%:*}" -e inject="$1" "${@:2}"; }
names() { find "$TEST_DIR/blobs" -type f | wc -l; }
mail() { printf 'From: eva@post.example\r\nSubject: %s\r\n\r\nHallo %s\r\n' "$1" "$1"; }

for call in fsync:error=EIO:when=1 fsync:error=EIO:when=2 fsync:error=EIO:when=3 fsync:error=EIO:when=4; do
	mail $call >"$TEST_DIR/mail"
	faulty $call "$release" ingest <"$TEST_DIR/mail" >"$TEST_DIR/said" 2>&1
	rc=$?
	grep -q INJECTED "$TEST_DIR/strace" && [ $rc != 0 ]
	ok "ingest fails when flush ${call##*=} does (of the bytes or of a folder)" || diag "exit $rc: $(cat "$TEST_DIR/said")"
	rows 'select count(*) from inbound' 0 'and promises nothing'
done
[ "$(find "$TEST_DIR/blobs" -type d | wc -l)" -gt 1 ]
ok 'folders are there that nobody has flushed'
mail fsync:error=EIO:when=3 >"$TEST_DIR/mail"
strace -D -f -y -qq -o "$TEST_DIR/strace" -e trace=fsync "$release" ingest <"$TEST_DIR/mail" >"$TEST_DIR/said" 2>&1
is "$(grep -c fsync "$TEST_DIR/strace")" 4 'who comes later flushes them too: the bytes, the store, both folders'
rows 'select count(*) from inbound' 1 'the same mail again: taken'

dovecot_start "$TEST_DIR/mail.d" || exit 1
echo "mail_ca = $TEST_DIR/mail.d/ca/ca.pem" >>"$DOCKET_CONFIG"
echo secret | "$DOCKET" account add box --address box@docket.test --imap "localhost:$DOVECOT_IMAPS" --after delete >/dev/null
for n in 1 2 3 4 5 6 7; do mail $n >"$TEST_DIR/m$n"; done
lmtp_put "$DOVECOT_LMTP" box@docket.test "$TEST_DIR"/m?
before=$(names)
faulty syncfs:error=EIO:when=1 "$release" poll --account box >"$TEST_DIR/said" 2>&1
is "$(sql 'select count(*) from inbound') $(names)" "1 $before" 'poll: the flush of a batch fails: no row, no name'
rows "select last_error ~ 'Input/output error' from account" t 'the account says why'
faulty syncfs:error=EIO:when=2 "$release" poll --account box >"$TEST_DIR/said" 2>&1
rows 'select count(*) from inbound' 1 'the flush of the names fails: no row either'
is "$(find "$TEST_DIR/mail.d/mail/box@docket.test/" -path '*/new/*' -o -path '*/cur/*' | grep -c 'M[0-9]')" 7 'and the server still has them all'
ok 'the next round' "$release" poll --account box
rows 'select count(*) from inbound' 8 'brings them'
done_testing
