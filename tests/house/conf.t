#!/usr/bin/env bash
# A wrong configuration is one line that names file, line, key and remedy, and exit 78; nothing is started.
. "$TOP/tests/lib.sh"
file=$TEST_DIR/wrong.conf

refused() { # TEXT EXPECTED: in any place the line says so
	printf '%b' "$1" >"$file"
	said=$("$DOCKET" --config "$file" check config 2>&1)
	is "$?" 78 "exit 78 for: ${1:0:40}"
	is "$(wc -l <<<"$said")" 1 "and one line"
	like "$said" "$2" "that says what to do" || diag "$said"
}
refused 'blobs /var/blobs\n' "wrong.conf:1: holds no '='; write key = value"
refused '# fine\n\nblops = /var\n' "wrong.conf:3: key 'blops' is not known; see docket.conf"
refused 'blobs = /a\nblobs = /b\n' "wrong.conf:2: key 'blobs' stands there twice; remove one"
refused 'blobs =\n' "wrong.conf:1: key 'blobs' is empty"
refused 'workers = many\n' "wrong.conf:1: key 'workers' must be a whole number from 1 to 256"
refused 'workers = 0\n' "wrong.conf:1: key 'workers' must be a whole number from 1 to 256"
refused 'workers = 99999999999999999999\n' "key 'workers' must be a whole number"
refused 'allow_http = true\n' "wrong.conf:1: key 'allow_http' must be yes or no"
refused 'host = a\0000b\n' "NUL byte; it must be a text file"

said=$("$DOCKET" --config "$TEST_DIR/none.conf" check config 2>&1)
is "$?: $said" "78: docket: $TEST_DIR/none.conf: No such file or directory; name another file with --config" \
	"a missing file is named, with the remedy"
echo nonsense >"$file"
for name in serve work; do
	said=$("$DOCKET" --config "$file" $name 2>&1)
	is $? 78 "docket $name does not start either"
done

printf 'blobs = /a place with blanks/blobs  \r\n  # indented\n\nallow_http=yes\nworkers =\t7' >"$file"
like "$("$DOCKET" --config "$file" check config 2>&1)" "the configuration can be read" "blanks, tabs, CR and a missing last newline are no trouble"
like "$("$DOCKET" --config "$file" check config 2>&1)" "/a place with blanks/blobs" "and the doctor says which folder is not there"
is "$("$DOCKET" nonsense 2>&1 | head -1)" "docket: there is no command 'nonsense'" "an unknown command is named"
"$DOCKET" nonsense >/dev/null 2>&1
is $? 64 "with exit 64"
is "$("$DOCKET" --version)" "docket 0.1" "--version"
is "$(sed -n '/begin keys/,/end keys/p' "$TOP/src/docket.conf.5" | sed '1d;$d')" "$("$DOCKET" --keys)" 'docket.conf(5) tells every key as the code has it'
for page in "$TOP"/src/*.[157]; do is "$(groff -ww -man -z "$page" 2>&1)" '' "${page##*/} is a man page"; done
done_testing
