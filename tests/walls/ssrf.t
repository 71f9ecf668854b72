#!/usr/bin/env bash
# No address, however it is written and wherever it sends on to, makes docket connect into the house: each connection
# that libcurl tries is recorded where it is made. Addresses of the internet are tried, so that the recorder is seen to work.
. "$TOP/tests/lib.sh"
. "$TOP/tests/lib/servers.sh"
probe=$TOP/build/tests/channel/web_probe
ca_make "$TEST_DIR/ca" || exit 1
start capture python3 "$TOP/tests/lib/capture.py" "$TEST_DIR/ca/good.pem" "$TEST_DIR/ca/good.key" "$TEST_DIR/asked"
wait_for 'grep -q ready "$TEST_DIR/capture.log"' || exit 1
declare -A port
while read -r name number; do port[$name]=$number; done <"$TEST_DIR/capture.log"
here=localhost:${port[https]}
# Whatever stands in the environment, no proxy is used.
export https_proxy=http://127.0.0.1:3128 http_proxy=http://127.0.0.1:3128 ALL_PROXY=socks5://127.0.0.1:1080

# What the names of these addresses lead to; / = the next time.
cat >"$TEST_DIR/names" <<-'NAMES'
	inside.test 10.0.0.8
	both.test 93.184.216.34 127.0.0.1
	six.test ::1
	mapped.test ::ffff:127.0.0.1
	nat64.test 64:ff9b::7f00:1
	rebind.test 93.184.216.34 / 127.0.0.1
	meta.test 169.254.169.254
	localhost.localdomain 127.0.0.1
	ip6-localhost ::1
	public.test 93.184.216.34
	public6.test 2a00:1450:4001:80b::200e
	localtest.test. 127.0.0.1
	db 172.18.0.2
NAMES

# --- addresses that lead into the house or are none -----------------------------------------------------------
cat >"$TEST_DIR/wicked" <<-'URLS'
	https://127.0.0.1/
	https://127.1/
	https://127.0.1/
	https://2130706433/
	https://0x7f000001/
	https://0x7f.0.0.1/
	https://0x7f.1/
	https://0177.0.0.1/
	https://017700000001/
	https://127.0.0.1./
	https://127.255.255.254/
	https://0/
	https://0.0.0.0/
	https://00.00.00.00/
	https://4294967295/
	https://10.0.0.1/
	https://10.255.255.255/
	https://167772161/
	https://100.64.0.1/
	https://100.127.255.254/
	https://169.254.169.254/latest/meta-data/
	https://2852039166/
	https://0xa9fea9fe/
	https://0251.0376.0251.0376/
	https://172.16.0.1/
	https://172.31.255.254/
	https://192.0.0.1/
	https://192.0.0.170/
	https://192.0.2.1/
	https://192.88.99.1/
	https://192.168.0.1/
	https://192.168.255.254/
	https://198.18.0.1/
	https://198.19.255.254/
	https://198.51.100.7/
	https://203.0.113.7/
	https://224.0.0.1/
	https://239.255.255.250/
	https://240.0.0.1/
	https://255.255.255.255/
	https://[::]/
	https://[::1]/
	https://[0:0:0:0:0:0:0:1]/
	https://[0000:0000:0000:0000:0000:0000:0000:0001]/
	https://[::ffff:127.0.0.1]/
	https://[::ffff:7f00:1]/
	https://[::ffff:10.0.0.1]/
	https://[::ffff:a9fe:a9fe]/
	https://[::127.0.0.1]/
	https://[64:ff9b::7f00:1]/
	https://[64:ff9b::169.254.169.254]/
	https://[64:ff9b:1::1]/
	https://[100::1]/
	https://[2001::1]/
	https://[2001:db8::1]/
	https://[2002:7f00:1::]/
	https://[2002:a9fe:a9fe::]/
	https://[3fff::1]/
	https://[fc00::1]/
	https://[fd00:ec2::254]/
	https://[fe80::1]/
	https://[fe80::1%25lo]/
	https://[fec0::1]/
	https://[ff02::1]/
	https://localhost/
	https://LOCALHOST/
	https://localhost./
	https://localhost.localdomain/
	https://ip6-localhost/
	https://db/
	https://inside.test/
	https://six.test/
	https://mapped.test/
	https://nat64.test/
	https://meta.test/
	https://127。0。0。1/
	https://①②⑦.⓪.⓪.①/
	https://127%2e0%2e0%2e1/
	https://public.test@127.0.0.1/
	https://public.test:443@127.0.0.1/
	https://user:word@public.test/
	https://public.test#@127.0.0.1:5432/
	https://public.test:5432/
	https://public.test:25/
	https://public.test:22/
	https://public.test:6379/
	https://public.test:8443/
	http://public.test/
	http://127.0.0.1/
	ftp://public.test/
	gopher://127.0.0.1:6379/_SET%20a%20b
	file:///etc/passwd
	dict://127.0.0.1:11211/stats
	ldap://127.0.0.1/
	smtp://127.0.0.1/
	telnet://127.0.0.1/
	unix:///run/postgresql/.s.PGSQL.5432
	//127.0.0.1/
	https:127.0.0.1
	https:///127.0.0.1/
	https://public.test\@127.0.0.1/
	https://
	/etc/passwd
URLS
sed -i '/#@127/d' "$TEST_DIR/wicked" # its host is public.test: it stands among the good ones
wicked=$(wc -l <"$TEST_DIR/wicked")
"$probe" -n "$TEST_DIR/names" <"$TEST_DIR/wicked" >"$TEST_DIR/told" 2>"$TEST_DIR/told.err"
ok "the probe ends well" [ $? = 0 ]
is "$(grep -c ^connect "$TEST_DIR/told")" 0 "$wicked wicked addresses: 0 connections" || diag "$(grep -B1 ^connect "$TEST_DIR/told")"
is "$(grep -cE '^error (forbidden|url|name):' "$TEST_DIR/told")" "$wicked" "each is refused, and by a code that says so" ||
	diag "$(grep -vE '^(ask|error (forbidden|url|name))' "$TEST_DIR/told"; tail -5 "$TEST_DIR/told.err")"
is "$(cat "$TEST_DIR/asked")" "" "nobody was asked"

# --- http allowed, too: only the scheme is another ------------------------------------------------------------------
sed 's/^https:/http:/' "$TEST_DIR/wicked" | grep -v '^http://public.test/' | "$probe" -p -n "$TEST_DIR/names" >"$TEST_DIR/told"
is "$(grep -c ^connect "$TEST_DIR/told")" 0 "the same by http, where that is allowed: 0 connections" || diag "$(grep -B1 ^connect "$TEST_DIR/told")"

# --- sent on by a server that may be asked ----------------------------------------------------------------------------
while IFS= read -r url; do
	printf 'https://%s/go?to=%s\n' "$here" "$(jq -rn --arg u "$url" '$u | @uri')"
done <"$TEST_DIR/wicked" >"$TEST_DIR/sent-on"
: >"$TEST_DIR/asked"
"$probe" -n "$TEST_DIR/names" -a "$here" -c "$TEST_DIR/ca/ca.pem" -r "${port[https]}" -h 3 <"$TEST_DIR/sent-on" >"$TEST_DIR/told"
is "$(grep -c '^connect' "$TEST_DIR/told")" "$(grep -c "^connect .* ${port[https]}\$" "$TEST_DIR/told")" \
	"redirections to each of them: no connection but to the server that sent on" ||
	diag "$(grep '^connect' "$TEST_DIR/told" | grep -v " ${port[https]}\$")"
ok "and that one was asked each time" [ "$(wc -l <"$TEST_DIR/asked")" -ge "$wicked" ]

# --- a name that leads elsewhere the second time ----------------------------------------------------------------------
printf 'https://rebind.test/\nhttps://rebind.test/\nhttps://rebind.test/\n' | "$probe" -n "$TEST_DIR/names" >"$TEST_DIR/told"
is "$(grep -c '^connect 93.184.216.34 443$' "$TEST_DIR/told") $(grep -c ^connect "$TEST_DIR/told")" "1 1" "rebinding: the address that is connected to is the one that was judged"
printf 'https://both.test/\n' | "$probe" -n "$TEST_DIR/names" >"$TEST_DIR/told"
is "$(grep ^connect "$TEST_DIR/told")" "connect 93.184.216.34 443" "a name with an address inside and one outside: only that outside"

# --- what is asked ------------------------------------------------------------------------------------------------------
cat >"$TEST_DIR/good" <<-'URLS'
	https://public.test/a.png
	https://public.test:443/
	https://public6.test/
	https://93.184.216.34/
	https://8.8.8.8/
	https://100.63.255.255/
	https://100.128.0.1/
	https://172.15.0.1/
	https://172.32.0.1/
	https://192.0.1.1/
	https://192.167.0.1/
	https://198.17.0.1/
	https://198.20.0.1/
	https://223.255.255.254/
	https://[2606:4700::1111]/
	https://[2a02:2e0::1]/
	https://public.test/#@127.0.0.1:5432/
URLS
"$probe" -n "$TEST_DIR/names" <"$TEST_DIR/good" >"$TEST_DIR/told"
is "$(grep -c ^connect "$TEST_DIR/told")" "$(wc -l <"$TEST_DIR/good")" "addresses of the internet are asked, all $(wc -l <"$TEST_DIR/good")" || diag "$(cat "$TEST_DIR/told")"

# --- by leave, and what a question looks like -------------------------------------------------------------------------------
ask() { "$probe" -n "$TEST_DIR/names" -a "other:1 $here,127.0.0.1:${port[https]}" -c "$TEST_DIR/ca/ca.pem" -r "${port[https]}" "$@" >"$TEST_DIR/told" 2>&1; }
: >"$TEST_DIR/asked"
printf 'https://%s/hello\n' "$here" | HOME=$TEST_DIR ask
like "$(grep '^answer' "$TEST_DIR/told")" "answer 200 5 hello" "what the administrator allowed is asked, inside and on another port"
is "$(jq -r '.headers | keys | join(" ")' "$TEST_DIR/asked")" "accept host user-agent" "a question says no more than it must: no cookie, no referrer"
is "$(jq -r '.headers["user-agent"]' "$TEST_DIR/asked")" docket "one name for whoever asks"
printf 'https://%s/\n' "LocalHost:${port[https]}" | ask
like "$(grep '^answer' "$TEST_DIR/told")" "answer 200" "case of the name says nothing"
printf 'https://localhost:%s/\n' "${port[http]}" | ask
like "$(cat "$TEST_DIR/told")" "error forbidden" "another port of the same host stays closed"
: >"$TEST_DIR/asked"
printf 'https://%s/go?to=/go%%3Fto%%3D/hello\n' "$here" | ask -h 2
like "$(grep '^answer' "$TEST_DIR/told")" "answer 200 5 hello" "two redirections are followed where two may be"
is "$(jq -s 'map(select(.headers.cookie)) | length' "$TEST_DIR/asked")" 0 "a cookie set on the way is not brought along"
printf 'https://%s/go?to=/go%%3Fto%%3D/hello\n' "$here" | ask -h 1
like "$(cat "$TEST_DIR/told")" "error hops" "no more than may be"
printf 'https://%s/go?to=/hello\n' "$here" | ask
like "$(cat "$TEST_DIR/told")" "answer 302" "none where none may be"
: >"$TEST_DIR/asked"
printf 'https://%s/token\n' "$here" | ask -f 'a=1&b=%20'
is "$(jq -r '.method + " " + .body + " " + .headers["content-type"]' "$TEST_DIR/asked")" "POST a=1&b=%20 application/x-www-form-urlencoded" "a form is posted"
printf 'https://%s/go?to=/token\n' "$here" | ask -h 3 -f 'secret=1'
is "$(jq -s 'map(select(.path == "/token")) | length' "$TEST_DIR/asked")" 1 "and never sent on"

# --- ends of size, time and trust ---------------------------------------------------------------------------------------
printf 'https://%s/big?n=100000\n' "$here" | ask -l 50000
like "$(cat "$TEST_DIR/told")" "error size" "an answer that is too large is left"
printf 'https://%s/big?n=100000\n' "$here" | ask -l 200000
like "$(cat "$TEST_DIR/told")" "answer 200 100" "one that is not is taken"
printf 'https://%s/drip\n' "$here" | ask -s 1
like "$(cat "$TEST_DIR/told")" "error timeout" "a server that drips has its second, no more"
printf 'https://%s/\n' "$here" | ask -c "$TEST_DIR/ca/other.pem"
like "$(cat "$TEST_DIR/told")" "error certificate" "a certificate of another authority is refused"
printf 'https://public.test:%s/\n' "${port[https]}" |
	"$probe" -n <(echo "public.test 127.0.0.1") -a "public.test:${port[https]}" -c "$TEST_DIR/ca/ca.pem" -r "${port[https]}" >"$TEST_DIR/told"
like "$(cat "$TEST_DIR/told")" "error certificate" "a certificate of another name is refused"
figure "$wicked addresses by https, http and redirection: 0 connections into the house; $(wc -l <"$TEST_DIR/good") of the internet asked"

# Nor is an account a way into the house: its servers are the internet's, or those that docket.conf names.
add_agent anna 'Anna Berger' Administrator
"$DOCKET" key init >/dev/null
start house python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
while True: s.accept(); print("knock", flush=True)'
wait_for '[ -s "$TEST_DIR/house.log" ]'
port=$(cat "$TEST_DIR/house.log")
tried() { # HOST: what a trial of an account there ends with
	call anna POST /mail/trials "{\"address\": \"a@shop.test\", \"host\": \"$1\", \"port\": $port, \"password\": \"x\"}"
	local id=$(jq .id <<<"$body")
	"$DOCKET" send --once >>"$TEST_DIR/trial.log" 2>&1
	call anna GET "/mail/trials/$id"
	jq -r '[.steps[] | select(.state == "bad")][0].code' <<<"$body"
}
sed -i '/^mail_allow/d' "$DOCKET_CONFIG"
for host in localhost 127.0.0.1 10.0.0.1 169.254.169.254 ::1; do
	is "$(tried $host)" private "an account at $host is not tried"
done
printf 'x\n' | "$DOCKET" account add Haus --address haus@shop.test --imap "localhost:$port" >/dev/null
"$DOCKET" poll --account Haus >"$TEST_DIR/poll.log" 2>&1
rows "select error_code from account where name = 'Haus'" private 'nor fetched'
is "$(wc -l <"$TEST_DIR/house.log")" 1 'nobody knocked'
echo "mail_allow = localhost:$port" >>"$DOCKET_CONFIG"
like "$(tried localhost)" '^(tls|certificate|timeout|connect|gone|protocol)$' 'one that docket.conf names is'
wait_for 'grep -q knock "$TEST_DIR/house.log"'
ok 'there somebody knocks'
done_testing
