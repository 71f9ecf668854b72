# The 500 mails of crash/intake, written straight into Dovecot's Maildirs: intake.py MAILDIRS. Prints how many
# files it made. 20 pairs share a Message-ID, 20 mails have none, 10 lie byte by byte the same in two folders.
import os, random, sys

root = sys.argv[1]
random.seed(500)
made = 0


def put(box, folder, body):
    global made
    path = os.path.join(root, box + "@docket.test", folder, "new")
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(path, "..", part), exist_ok=True)
    made += 1
    with open(os.path.join(path, f"1795000000.M{made}P1.test"), "wb") as f:
        f.write(body)


def mail(n, ref, text):
    id = f"Message-ID: <{ref}>\r\n" if ref else ""
    body = f"From: Kunde {n} <kunde{n % 150}@example.org>\r\nTo: shop@docket.test\r\nSubject: mail-{n:03}\r\n{id}\r\n{text}\r\n"
    if n % 9 == 0:
        body = body.replace("\r\n\r\n", "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n", 1)
        body += f"--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\nnummer;{n}\r\n--b--\r\n"
    return body.encode()


boxes = [("mover", ""), ("mover", ".Zweiter"), ("deleter", ""), ("popper", "")]
for n in range(500):
    words = " ".join(random.choice(["Lampe", "Rechnung", "Paket", "kaputt", "wann", "bitte"]) for _ in range(30))
    if n < 40:
        ref = f"paar{n // 2}@example.org"
    elif n < 60:
        ref = None
    else:
        ref = f"mail{n}@example.org"
    raw = mail(n, ref, words)
    if 60 <= n < 70:
        put("mover", "", raw)
        put("mover", ".Zweiter", raw)
    else:
        put(*boxes[n % 4], raw)
print(made)
