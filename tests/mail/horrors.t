#!/usr/bin/env python3
# Mails made to break readers: each within 2 s CPU (100 MB: 5 s) and 64 MiB above its size, linear when doubled,
# JSON in strict UTF-8; once more under the sanitizers, where only the answer counts.
import json
import os
import subprocess
import sys

TOP, DIR = os.environ["TOP"], os.environ["TEST_DIR"]
MAKER = TOP + "/tests/mail/breakers.py"
FAST, SAN = TOP + "/build/rel/docket", os.environ["DOCKET"]
FULL = os.environ.get("SIZE") == "full"
MAIL, ANSWER = DIR + "/mail", DIR + "/answer"
count = failed = 0
worst = {"cpu": (0, ""), "memory": (0, "")}


def say(good, what, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + ("" if good else f"\n# {why}"), flush=True)


def make(name, scale):
    with open(MAIL, "wb") as f:
        subprocess.run([sys.executable, MAKER, name, str(scale)], stdout=f, check=True)
    return os.path.getsize(MAIL)


def parse(program):
    with open(MAIL, "rb") as mail, open(ANSWER, "wb") as answer:
        p = subprocess.Popen(["prlimit", "--cpu=60", program, "parse"], stdin=mail, stdout=answer)
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = status
    return status, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def answer_ok():
    with open(ANSWER, "rb") as f:
        text = f.read().decode("utf-8", "strict")
    return "\\u0000" not in text and isinstance(json.loads(text), dict)


def note(kind, value, name):
    if value > worst[kind][0]:
        worst[kind] = (value, name)


def one(name):
    size = make(name, 1)
    status, cpu, memory = parse(FAST)
    note("cpu", cpu, name)
    note("memory", memory - size, name)
    limit = 5 if size > 60e6 else 2
    good = status == 0 and answer_ok() and cpu <= limit and memory - size <= 64 << 20
    say(good, f"{name}: {size / 1e6:.1f} MB",
        f"status {status}, {cpu:.2f} s CPU, {(memory - size) / 1048576:.0f} MiB above its size")
    if size < (25e6 if FULL else 5e6):
        status, _, _ = parse(SAN)
        say(status == 0 and answer_ok(), name + " under the sanitizers", f"status {status}")
    if size < (110e6 if FULL else 8e6):
        make(name, 2)
        status, double, _ = parse(FAST)
        say(status == 0 and double <= 2.2 * cpu + 0.15, name + " doubled",
            f"status {status}, {double:.2f} s after {cpu:.2f} s")


names = subprocess.run([sys.executable, MAKER], stdout=subprocess.PIPE, check=True, text=True).stdout.split()
for n in names:
    one(n)
print(f"1..{count}")
print(f"# figure: {len(names)} hostile mails: at most {worst['cpu'][0]:.2f} s CPU ({worst['cpu'][1]}), "
      f"{worst['memory'][0] / 1048576:.0f} MiB above the mail ({worst['memory'][1]})")
sys.exit(failed > 0)
