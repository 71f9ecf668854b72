#!/usr/bin/env bash
# docket call, user, token, openapi from the shell: what they print and how they end.
. "$TOP/tests/lib.sh"
password='correct horse battery'
ends() { # EXIT WHAT COMMAND...
	"${@:3}" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null
	is "$?" "$1" "$2" || diag "$(head -5 "$TEST_DIR/err")"
}
ends 0 'a public route without an agent' "$DOCKET" call GET /meta
is "$(jq -r .name "$TEST_DIR/out")" docket 'prints the answer alone'
is "$(cat "$TEST_DIR/err")" '' 'and says nothing else'
ends 77 'a route for agents without one' "$DOCKET" call GET /session
like "$(cat "$TEST_DIR/err")" '401 login_required' 'the status is on stderr'
is "$(jq -r .code "$TEST_DIR/out")" login_required 'the problem on stdout'
ends 65 'an agent who does not exist' "$DOCKET" call --agent nobody GET /session
ends 64 'no path' "$DOCKET" call GET
"$DOCKET" user add Anna --name 'Anna Test' --admin <<<"$password"; ok 'an agent, login in lower case'
"$DOCKET" user list | jq -e '.[] | select(.login == "anna") | .profiles == ["Administrator"]' >/dev/null; ok 'is listed'
"$DOCKET" user add anna --name Again <<<"$password" 2>"$TEST_DIR/err"; is "$?" 65 'a login that is taken'
like "$(cat "$TEST_DIR/err")" 'agent_login_taken' 'says so'
"$DOCKET" user add ben --name Ben <<<short 2>/dev/null; is "$?" 65 'too short a password'
"$DOCKET" user add ben --name Ben --profile Nobody <<<"$password" 2>/dev/null; is "$?" 65 'an unknown profile'
rows "select count(*) from agent where login = 'ben'" 0 'and nothing half done'
"$DOCKET" user add ben --name Ben <<<"$password"
ends 65 'somebody unknown is not disabled' "$DOCKET" user disable karl
ends 64 'a verb that is none' "$DOCKET" user dance ben
call anna GET /session; status 200; json '.agent.login == "anna"'
call anna GET /nix; status 404
ends 66 '404' "$DOCKET" call --agent anna GET /nix
ends 64 '405' "$DOCKET" call --agent anna PUT /agents
call anna PATCH /me '{"language":"en"}'; status 200; json '.language == "en"'
ends 65 '422' "$DOCKET" call --agent anna PATCH /me '{"language":"fr"}'
echo '{"signature":"aus der Datei"}' | "$DOCKET" call --agent anna PATCH /me - >"$TEST_DIR/out" 2>&1; ok 'a body from standard input'
is "$(jq -r .signature "$TEST_DIR/out")" 'aus der Datei' 'is read whole'
head -c 200000 /dev/urandom >"$TEST_DIR/file"
"$DOCKET" call --agent anna --type application/octet-stream POST '/uploads?name=f.bin' - <"$TEST_DIR/file" >"$TEST_DIR/out"; ok 'an upload'
"$DOCKET" call --agent anna GET "/files/$(jq .id "$TEST_DIR/out")" >"$TEST_DIR/back"
cmp "$TEST_DIR/file" "$TEST_DIR/back"; ok 'comes back byte for byte'
call ben GET "/files/$(jq .id "$TEST_DIR/out")"; status 404 "another's upload is unknown"
printf '%s\n' 'anna GET /session' '- GET /session' 'anna PATCH /me {"language":"de"}' 'karl GET /session' anna 'anna GET /nix?a=b' |
	"$DOCKET" call --lines >"$TEST_DIR/out" 2>"$TEST_DIR/err"
is $? 77 'many in one process: it ends as the first that was refused'
is "$(grep -aoE '^[2-5][0-9][0-9] ' "$TEST_DIR/out" | tr -d '\n')" '200 401 200 404 400 404 ' 'each line has its answer'
{ read -r _ n; head -c "$n" | jq -e '.agent.login == "anna"'; } <"$TEST_DIR/out" >/dev/null; ok 'which is as long as it says'
like "$(cat "$TEST_DIR/err")" 'a line is LOGIN METHOD PATH' 'and a line that is none is told what one is'
ends 64 'options do not go with lines' "$DOCKET" call --agent anna --lines
"$DOCKET" user disable ben; ends 65 'a disabled agent may nothing' "$DOCKET" call --agent ben GET /session
ends 65 'a token for nobody' "$DOCKET" token add karl x
"$DOCKET" token add anna ci --days 7 >"$TEST_DIR/token"; like "$(cat "$TEST_DIR/token")" '^dk_[a-z2-7]{52}$' 'a token'
rows "select count(*) from token where encode(hash, 'hex') = '$(tr -d '\n' <"$TEST_DIR/token" | sha256sum | cut -d' ' -f1)'" 1 'is kept as its hash'
"$DOCKET" token list | jq -e '.[0].name == "ci" and (.[0] | has("hash") | not)' >/dev/null; ok 'is listed without it'
ends 65 'an unknown token is not removed' "$DOCKET" token remove 999
done_testing
