#!/usr/bin/env python3
# An answer leaves with the customer's last mail quoted under docket's own mark, in German and English; the customer answers it
# with the mail programs of quotes/ in five languages: what is visible then is what he wrote, and nothing else.
import email
import email.message
import email.policy
import json
import os
import re
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
sys.path.insert(0, TOP + "/tests/mail/quotes")
from programs import ADDRESS, NAME, html_programs, phrases, plain_programs  # noqa: E402

FAST = TOP + "/build/rel/docket"
number = failed = 0
FIRST = {"de": "Guten Tag,\n\nmeine Lampe ist da, aber der Schirm fehlt.\n> so stand es im Angebot\nWas nun?\n\nErika Muster",
         "en": "Hello,\n\nthe lamp is here, but its shade is missing.\n> as it said in the offer\nWhat now?\n\nErika Muster"}
REPLY = {"de": "der Schirm kommt am Freitag, siehe https://haus.example/l?id=4&x=1.\n\nBis dann", "en": "the shade comes on Friday, see https://haus.example/l?id=4&x=1.\n\nBye"}


def ok(good, what, *why):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - {what}")
    for line in why if not good else ():
        print("\n".join("# " + s for s in str(line)[:1500].split("\n")))


def psql(query):
    return subprocess.run(["psql", "-AtXqc", query], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def call(method, path, body):
    p = subprocess.run([FAST, "call", "--agent", "anna", method, path, json.dumps(body)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return json.loads(p.stdout) if p.returncode == 0 else ok(False, f"{method} {path}", p.stdout, p.stderr)


def ingest(raw):
    p = subprocess.run([FAST, "ingest"], input=raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = re.match(rb"ticket (\d+) message (\d+)", p.stdout)
    return (int(found[1]), int(found[2])) if found else ok(False, "a mail is taken", p.stdout, p.stderr)


def mail(body, subtype="plain", **headers):
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    m["From"], m["To"] = "Erika Muster <erika@post.example>", ADDRESS
    for k, v in headers.items():
        m[k.replace("_", "-")] = v
    m.set_content(body, subtype=subtype, charset="utf-8", cte="base64")
    return m.as_bytes()


def unflow(s):
    out, flows = [], False
    for line in s.split("\n"):
        if flows and not line.startswith(">"):
            out[-1] += line
        else:
            out.append(line[1:] if line.startswith(" ") else line)
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(out)


def words(text):
    return [" ".join(s.split()) for s in text.strip().split("\n") if s.strip()]


def inside(page):
    """What a program quotes of a page: what stands in its body."""
    return re.search(r"<body>(.*)</body>", page, re.S)[1]


def leave(language):
    """A mail comes, an answer goes: its text, its HTML, its Message-ID, the ticket."""
    ticket, _ = ingest(mail(FIRST[language], Subject="Lampe", Message_ID=f"<erste.{language}@post.example>"))
    made = call("POST", f"/tickets/{ticket}/messages", {"version": int(psql(f"select version from ticket where id = {ticket}")), "body": REPLY[language]})
    sha = psql(f"select sha256 from outbox where message_id = {made['message']['id']}")
    m = email.message_from_binary_file(open(f"{DIR}/blobs/{sha[:2]}/{sha[2:4]}/{sha}", "rb"), policy=email.policy.default)
    parts = [m.get_body((k,)).get_payload(decode=True).decode().replace("\r\n", "\n") for k in ("plain", "html")]
    return unflow(parts[0]), parts[1], str(m["Message-ID"]), ticket


def judge(language, program, body, subtype, seen):
    raw = mail(body, subtype, Subject="Re: Lampe")
    p = subprocess.run([FAST, "parse"], input=raw, stdout=subprocess.PIPE, check=True)
    got = json.loads(p.stdout)["visible_text"]
    good = words(got) == words(seen)
    if not good:
        ok(False, f"{language}: {program}", "got:  " + " | ".join(words(got)), "want: " + " | ".join(words(seen)))
    return good


subprocess.run([FAST, "user", "add", "anna", "--name", "Anna Berger", "--admin"], input=b"a long enough password\n", stdout=subprocess.DEVNULL, check=True)
subprocess.run([FAST, "key", "init"], stdout=subprocess.DEVNULL, check=True)
psql(f"insert into account (name, address, kind, type_id, status_id, sender_name, signature, smtp_host, smtp_port)"
     f" values ('Service', '{ADDRESS}', 'pipe', 1, 1, '{NAME}', E'Ihr Serviceteam\nTel. 0221 123', 'localhost', 25)")
t = call("POST", "/templates", {"name": "Antwort", "subject_de": "Re: $TicketTitle [#$TicketID]", "subject_en": "Re: $TicketTitle [#$TicketID]",
                                "body_de": "$Greeting\n\n$TicketLastMessage\n\n-- \n$SignatureText\n\n$TicketQuote", "body_en": "$Greeting\n\n$TicketLastMessage\n\n-- \n$SignatureText\n\n$TicketQuote"})
call("POST", "/rules", {"name": "Mailen", "event": "message.agent", "template": t["id"]})
WANT = {"de": (r"Guten Tag Erika Muster,\n\n", r"## Bitte oberhalb dieser Zeile antworten ##\nAm \d\d\.\d\d\.\d{4} um \d\d:\d\d schrieb Erika Muster:\n"),
        "en": (r"Hello Erika Muster,\n\n", r"## Please reply above this line ##\nOn \d+ [A-Z][a-z]{2} \d{4} at \d\d:\d\d Erika Muster wrote:\n")}
total = right = 0
for language in ("de", "en"):
    text, page, ref, ticket = leave(language)
    quoted = "\n".join(("> " if s and s[0] != ">" else ">") + s for s in FIRST[language].split("\n"))
    want = WANT[language][0] + re.escape(REPLY[language]) + r"\n\n-- \nIhr Serviceteam\nTel\. 0221 123\n\n" + WANT[language][1] + re.escape(quoted) + "$"
    ok(re.fullmatch(want, text) is not None, f"{language}: greeting, answer, signature and the quoted mail under its mark", text)
    ok(f'<html lang="{language}">' in page and re.search(r'<div id="dk-q-[a-z2-7]+">.*<blockquote type="cite"', page, re.S) is not None
       and '<a href="https://haus.example/l?id=4&amp;x=1">https://haus.example/l?id=4&amp;x=1</a>.' in page, f"{language}: the same as HTML, addresses as links", page)
    for other, p in ((k, p) for k, p in phrases().items() if k in ("de", "en", "nl", "fr", "pl")):
        for program, body in plain_programs(p, text.split("\n")):
            total, right = total + 1, right + judge(language, f"{other}: {program}", body, "plain", p["answer"])
        for program, body in html_programs(p, inside(page)):
            total, right = total + 1, right + judge(language, f"{other}: {program}", body, "html", p["answer"])
    p, answer = phrases()[language], phrases()[language]["answer"]
    joined, message = ingest(mail(dict(plain_programs(p, text.split("\n")))["outlook"], Subject="Re: Lampe", In_Reply_To=ref, Message_ID=f"<antwort.{language}@post.example>"))
    seen = psql(f"select body from message where id = {message}")
    ok(joined == ticket and words(seen) == words(answer), f"{language}: in the ticket stands what he wrote", seen)
ok(right == total, f"{right} of {total} answers are exactly what was written")
print(f"1..{number}\n# figure: {right} of {total} answers to docket's own mails exactly right")
sys.exit(failed > 0)
