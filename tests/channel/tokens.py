#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands behind XOAUTH2: tokens.py TOKEN USER. An introspection server that knows one token of one user, an SMTP
server that takes it, and an IMAP and a POP3 server that are odd in the way the user's name says. Prints their ports.
"""
import base64
import http.server
import json
import socket
import sys
import threading
import urllib.parse

TOKEN, USER = sys.argv[1:3]
REFUSAL = base64.b64encode(b'{"status":"401","schemes":"bearer","scope":"mail"}')


class Introspection(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        known = urllib.parse.parse_qs(body).get("token") == [TOKEN]
        answer = json.dumps({"active": known, "email": USER} if known else {"active": False}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def heard(line):
    """User and token of an XOAUTH2 string."""
    fields = base64.b64decode(line).decode().split("\x01")
    return fields[0].removeprefix("user="), fields[1].removeprefix("auth=Bearer ")


def smtp(c, lines):
    c.sendall(b"220 here\r\n")
    for line in lines:
        word = line.split()[0].upper() if line.split() else b""
        if word == b"EHLO":
            c.sendall(b"250-here\r\n250 AUTH LOGIN XOAUTH2\r\n")
        elif word == b"AUTH":
            c.sendall(b"334 \r\n")
            user, token = heard(next(lines))
            if token == "busy":
                c.sendall(b"454 4.7.0 later\r\n")
            elif (user, token) == (USER, TOKEN):
                c.sendall(b"235 ok\r\n")
            elif user == "none":
                c.sendall(b"535 5.7.3 no\r\n")
            else:
                c.sendall(b"334 " + REFUSAL + b"\r\n")
                empty = next(lines) == b""
                c.sendall(b"535 5.7.8 over\r\n" if empty else b"501 an empty line was wanted\r\n")
        elif word == b"DATA":
            c.sendall(b"354 go\r\n")
            while next(lines) != b".":
                pass
            c.sendall(b"250 ok\r\n")
        else:
            c.sendall(b"250 ok\r\n")


def odd(c, lines, imap):
    c.sendall(b"* OK here\r\n" if imap else b"+OK here\r\n")
    line = next(lines)
    tag = line.split()[0] + b" " if imap else b""
    c.sendall(b"+ \r\n")
    trick = heard(next(lines))[0]
    if trick == "no":  # without a challenge
        c.sendall(tag + (b"NO no\r\n" if imap else b"-ERR no\r\n"))
    elif trick == "bye":
        c.sendall(b"* BYE away\r\n" if imap else b"")
    elif trick == "ok":  # then it speaks in riddles
        c.sendall(tag + (b"OK fine\r\n" if imap else b"+OK fine\r\n"))
        next(lines)
        c.sendall(b"(*#!\r\n")
    else:
        threading.Event().wait(20)


def serve(speak):
    listening = socket.create_server(("127.0.0.1", 0))

    def one(c):
        try:
            speak(c, (line.rstrip(b"\r\n") for line in c.makefile("rb")))
        except (OSError, StopIteration, RuntimeError):
            pass
        c.close()

    def accept():
        while True:
            threading.Thread(target=one, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listening.getsockname()[1]


http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
threading.Thread(target=http_server.serve_forever, daemon=True).start()
print(http_server.server_port, serve(smtp), serve(lambda c, l: odd(c, l, True)), serve(lambda c, l: odd(c, l, False)), flush=True)
threading.Event().wait()
