# Answers as mail programs of 19 languages make them of a mail: for quotes.t, and for trip.t, which answers docket's own.
import html
import os

TOP = os.environ["TOP"]
NAME, ADDRESS = "Haus Lindemann", "service@haus-lindemann.example"


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


def plain_programs(p, old_lines):
    """(program, text) of an answer to a mail of these lines."""
    old, answer = "\n".join(old_lines), p["answer"]
    rows = "\n".join(block(p))
    yield "gmail", f"{answer}\n\n{wrapped(p['gmail'])}\n\n{marked(old_lines)}\n"
    yield "apple", f"{answer}\n\n> {p['apple']}\n> \n{marked(old_lines)}\n"
    yield "apple, own line", f"{answer}\n\n{p['apple']}\n\n{marked(old_lines)}\n"
    yield "iphone", f"{answer}\n\n{p['phone']}\n\n> {p['apple']}\n> \n> \ufeff{marked(old_lines)[2:]}\n"
    yield "thunderbird", f"{answer}\n\n{p['mozilla']}\n{marked(old_lines)}\n\n-- \nErika Muster\nMusterweg 1\n"
    yield "webmail, nothing marked", f"{answer}\n\n{p['gmail']}\n\n{old}\n"
    yield "outlook", f"{answer}\n\n\n{rows}\n\n{old}\n"
    yield "outlook, rule", f"{answer}\n\n________________________________\n{rows}\n\n{old}\n"
    yield "outlook, banner", f"{answer}\n\n-----{p['banner']}-----\n{rows}\n\n{old}\n"
    yield "android", f"{answer}\n\n{p['phone']}\n\n-------- {p['banner']} --------\n{rows}\n\n{old}\n"
    yield "bold block", f"{answer}\n\n" + "\n".join(block(p, "*")) + f"\n\n{old}\n"


def html_programs(p, old):
    """(program, HTML) of an answer to a mail of this HTML."""
    answer = p["answer"]
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
