/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one writer of answers: column name = key, the type decides the form, json columns pass. */
#include <string.h>

#include "db/json.h"

/* Object ids of PostgreSQL's types (catalog/pg_type.dat), fixed for ever. */
enum {
	PG_BOOL = 16,
	PG_INT8 = 20,
	PG_INT2 = 21,
	PG_INT4 = 23,
	PG_JSON = 114,
	PG_JSONB = 3802,
	PG_FLOAT4 = 700,
	PG_FLOAT8 = 701,
	PG_INT4S = 1007,
	PG_INT8S = 1016,
	PG_TIMESTAMPTZ = 1184,
};

/* 2026-11-23 21:39:50.123+00 -> "2026-11-23T21:39:50.123Z"; the session's zone is UTC. */
static void
put_time(struct buf *b, const char *s, size_t n)
{
	if (n < 22 || s[n - 3] != '+') {
		buf_json(b, s, n);
		return;
	}
	buf_putc(b, '"');
	buf_add(b, s, 10);
	buf_putc(b, 'T');
	buf_add(b, s + 11, n - 14);
	buf_add(b, "Z\"", 2);
}

static void
put_value(struct buf *b, Oid type, const char *s, size_t n)
{
	switch (type) {
	case PG_BOOL: buf_add(b, *s == 't' ? "true" : "false", *s == 't' ? 4 : 5); break;
	case PG_INT2:
	case PG_INT4:
	case PG_INT8:
	case PG_FLOAT4:
	case PG_FLOAT8:
	case PG_JSON:
	case PG_JSONB: buf_add(b, s, n); break;
	case PG_INT4S:
	case PG_INT8S:
		buf_putc(b, '[');
		buf_add(b, s + 1, n - 2);
		buf_putc(b, ']');
		break;
	case PG_TIMESTAMPTZ: put_time(b, s, n); break;
	default: buf_json(b, s, n); break;
	}
}

struct column {
	struct str key; /* "name": and the comma before it */
	Oid type;
};

/* The names are the same in each row: they are written once. */
static struct column *
columns(struct arena *a, const PGresult *r, int first, size_t *bytes)
{
	int n = PQnfields(r);
	struct column *v = arena_alloc(a, ((size_t)n + 1) * sizeof *v);
	struct buf b = { .arena = a };

	*bytes = 0;
	for (int i = first; i < n; i++)
		*bytes += strlen(PQfname(r, i)) + 4;
	buf_reserve(&b, *bytes);
	for (int i = first; i < n; i++) {
		size_t at = b.n;

		buf_puts(&b, i == first ? "\"" : ",\"");
		buf_puts(&b, PQfname(r, i));
		buf_add(&b, "\":", 2);
		v[i] = (struct column){ { b.s + at, b.n - at }, PQftype(r, i) };
	}
	return v;
}

static void
put_row(struct buf *b, const PGresult *r, int row, const struct column *v, int first)
{
	int n = PQnfields(r);

	buf_putc(b, '{');
	for (int i = first; i < n; i++) {
		size_t length = (size_t)PQgetlength(r, row, i);

		buf_add(b, v[i].key.s, v[i].key.n);
		if (length == 0 && PQgetisnull(r, row, i))
			buf_add(b, "null", 4);
		else
			put_value(b, v[i].type, PQgetvalue(r, row, i), length);
	}
	buf_putc(b, '}');
}

void
json_row(struct buf *b, const PGresult *r, int row)
{
	size_t keys;

	put_row(b, r, row, columns(b->arena, r, 0, &keys), 0);
}

void
json_objects(struct buf *b, const PGresult *r, int rows, int first, size_t *ends)
{
	size_t keys;
	const struct column *v = columns(b->arena, r, first, &keys);

	buf_reserve(b, (keys + (size_t)PQnfields(r) * 10) * (size_t)rows);
	for (int i = 0; i < rows; i++) {
		put_row(b, r, i, v, first);
		ends[i] = b->n;
	}
}

void
json_list(struct buf *b, const PGresult *r)
{
	int rows = PQntuples(r), n = PQnfields(r);
	size_t keys;
	const struct column *v = columns(b->arena, r, 0, &keys);

	/* A result takes more memory than its values, so this is copied once. */
	buf_reserve(b, (keys + (size_t)n * 2 + 3) * (size_t)rows + PQresultMemorySize(r));
	buf_putc(b, '[');
	for (int i = 0; i < rows; i++) {
		if (i > 0)
			buf_putc(b, ',');
		put_row(b, r, i, v, 0);
	}
	buf_putc(b, ']');
}
