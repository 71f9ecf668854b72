#!/usr/bin/env python3
# winmail.dat: its files are parts of their own beside it, its text is the mail's when the mail has none; whatever is
# broken in it costs no more than itself.
import base64
import hashlib
import json
import os
import random
import struct
import subprocess
import sys

TOP, DIR, DOCKET = os.environ["TOP"], os.environ["TEST_DIR"], os.environ["DOCKET"]
sys.path.insert(0, TOP + "/tests/mail")
from tnef import attribute, compressed, prop, props, winmail, wrapped  # noqa: E402

count = failed = 0


def ok(good, what, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + ("" if good else f"\n# {why}"), flush=True)


def mail(packed, text=None):
    head = b"From: Erika <erika@post.example>\r\nTo: shop@docket.test\r\nSubject: winmail\r\nMIME-Version: 1.0\r\n"
    part = (b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(packed))
    if text is None:
        return head + part
    return (head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
            text.encode() + b"\r\n--b\r\n" + part + b"\r\n--b--\r\n")


def parse(raw, program=DOCKET):
    p = subprocess.run([program, "parse"], input=raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return json.loads(p.stdout.decode("utf-8", "strict")) if p.returncode == 0 else {"died": p.stderr.decode()[-600:]}


def is_(got, want, what):
    ok(got == want, what, f"got {got!r}, want {want!r}")


files = [("Rechnung für März.pdf", b"%PDF-1.4 x", None), ("bild.png", b"\x89PNG\r\n\x1a\n\0", "bild@shop"), ("leer.txt", b"", None)]
o = parse(mail(winmail(text="Verpackter Text", files=files), "Sichtbarer Text"))
is_(o["visible_text"], "Sichtbarer Text", "the mail's own text comes first")
is_([(a["filename"], a["type"]) for a in o["attachments"]], [("winmail.dat", "application/ms-tnef")], "the part stays what it is")
is_([(u["filename"], u["type"], u["size"], u["inline"], u["cid"]) for u in o["unpacked"]],
    [("Rechnung für März.pdf", "application/pdf", 10, False, None), ("bild.png", "image/png", 9, True, "bild@shop"),
     ("leer.txt", "text/plain", 0, False, None)], "its files are beside it")
o = parse(mail(winmail(text="Grüße — ☃", body=b"anders")))
is_((o["visible_text"], o["body_text"]), ("Grüße — ☃", None), "text in properties, where the mail has none")
is_(parse(mail(winmail(body="Grüße".encode("cp1252") + b"\0")))["visible_text"], "Grüße", "text in the old attribute, in its codepage")
is_(parse(mail(winmail(body="Привет".encode("cp1251"), codepage=1251)))["visible_text"], "Привет", "another codepage")
o = parse(mail(winmail(html="<p>Größe <b>42</b></p>".encode("cp1252"))))
is_((o["visible_text"], o["page"]), ("Größe 42", "<p>Größe <b>42</b></p>"), "HTML")
page = "<html><body><p>Guten Tag, die Größe ☃ ist <b>falsch</b> &amp; zu klein</p><p>Erika</p></body></html>"
o = parse(mail(winmail(rtf=compressed(wrapped(page)))))
is_(o.get("page"), page, "HTML wrapped into compressed RTF")
is_(o["visible_text"], "Guten Tag, die Größe ☃ ist falsch & zu klein\n\nErika", "and its text")
plain = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}\f0 Guten Tag\par\par Gr\'f6\'dfe {\b 42}\tab \u8364?\line ok \{x\}}"
is_(parse(mail(winmail(rtf=compressed(plain))))["visible_text"], "Guten Tag\n\nGröße 42\t€\nok {x}", "RTF alone becomes text")
is_(parse(mail(winmail(rtf=struct.pack("<IIII", 12 + len(plain), len(plain), 0x414c454d, 0) + plain)))["visible_text"][:9], "Guten Tag",
    "RTF that is not compressed")
o = parse(mail(winmail(files=[("../../etc/passwd", b"x", None), ("..", b"y", None), ("a\u202egpj.exe", b"z", None)])))
is_([u["filename"] for u in o["unpacked"]], ["passwd", None, "agpj.exe"], "names are made safe")

# Broken and hostile: an answer each time, under the sanitizers.
whole = winmail(text="Text", html=b"<p>x</p>", rtf=compressed(wrapped(page)), files=files)
random.seed(9)
broken = {f"cut at {n}": whole[:n] for n in random.sample(range(6, len(whole)), 24)}
for n in range(24):
    b = bytearray(whole)
    for _ in range(8):
        b[random.randrange(len(b))] = random.choice((0, 1, 0x7f, 0xff, random.randrange(256)))
    broken[f"bytes changed {n}"] = bytes(b)
head = struct.pack("<IH", 0x223e9f78, 1)
broken["a length of 4 GiB"] = head + struct.pack("<BII", 1, 0x69003, 0xffffffff) + b"x"
broken["4 billion properties"] = head + attribute(1, 0x69003, struct.pack("<I", 0xffffffff) + prop(0x1000, "x") * 3)
broken["4 billion values"] = head + attribute(1, 0x69003, props(struct.pack("<HHI", 0x1003, 0x1000, 0xffffffff)))
broken["a text of 4 GiB"] = head + attribute(1, 0x69003, props(struct.pack("<HHII", 0x1f, 0x1000, 1, 0xffffffff)))
broken["a name of 4 GiB"] = head + attribute(1, 0x69003, props(struct.pack("<HH", 3, 0x8000) + b"g" * 16 + struct.pack("<II", 1, 0xfffffffe)))
broken["RTF of 4 GiB"] = winmail(rtf=struct.pack("<IIII", 100, 0xffffffff, 0x75465a4c, 0) + b"\xff\x00\x0f" * 2000)
broken["RTF of no bytes"] = winmail(rtf=b"")
broken["deep RTF"] = winmail(rtf=compressed(b"{" * 5000 + b"x" + b"}" * 6000))
broken["a file before any"] = head + attribute(2, 0x6800f, b"x") + attribute(2, 0x18010, b"y\0")
for name, packed in broken.items():
    o = parse(mail(packed))
    ok("died" not in o, name, o.get("died"))
many = winmail(files=[("f", b"x", None)] * 3000)
is_(len(parse(mail(many))["unpacked"]), 500, "of 3,000 files the first 500")

# Through docket ingest: the bytes lie in the store.
subprocess.run([DOCKET, "account", "add", "Shop", "--address", "shop@docket.test"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
p = subprocess.run([DOCKET, "ingest", "--account", "Shop"], input=mail(winmail(files=files), "Text"), stdout=subprocess.PIPE,
                   stderr=subprocess.PIPE)
ok(p.returncode == 0, "docket ingest takes it", p.stderr.decode()[-400:])
rows = subprocess.run(["psql", "-AtXqc", "select name, sha256 from file order by id"], stdout=subprocess.PIPE, check=True).stdout.decode()
want = dict((n, hashlib.sha256(b).hexdigest()) for n, b, _ in files)
got = dict(line.split("|") for line in rows.split("\n") if line)
is_({n: got.get(n) for n in want}, want, "the files are attachments of the message, byte for byte")
ok("winmail.dat" in got, "and so is the original part", rows)
print(f"1..{count}")
sys.exit(failed > 0)
