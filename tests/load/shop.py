#!/usr/bin/env python3
"""shop.py TICKETS QUERIES DIR: a shop's mail by Zipf's law, German and English, as COPY files, and questions drawn from it
by frequency, one file per class."""
import bisect, itertools, random, sys
from pathlib import Path

tickets, queries, out = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
R = random.Random(7)
GERMAN = ('rechnung paket liefer schuh groß rück sende etikett frage haus bestell zahlung konto kunde artikel farbe menge datum '
          'adresse straße müller tisch lampe garten kinder wand spiegel gutschein schaden karton termin versand kosten preis').split()
ENGLISH = 'order refund broken ship return thank custom item price parcel label invoice address colour size account late'.split()


def vocabulary(stems, ends, n):
    words = set()
    while len(words) < n:
        words.add(R.choice(stems) + R.choice(['', R.choice(stems)]) + R.choice(['', R.choice(stems)]) + R.choice(ends))
    words = sorted(words)
    R.shuffle(words)
    return words, list(itertools.accumulate(1 / (i + 3) for i in range(n)))


german = vocabulary(GERMAN, ['', 'e', 'en', 'ung', 'ungen', 's', 'er', 'heit'], 12000)
english = vocabulary(ENGLISH, ['', 's', 'ed', 'ing', 'er', 'ment'], 3000)


def draw(language):
    words, sums = language
    return words[bisect.bisect(sums, R.random() * sums[-1])]


def number():
    return '%03d-%07d-%07d' % (R.randrange(999), R.randrange(10**7), R.randrange(10**7))


sample = []
with open(out / 'messages', 'w') as f:
    for i in range(4 * tickets):
        language = german if R.random() < 0.6 else english
        words = [draw(language) for _ in range(max(5, int(R.lognormvariate(4.4, 0.6))))]
        if R.random() < 0.3:
            words.insert(R.randrange(len(words)), number())
        if len(sample) < 20000 and R.random() < 0.3 or i < 2000:
            sample.append(words)
        kind = 'comment' if R.random() < 0.1 else 'message'
        f.write('%d\t%s\tKarl Kunde\tk%d@shop.example\t%s\tmail\n' % (1001 + i // 4, kind, R.randrange(9999), ' '.join(words)))


def two():
    words = R.choice(sample)
    i = R.randrange(len(words) - 1)
    return words[i], words[i + 1]


def an_order():
    while True:
        numbers = [w for w in R.choice(sample) if '-' in w]
        if numbers:
            return numbers[0]


def word():
    return draw(german if R.random() < 0.6 else english)


classes = {
    'word': word, 'two': lambda: ' '.join(two()), 'phrase': lambda: '"%s %s"' % two(), 'prefix': lambda: word()[:5] + '*',
    'number': an_order, 'facts': lambda: '%s status:offen owner:anna created:2020..2030' % word(), 'facets': word}
for name, make in classes.items():
    asked = {}
    for _ in range(50 * queries):
        if len(asked) == queries:
            break
        asked[make()] = True
    (out / ('q.' + name)).write_text('\n'.join(asked) + '\n')
