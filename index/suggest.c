/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the index knows: words by their beginning, and words that another one may be a slip of. */
#include <string.h>

#include "index/fold.h"
#include "index/words.h"

enum {
	PAGE = 256,      /* terms read at a time */
	READ_US = 20000, /* all the time that one question gets */
	SLIP = 4,        /* letters of the shortest word that may be a slip */
	LONG_WORD = 8    /* from here on two slips are forgiven */
};

struct looking {
	struct xap_reader *reader;
	struct term_known *v;
	unsigned *distance; /* of v[i] */
	size_t n, max;
	int64_t until;
};

/* Nearer first, then the more frequent; what is there already is not taken twice. */
static void
keep(struct looking *l, const char *word, uint32_t documents, unsigned distance)
{
	size_t i = l->n;

	for (size_t k = 0; k < l->n; k++)
		if (strcmp(l->v[k].word, word) == 0)
			return;
	while (i > 0 && (l->distance[i - 1] > distance ||
			    (l->distance[i - 1] == distance && l->v[i - 1].documents < documents)))
		i--;
	if (i == l->max)
		return;
	if (l->n < l->max)
		l->n++;
	memmove(l->v + i + 1, l->v + i, (l->n - 1 - i) * sizeof *l->v);
	memmove(l->distance + i + 1, l->distance + i, (l->n - 1 - i) * sizeof *l->distance);
	l->distance[i] = distance;
	l->v[i].documents = documents;
	memcpy(l->v[i].word, word, strlen(word) + 1);
}

/* Letters wrong, missing, too many, or two in the wrong order; more than most is most + 1. */
static unsigned
distance_of(const char *a, const char *b, unsigned most)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned char row[3][TERMS_WORD + 1], *two = row[0], *one = row[1], *now = row[2], *t;

	if (n > m + most || m > n + most)
		return most + 1;
	for (size_t k = 0; k <= m; k++)
		one[k] = (unsigned char)k;
	for (size_t i = 1; i <= n; i++, t = two, two = one, one = now, now = t) {
		now[0] = (unsigned char)i;
		for (size_t k = 1; k <= m; k++) {
			unsigned best = one[k - 1] + (a[i - 1] != b[k - 1]);

			if (one[k] + 1u < best)
				best = one[k] + 1u;
			if (now[k - 1] + 1u < best)
				best = now[k - 1] + 1u;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
			    two[k - 2] + 1u < best)
				best = two[k - 2] + 1u;
			now[k] = (unsigned char)best;
		}
	}
	return one[m] > most ? most + 1 : one[m];
}

/* Every term that begins so; with a word those that it may be a slip of. */
static void
look(struct looking *l, const char *prefix, size_t skip, const char *word)
{
	struct xap_term page[PAGE];
	char after[sizeof page->s] = "";
	unsigned most = word == NULL ? 0 : strlen(word) < LONG_WORD ? 1 : 2, d = 0;
	size_t n;

	do {
		if (time_mono() > l->until ||
		    xap_terms(l->reader, 0, prefix, after, page, PAGE, &n) != XAP_OK)
			return;
		for (size_t i = 0; i < n; i++) {
			const char *s = page[i].s + skip;

			if (strlen(s) >= TERMS_WORD)
				continue;
			if (word != NULL)
				d = distance_of(word, s, most);
			if (d <= most && (word == NULL || d > 0))
				keep(l, s, page[i].documents, d);
		}
		if (n > 0)
			memcpy(after, page[n - 1].s, sizeof after);
	} while (n == PAGE);
}

static struct looking
begin(struct arena *a, struct xap_reader *r, struct term_known *v, size_t max)
{
	return (struct looking){ .reader = r,
		.v = v,
		.distance = arena_alloc(a, (max + 1) * sizeof(unsigned)),
		.max = max,
		.until = time_mono() + READ_US };
}

size_t
terms_complete(struct arena *a, struct xap_reader *r, enum term_field field, const char *text,
    struct term_known *v, size_t max)
{
	struct looking l = begin(a, r, v, max);
	struct term_word w = { 0 };
	char folded[TERMS_WORD];
	struct term t;

	for (size_t at = 0; terms_next(text, strlen(text), &at, &w);)
		;
	fold_umlauts(w.plain, folded, sizeof folded, true);
	if (max == 0 || folded[0] == '\0' || folded[1] == '\0')
		return 0;
	terms_make(&t, field, false, folded);
	look(&l, t.s, t.n - strlen(folded), NULL);
	return l.n;
}

/* Look where words begin that have the slip in their first letters: those that have it further back begin as the word
 * does. */
static void
look_around(struct looking *l, const char *w)
{
	look(l, (char[]){ w[0], w[1], 0 }, 0, w);
	look(l, (char[]){ w[1], w[0], 0 }, 0, w);
	look(l, (char[]){ w[0], w[2], 0 }, 0, w);
	look(l, (char[]){ w[1], w[2], 0 }, 0, w);
	for (char c = 'a'; c <= 'z'; c++) {
		look(l, (char[]){ c, w[0], w[1], 0 }, 0, w);
		look(l, (char[]){ c, w[1], w[2], 0 }, 0, w);
		look(l, (char[]){ w[0], c, w[1], 0 }, 0, w);
		look(l, (char[]){ w[0], c, w[2], 0 }, 0, w);
	}
}

size_t
terms_suggest(
    struct arena *a, struct xap_reader *r, const char *text, struct term_known *v, size_t max)
{
	struct looking l = begin(a, r, v, max);
	struct term_word w, next;
	size_t at = 0;

	if (max == 0 || !terms_next(text, strlen(text), &at, &w) || w.has_digit ||
	    strlen(w.folded) < SLIP || terms_next(text, strlen(text), &at, &next))
		return 0;
	look_around(&l, w.folded);
	return l.n;
}

char *
terms_written(struct arena *a, const char *text, const char *folded)
{
	struct term_word w;

	for (size_t at = 0; terms_next(text, strlen(text), &at, &w);)
		if (strcmp(w.folded, folded) == 0)
			return arena_dup(a, text + w.at, w.n);
	return NULL;
}
