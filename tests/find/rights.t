#!/usr/bin/env bash
# A word that stands only where ben may not look is nowhere for him: no hit, excerpt, facet, count, completion or suggestion
# tells of it, whether its ticket's status is hidden from him or shown to its owners only. Anna, who may, gets it everywhere.
. "$TOP/tests/lib.sh"
add_agent anna 'Anna Berg' Administrator
add_agent ben 'Ben Kurz'
sql "insert into profile_status select p.id, s.id, case when s.position = 6 then 'no' else 'own' end
	from profile p, status s where p.name = 'Support' and s.position in (2, 6);
	insert into tag (name) values ('offentag'), ('geheimtag')"
mail() { # STATUS WORD: a ticket with a message, a comment and a file that all have words beginning with WORD
	printf 'From: %s Person <%s@example.org>\nSubject: %sbetreff Lampe\nMessage-ID: <%s@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n%snachricht und die Lampe\n--b\nContent-Type: text/plain; name=%sdatei.txt\nContent-Disposition: attachment; filename=%sdatei.txt\n\n%sinhalt der Datei\n--b--\n' \
		$2 $2 $2 $2 $2 $2 $2 $2 | "$DOCKET" ingest >>"$TEST_DIR/ingest.log" 2>&1
	t=$(sql 'select max(id) from ticket')
	sql "insert into message (ticket_id, kind, author, body, source) values ($t, 'comment', 'Anna', '$2kommentar zur Lampe', 'agent');
		update ticket set status_id = $1, is_open = true, last_message_id = (select max(id) from message where ticket_id = $t) where id = $t"
}
mail 1 offen; seen=$t; sql "insert into ticket_tag values ($t, 1)"
mail 6 geheim; sql "insert into ticket_tag values ($t, 2)"
mail 2 eigen; sql "insert into ticket_tag values ($t, 2)"
sql "insert into folder (name, query, agent_id) select '{\"de\": \"Annas Ordner\", \"en\": \"Annas\"}', 'geheimnachricht', id from agent where login = 'anna'"
ok 'the index is built' "$DOCKET" index --once
start index "$DOCKET" index
ok 'the files are read' wait_for '[ "$(sql "select count(*) from file_text where state = '"'waiting'"'")" = 0 ] && [ "$(sql "select count(*) from index_queue")" = 0 ]' 60
hits() { call "$1" GET "/search?q=$2"; jq -c '[.hits[].ticket.id] | length' <<<"$body"; }
leaks=()
for word in geheim eigen; do
	for part in nachricht kommentar betreff datei inhalt; do
		is "$(hits anna "$word$part")" 1 "anna finds $word$part"
		is "$(hits ben "$word$part")" 0 'ben does not'
	done
	# Every question about it, and everything that the answers say.
	for path in "/search?q=${word}nachricht" "/search?q=${word}nachrich" "/search?q=${word}nachrixht" "/search?q=${word}*" "/search?q=from:$word" \
		"/search?q=file:${word}datei" "/search?q=-offenx%20Lampe" "/search?q=Lampe&order=best" "/search/facets?q=Lampe" "/search/facets?q=is:open%20OR%20is:closed" \
		"/search/complete?q=$word" "/search/complete?q=${word}nach" "/search/complete?q=tag:" "/search/complete?q=kunde:$word" "/search/complete?q=status:" \
		"/search/complete?q=ordner:" "/tickets?q=Lampe" "/tickets?q=${word}nachricht" "/folders" "/alerts"; do
		call ben GET "$path"
		[ "$code" = 200 ] || leaks+=("$path: $code")
		said=$(jq -c 'del(.items[]?.q, .notes?)' <<<"$body" 2>/dev/null || echo "$body")
		if grep -qi "$word\|annas" <<<"$said"; then leaks+=("$path: $said"); fi
	done
done
is "$(printf '%s\n' "${leaks[@]:-}")" '' 'no answer to ben holds the words'
call ben GET '/search/facets?q=Lampe'
json '.tickets == 1 and (.facets.status | length) == 1 and .facets.tag == [{"id":1,"name":"offentag","n":1}] and .facets.file == 1' 'facets and totals are of what he sees'
call anna GET '/search/facets?q=Lampe'
json '.tickets == 3 and (.facets.status | length) == 3 and (.facets.tag | length) == 2 and .more == false' 'hers of all'
call anna GET '/search/complete?q=geheimnach'
json '.items | map(.text) | index("geheimnachricht") != null' 'she is offered the word'
call anna GET '/search/complete?q=lampe%20kunde:geh'
json '.items[0].q == "lampe kunde:\"geheim Person\" "' 'and the customer'
call ben GET '/search/complete?q=offennach'
json '.items | map(.text) | index("offennachricht") != null' 'he is offered what he sees'
call anna GET '/search?q=geheimnachrixht'
json '.instead == "geheimnachricht"' 'her slip is understood'
call ben GET '/search?q=geheimnachrixht'
json '.instead == null and .hits == []' 'his is not'
call ben GET '/search?q=offennachrixht'
json '.instead == "offennachricht"' 'unless he sees the word'
call ben GET '/search?q=ordner:%22Annas%20Ordner%22'
json '.hits == [] and .notes[0].what == "unknown"' "another's folder is unknown"
call ben GET "/search/complete?q=status:&language=en"
json '.items | map(.text) | index("Done") == null and index("New") != null' 'a status that he may not see is not offered'
call anna GET '/search?q=offeninhalt'
json '.hits[0].excerpts[0] | .where == "attached" and .file == "offendatei.txt" and (.excerpt | test("<mark>offeninhalt</mark>"))' 'where it hit: in the text of a file, and which'
call anna GET '/search?q=Lampe%20offenkommentar'
json '.hits[0].excerpts[0].where == "comment"'
call anna GET "/search?q=offennachricht%20OR%20offenkommentar"
json '.hits | length == 1 and (.[0].excerpts | map(.where)) == ["comment", "message"]' 'a ticket once, with its best two places'
done_testing
