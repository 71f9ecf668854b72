# For tests/*/*.t: . "$TOP/tests/lib.sh". What a test says is TAP; what it starts is ended by its pid.
# The runner gives: DOCKET DOCKET_CONFIG DOCKET_SQL TEST_DIR TEST_DB TOP and psql's variables (README.md).
set -u
tap=0 failures=0
declare -A running=()
exec {nap}<> <(:) # a pipe that never speaks: "read -t" on it waits without a process

plan() { echo "1..$1"; }
# ok WHAT [COMMAND...]: without a command the last exit status counts.
ok() {
	local rc=$? what=$1
	shift
	if [ $# -gt 0 ]; then "$@" >"$TEST_DIR/said" 2>&1; rc=$?; else : >"$TEST_DIR/said"; fi
	tap=$((tap + 1))
	[ $rc = 0 ] && { echo "ok $tap - $what"; return 0; }
	failures=$((failures + 1))
	echo "not ok $tap - $what"
	[ $# = 0 ] || echo "# exit $rc: $*"
	head -20 "$TEST_DIR/said" | sed 's/^/# /'
	return 1
}
diag() { sed 's/^/# /' <<<"$*"; }
is() { [ "$1" = "$2" ]; ok "$3" || { diag "got:  $1"; diag "want: $2"; return 1; }; }
like() { [[ $1 =~ $2 ]]; ok "$3" || { diag "got:  $1"; diag "want: /$2/"; return 1; }; }
skip() { tap=$((tap + 1)); echo "ok $tap - $1 # SKIP $2"; }
figure() { echo "# figure: $*"; }
# The plan at the end, for tests that do not count beforehand, and the exit status.
done_testing() { plan $tap; exit $((failures > 0)); }

# call AGENT METHOD PATH [JSON]: one request through "docket call", as nobody when AGENT is -; its answer is judged
# by status and json.
call() {
	local as=(--agent "$1")
	[ "$1" != - ] || as=()
	asked="$*"
	shift
	"$DOCKET" call "${as[@]}" --status "$@" >"$TEST_DIR/answer" 2>"$TEST_DIR/answer.log"
	code=$(head -1 "$TEST_DIR/answer")
	body=$(tail -n +2 "$TEST_DIR/answer")
}
status() { [ "$code" = "$1" ]; ok "${2:-$asked: $1}" || { diag "answered $code: ${body:0:400}"; return 1; }; }
json() { [ -n "$body" ] && jq -e "$1" <<<"$body" >/dev/null 2>&1; ok "${2:-$asked: $1}" || { diag "${body:0:1000}"; return 1; }; }
rows() { is "$(psql -AtXq -c "$1" 2>&1)" "$2" "${3:-$1}"; }

# wait_for 'CONDITION' [SECONDS]: look again and again until it holds.
wait_for() {
	local until=$((SECONDS + ${2:-10}))
	while ! eval "$1" >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] || { diag "waited ${2:-10} s for: $1"; return 1; }
		read -rt 0.03 -u "$nap" || :
	done
}

# start NAME COMMAND...: in the background, log in TEST_DIR/NAME.log. stop NAME [SIGNAL]: end it and wait.
start() {
	local name=$1
	shift
	"$@" >>"$TEST_DIR/$name.log" 2>&1 {nap}>&- &
	running[$name]=$!
}
stop() {
	local pid=${running[$1]:-}
	[ -n "$pid" ] || return 0
	unset "running[$1]"
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	rc=$?
}
stop_all() { for name in "${!running[@]}"; do stop "$name"; done; }
trap stop_all EXIT
trap 'exit 143' TERM INT
