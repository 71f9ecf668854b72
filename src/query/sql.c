/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of a query -> an SQL condition. Only constant texts of this file and of the field table are put
 * together; everything that somebody typed is a bound value. */
#include <stdio.h>
#include <string.h>

#include "query/private.h"

size_t
query_bind(struct query_sql *q, const char *value)
{
	if (q->n == QUERY_VALUES)
		BUG("more than %d values in a condition", QUERY_VALUES);
	q->values[q->n++] = value;
	return q->n;
}

static size_t
agent(struct query_sql *q)
{
	if (q->agent == 0)
		q->agent =
		    query_bind(q, arena_printf(q->text.arena, "%lld", (long long)q->who.agent));
	return q->agent;
}

static size_t
zone(struct query_sql *q)
{
	if (q->zone == 0)
		q->zone = query_bind(q, q->who.zone != NULL ? q->who.zone : "UTC");
	return q->zone;
}

/* A clause with $v, $a and $z replaced by the numbers they are bound as. */
static void
put_clause(struct query_sql *q, const char *clause, const char *value)
{
	size_t bound = 0;

	for (const char *s = clause; *s != '\0'; s++) {
		if (*s != '$') {
			buf_putc(&q->text, *s);
			continue;
		}
		s++;
		if (*s == 'v' && bound == 0)
			bound = query_bind(q, value);
		buf_printf(&q->text, "$%zu", *s == 'v' ? bound : *s == 'a' ? agent(q) : zone(q));
	}
}

static const char *
operator_of(enum query_rel rel)
{
	static const char *const ops[] = {
		[QUERY_IS] = " = ",
		[QUERY_BELOW] = " < ",
		[QUERY_UPTO] = " <= ",
		[QUERY_ABOVE] = " > ",
		[QUERY_FROM] = " >= ",
	};

	return ops[rel];
}

static void
put_number(struct query_sql *q, const struct query_node *n)
{
	buf_puts(&q->text, n->field->clause);
	buf_puts(&q->text, operator_of(n->rel));
	put_clause(q, "$v::bigint", n->value);
}

/* " + interval '1 day'": the units are constants of value.c. */
static void
put_interval(struct query_sql *q, const char *unit)
{
	buf_puts(&q->text, "interval '1 ");
	buf_puts(&q->text, unit);
	buf_puts(&q->text, "'");
}

/* The moment a date begins, or (is_end) is over, in the reader's zone. */
static void
put_moment(struct query_sql *q, const struct query_date *d, bool is_end)
{
	buf_puts(&q->text, "((");
	if (d->day != NULL) {
		put_clause(q, "$v::timestamp", d->day);
	} else {
		buf_puts(&q->text, "date_trunc('");
		buf_puts(&q->text, d->trunc);
		put_clause(q, "', now() at time zone $z::text)", NULL);
	}
	if (d->shift != 0) {
		buf_puts(&q->text, " + ");
		put_clause(
		    q, "$v::int * ", arena_printf(q->text.arena, "%lld", (long long)d->shift));
		put_interval(q, d->shift_unit);
	}
	if (is_end && d->unit != NULL) {
		buf_puts(&q->text, " + ");
		put_interval(q, d->unit);
	}
	put_clause(q, ") at time zone $z::text)", NULL);
}

static void
put_date(struct query_sql *q, const struct query_node *n)
{
	enum query_rel rel = n->rel;
	bool is_end = rel == QUERY_UPTO || rel == QUERY_ABOVE;

	if (rel == QUERY_IS) {
		buf_puts(&q->text, n->field->clause);
		buf_puts(&q->text, operator_of(QUERY_FROM));
		put_moment(q, &n->date, false);
		buf_puts(&q->text, " and ");
		rel = QUERY_UPTO;
		is_end = true;
	}
	/* The end of a day is the first moment that no longer belongs to it. */
	if (is_end && n->date.unit != NULL)
		rel = rel == QUERY_UPTO ? QUERY_BELOW : QUERY_FROM;
	buf_puts(&q->text, n->field->clause);
	buf_puts(&q->text, operator_of(rel));
	put_moment(q, &n->date, is_end);
}

static void
put_fact(struct query_sql *q, const struct query_node *n)
{
	switch (n->field->kind) {
	case QUERY_CHOICE: put_clause(q, n->choice->clause, NULL); break;
	case QUERY_NUMBER: put_number(q, n); break;
	case QUERY_DATE: put_date(q, n); break;
	case QUERY_NAME:
		put_clause(
		    q, n->rel == QUERY_FROM ? n->field->by_number : n->field->clause, n->value);
		break;
	default: BUG("%s is no fact of a ticket", n->field->name);
	}
}

/* NULL (no deadline, no customer) is no: "is not true" takes it for that under a minus, too. */
void
query_sql(struct query_sql *q, const struct query_node *n)
{
	if (n->op == QUERY_FACT) {
		buf_putc(&q->text, '(');
		put_fact(q, n);
		buf_putc(&q->text, ')');
	} else if (n->op == QUERY_NOT) {
		buf_putc(&q->text, '(');
		query_sql(q, n->v[0]);
		buf_puts(&q->text, " is not true)");
	} else if (n->n == 0) {
		buf_puts(&q->text, n->op == QUERY_AND ? "true" : "false");
	} else {
		buf_putc(&q->text, '(');
		for (size_t i = 0; i < n->n; i++) {
			if (i > 0)
				buf_puts(&q->text, n->op == QUERY_AND ? " and " : " or ");
			query_sql(q, n->v[i]);
		}
		buf_putc(&q->text, ')');
	}
}

const char *
query_frame(struct query_sql *q, const char *frame, const char *marker)
{
	struct buf b = { .arena = q->text.arena };
	const char *at = strstr(frame, marker);

	if (at == NULL)
		BUG("there is no %s in %s", marker, frame);
	for (; at != NULL; frame = at + strlen(marker), at = strstr(frame, marker)) {
		buf_add(&b, frame, (size_t)(at - frame));
		buf_puts(&b, " and ");
		buf_puts(&b, q->text.n > 0 ? q->text.s : "true");
	}
	buf_puts(&b, frame);
	return b.s;
}

static bool
is_served(const struct query_node *n, bool among_open)
{
	enum query_serves s;

	if (n->op == QUERY_FACT) {
		s = n->choice != NULL ? n->choice->serves : n->field->serves;
		return s == QUERY_SERVED ? n->field->kind != QUERY_NUMBER || n->rel == QUERY_IS
					 : s == QUERY_SERVED_OPEN && among_open;
	}
	if (n->op == QUERY_NOT || n->n == 0)
		return false;
	for (size_t i = 0; i < n->n && n->op == QUERY_AND; i++)
		among_open |= n->v[i]->op == QUERY_FACT && n->v[i]->choice != NULL &&
			      strcmp(n->v[i]->choice->word, "open") == 0;
	for (size_t i = 0; i < n->n; i++)
		if (is_served(n->v[i], among_open) != (n->op == QUERY_OR))
			return n->op == QUERY_AND;
	return n->op == QUERY_OR;
}

bool
query_is_served(const struct query_node *n)
{
	return is_served(n, false);
}
