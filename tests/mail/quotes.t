#!/usr/bin/env python3
# Answers as the mail programs of 19 languages send them: visible is what the sender wrote now, and nothing else.
# The labelled set: quotes/phrases (languages) times the programs below, and quotes/cases (single ones).
import email.message
import email.policy
import html
import json
import os
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
FAST = TOP + "/build/rel/docket"
NAME, ADDRESS = "Haus Lindemann", "service@haus-lindemann.example"
OLD = ["Sehr geehrte Frau Muster,", "", "wir haben Ihre Lampe heute verschickt: Paket 4711.", "Sie kommt am Freitag an.",
       "", "Ihr Haus Lindemann"]
count = failed = 0
seen = {}


def phrases():
    language, found = None, {}
    for line in open(TOP + "/tests/mail/quotes/phrases", encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("["):
            language = line.strip("[]")
            found[language] = {}
        elif ": " in line and not line.startswith("#"):
            key, value = line.split(": ", 1)
            found[language][key] = (value.replace("\\n", "\n").replace("WHO", f"{NAME} <{ADDRESS}>").replace("NAME", NAME)
                                    .replace("ADDRESS", ADDRESS))
    return found


def block(p, bold=""):
    values = [f"{NAME} <{ADDRESS}>", "23.11.2026 09:12", "Erika Muster <erika@post.example>", "Re: Lampe"]
    return [f"{bold}{f}:{bold} {v}" for f, v in zip(p["fields"].split("|"), values)]


def marked(lines):
    return "\n".join("> " + s if s else ">" for s in lines)


def wrapped(line):
    """As text/plain has it when the line is too long: broken before the address."""
    at = line.rfind(" <")
    return line if len(line) < 72 or at < 0 else line[:at] + "\n" + line[at + 1:]


def paragraphs(text):
    return "".join(f"<p>{'<br>'.join(html.escape(s).split(chr(10)))}</p>" for s in text.split("\n\n"))


def divs(text):
    return "".join(f"<div>{html.escape(s) or '<br>'}</div>" for s in text.split("\n"))


def plain_programs(p):
    old, answer = "\n".join(OLD), p["answer"]
    rows = "\n".join(block(p))
    yield "gmail", f"{answer}\n\n{wrapped(p['gmail'])}\n\n{marked(OLD)}\n"
    yield "apple", f"{answer}\n\n> {p['apple']}\n> \n{marked(OLD)}\n"
    yield "apple, own line", f"{answer}\n\n{p['apple']}\n\n{marked(OLD)}\n"
    yield "iphone", f"{answer}\n\n{p['phone']}\n\n> {p['apple']}\n> \n> \ufeff{marked(OLD)[2:]}\n"
    yield "thunderbird", f"{answer}\n\n{p['mozilla']}\n{marked(OLD)}\n\n-- \nErika Muster\nMusterweg 1\n"
    yield "webmail, nothing marked", f"{answer}\n\n{p['gmail']}\n\n{old}\n"
    yield "outlook", f"{answer}\n\n\n{rows}\n\n{old}\n"
    yield "outlook, rule", f"{answer}\n\n________________________________\n{rows}\n\n{old}\n"
    yield "outlook, banner", f"{answer}\n\n-----{p['banner']}-----\n{rows}\n\n{old}\n"
    yield "android", f"{answer}\n\n{p['phone']}\n\n-------- {p['banner']} --------\n{rows}\n\n{old}\n"
    yield "bold block", f"{answer}\n\n" + "\n".join(block(p, "*")) + f"\n\n{old}\n"


def html_programs(p):
    old, answer = divs("\n".join(OLD)), p["answer"]
    rows = "<br>".join(f"<b>{html.escape(s.split(':', 1)[0])}:</b>{html.escape(s.split(':', 1)[1])}" for s in block(p))
    yield "gmail, html", (f'<div dir="ltr">{divs(answer)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
                          f'{html.escape(p["gmail"])}<br></div><blockquote class="gmail_quote" style="margin:0px">{old}</blockquote></div>')
    yield "apple, html", (f"<html><body>{divs(answer)}<div><br><blockquote type=\"cite\"><div>{html.escape(p['apple'])}</div><br>"
                          f"<div>{old}</div></blockquote></div></body></html>")
    yield "outlook, html", (f'<html><body><div class="WordSection1">{paragraphs(answer)}<div><div style="border:none;border-top:solid '
                            f'#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{rows}</p></div></div>{old}</div></body></html>')
    yield "owa, html", (f'<html><body>{divs(answer)}<div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg">'
                        f"{rows}</div><div>{old}</div></body></html>")
    yield "webmail, html", f"<html><body>{divs(answer)}<br><hr>{rows}<br><br>{old}</body></html>"


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
    for what, body in plain_programs(p):
        judge("text", f"{language}: {what}", body, "plain", p["answer"])
    for what, body in html_programs(p):
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
