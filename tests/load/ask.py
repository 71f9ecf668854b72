#!/usr/bin/env python3
"""ask.py PORT TOKEN PATH FILE [EVERY]: asks each line of FILE once, one after the other, over one connection; EVERY ms apart.
Prints how many, and p50, p95 and p99 in ms; exit 1 when an answer is not 200."""
import http.client, select, sys, time
from urllib.parse import quote

port, token, path, file = sys.argv[1:5]
every = float(sys.argv[5]) / 1000 if len(sys.argv) > 5 else 0
c = http.client.HTTPConnection('127.0.0.1', int(port))
took = []
for line in open(file, encoding='utf-8'):
    begin = time.monotonic()
    c.request('GET', path + quote(line.rstrip('\n')), headers={'Authorization': 'Bearer ' + token})
    answer = c.getresponse()
    body = answer.read()
    took.append(1000 * (time.monotonic() - begin))
    if answer.status != 200:
        sys.exit('%s: %d %s' % (line.strip(), answer.status, body[:200]))
    if every > took[-1] / 1000:
        select.select([], [], [], every - took[-1] / 1000)
took.sort()
print(len(took), *('%.2f' % took[min(len(took) - 1, int(len(took) * p))] for p in (0.5, 0.95, 0.99)))
