# A private PostgreSQL for tests and demo: one folder, one unix socket, nobody else's business. Sourced.
# Its folder holds data/ and the socket; every role of docket logs in by peer under its own name.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
pg_roles="postgres docket_owner docket_agent docket_portal docket_poll docket_work docket_index docket_send"

# pg_make DATA: a new cluster.
pg_make() {
	local me role
	me=$(id -un)
	"$pg_bin/initdb" -D "$1" -U postgres -A peer -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null || return 1
	echo "local all all peer map=docket" >"$1/pg_hba.conf"
	# Root may become anybody anyway: admin verbs typed by root work on what runs as another user.
	for role in $pg_roles; do printf "docket %s %s\n" "$me" "$role" root "$role"; done | sort -u >"$1/pg_ident.conf"
	cat >>"$1/postgresql.conf" <<-CONF
		listen_addresses = ''
		max_connections = 120
		jit = off
		shared_buffers = 64MB
		log_min_messages = warning
		log_line_prefix = '%m %u '
		log_timezone = UTC
		timezone = UTC
	CONF
}

# pg_start DATA SOCKETS [fsync]: start it, wait until it answers; pg_pid holds the server's pid. Without the
# word fsync a power cut would lose data, which no test but those in crash/ cares about.
pg_start() {
	local fsync=off
	[ "${3:-}" = fsync ] && fsync=on
	"$pg_bin/pg_ctl" -D "$1" -l "$1/log" -w -t 60 -o "-k '$2' -c fsync=$fsync -c full_page_writes=$fsync" start \
		>/dev/null || { tail -5 "$1/log" >&2; return 1; }
	pg_pid=$(head -1 "$1/postmaster.pid")
}

# pg_stop DATA [fast|immediate]
pg_stop() {
	[ ! -s "$1/postmaster.pid" ] || "$pg_bin/pg_ctl" -D "$1" -m "${2:-fast}" -w -t 30 stop >/dev/null 2>&1
}

# pg_migrate SOCKETS DB CONF: roles, the database, its schema, the keys.
pg_migrate() {
	psql -qX -h "$1" -U postgres -v ON_ERROR_STOP=1 -f "$TOP/sql/roles.sql" postgres >/dev/null &&
		createdb -h "$1" -U postgres -O docket_owner "$2" &&
		DOCKET_CONFIG=$3 DOCKET_SQL=$TOP/sql/migrate "$DOCKET" migrate >/dev/null || return 1
	! "$DOCKET" key --help >/dev/null 2>&1 || DOCKET_CONFIG=$3 "$DOCKET" key init >/dev/null
}
