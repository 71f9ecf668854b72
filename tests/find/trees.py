# SPDX-License-Identifier: GPL-3.0-or-later
"""trees.py TREES SEED: a world of 2,000 messages in SQL, random questions, and what looking at every message finds.
Written from src/query/README.md and index/README.md alone; each set of messages is a whole number with a bit per message."""
import datetime, json, os, random, subprocess, sys, unicodedata
from zoneinfo import ZoneInfo

TREES, SEED = int(sys.argv[1]), int(sys.argv[2])
R = random.Random(SEED)
MESSAGES, TICKETS, BASE, BERLIN, UTC = 2000, 700, 1000000000, ZoneInfo('Europe/Berlin'), datetime.timezone.utc


def fold(word):
    word = ''.join(c for c in unicodedata.normalize('NFD', word.lower().replace('ß', 'ss')) if not unicodedata.combining(c))
    out = ''
    for i, c in enumerate(word):
        dots = (c == 'e' and i > 0 and word[i - 1] in 'aou' and i + 1 < len(word) and not (i > 1 and word[i - 2] in 'qaeo'))
        out += '' if dots else c
    return out


# --- the world ------------------------------------------------------------------------------------------------------
PLAIN = ['Müller', 'Mueller', 'muller', 'Straße', 'STRASSE', 'Größe', 'Groesse', 'Quelle', 'Frauen', 'blue', 'café', 'Cafe', 'naïve', 'Lampe', 'Lampen',
         'lamp', 'Vase', 'Vasen', 'Bestellung', 'order', 'refund', 'Rücksendung', 'Ruecksendung', 'zurück', 'kaputt', 'broken', 'Paket', 'Pakete', 'grün',
         'Übergabe', 'Öl', 'Ärger', 'Maß', 'Masse', 'Zoë', 'Ångström', 'Łódź', 'ñandú', 'Duo', 'abenteuer', 'neue', 'treue', 'Steuer', 'Israel']
WORDS = PLAIN + ['w%d' % i for i in range(10)]
WEIGHTS = [1 / (i % 11 + 1) for i in range(len(PLAIN))] + [4 / (i * i + 1) for i in range(10)]
PEOPLE = ['Erika Muster', 'Jörg Groß', 'José Peña', 'Karl Kunde', 'Änne Öhler']
FILES = ['rechnung.pdf', 'foto.jpg', 'größe.png', 'order.txt']
STATUS = [('Neu', 'New'), ('Offen', 'Open'), ('In Bearbeitung', 'In progress'), ('Wartet auf Kunde', 'Waiting for customer'),
          ('Wartet extern', 'Waiting for others'), ('Erledigt', 'Done'), ('Abgelehnt', 'Declined')]
TYPE = [('Anfrage', 'Enquiry'), ('Reklamation', 'Complaint'), ('Retoure', 'Return'), ('Rechnung', 'Invoice')]
TAGS = ['Großkunde', 'Eilig', 'Rückläufer', 'Garantie Fall', 'x']
SOURCES = ['mail', 'agent', 'api', 'form', 'ebay', 'import']
BEN, ANNA, TEAM = 1, 2, -1


def words(low, high):
    return R.choices(WORDS, WEIGHTS, k=R.randint(low, high))


def moment():
    return datetime.datetime(2024, 1, 1, tzinfo=UTC) + datetime.timedelta(minutes=R.randrange(1000 * 24 * 60))


tickets = []
for i in range(TICKETS):
    position = R.randrange(7)
    t = dict(id=1001 + i, type=R.randrange(4), position=position, subject=words(1, 4), prio=R.randrange(6), source=R.choice(SOURCES),
             customer=R.randint(1, 30) if R.random() < .9 else None, confidential=R.random() < .1, failed=R.random() < .05, created=moment(), updated=moment(),
             due=datetime.datetime(R.choice([2020, 2090]), R.randint(1, 12), R.randint(1, 28), 12, tzinfo=UTC) if R.random() < .3 else None,
             owners={o for o in (BEN, ANNA, TEAM) if R.random() < .2}, tags={g for g in range(5) if R.random() < .15}, files=0, messages=0, last=None)
    t['open'] = position < 5
    t['closed'] = None if t['open'] else moment()
    t['status'] = t['type'] * 7 + position + 1
    mine = t['owners'] & {ANNA, TEAM}
    t['visible'] = bool(mine) if position in (1, 4) else position != 5
    tickets.append(t)
messages = []
for i in range(MESSAGES):
    t = R.choice(tickets) if i >= TICKETS else tickets[i]
    m = dict(id=BASE + i, ticket=t, comment=R.random() < .2, body=words(1, 12), author=R.choice(PEOPLE), files=R.sample(FILES, 1) if R.random() < .1 else [])
    t['files'] += len(m['files'])
    t['messages'] += 1
    t['last'] = m['id']
    messages.append(m)


def copy(table, columns, rows):
    quote = lambda v: '\\N' if v is None else str(v).replace('\\', '\\\\')
    return 'copy %s (%s) from stdin;\n%s\\.\n' % (table, columns, ''.join('\t'.join(quote(v) for v in r) + '\n' for r in rows))


def world():
    out = "insert into customer (name) select 'Kunde ' || i || ' Müller' from generate_series(1, 30) i;\n"
    out += "insert into customer_address select 'k' || i || '@example.org', i from generate_series(1, 30) i;\n"
    out += "insert into team (name) values ('{\"de\": \"Versand\", \"en\": \"Shipping\"}'); insert into team_agent values (1, %d);\n" % ANNA
    out += copy('tag', 'name', [(g,) for g in TAGS])
    out += copy('ticket', 'id, subject, type_id, status_id, is_open, priority, source, customer_id, confidential, failed, created_at, updated_at, deadline_at,'
                ' closed_at, last_message_id, files, messages',
                [(t['id'], ' '.join(t['subject']), t['type'] + 1, t['status'], t['open'], t['prio'], t['source'], t['customer'], t['confidential'], t['failed'],
                  t['created'], t['updated'], t['due'], t['closed'], t['last'], t['files'], t['messages']) for t in tickets]).replace('ticket (id,', 'ticket (id,')
    out += copy('message', 'id, ticket_id, kind, author, body, source',
                [(m['id'], m['ticket']['id'], 'comment' if m['comment'] else 'message', m['author'], ' '.join(m['body']), 'mail') for m in messages])
    out += copy('file', 'message_id, name, type, size, sha256', [(m['id'], f, 'x/y', 1, 'x') for m in messages for f in m['files']])
    out += copy('owner', 'ticket_id, agent_id, team_id, role_id',
                [(t['id'], o if o > 0 else None, -o if o < 0 else None, 1) for t in tickets for o in sorted(t['owners'])])
    out += copy('ticket_tag', 'ticket_id, tag_id', [(t['id'], g + 1) for t in tickets for g in sorted(t['tags'])])
    return out + "insert into folder (name, query, agent_id) values ('{\"de\": \"Mein Ordner\", \"en\": \"Mine\"}', 'prio:>2 (w0 OR is:closed)', %d)," \
        " ('{\"de\": \"Fremd\"}', 'prio:0', %d);\nanalyze;\n" % (ANNA, BEN)


# --- sets of messages -------------------------------------------------------------------------------------------------
ALL = (1 << MESSAGES) - 1


def of_messages(is_true):
    return sum(1 << i for i, m in enumerate(messages) if is_true(m))


def of_tickets(is_true):
    return of_messages(lambda m: is_true(m['ticket']))


for m in messages:
    name = [fold(f.replace('.', ' ')).split() if False else [fold(x) for x in f.split('.')] for f in m['files']]
    m['fields'] = {'subject': [[fold(w) for w in m['ticket']['subject']]], 'from': [[fold(w) for w in m['author'].split()]], 'file': name,
                   'text': [[fold(w) for w in m['body']]]}
known = {}


def having(field, wanted, last_begins=False):
    """Messages with these folded words in a row, in one field or (None) in any."""
    key = (field, tuple(wanted), last_begins)
    if key not in known:
        def row(line):
            n = len(wanted)
            return any(line[i:i + n - 1] == wanted[:-1] and (line[i + n - 1].startswith(wanted[-1]) if last_begins else line[i + n - 1] == wanted[-1])
                       for i in range(len(line) - n + 1))
        known[key] = of_messages(lambda m: any(row(line) for f, lines in m['fields'].items() if field in (None, f) for line in lines))
    return known[key]


COMMENT = of_messages(lambda m: m['comment'])
VISIBLE = of_tickets(lambda t: t['visible'])


def text_leaf():
    kind = R.randrange(12)
    if kind < 5:
        w = R.choice(WORDS[-10:])
        return w, having(None, [fold(w)])
    if kind < 7:
        w = R.choice(PLAIN)
        return '"%s"' % w, having(None, [fold(w)])
    if kind == 7:
        m = R.choice(messages)
        i = R.randrange(len(m['body']))
        w = m['body'][i:i + 2]
        return '"%s"' % ' '.join(w), having(None, [fold(x) for x in w])
    if kind == 8:
        w = R.choice(['lam', 'va', 'bro', 'stra', 'gro', 'paket', 'best', 'w1', 'mul', 'müll', 'ruck'])
        return w + '*', having(None, [fold(w)], True)
    if kind == 9:
        field, name = R.choice([('subject', 'subject'), ('subject', 'Betreff')])
        w = R.choice(WORDS)
        return '%s:"%s"' % (name, w), having(field, [fold(w)])
    if kind == 10:
        name, w = R.choice(['from', 'von']), R.choice(PEOPLE)
        return '%s:"%s"' % (name, w), having('from', [fold(x) for x in w.split()])
    return R.choice([('in:comment', COMMENT), ('in:kommentar', COMMENT), ('in:message', ALL & ~COMMENT), ('in:anhang', of_messages(lambda m: m['files'])),
                     ('file:rechnung', having('file', ['rechnung'])), ('datei:"größe"', having('file', ['grosse']))])


def day_range(field, name):
    """A part of the calendar in Berlin and how it is compared."""
    year, month, day = R.randint(2024, 2026), R.randint(1, 12), R.randint(1, 28)
    at = lambda y, m, d: datetime.datetime(y, m, d, tzinfo=BERLIN)
    text, begin, end = R.choice([
        (str(year), at(year, 1, 1), at(year + 1, 1, 1)),
        ('%d-%02d' % (year, month), at(year, month, 1), at(year + month // 12, month % 12 + 1, 1)),
        ('%d-%02d-%02d' % (year, month, day), at(year, month, day), at(year, month, day) + datetime.timedelta(days=1)),
        ('%d.%d.%d' % (day, month, year), at(year, month, day), at(year, month, day) + datetime.timedelta(days=1))])
    rel = R.choice(['', '<', '<=', '>', '>=', '..x'])
    tests = {'': lambda v: begin <= v < end, '<': lambda v: v < begin, '<=': lambda v: v < end, '>': lambda v: v >= end, '>=': lambda v: v >= begin,
             '..x': lambda v: v >= begin and v < at(2027, 1, 1)}
    question = '%s:%s..2026' % (name, text) if rel == '..x' else '%s:%s%s' % (name, rel, text)
    return question, of_tickets(lambda t: t[field] is not None and tests[rel](t[field]))


FIXED = [('is:open', lambda t: t['open']), ('ist:offen', lambda t: t['open']), ('is:closed', lambda t: not t['open']),
         ('ist:frei', lambda t: not t['owners']), ('is:mine', lambda t: ANNA in t['owners']), ('eigner:ich', lambda t: ANNA in t['owners']),
         ('is:team', lambda t: t['owners'] & {ANNA, TEAM}), ('is:waiting', lambda t: t['position'] in (3, 4)),
         ('is:overdue', lambda t: t['open'] and t['due'] and t['due'].year == 2020), ('ist:vertraulich', lambda t: t['confidential']),
         ('is:failed', lambda t: t['failed']), ('has:file', lambda t: t['files']), ('hat:eigner', lambda t: t['owners']), ('has:tag', lambda t: t['tags']),
         ('hat:frist', lambda t: t['due']), ('has:customer', lambda t: t['customer']), ('has:draft', lambda t: False), ('is:unread', lambda t: True),
         ('owner:ben', lambda t: BEN in t['owners']), ('eigner:"Ben Kurz"', lambda t: BEN in t['owners']), ('owner:none', lambda t: not t['owners']),
         ('owner:Versand', lambda t: TEAM in t['owners']), ('role:Bearbeitung', lambda t: t['owners']), ('rolle:Lead', lambda t: False),
         ('due:<today', lambda t: t['due'] and t['due'].year == 2020), ('fällig:>heute', lambda t: t['due'] and t['due'].year == 2090),
         ('created:>tomorrow', lambda t: t['created'] > datetime.datetime.now(UTC) + datetime.timedelta(days=9)), ('status:unbekannt', lambda t: False),
         ('folder:inbox', lambda t: t['open']), ('ordner:"Alle Tickets"', lambda t: True)]


def fact_leaf():
    kind = R.randrange(11)
    if kind < 3:
        question, is_true = R.choice(FIXED)
        return question, of_tickets(is_true)
    if kind == 3:
        n = R.randint(1, 28)
        return 'status:%d' % n, of_tickets(lambda t: t['status'] == n)
    if kind == 4:
        p, lang = R.randrange(7), R.randrange(2)
        return '%s:"%s"' % (R.choice(['status', 'Status']), STATUS[p][lang]), of_tickets(lambda t: t['position'] == p)
    if kind == 5:
        p, lang = R.randrange(4), R.randrange(2)
        return '%s:%s' % (R.choice(['type', 'typ']), TYPE[p][lang].upper()), of_tickets(lambda t: t['type'] == p)
    if kind == 6:
        g = R.randrange(5)
        name = R.choice([TAGS[g], TAGS[g].replace('ü', 'ue').replace('ß', 'ss')])
        return '%s:"%s"' % (R.choice(['tag', 'schlagwort']), name), of_tickets(lambda t: g in t['tags'])
    if kind == 7:
        n = R.randint(1, 30)
        return R.choice(['customer:%d', 'kunde:k%d@example.org', 'kunde:"%d Kunde"']) % n, of_tickets(lambda t: t['customer'] == n)
    if kind == 8:
        n, rel = R.randrange(6), R.choice(['>', '<', '>=', '<=', '', 'list', 'range'])
        tests = {'>': lambda p: p > n, '<': lambda p: p < n, '>=': lambda p: p >= n, '<=': lambda p: p <= n, '': lambda p: p == n,
                 'list': lambda p: p in (0, n), 'range': lambda p: 1 <= p <= n}
        text = {'list': '0,%d' % n, 'range': '1..%d' % n}.get(rel, '%s%d' % (rel, n))
        return R.choice(['prio:', 'Priorität:']) + text, of_tickets(lambda t: tests[rel](t['prio']))
    if kind == 9:
        return day_range(*R.choice([('created', 'created'), ('created', 'erstellt'), ('updated', 'geändert'), ('closed', 'closed')]))
    if R.random() < .3:
        kept = 'folder:"Mein Ordner"'
        return kept, of_tickets(lambda t: t['prio'] > 2) & (having(None, ['w0']) | of_tickets(lambda t: not t['open']))
    s = R.choice(SOURCES)
    return '%s:%s' % (R.choice(['source', 'quelle']), s), of_tickets(lambda t: t['source'] == s)


LEAVES = [text_leaf() for _ in range(300)], [fact_leaf() for _ in range(400)]


def grow(depth):
    """A question, its set, how it binds: 0 = by itself, 1 = a row, 2 = alternatives."""
    r = R.random()
    if depth > 3 or r < .38:
        return R.choice(LEAVES[R.random() < .45]) + (0,)
    text, found, binds = grow(depth + 1)
    wrap = lambda x, b: '(%s)' % x if b else x
    if r < .5:
        return R.choice(['-%s', 'NOT %s', 'NICHT %s']) % wrap(text, binds or text[0] == '-'), ALL & ~found, 0
    text2, found2, binds2 = grow(depth + 1)
    if r < .8:
        return wrap(text, binds > 1) + R.choice([' ', ' AND ', ' ']) + wrap(text2, binds2 > 1), found & found2, 1
    return text + R.choice([' OR ', ' ODER ', ' | ']) + wrap(text2, False), found | found2, 2


def standing(found):
    """(message, ticket), newest first, each ticket where its newest message of the set stands."""
    out, seen, bits = [], set(), found & VISIBLE
    while bits:
        i = bits.bit_length() - 1
        bits ^= 1 << i
        t = messages[i]['ticket']
        if t['id'] not in seen:
            seen.add(t['id'])
            out.append((BASE + i, t))
    return out


def tally(list_of_tickets):
    def count(values):
        n = {}
        for v in values:
            n[v] = n.get(v, 0) + 1
        return n
    t = list_of_tickets
    return {'status': count(x['status'] for x in t), 'type': count(x['type'] + 1 for x in t), 'source': count(x['source'] for x in t),
            'owner': count(o for x in t for o in (x['owners'] or {0})), 'tag': count(g + 1 for x in t for g in x['tags']),
            'year': count(x['created'].astimezone(BERLIN).year for x in t), 'file': sum(1 for x in t if x['files'])}


def judge_count(answer, found, most):
    got = json.loads(answer)
    want = [t for at, t in standing(found) if at >= got['down_to']]
    facets = {k: v if k == 'file' else {x['id']: x['n'] for x in v} for k, v in got['facets'].items()}
    if got['tickets'] != len(want) or facets != tally(want):
        return 'counts %s, facets %s; want %d, %s' % (got['tickets'], facets, len(want), tally(want))
    if (got['down_to'] == 0) != (got['hits'] < most) and got['hits'] < most:
        return 'it says %d of %d hits and more' % (got['hits'], most)
    return None


if sys.argv[3:] == ['world']:
    sys.stdout.write(world())
    sys.exit()
asked = []
for i in range(TREES):
    question, found, _ = grow(0)
    n = len(standing(found))
    asked.append((question, found, min(200, R.choice([n // 3 + 1, n // 2 + 1, 200, 200])), None))
    if i % 20 == 0:
        asked.append((question, found, None, R.choice([20, 100, 2500, 10000])))
lines = ''.join('%s\t%s\n' % ('f%d' % most if most else limit, q) for q, _, limit, most in asked)
answers = subprocess.run([os.environ['TOP'] + '/build/tests/find/trees', str(ANNA)], input=lines, capture_output=True, text=True)
got = answers.stdout.split('\n')[:-1]
wrong = many = counts = 0
if len(got) != len(asked):
    print('# %d answers to %d questions: %s' % (len(got), len(asked), answers.stderr[-500:]))
    wrong = 1
for (question, found, limit, most), answer in zip(asked, got):
    if answer == 'many':
        many += 1
        continue
    if most:
        counts += 1
        fault = judge_count(answer, found, most) if answer.startswith('{') else answer
    else:
        want = ' '.join(str(t['id']) for _, t in standing(found))
        fault = None if answer.strip() == want else 'got %s\n#   want %s' % (answer[:200], want[:200])
    if fault:
        wrong += 1
        if wrong <= 5:
            print('# %s\n#   %s' % (question, fault))
print('# figure: %d random trees over %d messages, one to five pages each; %d with too many branches; %d counts with their facets; %d wrong'
      % (TREES, MESSAGES, many, counts, wrong))
sys.exit(wrong > 0)
