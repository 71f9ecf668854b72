/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many tickets, and which, for totals and facets. */
#include "ticket/streams.h"

enum { COUNT_US = 1000000 };

void
find_count(struct ctx *c, const struct find_ask *ask, size_t hits, struct find_count *out)
{
	struct finding f = { .c = c, .ask = ask, .most = hits, .deadline = time_mono() + COUNT_US };
	struct find_hit hit = { 0 };
	int64_t *tickets;
	size_t n = 0;
	bool more;

	if (!find_streams(&f, hits < FIND_COUNT_FIRST ? hits : FIND_COUNT_FIRST))
		BUG("a tree that find_parse() did not make");
	*out = (struct find_count){ .hits = 0 };
	tickets =
	    arena_alloc(&c->arena, (hits + QUERY_BRANCHES * FIND_COUNT_FIRST) * sizeof *tickets);
	while ((more = find_next_hit(&f, &hit)) && hit.ticket != 0)
		if (find_see(&f, hit.ticket))
			tickets[n++] = hit.ticket;
	out->tickets = (struct ids){ tickets, n };
	out->hits = f.read;
	out->down_to = more ? 0 : find_frontier(&f);
}
