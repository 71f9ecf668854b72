/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What messages are about, by the index's own counts: stems that they have often and others have seldom. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/words.h"

enum {
	READ = 512,   /* terms read at a time */
	TERMS = 4096, /* of all messages together */
	ASKED = 24
};

struct stem {
	const char *s;
	uint32_t count, documents;
	double weight;
};
struct about {
	struct arena *arena;
	struct xap_reader *reader;
	struct stem v[TERMS];
	const char *people[TERMS];
	size_t n, npeople;
};

static void
take(struct about *a, const struct xap_term *t)
{
	const char *stem = t->s + 1;

	if (*stem == 'A' && a->npeople < TERMS)
		a->people[a->npeople++] = arena_strdup(a->arena, stem + 1);
	if (*stem >= 'a' && a->n < TERMS)
		a->v[a->n++] =
		    (struct stem){ arena_strdup(a->arena, stem), t->count, t->documents, 0 };
}

static void
read_message(struct about *a, int64_t message)
{
	struct xap_term *page = arena_alloc(a->arena, READ * sizeof *page);
	char after[sizeof page->s] = "";
	size_t n;

	do {
		if (xap_terms(a->reader, message, "Z", after, page, READ, &n) != XAP_OK)
			return;
		for (size_t i = 0; i < n; i++)
			take(a, &page[i]);
		if (n > 0)
			memcpy(after, page[n - 1].s, sizeof after);
	} while (n == READ);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
by_weight(const void *a, const void *b)
{
	const struct stem *x = a, *y = b;

	return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
				      : strcmp(x->s, y->s);
}

/* Each stem once; without the names of those who write, which every mail of theirs has. */
static void
merge(struct about *a)
{
	size_t n = 0;

	qsort(a->v, a->n, sizeof *a->v, by_text); /* the text is what a stem begins with */
	qsort(a->people, a->npeople, sizeof *a->people, by_text);
	for (size_t i = 0; i < a->n; i++) {
		const char *s = a->v[i].s;

		if (n > 0 && strcmp(a->v[n - 1].s, s) == 0)
			a->v[n - 1].count += a->v[i].count;
		else if (bsearch(&s, a->people, a->npeople, sizeof *a->people, by_text) == NULL)
			a->v[n++] = a->v[i];
	}
	a->n = n;
}

/* How many messages the index has. */
static double
messages(struct xap_reader *r)
{
	const struct xap_node *mark;
	struct xap_term t;
	struct arena a = { 0 };
	size_t n;
	double all = 1;

	mark = terms_mark(&a, TERM_MESSAGE);
	if (xap_terms(r, 0, mark->term, "", &t, 1, &n) == XAP_OK && n == 1)
		all += t.documents;
	arena_reset(&a);
	return all;
}

const struct xap_node *
terms_alike(struct arena *arena, struct xap_reader *r, const int64_t *v, size_t n)
{
	struct about *a = arena_alloc(arena, sizeof *a);
	const struct xap_node **asked = arena_alloc(arena, ASKED * sizeof *asked);
	struct xap_node *node = arena_alloc(arena, sizeof *node);
	double all = messages(r);

	a->arena = arena;
	a->reader = r;
	for (size_t i = 0; i < n; i++)
		read_message(a, v[i]);
	merge(a);
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].documents > 1 && a->v[i].documents < all / 3)
			a->v[i].weight = (1 + log(a->v[i].count)) * log(all / a->v[i].documents);
	qsort(a->v, a->n, sizeof *a->v, by_weight);
	*node = (struct xap_node){ .op = XAP_OR, .children = asked };
	for (size_t i = 0; i < a->n && node->nchildren < ASKED && a->v[i].weight > 0; i++) {
		struct xap_node *leaf = arena_alloc(arena, sizeof *leaf);
		struct term t;

		terms_make(&t, TERM_TEXT, true, a->v[i].s);
		*leaf = (struct xap_node){ .op = XAP_TERM, .term = arena_dup(arena, t.s, t.n) };
		asked[node->nchildren++] = leaf;
	}
	return node->nchildren == 0 ? NULL : node;
}
