# Mails that wait as docket poll would leave them, read all at once: source it after lib.sh and people.sh.
key=$(sed -n 's/^reply_key = //p' "$DOCKET_CONFIG")
# What docket signs: TICKET ACCOUNT
sign() {
	python3 -c 'import base64, hashlib, hmac, sys
key = open(sys.argv[1]).read().strip().encode()
print(base64.b32encode(hmac.new(key, f"{sys.argv[2]}:{sys.argv[3]}".encode(), hashlib.sha256).digest()[:16]).decode().lower().rstrip("="))' "$key" "$1" "$2"
}
# mail FROM TO SUBJECT [HEADER...]: one that waits, its text in $text; ref is its Message-ID ($mid), $account its account.
# whole: the same with the bytes on standard input. flush: all that wait are read, in their order.
numbered=0
mkdir -p "$TEST_DIR/mails"
: >"$TEST_DIR/mails/first"
whole() {
	local waiting=("$TEST_DIR"/mails/*)
	cat >"$TEST_DIR/mails/$(printf %04d ${#waiting[@]}).${account:-1}"
}
mail() {
	numbered=$((numbered + 1))
	ref=${mid:-m$numbered@sender.example}
	{
		[ $# -lt 4 ] || printf '%s\r\n' "${@:4}"
		printf 'From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\n\r\n%s\r\n' "$1" "$2" "$3" "$ref" "${text:-Zeile $numbered}"
	} >"$TEST_DIR/mail"
	whole <"$TEST_DIR/mail"
}
flush() {
	local sha file
	sha256sum "$TEST_DIR"/mails/0* | while read -r sha file; do
		mkdir -p "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}"
		mv "$file" "$TEST_DIR/blobs/${sha:0:2}/${sha:2:2}/$sha"
		echo "insert into inbound (account_id, sha256, size) values (${file##*.}, '$sha', 1000);"
	done | psql -qX
	"$DOCKET" work --once 2>>"$TEST_DIR/work.log"
}
# of REF: the ticket it went to.
of() { sql "select ticket_id from message where ref = '$1' order by id desc limit 1"; }
version() { sql "select version from ticket where id = $1"; }
