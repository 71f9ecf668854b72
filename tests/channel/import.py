# 300 mails as they lie in a shop's mailbox after years: three folders, threads across them, answers of the shop, copies.
# import.py MAILDIR: writes them; prints how many there are since 2024-01-01, and how many of those are other mails.
import calendar, os, sys, time

box = sys.argv[1]
folders = {"INBOX": "", "Kunden": ".Kunden", "Archiv": ".Archiv"}
names = list(folders)
for d in folders.values():
    for sub in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(box, d, sub), exist_ok=True)
count = since = 0
copies = 0


def put(folder, at, raw):
    global count, since
    count += 1
    path = os.path.join(box, folders[folder], "cur", "%d.M%dP1.test:2,S" % (at, count))
    with open(path, "wb") as f:
        f.write(raw)
    os.utime(path, (at, at))
    since += at >= calendar.timegm((2024, 1, 1, 0, 0, 0))


def mail(n, at, refs, more=b""):
    lines = [
        "From: Kunde %d <kunde%d@example.org>" % (n % 40, n % 40),
        "To: alt@docket.test",
        "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at)),
        "Subject: %sFrage %d" % ("Re: " if refs else "", n),
        "Message-ID: <alt.%d@example.org>" % n,
    ]
    if refs:
        lines += ["In-Reply-To: <alt.%d@example.org>" % refs[-1], "References: " + " ".join("<alt.%d@example.org>" % r for r in refs)]
    return more + ("\r\n".join(lines) + "\r\n\r\nNachricht %d zu meiner Bestellung.\r\n" % n).encode()


# Every 8 days one, from 2019-12 on; each fifth answers the one of 40 numbers before: the same customer, the same matter.
begin = calendar.timegm((2019, 12, 1, 9, 0, 0))
thread = {}
for n in range(280):
    at = begin + n * 8 * 86400 + n % 7
    refs = []
    if n >= 40 and n % 5 == 0:
        refs = thread[n - 40] + [n - 40]
    thread[n] = refs
    put(names[n % 3], at, mail(n, at, refs))
# The same bytes in another folder; the same mail as another server handed it on.
for n in range(260, 270):
    at = begin + n * 8 * 86400 + n % 7
    put(names[(n + 1) % 3], at, mail(n, at, thread[n]))
    copies += 1
for n in range(270, 280):
    at = begin + n * 8 * 86400 + n % 7
    put(names[(n + 1) % 3], at + 60, mail(n, at, thread[n], b"Received: from b by c; Mon, 1 Jan 2024 00:00:00 +0000\r\n"))
    copies += 1
print(count, since, since - copies)
