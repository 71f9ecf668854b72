/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a query answers, from the server's description of the prepared statement. */
#include <string.h>

#include "db/private.h"
#include "sql.h"

static const struct {
	Oid type;
	const char *name, *rest; /* of the JSON schema */
} types[] = {
	{ 16, "boolean", "" },
	{ 20, "integer", "" },
	{ 21, "integer", "" },
	{ 23, "integer", "" },
	{ 700, "number", "" },
	{ 701, "number", "" },
	{ 1007, "array", ",\"items\":{\"type\":\"integer\"}" },
	{ 1016, "array", ",\"items\":{\"type\":\"integer\"}" },
	{ 1009, "array", ",\"items\":{\"type\":\"string\"}" },
	{ 1184, "string", ",\"format\":\"date-time\"" },
	{ 114, NULL, "" }, /* json: anything */
	{ 3802, NULL, "" },
};

static struct query *
find(const char *name)
{
	for (struct query *const *q = sql_queries; *q != NULL; q++)
		if (strcmp((*q)->name, name) == 0)
			return *q;
	BUG("there is no query %s", name);
}

/* A column of the table that the statement is about is null only if the table lets it; one that was
 * computed or joined may always be. */
static bool
may_be_null(struct ctx *c, PGresult *d, int col, const char **note)
{
	struct row_column_facts f = { 0 };

	*note = NULL;
	if (PQftable(d, col) == InvalidOid)
		return true;
	if (!sql_column_facts(c, PQftable(d, col), PQftablecol(d, col), &f))
		return true;
	*note = f.note;
	return !f.is_required || PQftable(d, col) != PQftable(d, 0);
}

static void
put_column(struct ctx *c, struct buf *b, PGresult *d, int col)
{
	const char *name = "string", *rest = "", *note;
	bool null = may_be_null(c, d, col, &note);
	size_t length;

	for (size_t i = 0; i < NELEM(types); i++)
		if (types[i].type == PQftype(d, col)) {
			name = types[i].name;
			rest = types[i].rest;
		}
	buf_key(b, PQfname(d, col));
	buf_putc(b, '{');
	if (name != NULL)
		buf_printf(
		    b, null ? "\"type\":[\"%s\",\"null\"]%s" : "\"type\":\"%s\"%s", name, rest);
	if (note != NULL) {
		length = strlen(note);
		buf_puts(b, name == NULL ? "\"description\":" : ",\"description\":");
		buf_json(b, note, length);
	}
	buf_putc(b, '}');
}

struct str
db_describe(struct ctx *c, const char *query)
{
	struct buf b = { .arena = &c->arena }, names = { .arena = &c->arena };
	struct query *q = find(query);
	PGconn *conn = db_conn(c);
	PGresult *d;

	PQclear(PQprepare(conn, q->name, q->sql, 0, NULL)); /* it may be prepared already */
	d = db_take(c, q->name, PQdescribePrepared(conn, q->name));
	buf_puts(&b, "{\"type\":\"object\",\"properties\":{");
	for (int i = 0; i < PQnfields(d); i++) {
		put_column(c, &b, d, i);
		buf_printf(&names, "%s\"%s\"", i > 0 ? "," : "", PQfname(d, i));
	}
	buf_printf(&b, "},\"required\":[%s]}", names.s);
	return buf_str(&b);
}
