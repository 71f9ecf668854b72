/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bind arguments by their letters, prepare once, run, read rows. */
#include <stdlib.h>
#include <string.h>

#include "db/json.h"
#include "db/private.h"

static const char *
ids_literal(struct ctx *c, struct ids ids)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	for (size_t i = 0; i < ids.n; i++)
		buf_printf(&b, "%s%lld", i > 0 ? "," : "", (long long)ids.v[i]);
	buf_putc(&b, '}');
	return b.s;
}

static const char *
texts_literal(struct ctx *c, struct texts t)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	for (size_t i = 0; i < t.n; i++) {
		buf_puts(&b, i > 0 ? ",\"" : "\"");
		for (const char *s = t.v[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_putc(&b, '\\');
			buf_putc(&b, *s);
		}
		buf_putc(&b, '"');
	}
	buf_putc(&b, '}');
	return b.s;
}

static const char *
number(struct ctx *c, int64_t v, int64_t none)
{
	return v == none ? NULL : arena_printf(&c->arena, "%lld", (long long)v);
}

static void
bind_bytes(struct bound *b, struct str s)
{
	b->v[b->n] = s.s;
	b->length[b->n] = (int)s.n;
	b->format[b->n] = 1;
}

static void
bind_one(struct ctx *c, struct bound *b, char letter, va_list *ap)
{
	int64_t v;
	struct ids ids;
	struct texts t;

	switch (letter) {
	case 'i':
		b->v[b->n] = arena_printf(&c->arena, "%lld", (long long)va_arg(*ap, int64_t));
		break;
	case 'I': b->v[b->n] = number(c, va_arg(*ap, int64_t), 0); break;
	case 'O': b->v[b->n] = number(c, va_arg(*ap, int64_t), ABSENT); break;
	case 'b': b->v[b->n] = va_arg(*ap, int) ? "t" : "f"; break;
	case 'B':
		v = va_arg(*ap, int64_t);
		b->v[b->n] = v == ABSENT ? NULL : v != 0 ? "t" : "f";
		break;
	case 'T':
		v = va_arg(*ap, int64_t);
		b->v[b->n] = v == 0 ? NULL : time_rfc3339(&c->arena, v);
		break;
	case 'a':
		ids = va_arg(*ap, struct ids);
		b->v[b->n] = ids.v == NULL ? NULL : ids_literal(c, ids);
		break;
	case 'x':
		t = va_arg(*ap, struct texts);
		b->v[b->n] = t.v == NULL ? NULL : texts_literal(c, t);
		break;
	case 'y': bind_bytes(b, va_arg(*ap, struct str)); break;
	default: b->v[b->n] = va_arg(*ap, const char *); break;
	}
	b->n++;
}

void
db_bind(struct ctx *c, const struct query *q, struct bound *b, va_list *ap)
{
	b->n = 0;
	for (const char *p = q->args; *p != '\0'; p++) {
		if (b->n == DB_PARAMS)
			BUG("%s has more than %d parameters", q->name, DB_PARAMS);
		b->format[b->n] = 0;
		bind_one(c, b, *p, ap);
	}
}

void
db_prepare(struct ctx *c, struct query *q)
{
	if (q->epoch == c->db->epoch)
		return;
	db_take(c, q->name, PQprepare(db_conn(c), q->name, q->sql, 0, NULL));
	q->epoch = c->db->epoch;
}

static PGresult *
run(struct ctx *c, struct query *q, va_list *ap)
{
	struct bound b;
	PGconn *conn = db_conn(c);

	if (q->events && !c->in_unit)
		BUG("%s records an event outside a transaction", q->name);
	db_bind(c, q, &b, ap);
	db_prepare(c, q);
	c->unsettled = c->unsettled || q->events;
	crash_point("sql", q->name);
	return db_take(c, q->name, PQexecPrepared(conn, q->name, b.n, b.v, b.length, b.format, 0));
}

#define RUN(r, c, q)                                                                               \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, q);                                                                   \
		r = run(c, q, &ap);                                                                \
		va_end(ap);                                                                        \
	} while (0)

struct str
db_list(struct ctx *c, struct query *q, ...)
{
	struct buf b = { .arena = &c->arena };
	PGresult *r;

	RUN(r, c, q);
	json_list(&b, r);
	return buf_str(&b);
}

struct table
db_table(struct ctx *c, struct query *q, ...)
{
	PGresult *r;

	RUN(r, c, q);
	return (struct table){ (size_t)PQntuples(r), r };
}

struct str
db_object(struct ctx *c, struct query *q, ...)
{
	struct buf b = { .arena = &c->arena };
	PGresult *r;

	RUN(r, c, q);
	if (PQntuples(r) == 0)
		return (struct str){ 0 };
	json_row(&b, r, 0);
	return buf_str(&b);
}

static bool
is_null(PGresult *r)
{
	return PQntuples(r) == 0 || PQgetisnull(r, 0, 0);
}

int64_t
db_int(struct ctx *c, struct query *q, ...)
{
	PGresult *r;

	RUN(r, c, q);
	return is_null(r) ? 0 : strtoll(PQgetvalue(r, 0, 0), NULL, 10);
}

bool
db_bool(struct ctx *c, struct query *q, ...)
{
	PGresult *r;

	RUN(r, c, q);
	return !is_null(r) && PQgetvalue(r, 0, 0)[0] == 't';
}

const char *
db_text(struct ctx *c, struct query *q, ...)
{
	PGresult *r;

	RUN(r, c, q);
	return is_null(r) ? NULL : PQgetvalue(r, 0, 0);
}

void
db_void(struct ctx *c, struct query *q, ...)
{
	PGresult *r;

	RUN(r, c, q);
	(void)r;
}

static int64_t
read_time(const char *s)
{
	int64_t us = 0;

	if (!time_parse(s, &us))
		BUG("PostgreSQL gave the time %s", s);
	return us;
}

static struct ids
read_ids(struct ctx *c, const char *s)
{
	int64_t *v = arena_alloc(&c->arena, (strlen(s) / 2 + 1) * sizeof *v);
	size_t n = 0;

	for (s++; *s >= '-' && *s <= '9';) {
		v[n++] = strtoll(s, (char **)&s, 10);
		if (*s == ',')
			s++;
	}
	return (struct ids){ v, n };
}

static struct str
read_bytes(struct ctx *c, const char *hex)
{
	size_t n = strlen(hex) / 2 - 1;
	char *s = arena_alloc(&c->arena, n + 1);

	for (size_t i = 0; i < n; i++) {
		char two[3] = { hex[2 + 2 * i], hex[3 + 2 * i], 0 };

		s[i] = (char)strtol(two, NULL, 16);
	}
	return (struct str){ s, n };
}

/* One column into its field; returns the bytes the field takes (generated structs: 8-byte slots). */
static size_t
read_col(struct ctx *c, PGresult *r, int row, int col, char letter, void *to)
{
	const char *s = PQgetisnull(r, row, col) ? NULL : PQgetvalue(r, row, col);

	switch (letter) {
	case 't':
	case 'j': *(const char **)to = s; return 8;
	case 'b': *(bool *)to = s != NULL && *s == 't'; return 8;
	case 'T': *(int64_t *)to = s == NULL ? 0 : read_time(s); return 8;
	case 'a':
		*(struct ids *)to = s == NULL ? (struct ids){ 0 } : read_ids(c, s);
		return sizeof(struct ids);
	case 'y':
		*(struct str *)to = s == NULL ? (struct str){ 0 } : read_bytes(c, s);
		return sizeof(struct str);
	case 'x': BUG("a text array is no column of a row"); break;
	default: *(int64_t *)to = s == NULL ? 0 : strtoll(s, NULL, 10); break;
	}
	return 8;
}

static void
read_row(struct ctx *c, const struct query *q, PGresult *r, int row, char *to)
{
	for (int i = 0; q->cols[i] != '\0'; i++)
		to += read_col(c, r, row, i, q->cols[i], to);
}

bool
db_row(struct ctx *c, struct query *q, void *row, ...)
{
	PGresult *r;
	va_list ap;

	va_start(ap, row);
	r = run(c, q, &ap);
	va_end(ap);
	if (PQntuples(r) == 0)
		return false;
	read_row(c, q, r, 0, row);
	return true;
}

void
db_read_rows(struct ctx *c, const struct query *q, PGresult *r, void *rows)
{
	struct {
		char *v;
		size_t n;
	} *out = rows;

	out->n = (size_t)PQntuples(r);
	out->v = arena_alloc(&c->arena, out->n * q->size + 1);
	for (size_t i = 0; i < out->n; i++)
		read_row(c, q, r, (int)i, out->v + i * q->size);
}

void
db_rows(struct ctx *c, struct query *q, void *rows, ...)
{
	PGresult *r;
	va_list ap;

	va_start(ap, rows);
	r = run(c, q, &ap);
	va_end(ap);
	db_read_rows(c, q, r, rows);
}
