# Hostile mails by name (battery of what mail readers stumble over): horrors.py FOLDER [SCALE]
import os, random, sys

folder, scale = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
head = b"From: Mallory <mallory@example.net>\r\nTo: shop@docket.test\r\nSubject: %s\r\n"
mixed = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


def n(count):
    return max(1, int(count * scale))


def nested(depth):
    out = bytearray()
    for i in range(depth):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
    return bytes(out) + b"\r\ninnermost\r\n"


def rfc822(depth):
    return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: innermost\r\n\r\nx\r\n"


random.seed(16)
part = b"--b\r\nContent-Disposition: attachment; filename=f\r\n\r\nx\r\n"
mails = {
    "attachments": mixed + part * n(10000) + b"--b--\r\n",
    "headers": b"X-A: b\r\n" * n(1000000) + b"\r\nx\r\n",
    "parts": nested(n(20000)),
    "mails": rfc822(n(20000)),
    "large": b"\r\n" + b"0123456789abcdef" * n(100 << 16),
    "lines": b"\r\n" + b"x\n" * n(4 << 20),
    "line": b"\r\n" + b"<" * n(8 << 20),
    "recipients": b"To: " + b", ".join(b"a%d@example.org" % i for i in range(n(100000))) + b"\r\n\r\nx\r\n",
    "references": b"References:" + b" <%d@example.org>" * n(300) % tuple(range(n(300))) + b"\r\n\r\nx\r\n",
    "words": b"X-Y: " + b"=?utf-8?q?=C3=A4?= " * n(100000) + b"\r\nSubject: " + b"=?utf-8?b?w6Q=?= " * n(100000) + b"\r\n\r\nx\r\n",
    "parameters": b"Content-Type: text/plain; " + b"; ".join(b"name*%d*=%%41" % i for i in range(n(50000))) + b"\r\n\r\nx\r\n",
    "fold": b"X-A:" + b"\r\n " * n(500000) + b"x\r\n\r\nx\r\n",
    "html": b"Content-Type: text/html\r\n\r\n" + b"<div><table><b>" * n(200000),
    "quotes": b"\r\n" + b"> " * n(500000) + b"\r\n" + b">" * n(500000) + b"\r\n",
    "uuencode": b"\r\n" + b"begin 644 a\r\n" * n(100000),
    "nul": b"X: \0\0\r\n\r\n\0\0text\0\r\n",
    "random": random.randbytes(n(1 << 20)),
    "utf7": b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AGE-" * n(100000),
    "charset": b"Content-Type: text/plain; charset=\"no\\\"such\0\xff\"\r\n\r\n\xff\xfe\xe4\r\n",
    "boundary": b"Content-Type: multipart/mixed; boundary=" + b"b" * n(100000) + b"\r\n\r\n--" + b"b" * n(100000) + b"\r\n\r\nx\r\n",
    "boundaries": mixed + b"--b\r\n" * n(500000),
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"====" * n(1 << 20),
    "cut": mixed + b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO",
    "empty": b"",
    "cr": b"Content-Type: text/plain\r\rx\r" * n(1000),
}
os.makedirs(folder, exist_ok=True)
for name, body in mails.items():
    with open(os.path.join(folder, name), "wb") as f:
        f.write(b"" if name == "empty" else body if name == "random" else head % name.encode() + body)
