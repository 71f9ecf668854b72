#!/usr/bin/env bash
# Mails a second from a full mailbox to tickets: poll's store (IMAP, blobs and rows durable, then deleted there),
# docket work, and both at once. PostgreSQL with fsync on. Figures; only a lost mail fails.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/lib/pg.sh"
trap 'stop_all; servers_stop; pg_stop "$TEST_DIR/data" immediate' EXIT
[ "$SIZE" = full ] && mails=5000 || mails=300

export PGHOST=$TEST_DIR/pg PGDATABASE=docket DOCKET_CONFIG=$TEST_DIR/fsync.conf
mkdir -p "$PGHOST"
sed "s#^database.*#database = host=$PGHOST dbname=docket#; s#^\(secret\|reply_key\) = .*/#\1 = $PGHOST/#" "$TEST_DIR/docket.conf" >"$DOCKET_CONFIG"
pg_make "$TEST_DIR/data" && pg_start "$TEST_DIR/data" "$PGHOST" fsync && pg_migrate "$PGHOST" docket "$DOCKET_CONFIG" || exit 1
dovecot_start "$TEST_DIR/mail" || exit 1
echo "mail_ca = $TEST_DIR/mail/ca/ca.pem" >>"$DOCKET_CONFIG"
echo secret | "$DOCKET" account add load --address load@docket.test --imap "localhost:$DOVECOT_IMAPS" --after delete >/dev/null

fill() { # SEED: so many mails of 4 kB into the mailbox
	python3 - "$TEST_DIR/mail/mail/load@docket.test" "$mails" "$1" <<-'PY'
	import os, random, sys
	root, n, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
	random.seed(seed)
	for part in ("cur", "new", "tmp"): os.makedirs(os.path.join(root, part), exist_ok=True)
	words = "Guten Tag die Lampe kam heute leider kaputt an bitte um Ersatz danke mit freundlichen Grüßen".split()
	for i in range(n):
	    text = "\r\n".join(" ".join(random.choices(words, k=12)) for _ in range(50))
	    with open(os.path.join(root, "new", f"17950000{seed}.M{i}P1.test"), "w", newline="") as f:
	        f.write(f"From: Kunde {i % 997} <k{i % 997}@example.org>\r\nTo: load@docket.test\r\nSubject: Lampe {i}\r\n"
	                f"Message-ID: <l{seed}.{i}@example.org>\r\nMIME-Version: 1.0\r\n"
	                f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")
	PY
}
now() { echo "${EPOCHREALTIME/./}"; }
rate() { echo $((mails * 1000000 / ($(now) - $1))); }

fill 1
t=$(now)
ok 'the mailbox is stored' "$DOCKET" poll --account load
store=$(rate "$t") t=$(now)
ok 'and becomes tickets' "$DOCKET" work --once
work=$(rate "$t")
fill 2
start work "$DOCKET" work
t=$(now)
ok 'both at once' "$DOCKET" poll --account load
wait_for "[ \$(psql -AtXqc 'select count(*) from message') = $((2 * mails)) ]" 600
both=$(rate "$t")
stop work
rows "select count(*), count(distinct message_id) from inbound where state = 'done'" "$((2 * mails))|$((2 * mails))" 'each mail once'
figure "$mails mails of 4 kB, fsync on: stored $store/s, made tickets $work/s, both at once $both/s"
done_testing
