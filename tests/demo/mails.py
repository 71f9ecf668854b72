# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail of Haus Lindemann, a shop that does not exist: the same every time, but for its dates.

first() makes some 350 mails of the last 30 days into service@ and export@, and a plan of what its agents make of them;
thanks() what customers reply to the answers that were found in the outgoing mailbox; deliver() brings mails by LMTP.
"""
import collections
import datetime
import pathlib
import random
import re
import smtplib
import struct
import zlib
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

dice = random.Random(1847)
now = datetime.datetime.now(datetime.timezone.utc).astimezone()
here = pathlib.Path(__file__).parent
SERVICE, EXPORT = "service@haus-lindemann.example", "export@haus-lindemann.example"
MONTHS = {"de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
          "en": "January February March April May June July August September October November December".split()}
THINGS = {"de": """f Glasvase „Fjord“;m Esstisch „Halden“;f Bettwäsche „Sylt“;n Regal „Kiefer 4“;f Pfanne „Gusto“ 28 cm
    m Wollteppich „Rhön“;f Stehlampe „Lotse“;n Windlicht „Amrum“;m Ohrensessel „Hanno“;f Holzbank „Havel“;m Brotkasten „Back“
    n Geschirr „Werra“, 16 Teile;f Tagesdecke „Moor“;m Spiegel „Rund 80“;f Kommode „Edda“;m Kerzenhalter „Trio“
    n Besteck „Solling“;f Karaffe „Quelle“;m Kleiderständer „Ast“;f Wanduhr „Minute“;n Kissen „Flausch“;f Auflaufform „Harz“""",
          "en": """Fjord glass vase;Halden dining table;Sylt linen bedding;Kiefer shelf;Gusto cast-iron pan;Rhön wool rug;Lotse floor lamp
    Amrum lantern;Hanno wing chair;Havel bench;Werra dinner set;Moor bedspread;Edda chest of drawers;Trio candle holder;Quelle carafe"""}
PEOPLE = {"de": """f Anna Vogt;m Mehmet Yıldız;f Katharina von Hohenstein;m Björn Sörensen;f Petra Nowak;m Rolf Lehmann;f Susanne Grünwald
    m Stefan Achterberg;f Ingrid Paulsen;m Dieter Quandt;f Ayşe Demirel;m Jürgen Weißhaupt;f Marlene Kästner;m Tim Oberhuber
    f Ulrike Süß;m Karl-Heinz Böttcher;f Miriam Goldberg;m Paweł Zieliński;f Gisela Thamm;m Florian Eckstein;f Renate Hübner
    m Hannes Petersen;f Jana Nováková;m Emil Sandner;f Birgit Wölfle;m Axel Dornbusch;f Leyla Öztürk;m Matthias Reuß
    f Hildegard Zinn;m Oskar Mühlbauer;f Carolin Feldmann;m Joachim Stöver;f Theresa Raab;m Niklas Bär;f Sabine Kühnel
    m Gregor Thiele;f Doris Landgraf;m Lukas Hartwig;f Nadine Schüttler;m Werner Kolb;f Frieda Ahrens;m Samuel Ott""",
          "en": """f Harriet Lowe;m Callum Fraser;f Siobhan Kelly;m Oliver Whitcombe;f Margaret Ashdown;m Rhys Llewellyn;f Ingrid Solberg
    m Pieter de Vries;f Amélie Rousseau;m Lars Lindqvist;f Chiara Bellini;m Tomás Herrera;f Joanna Kowalska;m Edward Marsh
    f Grace Okafor;m Duncan McAllister;f Elin Bergström;m Niall Byrne;f Fiona Campbell;m Henrik Dahl;f Beatrice Hall"""}
PLACES = {"de": "Kassel Göttingen Lübeck Graz Freiburg Leipzig Münster Salzburg Rostock".split(),
          "en": "Edinburgh Dublin Bristol Oslo Utrecht Copenhagen Cardiff Galway".split()}
FIRMS = {"de": ["Hotel Seeblick GmbH", "Zoohandlung Müller GmbH & Co. KG", "Café Morgenrot", "Kanzlei Rabe & Partner"],
         "en": ["Harbour Guest Houses Ltd", "Nordlys Interiør AS", "The Green Door"]}


def split(table):
    return [t.strip() for t in re.split(r"[;\n]", table)]


def topics():
    found = []
    for line in (here / "texts").read_text("utf-8").splitlines():
        if line.startswith("["):
            lang, name, weight, kind = line.strip("[]").split()
            found.append({"lang": lang, "name": name, "weight": int(weight), "type": kind})
        elif line and not line.startswith("#"):
            kind, text = line.split(": ", 1)
            found[-1].setdefault(kind, []).append(text)
    return found


def ascii_of(name):
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ş": "s", "ń": "n", "á": "a",
                           "é": "e", "ø": "o", "Ö": "oe", "å": "a"})
    return re.sub(r"[^a-z.-]", "", name.lower().replace(" ", ".").translate(table))


def person(lang, i):
    sex, name = PEOPLE[lang][i % len(PEOPLE[lang])].split(" ", 1)
    host = ("post.example", "mailhaus.example", "netz.example")[i % 3] if lang == "de" else ("mail.example", "inbox.example")[i % 2]
    last = name.split(" ", 1)[1]
    title = {"de": {"f": "Frau", "m": "Herr"}, "en": {"f": "Ms", "m": "Mr"}}[lang][sex]
    return {"name": name, "last": last, "title": title, "email": f"{ascii_of(name)}@{host}", "lang": lang}


begun = collections.Counter()


def somebody(lang):
    """Who begins a ticket: nobody so often that his mails, which all arrive within a minute, look like a flood."""
    who = min((person(lang, dice.randint(0, 400)) for _ in range(6)), key=lambda w: begun[w["email"]])
    begun[who["email"]] += 1
    return who


def slots(lang, when):
    later = when + datetime.timedelta(days=dice.randint(4, 18))
    if lang == "de":
        sex, name = dice.choice(THINGS["de"]).split(" ", 1)
        article = {"f": ("die", "die", "der"), "m": ("der", "den", "dem"), "n": ("das", "das", "dem")}[sex]
        thing = {"thing": f"{article[0]} {name}", "thing_a": f"{article[1]} {name}", "thing_d": f"{article[2]} {name}"}
        date = f"{later.day}. {MONTHS['de'][later.month - 1]}"
    else:
        name = dice.choice(THINGS["en"])
        thing = {"thing": f"the {name}"}
        date = f"{later.day} {MONTHS['en'][later.month - 1]}"
    cents = f"{dice.randint(1400, 48000) // 10 * 10 - 1:05d}"
    return {**thing, "things": name, "date": date, "n": dice.randint(3, 9), "place": dice.choice(PLACES[lang]),
            "order": 770000 + dice.randint(1000, 9999), "invoice": f"RE-{when.year}-{dice.randint(110000, 119999)}",
            "price": f"{int(cents[:-2])}{',' if lang == 'de' else '.'}{cents[-2:]}"}


def say(lang, text, fields):
    text = text.format(**fields)
    return text if lang == "de" else text[0].upper() + text[1:]


def letter(lang, who, parts):
    if lang == "de":
        hello = dice.choice(["Guten Tag,", "Sehr geehrte Damen und Herren,", "Hallo,", "Hallo Haus Lindemann,"])
        bye = dice.choice(["Mit freundlichen Grüßen", "Viele Grüße", "Freundliche Grüße", "Herzliche Grüße"])
    else:
        hello = dice.choice(["Hello,", "Dear Sir or Madam,", "Good morning,", "Dear Haus Lindemann team,"])
        bye = dice.choice(["Kind regards", "Best wishes", "Yours sincerely", "Many thanks"])
    return f"{hello}\n\n" + "\n\n".join(parts) + f"\n\n{bye}\n{who['name']}\n"


def png(seed):
    """A small picture: a soft gradient with a dark crack across it."""
    r = random.Random(seed)
    w, h, hue = 240, 160, [r.randint(90, 230) for _ in range(3)]
    crack, rows = r.randint(60, 180), b""
    for y in range(h):
        crack += r.randint(-3, 3)
        rows += b"\0" + b"".join(bytes((40, 36, 34)) if abs(x - crack) < 2 else
                                 bytes(max(0, min(255, c - (x + y) // 8)) for c in hue) for x in range(w))
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def pdf(lines):
    """One page of text with a correct cross-reference table."""
    show = "".join("0 -18 Td (%s) Tj\n" % re.sub(r"([()\\])", r"\\\1", line) for line in lines)
    stream = f"BT /F1 12 Tf 72 760 Td\n{show}ET".encode("cp1252", "replace")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    out, places = b"%PDF-1.4\n", []
    for i, o in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, o)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out))


def html_of(text, cid=None):
    body = "".join(f"<p style=\"margin:0 0 12px\">{p.replace('&', '&amp;').replace('<', '&lt;').replace(chr(10), '<br>')}</p>"
                   for p in text.strip().split("\n\n"))
    logo = f'<p><img src="cid:{cid}" width="120" alt="Logo"></p>' if cid else ""
    return f'<html><body style="font-family:Calibri,sans-serif;font-size:15px;color:#222">{body}{logo}</body></html>'


def mail(who, to, subject, text, when, files=(), refs=(), html=False, logo=False, charset="utf-8"):
    m = EmailMessage(policy=policy.SMTP)
    m["From"] = Address(who["name"], addr_spec=who["email"])
    m["To"] = f"Haus Lindemann <{to}>"
    m["Subject"] = subject
    m["Date"] = format_datetime(when)
    m["Message-ID"] = "<%016x@%s>" % (dice.getrandbits(64), who["email"].split("@")[1])
    if refs:
        m["In-Reply-To"] = refs[-1]
        m["References"] = " ".join(refs)
    try:
        m.set_content(text, charset=charset, cte=dice.choice(["quoted-printable", "base64", "8bit"][: 3 if charset == "utf-8" else 1]))
    except UnicodeEncodeError:
        m.set_content(text, charset="utf-8")
    if html:
        cid = "logo%d@%s" % (dice.randint(1, 9999), who["email"].split("@")[1])
        m.add_alternative(html_of(text, cid if logo else None), subtype="html")
        if logo:
            m.get_payload()[1].add_related(png(7), "image", "png", cid=f"<{cid}>", filename="logo.png")
    for name, data in files:
        kind = ("image", "png") if name.endswith(".png") else ("application", "pdf")
        m.add_attachment(data, *kind, filename=name)
    return m


def files_of(topic, body, who, fields):
    if "Kontoauszug" in body or "statement" in body:
        return [("kontoauszug.pdf" if who["lang"] == "de" else "statement.pdf",
                 pdf([who["name"], f"{fields['invoice']}", f"{fields['price']} EUR"]))]
    if topic == "bulk" and ("Anhang" in body or "attached" in body):
        return [("anfrage.pdf", pdf([f"Haus Lindemann, {fields['things']}", f"{fields['n']}0 x", fields["place"]]))]
    if any(w in body for w in ("Fotos vom", "angehängt", "photograph", "noch ein Foto")):
        names = ["karton-außen.png", "schaden.png"] if who["lang"] == "de" else ["IMG_2041.png", "damage.png"]
        return [(n, png(dice.random())) for n in names[: 1 + dice.randint(0, 1)]]
    return []


def quote(m, text):
    when = m["Date"].datetime
    head = f"Am {when:%d.%m.%Y} um {when:%H:%M} schrieb {m['From']}:" if re.search("[äöüß]| ich | die ", text) else \
        f"On {when.day} {MONTHS['en'][when.month - 1]} {when.year} at {when:%H:%M}, {m['From']} wrote:"
    return f"\n{head}\n" + "".join(f"> {line}\n" for line in text.strip().splitlines())


def moments(count):
    """Ascending times of the last 30 days, by day rather than by night, fewer on Sundays; the last one minutes ago."""
    found = []
    while len(found) < count:
        t = now - datetime.timedelta(minutes=dice.uniform(4, 30 * 24 * 60) * dice.choice([1, 1, 0.4]))
        if dice.random() < (0.08 if t.hour < 7 or t.hour > 22 else 0.5 if t.weekday() == 6 else 1):
            found.append(t.replace(microsecond=0))
    return sorted(found)


def first():
    all_topics, sent, plan = topics(), [], []
    deck = [t for t in all_topics for _ in range(t["weight"])]
    dice.shuffle(deck)
    times = moments(len(deck))
    for i, (topic, when) in enumerate(zip(deck, times)):
        lang = topic["lang"]
        who, fields, to = somebody(lang), slots(lang, when), SERVICE if lang == "de" else EXPORT
        if topic["name"] in ("bulk", "invoice") and dice.random() < 0.7:
            who = {**who, "name": f"{who['name']}, {dice.choice(FIRMS[lang])}"}
        subject = dice.choice(topic["subject"]).format(**fields)
        parts = [" ".join(filter(None, [say(lang, dice.choice(topic["first"]), fields),
                                        dice.choice(topic.get("detail", [""]) + [""]).format(**fields)])),
                 dice.choice(topic["wish"]).format(**fields)]
        body = letter(lang, who, parts)
        m = mail(who, to, subject, body, when, files_of(topic["name"], body, who, fields), html=dice.random() < 0.35,
                 logo=topic["name"] in ("bulk", "invoice"), charset=dice.choice(["utf-8", "utf-8", "iso-8859-1", "windows-1252"]))
        sent.append((when, to, m))
        entry = {"id": m["Message-ID"], "lang": lang, "topic": topic["name"], "type": topic["type"], "subject": subject,
                 "email": who["email"], "hello": f"{who['title']} {who['last']}", "at": when.timestamp()}
        for kind in ("answer", "note", "thanks"):
            if kind in topic:
                entry[kind] = say(lang, dice.choice(topic[kind]), fields)
        plan.append(entry)
        later = when + datetime.timedelta(hours=dice.uniform(5, 90))
        if "again" in topic and later < now and dice.random() < 0.16:
            text = letter(lang, who, [say(lang, dice.choice(topic["again"]), fields)])
            again = mail(who, to, f"Re: {subject}", text + quote(m, body), later, files_of(topic["name"], text, who, fields),
                         refs=[m["Message-ID"]])
            sent.append((later, to, again))
    sent += machines()
    sent.sort(key=lambda s: s[0])
    return sent, plan


def machines():
    """What no person wrote: it must not be answered."""
    t = now - datetime.timedelta(days=3, hours=2)
    absent = mail({"name": "Kanzlei Rabe & Partner", "email": "buero@rabe.example", "lang": "de"}, SERVICE,
                  "Automatische Antwort: Ihr Angebot", "Unser Büro ist bis zum Monatsende nicht besetzt.\n", t)
    absent["Auto-Submitted"] = "auto-replied"
    parcel = mail({"name": "Paketdienst Geschäftskunden", "email": "no-reply@paketdienst.example", "lang": "de"}, SERVICE,
                  "Nachforschungsauftrag NFA-77120934 eröffnet",
                  "Ihr Auftrag wurde angelegt. Die Bearbeitungszeit beträgt derzeit vier Werktage.\n", t + datetime.timedelta(hours=9))
    parcel["Auto-Submitted"] = "auto-generated"
    fair = mail({"name": "Messe Wohnen & Leben", "email": "newsletter@messe.example", "lang": "de"}, SERVICE,
                "Einladung zur Frühjahrsmesse", "Sichern Sie sich bis Monatsende Ihren Stand in Halle 4.\n", t - datetime.timedelta(days=5), html=True)
    fair["List-Id"] = "<newsletter.messe.example>"
    fair["List-Unsubscribe"] = "<https://messe.example/abmelden>"
    return [(t, SERVICE, absent), (t, SERVICE, parcel), (t, SERVICE, fair)]


def thanks(plan, folder):
    """Replies to the shop's answers, with the shop's own Message-ID as what they answer."""
    wanted = {(e["email"], e["subject"]): e for e in plan if "thanks" in e}
    sent = []
    for path in sorted(pathlib.Path(folder).glob("*.eml"), key=lambda p: int(re.sub(r"\D", "", p.stem) or 0)):
        m = message_from_bytes(path.read_bytes(), policy=policy.default)
        to = m["To"].addresses[0].addr_spec if m["To"] else ""
        subject = re.sub(r"^((re|aw|antw): *)+", "", str(m["Subject"] or ""), flags=re.I)
        entry = next((e for (mail_to, s), e in wanted.items() if mail_to == to and s in subject), None)
        if entry is None or dice.random() < 0.8:
            continue
        del wanted[(entry["email"], entry["subject"])]
        text = entry.pop("thanks")
        lang = entry["lang"]
        who = {"name": entry["hello"].split(" ", 1)[1], "email": to, "lang": lang}
        answer = m.get_body(("plain",))
        text = letter(lang, who, [text])
        if answer is not None:
            text += quote(m, answer.get_content()) if m["Date"] else ""
        back = m["Reply-To"] or m["From"]
        sent.append((now, SERVICE if lang == "de" else EXPORT,
                     mail(who, back.addresses[0].addr_spec, f"{'AW' if lang == 'de' else 'Re'}: {m['Subject']}", text, now,
                          refs=[str(m["Message-ID"]).strip()])))
    return sent


def deliver(port, mails):
    with smtplib.LMTP("127.0.0.1", port) as lmtp:
        for _, to, m in mails:
            lmtp.sendmail(m["From"].addresses[0].addr_spec, [to], m.as_bytes())


THINGS = {lang: split(table) for lang, table in THINGS.items()}
PEOPLE = {lang: split(table) for lang, table in PEOPLE.items()}
