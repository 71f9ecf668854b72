#!/usr/bin/env bash
# FastCGI by whoever reaches the socket: cut off at every byte, wrong in every field, silent: workers live on.
. "$TOP/tests/lib.sh"
. "$TOP/tests/http/web.sh"
people
echo 'stuck_after = 2' >>"$DOCKET_CONFIG"
serve_up 2
ok 'serve'
master=${running[serve]}
before=$(pgrep -P "$master" | sort | xargs)
python3 - "$TEST_DIR/serve.sock" >"$TEST_DIR/tried" <<'PY'
import random, socket, struct, sys
def record(kind, body=b"", number=1, version=1, pad=0):
    return struct.pack(">BBHHBB", version, kind, number, len(body), pad, 0) + body + b"\0" * pad
def pair(k, v): # lengths of up to 127, else four bytes
    f = lambda n: struct.pack("B", n) if n < 128 else struct.pack(">I", n | 1 << 31)
    return f(len(k)) + f(len(v)) + k + v
params = pair(b"REQUEST_METHOD", b"GET") + pair(b"REQUEST_URI", b"/api/v1/meta") + pair(b"X", b"y" * 300)
begin = record(1, struct.pack(">HB5x", 1, 0))
whole = begin + record(4, params, pad=3) + record(4) + record(5)
def send(data, read=True):
    s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
    out = b""
    try:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        while read and (part := s.recv(65536)): out += part
    except OSError: pass
    s.close()
    return out
assert b'"name":"docket"' in send(whole), "a whole request"
n = 1
for cut in range(len(whole)): send(whole[:cut]); n += 1
for data in (record(1, struct.pack(">HB5x", 1, 0), version=9) + whole, record(1, struct.pack(">HB5x", 1, 0), number=0),
             record(1, struct.pack(">HB5x", 1, 0), number=65535) + record(4, number=65535), record(99, b"x" * 100), record(4, params) + begin,
             begin + record(4, b"\xff\xff\xff\xff\xff\xff\xff\xff" + b"a" * 50) + record(4) + record(5),
             begin + record(4, b"\x7f\xff") + record(4) + record(5), begin + record(5, b"body first") + record(4, params) + record(4),
             begin + record(2), record(9, pair(b"FCGI_MAX_CONNS", b"")), record(1, b"\0"), record(1, struct.pack(">HB5x", 2, 0)),
             begin + record(4, pair(b"A", b"b") * 8000) + record(4) + record(5),
             begin + b"".join(record(4, pair(b"K%d" % i, b"v" * 9000)) for i in range(40)) + record(4) + record(5)):
    send(data); n += 1
random.seed(7)
for i in range(300):
    bad = bytearray(whole)
    for _ in range(random.randint(1, 6)): bad[random.randrange(len(bad))] = random.randrange(256)
    send(bytes(bad), read=False); n += 1
print(n, "requests that were wrong or cut")
PY
ok 'all of them were sent'; figure "$(cat "$TEST_DIR/tried")"
wait_for '[ "$(curl -s -m 5 -o /dev/null -w "%{http_code}" "$URL/api/v1/meta")" = 200 ]' 10; ok 'serve answers'
is "$(grep -cE 'AddressSanitizer|runtime error|signal=(6|11)' "$TEST_DIR/serve.log")" 0 'no worker crashed'
# Somebody who connects and says half a word holds a worker for stuck_after at most
python3 - "$TEST_DIR/serve.sock" <<'PY' &
import socket, sys, time
held = []
for _ in range(2):
    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b"\x01\x01\x00"); held.append(s)
for s in held: s.recv(1)
PY
holding=$!
wait $holding 2>/dev/null
wait_for '[ "$(curl -s -m 5 -o /dev/null -w "%{http_code}" "$URL/api/v1/meta")" = 200 ]' 15; ok 'half a record holds a worker for a while only'
done_testing
