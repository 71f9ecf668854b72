/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed tickets that are about the same as an open one, with the answer that ended them. */
#include "ticket/streams.h"

enum { HITS = 300, LEAST = 20 };

struct str
find_alike(struct ctx *c, int64_t agent, int64_t ticket, size_t limit)
{
	struct rows_find_asking from = sql_find_asking(c, agent, ticket);
	int64_t *ids = arena_alloc(&c->arena, (from.n + HITS + 1) * sizeof *ids);
	struct xap_reader *r = index_reader(&c->arena);
	struct xap_ask ask = { .best = true, .least = LEAST };
	size_t n;

	for (size_t i = 0; i < from.n; i++)
		ids[i] = from.v[i].message;
	ask.query = r == NULL ? NULL : terms_alike(&c->arena, r, ids, from.n);
	if (ask.query == NULL)
		return (struct str){ "[]", 2 };
	n = find_ask_index(c, &ask, ids, NULL, HITS);
	return sql_find_alike(c, agent, ticket, (struct ids){ ids, n }, (int64_t)limit);
}
