/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickets by a query over their facts: lists and the counts of folders. */
#include <string.h>

#include "query/query.h"
#include "ticket/ticket.h"

/* A query of facts on top of the values bound so far; fails 422 when it holds words. */
static void
add_facts(struct ctx *c, struct query_sql *q, const char *query)
{
	const struct query_tree *t;

	if (query == NULL || *query == '\0')
		return;
	t = query_parse(&c->arena, query, strlen(query), false);
	if (query_sort(t->root) != QUERY_FACTS)
		fail(c, 422, "query_words",
		    "a list asks for facts like status:offen; search finds words");
	query_sql(q, t->root);
}

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
	    !text_int(arena_dup(&c->arena, after, (size_t)(dash - after)), 0, INT64_MAX / 2, &at) ||
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

struct str
list_page(struct ctx *c, const struct list_question *ask, const char **next)
{
	struct query_sql q = { .text = { .arena = &c->arena }, .who = { ask->agent, ask->zone } };
	struct table t;
	const char *sql;

	q.agent = bind_int(c, &q, ask->agent);
	bind_cursor(c, &q, ask->after);
	bind_int(c, &q, ask->limit);
	add_facts(c, &q, ask->query);
	sql = query_frame(&q, db_frame("ticket_page"), "/*where*/");
	t = db_shaped_table(c, sql, (struct texts){ q.values, q.n });
	*next = t.rows == (size_t)ask->limit ? cursor_of(c, &t, t.rows - 1) : NULL;
	return table_json(c, &t);
}

int64_t
list_count(struct ctx *c, int64_t agent, const char *zone, const char *query, int64_t max)
{
	struct query_sql q = { .text = { .arena = &c->arena }, .who = { agent, zone } };
	struct table t;

	q.agent = bind_int(c, &q, agent);
	bind_int(c, &q, max);
	add_facts(c, &q, query);
	t = db_shaped_table(c, query_frame(&q, db_frame("folder_count"), "/*where*/"),
	    (struct texts){ q.values, q.n });
	return table_int(&t, 0, 0);
}
