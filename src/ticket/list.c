/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickets by a query: lists and the counts of folders. Facts alone are SQL; words ask the index. */
#include <string.h>

#include "ticket/find.h"
#include "ticket/ticket.h"

enum { COUNT_TICKETS = 1000, COUNT_HITS = 1000 };
static const int64_t LAST_MOMENT = INT64_C(253402300799999999); /* of the year 9999 */

static size_t
bind_int(struct ctx *c, struct query_sql *q, int64_t v)
{
	return query_bind(q, arena_printf(&c->arena, "%lld", (long long)v));
}

/* A cursor is the microsecond and the number of the last ticket: 1764020390123456-1042. */
static void
bind_cursor(struct ctx *c, struct query_sql *q, const char *after)
{
	const char *dash = after == NULL ? NULL : strchr(after, '-');
	int64_t at, id;

	if (after == NULL) {
		query_bind(q, "infinity");
		bind_int(c, q, INT64_MAX);
		return;
	}
	if (dash == NULL ||
	    !text_int(arena_dup(&c->arena, after, (size_t)(dash - after)), 0, LAST_MOMENT, &at) ||
	    !text_int(dash + 1, 1, INT64_MAX, &id))
		fail(c, 400, "cursor", "'after' is no cursor that a page before gave");
	query_bind(q, time_rfc3339(&c->arena, at));
	bind_int(c, q, id);
}

static const char *
cursor_of(struct ctx *c, const struct table *t, size_t row)
{
	int64_t at;

	if (!time_parse(table_text(t, row, table_col(t, "updated_at")), &at))
		BUG("updated_at is no time");
	return arena_printf(
	    &c->arena, "%lld-%s", (long long)at, table_text(t, row, table_col(t, "id")));
}

static struct str
page_of_facts(struct ctx *c, const struct list_question *ask, const struct query_node *tree,
    const char **next)
{
	struct query_sql q = { .text = { .arena = &c->arena }, .who = { ask->agent, ask->zone } };
	struct table t;
	const char *sql;

	q.agent = bind_int(c, &q, ask->agent);
	bind_cursor(c, &q, ask->after);
	bind_int(c, &q, ask->limit);
	query_sql(&q, tree);
	sql = query_frame(&q, db_frame("ticket_page"), "/*where*/");
	t = db_shaped_table(c, sql, (struct texts){ q.values, q.n });
	*next = t.rows == (size_t)ask->limit ? cursor_of(c, &t, t.rows - 1) : NULL;
	return table_json(c, &t);
}

/* With words the tickets stand where their newest message stands that satisfies them; the cursor is that
 * message's number and the first one's. */
static struct str
page_of_words(struct ctx *c, const struct list_question *ask, const struct query_node *tree,
    const char **next)
{
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);
	struct find_ask f = { ask->agent, ask->zone, tree, 0, (size_t)ask->limit, 0 };
	int64_t *tickets;

	find_cursor(c, &f, ask->after);
	find_page(c, &f, p);
	tickets = arena_alloc(&c->arena, (p->n + 1) * sizeof *tickets);

	for (size_t i = 0; i < p->n; i++)
		tickets[i] = p->v[i].ticket;
	*next = find_next(c, p);
	return sql_ticket_list_of(c, ask->agent, (struct ids){ tickets, p->n });
}

struct str
list_page(struct ctx *c, const struct list_question *ask, const char **next)
{
	const char *query = ask->query == NULL ? "" : ask->query;
	const struct query_node *tree = find_parse(c, ask->agent, query, false)->root;

	return query_sort(tree) == QUERY_FACTS ? page_of_facts(c, ask, tree, next)
					       : page_of_words(c, ask, tree, next);
}

int64_t
list_count(struct ctx *c, int64_t agent, const char *zone, const char *query, bool *capped)
{
	struct query_sql q = { .text = { .arena = &c->arena }, .who = { agent, zone } };
	struct find_ask ask = { .agent = agent, .zone = zone };
	struct find_count found;
	struct table t;
	int64_t n;

	ask.tree = find_parse(c, agent, query, false)->root;
	if (query_sort(ask.tree) != QUERY_FACTS) {
		find_count(c, &ask, COUNT_HITS, &found);
		*capped = found.down_to != 0;
		return (int64_t)found.tickets.n;
	}
	q.agent = bind_int(c, &q, agent);
	bind_int(c, &q, COUNT_TICKETS + 1);
	query_sql(&q, ask.tree);
	t = db_shaped_table(c, query_frame(&q, db_frame("folder_count"), "/*where*/"),
	    (struct texts){ q.values, q.n });
	n = table_int(&t, 0, 0);
	*capped = n > COUNT_TICKETS;
	return *capped ? COUNT_TICKETS : n;
}
