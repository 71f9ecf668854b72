#!/usr/bin/env bash
# Hostile mails through docket ingest and work: each becomes a ticket or is parked (without a byte it is refused),
# none keeps another waiting, and the reader's child is all that may fall.
. "$TOP/tests/lib.sh"
"$DOCKET" account add Shop --address shop@docket.test </dev/null >/dev/null || exit 1
python3 "$TOP/tests/mail/horrors.py" "$TEST_DIR/horrors" 0.2

slow=
for f in "$TEST_DIR"/horrors/*; do
	name=${f##*/} began=${EPOCHREALTIME/./}
	"$DOCKET" ingest --account Shop <"$f" >"$TEST_DIR/out" 2>"$TEST_DIR/log"
	rc=$?
	[ -s "$f" ] || { is "$rc $(<"$TEST_DIR/out")" '65 ' "$name: no byte is no mail, who brought it is told"; continue; }
	ok "$name: $(<"$TEST_DIR/out")" grep -q '^ticket' "$TEST_DIR/out" || { tail -3 "$TEST_DIR/log"; continue; }
	took=$(((${EPOCHREALTIME/./} - began) / 1000))
	[ $took -lt 15000 ] || slow+=" $name ($took ms)"
done
is "$slow" '' 'none of them takes long, with the sanitizers on'
rows "select count(*) from inbound i left join message m on m.inbound_id = i.id where m.id is null and i.state <> 'parked'" 0 'each has its fate'
rows "select count(*) from message m join inbound i on i.id = m.inbound_id where m.body like '(Diese Mail ließ sich nicht lesen%'" 0 \
	'the child survived them all'
rows "select count(*) from file f join message m on m.id = f.message_id where m.subject = 'attachments'" 2000 'every attachment is there'

# A mail that the child does not survive.
printf 'Subject: =?utf-8?q?t=C3=B6dlich?=\r\nFrom: Eva <eva@example.org>\r\n\r\nx\r\n' >"$TEST_DIR/deadly"
DOCKET_CRASH=parse:1 "$DOCKET" ingest --account Shop <"$TEST_DIR/deadly" >"$TEST_DIR/out" 2>"$TEST_DIR/log"
read -r _ ticket _ message <"$TEST_DIR/out"
rows "select f.name, f.sha256 = '$(sha256sum "$TEST_DIR/deadly" | cut -c1-64)', m.body ~ 'signal 9', t.from_email from file f
	join message m on m.id = f.message_id join ticket t on t.id = m.ticket_id where m.id = ${message:-0}" 'mail.eml|t|t|eva@example.org' \
	'a mail that kills its reader: a ticket with the original attached'

# A child that dies under a living docket work.
start work "$DOCKET" work
child() { pgrep -P "${running[work]}" | head -1; }
queue() { # as poll would: bytes and row, nobody else ingests them
	local sha
	printf 'From: q@example.org\r\nSubject: %s\r\n\r\nx\r\n' "$1" >"$TEST_DIR/q"
	sha=$(sha256sum "$TEST_DIR/q" | cut -c1-64)
	mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}" && cp "$TEST_DIR/q" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
	sql "insert into inbound (account_id, sha256, size) values (1, '$sha', $(stat -c %s "$TEST_DIR/q"));
		select pg_notify('docket_work', '')" >/dev/null
}
queue eins
ok 'docket work wakes by the notice' wait_for "[ \$(psql -AtXqc \"select count(*) from message where subject = 'eins'\") = 1 ]" 3
pid=$(child)
kill -KILL "$pid"
queue zwei
ok 'after its child was killed it starts another' wait_for "[ \$(psql -AtXqc \"select count(*) from message where subject = 'zwei' and body like 'x%'\") = 1 ]"
ok 'the child is another one' test "$(child)" != "$pid"

# What the child may still do: its system calls are refused, it has no file open but its socket and the log.
ok 'no descriptor but its socket and the log' bash -c "[ \$(ls /proc/$(child)/fd | wc -l) -le 3 ]"
like "$(grep Seccomp: /proc/"$(child)"/status)" '2$' 'it runs under seccomp'
stop work

# Poison: an original whose bytes are gone waits for its disk; one that no unit can take is parked after three tries.
sql "alter table message add constraint test_poison check (subject is distinct from 'gift')"
start work "$DOCKET" work
queue gift
queue danach
ok 'the mail behind it is not kept waiting' wait_for "[ \$(psql -AtXqc \"select count(*) from message where subject = 'danach'\") = 1 ]"
ok 'parked after three tries' wait_for "[ \$(psql -AtXqc \"select count(*) from inbound where state = 'parked' and tries = 3 and reason ~ 'test_poison'\") = 1 ]"
sql "alter table message drop constraint test_poison; update inbound set state = 'new', tries = 0 where state = 'parked'; select pg_notify('docket_work', '')" >/dev/null
ok 'tried again by hand it becomes a ticket' wait_for "[ \$(psql -AtXqc \"select count(*) from message where subject = 'gift'\") = 1 ]"
stop work
done_testing
