/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk LOGIN TREES SEED: random queries, paged to the end, against an evaluator that knows nothing of the
 * engine: it reads all rows once and looks at each. Words are w0..w9, so no stem can blur them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "ticket/find.h"

enum { MESSAGES = 20000, TICKETS = 8000, WORDS = 10 };

struct world_ticket {
	int64_t id, status, priority, customer;
	bool is_open, is_visible, is_ben;
};
struct world_message {
	int64_t id;
	size_t ticket;
	bool is_comment, word[WORDS];
};
static struct world_ticket tickets[TICKETS];
static struct world_message messages[MESSAGES]; /* newest first */
static size_t ntickets, nmessages;
static int64_t agent;

/* --- the world, read with plain statements --- */

static int64_t
as_int(const struct table *t, size_t row, int col)
{
	return table_int(t, row, col);
}

static bool
as_bool(const struct table *t, size_t row, int col)
{
	return table_text(t, row, col)[0] == 't';
}

static size_t
place_of(int64_t ticket)
{
	for (size_t i = 0; i < ntickets; i++)
		if (tickets[i].id == ticket)
			return i;
	abort();
}

static void
read_world(struct ctx *c, void *arg)
{
	static const char *const none[1];
	struct table t = db_shaped_table(c, getenv("WALK_TICKETS"), (struct texts){ none, 0 });
	struct table m = db_shaped_table(c, getenv("WALK_MESSAGES"), (struct texts){ none, 0 });
	struct table a = db_shaped_table(c, getenv("WALK_AGENT"), (struct texts){ none, 0 });

	(void)arg;
	agent = as_int(&a, 0, 0);
	for (size_t i = 0; i < t.rows; i++)
		tickets[ntickets++] = (struct world_ticket){ as_int(&t, i, 0), as_int(&t, i, 1),
			as_int(&t, i, 2), as_int(&t, i, 3), as_bool(&t, i, 4), as_bool(&t, i, 5),
			as_bool(&t, i, 6) };
	for (size_t i = 0; i < m.rows; i++) {
		struct world_message *to = &messages[nmessages++];
		const char *body = table_text(&m, i, 3);

		to->id = as_int(&m, i, 0);
		to->ticket = place_of(as_int(&m, i, 1));
		to->is_comment = table_text(&m, i, 2)[0] == 'c';
		for (const char *w = strchr(body, 'w'); w != NULL; w = strchr(w + 1, 'w'))
			to->word[w[1] - '0'] = true;
	}
}

/* --- random trees: what is written as a query, and what is looked at --- */

enum what { WORD, COMMENT, OPEN, PRIO, STATUS, BEN, CUSTOMER, AND, OR, NOT };
struct tree {
	enum what what;
	int64_t n;
	const struct tree *a, *b;
};

static const struct tree *
grow(struct arena *a, int depth)
{
	struct tree *t = arena_alloc(a, sizeof *t);
	int r = rand() % 100;

	if (depth > 3 || r < 40) {
		static const enum what leaves[] = { WORD, WORD, WORD, WORD, COMMENT, OPEN, PRIO,
			STATUS, BEN, CUSTOMER };

		t->what = leaves[rand() % 10];
		t->n = t->what == STATUS     ? 1 + rand() % 28
		       : t->what == CUSTOMER ? 1 + rand() % 30
		       : t->what == PRIO     ? rand() % 5
					     : (rand() % WORDS) * (rand() % WORDS) / WORDS;
		return t;
	}
	t->what = r < 52 ? NOT : r < 80 ? AND : OR;
	t->a = grow(a, depth + 1);
	if (t->what != NOT)
		t->b = grow(a, depth + 1);
	return t;
}

static void
write_query(struct buf *b, const struct tree *t)
{
	switch (t->what) {
	case WORD: buf_printf(b, "w%lld", (long long)t->n); break;
	case COMMENT: buf_puts(b, "in:comment"); break;
	case OPEN: buf_puts(b, "is:open"); break;
	case PRIO: buf_printf(b, "prio:>%lld", (long long)t->n); break;
	case STATUS: buf_printf(b, "status:%lld", (long long)t->n); break;
	case BEN: buf_puts(b, "owner:ben"); break;
	case CUSTOMER: buf_printf(b, "customer:%lld", (long long)t->n); break;
	case NOT:
		buf_puts(b, "-(");
		write_query(b, t->a);
		buf_putc(b, ')');
		break;
	default:
		buf_putc(b, '(');
		write_query(b, t->a);
		buf_puts(b, t->what == AND ? " " : " OR ");
		write_query(b, t->b);
		buf_putc(b, ')');
	}
}

static bool
is_true(const struct tree *t, const struct world_message *m)
{
	const struct world_ticket *k = &tickets[m->ticket];

	switch (t->what) {
	case WORD: return m->word[t->n];
	case COMMENT: return m->is_comment;
	case OPEN: return k->is_open;
	case PRIO: return k->priority > t->n;
	case STATUS: return k->status == t->n;
	case BEN: return k->is_ben;
	case CUSTOMER: return k->customer == t->n;
	case NOT: return !is_true(t->a, m);
	case AND: return is_true(t->a, m) && is_true(t->b, m);
	default: return is_true(t->a, m) || is_true(t->b, m);
	}
}

/* --- one tree --- */

struct walk {
	const struct tree *tree;
	const char *query;
	size_t limit, pages, most;
	bool is_wrong, is_skipped;
};

static size_t
brute(const struct tree *t, struct find_hit *out)
{
	static bool seen[TICKETS];
	size_t n = 0;

	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < nmessages; i++) {
		size_t k = messages[i].ticket;

		if (tickets[k].is_visible && !seen[k] && is_true(t, &messages[i])) {
			seen[k] = true;
			out[n++] = (struct find_hit){ messages[i].id, tickets[k].id };
		}
	}
	return n;
}

static void
compare(struct ctx *c, void *arg)
{
	static struct find_hit want[TICKETS];
	static struct find_page p;
	struct walk *w = arg;
	const struct query_tree *t = query_parse(&c->arena, w->query, strlen(w->query), false);
	struct find_ask ask = { agent, "Europe/Berlin", t->root, 0, w->limit, 0 };
	size_t n = brute(w->tree, want), at = 0;

	w->most = n;
	if (t->understood != NULL)
		w->is_wrong = true;
	do {
		find_page(c, &ask, &p);
		if (p.as_words) {
			w->is_skipped = true;
			return;
		}
		w->pages++;
		for (size_t i = 0; i < p.n; i++, at++)
			if (at >= n || p.v[i].message != want[at].message ||
			    p.v[i].ticket != want[at].ticket) {
				w->is_wrong = true;
				return;
			}
		if (p.next != 0 && ask.after != 0 && p.next >= ask.after)
			w->is_wrong = true; /* it would never end */
		ask.after = p.next;
		ask.top = p.top;
	} while (p.next != 0 && !w->is_wrong);
	w->is_wrong |= at != n;
}

int
main(int argc, char **argv)
{
	static struct ctx c;
	static struct arena a;
	long trees = argc > 1 ? strtol(argv[1], NULL, 10) : 100, skipped = 0, pages = 0, wrong = 0;

	srand(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1);
	if (conf_read(getenv("DOCKET_CONFIG")) != NULL || !db_open(&c, "docket_agent") ||
	    !unit_try(&c, read_world, NULL))
		return 70;
	/* What was read stays: its texts are copied. */
	for (long i = 0; i < trees && wrong < 5; i++) {
		struct walk w = { .tree = grow(&a, 0), .limit = 1 + (size_t)rand() % 60 };
		struct buf b = { .arena = &a };

		write_query(&b, w.tree);
		w.query = b.s;
		if (!unit_try(&c, compare, &w)) {
			printf("# %s: %s %s\n", w.query, c.detail, c.cause);
			w.is_wrong = true;
		}
		if (w.is_wrong) {
			printf("# differs (%zu pages of %zu, %zu in all): %s\n", w.pages, w.limit,
			    w.most, w.query);
			wrong++;
		}
		skipped += w.is_skipped;
		pages += (long)w.pages;
		arena_reset(&a);
		arena_reset(&c.arena);
	}
	printf("# figure: %ld random trees over %zu messages in %ld pages, %ld with too many "
	       "branches\n",
	    trees, nmessages, pages, skipped);
	return wrong > 0;
}
