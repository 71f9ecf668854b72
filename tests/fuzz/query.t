#!/usr/bin/env bash
# libFuzzer over the query language and the highlighter, as tests/fuzz/mime.t does it for mail.
. "$TOP/tests/lib.sh"

[ "$SIZE" = full ] && seconds=${FUZZ_SECONDS:-10} || seconds=3
san=-fsanitize=fuzzer-no-link,address,undefined
flags="-g -O1 -D_GNU_SOURCE -I$TOP/src -I$TOP -I$TOP/build -I$TOP/tests/fuzz $(pkg-config --cflags libsodium libpq jansson)"
mkdir -p "$TEST_DIR/o" "$TEST_DIR/corpus.query" "$TEST_DIR/corpus.highlight"
one() { clang-14 -std=gnu11 $flags $san -c "$1" -o "$TEST_DIR/o/${1//\//_}.o"; }
export -f one
export flags san
target() {
	one "$TOP/tests/fuzz/$1.c" && mv "$TEST_DIR"/o/*fuzz_$1.c.o "$TEST_DIR/$1.o" &&
		clang++-14 ${san/fuzzer-no-link/fuzzer} "$TEST_DIR/$1.o" "$TEST_DIR"/o/*.o -o "$TEST_DIR/$1" \
			$(pkg-config --libs libsodium libpq jansson) $(xapian-config --libs)
}
build() {
	printf '%s\n' "$TOP"/src/base/*.c "$TOP"/src/query/*.c "$TOP"/index/{fold,words,compound,terms,sieve,highlight,suggest}.c |
		xargs -P 2 -I{} bash -c 'one {}' &&
		clang++-14 -std=c++17 $flags $san $(xapian-config --cxxflags) -c "$TOP/index/xap.cc" -o "$TEST_DIR/o/xap.o" &&
		target query && target highlight
}
ok 'the targets build' build
i=0
while read -r q; do
	i=$((i + 1))
	printf '%s%s' "$q" "$q" >"$TEST_DIR/corpus.query/$i"
done <<'QUERIES'
status:offen owner:anna
"Größe 42" -retoure OR (kunde:17 prio:>3)
created:2026-01..2026-03 due:<today 7d
in:comment wor* 305-1234567-1234567 <b>fett</b>
((((( -( OR : " ..  subject:"rück
QUERIES
# Asked in the first line, looked for in the rest.
while IFS='|' read -r asked text; do
	i=$((i + 1))
	printf '%s\n%s' "$asked" "$text" >"$TEST_DIR/corpus.highlight/$i"
done <<'TEXTS'
müller|Herr Mueller & Söhne <b>Müller</b>
"rote schuhe"|rote Hose, rote  Schuhe
305 123|Nr. 305-123, ja; 305.123
rechnungskorrektur|Die Rechnungs-Korrektur und die Rechnungskorrekturen
straße|STRASSE Straße strasse
東京|在東京都
TEXTS
for target in query highlight; do
	ok "$target for $seconds s" "$TEST_DIR/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -max_len=8192 \
		-artifact_prefix="$TEST_DIR/" "$TEST_DIR/corpus.$target"
	figure "$target: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$TEST_DIR/said") inputs tried in $seconds s"
done
done_testing
