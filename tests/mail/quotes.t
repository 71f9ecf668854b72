#!/usr/bin/env python3
# Answers as the mail programs of 19 languages send them: visible is what the sender wrote now, and nothing else.
# The labelled set: quotes/phrases (languages) times the programs below, and quotes/cases (single ones).
import email.message
import email.policy
import json
import os
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
sys.path.insert(0, TOP + "/tests/mail/quotes")
from programs import divs, html_programs, phrases, plain_programs  # noqa: E402

FAST = TOP + "/build/rel/docket"
OLD = ["Sehr geehrte Frau Muster,", "", "wir haben Ihre Lampe heute verschickt: Paket 4711.", "Sie kommt am Freitag an.",
       "", "Ihr Haus Lindemann"]
count = failed = 0
seen = {}


def visible(body, subtype="plain"):
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    m["From"], m["Subject"] = "Erika Muster <erika@post.example>", "Re: Lampe"
    m.set_content(body, subtype=subtype, charset="utf-8", cte="base64")
    p = subprocess.run([FAST, "parse"], input=m.as_bytes(), stdout=subprocess.PIPE, check=True)
    return json.loads(p.stdout)["visible_text"]


def words(text):
    return [" ".join(s.split()) for s in text.strip().split("\n") if s.strip()]


def judge(kind, what, body, subtype, want):
    global count, failed
    count += 1
    got = visible(body, subtype)
    good = words(got) == words(want)
    failed += not good
    right, all_ = seen.get(kind, (0, 0))
    seen[kind] = (right + good, all_ + 1)
    print(f"{'ok' if good else 'not ok'} {count} - {what}")
    if not good:
        print("\n".join("# got: " + s for s in words(got)[-8:]))


def cases():
    """quotes/cases: "== WHAT [html]", what is visible, "--8<--", the rest; or "== WHAT = all" for all visible."""
    what, lines = None, []
    for line in open(TOP + "/tests/mail/quotes/cases", encoding="utf-8"):
        if line.startswith("== "):
            if what:
                yield what, "".join(lines)
            what, lines = line[3:].strip(), []
        else:
            lines.append(line)
    yield what, "".join(lines)


for language, p in phrases().items():
    for what, body in plain_programs(p, OLD):
        judge("text", f"{language}: {what}", body, "plain", p["answer"])
    for what, body in html_programs(p, divs("\n".join(OLD))):
        judge("html", f"{language}: {what}", body, "html", p["answer"])
for what, text in cases():
    subtype = "html" if what.endswith(" html") else "plain"
    want, _, rest = text.partition("--8<--\n")
    if subtype == "html":
        judge("single cases", what, rest, subtype, want)
    elif what.endswith(" below"):
        judge("single cases", what, rest + want, subtype, want)
    else:
        judge("single cases", what, want + rest, subtype, want)
print(f"1..{count}")
for kind, (right, all_) in seen.items():
    print(f"# figure: {kind}: {right} of {all_} answers exactly right")
sys.exit(failed > 0)
