# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server on loopback that keeps every question: capture.py CERT KEY LOG. It prints "https PORT" and "http PORT",
then "ready". A question is one line of LOG: JSON with its host, method, path, headers and body; a connection is one
byte of LOG.connections.
/go?to=URL sends on, /status/N, /big?n=BYTES, /drip never ends, /png /jpeg /gif /webp /svg /html /dot are pictures
and what is none; everything else is "hello"."""
import http.server
import json
import pathlib
import select
import ssl
import struct
import sys
import threading
import urllib.parse
import zlib

CERT, KEY, LOG = sys.argv[1:4]
guard = threading.Lock()


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + b"\xc8\x20\x40" * width
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))


GIF = b"GIF89a" + struct.pack("<HH", 40, 30) + b"\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x28\0\x1e\0\0\x02\x02\x44\x01\0;"
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x27\x40\x07\0\x07\x10\xf5\x8f\xfe\x07\x22\x02"
JPEG = (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08" + struct.pack(">HH", 30, 40) +
        b"\x01\x01\x11\0\xff\xd9")
BODIES = {
    "/png": ("image/png", png(40, 30)),
    "/lying": ("text/html", png(41, 31)),
    "/dot": ("image/png", png(1, 1)),
    "/gif": ("image/gif", GIF),
    "/webp": ("image/webp", WEBP),
    "/jpeg": ("image/jpeg", JPEG),
    "/svg": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "/html": ("image/png", b"<!doctype html><script>alert(1)</script>"),
    "/flood": ("image/png", png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 60000, 60000))),
    "/cut": ("image/png", b"\x89PNG\r\n\x1a\n\0\0"),
}


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def keep(self, body):
        with guard, open(LOG, "a") as f:
            f.write(json.dumps({"host": self.headers.get("Host"), "method": self.command, "path": self.path,
                                "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}) + "\n")

    def say(self, status, kind, body, more=()):
        self.send_response_only(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *more):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.keep("")
        where = urllib.parse.urlsplit(self.path)
        ask = dict(urllib.parse.parse_qsl(where.query))
        # A name may stand behind the picture, so that each is one of its own: /png/3
        body = BODIES.get("/" + where.path.split("/")[1])
        if where.path == "/go":
            self.say(302, "text/plain", b"", [("Location", ask["to"]), ("Set-Cookie", "a=b; Path=/")])
        elif where.path.startswith("/status/"):
            self.say(int(where.path[8:]), "text/plain", b"no")
        elif where.path == "/big":
            self.say(200, "image/png", png(40, 30) + bytes(int(ask["n"])))
        elif where.path == "/drip":
            self.send_response_only(200)
            self.end_headers()
            while True:
                self.wfile.write(b".")
                select.select([], [], [], 0.1)
        else:
            self.say(200, *(body or ("text/plain", b"hello")))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
        self.keep(body)
        self.say(200, "application/json", b'{"you said": ' + json.dumps(body).encode() + b"}")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self):
        with guard, open(LOG + ".connections", "a") as f:
            f.write(".")
        return super().get_request()

    def handle_error(self, *_):
        pass  # whoever asked went away


pathlib.Path(LOG).touch()
pathlib.Path(LOG + ".connections").touch()
secure, open_ = Server(("127.0.0.1", 0), Answer), Server(("127.0.0.1", 0), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERT, KEY)
# Shaking hands is each connection's own business: none may keep the next one waiting.
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
for name, server in (("https", secure), ("http", open_)):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(name, server.server_address[1])
print("ready", flush=True)
threading.Event().wait()
