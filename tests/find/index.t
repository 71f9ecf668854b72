#!/usr/bin/env bash
# The index follows the database: as it is written, after kills, while it is built anew, after damage; check names
# what differs.
. "$TOP/tests/lib.sh"

add_agent anna 'Anna Berg' Administrator
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -v n=100 -f "$TOP/tests/find/world.sql"
write() { # WORD: one message more
	psql -qXAtc "insert into message (ticket_id, kind, author, body, source)
		values (1001, 'message', 'Karl', '$1', 'mail'); update ticket set last_message_id =
		(select max(id) from message where ticket_id = 1001) where id = 1001"
}
found() { # WORD: how many hits
	call anna GET "/search?q=$1"
	jq '.hits | length' <<<"$body"
}
same() { "$DOCKET" index --check; }

call anna GET '/search?q=w0'
status 503 'without an index search says so'
call - GET /readyz
json '.index == "missing"'
call anna GET '/search?q=is:open'
status 200 'and facts are found all the same'

start index "$DOCKET" index
ok 'it is built from nothing' wait_for '[ "$(found w0)" = 30 ] && same'
ready() { call - GET /readyz; [ "$(jq -r .index <<<"$body")" = "$1" ]; }
ok 'and ready says so' wait_for 'ready ok' 5
write frischling
ok 'a new message is found' wait_for '[ "$(found frischling)" = 1 ]' 5
psql -qXc "update ticket set subject = 'Umbenannt Wackelkontakt' where id = 1001"
ok 'a changed subject too' wait_for '[ "$(found subject:wackelkontakt)" = 1 ] && same' 5
"$DOCKET" index --once >/dev/null 2>&1
is $? 75 'a second writer is refused'

# Built anew while messages come in; the old index answers until the new one does.
before=$(readlink "$TEST_DIR/index/current")
start reindex "$DOCKET" reindex
for i in 1 2 3 4 5; do write "waehrenddessen$i"; done
ok 'the new index is switched to' wait_for '[ "$(readlink "$TEST_DIR/index/current")" != "$before" ]' 60
write danach
ok 'what came before and after is in it' wait_for '[ "$(found danach)$(found waehrenddessen1)$(found waehrenddessen5)" = 111 ] && same' 10
stop reindex
ok 'the old one is gone' wait_for '[ "$(ls "$TEST_DIR/index" | wc -l)" = 2 ]' 10

# Compounds are split by the nouns of the shop's own messages, learnt when an index is begun.
for i in 1 2 3; do write "Wir haben viele Zirbelkissen und die Zirbel ist schoen"; done
write 'Das Zirbelbett knarrt'
ok 'a noun that is new is learnt later' wait_for '[ "$(found Zirbelbett)" = 1 ] && same'
is "$(found zirbel%20knarrt)" 0 'until then its compounds are whole'
"$DOCKET" reindex >/dev/null
cp "$TEST_DIR/index/current/words" "$TEST_DIR/words"
is "$(found zirbel%20knarrt)" 1 'a new index has learnt it'
ok 'its check reads by the same words' wait_for same
"$DOCKET" reindex >/dev/null
ok 'the same messages give the same words' cmp "$TEST_DIR/words" "$TEST_DIR/index/current/words"

# Killed anywhere, it catches up.
stop index
kills=0
for at in 1 2 3 5 8 13 21 34 40 41 42 43; do
	psql -qXc "update ticket set subject = 'Fassung $at' where id <= 1015"
	DOCKET_CRASH=xapian:$at "$DOCKET" index --once >/dev/null 2>&1
	[ $? = 137 ] && kills=$((kills + 1))
done
is "$((kills >= 8))" 1 "killed in the middle ($kills of 12 times)"
"$DOCKET" index --once
ok 'index = database after one catch-up' same
rows 'select count(*) from index_queue' 0

# What differs has a name.
m=($(psql -qXAtc 'select id from message order by id desc limit 3'))
psql -qXc "alter table message disable trigger user;
	update message set body = 'heimlich anders' where id = ${m[0]}; delete from file where message_id = ${m[1]};
	delete from message where id = ${m[1]};
	insert into message (id, ticket_id, kind, body, source) values (12345, 1002, 'message', 'heimlich neu', 'mail');
	alter table message enable trigger user"
"$DOCKET" index --check >"$TEST_DIR/differs"
is $? 65 'differences are an error'
is "$(sort "$TEST_DIR/differs")" "$(printf '%s\n' '3 differences' "extra: message ${m[1]}" 'missing: message 12345' "stale: message ${m[0]}")" \
	'one altered, one extra, one missing'

# What fills is said to; a message that waits is told in seconds.
rm -rf "$TEST_DIR"/index/*
DOCKET_CRASH=xapian:30 "$DOCKET" index --once >/dev/null 2>&1
ok 'half of an index is rebuilding' ready rebuilding
"$DOCKET" index --once
ok 'until all is in it' ready ok
write verspaetet
psql -qXc "update index_queue set at = now() - interval '90 s'; insert into index_node (name) values ('another');
	insert into index_queue (node_id, message_id, at) select id, 1, now() - interval '1 day' from index_node where name = 'another'"
call - GET /readyz
json '.index_lag >= 90 and .index_lag < 200' 'it is 90 s behind, whatever another node is'
psql -qXc "delete from index_node where name = 'another'"

# A power cut takes what was committed and not synced, and its queue rows are gone. Another boot's mark is how it shows.
"$DOCKET" reindex >/dev/null
mark() { echo "$TEST_DIR/index/current/unsynced"; }
ok 'an index at rest is on the disk' test ! -e "$(mark)"
cp -a "$TEST_DIR/index/current/." "$TEST_DIR/before"
start index "$DOCKET" index
write stromausfall
ok 'one that is written' wait_for '[ "$(found stromausfall)" = 1 ]'
is "$(cat "$(mark)")" "$(cat /proc/sys/kernel/random/boot_id)" 'says in which boot'
ok 'until it rests' wait_for '[ ! -e "$(mark)" ]' 15
write nochmal
ok 'and again' wait_for '[ "$(found nochmal)" = 1 ] && [ -e "$(mark)" ] && [ "$(psql -qXAtc "select count(*) from index_queue")" = 0 ]'
stop index KILL
was=$(readlink "$TEST_DIR/index/current")
"$DOCKET" index --once
is "$(readlink "$TEST_DIR/index/current")" "$was" 'killed in the same boot it goes on'
ok 'and is synced at its end' test ! -e "$(mark)"
cp -a "$TEST_DIR/before/." "$TEST_DIR/index/current"
echo another-boot >"$(mark)"
"$DOCKET" index --check >"$TEST_DIR/differs"
is "$(tail -1 "$TEST_DIR/differs") $(psql -qXAtc 'select count(*) from index_queue')" '2 differences 0' 'two documents and their queue rows are gone'
start index "$DOCKET" index
ok 'after another boot they are back' wait_for 'same && [ "$(found nochmal)$(found stromausfall)" = 11 ]' 30
stop index

# Damage is seen and mended without a hand.
for f in "$TEST_DIR"/index/current/iamglass; do printf 'nonsense nonsense' | dd of="$f" conv=notrunc status=none; done
call anna GET '/search?q=w0'
status 503 'a damaged index is not searched'
start index "$DOCKET" index
ok 'it is built again by itself' wait_for 'same' 30
is "$(found heimlich)" 2 'and complete'
stop index
done_testing
