#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that does what the local parts of its recipients say: fates.py FOLDER [CONNECTION_FATE].

Prints its port. A mail that it takes becomes a line "MESSAGE-ID RECIPIENT" per recipient in FOLDER/taken; each
MAIL FROM becomes a line in FOLDER/said. FOLDER/fate, read anew for each connection, is a fate of all of it:
refuse, later, stall (no greeting), noehlo, size (takes 100 bytes), bare (no extensions), slow (a byte at a time,
a tenth of a second between), mail-stall, mail-drop, grey (451 for each recipient that is seen first).
Recipients: no-* 550, later-* 451, drop-* closes at RCPT, and after the final dot of a mail to them:
dot-drop-* closes without an answer (the mail is taken), dot-later-* 451, dot-no-* 554, dot-stall-* says nothing;
data-stall-* says nothing to DATA, data-drop-* closes there, data-no-* 554.
"""
import asyncio
import pathlib
import re
import sys

HOME = pathlib.Path(sys.argv[1])
seen = set()


def note(name, line):
    with open(HOME / name, "a") as f:
        f.write(line + "\n")


class Session:
    def __init__(self, reader, writer):
        self.r, self.w = reader, writer
        self.fate = (HOME / "fate").read_text().strip() if (HOME / "fate").exists() else ""
        self.to = []

    async def say(self, text):
        for line in text.split("\n"):
            data = (line + "\r\n").encode()
            if self.fate != "slow":
                self.w.write(data)
                continue
            for k in range(len(data)):
                self.w.write(data[k : k + 1])
                await self.w.drain()
                await asyncio.sleep(0.1)
        await self.w.drain()

    async def silence(self):
        while await self.r.read(4096):
            pass
        raise ConnectionError

    def is_to(self, prefix):
        return any(a.startswith(prefix) for a in self.to)

    async def run(self):
        if self.fate == "stall":
            await self.silence()
        if self.fate == "refuse":
            return await self.say("554 not today")
        if self.fate == "later":
            return await self.say("421 come back later")
        await self.say("220 fates")
        while line := await self.r.readline():
            word = line.decode("latin-1").strip()
            verb = word.split(" ")[0].upper()
            if verb == "QUIT":
                return await self.say("221 bye")
            await getattr(self, "on_" + verb.lower(), self.on_other)(word)

    async def on_other(self, word):
        await self.say("250 fine" if word.upper().startswith("RSET") else "502 no")

    async def on_ehlo(self, word):
        if self.fate == "noehlo":
            return await self.say("502 no EHLO here")
        more = {"bare": [], "size": ["SIZE 100", "8BITMIME"]}.get(self.fate, ["SIZE 1000000", "8BITMIME", "DSN", "PIPELINING"])
        names = ["fates"] + more
        await self.say("\n".join(f"250{'-' if k + 1 < len(names) else ' '}{n}" for k, n in enumerate(names)))

    async def on_mail(self, word):
        note("said", word)
        self.to = []
        if self.fate == "mail-stall":
            await self.silence()
        if self.fate == "mail-drop":
            raise ConnectionError
        await self.say("250 fine")

    async def on_rcpt(self, word):
        address = re.search("<(.*?)>", word).group(1)
        if address.startswith("drop-"):
            raise ConnectionError
        if address.startswith("no-"):
            return await self.say("550 5.1.1 nobody of that name")
        if address.startswith("later-") or self.fate == "grey" and address not in seen:
            seen.add(address)
            return await self.say("451 4.7.1 greylisted, come back later")
        self.to.append(address)
        await self.say("250 fine")

    async def on_data(self, word):
        if self.is_to("data-stall-"):
            await self.silence()
        if self.is_to("data-drop-"):
            raise ConnectionError
        if self.is_to("data-no-"):
            return await self.say("554 no data")
        await self.say("354 go on")
        mail = b""
        while not mail.endswith(b"\r\n.\r\n"):
            mail += await self.r.readuntil(b"\n")
        if self.is_to("dot-no-"):
            return await self.say("554 5.7.1 spam")
        if self.is_to("dot-later-"):
            return await self.say("451 4.3.0 full")
        ref = re.search(rb"(?im)^message-id: <(.*?)>", mail).group(1).decode()
        for address in self.to:
            note("taken", f"{ref} {address}")
        if self.is_to("dot-stall-"):
            await self.silence()
        if self.is_to("dot-drop-"):
            raise ConnectionError
        await self.say("250 taken")


async def serve(reader, writer):
    try:
        await Session(reader, writer).run()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
