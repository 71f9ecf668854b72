# SPDX-License-Identifier: GPL-3.0-or-later
"""The post office between two dockets, a vacation responder and a bounce generator.

loop.py SINK OUT [strip] [rude]: carries every mail that the sink took since the last call. Those for a.test and b.test
become files in OUT/a and OUT/b, with a Return-Path as a last server writes it; robots answer at once. strip: a gateway on
the way takes away all that tells a machine's mail. rude: the robots know no RFC 3834 either, and answer everything.
Prints how many it carried."""
import email, email.policy, os, re, sys

sink, out, modes = sys.argv[1], sys.argv[2], set(sys.argv[3:])
done = os.path.join(out, "done")
seen = int(open(done).read()) if os.path.exists(done) else 0
TELLING = ("auto-submitted", "x-auto-response-suppress", "x-docket-id", "precedence", "in-reply-to-machine")
number = sum(len(os.listdir(os.path.join(out, x))) for x in "ab")


def deliver(side, sender, mail):
    global number
    number += 1
    with open(os.path.join(out, side, "%04d.eml" % number), "wb") as f:
        f.write(b"Return-Path: <%s>\r\n" % sender.encode() + mail)


def write(to, sender, headers, body):
    text = "".join("%s: %s\r\n" % h for h in headers) + "\r\n" + body + "\r\n"
    deliver("a" if to.endswith("a.test") else "b", sender, text.encode())


def vacation(m, sender):
    rude = "rude" in modes
    if not rude and (m["auto-submitted"] not in (None, "no") or not sender):
        return
    to = email.utils.parseaddr(m["from"])[1] if rude else sender
    headers = [("From", "Urlaub <weg@v.test>"), ("To", to), ("Subject", "Bin im Urlaub"), ("Message-ID", "<v%d@v.test>" % number)]
    if not rude:
        headers += [("Auto-Submitted", "auto-replied"), ("In-Reply-To", m["message-id"])]
    write(to, "" if not rude else "weg@v.test", headers, "Ich bin bis Montag nicht da.")


def bounce(m, sender):
    if not sender and "rude" not in modes:
        return
    to = sender or email.utils.parseaddr(m["from"])[1]
    write(to, "", [("From", "MAILER-DAEMON@d.test"), ("To", to), ("Subject", "Undelivered Mail"), ("MIME-Version", "1.0"),
                   ("Content-Type", "multipart/report; report-type=delivery-status; boundary=b")],
          "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; d.test\r\n\r\n"
          "Final-Recipient: rfc822; niemand@d.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
          "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\n\r\n--b--" % m["message-id"])


def strip(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    return b"\r\n".join(f for f in fields if f.split(b":")[0].decode().lower() not in TELLING) + b"\r\n\r\n" + body


carried = 0
while os.path.exists(os.path.join(sink, "%d.eml" % (seen + 1))):
    seen += 1
    carried += 1
    raw = open(os.path.join(sink, "%d.eml" % seen), "rb").read()
    envelope = open(os.path.join(sink, "%d.env" % seen)).read()
    sender = re.search(r"FROM:<([^>]*)>", envelope).group(1)
    m = email.message_from_bytes(raw)
    for to in re.findall(r"TO:<([^>]*)>", envelope):
        if to.endswith("v.test"):
            vacation(m, sender)
        elif to.endswith("d.test"):
            bounce(m, sender)
        else:
            deliver("a" if to.endswith("a.test") else "b", sender, strip(raw) if "strip" in modes else raw)
with open(done, "w") as f:
    f.write(str(seen))
print(carried)
