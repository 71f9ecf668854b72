# For tests that go through nginx and FastCGI: docket serve and live behind a private nginx, and curl. Sourced.
. "$TOP/tests/lib/servers.sh"
. "$TOP/tests/lib/nginx.sh"
PORT=$(free_ports 1)
URL=http://127.0.0.1:$PORT
sed -i "s|^base_url.*|base_url = $URL|" "$DOCKET_CONFIG"
trap 'stop_all; [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null' EXIT

# people: anna may everything, ben what Support may, cleo is nobody special (no profile).
people() {
	add_agent anna 'Anna Test' Administrator
	add_agent ben 'Ben Test'
	add_agent cleo 'Cleo Test'
	psql -qX -c "delete from agent_profile where agent_id = (select id from agent where login = 'cleo')"
}
# serve_up [WORKERS] and live_up: until they answer.
serve_up() {
	sed -i '/^workers/d' "$DOCKET_CONFIG"
	echo "workers = ${1:-2}" >>"$DOCKET_CONFIG"
	start serve "$DOCKET" serve
	[ -n "${nginx_pid:-}" ] || { mkdir -p "$TEST_DIR/web" && echo page >"$TEST_DIR/web/index.html" &&
		nginx_start "$TEST_DIR/nginx" "$PORT" "$TEST_DIR" "$TEST_DIR/blobs" "$TEST_DIR/web"; } || return
	wait_for 'curl -sf $URL/healthz' 20
}
live_up() { rm -f "$TEST_DIR/live.sock"; start live "$DOCKET" live; wait_for '[ -S "$TEST_DIR/live.sock" ]'; }

# web METHOD PATH [curl's arguments]: code, body and headers, as status and json judge them.
web() {
	asked="$1 $2"
	code=$(curl -s -m 20 -o "$TEST_DIR/body" -D "$TEST_DIR/headers" -w '%{http_code}' -X "$1" "$URL$2" "${@:3}")
	body=$(tr -d '\0' <"$TEST_DIR/body")
}
header() { grep -i "^$1:" "$TEST_DIR/headers" | tr -d '\r' | cut -d' ' -f2-; }
JSON=(-H 'Content-Type: application/json')
OWN=(-H "Origin: $URL")
# login NAME JAR [PASSWORD]: sets csrf.
login() {
	web POST /api/v1/session "${OWN[@]}" "${JSON[@]}" -c "$2" -d "{\"login\":\"$1\",\"password\":\"${3:-$PASSWORD}\"}"
	csrf=$(jq -r '.csrf // empty' <<<"$body" 2>/dev/null)
}
# mine JAR METHOD PATH [...]: as the page does it.
mine() { web "$2" "$3" "${OWN[@]}" "${JSON[@]}" -b "$1" -H "X-Docket-CSRF: ${csrf:-}" "${@:4}"; }
