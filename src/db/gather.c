/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several questions in one round trip, by libpq's pipeline. For reading: each statement has its own
 * snapshot, and the first that fails fails the unit. */
#include "db/json.h"
#include "db/private.h"

struct ask {
	struct ask *next;
	struct query *q;
	void *to;
	struct bound bound;
	PGresult *answer;
};

void
db_ask(struct ctx *c, struct asks *asks, struct query *q, void *to, ...)
{
	struct ask *a = arena_alloc(&c->arena, sizeof *a);
	va_list ap;

	if (q->events || q->gives == 0)
		BUG("%s is no question", q->name);
	a->q = q;
	a->to = to;
	va_start(ap, to);
	db_bind(c, q, &a->bound, &ap);
	va_end(ap);
	if (asks->last == NULL)
		asks->first = a;
	else
		asks->last->next = a;
	asks->last = a;
}

/* What cannot be sent shows as an answer that does not come. */
static void
send_all(PGconn *conn, const struct ask *first)
{
	PQenterPipelineMode(conn);
	for (const struct ask *a = first; a != NULL; a = a->next) {
		const struct bound *b = &a->bound;

		crash_point("sql", a->q->name);
		PQsendQueryPrepared(conn, a->q->name, b->n, b->v, b->length, b->format, 0);
	}
	PQpipelineSync(conn);
}

/* All of them, also behind one that failed: then the connection is as it was. */
static void
receive_all(struct ctx *c, PGconn *conn, struct ask *first)
{
	for (struct ask *a = first; a != NULL; a = a->next) {
		a->answer = PQgetResult(conn);
		db_keep(c, a->answer);
		if (a->answer != NULL)
			PQclear(PQgetResult(conn)); /* the end of this answer */
	}
	PQclear(PQgetResult(conn));
	if (!PQexitPipelineMode(conn) && PQstatus(conn) == CONNECTION_OK)
		BUG("the pipeline does not end: %s", PQerrorMessage(conn));
}

static void
read_answer(struct ctx *c, const struct ask *a)
{
	struct buf b = { .arena = &c->arena };

	if (PQresultStatus(a->answer) != PGRES_TUPLES_OK)
		db_fail(c, a->q->name, a->answer);
	if (a->q->gives == 'r') {
		db_read_rows(c, a->q, a->answer, a->to);
		return;
	}
	if (a->q->gives == 't') {
		*(struct table *)a->to = (struct table){ (size_t)PQntuples(a->answer), a->answer };
		return;
	}
	if (a->q->gives == 'l')
		json_list(&b, a->answer);
	else if (PQntuples(a->answer) > 0)
		json_row(&b, a->answer, 0);
	*(struct str *)a->to = (struct str){ b.s, b.n };
}

void
db_gather(struct ctx *c, struct asks *asks)
{
	PGconn *conn = db_conn(c);

	for (struct ask *a = asks->first; a != NULL; a = a->next)
		db_prepare(c, a->q);
	send_all(conn, asks->first);
	receive_all(c, conn, asks->first);
	for (const struct ask *a = asks->first; a != NULL; a = a->next)
		read_answer(c, a);
	*asks = (struct asks){ 0 };
}
