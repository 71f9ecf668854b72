#!/usr/bin/env bash
# What a client may send: a table of bad input, each with its status and code; nothing of it changes anything.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
serve_up 2
token=$("$DOCKET" token add anna probe)
before=$(psql -AtXqc 'select md5(string_agg(a::text, chr(10) order by id)) from agent a')
send() { web "$1" "/api/v1$2" -H "Authorization: Bearer $token" "${@:3}"; }
# bad STATUS CODE WHAT METHOD PATH [JSON]
bad() {
	if [ $# -gt 5 ]; then send "$4" "$5" "${JSON[@]}" --data-binary "$6"; else send "$4" "$5"; fi
	is "$code $(jq -r .code <<<"$body" 2>/dev/null)" "$1 $2" "$3"
	jq -e '(.status | type) == "number" and (.detail | length) > 5 and (.request | length) > 5' <<<"$body" >/dev/null || ok "$3: a whole problem" false
}
bad 404 route_unknown 'no such address' GET /nothing
bad 404 route_unknown 'too long a path' GET /agents/1/2
bad 405 method_unknown 'another method' PUT /agents
bad 400 field_unknown 'a field that is not known' PATCH /me '{"name":"x"}'
bad 400 field_unknown 'a field of the database' PATCH /me '{"password":"x"}'
bad 400 field_unknown 'in the query string' GET '/agents?x=1'
bad 400 field_twice 'a field in both' PATCH '/me?language=de' '{"language":"en"}'
bad 400 field_twice 'twice in the query string' GET '/tickets?limit=1&limit=2'
bad 422 input 'a number for a text' PATCH /me '{"language":1}'
bad 422 input 'a list for a text' PATCH /me '{"language":["de"]}'
bad 422 input 'an object for a text' PATCH /me '{"language":{}}'
bad 422 input 'none of the words' PATCH /me '{"language":"fr"}'
bad 422 input 'an empty word' PATCH /me '{"language":""}'
bad 422 input 'half a word' PATCH /me '{"language":"d"}'
bad 422 input 'two words' PATCH /me '{"language":"de|en"}'
bad 422 input 'too long' PATCH /me "{\"signature\":\"$(printf 'x%.0s' {1..4001})\"}"
bad 422 input 'too short' PATCH /me '{"zone":""}'
bad 422 input 'no zone' PATCH /me '{"zone":"Mars/Olympus"}'
bad 422 input 'missing' POST /tickets '{"type":1}'
bad 422 input 'null where something must be' POST /tickets '{"subject":null,"type":1}'
bad 422 input 'a text for a number' POST /tickets '{"subject":"x","type":"1"}'
bad 422 input 'a fraction' POST /tickets '{"subject":"x","type":1.5}'
bad 422 input 'zero for an id' POST /tickets '{"subject":"x","type":0}'
bad 422 input 'out of range' POST /tickets '{"subject":"x","type":1,"priority":6}'
bad 422 input 'no bool' POST /rules '{"name":"x","event":"message.agent","template":1,"active":1}'
bad 422 input 'no ids' POST /tickets '{"subject":"x","type":1,"uploads":["1"]}'
bad 400 list_long 'a list of 10,001' POST /tickets "{\"subject\":\"x\",\"type\":1,\"uploads\":[$(printf '1,%.0s' {1..10000})1]}"
bad 422 input 'a word for a number in the address' GET /tickets/abc
bad 422 input 'a number beyond 64 bits' GET /tickets/99999999999999999999
bad 422 input 'a negative one' GET /tickets/-1
bad 400 address_bad 'a bad escape' GET '/tickets?q=%zz'
bad 400 address_bad 'half an escape' GET '/tickets?q=%4'
bad 400 address_bad 'NUL in the address' GET '/tickets?q=%00'
bad 400 address_bad 'no UTF-8 in the address' GET '/tickets?q=%ff'
bad 400 json 'no JSON' PATCH /me '{"language":'
bad 400 json 'a list' PATCH /me '[]'
bad 400 json 'a word' PATCH /me 'null'
bad 400 json 'a key twice' PATCH /me '{"language":"de","language":"en"}'
bad 400 json 'NUL' PATCH /me '{"signature":"a\u0000b"}'
bad 400 json 'half a surrogate' PATCH /me '{"signature":"\ud800"}'
bad 400 json 'no UTF-8' PATCH /me "$(printf '{"signature":"\xff"}')"
bad 400 json 'something behind it' PATCH /me '{} {}'
bad 400 json_deep 'deeper than 32' PATCH /me "{\"language\":$(printf '[%.0s' {1..40})$(printf ']%.0s' {1..40})}"
send PATCH /me -H 'Content-Type: text/plain' -d '{"language":"de"}'; is "$code $(jq -r .code <<<"$body")" '415 type_unknown' 'another type'
send PATCH /me -H 'Content-Type: application/jsonx' -d '{"language":"de"}'; status 415 'nearly the type'
send PATCH /me -H 'Content-Type: application/json; charset=utf-8' -d '{"language":"de"}'; status 200 'the type with a charset'
head -c 1048577 /dev/zero | tr '\0' ' ' >"$TEST_DIR/big"
send PATCH /me "${JSON[@]}" --data-binary "@$TEST_DIR/big"; is "$code $(jq -r .code <<<"$body")" '413 too_large' 'more than 1 MiB'
head -c 3000000 /dev/zero >"$TEST_DIR/big"
send PATCH /me "${JSON[@]}" --data-binary "@$TEST_DIR/big"; status 413 'more than nginx lets through'
rows "select md5(string_agg(a::text, chr(10) order by id)) from agent a" "$(psql -AtXqc 'select md5(string_agg(a::text, chr(10) order by id)) from agent a')" 'compared'
psql -qXc "update agent set language = 'de', signature = ''"
is "$(psql -AtXqc 'select md5(string_agg(a::text, chr(10) order by id)) from agent a')" "$before" 'no agent was changed by any of it'
rows 'select count(*) from ticket' 0 'no ticket came to be'
send PATCH /me "${JSON[@]}" -d '{"signature":"Grüße\n\ud83d\ude00","language":null}'; status 200 'null is absent, emoji are letters'
json '.signature == "Grüße\n😀" and .language == "de"'

# Headers of nginx's: long ones, many of them
web GET /api/v1/meta -H "X-Long: $(printf 'x%.0s' {1..7000})"; status 200 'a header of 7 kB'
mapfile -t many < <(for i in {1..240}; do echo "-HX-N$i: 1"; done)
web GET /api/v1/meta "${many[@]}"; is "$code $(jq -r .code <<<"$body")" '400 request_bad' 'more than 256 parameters'

# Uploads are streamed into the blob store
{ printf %%PDF-1.7\\n; head -c 4999991 /dev/urandom; } >"$TEST_DIR/file"
upload() { send POST "/uploads?name=$1" -H 'Content-Type: application/octet-stream' --data-binary "@$2" "${@:3}"; }
upload 'Rechnung%20%C3%9C.pdf&type=text/html' "$TEST_DIR/file"; status 201 'an upload'
json '.name == "Rechnung Ü.pdf" and .size == 5000000'
sha=$(sha256sum <"$TEST_DIR/file" | cut -d' ' -f1) file=$(jq .id <<<"$body")
cmp "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha" "$TEST_DIR/file"; ok 'whole, under its hash'
send GET "/files/$file"; status 200 'its owner reads it through nginx'
cmp "$TEST_DIR/body" "$TEST_DIR/file"; ok 'byte for byte'
like "$(header Content-Disposition)" "^attachment; filename\*=UTF-8''Rechnung%20%C3%9C.pdf" 'as an attachment'
is "$(header Content-Type)" application/pdf 'with the type that its bytes say'
is "$(header Content-Security-Policy)" "sandbox; default-src 'none'" 'in a sandbox'
send POST '/uploads?name=x' "${JSON[@]}" -d '{}'; status 415 'another type of body'
upload x "$TEST_DIR/file" -H 'Content-Length: 64000000000' 2>/dev/null; status 413 'a size beyond all limits'
web GET "/blobs/${sha:0:2}/${sha:2:2}/$sha"; status 404 'nobody asks nginx for a blob himself'
done_testing
