#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line with faults in front of a mail server: faults.py SERVER_PORT FILE [PORT]. Prints its port. FILE says what goes wrong; it
is read again for each connection:

  none                     nothing
  cut N                    cut after N bytes of the server (below TLS, when the server speaks it)
  once N                   the same for the next connection only: FILE becomes "none" then
  answer N WORD WHEN       the Nth command of one client is answered NO, BAD or BYE; WHEN is before (the server never
                           hears the command) or after (it has carried it out); FILE becomes "none" then
  literal N                the next mail's length is told wrong by N bytes; FILE becomes "none" then
  flood N                  before each answer the server tells N times how many mails there are
  idle WORD                IDLE is answered WORD; EARLY: with lines ahead of the "+"
  poison TEXT              the line breaks whenever a mail with this text passes
  log NAME                 nothing, but what the client says is appended to NAME
"""
import pathlib
import re
import selectors
import socket
import sys
import threading

FILE = pathlib.Path(sys.argv[2])
ONCE = ("once", "answer", "literal")


class Cut(Exception):
    pass


class Line:
    def __init__(self, client, fault):
        self.client = client
        self.fault, *self.words = fault
        self.server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        self.left = int(self.words[0]) if self.fault in ("cut", "once") else None
        self.commands, self.tags, self.exists, self.waiting = 0, {}, 0, b""
        self.tail = b""

    def from_client(self, data):
        if self.fault == "log":
            with open(self.words[0], "ab") as f:
                f.write(data)
        if self.fault == "idle" and data.split()[1:2] == [b"IDLE"]:
            if self.words[0] != "EARLY":
                self.client.sendall(data.split()[0] + b" " + self.words[0].encode() + b" no\r\n")
                return
            self.client.sendall(b"* OK wait\r\n* FLAGS (\\Seen)\r\n")
        if self.fault != "answer":
            self.server.sendall(data)
            return
        # A command is a line that begins with a tag; literals do not occur.
        for line in data.splitlines(keepends=True):
            self.commands += 1
            tag = line.split(b" ")[0]
            if self.commands != int(self.words[0]):
                self.server.sendall(line)
            elif self.words[2] == "before":
                self.refuse(tag)
            else:
                self.tags[tag] = True
                self.server.sendall(line)

    def refuse(self, tag):
        if self.words[1] == "BYE":
            self.client.sendall(b"* BYE away\r\n")
            raise Cut
        self.client.sendall(tag + b" " + self.words[1].encode() + b" not today\r\n")

    def from_server(self, data):
        if self.left is not None:
            data = data[:self.left]
            self.left -= len(data)
        if self.fault == "poison":
            at = (self.tail + data).find(self.words[0].encode())
            if at >= 0:
                self.client.sendall(data[:max(0, at - len(self.tail))])
                raise Cut
            self.tail = (self.tail + data)[-100:]
        if self.fault == "answer" and self.tags:
            data = self.changed(data)
        if self.fault == "literal" and re.search(rb"BODY\[\] \{(\d+)\}", data):
            self.fault = "none"
            data = re.sub(rb"BODY\[\] \{(\d+)\}", lambda m: b"BODY[] {%d}" % max(0, int(m[1]) + int(self.words[0])), data, 1)
        if self.fault == "flood":
            for m in re.finditer(rb"^\* (\d+) (EXISTS|EXPUNGE)\r\n", data, re.M):
                self.exists = int(m[1]) if m[2] == b"EXISTS" else self.exists - 1
            if re.match(rb"[0-9a-z]+ OK", data.splitlines()[-1]):
                last = data.splitlines(keepends=True)[-1]
                lines = b"".join(b"* %d EXISTS\r\n* 0 RECENT\r\n" % self.exists for _ in range(int(self.words[0])))
                data = data[:-len(last)] + lines + last
        self.client.sendall(data)
        if self.left == 0:
            raise Cut

    def changed(self, data):
        """Withhold the answer until it is whole, then say something else."""
        self.waiting += data
        for tag in self.tags:
            if re.search(rb"^%s (OK|NO|BAD)[^\n]*\n" % re.escape(tag), self.waiting, re.M):
                self.refuse(tag)
                self.tags, self.waiting = {}, b""
        return b""

    def run(self):
        with selectors.DefaultSelector() as both:
            both.register(self.client, selectors.EVENT_READ)
            both.register(self.server, selectors.EVENT_READ)
            while True:
                for key, _ in both.select():
                    got = key.fileobj.recv(4096)
                    if not got:
                        return
                    if key.fileobj is self.client:
                        self.from_client(got)
                    else:
                        self.from_server(got)


def carry(client, fault):
    line = None
    try:
        line = Line(client, fault)
        line.run()
    except (Cut, OSError):
        pass
    client.close()
    if line:
        line.server.close()


listening = socket.create_server(("127.0.0.1", int(sys.argv[3]) if sys.argv[3:] else 0))
print(listening.getsockname()[1], flush=True)
while True:
    connection, _ = listening.accept()
    spec = FILE.read_text().split() or ["none"]
    if spec[0] in ONCE:
        FILE.write_text("none")
    threading.Thread(target=carry, args=(connection, spec), daemon=True).start()
