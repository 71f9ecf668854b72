#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail servers that are not to be trusted: wicked.py CA_DIR LOG_DIR. Prints one line "CASE PORT" for each
case, named PROTOCOL-TRICK, then "ready". What a client says in a case, decrypted where there is TLS, is
appended to LOG_DIR/CASE.log.
"""
import pathlib
import select
import socket
import ssl
import sys
import threading
import warnings

CA, LOGS = map(pathlib.Path, sys.argv[1:3])
CERTS = {"good": "good", "self": "self", "name": "wrong", "expired": "expired", "early": "early", "purpose": "purpose"}
GREETING = {"imap": b"* OK here\r\n", "pop3": b"+OK here\r\n", "smtp": b"220 here\r\n"}
BEGIN = {"imap": b"STARTTLS", "pop3": b"STLS", "smtp": b"STARTTLS"}


def context(cert, old=None):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(CA / f"{cert}.pem", CA / f"{cert}.key")
    if old:
        warnings.simplefilter("ignore")
        c.set_ciphers("ALL:@SECLEVEL=0")
        c.minimum_version = c.maximum_version = old
    return c


def hold(connection, seconds=20):
    """Wait for the client to go away, without saying a word."""
    connection.settimeout(seconds)
    while connection.recv(4096):
        pass


class Talk:
    def __init__(self, connection, protocol, trick, log):
        self.c, self.protocol, self.trick, self.log = connection, protocol, trick, log

    def wrap(self, cert, old=None):
        self.c = context(cert, old).wrap_socket(self.c, server_side=True)

    def offers_tls(self):
        return self.trick.startswith("starttls") or self.trick in ("inject", "preauth", "plain")

    def answer(self, line):
        """What an honest server would say, all but the tricks."""
        word = line.split(b" ")
        if self.protocol == "pop3":
            if word[0] == b"AUTH":
                return b"+ \r\n"
            return b"+OK\r\n.\r\n" if word[0] in (b"UIDL", b"LIST") else b"+OK\r\n"
        if self.protocol == "smtp":
            if word[0] == b"EHLO":
                offer = b"250-STARTTLS\r\n" if self.offers_tls() else b""
                tab = b"250-AUTH PLAIN\tLOGIN\r\n" if self.trick == "tab" else b""
                return b"250-here\r\n" + offer + tab + b"250 AUTH PLAIN LOGIN XOAUTH2\r\n"
            if word[:2] == [b"AUTH", b"XOAUTH2"]:
                return b"334 \r\n"
            return b"235 ok\r\n" if word[0] == b"AUTH" else b"250 ok\r\n"
        if word[1:] == [b"AUTHENTICATE", b"XOAUTH2"]:
            self.tag = word[0]
            return b"+ \r\n"
        if len(word) == 1:
            return self.tag + b" OK done\r\n"
        untagged = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n", b"SELECT": b"* 0 EXISTS\r\n"}
        return untagged.get(word[1], b"") + word[0] + b" OK done\r\n"

    def agree(self, line):
        tag = line.split(b" ")[0]
        yes = {"imap": tag + b" OK go\r\n", "pop3": b"+OK go\r\n", "smtp": b"220 go\r\n"}[self.protocol]
        no = {"imap": tag + b" BAD what\r\n", "pop3": b"-ERR what\r\n", "smtp": b"500 what\r\n"}[self.protocol]
        if not self.offers_tls():
            self.c.sendall(no)
            return
        if self.trick == "inject":
            more = {"imap": b"2 OK injected\r\n", "pop3": b"+OK injected\r\n", "smtp": b"250 injected\r\n"}
            self.c.sendall(yes + more[self.protocol])
        else:
            self.c.sendall(yes)
        if self.trick == "plain":
            return
        self.wrap(CERTS.get(self.trick.partition("_")[2], "good"))

    def run(self):
        trick, _, cert = self.trick.partition("_")
        if trick == "silent":
            return hold(self.c)
        if trick == "drip":
            self.wrap("good")
            self.c.sendall({"imap": b"* OK ", "pop3": b"+OK ", "smtp": b"220-"}[self.protocol])
            while True:
                self.c.sendall(b".")
                select.select([self.c], [], [], 0.2)
        if trick == "old":
            self.wrap("good", {"10": ssl.TLSVersion.TLSv1, "11": ssl.TLSVersion.TLSv1_1}[cert])
        if trick == "tls":
            self.wrap(CERTS[cert])
        if trick == "hush":
            self.wrap("good")
            return hold(self.c)
        self.c.sendall(b"* PREAUTH here\r\n" if trick == "preauth" else GREETING[self.protocol])
        self.converse()

    def converse(self):
        pending = b""
        while True:
            got = self.c.recv(4096)
            if not got:
                return
            with self.log.open("ab") as f:
                f.write(got)
            pending += got
            while b"\n" in pending:
                line, _, pending = pending.partition(b"\n")
                if b"LOGOUT" in line or b"QUIT" in line:
                    return
                if BEGIN[self.protocol] in line.strip().upper().split(b" "):
                    self.agree(line.strip())
                else:
                    self.c.sendall(self.answer(line.strip()))


def serve(listener, protocol, trick):
    log = LOGS / f"{protocol}-{trick}.log"
    while True:
        connection, _ = listener.accept()

        def one():
            try:
                Talk(connection, protocol, trick, log).run()
            except (OSError, ssl.SSLError) as e:
                with log.open("ab") as f:
                    f.write(f"[{e}]\n".encode())
            connection.close()

        threading.Thread(target=one, daemon=True).start()


TRICKS = ["tls_good", "tls_self", "tls_name", "tls_expired", "starttls_good", "starttls_self", "starttls_name",
          "starttls_expired", "tls_early", "tls_purpose", "starttls_early", "starttls_purpose", "strip", "inject", "plain", "old_10", "old_11", "silent", "hush", "drip"]
CASES = [(p, t) for p in GREETING for t in TRICKS] + [("imap", "preauth"), ("smtp", "tab")]
for case in CASES:
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listening, *case), daemon=True).start()
    print("-".join(case), listening.getsockname()[1])
print("ready", flush=True)
threading.Event().wait()
