#!/usr/bin/env bash
# IMAP and POP3 against Dovecot: list, fetch, move, delete, mark; what is gone; a line that breaks; memory; kills.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
trap 'servers_stop; stop_all' EXIT

dovecot_start "$TEST_DIR/dovecot" || { echo "Bail out! no Dovecot"; exit 1; }
probe() { timeout 60 "$TOP/build/tests/channel/wire_probe" -c "$TEST_DIR/dovecot/ca/ca.pem" -w secret -h localhost -t 5 "$@"; }
# box USER ACTION...: in INBOX; at USER ...: with the folder first.
at() { local u=$1; shift; probe -p "$DOVECOT_IMAPS" -u "$u" imap "$@"; }
box() { local u=$1; shift; at "$u" INBOX "$@"; }
pop() { local u=$1; shift; probe -p "$DOVECOT_POP3S" -u "$u" pop3 "$@"; }
uids() { awk 'NR > 1 { printf "%s%s", s, $1; s = " " }'; }
# give USER N: N small mails.
give() {
	local k files=()
	for ((k = 1; k <= $2; k++)); do
		printf 'From: a@docket.test\r\nSubject: mail %d\r\n\r\nline\r\n.dot\r\n..\r\n' $k >"$TEST_DIR/m$k"
		files+=("$TEST_DIR/m$k")
	done
	lmtp_put "$DOVECOT_LMTP" "$1" "${files[@]}"
}
stored() { find "$TEST_DIR/dovecot/mail/$1/" -path "*/$2/*" -name '*,S=*' 2>/dev/null | wc -l; }

# --- list ---
is "$(box none list 0 10 | uids)" "" "an empty folder"
give a 7
is "$(box a list 0 100 | uids)" "1 2 3 4 5 6 7" "all mails, ascending"
is "$(box a list 0 3 | uids)" "1 2 3" "at most three: the lowest"
is "$(box a list 5 100 | uids)" "6 7" "those above a UID"
is "$(box a list 7 100 | uids)" "" "nothing above the last, though last+1:* would name it"
is "$(box a list 4000000000 100 | uids)" "" "nor far above"
for u in 2 3 6; do box a delete $u; done
is "$(box a list 0 100 | uids)" "1 4 5 7" "deleted ones are gone"
is "$(box a list 1 2 | uids)" "4 5" "from the middle of a folder with gaps"
is "$(at a Nowhere list 0 1 | cut -d: -f1)" "error refused" "a folder that is not there"

# --- fetch ---
file=$(find "$TEST_DIR/dovecot/mail/a/" -name '*,S=*' | sort -V | head -1)
box a fetch 1 >"$TEST_DIR/got"
ok "a mail comes byte for byte" cmp "$TEST_DIR/got" <(sed 's/\r*$/\r/' "$file")
box a fetch 1 header >"$TEST_DIR/got"
ok "its header alone" cmp "$TEST_DIR/got" <(sed 's/\r*$/\r/; /^\r$/q' "$file")
is "$(box a fetch 2)" gone "a mail that is gone"
[ "$(find "$TEST_DIR/dovecot/mail/a/" -name '*:2,*S*' | wc -l)" = 0 ]
ok "fetching marks nothing as read"
box a seen 1
[ "$(find "$TEST_DIR/dovecot/mail/a/" -name '*:2,S' | wc -l)" = 1 ]
ok "marking as read does"

# --- move, with MOVE, with COPY and UIDPLUS, with neither ---
done_folder='docket/Erledigt & Ümläute/日本 😀'
ways() {
	local user=$1 left=$2
	give "$user" 3
	box "$user" move 1 "$done_folder"
	ok "$user: move into a folder that did not exist"
	is "$(at "$user" "$done_folder" list 0 10 | uids)" 1 "$user: it is there, named in UTF-8"
	box "$user" move 1 "$done_folder" && box "$user" delete 1
	ok "$user: moving and deleting what is gone succeeds"
	is "$(at "$user" "$done_folder" list 0 10 | uids)" 1 "$user: and doubles nothing"
	box "$user" delete 2
	is "$(box "$user" list 0 10 | uids)" "$left" "$user: what is left"
}
ways move 3
[ -d "$TEST_DIR/dovecot/mail/move/.docket.Erledigt &- &ANw-ml&AOQ-ute.&ZeVnLA- &2D3eAA-" ]
ok "the name on the server is modified UTF-7 with its own separator" || diag "$(ls -A "$TEST_DIR/dovecot/mail/move")"
servers_stop
DOVECOT_MORE="imap_capability = IMAP4rev1 UIDPLUS" dovecot_start "$TEST_DIR/dovecot"
ways copy 3
servers_stop
DOVECOT_MORE="imap_capability = IMAP4rev1" dovecot_start "$TEST_DIR/dovecot"
ways mark "1 2 3"
is "$(find "$TEST_DIR/dovecot/mail/mark/" -name '*:2,*T*' | wc -l)" 2 "mark: without UIDPLUS they stay, marked as deleted"
servers_stop
dovecot_start "$TEST_DIR/dovecot"

# --- kills at the steps that change the mailbox ---
give kill 3
DOCKET_CRASH=imap:1 box kill move 1 Done >"$TEST_DIR/said" 2>&1
is "$(box kill list 0 9 | uids)" "1 2 3" "killed before the move: nothing moved"
for step in 2 3 4 5; do DOCKET_CRASH=imap:$step box kill move 1 Done >>"$TEST_DIR/said" 2>&1; done
is "$(box kill list 0 9 | uids)/$(stored kill .Done)" "2 3/1" "killed after it and tried again: moved once"
DOCKET_CRASH=imap:3 box kill delete 2 >"$TEST_DIR/said" 2>&1
box kill delete 2
is "$(box kill list 0 9 | uids)" 3 "killed between mark and expunge, tried again: deleted"

# --- a mail of 30 MB in little memory ---
python3 - >"$TEST_DIR/big" <<-'PY'
print("Subject: big\r\n\r", *[("%07d" % k) * 10 + "\r" for k in range(420000)], sep="\n")
PY
lmtp_put "$DOVECOT_LMTP" big "$TEST_DIR/m1" "$TEST_DIR/big"
export ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=1
small=$(probe -m -p "$DOVECOT_IMAPS" -u big imap INBOX fetch 1 2>&1 >/dev/null)
large=$(probe -m -p "$DOVECOT_IMAPS" -u big imap INBOX fetch 2 2>&1 >"$TEST_DIR/got")
ok "30 MB by IMAP arrive whole" cmp <(tail -c 29000000 "$TEST_DIR/got") <(tail -c 29000000 "$TEST_DIR/big")
figure "IMAP, a mail of $(($(stat -c %s "$TEST_DIR/got") >> 20)) MB: $((large - small)) kB more memory than a small one"
[ $((large - small)) -lt 5120 ]
ok "in less than 5 MB"
small=$(probe -m -p "$DOVECOT_POP3S" -u big pop3 fetch 1 2>&1 >/dev/null)
large=$(probe -m -p "$DOVECOT_POP3S" -u big pop3 fetch 2 2>&1 >"$TEST_DIR/got")
ok "30 MB by POP3 arrive whole" cmp <(tail -c 29000000 "$TEST_DIR/got") <(tail -c 29000000 "$TEST_DIR/big")
[ $((large - small)) -lt 5120 ]
ok "in less than 5 MB" || diag "$small $large"

# --- POP3 ---
is "$(pop none list)" "" "an empty maildrop"
give p 3
is "$(pop p list | awk '{ print $1, ($2 > 100), (length($3) > 8) }' | paste -sd,)" "1 1 1,2 1 1,3 1 1" "number, size, unique id"
first=$(pop p list | awk 'NR == 1 { print $3 }')
printf 'Subject: nul\r\n\r\na\0b\r\n.\r\n.x\r\n\r\n' | tee "$TEST_DIR/nul" >"$TEST_DIR/dovecot/mail/p/new/1.nul.here"
pop p fetch 4 >"$TEST_DIR/got"
ok "NUL bytes and dots come byte for byte" cmp "$TEST_DIR/got" "$TEST_DIR/nul"
pop p drop 1
is "$(pop p list | wc -l)" 4 "a connection dropped before QUIT deletes nothing"
pop p delete 1
is "$(pop p list | grep -c "$first"), $(pop p list | wc -l)" "0, 3" "QUIT deletes"
DOCKET_CRASH=imap:3 pop p delete 1 >"$TEST_DIR/said" 2>&1
is "$(pop p list | wc -l)" 3 "killed before QUIT: still there"
is "$(pop p fetch 99 | cut -d: -f1)" "error refused" "a mail that is gone"
is "$(probe -p "$DOVECOT_POP3S" -u p -w wrong pop3 list | cut -d: -f1)" "error login" "POP3: a wrong password"
is "$(probe -p "$DOVECOT_IMAPS" -u p -w wrong imap INBOX list 0 1 | cut -d: -f1)" "error login" "IMAP: a wrong password"
is "$(probe -p "$DOVECOT_IMAPS" -h nowhere.invalid -u p imap INBOX list 0 1 | cut -d: -f1)" "error name" "no such host"
is "$(probe -p 1 -u p imap INBOX list 0 1 | cut -d: -f1)" "error connect" "nobody listens"

# --- the line breaks after any number of bytes ---
printf 'Subject: cut\r\n\r\n%s\r\n' "$(head -c 3000 /dev/zero | tr '\0' x | fold -w 70)" >"$TEST_DIR/m"
lmtp_put "$DOVECOT_LMTP" cut "$TEST_DIR/m"
whole=$(box cut fetch 1 | md5sum)
bad=0 cuts=0
for p in imap pop3; do
	eval "server=\$DOVECOT_${p^^}"
	echo 1000000 >"$TEST_DIR/limit"
	start "cut_$p" python3 "$TOP/tests/channel/cut.py" "$server" "$TEST_DIR/limit"
	wait_for "[ -s '$TEST_DIR/cut_$p.log' ]"
	line() { probe -a -s plain -p "$(cat "$TEST_DIR/cut_$p.log")" -u cut $p $([ $p = imap ] && echo INBOX) fetch 1; }
	is "$(line | md5sum)" "$whole" "$p: the line as such is fine"
	for ((n = 0; n < 4000; n += 173)); do
		echo $n >"$TEST_DIR/limit"
		line >"$TEST_DIR/got" 2>"$TEST_DIR/err"
		rc=$?
		cuts=$((cuts + 1))
		# Whatever came, it must not be taken for the whole mail unless it is.
		{ [ $rc = 1 ] && tail -1 "$TEST_DIR/got" | grep -qaE 'error (gone|timeout|protocol|refused|tls|login): '; } ||
			{ [ $rc = 0 ] && [ "$(md5sum <"$TEST_DIR/got")" = "$whole" ]; } ||
			{ bad=$((bad + 1)); diag "$p after $n bytes: exit $rc, $(tail -c 200 "$TEST_DIR/got" | tr -d '\0')"; }
	done
done
is "$bad of $cuts" "0 of $cuts" "a broken line is never taken for the end of a mail"
done_testing
