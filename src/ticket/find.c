/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of what a query finds: the streams are merged, and a ticket that was or will be shown higher is left
 * out. */
#include <string.h>

#include "ticket/streams.h"

enum { READ_HITS = 5000, READ_US = 50000 }; /* of one request */

/* --- each ticket once --- */

static void
strike_ticket(struct find_hit *v, size_t n, int64_t ticket)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].ticket == ticket)
			v[i].ticket = 0;
}

/* Of hits (newest first) those that are no answer to the text lose their ticket. */
static void
keep_matching(struct ctx *c, const struct xap_node *text, struct find_hit *v, size_t n)
{
	int64_t *ids = arena_alloc(&c->arena, (2 * n + 1) * sizeof *ids), *found = ids + n;
	struct xap_ask ask = { .query = text, .only = ids, .nonly = n };
	size_t nfound, k = 0;

	for (size_t i = 0; i < n; i++)
		ids[i] = v[i].message;
	nfound = find_ask_index(c, &ask, found, NULL, n);
	for (size_t i = 0; i < n; i++)
		if (k < nfound && v[i].message == found[k])
			k++;
		else
			v[i].ticket = 0;
}

/* Strike those of n hits whose tickets this branch finds at or above the cursor as well; what came in since
 * the first page was shown by none. */
static void
strike_above(struct finding *f, const struct stream *s, struct find_hit *v, size_t n)
{
	struct ctx *c = f->c;
	int64_t *ids = arena_alloc(&c->arena, (n + 1) * sizeof *ids);
	struct query_sql q;
	struct find_hit *above;
	struct table t;

	for (size_t i = 0; i < n; i++)
		ids[i] = v[i].ticket;
	find_begin(&q, c, f->ask);
	query_bind(&q, find_ids(c, ids, n));
	query_bind(&q, find_number(c, f->ask->after));
	query_bind(&q, find_number(c, f->ask->top));
	t = find_run(&q, c, s->text != NULL ? "find_above" : "find_above_facts", s->facts);
	above = find_hits_of(c, &t);
	if (s->text != NULL && t.rows > 0)
		keep_matching(c, s->text, above, t.rows);
	for (size_t i = 0; i < t.rows; i++)
		if (above[i].ticket != 0)
			strike_ticket(v, n, above[i].ticket);
}

/* Hits that are candidates for the page: without those shown on pages before. */
static size_t
settle(struct finding *f, struct find_hit *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n && f->ask->after != 0 && n > 0; i++)
		strike_above(f, &f->s[i], v, n);
	for (size_t i = 0; i < n; i++)
		if (v[i].ticket != 0)
			v[kept++] = v[i];
	return kept;
}

static void
fill(struct finding *f, struct find_page *p)
{
	struct find_hit hit = { 0 };
	size_t limit = f->ask->limit, n;
	bool more = true;

	while (p->n < limit && more) {
		for (n = p->n; n < limit && (more = find_next_hit(f, &hit)) && hit.ticket != 0;)
			if (find_see(f, hit.ticket))
				p->v[n++] = hit;
		p->n += settle(f, p->v + p->n, n - p->n);
		if (more && hit.ticket == 0)
			return; /* the end: next stays 0 */
	}
	p->is_cut = !more;
	p->next = more ? p->v[p->n - 1].message : find_frontier(f);
}

void
find_page(struct ctx *c, const struct find_ask *ask, struct find_page *p)
{
	struct finding f = {
		.c = c, .ask = ask, .most = READ_HITS, .deadline = time_mono() + READ_US
	};

	*p = (struct find_page){ .n = 0 };
	if (!find_streams(&f, find_batch(ask->limit)))
		BUG("a tree that find_parse() did not make");
	p->text = find_words(c, &f);
	fill(&f, p);
	p->top = ask->after != 0 ? ask->top : p->n > 0 ? p->v[0].message : p->next;
}
