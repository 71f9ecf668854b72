#!/usr/bin/env bash
# The systemd units: valid, as tight as promised, and not tighter than what docket does.
. "$TOP/tests/lib.sh"
root=$TEST_DIR/root
ok "make install puts everything under DESTDIR" make -s -C "$TOP" install DESTDIR="$root"
for f in usr/sbin/docket usr/share/docket/sql/migrate/0001-begin.sql usr/share/docket/sql/roles.sql etc/docket/docket.conf \
	etc/nginx/snippets/docket.conf usr/lib/sysusers.d/docket.conf usr/lib/tmpfiles.d/docket.conf; do
	ok "there is /$f" test -f "$root/$f"
done
ok "and the program runs from there" "$root/usr/sbin/docket" --version
units=$root/usr/lib/systemd/system

# Units of the system that ours name; verify wants to see them.
for other in sysinit.target basic.target shutdown.target sockets.target timers.target multi-user.target network-online.target \
	postgresql.service; do
	printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' $other >"$units/$other"
	[[ $other != *.service ]] || printf '[Service]\nExecStart=/usr/sbin/docket\n' >>"$units/$other"
done
install -D /bin/true "$root/bin/kill"
said=$(systemd-analyze verify --man=no --root="$root" "$units"/docket* 2>&1 | grep -i docket)
is "$said" "" "systemd-analyze verify has nothing to say"
for file in "$units"/docket-*.service; do
	name=${file##*/}
	grade=$(systemd-analyze security --offline=true "$file" 2>&1 | sed -n 's/.*service: \([0-9.]*\).*/\1/p')
	case $name in docket-poll* | docket-send* | docket-pictures*) most=1.5 ;; *) most=0.6 ;; esac
	ok "exposure of $name is at most $most" awk -v g="${grade:-99}" -v m=$most 'BEGIN { print g; exit !(g <= m) }'
	figure "exposure of $name: $grade"
done
ok "sysusers reads its file" systemd-sysusers --root="$root" --dry-run "$root/usr/lib/sysusers.d/docket.conf"

# System calls that docket makes, against the filter that every unit has.
filter() { systemd-analyze syscall-filter "$1" | sed '1d; s/#.*//; s/ //g; /^$/d'; }
members() { # SET: its calls, sets inside it resolved
	local word
	for word in $(filter "$1"); do
		case $word in @*) members "$word" ;; *) echo "$word" ;; esac
	done
}
members @system-service | sort -u >"$TEST_DIR/may"
for set in @privileged @resources @mount @debug @cpu-emulation @obsolete; do members $set; done | sort -u >"$TEST_DIR/not"
comm -23 "$TEST_DIR/may" "$TEST_DIR/not" >"$TEST_DIR/allowed"
is "$(grep -c '^SystemCallFilter=' "$units"/docket-*.service | grep -vcE ':2$|docket-index.service:3$')" 0 "every unit has this filter"
sed -n 's/^SystemCallFilter=\([a-z].*\)/\1/p' "$units/docket-index.service" | tr ' ' '\n' >"$TEST_DIR/index.more"

release=$TOP/build/rel/docket
trace() { strace -D -f -qq -e signal=none -o "$TEST_DIR/$1.strace" "${@:2}"; }
traced() { # NAME COMMAND...: what it and its children called
	local name=$1
	sed -E 's/^[0-9]+ +//; s/\(.*//; s/^<.*//' "$TEST_DIR/$name.strace" | grep -E '^[a-z_0-9]+$' | sort -u >"$TEST_DIR/$name.calls"
	is "$(comm -23 "$TEST_DIR/$name.calls" <(cat "$TEST_DIR/allowed" "$TEST_DIR/$name.more" 2>/dev/null | sort -u) | tr '\n' ' ')" "" "$name calls nothing that its unit forbids"
	is "$(grep -cE '(chmod|mkdir|open|mknod)[a-z0-9]*\(.*(S_ISGID|[ |]0[2367][0-7]{3}[,)])' "$TEST_DIR/$name.strace")" 0 \
		"$name asks for no setgid bit (RestrictSUIDSGID)"
	is "$(grep -cE 'socket\(AF_INET' "$TEST_DIR/$name.strace")" 0 "$name opens no internet socket"
}
printf 'From: Eva <eva@post.example>\r\nTo: service@docket.test\r\nSubject: Hallo\r\nMessage-ID: <1@post.example>\r\n\r\nGuten Tag\r\n' >"$TEST_DIR/mail"
if [[ $("$release" --help) == *" ingest"* ]]; then
	trace ingest "$release" ingest <"$TEST_DIR/mail" >"$TEST_DIR/ingest.out" 2>&1
	traced ingest
fi
# What is read of a file starts a program of others.
sha=$(printf '%%PDF-1.4\n' | sha256sum | cut -d' ' -f1)
mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && printf '%%PDF-1.4\n' >"$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
psql -qXc "insert into file_text (sha256, name, type) values ('$sha', 'x.pdf', 'application/pdf')"
for name in serve live work index; do
	"$release" $name --help >/dev/null 2>&1 || continue
	start $name trace $name "$release" $name
	wait_for "[ \"\$(psql -AtXqc \"select count(*) > 0 from pg_stat_activity where datname = '$TEST_DB' and query <> '' and pid <> pg_backend_pid()\")\" = t ]"
	[ $name != index ] || wait_for '[ "$(psql -AtXqc "select count(*) from file_text where state = '"'waiting'"'")" = 0 ]' 20
	[ $name != serve ] || wait_for '[ -S "$TEST_DIR/serve.sock" ]'
	stop $name
	wait_for "[ -s '$TEST_DIR/$name.strace' ] && ! pgrep -f '$TEST_DIR/$name.strace'"
	traced $name
done
done_testing
