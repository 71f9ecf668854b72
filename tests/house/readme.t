#!/usr/bin/env bash
# What the READMEs say exists: commands, targets, links, options of docket.
. "$TOP/tests/lib.sh"
cd "$TOP" || exit 1
readmes=(README.md */README.md src/*/README.md tests/*/README.md)
for f in "${readmes[@]}"; do
	[ -f "$f" ] || continue
	while read -r link; do
		[ -e "$(dirname "$f")/$link" ] || diag "$f links to $link"
		[ -e "$(dirname "$f")/$link" ]
		ok "$f: $link exists"
	done < <(grep -oE '\]\([^)#:]+\)' "$f" | sed 's/^](//; s/)$//' | sort -u)
done
for dir in src index sql web nginx systemd tests src/*/; do
	[ "${dir%/}" = src/cmd ] || ok "${dir%/} has a README" test -f "$dir/README.md"
done
while read -r target; do
	ok "make knows '$target'" grep -qE "^([a-z -]* )?$target( [a-z -]*)?:" Makefile
done < <(grep -ohE '\bmake (run|test|load|fuzz|lint|deps|install|clean)\b' "${readmes[@]}" | cut -d' ' -f2 | sort -u)
known=" $("$DOCKET" --help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | tr '\n' ' ')"
while read -r verb; do
	[[ $known == *" $verb "* ]]
	ok "docket knows '$verb'"
done < <(grep -ohE '^ +(\./)?docket [a-z]+' README.md | awk '{ print $2 }' | sort -u)
for option in "account --imap" "account --after" "account --smtp" "account test" "user --admin" "user --name" "key init"; do
	like "$("$DOCKET" ${option% *} --help)" "${option#* }" "docket $option"
done
while read -r unit; do
	ok "$unit exists" test -f "systemd/$unit"
done < <(grep -ohE 'docket-?[a-z]*\.(target|service|socket|timer)' README.md systemd/README.md | sort -u)
done_testing
