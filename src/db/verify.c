/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket check: the server's types of each statement against those of the generated code. */
#include <string.h>

#include "db/private.h"

static const struct {
	char letter;
	Oid oids[5];
} fits[] = {
	{ 'i', { 20, 21, 23 } },
	{ 'I', { 20, 21, 23 } },
	{ 'O', { 20, 21, 23 } },
	{ 'b', { 16 } },
	{ 'B', { 16 } },
	{ 't', { 25, 1043, 18, 19 } },
	{ 'j', { 3802, 114 } },
	{ 'a', { 1016, 1007 } },
	{ 'x', { 1009 } },
	{ 'y', { 17 } },
	{ 'T', { 1184 } },
};

static bool
fit(char letter, Oid type)
{
	for (size_t i = 0; i < NELEM(fits); i++)
		for (size_t k = 0;
		     fits[i].letter == letter && k < NELEM(fits[i].oids) && fits[i].oids[k] != 0;
		     k++)
			if (fits[i].oids[k] == type)
				return true;
	return false;
}

/* The k-th word of a blank-separated list. */
static char *
word(struct arena *a, const char *list, int k)
{
	for (; k > 0; k--)
		list += strcspn(list, " ") + 1;
	return arena_dup(a, list, strcspn(list, " "));
}

static const char *
compare_cols(struct ctx *c, struct query *q, PGresult *d)
{
	int n = (int)strlen(q->cols);

	if (PQnfields(d) != n)
		return arena_printf(
		    &c->arena, "%s: %d columns, the code reads %d", q->name, PQnfields(d), n);
	for (int i = 0; i < n; i++) {
		const char *name = word(&c->arena, q->names, i);

		if (strcmp(PQfname(d, i), name) != 0)
			return arena_printf(&c->arena,
			    "%s: column %d is named %s, the code calls it %s", q->name, i + 1,
			    PQfname(d, i), name);
		if (!fit(q->cols[i], PQftype(d, i)))
			return arena_printf(&c->arena,
			    "%s: column %s has type %u, which '%c' does not read", q->name, name,
			    PQftype(d, i), q->cols[i]);
	}
	return NULL;
}

const char *
db_verify(struct ctx *c, struct query *q)
{
	PGconn *conn = db_conn(c);
	PGresult *r = PQprepare(conn, "", q->sql, 0, NULL), *d;
	const char *wrong = NULL;

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		wrong = arena_printf(
		    &c->arena, "%s: %s", q->name, PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
	PQclear(r);
	if (wrong != NULL)
		return wrong;
	d = db_take(c, q->name, PQdescribePrepared(conn, ""));
	if (PQnparams(d) != (int)strlen(q->args))
		return arena_printf(&c->arena,
		    "%s: the statement uses %d parameters, the code gives %zu", q->name,
		    PQnparams(d), strlen(q->args));
	for (int i = 0; i < PQnparams(d); i++)
		if (!fit(q->args[i], PQparamtype(d, i)))
			return arena_printf(&c->arena,
			    "%s: parameter %d has type %u, which '%c' does not give", q->name,
			    i + 1, PQparamtype(d, i), q->args[i]);
	return q->cols == NULL ? NULL : compare_cols(c, q, d);
}
