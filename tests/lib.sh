# For tests/*/*.t: . "$TOP/tests/lib.sh". What a test says is TAP; what it starts is ended by its pid.
# The runner gives: DOCKET DOCKET_CONFIG DOCKET_SQL TEST_DIR TEST_DB TOP and psql's variables (README.md).
set -u
tap=0 failures=0
declare -A running=()
calls=''
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

# add_agent LOGIN NAME [PROFILE]: in one statement, as making and checking a strong hash takes seconds under the
# sanitizers; this one is of PASSWORD, at the least cost. http/call adds agents as an administrator does.
PASSWORD='a long enough password'
add_agent() {
	psql -qXc "with a as (insert into agent (login, name, password)
			values ('$1', '$2', '\$argon2id\$v=19\$m=8,t=1,p=1\$3MOBkKd7qKEfTBZavu9xlA\$PIYfmmlD8v7IlfkZi6X7rH0FDfgSqN9ztfrnY/3gs00') returning id)
		insert into agent_profile (agent_id, profile_id) select a.id, p.id from a, profile p where p.name = '${3:-Support}'"
}

# call AGENT METHOD PATH [JSON]: one request through "docket call", as nobody when AGENT is -; its answer is judged
# by status and json. One process answers them all, until docket.conf or the program changes; what comes with options,
# from a subshell or with a crash point has its own.
call() {
	asked="${*:1:3}"
	if [[ $BASHPID != "$$" || -n ${DOCKET_CRASH:-} || $# -gt 4 || $2 == -* || $3 == /files/* || ${4:-} == - ]]; then
		call_alone "$@"
		return
	fi
	[[ -n ${running[.call]:-} && $calls == "$DOCKET $DOCKET_CONFIG" && ! $DOCKET_CONFIG -nt $TEST_DIR/calls ]] || call_begin
	local n
	(printf '%s %s %s%s\n' "$1" "$2" "${3// /%20}" "${4:+ ${4//$'\n'/ }}" >&"$to_call") # a shell of its own: a reader that is gone would end this one
	if read -rt 60 code n <&"$from_call" && LC_ALL=C IFS= read -rt 60 -d '' -N $((n + 1)) body <&"$from_call"; then
		body=${body%$'\n'}
	else
		code='' body=''
		stop .call KILL
	fi
}
call_alone() {
	local as=(--agent "$1")
	[ "$1" != - ] || as=()
	shift
	"$DOCKET" call "${as[@]}" --status "$@" >"$TEST_DIR/answer" 2>>"$TEST_DIR/call.log"
	code=$(head -1 "$TEST_DIR/answer")
	body=$(tail -n +2 "$TEST_DIR/answer")
}
call_begin() {
	stop .call
	calls="$DOCKET $DOCKET_CONFIG"
	rm -f "$TEST_DIR"/calls*
	mkfifo "$TEST_DIR/calls.in" "$TEST_DIR/calls"
	"$DOCKET" call --lines <"$TEST_DIR/calls.in" >"$TEST_DIR/calls" 2>>"$TEST_DIR/call.log" {nap}>&- &
	running[.call]=$!
	exec {to_call}>"$TEST_DIR/calls.in" {from_call}<"$TEST_DIR/calls"
	touch "$TEST_DIR/calls"
}
status() { [ "$code" = "$1" ]; ok "${2:-$asked: $1}" || { diag "answered $code: ${body:0:400}"; return 1; }; }
json() { [ -n "$body" ] && jq -e "$1" <<<"$body" >/dev/null 2>&1; ok "${2:-$asked: $1}" || { diag "${body:0:1000}"; return 1; }; }
rows() { is "$(sql "$1" 2>&1)" "$2" "${3:-$1}"; }

# sql TEXT: what psql -At prints, in one transaction if there is more than one statement; 1 if PostgreSQL refuses. One psql serves
# a whole test, as to start one costs ten times what it does; where it is gone with its server, the next does the same.
sql() {
	local line out n rc try text=${1%"${1##*[!;[:space:]]}"}
	[ "$PGHOST/$PGDATABASE" = "$sqls" ] || { psql -AtXqc "$1"; return; }
	for try in 1 2; do
		[[ -n ${running[.sql]:-} ]] && kill -0 "${running[.sql]}" 2>/dev/null || sql_begin
		n=$RANDOM$RANDOM out='' rc=
		(
			[[ $text != *\;* ]] || echo 'begin;'
			printf '%s\n;\n\\set failed :ERROR\n' "$text"
			[[ $text != *\;* ]] || echo 'commit;'
			printf 'discard all;\n\\echo %s :failed\n' $n
		) >&"$to_sql" 2>/dev/null
		while IFS= read -rt 120 line <&"$from_sql"; do
			[[ $line != "$n "* ]] || { rc=${line#* }; break; }
			out+=$line$'\n'
		done
		[ -z "$rc" ] || break
		kill "${running[.sql]}" 2>/dev/null
		unset 'running[.sql]'
	done
	[ "$rc" = false ] && { printf %s "$out"; return 0; }
	printf %s "$out" >&2
	return 1
}
sql_begin() {
	rm -f "$TEST_DIR/sql.in" "$TEST_DIR/sql.out"
	mkfifo "$TEST_DIR/sql.in" "$TEST_DIR/sql.out"
	psql -AtXq <"$TEST_DIR/sql.in" >"$TEST_DIR/sql.out" 2>&1 {nap}>&- &
	running[.sql]=$!
	exec {to_sql}>"$TEST_DIR/sql.in" {from_sql}<"$TEST_DIR/sql.out"
}
sqls=${PGHOST:-}/${PGDATABASE:-}
[ -z "${TEST_DB:-}" ] || sql_begin # not in a subshell, where most ask

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
