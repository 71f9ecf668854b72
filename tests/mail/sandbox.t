#!/usr/bin/env bash
# Once the converters are loaded, reading opens no file at all: the parse child has none.
. "$TOP/tests/lib.sh"

opened_later() { # what is opened behind the last converter
	strace -f -qq -e trace=open,openat,readlink -o "$TEST_DIR/trace" "$DOCKET" parse <"$1" >/dev/null || return
	! awk '/gconv\/UTF-32\.so/ { on = 1; next } on && /open|readlink/' "$TEST_DIR/trace" | grep .
}
for name in iso-2022-jp gb2312 koi8-r utf-16 utf-7-body outlook-related date-5 people dsn-postfix; do
	ok "$name" opened_later "$TOP/tests/mail/$name.eml"
done
ok "the converters were seen" grep -q 'gconv/UTF-32.so' "$TEST_DIR/trace"
done_testing
