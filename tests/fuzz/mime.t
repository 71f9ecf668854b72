#!/usr/bin/env bash
# libFuzzer over what reads mail and attachments, with sanitizers: mail, HTML, quotes and headers FUZZ_SECONDS (10) long each,
# the smaller readers three in make test; two side by side, in the time that other suites leave.
. "$TOP/tests/lib.sh"

seconds=${FUZZ_SECONDS:-10}
targets="mime html quote header tnef trust files"
packages="gmime-3.0 jansson libsodium zlib"
flags="-std=gnu11 -g -O1 -D_GNU_SOURCE -I$TOP/src -I$TOP -I$TOP/tests/fuzz $(pkg-config --cflags $packages)"
mkdir -p "$TEST_DIR/o"
one() { clang-14 $flags -fsanitize=fuzzer-no-link,address,undefined -c "$1" -o "$TEST_DIR/o/${1//\//_}.o"; }
target() {
	clang-14 $flags -fsanitize=fuzzer,address,undefined "$TOP/tests/fuzz/$1.c" "$TEST_DIR"/o/*.o -o "$TEST_DIR/$1" \
		$(pkg-config --libs $packages)
}
long_for() { [ "$SIZE" = full ] || [[ $1 =~ ^(mime|html|quote|header)$ ]] && echo "$seconds" || echo 3; }
run() {
	nice -n 10 "$TEST_DIR/$1" -max_total_time="$(long_for "$1")" -timeout=10 -rss_limit_mb=1024 -max_len=65536 \
		-artifact_prefix="$TEST_DIR/$1-" "$TEST_DIR/corpus.$1" >"$TEST_DIR/$1.said" 2>&1
	echo $? >"$TEST_DIR/$1.rc"
}
export -f one target run long_for
export flags packages seconds
build() {
	printf '%s\n' "$TOP"/src/base/*.c "$TOP"/src/mime/*.c "$TOP"/index/{kind,unzip,office,rtf}.c | xargs -P "$(nproc)" -I{} bash -c 'one {}' &&
		printf '%s\n' $targets | xargs -P "$(nproc)" -I{} bash -c 'target {}'
}
ok "the targets build" build
for t in $targets; do mkdir -p "$TEST_DIR/corpus.$t"; done
# For attachments the first byte names their reader.
ok 'attachments to begin with' python3 "$TOP/tests/find/files.py" "$TEST_DIR/attachments" small
for f in "$TEST_DIR"/attachments/*; do
	for i in 0 1 2 3 4; do { printf "\\x0$i"; cat "$f"; } >"$TEST_DIR/corpus.files/$i.${f##*/}"; done
done
for mail in "$TOP"/tests/mail/*.eml; do
	name=$(basename "$mail" .eml)
	cp "$mail" "$TEST_DIR/corpus.mime/" && cp "$mail" "$TEST_DIR/corpus.header/"
	jq -j '.body_html // empty' <"${mail%.eml}.json" >"$TEST_DIR/corpus.html/$name"
	jq -j '.body_text // empty' <"${mail%.eml}.json" >"$TEST_DIR/corpus.quote/$name"
done
node --input-type=module -e 'const [dir, top] = process.argv.slice(1), { writeFileSync } = await import("node:fs");
	(await import(`${top}/tests/walls/newsletters.mjs`)).newsletters.forEach(([, html], n) => writeFileSync(`${dir}/newsletter.${n}`, html))' "$TEST_DIR/corpus.html" "$TOP"
cp "$TOP"/tests/mail/quotes/* "$TEST_DIR/corpus.quote/"
python3 - "$TOP/tests/mail" "$TEST_DIR" <<'SEEDS'
import sys
sys.path.insert(0, sys.argv[1])
from tnef import compressed, winmail, wrapped
rtf = compressed(wrapped("<p>Größe <b>42</b> &amp; mehr</p>"))
for i, seed in enumerate((winmail(text="Text", html=b"<p>x</p>", rtf=rtf, files=[("a.png", b"x", "c@d")]), rtf, wrapped("<p>x</p>"))):
    open(f"{sys.argv[2]}/corpus.tnef/{i}", "wb").write(seed)
open(f"{sys.argv[2]}/corpus.trust/0", "w").write('mx.own.example 1; dmarc=pass (p=none) header.from=shop.example; dkim=pass header.d="shop.example"')
open(f"{sys.argv[2]}/corpus.trust/1", "w").write("i=1; a=rsa; d=list.example; cv=none; xn--pypal-4ve.example")
SEEDS
printf '%s\n' $targets | xargs -P 2 -I{} bash -c 'run {}'
for t in $targets; do
	ok "$t for $(long_for $t) s" bash -c "tail -30 '$TEST_DIR/$t.said'; exit \$(cat '$TEST_DIR/$t.rc')" || {
		for found in "$TEST_DIR/$t"-*; do
			[ ! -f "$found" ] || [ "$(stat -c %s "$found")" -gt 3000 ] || diag "$(base64 -w0 "$found")"
		done
	}
	figure "$t: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$TEST_DIR/$t.said") inputs tried in $(long_for $t) s"
done
done_testing
