/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page of hits shows: messages with their words, and their tickets as lists write them. */
#include "ticket/find.h"

enum { TICKET = 8 }; /* the column where a ticket begins */

static struct find_message *
of_table(struct ctx *c, const struct table *t)
{
	struct find_message *v = arena_alloc(&c->arena, (t->rows + 1) * sizeof *v);
	const struct str *tickets = table_objects(c, t, TICKET);

	for (size_t i = 0; i < t->rows; i++)
		v[i] = (struct find_message){ .id = table_int(t, i, 0),
			.kind = table_text(t, i, 1),
			.at = table_text(t, i, 2),
			.author = table_text(t, i, 3),
			.text = table_text(t, i, 4),
			.subject = table_text(t, i, 5),
			.people = table_text(t, i, 6),
			.files = table_text(t, i, 7),
			.ticket = tickets[i] };
	return v;
}

static struct find_message *
of_rows(struct ctx *c, const struct rows_find_texts *rows)
{
	struct find_message *v = arena_alloc(&c->arena, (rows->n + 1) * sizeof *v);

	for (size_t i = 0; i < rows->n; i++) {
		const struct row_find_texts *r = &rows->v[i];

		v[i] = (struct find_message){ .id = r->message_id,
			.kind = r->kind,
			.at = r->at,
			.author = r->author,
			.text = r->text,
			.subject = r->about,
			.people = r->people,
			.files = r->names };
	}
	return v;
}

struct find_shown
find_show(struct ctx *c, int64_t agent, struct ids hits, struct ids others)
{
	struct asks asks = { 0 };
	struct rows_find_texts rows = { 0 };
	struct table t = { 0 };

	sql_find_show_ask(c, &asks, &t, agent, hits);
	if (others.n > 0)
		sql_find_texts_ask(c, &asks, &rows, agent, others);
	db_gather(c, &asks);
	return (struct find_shown){ of_table(c, &t), t.rows, of_rows(c, &rows), rows.n };
}
