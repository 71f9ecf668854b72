#!/usr/bin/env bash
# The text in attachments: read by docket index in a child that has no network and sees no file of docket's, found like
# any other; what hangs, explodes or is broken costs its own file only.
. "$TOP/tests/lib.sh"
printf 'file_seconds = 2\n' >>"$DOCKET_CONFIG"
add_agent anna 'Anna Berg' Administrator
ok 'a shop' psql -qX -v ON_ERROR_STOP=1 -v n=3 -f "$TOP/tests/find/world.sql"
ok 'files of every kind' python3 "$TOP/tests/find/files.py" "$TEST_DIR/files"

# attach FILE TYPE: a message of its own has it
attach() { # FILE TYPE [TICKET]
	local sha dir
	sha=$(sha256sum "$TEST_DIR/files/$1" | cut -d' ' -f1)
	dir=$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}
	mkdir -p "$dir" && cp "$TEST_DIR/files/$1" "$dir/$sha"
	sql "with m as (insert into message (ticket_id, kind, author, body, source) values (${3:-1001}, 'message', 'Karl', 'anbei', 'mail') returning id)
		insert into file (message_id, name, type, size, sha256) select id, '$1', '$2', 1, '$sha' from m"
}
found() { # QUERY: how many hits
	call anna GET "/search?q=$1"
	jq '.hits | length' <<<"$body"
}
state() { sql "select state || coalesce(' ' || reason, '') from file_text where name = '$1'"; }
left() { sql "select count(*) from file_text where state = 'waiting'"; }

for f in angebot.pdf brief.docx liste.xlsx text.odt notiz.rtf alt.doc bilder.zip kaputt.docx nichts.bin kaputt.pdf bombe.docx langsam.pdf; do
	attach $f application/octet-stream
done
for f in notiz.txt leer.txt --help; do attach $f text/plain; done
attach seite.html text/html
attach windows.csv text/csv
attach weiter.eml message/rfc822
sql "insert into file (message_id, name, type, size, sha256) select max(id), 'weg.txt', 'text/plain', 1, repeat('ab', 32) from message"

"$DOCKET" index --once 2>"$TEST_DIR/index.log"
ok 'the index is built, files read' test $? = 0
rows "select count(*) from file_text where state = 'waiting'" 0 'none waits'
for kind in pdf docx xlsx odt rtf doc html txt csv eml zip; do
	is "$(found "${kind}wortmaschine")" 1 "what stands in $kind is found"
done
is "$(found 771-4455)$(found 7714455)$(found 8877665)$(found innenwortmaschine)$(found hilfewortmaschine)" 11111 'numbers of pdf and sheet, what was forwarded, whatever its name'
is "$(found unsichtbarwort)$(found fontwort)$(found stilwort)" 000 'nothing that nobody sees'
is "$(state kaputt.pdf), $(state nichts.bin), $(state leer.txt), $(state weg.txt)" 'failed damaged, none, none, failed missing' 'why there is no text'
is "$(state langsam.pdf)" 'failed slow' 'what computes for ever is ended'
ok 'an archive that unfolds to 300 MB is read as far as it may' test "$(sql "select coalesce(length(text), 0) from file_text where name = 'bombe.docx'")" -le 1048576
rows "select count(*) from file_text where state = 'failed' and name not in ('kaputt.pdf', 'langsam.pdf', 'weg.txt', 'bombe.docx', 'kaputt.docx')" 0 'and no other failed'
ok 'index = database' "$DOCKET" index --check

# A running indexer takes what comes; the same content is read once. Files come last: on a busy machine they take their time.
start index "$DOCKET" index
attach angebot.pdf application/pdf 1002
ok 'content that is known is found with the message' wait_for '[ "$(found pdfwortmaschine)" = 2 ]'
printf 'Nachzuegelwort' >"$TEST_DIR/files/spaet.txt"
attach spaet.txt text/plain
ok 'a new file in time' wait_for '[ "$(found nachzuegelwort)" = 1 ]' 300
reader=$(pgrep -P "${running[index]}" -f read-files)
kill -KILL "$reader"
printf 'Auferstehungswort' >"$TEST_DIR/files/neu.txt"
attach neu.txt text/plain
ok 'killed, its reader is started again' wait_for '[ "$(found auferstehungswort)" = 1 ]' 300
stop index
is "$rc" 0 'it ends in order'
ok 'and its reader with it' wait_for '! pgrep -f "read-files" -g 0 | grep -qx "$reader"' 5

# What a child may do: nothing with a network, nothing with docket's files.
trace=$TEST_DIR/trace
walls() { # FILE TYPE: its child, watched
	strace -f -qq -o "$trace" "$DOCKET" read-file "name=$1" "type=$2" <"$TEST_DIR/files/$1" 2>/dev/null
}
like "$(walls angebot.pdf application/pdf)" 'Pdfwortmaschine' 'the child reads what it is given'
ok 'a program of others is walled in first' awk '/landlock_restrict_self/ { a = NR } /seccomp\(|PR_SET_SECCOMP/ { b = NR } /execve\(/ { c = NR } END { exit !(a && b && c > a && c > b) }' "$trace"
like "$(walls brief.docx x)" 'Docxwortmaschine' 'our own readers too'
ok 'behind a filter they open nothing' awk '/PR_SET_SECCOMP/ { on = 1; next } on && /open|socket|exec/ && !/EPERM|proc/ { bad = 1; print } END { exit bad || !on }' "$trace"
done_testing
