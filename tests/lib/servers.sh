# SPDX-License-Identifier: GPL-3.0-or-later
# Mail servers for tests and the demo: source it, start what you need, call servers_stop at the end.
# Everything listens on loopback only, on ports that were free, and lies under the folder given.
# bash is needed. The pids of what was started are in SERVER_PIDS.
SERVER_PIDS=()
SERVER_DIRS=()

# Who the servers run as: oneself, or as root the owner of this checkout, or nobody.
server_user()
{
	local owner

	if [ "$(id -u)" -ne 0 ]; then
		id -un
		return
	fi
	owner=$(stat -c %U "$(dirname "${BASH_SOURCE[0]}")")
	case $owner in root|UNKNOWN) owner=nobody;; esac
	echo "$owner"
}

# as_server COMMAND...: run it as that user (replaces the shell it runs in).
as_server()
{
	local user

	user=$(server_user)
	[ "$user" = "$(id -un)" ] && exec "$@"
	exec setpriv --reuid="$user" --regid="$(id -gn "$user")" --clear-groups \
	    env HOME=/ USER="$user" "$@"
}

# free_ports N: N ports of loopback that are free now.
free_ports()
{
	python3 - "$1" <<-'PY'
	import socket, sys
	held = [socket.socket() for _ in range(int(sys.argv[1]))]
	for s in held: s.bind(("127.0.0.1", 0))
	print(*[s.getsockname()[1] for s in held])
	PY
}

# wait_greeting PORT PID: until the server there says its first line; fails when PID ends before.
wait_greeting()
{
	local line

	until { read -rt 5 line < "/dev/tcp/127.0.0.1/$1"; } 2>/dev/null && [ -n "$line" ]; do
		kill -0 "$2" 2>/dev/null || return 1
		read -rt 0.02 <> <(:) || :
	done
}

# ca_make DIR: a private CA and leaves signed by it:
#   ca.pem                   the CA                   other.pem   a CA that signed nothing here
#   good.pem     good.key    mail.docket.test, localhost, 127.0.0.1
#   wrong.pem    wrong.key   another name             expired.pem expired.key   ended yesterday
#   self.pem     self.key    right names, signed by itself
#   early.pem    early.key   not valid yet            purpose.pem purpose.key   for clients only
ca_make()
{
	local d=$1 names="subjectAltName=DNS:mail.docket.test,DNS:localhost,IP:127.0.0.1"
	local new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -batch"

	mkdir -p "$d"
	(
		cd "$d" || exit 1
		$new -x509 -days 30 -subj "/CN=docket test CA" -keyout ca.key -out ca.pem
		$new -x509 -days 30 -subj "/CN=another CA" -keyout other.key -out other.pem
		$new -x509 -days 30 -subj "/CN=mail.docket.test" -addext "$names" -keyout self.key -out self.pem
		leaf good 30 "$names"
		leaf wrong 30 "subjectAltName=DNS:elsewhere.docket.test"
		leaf expired -1 "$names"
		leaf purpose 30 "$names"$'\nextendedKeyUsage=clientAuth'
		early
		chmod a+r ./*
	) >"$d/openssl.log" 2>&1
	[ -s "$d/early.pem" ] || { cat "$d/openssl.log" >&2; return 1; }
}

leaf()
{
	$new -subj "/CN=mail.docket.test" -keyout "$1.key" -out "$1.csr"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$2" \
	    -extfile <(echo "$3") -out "$1.pem"
}

early()
{
	$new -subj "/CN=mail.docket.test" -keyout early.key -out early.csr
	: >issued
	openssl ca -batch -notext -startdate 20900101000000Z -enddate 20900201000000Z -cert ca.pem -keyfile ca.key \
	    -extfile <(echo "$names") -in early.csr -out early.pem -config <(printf '%s\n' '[ca]' 'default_ca=d' '[d]' \
	    'database=issued' 'new_certs_dir=.' 'rand_serial=yes' 'default_md=sha256' 'policy=p' '[p]' 'commonName=supplied')
}

# dovecot_start DIR [CERT KEY]: IMAP, POP3 and LMTP for any user with the password "secret"; Maildir
# under DIR/mail/USER; lines of DOVECOT_MORE are added to its configuration. Sets DOVECOT_IMAP, _IMAPS, _POP3, _POP3S, _LMTP (ports) and DOVECOT_PID.
dovecot_start()
{
	local d=$1 cert=${2:-$1/ca/good.pem} key=${3:-$1/ca/good.key} run user try

	[ -e "$cert" ] || ca_make "$d/ca" || return 1
	run=$(mktemp -d "${TEST_DIR:-${TMPDIR:-/tmp}}/mail.XXXXXX") # unix sockets want a short path
	SERVER_DIRS+=("$run")
	user=$(server_user)
	mkdir -p "$d/mail"
	[ "$user" = "$(id -un)" ] || chown -R "$user" "$d/mail" "$run" "$d/ca"
	for try in 1 2 3; do
		read -r DOVECOT_IMAP DOVECOT_IMAPS DOVECOT_POP3 DOVECOT_POP3S DOVECOT_LMTP < <(free_ports 5)
		dovecot_conf "$d" "$run" "$user" "$cert" "$key" > "$run/dovecot.conf"
		(as_server dovecot -F -c "$run/dovecot.conf") > "$run/out" 2>&1 &
		DOVECOT_PID=$!
		if wait_greeting "$DOVECOT_IMAP" $DOVECOT_PID &&
		    wait_greeting "$DOVECOT_LMTP" $DOVECOT_PID; then
			SERVER_PIDS+=("$DOVECOT_PID")
			return 0
		fi
	done
	cat "$run/out" "$run/log" >&2
	return 1
}

dovecot_conf()
{
	local d=$1 run=$2 user=$3 group

	group=$(id -gn "$user")
	cat <<-CONF
	base_dir = $run/dovecot
	state_dir = $run/dovecot
	log_path = $run/log
	listen = 127.0.0.1
	protocols = imap pop3 lmtp
	default_internal_user = $user
	default_login_user = $user
	default_internal_group = $group
	first_valid_uid = 1
	first_valid_gid = 1
	ssl = yes
	ssl_cert = <$4
	ssl_key = <$5
	disable_plaintext_auth = no
	auth_mechanisms = plain login
	auth_failure_delay = 0
	mail_location = maildir:$d/mail/%u
	mail_fsync = never
	mail_max_userip_connections = 1000
	passdb {
	  driver = static
	  args = password=secret
	}
	userdb {
	  driver = static
	  args = uid=$user gid=$group home=$run/home/%u
	}
	namespace inbox {
	  inbox = yes
	  separator = .
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    port = $DOVECOT_IMAP
	  }
	  inet_listener imaps {
	    port = $DOVECOT_IMAPS
	  }
	}
	service pop3-login {
	  chroot =
	  inet_listener pop3 {
	    port = $DOVECOT_POP3
	  }
	  inet_listener pop3s {
	    port = $DOVECOT_POP3S
	  }
	}
	service lmtp {
	  inet_listener lmtp {
	    port = $DOVECOT_LMTP
	  }
	}
	service anvil {
	  chroot =
	  # No waiting after a wrong password.
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service stats {
	  chroot =
	}
	${DOVECOT_MORE:-}
	CONF
}

# lmtp_put PORT RECIPIENT FILE...: deliver mails into a mailbox of that Dovecot.
lmtp_put()
{
	python3 - "$@" <<-'PY'
	import smtplib, sys
	with smtplib.LMTP("127.0.0.1", int(sys.argv[1])) as lmtp:
	    for name in sys.argv[3:]:
	        lmtp.sendmail("sender@docket.test", [sys.argv[2]], open(name, "rb").read())
	PY
}

# sink_start DIR [OPTION...]: the SMTP sink (tests/sink/sink.c); sets SINK_PORT and SINK_PID.
sink_start()
{
	local d=$1

	shift
	mkdir -p "$d"
	rm -f "$d/port"
	[ "$(server_user)" = "$(id -un)" ] || chown "$(server_user)" "$d"
	(as_server "${TOP:-.}/build/tests/sink/sink" --port-file "$d/port" "$@" "$d") &
	SINK_PID=$!
	SERVER_PIDS+=("$SINK_PID")
	while [ ! -s "$d/port" ]; do
		kill -0 "$SINK_PID" 2>/dev/null || return 1
		read -rt 0.02 <> <(:) || :
	done
	SINK_PORT=$(cat "$d/port")
}

# servers_stop: end what was started here, and remove its sockets.
servers_stop()
{
	[ ${#SERVER_PIDS[@]} -eq 0 ] || kill "${SERVER_PIDS[@]}" 2>/dev/null
	for p in "${SERVER_PIDS[@]}"; do
		wait "$p" 2>/dev/null
	done
	[ ${#SERVER_DIRS[@]} -eq 0 ] || rm -rf "${SERVER_DIRS[@]}"
	SERVER_PIDS=()
	SERVER_DIRS=()
}
