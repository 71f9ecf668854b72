/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Best first: hits as BM25 ranks them. */
#include "ticket/streams.h"

enum { READ_HITS = 5000 };

/* Hits in the order of the index; what a page before looked at is looked at again, for its tickets. false =
 * the page is full. */
static bool
take_best(struct finding *f, struct find_page *p, const int64_t *ids, int64_t *tickets, size_t n)
{
	struct find_hit *hits = arena_alloc(&f->c->arena, n * sizeof *hits);

	find_allowed(f, f->s[0].facts, ids, tickets, n, hits);
	for (size_t i = 0; i < n; i++, f->read++) {
		if (p->n == f->ask->limit) {
			p->next = (int64_t)f->read;
			return false;
		}
		if (tickets[i] != 0 && find_see(f, tickets[i]) && f->read >= (size_t)f->ask->after)
			p->v[p->n++] = (struct find_hit){ ids[i], tickets[i] };
	}
	return true;
}

bool
find_best(struct ctx *c, const struct find_ask *ask, struct find_page *p)
{
	struct finding f = { .c = c, .ask = ask };
	int64_t *ids = arena_alloc(&c->arena, 2 * FIND_BATCH_FIRST * sizeof *ids),
		*tickets = ids + FIND_BATCH_FIRST;
	const struct stream *s = &f.s[0];
	size_t n, step = find_batch(ask->limit);
	bool more = true;

	*p = (struct find_page){ .n = 0 };
	if (!find_streams(&f, FIND_BATCH_FIRST) || f.n != 1 || s->text == NULL)
		return false;
	p->text = s->text;
	do {
		struct xap_ask best = { .query = p->text, .best = true, .offset = f.read };

		if (s->is_limited) {
			best.only = s->only.v;
			best.nonly = s->only.n;
		}
		n = find_ask_index(c, &best, ids, tickets, FIND_BATCH_FIRST);
		for (size_t at = 0; at < n && more; at += step)
			more =
			    take_best(&f, p, ids + at, tickets + at, n - at < step ? n - at : step);
	} while (more && n == FIND_BATCH_FIRST && f.read < READ_HITS);
	return true;
}
