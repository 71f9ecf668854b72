#!/usr/bin/env bash
# libFuzzer over what reads mail and attachments, with sanitizers: 3 seconds for each target, FUZZ_SECONDS (10) in `make fuzz`.
. "$TOP/tests/lib.sh"

[ "$SIZE" = full ] && seconds=${FUZZ_SECONDS:-10} || seconds=3
packages="gmime-3.0 jansson libsodium zlib"
flags="-std=gnu11 -g -O1 -D_GNU_SOURCE -I$TOP/src -I$TOP -I$TOP/tests/fuzz $(pkg-config --cflags $packages)"
mkdir -p "$TEST_DIR/o"
one() { clang-14 $flags -fsanitize=fuzzer-no-link,address,undefined -c "$1" -o "$TEST_DIR/o/${1//\//_}.o"; }
target() {
	clang-14 $flags -fsanitize=fuzzer,address,undefined "$TOP/tests/fuzz/$1.c" "$TEST_DIR"/o/*.o -o "$TEST_DIR/$1" \
		$(pkg-config --libs $packages)
}
export -f one target
export flags packages
build() {
	printf '%s\n' "$TOP"/src/base/*.c "$TOP"/src/mime/*.c "$TOP"/index/{kind,unzip,office,rtf}.c | xargs -P "$(nproc)" -I{} bash -c 'one {}' &&
		printf '%s\n' mime html quote header files | xargs -P "$(nproc)" -I{} bash -c 'target {}'
}
ok "the targets build" build
# For attachments the first byte names their reader.
ok 'attachments to begin with' python3 "$TOP/tests/find/files.py" "$TEST_DIR/attachments" small
mkdir -p "$TEST_DIR/corpus.files"
for f in "$TEST_DIR"/attachments/*; do
	for i in 0 1 2 3 4; do { printf "\\x0$i"; cat "$f"; } >"$TEST_DIR/corpus.files/$i.${f##*/}"; done
done
for target in mime html quote header files; do
	mkdir -p "$TEST_DIR/corpus.$target"
	for mail in "$TOP"/tests/mail/*.eml; do
		case $target in
		mime | header) cp "$mail" "$TEST_DIR/corpus.$target/" ;;
		html) jq -r '.body_html // empty' <"${mail%.eml}.json" >"$TEST_DIR/corpus.$target/$(basename "$mail")" ;;
		quote) jq -r '.body_text // empty' <"${mail%.eml}.json" >"$TEST_DIR/corpus.$target/$(basename "$mail")" ;;
		esac
	done
	ok "$target for $seconds s" "$TEST_DIR/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
		-max_len=65536 -artifact_prefix="$TEST_DIR/" "$TEST_DIR/corpus.$target"
	figure "$target: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$TEST_DIR/said") inputs tried in $seconds s"
done
done_testing
