/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Best first: hits as BM25 ranks them. */
#include "ticket/streams.h"

enum { READ_HITS = 5000 };

static int64_t
ticket_of(const struct find_hit *v, size_t n, int64_t message)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;

		if (v[low + half].message > message) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return v[low].message == message ? v[low].ticket : 0;
}

/* Hits in the order of the index; what a page before looked at is looked at again, for its tickets. false =
 * the page is full. */
static bool
take_best(struct finding *f, struct find_page *p, const int64_t *ids, size_t n)
{
	struct query_sql q;
	struct find_hit *hits;
	struct table t;

	find_begin(&q, f->c, f->ask);
	query_bind(&q, find_ids(f->c, ids, n));
	t = find_run(&q, f->c, "find_hits", f->s[0].facts);
	hits = find_hits_of(f->c, &t);
	for (size_t i = 0; i < n; i++, f->read++) {
		int64_t ticket = ticket_of(hits, t.rows, ids[i]);

		if (p->n == f->ask->limit) {
			p->next = (int64_t)f->read;
			return false;
		}
		if (ticket != 0 && find_see(f, ticket) && f->read >= (size_t)f->ask->after)
			p->v[p->n++] = (struct find_hit){ ids[i], ticket };
	}
	return true;
}

bool
find_best(struct ctx *c, const struct find_ask *ask, struct find_page *p)
{
	struct finding f = { .c = c, .ask = ask };
	int64_t *ids = arena_alloc(&c->arena, FIND_BATCH_FIRST * sizeof *ids);
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
		n = find_ask_index(c, &best, ids, FIND_BATCH_FIRST);
		for (size_t at = 0; at < n && more; at += step)
			more = take_best(&f, p, ids + at, n - at < step ? n - at : step);
	} while (more && n == FIND_BATCH_FIRST && f.read < READ_HITS);
	return true;
}
