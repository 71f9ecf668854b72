/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ticket says already, held against a new mail: free of any language. A block at the end that repeats
 * it is a quote however it is marked; what was folded and is new comes back into sight. */
#include "mime/private.h"

#include <string.h>

enum { WORDS_KNOWN = 64 << 10, SLOTS = WORDS_KNOWN * 4, BLOCK_BYTES = 40, BLOCK_LINES = 2 };

/* Hashes of words and of three words in a row. */
struct known {
	uint64_t *slot;
	size_t words;
};

static uint64_t
mix(uint64_t h, uint64_t with)
{
	h = (h ^ with) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static void
add(struct known *k, uint64_t h)
{
	size_t i = h % SLOTS;

	h |= 1;
	while (k->slot[i] != 0 && k->slot[i] != h)
		i = (i + 1) % SLOTS;
	k->slot[i] = h;
}

static bool
has(const struct known *k, uint64_t h)
{
	size_t i = h % SLOTS;

	h |= 1;
	while (k->slot[i] != 0 && k->slot[i] != h)
		i = (i + 1) % SLOTS;
	return k->slot[i] == h;
}

/* The next word of *s as a hash; 0 = there is none. Letters of any script and digits are words. */
static uint64_t
next_word(struct str *s)
{
	uint64_t h = 0;

	while (s->n > 0) {
		unsigned char c = (unsigned char)*s->s;
		bool is =
		    c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');

		/* A no-break space is none. */
		if (c == 0xc2 && s->n > 1 && (unsigned char)s->s[1] == 0xa0)
			is = false, s->s++, s->n--;
		if (!is && h != 0)
			break;
		if (is)
			h = mix(h == 0 ? 1 : h, c < 0x80 ? c | 32 : c);
		s->s++;
		s->n--;
	}
	return h;
}

static void
learn(struct known *k, const char *text)
{
	struct str s = { text, strlen(text) };
	uint64_t w, before = 0, before2 = 0;

	while (k->words < WORDS_KNOWN && (w = next_word(&s)) != 0) {
		add(k, w);
		if (before2 != 0)
			add(k, mix(mix(before2, before), w));
		before2 = before;
		before = w;
		k->words++;
	}
}

/* How much of a line is known. */
struct look {
	size_t words, known;
	bool all;   /* nothing in it is new; nothing at all counts */
	bool firm;  /* three words or more in the same order */
	bool fresh; /* three words or more, hardly any of it known */
};

static struct look
look_at(const struct known *k, struct str line)
{
	struct look l = { 0 };
	uint64_t w, before = 0, before2 = 0;
	size_t rows = 0, known = 0;

	while ((w = next_word(&line)) != 0) {
		l.words++;
		l.known += has(k, w);
		if (before2 != 0) {
			rows++;
			known += has(k, mix(mix(before2, before), w));
		}
		before2 = before;
		before = w;
	}
	l.firm = rows > 0 && known * 10 >= rows * 8;
	l.all = rows > 0 ? l.firm : l.known == l.words;
	l.fresh = l.words >= 3 && known * 2 < rows;
	return l;
}

static struct str
line_at(const char *text, const char *end)
{
	const char *start = end;

	while (start > text && start[-1] != '\n')
		start--;
	return (struct str){ start, (size_t)(end - start) };
}

static struct str
bare(struct str s)
{
	while (s.n > 0 && strchr("> \t|", *s.s) != NULL) {
		s.s++;
		s.n--;
	}
	while (s.n > 0 && strchr(" \t\r", s.s[s.n - 1]) != NULL)
		s.n--;
	return s;
}

/* Lines by which mail programs introduce a quote are nobody's words. */
static bool
introduces(struct str s)
{
	return s.n == 0 || mime_field_kind(s) != 0 || mime_is_original(s) || mime_is_footer(s) ||
	       (s.s[s.n - 1] == ':' && s.n < 400 &&
		   (mime_has_verb(s) || memchr(s.s, '@', s.n) != NULL));
}

/* Where the block at the end begins that the ticket knows; the end of the text when there is none. */
static size_t
known_tail(const struct known *k, const char *text)
{
	const char *end = text + strlen(text), *p = end, *start = end;
	size_t lines = 0, bytes = 0;

	for (;;) {
		struct str line = line_at(text, p), s = bare(line);
		struct look l = look_at(k, s);

		if (!l.all)
			break;
		if (l.firm) {
			lines++;
			bytes += s.n;
			start = line.s;
		}
		if (line.s == text)
			break;
		p = line.s - 1;
	}
	if (lines < BLOCK_LINES || bytes < BLOCK_BYTES)
		return (size_t)(end - text);
	while (start > text) {
		struct str line = line_at(text, start - 1);

		if (!introduces(bare(line)))
			break;
		start = line.s;
	}
	return (size_t)(start - text);
}

/* Is there something folded that the ticket does not know, though it knows the rest? Behind "-- " is a signature. */
static bool
hides_news(const struct known *k, const char *folded)
{
	size_t fresh = 0, firm = 0, n;
	bool signature = false, head = false;

	for (const char *p = folded; *p != '\0'; p += n + (p[n] == '\n')) {
		struct str s;
		struct look l;

		n = strcspn(p, "\n");
		s = bare((struct str){ p, n });
		if (s.n == 2 && memcmp(s.s, "--", 2) == 0)
			signature = true;
		head = mime_field_kind(s) != 0 || mime_is_original(s) ||
		       (head && memchr(s.s, ':', s.n < 30 ? s.n : 30) != NULL);
		l = look_at(k, s);
		firm += l.firm;
		if (l.firm)
			signature = false;
		else if (l.fresh && !signature && !head && *p != '>' && !introduces(s))
			fresh++;
	}
	return fresh > 0 && firm > fresh;
}

static bool
is_blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr(" \t\r\n", s[i]) == NULL)
			return false;
	return true;
}

struct quote
quote_known(struct arena *a, struct quote q, struct texts earlier)
{
	struct known k = { arena_alloc(a, SLOTS * sizeof(uint64_t)), 0 };
	char *whole;
	size_t cut;

	for (size_t i = 0; i < earlier.n; i++)
		learn(&k, earlier.v[i]);
	whole = arena_printf(a, "%s%s", q.visible, q.folded == NULL ? "" : q.folded);
	if (q.folded != NULL && hides_news(&k, q.folded)) {
		q = (struct quote){ whole, NULL };
	} else if (k.words > 0) {
		cut = known_tail(&k, q.visible);
		while (cut > 0 && strchr(" \t\n", q.visible[cut - 1]) != NULL)
			cut--;
		if (q.visible[cut] != '\0' && !is_blank(q.visible + cut, strlen(q.visible + cut)) &&
		    !is_blank(q.visible, cut))
			q = (struct quote){ arena_dup(a, whole, cut), whole + cut };
	}
	return q;
}
