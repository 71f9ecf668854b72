#!/usr/bin/env python3
"""The last thirty days of Haus Lindemann in a minute: mails arrive through poll and work, agents answer through the API.

play.py URL LMTP_PORT SENT_FOLDER TOKENS.json: TOKENS maps logins to API tokens; DOCKET and psql's variables are set.
"""
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

import mails

URL, PORT, SENT, TOKENS = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), json.load(open(sys.argv[4]))
ROUNDS = 10
AGENTS = {"de": ["lena", "aylin", "jonas", "tobias"], "en": ["grace", "lena"]}
dice = mails.random.Random(4711)
IDS = {} # of agents, by login
delivered = 0


def psql(sql):
    done = subprocess.run(["psql", "-AtXqc", sql], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def api(agent, method, path, body=None):
    """A request as an agent; a conflict is answered by None."""
    request = urllib.request.Request(URL + "/api/v1" + path, method=method,
                                     data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + TOKENS[agent])
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as e:
        if e.code == 409:
            return None
        raise SystemExit(f"demo: {method} {path}: {e.code} {e.read().decode()}")


def until(sql, seconds=60):
    """Wait until the query answers true; PostgreSQL's own clock does the waiting between two looks."""
    end = time.monotonic() + seconds
    while psql(sql) != "t":
        if time.monotonic() > end:
            raise SystemExit(f"demo: waited {seconds} s in vain: {sql}")
        psql("select pg_sleep(0.1)")


def arrive(batch):
    global delivered
    if not batch:
        return
    mails.deliver(PORT, batch)
    delivered += len(batch)
    psql("update account set due_at = now()")
    subprocess.run([os.environ["DOCKET"], "poll"], check=False, stderr=subprocess.DEVNULL)
    until(f"select count(*) >= {delivered} and count(*) filter (where state = 'new') = 0 from inbound")


def change(by, ticket, path, method="PATCH", **fields):
    """One change of a ticket {"id", "version"}; what answers tells the version that follows."""
    fields["version"] = ticket["version"]
    answer = api(by, method, f"/tickets/{ticket['id']}{path}", fields)
    if answer is None: # its mail left meanwhile, which counts too
        answer = api(by, "GET", f"/tickets/{ticket['id']}")
        fields["version"] = answer["ticket"]["version"]
        answer = api(by, method, f"/tickets/{ticket['id']}{path}", fields) or answer
    ticket["version"] = answer["ticket"]["version"]


def work_on(entry, types, roles, teams):
    """What an agent does with one ticket, by its age."""
    ticket, days = entry.get("ticket"), (mails.now.timestamp() - entry["at"]) / 86400
    if ticket is None:
        return
    lang, agent = entry["lang"], dice.choice(AGENTS[entry["lang"]])
    kind = types[entry["type"]]
    if entry["type"] != "Anfrage":
        change(agent, ticket, "", type=kind["id"])
    if entry["topic"] == "bulk" or dice.random() < 0.04:
        change(agent, ticket, "", priority=dice.choice([4, 5]))
    taken = dice.random() < (0.95 if days > 4 else 0.7 if days > 1 else 0.35)
    if taken:
        change(agent, ticket, "/owners", "POST", agent=IDS[agent], role=roles["Lead"])
    if entry["topic"] in ("broken", "missing") and dice.random() < 0.5:
        change(agent, ticket, "/owners", "POST", team=teams["Shipping"], role=roles["Review"])
    if entry["topic"] == "invoice" and dice.random() < 0.5:
        change(agent, ticket, "/owners", "POST", team=teams["Accounts"], role=roles["Review"])
    if "note" in entry and taken and dice.random() < 0.35:
        change(agent, ticket, "/messages", "POST", kind="comment", body=entry["note"])
    status = {s["category"]: s["id"] for s in kind["statuses"]}
    if not taken or dice.random() > (0.95 if days > 5 else 0.65 if days > 1 else 0.3):
        if taken:
            change(agent, ticket, "", status=status["work"])
        return
    if lang == "de":
        body = f"Guten Tag {entry['hello']},\n\n{entry['answer']}"
    else:
        body = f"Dear {entry['hello']},\n\n{entry['answer']}"
    closes = days > 3 and dice.random() < 0.75
    change(agent, ticket, "/messages", "POST", kind="message", body=body,
           status=status["done"] if closes else status[dice.choice(["wait", "wait", "ext"])])


def main():
    sent, plan = mails.first()
    said = {m["Message-ID"].strip("<>"): when for when, _, m in sent}
    IDS.update((a["name"].split()[0].lower(), a["id"]) for a in api("lena", "GET", "/agents"))
    types = {t["name"]["de"]: t for t in api("lena", "GET", "/types")}
    roles = {r["name"]["en"]: r["id"] for r in api("lena", "GET", "/roles")}
    teams = {t["name"]["en"]: t["id"] for t in api("lena", "GET", "/teams")}
    plan.sort(key=lambda e: e["at"])
    for i in range(ROUNDS):
        arrive(sent[len(sent) * i // ROUNDS:len(sent) * (i + 1) // ROUNDS])
        answered = [e for e in plan[:len(plan) * (i + 1) // ROUNDS] if not e.get("seen")]
        known = dict(line.split("|") for line in psql("select ref, ticket_id || ' ' || version from message m join ticket t "
                                                      "on t.id = m.ticket_id where ref is not null").splitlines())
        for entry in answered:
            entry["seen"] = True
            if entry["id"].strip("<>") in known:
                entry["ticket"] = dict(zip(("id", "version"), map(int, known[entry["id"].strip("<>")].split())))
            work_on(entry, types, roles, teams)
        until("select count(*) = 0 from outbox where state in ('queued', 'sending')", 30)
        if i % 3 == 2:
            arrive(mails.thanks(plan, SENT))
        print(f"  {delivered} mails in, {psql('select count(*) from ticket')} tickets, "
              f"{psql('select count(*) from outbox')} answers out", flush=True)
    values = ",".join(f"('{ref}','{when.isoformat()}'::timestamptz)" for ref, when in said.items())
    dates = (pathlib.Path(__file__).parent / "dates.sql").read_text("utf-8")
    script = f"begin; create temp table said (ref text, at timestamptz); insert into said values {values};\n{dates}\ncommit;"
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1"], input=script, text=True, check=True)


main()
