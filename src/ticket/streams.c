/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of hits: what the index finds, joined to what PostgreSQL knows and the agent may see. */
#include <stdlib.h>
#include <string.h>

#include "ticket/streams.h"

enum {
	SERVED_TICKETS = 500, /* as many that an index finds drive the search themselves */
	SERVED_MESSAGES = 20000
};

const char *
find_number(struct ctx *c, int64_t v)
{
	return arena_printf(&c->arena, "%lld", (long long)v);
}

const char *
find_ids(struct ctx *c, const int64_t *v, size_t n)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i > 0 ? "," : "", (long long)v[i]);
	buf_putc(&b, '}');
	return b.s;
}

/* --- composed statements: $1 is the agent, then what the frame binds --- */

void
find_begin(struct query_sql *q, struct ctx *c, const struct find_ask *ask)
{
	*q = (struct query_sql){ .text = { .arena = &c->arena }, .who = { ask->agent, ask->zone } };
	q->agent = query_bind(q, find_number(c, ask->agent));
}

struct table
find_run(struct query_sql *q, struct ctx *c, const char *frame, const struct query_node *facts)
{
	if (facts != NULL)
		query_sql(q, facts);
	return db_shaped_table(
	    c, query_frame(q, db_frame(frame), "/*where*/"), (struct texts){ q->values, q->n });
}

struct find_hit *
find_hits_of(struct ctx *c, const struct table *t)
{
	struct find_hit *v = arena_alloc(&c->arena, (t->rows + 1) * sizeof *v);

	for (size_t i = 0; i < t->rows; i++)
		v[i] = (struct find_hit){ table_int(t, i, 0), table_int(t, i, 1) };
	return v;
}

/* --- the index --- */

size_t
find_ask_index(
    struct ctx *c, const struct xap_ask *ask, int64_t *hits, int64_t *tickets, size_t max)
{
	struct xap_reader *r = index_reader(&c->arena);
	size_t n = 0;
	enum xap done;

	if (r == NULL)
		fail(c, 503, "index_away",
		    "the search index is being built; lists and folders work");
	done = xap_search(r, ask, hits, tickets, max, &n);
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
void
find_choose_driver(struct finding *f, struct stream *s)
{
	struct ctx *c = f->c;
	struct query_sql q;
	struct table t;
	int64_t *v;

	if (s->text == NULL || s->facts == NULL || !query_is_served(s->facts))
		return;
	find_begin(&q, c, f->ask);
	query_bind(&q, find_number(c, SERVED_TICKETS + 1));
	t = find_run(&q, c, "find_served", s->facts);
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

	find_begin(&q, f->c, f->ask);
	query_bind(&q, find_number(f->c, s->before));
	query_bind(&q, find_number(f->c, f->ask->after != 0 ? f->ask->top : INT64_MAX));
	query_bind(&q, find_number(f->c, (int64_t)s->batch));
	t = find_run(&q, f->c, "find_facts", s->facts);
	s->v = find_hits_of(f->c, &t);
	s->n = t.rows;
	s->is_over = t.rows < s->batch;
	if (s->n > 0)
		s->before = s->v[s->n - 1].message;
	f->read += s->n;
}

static int64_t *
place_of(const struct finding *f, int64_t ticket)
{
	size_t at = (size_t)((uint64_t)ticket * 11400714819323198485ULL >> 40);

	while (f->seen[at & (f->places - 1)] != 0 && f->seen[at & (f->places - 1)] != ticket)
		at++;
	return &f->seen[at & (f->places - 1)];
}

static bool
was_seen(const struct finding *f, int64_t ticket)
{
	return f->places > 0 && *place_of(f, ticket) == ticket;
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t
sorted_once(int64_t *v, size_t n)
{
	size_t kept = 0;

	qsort(v, n, sizeof *v, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1] != v[i])
			v[kept++] = v[i];
	return kept;
}

size_t
find_allowed(struct finding *f, const struct query_node *facts, const int64_t *messages,
    int64_t *tickets, size_t n, struct find_hit *out)
{
	struct ctx *c = f->c;
	int64_t *ask = arena_alloc(&c->arena, (n + 1) * sizeof *ask);
	struct query_sql q;
	struct table t;
	size_t nask = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (tickets[i] != 0 && !was_seen(f, tickets[i]))
			ask[nask++] = tickets[i];
	if (nask == 0)
		return 0;
	find_begin(&q, c, f->ask);
	query_bind(&q, find_ids(c, ask, sorted_once(ask, nask)));
	t = find_run(&q, c, "find_allowed", facts);
	for (size_t i = 0; i < t.rows; i++)
		ask[i] = table_int(&t, i, 0);
	qsort(ask, t.rows, sizeof *ask, by_number);
	for (size_t i = 0; i < n; i++)
		if (bsearch(&tickets[i], ask, t.rows, sizeof *ask, by_number) != NULL)
			out[kept++] = (struct find_hit){ messages[i], tickets[i] };
		else
			tickets[i] = 0;
	return kept;
}

static void
read_text(struct finding *f, struct stream *s)
{
	struct ctx *c = f->c;
	int64_t *ids = arena_alloc(&c->arena, 2 * s->batch * sizeof *ids),
		*tickets = ids + s->batch;
	struct xap_ask ask = { .query = s->text, .before = s->before < XAP_BASE ? s->before : 0 };
	size_t n;

	if (s->is_limited) {
		ask.only = s->only.v;
		ask.nonly = s->only.n;
	}
	n = find_ask_index(c, &ask, ids, tickets, s->batch);
	s->n = 0;
	s->is_over = n < s->batch;
	f->read += n;
	if (n == 0)
		return;
	s->before = ids[n - 1];
	s->v = arena_alloc(&c->arena, n * sizeof *s->v);
	s->n = find_allowed(f, s->facts, ids, tickets, n, s->v);
}

static void
read_on(struct finding *f, struct stream *s)
{
	s->i = 0;
	s->was_read = true;
	if (f->read < f->most && s->batch > f->most - f->read)
		s->batch = f->most - f->read;
	if (s->text != NULL)
		read_text(f, s);
	else
		read_facts(f, s);
	if (s->batch < FIND_BATCH_MOST)
		s->batch *= 2;
}

static bool
is_spent(const struct finding *f)
{
	return f->read >= f->most || time_mono() > f->deadline;
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

/* A stream that must be read before a hit at `message` is known to be the newest; NULL = none. One that was not
 * read at all comes first: a request that ends before would not have got on. */
static struct stream *
unread(struct finding *f, int64_t message)
{
	struct stream *found = NULL;

	for (size_t i = 0; i < f->n; i++) {
		struct stream *s = &f->s[i];

		if (s->i == s->n && !s->is_over && s->before > message &&
		    (found == NULL || (found->was_read && !s->was_read)))
			found = s;
	}
	return found;
}

/* How far down everything has been read: what lies below is for the next request. */
int64_t
find_frontier(const struct finding *f)
{
	int64_t at = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->s[i].i == f->s[i].n && !f->s[i].is_over && f->s[i].before > at)
			at = f->s[i].before;
	return at;
}

/* false = the next hit needs more reading and the request has had its share. */
bool
find_next_hit(struct finding *f, struct find_hit *hit)
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

static void
make_room(struct finding *f)
{
	const int64_t *old = f->seen;
	size_t n = f->places;

	f->places = n == 0 ? 512 : 4 * n;
	f->seen = arena_alloc(&f->c->arena, f->places * sizeof *f->seen);
	for (size_t i = 0; i < n; i++)
		if (old[i] != 0)
			*place_of(f, old[i]) = old[i];
}

bool
find_see(struct finding *f, int64_t ticket)
{
	int64_t *place;

	if (2 * f->nseen >= f->places)
		make_room(f);
	place = place_of(f, ticket);
	if (*place == ticket)
		return false;
	*place = ticket;
	f->nseen++;
	return true;
}

const struct xap_node *
find_words(struct ctx *c, const struct finding *f)
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

size_t
find_batch(size_t limit)
{
	size_t n = 2 * limit;

	return n < FIND_BATCH_LEAST   ? FIND_BATCH_LEAST
	       : n > FIND_BATCH_FIRST ? FIND_BATCH_FIRST
				      : n;
}

bool
find_streams(struct finding *f, size_t batch)
{
	struct ctx *c = f->c;
	struct query_branches b;

	if (!query_branches(&c->arena, f->ask->tree, &b))
		return false;
	for (f->n = 0; f->n < b.n; f->n++) {
		struct stream *s = &f->s[f->n];

		*s = (struct stream){ .facts = b.v[f->n].facts, .batch = batch };
		if (s->facts != NULL && batch < FIND_BATCH_FIRST)
			s->batch = FIND_BATCH_FIRST; /* they leave few of the hits */
		s->before = f->ask->after > 0 ? f->ask->after : INT64_MAX;
		if (b.v[f->n].text != NULL)
			s->text = query_text(&c->arena, b.v[f->n].text);
		find_choose_driver(f, s);
	}
	return true;
}
