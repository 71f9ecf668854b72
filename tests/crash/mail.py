#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills while mail comes in: mail.py MAILDIRS MAILS KILLS. Keeps poll, idle, work, send and index running, puts MAILS mails
into the Maildirs of mover, deleter and keeper while it kills one of those processes or their children by -9, KILLS times, after
1 to 250 ms each. Then it waits until all is dealt with and ends them in order. Prints how often each was killed.
"""
import collections
import hashlib
import os
import pathlib
import random
import select
import signal
import subprocess
import sys
import time

ROOT, MAILS, KILLS = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
DOCKET, HERE = os.environ["DOCKET"], pathlib.Path(os.environ["TEST_DIR"])
BOXES = ("mover", "deleter", "keeper")
COMMANDS = {
    "poll": ["poll"],
    "idle": ["poll", "--idle", "--again", "--account", "keeper"],
    "work": ["work"],
    "send": ["send"],
    "index": ["index"],
}
random.seed(300)
log = open(HERE / "killed.log", "ab")
running, killed = {}, collections.Counter()


def sql(text):
    return subprocess.run(["psql", "-AtXqc", text], capture_output=True, text=True, check=True).stdout.strip()


def wait(seconds):
    select.select([], [], [], seconds)


def put(n):
    """Mail n into its box; every hundredth is large, so that kills come into the middle of it."""
    text = "Zeile mit Text\r\n" * (20000 if n % 100 == 7 else 5)
    raw = (f"From: Kunde {n} <kunde{n % 150}@example.org>\r\nTo: shop@docket.test\r\nSubject: mail-{n:04}\r\n"
           f"Message-ID: <mail{n}@example.org>\r\n\r\n{text}{n}\r\n").encode()
    box = ROOT / f"{BOXES[n % 3]}@docket.test"
    for part in ("cur", "new", "tmp"):
        (box / part).mkdir(parents=True, exist_ok=True)
    name = f"{1795000000 + n}.M{n}P1.test"
    (box / "tmp" / name).write_bytes(raw)
    os.rename(box / "tmp" / name, box / "new" / name)


def answer(limit):
    """An answer in the outbox for some tickets that have none."""
    rows = []
    for t in sql(f"select id from ticket where id not in (select ticket_id from outbox) order by id limit {limit}").split():
        raw = f"From: out@docket.test\r\nMessage-ID: <answer.{t}@docket.test>\r\n\r\nDanke\r\n".encode()
        sha = hashlib.sha256(raw).hexdigest()
        blob = HERE / "blobs" / sha[:2] / sha[2:4]
        blob.mkdir(parents=True, exist_ok=True)
        (blob / sha).write_bytes(raw)
        rows.append(f"('customer', {t}, (select id from account where name = 'out'), 'out@docket.test', "
                    f"'{{kunde@example.org}}', 'Re', '{sha}', 'answer.{t}@docket.test')")
    if rows:
        sql("insert into outbox (audience, ticket_id, account_id, sender, recipients, subject, sha256, ref) values "
            + ", ".join(rows))


def keep_running():
    for name, words in COMMANDS.items():
        if name not in running or running[name].poll() is not None:
            running[name] = subprocess.Popen([DOCKET, *words], stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def children(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def victims():
    for name, process in running.items():
        if process.poll() is None:
            yield name, process.pid
            # poll's are the fetches, work's reads mail.
            yield from ((name, child) for child in children(process.pid))


def kill_one():
    kinds = collections.defaultdict(list)
    for name, pid in victims():
        kinds[name].append(pid)
    if not kinds:
        return
    name = random.choice(sorted(kinds))
    try:
        os.kill(random.choice(kinds[name]), signal.SIGKILL)
    except ProcessLookupError:
        return
    killed[name] += 1


def all_due():
    sql("update account set due_at = now() where kind = 'imap'; update outbox set next_at = now() where state = 'deferred'")


def is_done():
    return sql(f"""select (select count(*) from message where subject like 'mail-%') >= {MAILS}
        and not exists (select from inbound where state = 'new')
        and not exists (select from outbox where state in ('queued', 'sending', 'deferred'))
        and not exists (select from index_queue)""") == "t"


def main():
    mails = 0
    while sum(killed.values()) < KILLS:
        keep_running()
        share = MAILS * (sum(killed.values()) + 1) // KILLS
        while mails < min(share, MAILS):
            put(mails)
            mails += 1
        if sum(killed.values()) % 10 == 0:
            answer(20)
            all_due()
        wait(random.uniform(0.001, 0.25))
        kill_one()
    while mails < MAILS:
        put(mails)
        mails += 1
    answer(50)
    end = time.monotonic() + 120
    while not is_done() and time.monotonic() < end:
        keep_running()
        all_due()
        wait(0.5)
    for process in running.values():
        process.terminate()
    for process in running.values():
        process.wait()
    print(", ".join(f"{name} {killed[name]}" for name in COMMANDS))


main()
