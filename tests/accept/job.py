"""The customers and the agent of tests/accept/main-job: writes mails, answers by the API, compares what came.

job.py first DIR LMTP            200 customers write (two mailboxes, two languages, files, HTML)
job.py answer DIR URL TOKEN      an agent answers every second ticket behind nginx
job.py reply DIR LMTP SINK       the customers answered write back: 100 mails
job.py search DIR URL TOKEN      every mail is found by its own word
job.py compare DIR SINK          the answers as they arrived, read by another parser
Each prints what is wrong, one line each, and ends with the number of them.
"""
import base64, email, email.policy, email.utils, glob, http.client, json, os, random, smtplib, sys, time
from email.message import EmailMessage
from urllib.parse import quote, urlparse

GERMAN = ["Guten Tag,\n\nmeine Bestellung ist noch nicht angekommen. Können Sie bitte nachsehen?",
          "Hallo,\n\ndie Größe passt leider nicht, ich möchte die Schuhe umtauschen.",
          "Sehr geehrte Damen und Herren,\n\ndie Glasvase kam zerbrochen an. Bitte um Ersatz.",
          "Moin,\n\nkönnt ihr mir die Rechnung noch einmal schicken?"]
ENGLISH = ["Hello,\n\nmy parcel has not arrived yet. Could you please check?",
           "Hi,\n\nthe lamp is broken, I would like to return it.",
           "Dear team,\n\nplease send me the invoice for my last order."]
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def word(i):
    """A word that only mail i holds."""
    letters = "bcdfghjklmnpqrstvwxz"
    return "zebu" + "".join(letters[(i // 20 ** k) % 20] + "aeiou"[(i // 5 ** k) % 5] for k in range(3)) + str(i)


def customer(i):
    return f"kunde{i}@customer{i % 7}.example"


def first_mail(i):
    r = random.Random(i)
    text = r.choice(GERMAN if i % 5 < 3 else ENGLISH) + f"\n\nKennwort {word(i)}\n\nMit freundlichen Grüßen\nKunde {i}\n"
    m = EmailMessage()
    m["From"] = email.utils.formataddr((r.choice(["Jürgen Groß", "Anna Vogt", "Emma Smith"]) + f" {i}", customer(i)))
    m["To"] = ("service" if i % 10 < 7 else "export") + "@shop.test"
    m["Subject"] = r.choice(["Frage zur Bestellung", "Rücksendung", "Where is my order?", "Beschädigte Ware"]) + f" {i}"
    m["Message-ID"] = f"<first.{i}@customer.example>"
    m["Date"] = email.utils.formatdate(time.time() - 86400 + i)
    m.set_content(text, charset=r.choice(["utf-8", "iso-8859-1"]))
    if i % 3 == 0:
        m.add_alternative("<p>" + text.replace("\n", "<br>") + "</p><script>alert(1)</script>", subtype="html")
    if i % 4 == 0:
        m.add_attachment(PNG, maintype="image", subtype="png", filename=f"Fotö {i}.png")
    return m


def deliver(port, mails):
    with smtplib.LMTP("127.0.0.1", int(port)) as s:
        for m in mails:
            box = m["To"].split("@")[0]
            s.sendmail(m["From"].split("<")[-1].strip("> "), [box], m.as_bytes(policy=email.policy.SMTP))


class Api:
    def __init__(self, url, token):
        u = urlparse(url)
        self.c, self.token = http.client.HTTPConnection(u.hostname, u.port, timeout=30), token

    def __call__(self, method, path, body=None):
        self.c.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None,
                       {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        r = self.c.getresponse()
        data = r.read()
        return r.status, json.loads(data) if data else None


def all_tickets(api):
    after, found = "", []
    while True:
        status, page = api("GET", "/tickets?limit=100" + (f"&after={quote(after)}" if after else ""))
        assert status == 200, (status, page)
        found += page["tickets"]
        after = page["next"]
        if not after:
            return found


def answer(d, url, token):
    api, wrong, answered = Api(url, token), [], {}
    for t in sorted(all_tickets(api), key=lambda t: t["id"]):
        number = int(t["subject"].split()[-1])
        if number % 2:
            continue
        status, page = api("GET", f"/tickets/{t['id']}")
        status, made = api("POST", f"/tickets/{t['id']}/messages", {
            "version": page["ticket"]["version"],
            "body": f"Vielen Dank für Ihre Nachricht, Kunde {number}.\nWir kümmern uns darum: {word(1000 + number)}"})
        if status != 201:
            wrong.append(f"answer to {t['id']}: {status} {made}")
        answered[number] = t["id"]
    json.dump(answered, open(os.path.join(d, "answered.json"), "w"))
    return wrong


def sent_mails(sink):
    for path in sorted(glob.glob(os.path.join(sink, "*.eml"))):
        yield open(path[:-4] + ".env").read(), email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)


def reply(d, port, sink):
    mails, wrong = [], []
    for env, m in sent_mails(sink):
        number = int(m["Subject"].split(" [")[0].split()[-1])
        r = EmailMessage()
        r["From"], r["To"] = customer(number), m["From"].addresses[0].addr_spec
        r["Subject"] = "Re: " + m["Subject"]
        r["Message-ID"] = f"<second.{number}@customer.example>"
        r["In-Reply-To"], r["References"] = m["Message-ID"], (m["References"] or "") + " " + m["Message-ID"]
        quoted = "\n".join("> " + line for line in m.get_body(("plain",)).get_content().splitlines())
        r.set_content(f"Danke, das hilft mir: {word(2000 + number)}\n\nAm 23.11.2026 schrieb Haus Lindemann:\n{quoted}\n")
        mails.append(r)
    deliver(port, mails)
    return wrong if len(mails) == 100 else [f"{len(mails)} answers arrived, 100 were written"]


def search(d, url, token):
    api, wrong = Api(url, token), []
    answered = json.load(open(os.path.join(d, "answered.json")))
    wanted = [word(i) for i in range(200)] + [word(2000 + int(n)) for n in answered]
    for w in wanted:
        status, page = api("GET", "/search?q=" + quote(w))
        hits = page["hits"] if status == 200 else []
        if len(hits) != 1 or "<mark>" not in hits[0]["excerpts"][0]["excerpt"]:
            wrong.append(f"{w}: {status}, {len(hits)} hits")
    return wrong


def compare(d, sink):
    wrong, seen = [], set()
    for env, m in sent_mails(sink):
        number = int(m["Subject"].split(" [")[0].split()[-1])
        text, html = m.get_body(("plain",)), m.get_body(("html",))
        checks = [("sender", m["From"].addresses[0].addr_spec.endswith("@shop.test")),
                  ("recipient", [a.addr_spec for a in m["To"].addresses] == [customer(number)]),
                  ("envelope", customer(number) in env),
                  ("thread", m.get_all("In-Reply-To") == [f"<first.{number}@customer.example>"]),
                  ("text", text is not None and word(1000 + number) in text.get_content()),
                  ("html", html is not None and word(1000 + number) in html.get_content()),
                  ("doubled", number not in seen)]
        seen.add(number)
        wrong += [f"answer to customer {number}: {name}" for name, right in checks if not right]
    return wrong


verb, args = sys.argv[1], sys.argv[2:]
if verb == "first":
    deliver(args[1], [first_mail(i) for i in range(200)])
    found = []
else:
    found = {"answer": answer, "reply": reply, "search": search, "compare": compare}[verb](*args)
for line in found[:20]:
    print(line)
print(len(found))
sys.exit(min(len(found), 1))
