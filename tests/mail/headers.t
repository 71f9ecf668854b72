#!/usr/bin/env python3
# What leaves: 3,000 drafts of random headers (umlauts, emoji, RTL marks, 1,000 characters, commas and quotes in names, ids
# by the hundred, and CR, LF and other controls) are refused, or read by Python's parser exactly as they were written:
# no other header, none doubled, no line over 998, nothing of 8 bit.
import email
import email.header
import email.utils
import json
import os
import random
import re
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
random.seed(int(os.environ.get("SEED", "34")))
N = 20000 if os.environ.get("SIZE") == "full" else 3000
PIECES = ["Re: ", "[#4711]", "Größe", "Straße", "灯坏了", "👍🏽", "👨‍👩‍👧", "\u202eabc\u202c", "\u200f", "שלום", "مرحبا", ",", ";", ":", "\"", "\\", "'", "<a@b.c>",
          "(x)", "=?utf-8?q?x?=", "=?", "?=", "_", "=3D", "a", " ", "  ", "\u00a0", "e\u0301", "x" * 70, "ä" * 80, "Bcc: y@z.example", "@", "%0d%0a", "\ufffd", ".", "--"]
EVIL = ["\r\n", "\n", "\r", "\r\nBcc: evil@example.org", "\n\nevil", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\r\n X", "\t"]
LOCAL = "abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+-/=?^_`{|}~"
seen = {"refused": 0, "composed": 0}


def phrase(most):
    s = "".join(random.choice(PIECES) for _ in range(random.randrange(0, most)))
    if random.random() < 0.05:
        s = (s * 1000)[:1000]
    if random.random() < 0.04:
        at = random.randrange(len(s) + 1)
        s = s[:at] + random.choice(EVIL) + s[at:]
    return s


def address():
    if random.random() < 0.02:
        return random.choice(["a@b\r\nRCPT TO:<x@y>", "a b@c.example", "<a@b.c>", "a@b@c", "ä@b.example", "", "a@b.c,d@e.f", "x" * 250 + "@b.c"])
    local = "".join(random.choice(LOCAL) for _ in range(random.randrange(1, 20))).strip(".")
    return re.sub(r"\.+", ".", "x" + local) + "@" + random.choice(["post.example", "xn--grsse-kva.example", "a" * 60 + ".example", "[192.0.2.1]"[:0] or "b.example"])


def person():
    return [random.choice([None, "", phrase(5), phrase(5)]), address()]


def ident():
    if random.random() < 0.01:
        return random.choice(["a b", "<x@y>", "x@y\r\nBcc: z", ""])
    return "".join(random.choice(LOCAL + "@:[]") for _ in range(random.choice((1, 20, 80, 300)))) + "@x"


def draft():
    d = {"from": person(), "to": [person() for _ in range(random.choice((1, 1, 1, 2, 5, 60)))], "cc": [person() for _ in range(random.choice((0, 0, 2)))],
         "subject": phrase(random.choice((3, 10, 40))), "message_id": f"dk.{random.randrange(9**9)}@shop.example", "docket_id": "shop.example",
         "references": [ident() for _ in range(random.choice((0, 1, 3, 20, 21, 120)))], "date": random.randrange(4 * 10**9) * 10**6,
         "text": phrase(30) + "\nFrom x\n.\n" + "long " * random.randrange(300) + "y" * random.choice((0, 3000)), "automatic": random.choice([None, "auto-replied"])}
    if random.random() < 0.5:
        d["html"] = "<p>" + d["text"] + "</p>"
    if random.random() < 0.5:
        d["in_reply_to"] = d["references"][-1] if d["references"] else "a@b"
    if random.random() < 0.5:
        d["reply_to"] = [random.choice([None, phrase(2)]), address()]
    if random.random() < 0.3:
        d["file"], d["file_path"] = phrase(4), DIR + "/file"
        d["file_type"] = random.choice(["application/pdf", "text/html\r\nX-Evil: 1", "image/png; name=x", "multipart/mixed", "", "a/b/c", "x" * 300 + "/y"])
    return d


def control(s):
    return any(ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0 or c in "\u2028\u2029" for c in s or "")


def address_ok(a):
    return bool(re.fullmatch(r'[!-~]+@[!-~]+', a)) and a.count("@") == 1 and len(a) <= 254 and not set(a) & set('<>()[]\\,;:"')


def id_ok(i):
    return 0 < len(i) < 900 and not re.search(r"[^!-~]|[<>]", i)


def must_refuse(d):
    who = [d["from"], *d["to"], *d["cc"]] + ([d["reply_to"]] if "reply_to" in d else [])
    return any(not address_ok(a) or control(n) for n, a in who) or control(d["subject"])


def kept(refs):
    return [r for i, r in enumerate(refs) if (i == 0 or i > len(refs) - 20) and id_ok(r)]


def shown(s):
    """Blanks at its ends are no part of a value."""
    return s.strip(" ")


def decoded(s):
    """As RFC 2047 says: blanks between encoded words are none. Python's newer parser keeps them in names."""
    return str(email.header.make_header(email.header.decode_header(s)))


def names(value):
    return [(shown(decoded(n)) or None, a) for n, a in email.utils.getaddresses([re.sub("\r\n(?=[ \t])", "", value)])]


def same_people(m, field, want, wrong):
    want = [(shown(n or "") or None, a) for n, a in want]
    got = names(m[field]) if m[field] is not None else []
    if got != want:
        bad = next((f"{g!r} for {w!r}" for g, w in zip(got, want) if g != w), f"{len(got)} for {len(want)}")
        wrong.append(f"{field}: {bad}")


def text_of(part):
    return None if part is None else part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")


def unflow(s):
    out, flows = [], False
    for line in s.split("\n"):
        line = line[1:] if line.startswith(" ") else line
        if flows:
            out[-1] += line
        else:
            out.append(line)
        flows = line.endswith(" ") and line != "-- "
    return "\n".join(out)


def blankless(s):
    return "".join(re.sub("[\x00-\x08\x0b-\x1f\x7f]", " ", s.replace("\r\n", "\n").replace("\r", "\n")).split())


def judge(d, raw):
    """What is wrong with the bytes of a mail."""
    wrong = []
    head, _, _ = raw.partition(b"\r\n\r\n")
    if max(raw):
        wrong += ["8 bit"] * (max(raw) > 127)
    lines = raw.split(b"\r\n")
    wrong += [f"a line of {len(s)}" for s in lines if len(s) > 998] + ["a bare CR or LF" for s in lines if b"\r" in s or b"\n" in s]
    m = email.message_from_bytes(raw)
    wrong += [f"{d_}" for p in m.walk() for d_ in p.defects]
    want = ["Date", "From", "To", *(["Cc"] if d["cc"] else []), *(["Reply-To"] if d.get("reply_to") else []), "Subject", "Message-ID",
            *(["In-Reply-To"] if id_ok(d.get("in_reply_to") or "") else []), *(["References"] if kept(d["references"]) else []),
            *(["Auto-Submitted", "X-Auto-Response-Suppress"] if d["automatic"] else []), "X-docket-Id", "MIME-Version"]
    have = [k for k in m.keys() if not k.lower().startswith("content-")]
    if sorted(map(str.lower, have)) != sorted(map(str.lower, want)):
        wrong.append(f"headers {have}")
    for field, who in (("From", [d["from"]]), ("To", d["to"]), ("Cc", d["cc"]), ("Reply-To", [d["reply_to"]] if d.get("reply_to") else [])):
        same_people(m, field, who, wrong)
    subject = shown(decoded(re.sub("\r\n(?=[ \t])", "", m["Subject"])))
    if subject != shown(d["subject"]):
        wrong.append(f"Subject: {subject!r} for {d['subject']!r}")
    if [r.strip("<>") for r in str(m["References"] or "").split()] != kept(d["references"]):
        wrong.append("References")
    if d.get("in_reply_to") and id_ok(d["in_reply_to"]) and str(m["In-Reply-To"]).strip() != f"<{d['in_reply_to']}>":
        wrong.append(f"In-Reply-To {m['In-Reply-To']!r}")
    if int(email.utils.parsedate_to_datetime(m["Date"]).timestamp()) != d["date"] // 10**6 or m["Message-ID"] != f"<{d['message_id']}>":
        wrong.append("Date or Message-ID")
    leaves = [p for p in m.walk() if not p.is_multipart()]
    kinds = [p.get_content_type() for p in leaves]
    want = ["text/plain"] + ["text/html"] * ("html" in d)
    if kinds[:len(want)] != want or len(kinds) != len(want) + ("file" in d):
        wrong.append(f"parts {kinds}")
        return wrong
    if blankless(unflow(text_of(leaves[0]))) != blankless(d["text"]) or ("html" in d and blankless(text_of(leaves[1])) != blankless(d["html"])):
        wrong.append("the words")
    if "file" in d and (leaves[-1].get_payload(decode=True) != b"bytes" or leaves[-1].get_content_disposition() != "attachment"
                        or (re.fullmatch(r"[\w,; ]*\w[\w,; ]*", d["file"][:60]) and len(d["file"]) < 60 and leaves[-1].get_filename() != " ".join(d["file"].split()))):
        wrong.append(f"the file {leaves[-1].get_filename()!r} for {d['file']!r}")
    return wrong


open(DIR + "/file", "wb").write(b"bytes")
drafts = [draft() for _ in range(N)]
p = subprocess.run([TOP + "/build/tests/mail/compose_probe"], input="".join(json.dumps(d) + "\n" for d in drafts).encode(), stdout=subprocess.PIPE,
                   cwd=DIR)
out, at, bad = p.stdout, 0, []
for number, d in enumerate(drafts):
    line, at = out[at:out.index(b"\n", at)].decode(), out.index(b"\n", at) + 1
    if line.startswith("E"):
        seen["refused"] += 1
        wrong = [] if must_refuse(d) else [f"refused: {line[2:]}"]
    else:
        seen["composed"] += 1
        raw, at = out[at:at + int(line[2:])], at + int(line[2:])
        wrong = ["not refused"] * must_refuse(d) + judge(d, raw)
    bad += [(number, wrong)] if wrong else []
for number, wrong in bad[:6]:
    print(f"# draft {number}: " + " | ".join(wrong)[:900])
print(f"{'not ok' if bad else 'ok'} 1 - {N} drafts are refused, or read as they were written; {len(bad)} are not")
print(f"{'ok' if seen['composed'] > N // 2 and seen['refused'] > N // 20 else 'not ok'} 2 - many of both kinds: {seen}")
print(f"{'ok' if p.returncode == 0 else 'not ok'} 3 - the program ends well\n1..3")
print(f"# figure: {seen['composed']} mails of random headers read by Python's parser as they were written, {seen['refused']} drafts with controls refused")
sys.exit(bool(bad) or p.returncode != 0)
