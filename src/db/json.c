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
	case PG_BOOL: buf_puts(b, *s == 't' ? "true" : "false"); break;
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

void
json_row(struct buf *b, PGresult *r, int row)
{
	int n = PQnfields(r);

	buf_putc(b, '{');
	for (int i = 0; i < n; i++) {
		const char *name = PQfname(r, i);

		buf_add(b, i > 0 ? ",\"" : "\"", i > 0 ? 2 : 1);
		buf_puts(b, name);
		buf_add(b, "\":", 2);
		if (PQgetisnull(r, row, i))
			buf_add(b, "null", 4);
		else
			put_value(b, PQftype(r, i), PQgetvalue(r, row, i),
			    (size_t)PQgetlength(r, row, i));
	}
	buf_putc(b, '}');
}

/* About how long a list gets, so that it is copied once. */
static size_t
length(PGresult *r)
{
	size_t n = 2, row = 2;

	for (int k = 0; k < PQnfields(r); k++)
		row += strlen(PQfname(r, k)) + 8;
	for (int i = 0; i < PQntuples(r); i++)
		for (int k = 0; k < PQnfields(r); k++)
			n += (size_t)PQgetlength(r, i, k);
	return n + row * (size_t)PQntuples(r);
}

void
json_list(struct buf *b, PGresult *r)
{
	int n = PQntuples(r);

	buf_reserve(b, length(r));
	buf_putc(b, '[');
	for (int i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		json_row(b, r, i);
	}
	buf_putc(b, ']');
}
