#!/usr/bin/env python3
# What docket work stores of a mail is what docket parse prints of it (golden.t holds that against the same JSON): every
# written-down mail becomes a message, and its words, page, files and Message-ID are those of the JSON.
import glob
import hashlib
import json
import os
import re
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
FAST = TOP + "/build/rel/docket"
QUERY = """select jsonb_build_object('sha', i.sha256, 'state', i.state, 'subject', m.subject, 'words', m.body || coalesce(m.folded, ''), 'page', m.html, 'ref', m.ref,
 'automatic', m.automatic, 'files', coalesce((select jsonb_agg(jsonb_build_array(f.name, f.type, f.size, f.is_inline, f.cid) order by f.id)
 from file f where f.message_id = m.id), '[]')) from inbound i left join message m on m.inbound_id = i.id order by i.id"""


def psql(query):
    return subprocess.run(["psql", "-AtXq"], input=query, stdout=subprocess.PIPE, check=True, text=True).stdout


def keep(path):
    """The original as docket poll leaves it: bytes in the store, a row."""
    raw = open(path, "rb").read()
    sha = hashlib.sha256(raw).hexdigest()
    os.makedirs(f"{DIR}/blobs/{sha[:2]}/{sha[2:4]}", exist_ok=True)
    open(f"{DIR}/blobs/{sha[:2]}/{sha[2:4]}/{sha}", "wb").write(raw)
    return sha, len(raw)


def same_file(got, want):
    """A file without a name gets one."""
    return got[1:] == want[1:] and (got[0] == want[0] or (not want[0] and re.match(r"(file|mail)-\d+", got[0])))


def judge(m, p):
    wrong = []
    files = [[f["filename"], f["type"], f["size"], f["inline"], f["cid"]] for f in [*p["attachments"], *(p["unpacked"] or [])]]
    words = p["visible_text"] + (p["folded"] or "")
    if p["abridged"]:  # said below the words
        m["words"] = m["words"][:len(words)]
    if m["words"] != words and words.strip():
        wrong.append(f"words {m['words']!r} for {words!r}")
    if (m["subject"] or None) != (p["subject"] or None) and not (p["subject"] or "").startswith((m["subject"] or "x").rstrip("…")):
        wrong.append(f"subject {m['subject']!r} for {p['subject']!r}")
    if (p["body_html"] is None) != (m["page"] is None) or (p["body_html"] and p["body_html"][:200] not in m["page"]):
        wrong.append(f"page {m['page']!r} for {p['body_html']!r}")
    if m["ref"] != p["message_id"]:
        wrong.append(f"Message-ID {m['ref']!r} for {p['message_id']!r}")
    if len(m["files"]) != len(files) or not all(map(same_file, m["files"], files)):
        wrong.append(f"files {m['files']} for {files}")
    return wrong


subprocess.run([FAST, "account", "add", "Shop", "--address", "shop@docket.test", "--type", "Anfrage", "--status", "Neu"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
paths = sorted(glob.glob(TOP + "/tests/mail/*.eml"))
kept = [keep(p) for p in paths]
psql("insert into inbound (account_id, source, sha256, size) values " + ", ".join(f"(1, 'pipe', '{s}', {n})" for s, n in kept))
subprocess.run([FAST, "work", "--once"], stderr=open(DIR + "/work.log", "wb"))
stored = {m["sha"]: m for m in map(json.loads, psql(QUERY).strip().split("\n"))}
bad = 0
for number, (path, (sha, _)) in enumerate(zip(paths, kept), 1):
    m, p = stored[sha], json.load(open(path[:-4] + ".json"))
    wrong = judge(m, p) if m["words"] is not None else [f"no message, {m['state']}"]
    bad += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {number} - {os.path.basename(path)}")
    for line in wrong:
        print("# " + line[:700].replace("\n", " "))
print(f"1..{len(paths)}\n# figure: {len(paths) - bad} of {len(paths)} mails are stored as parse prints them")
sys.exit(bad > 0)
