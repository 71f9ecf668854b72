#!/usr/bin/env bash
# libFuzzer over the query language and the excerpts, as tests/fuzz/mime.t does it for mail.
. "$TOP/tests/lib.sh"

[ "$SIZE" = full ] && seconds=${FUZZ_SECONDS:-10} || seconds=3
san=-fsanitize=fuzzer-no-link,address,undefined
flags="-g -O1 -D_GNU_SOURCE -I$TOP/src -I$TOP -I$TOP/build -I$TOP/tests/fuzz $(pkg-config --cflags libsodium libpq jansson)"
mkdir -p "$TEST_DIR/o" "$TEST_DIR/corpus"
one() { clang-14 -std=gnu11 $flags $san -c "$1" -o "$TEST_DIR/o/${1//\//_}.o"; }
export -f one
export flags san
build() {
	printf '%s\n' "$TOP"/src/base/*.c "$TOP"/src/query/*.c "$TOP"/index/{fold,words,terms,highlight}.c |
		xargs -P 2 -I{} bash -c 'one {}' &&
		clang++-14 -std=c++17 $flags $san $(xapian-config --cxxflags) -c "$TOP/index/xap.cc" -o "$TEST_DIR/o/xap.o" &&
		one "$TOP/tests/fuzz/query.c" &&
		clang++-14 ${san/fuzzer-no-link/fuzzer} "$TEST_DIR"/o/*.o -o "$TEST_DIR/query" $(pkg-config --libs libsodium libpq jansson) $(xapian-config --libs)
}
ok 'the target builds' build
i=0
while read -r q; do
	i=$((i + 1))
	printf '%s%s' "$q" "$q" >"$TEST_DIR/corpus/$i"
done <<'QUERIES'
status:offen owner:anna
"Größe 42" -retoure OR (kunde:17 prio:>3)
created:2026-01..2026-03 due:<today 7d
in:comment wor* 305-1234567-1234567 <b>fett</b>
((((( -( OR : " ..  subject:"rück
QUERIES
ok "query for $seconds s" "$TEST_DIR/query" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -max_len=8192 \
	-artifact_prefix="$TEST_DIR/" "$TEST_DIR/corpus"
figure "query: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$TEST_DIR/said") inputs tried in $seconds s"
done_testing
