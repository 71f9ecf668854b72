/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second place of each ticket on a page: its best other message with words of the query. */
#include <string.h>

#include "ticket/streams.h"

enum { OTHERS_EACH = 20 }; /* of a ticket, the newest */

/* The page's hit of the ticket that a message belongs to. */
static size_t
hit_of(const struct find_page *p, const struct rows_find_siblings *s, int64_t message)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->v[mid].message > message)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = 0; low < s->n && i < p->n; i++)
		if (p->v[i].ticket == s->v[low].ticket)
			return i;
	return p->n;
}

void
find_others(struct ctx *c, const struct find_ask *ask, const struct find_page *p, int64_t *others)
{
	struct rows_find_siblings s;
	int64_t *ids = arena_alloc(&c->arena, (2 * p->n + 1) * sizeof *ids), *hits = ids + p->n;
	struct xap_ask best = { .query = p->text, .best = true };
	int64_t *only, *found;
	size_t n;

	memset(others, 0, p->n * sizeof *others);
	if (p->text == NULL || p->n == 0)
		return;
	for (size_t i = 0; i < p->n; i++) {
		ids[i] = p->v[i].ticket;
		hits[i] = p->v[i].message;
	}
	s = sql_find_siblings(
	    c, ask->agent, (struct ids){ ids, p->n }, (struct ids){ hits, p->n }, OTHERS_EACH);
	if (s.n == 0)
		return;
	only = arena_alloc(&c->arena, (2 * s.n + 1) * sizeof *only);
	found = only + s.n;
	for (size_t i = 0; i < s.n; i++)
		only[i] = s.v[i].message;
	best.only = only;
	best.nonly = s.n;
	n = find_ask_index(c, &best, found, NULL, s.n);
	for (size_t i = 0; i < n; i++) {
		size_t at = hit_of(p, &s, found[i]);

		if (at < p->n && others[at] == 0)
			others[at] = found[i];
	}
}
