/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements that query/ composes from constant clauses: one prepared statement per shape. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/json.h"
#include "db/private.h"

/* FNV-1a over words instead of bytes, its high bits folded down. Two shapes that collide would share a
 * plan, so 64 bits. */
static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037ULL, w;

	for (size_t n = strlen(s); n > 0;) {
		size_t part = n < sizeof w ? n : sizeof w;

		w = 0;
		memcpy(&w, s, part);
		h = (h ^ w) * 1099511628211ULL;
		h ^= h >> 29;
		s += part;
		n -= part;
	}
	return h;
}

/* The name under which sql is prepared, or "" when there are too many shapes to keep. */
static const char *
prepare(struct ctx *c, const char *sql)
{
	struct db *db = c->db;
	uint64_t h = hash(sql);
	struct shape *s = db->shaped;

	while (s < db->shaped + db->nshaped && s->hash != h)
		s++;
	if (s < db->shaped + db->nshaped)
		return s->name;
	if (db->nshaped == NELEM(db->shaped))
		return "";
	*s = (struct shape){ .hash = h };
	snprintf(s->name, sizeof s->name, "shape_%016llx", (unsigned long long)h);
	db_take(c, s->name, PQprepare(db_conn(c), s->name, sql, 0, NULL));
	db->nshaped++;
	return s->name;
}

static PGresult *
run(struct ctx *c, const char *sql, struct texts values)
{
	PGconn *conn = db_conn(c);
	const char *name = prepare(c, sql);

	crash_point("sql", "shaped");
	if (*name == '\0')
		return db_take(c, "shape",
		    PQexecParams(conn, sql, (int)values.n, NULL, values.v, NULL, NULL, 0));
	return db_take(c, name, PQexecPrepared(conn, name, (int)values.n, values.v, NULL, NULL, 0));
}

struct table
db_shaped_table(struct ctx *c, const char *sql, struct texts values)
{
	PGresult *r = run(c, sql, values);

	return (struct table){ (size_t)PQntuples(r), r };
}

const char *
table_text(const struct table *t, size_t row, int col)
{
	return PQgetisnull(t->result, (int)row, col) ? NULL : PQgetvalue(t->result, (int)row, col);
}

int64_t
table_int(const struct table *t, size_t row, int col)
{
	const char *s = table_text(t, row, col);

	return s == NULL ? 0 : strtoll(s, NULL, 10);
}

int
table_col(const struct table *t, const char *name)
{
	int col = PQfnumber(t->result, name);

	if (col < 0)
		BUG("a table has no column %s", name);
	return col;
}

struct str
table_json(struct ctx *c, const struct table *t)
{
	struct buf b = { .arena = &c->arena };

	json_list(&b, t->result);
	return buf_str(&b);
}

struct str *
table_objects(struct ctx *c, const struct table *t, int first)
{
	struct str *v = arena_alloc(&c->arena, (t->rows + 1) * sizeof *v);
	size_t *ends = arena_alloc(&c->arena, (t->rows + 1) * sizeof *ends);
	struct buf b = { .arena = &c->arena };

	json_objects(&b, t->result, (int)t->rows, first, ends);
	for (size_t i = 0, at = 0; i < t->rows; at = ends[i++])
		v[i] = (struct str){ b.s + at, ends[i] - at };
	return v;
}

const char *
db_frame(const char *name)
{
	for (struct query *const *q = sql_queries; *q != NULL; q++)
		if (strcmp((*q)->name, name) == 0)
			return (*q)->sql;
	BUG("there is no query %s", name);
}
