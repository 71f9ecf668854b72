#!/usr/bin/env bash
# A mail server that is not proven to be the right one never sees the password or the token: every way to be wrong, by
# IMAP, POP3 and SMTP. The right one sees it, so that this test sees what it looks for.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"

probe=$TOP/build/tests/channel/wire_probe
password=pa55word-never-leaves token=t0ken-never-leaves
ca_make "$TEST_DIR/ca" || exit 1
mkdir "$TEST_DIR/log"
start wicked python3 "$TOP/tests/channel/wicked.py" "$TEST_DIR/ca" "$TEST_DIR/log"
wait_for 'grep -q ready "$TEST_DIR/wicked.log"' || exit 1
declare -A port
while read -r name number; do port[$name]=$number; done <"$TEST_DIR/wicked.log"

# In plain text, as SMTP's two ways of base64, as XOAUTH2.
secrets="$password|$(printf '\0user\0%s' "$password" | base64 -w0)|$(printf %s "$password" | base64 -w0)"
tokens="$token|$(printf 'user=user\1auth=Bearer %s\1\1' "$token" | base64 -w0)"
print_of() { openssl x509 -in "$TEST_DIR/ca/$1.pem" -outform DER | sha256sum | cut -c1-64; }
action() {
	case $1 in
	imap) echo imap INBOX list 0 1 ;;
	pop3) echo pop3 list ;;
	smtp) echo smtp me@docket.test "$TEST_DIR/mail" you@docket.test ;;
	esac
}
printf 'Subject: x\n\nhello\n' >"$TEST_DIR/mail"

# try CASE OPTION...: with the password, then with a token, in the background; what it says is in CASE.said, how long one
# took in CASE.took.
try() {
	local name=$1 began
	shift
	(
		began=${EPOCHREALTIME/[.,]/}
		# shellcheck disable=SC2046
		"$probe" -p "${port[$name]}" -h localhost -u user -w "$password" -c "$TEST_DIR/ca/ca.pem" -t 2 "$@" \
			$(action "${name%%-*}") >"$TEST_DIR/$name.said" 2>&1
		echo "$((${EPOCHREALTIME/[.,]/} - began))" >"$TEST_DIR/$name.took"
		# shellcheck disable=SC2046
		"$probe" -p "${port[$name]}" -h localhost -u user -o "$token" -c "$TEST_DIR/ca/ca.pem" -t 2 "$@" \
			$(action "${name%%-*}") >"$TEST_DIR/$name.token" 2>&1
	) &
	tries+=($!)
}
leaked() { grep -qE "$2" "$TEST_DIR/log/$1.log" 2>/dev/null; }
# refused CASE CODES WHAT
refused() {
	like "$(cat "$TEST_DIR/$1.said")" "^error ($2): " "$1: $3"
	like "$(cat "$TEST_DIR/$1.token")" "^error ($2): " "$1: the same with a token"
	! leaked "$1" "$secrets|$tokens"
	ok "$1: neither password nor token left" || diag "$(tail -3 "$TEST_DIR/log/$1.log")"
	cases[${1#*-}]=1
}
# taken CASE: the server was trusted, it got both.
taken() {
	leaked "$1" "$secrets" && leaked "$1" "$tokens"
	ok "$1: $2" || diag "$(cat "$TEST_DIR/$1.said" "$TEST_DIR/$1.token")"
}
declare -A cases

tries=()
for p in imap pop3 smtp; do
	for c in self name expired early purpose; do try $p-tls_$c & try $p-starttls_$c -s s; done
	try $p-strip -s s
	try $p-inject -s s
	try $p-plain -s s
	try $p-old_10
	try $p-old_11
	wait "${tries[@]}"
	for c in silent hush drip; do try $p-$c; done
done
try imap-preauth -s s
wait "${tries[@]}"

for p in imap pop3 smtp; do
	for way in tls starttls; do
		refused $p-${way}_self certificate "signed by itself"
		refused $p-${way}_name certificate "a certificate for another name"
		refused $p-${way}_expired certificate "an expired certificate"
		refused $p-${way}_early certificate "a certificate that is not valid yet"
		refused $p-${way}_purpose certificate "a certificate that is for clients only"
	done
	refused $p-strip tls "STARTTLS was taken out of the conversation"
	refused $p-inject tls "plain text was injected behind STARTTLS"
	refused $p-plain "tls|timeout" "STARTTLS was agreed to, and plain text goes on"
	refused $p-old_10 tls "a server of TLS 1.0"
	refused $p-old_11 tls "a server of TLS 1.1"
	for c in silent hush drip; do
		refused $p-$c timeout "$c: ends at the deadline"
		took=$(cat "$TEST_DIR/$p-$c.took")
		[ "$took" -gt 1500000 ] && [ "$took" -lt 10000000 ]
		ok "$p-$c: after about 2 seconds" || diag "$took us"
	done
done
refused imap-preauth tls "a greeting that says one is logged in already does not get around STARTTLS"

# The servers above are real ones: an old client gets through to the old one.
for v in 1 1_1; do
	name=imap-old_1$([ $v = 1 ] && echo 0 || echo 1)
	timeout 10 openssl s_client -tls$v -cipher 'ALL:@SECLEVEL=0' -quiet -connect "127.0.0.1:${port[$name]}" \
		<<<'1 LOGOUT' >"$TEST_DIR/old" 2>&1
	grep -q 'OK here' "$TEST_DIR/old"
	ok "$name answers those who still speak that version" || diag "$(tail -3 "$TEST_DIR/old")"
done

# One certificate may be trusted by its SHA-256 though it is signed by itself, has another name or is over; no other is.
for p in imap pop3 smtp; do
	tries=()
	for c in tls_self starttls_name; do try $p-$c -s ${c:0:1} -f "$(print_of good)"; done
	wait "${tries[@]}"
	for c in tls_self starttls_name; do refused $p-$c certificate "another certificate than the pinned one"; done
	tries=()
	try $p-tls_self -f "$(print_of self)"
	try $p-starttls_name -s s -f "$(print_of wrong)"
	try $p-tls_expired -f "$(print_of expired)"
	wait "${tries[@]}"
	for c in tls_self starttls_name tls_expired; do taken $p-$c "the pinned certificate is trusted"; done
done

# The right server, then the same one with somebody else's CA, and under a name that is not its own.
for p in imap pop3 smtp; do
	for way in tls starttls; do
		tries=()
		try $p-${way}_good -s $way -c "$TEST_DIR/ca/other.pem"
		wait "${tries[@]}"
		refused $p-${way}_good certificate "an unknown CA"
		tries=()
		try $p-${way}_good -s $way
		wait "${tries[@]}"
		taken $p-${way}_good "the right server gets both"
	done
done

# Without TLS: only with permission, only on loopback.
p=imap-strip
try $p -s plain
wait "${tries[@]}"
refused $p tls "no TLS without permission"
address=$(ip -4 -o address show scope global 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4; exit }')
if [ -n "$address" ]; then
	try $p -a -s plain -h "$address"
	wait "${tries[@]}"
	refused $p tls "no TLS beyond loopback"
fi
try $p -a -s plain
wait "${tries[@]}"
taken $p "on loopback with permission it goes"
figure "${#cases[@]} ways to be the wrong server: neither password nor token left"
servers_stop
done_testing
