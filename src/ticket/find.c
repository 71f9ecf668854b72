/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evaluation of a query: each branch (text AND facts) is a stream of hits, newest message first; the
 * streams are merged, and a ticket that was or will be shown higher is left out. */
#include <string.h>

#include "index/index.h"
#include "ticket/find.h"

enum {
	READ_HITS = 5000, /* of one request */
	READ_US = 50000,
	BATCH_FIRST = 200,
	BATCH_MOST = 2000,
	SERVED_TICKETS = 500, /* as many that an index finds drive the search themselves */
	SERVED_MESSAGES = 20000,
	SEEN = 16384 /* places of the table of tickets seen; a power of two above 2 * READ_HITS */
};

/* One branch. What lies at or above `before` has been read; v[i..n) of it waits to be merged. */
struct stream {
	const struct xap_node *text;
	const struct query_node *facts;
	struct ids only; /* the messages of the tickets that an index found */
	bool is_limited; /* ... to those */
	bool was_read, is_over;
	int64_t before;
	size_t batch;
	struct find_hit *v;
	size_t n, i;
};
struct finding {
	struct ctx *c;
	const struct find_ask *ask;
	struct stream s[QUERY_BRANCHES];
	size_t n, read;
	int64_t deadline;
	int64_t *seen;
};

static const char *
number(struct ctx *c, int64_t v)
{
	return arena_printf(&c->arena, "%lld", (long long)v);
}

static const char *
list(struct ctx *c, const int64_t *v, size_t n)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i > 0 ? "," : "", (long long)v[i]);
	buf_putc(&b, '}');
	return b.s;
}

/* --- composed statements: $1 is the agent, then what the frame binds --- */

static void
begin(struct query_sql *q, struct ctx *c, const struct find_ask *ask)
{
	*q = (struct query_sql){ .text = { .arena = &c->arena }, .who = { ask->agent, ask->zone } };
	q->agent = query_bind(q, number(c, ask->agent));
}

static struct table
run(struct query_sql *q, struct ctx *c, const char *frame, const struct query_node *facts)
{
	if (facts != NULL)
		query_sql(q, facts);
	return db_shaped_table(
	    c, query_frame(q, db_frame(frame), "/*where*/"), (struct texts){ q->values, q->n });
}

static struct find_hit *
hits_of(struct ctx *c, const struct table *t)
{
	struct find_hit *v = arena_alloc(&c->arena, (t->rows + 1) * sizeof *v);

	for (size_t i = 0; i < t->rows; i++)
		v[i] = (struct find_hit){ table_int(t, i, 0), table_int(t, i, 1) };
	return v;
}

/* --- the index --- */

static size_t
ask_index(struct ctx *c, const struct xap_ask *ask, int64_t *hits, size_t max)
{
	struct xap_reader *r = index_reader(&c->arena);
	size_t n = 0;
	enum xap done;

	if (r == NULL)
		fail(c, 503, "index_away",
		    "the search index is being built; lists and folders work");
	done = xap_search(r, ask, hits, max, &n);
	if (done == XAP_OK)
		return n;
	fail_cause(c, "%s", xap_error());
	index_forget();
	if (done == XAP_CORRUPT || done == XAP_NONE)
		fail(c, 503, "index_away",
		    "the search index is being built; lists and folders work");
	fail(c, 500, "index_failed", "the search index could not answer");
}

/* --- streams --- */

/* If an index of PostgreSQL finds few tickets, only their messages are looked for. */
static void
choose_driver(struct finding *f, struct stream *s)
{
	struct ctx *c = f->c;
	struct query_sql q;
	struct table t;
	int64_t *v;

	if (s->text == NULL || s->facts == NULL || !query_is_served(s->facts))
		return;
	begin(&q, c, f->ask);
	query_bind(&q, number(c, SERVED_TICKETS + 1));
	t = run(&q, c, "find_served", s->facts);
	if (t.rows > SERVED_TICKETS)
		return;
	v = arena_alloc(&c->arena, (t.rows + 1) * sizeof *v);
	for (size_t i = 0; i < t.rows; i++)
		v[i] = table_int(&t, i, 0);
	struct rows_find_messages m =
	    sql_find_messages(c, (struct ids){ v, t.rows }, SERVED_MESSAGES + 1);
	if (m.n > SERVED_MESSAGES)
		return;
	v = arena_alloc(&c->arena, (m.n + 1) * sizeof *v);
	for (size_t i = 0; i < m.n; i++)
		v[i] = m.v[i].message;
	s->only = (struct ids){ v, m.n };
	s->is_limited = true;
}

static void
read_facts(struct finding *f, struct stream *s)
{
	struct query_sql q;
	struct table t;

	begin(&q, f->c, f->ask);
	query_bind(&q, number(f->c, s->before));
	query_bind(&q, number(f->c, (int64_t)s->batch));
	t = run(&q, f->c, "find_facts", s->facts);
	s->v = hits_of(f->c, &t);
	s->n = t.rows;
	s->is_over = t.rows < s->batch;
	if (s->n > 0)
		s->before = s->v[s->n - 1].message;
	f->read += s->n;
}

static void
read_text(struct finding *f, struct stream *s)
{
	struct ctx *c = f->c;
	int64_t *ids = arena_alloc(&c->arena, s->batch * sizeof *ids);
	struct xap_ask ask = { .query = s->text, .before = s->before < XAP_BASE ? s->before : 0 };
	struct query_sql q;
	struct table t;
	size_t n;

	if (s->is_limited) {
		ask.only = s->only.v;
		ask.nonly = s->only.n;
	}
	n = ask_index(c, &ask, ids, s->batch);
	s->n = 0;
	s->is_over = n < s->batch;
	f->read += n;
	if (n == 0)
		return;
	s->before = ids[n - 1];
	begin(&q, c, f->ask);
	query_bind(&q, list(c, ids, n));
	t = run(&q, c, "find_hits", s->facts);
	s->v = hits_of(c, &t);
	s->n = t.rows;
}

static void
read_on(struct finding *f, struct stream *s)
{
	s->i = 0;
	s->was_read = true;
	if (s->text != NULL)
		read_text(f, s);
	else
		read_facts(f, s);
	if (s->batch < BATCH_MOST)
		s->batch *= 2;
}

static bool
is_spent(const struct finding *f)
{
	return f->read >= READ_HITS || time_mono() > f->deadline;
}

/* The stream with the newest hit; NULL = nothing waits. */
static struct stream *
newest(struct finding *f)
{
	struct stream *best = NULL;

	for (size_t i = 0; i < f->n; i++) {
		struct stream *s = &f->s[i];

		if (s->i < s->n && (best == NULL || s->v[s->i].message > best->v[best->i].message))
			best = s;
	}
	return best;
}

/* A stream that must be read before a hit at `message` is known to be the newest; NULL = none. */
static struct stream *
unread(struct finding *f, int64_t message)
{
	for (size_t i = 0; i < f->n; i++) {
		struct stream *s = &f->s[i];

		if (s->i == s->n && !s->is_over && s->before > message)
			return s;
	}
	return NULL;
}

/* How far down everything has been read: what lies below is for the next request. */
static int64_t
frontier(const struct finding *f)
{
	int64_t at = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->s[i].i == f->s[i].n && !f->s[i].is_over && f->s[i].before > at)
			at = f->s[i].before;
	return at;
}

/* false = the next hit needs more reading and the request has had its share. */
static bool
next_hit(struct finding *f, struct find_hit *hit)
{
	for (;;) {
		struct stream *s = newest(f);
		struct stream *first = unread(f, s == NULL ? 0 : s->v[s->i].message);

		if (first == NULL) {
			*hit = s == NULL ? (struct find_hit){ 0 } : s->v[s->i++];
			return true;
		}
		/* Each stream is read once in any case, so that every request gets on. */
		if (first->was_read && is_spent(f))
			return false;
		read_on(f, first);
	}
}

/* --- each ticket once --- */

/* true = it was not there yet. */
static bool
see(struct finding *f, int64_t ticket)
{
	size_t at = (size_t)((uint64_t)ticket * 11400714819323198485ULL >> 50);

	while (f->seen[at & (SEEN - 1)] != 0 && f->seen[at & (SEEN - 1)] != ticket)
		at++;
	if (f->seen[at & (SEEN - 1)] == ticket)
		return false;
	f->seen[at & (SEEN - 1)] = ticket;
	return true;
}

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
	nfound = ask_index(c, &ask, found, n);
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
	begin(&q, c, f->ask);
	query_bind(&q, list(c, ids, n));
	query_bind(&q, number(c, f->ask->after));
	query_bind(&q, number(c, f->ask->top));
	t = run(&q, c, s->text != NULL ? "find_above" : "find_above_facts", s->facts);
	above = hits_of(c, &t);
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
		for (n = p->n; n < limit && (more = next_hit(f, &hit)) && hit.ticket != 0;)
			if (see(f, hit.ticket))
				p->v[n++] = hit;
		p->n += settle(f, p->v + p->n, n - p->n);
		if (more && hit.ticket == 0)
			return; /* the end: next stays 0 */
	}
	p->is_cut = !more;
	p->next = more ? p->v[p->n - 1].message : frontier(f);
}

/* All words of the query, whichever branch they are in: what excerpts show. */
static const struct xap_node *
words_of(struct ctx *c, const struct finding *f)
{
	const struct xap_node **v = arena_alloc(&c->arena, QUERY_BRANCHES * sizeof *v);
	struct xap_node *node = arena_alloc(&c->arena, sizeof *node);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->s[i].text != NULL)
			v[n++] = f->s[i].text;
	*node = (struct xap_node){ .op = XAP_OR, .nchildren = n, .children = v };
	return n == 0 ? NULL : node;
}

void
find_page(struct ctx *c, const struct find_ask *ask, struct find_page *p)
{
	struct finding f = { .c = c, .ask = ask, .deadline = time_mono() + READ_US };
	struct query_branches b;

	*p = (struct find_page){ .n = 0 };
	if (!query_branches(&c->arena, ask->tree, &b)) {
		p->as_words = true;
		return;
	}
	f.seen = arena_alloc(&c->arena, SEEN * sizeof *f.seen);
	for (f.n = 0; f.n < b.n; f.n++) {
		struct stream *s = &f.s[f.n];

		*s = (struct stream){ .facts = b.v[f.n].facts, .batch = BATCH_FIRST };
		s->before = ask->after > 0 ? ask->after : INT64_MAX;
		if (b.v[f.n].text != NULL)
			s->text = query_text(&c->arena, b.v[f.n].text);
		choose_driver(&f, s);
	}
	p->text = words_of(c, &f);
	fill(&f, p);
	p->top = ask->after != 0 ? ask->top : p->n > 0 ? p->v[0].message : p->next;
}

/* --- best first --- */

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

	begin(&q, f->c, f->ask);
	query_bind(&q, list(f->c, ids, n));
	t = run(&q, f->c, "find_hits", f->s[0].facts);
	hits = hits_of(f->c, &t);
	for (size_t i = 0; i < n; i++, f->read++) {
		int64_t ticket = ticket_of(hits, t.rows, ids[i]);

		if (p->n == f->ask->limit) {
			p->next = (int64_t)f->read;
			return false;
		}
		if (ticket != 0 && see(f, ticket) && f->read >= (size_t)f->ask->after)
			p->v[p->n++] = (struct find_hit){ ids[i], ticket };
	}
	return true;
}

bool
find_best(struct ctx *c, const struct find_ask *ask, struct find_page *p)
{
	struct finding f = { .c = c, .ask = ask, .n = 1 };
	int64_t *ids = arena_alloc(&c->arena, BATCH_MOST * sizeof *ids);
	struct query_branches b;
	size_t n;

	*p = (struct find_page){ .n = 0 };
	if (!query_branches(&c->arena, ask->tree, &b) || b.n != 1 || b.v[0].text == NULL)
		return false;
	f.s[0] = (struct stream){ .facts = b.v[0].facts };
	f.s[0].text = query_text(&c->arena, b.v[0].text);
	if (f.s[0].text == NULL)
		return false;
	f.seen = arena_alloc(&c->arena, SEEN * sizeof *f.seen);
	choose_driver(&f, &f.s[0]);
	p->text = f.s[0].text;
	do {
		struct xap_ask best = { .query = p->text, .best = true, .offset = f.read };

		if (f.s[0].is_limited) {
			best.only = f.s[0].only.v;
			best.nonly = f.s[0].only.n;
		}
		n = ask_index(c, &best, ids, BATCH_FIRST);
	} while (take_best(&f, p, ids, n) && n == BATCH_FIRST && f.read < READ_HITS);
	return true;
}
