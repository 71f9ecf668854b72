#!/usr/bin/env bash
# make lint sees what it is there to see: one violation of each kind planted in a copy of the tree, each found.
. "$TOP/tests/lib.sh"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
copy=$TEST_DIR/tree
mkdir "$copy"
(cd "$TOP" && git ls-files -z -co --exclude-standard -- src index sql tests Makefile .clang-format .gitignore README.md |
	tar --null -T - -cf -) | tar -xf - -C "$copy"
cd "$copy" && git init -q . && git add -A || exit 1
ok "the tree as it is passes" tests/lint

declare -a expected=()
n=0
# planted FILE TEXT EXPECTED: @ in FILE becomes a number of its own; +FILE is appended to.
planted() {
	local file=${1#+}
	n=$((n + 1))
	file=${file//@/$n}
	mkdir -p "${file%/*}"
	if [[ $1 == +* ]]; then printf '%b' "$2" >>"$file"; else printf '%b' "$2" >"$file"; fi
	expected+=("${file##*/}:|$3")
}
c='/* SPDX-License-Identifier: GPL-3.0-or-later */\n'
f='\nvoid\nplant(void)\n{\n\t'
planted src/base/plant@.c "$c#include \"db/db.h\"\n" "base/ may not include db/db.h"
planted src/query/plant@.c "$c#include \"ticket/ticket.h\"\n" "query/ may not include ticket/ticket.h"
planted src/rule/plant@.c "$c#include <libpq-fe.h>\n" "libpq is spoken to in db/ only"
planted src/api/plant@.c "$c#include <gmime/gmime.h>\n" "GMime is spoken to in mime/ only"
planted src/api/plant@.c "$c#include <libetpan/libetpan.h>\n" "libetpan is spoken to in channel/ only"
planted src/api/plant@.c "$c#include <fcgiapp.h>\n" "FastCGI is spoken in http/ only"
planted index/plant@.cc "$c#include <xapian.h>\n" "Xapian is spoken to in index/xap.cc only"
planted src/db/plant@.c "$c${f}char *p = malloc(3);\n}\n" "memory comes from the arena"
planted src/db/plant@.c "$c${f}strcpy(a, b);\n}\n" "an unsafe string call"
planted src/db/plant@.c "$c${f}longjmp(home, 1);\n}\n" "setjmp and longjmp live in base/unit.c"
planted src/mime/plant@.c "$c${f}fail(c, 500, \"x\", \"y\");\n}\n" "mime/ returns its failures"
planted src/ticket/plant@.c "$c${f}db_void(c, \"delete from ticket\");\n}\n" "SQL in a C text"
planted src/channel/plant@.c "$c${f}mailimap_ssl_connect(i, h, p);\n}\n" "TLS is begun by channel/tls.c"
planted src/db/plant@.c "$c$f$(printf 'x();\\n\\t%.0s' {1..61})y();\n}\n" "has 62 lines, more than 60"
planted src/db/plant@.c "$c${f}x();\n}\n" "plant is exported without the name of its module"
planted src/db/plant@.h "$c\nvoid db_plant(void);\n" "an exported function without a sentence above it"
planted src/db/plant@.c "$c${f}  x( );\n}\n" "not as clang-format has it"
planted src/db/plant@.c "$c$(printf '\\n%.0s' {1..501})" "has more than 500 lines"
planted src/db/plant@.c "int db_x;\n" "does not name its licence"
planted +sql/query.awk "$(printf '\\n%.0s' {1..151})" "has more than 150 lines"
planted sql/query/plant.sql '-- ticket() -> list\nselect subject from ticket;\n' "ticket shows tickets without ticket_visible"
planted sql/query/plant@.sql '-- plant_void() -> void\nselect 1;\n' "nobody calls query plant_void"
planted +tests/run "if true; then\n" "syntax error"
planted tests/house/plant@.t "#!/bin/bash\nsle""ep 5\n" "a nap; wait for the condition instead"
planted src/db/plant@.c "$c/* TO""DO: later */\n" "an unfinished word"
planted src/db/plant@.c "$c/* see /wo""rk/notes */\n" "a path that no other machine has"

said=$(tests/lint 2>&1)
is $? 1 "with violations planted it does not"
for want in "${expected[@]}"; do
	grep -F "${want%%|*}" <<<"$said" | grep -qF "${want#*|}"
	ok "found: $want" || diag "$(grep -F "${want%%|*}" <<<"$said")"
done
is "$(grep -cvF -f <(printf '%s\n' "${expected[@]%%|*}") <<<"$said")" 0 "and it finds nothing where nothing was planted" ||
	diag "$(grep -vF -f <(printf '%s\n' "${expected[@]%%|*}") <<<"$said")"
done_testing
