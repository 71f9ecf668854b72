/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection of a process: made, lost, made again; transactions; failures by SQLSTATE. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "db/private.h"

static void
clear(void *r)
{
	PQclear(r);
}

static const struct {
	const char *state;
	int status;
	const char *code, *detail;
} known[] = {
	{ "57014", 503, "database_slow",
	    "this took too long and was stopped; nothing was changed" },
	{ "55P03", 503, "database_busy",
	    "somebody else holds this row; nothing was changed, try again" },
	{ "42501", 500, "database_right", "the database refuses this process that right" },
	{ "22021", 422, "text_encoding", "a text holds bytes that are no characters" },
	{ "53100", 507, "storage", "the database has no room left; nothing was changed" },
};

/* A constraint's name as words: rule_name_taken. The server's own sentence speaks of relations. */
static char *
sentence(struct ctx *c, const char *rule)
{
	char *s = arena_printf(&c->arena, "%s; nothing was changed", rule);

	for (size_t i = 0; i < strlen(rule); i++)
		if (s[i] == '_')
			s[i] = ' ';
	return s;
}

void
db_fail(struct ctx *c, const char *what, const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *rule = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
	const char *said = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	if (c->db->conn == NULL || PQstatus(c->db->conn) != CONNECTION_OK || state == NULL ||
	    text_starts(state, "57P")) {
		fail_cause(c, "%s: %s", what, PQresultErrorMessage(r));
		fail(c, 503, "database_away",
		    "the database is away for a moment; nothing was changed, try again");
	}
	/* Sentences of class 22 quote the value, which may be somebody's words. */
	fail_cause(
	    c, "%s: %s %s", what, state, said == NULL || text_starts(state, "22") ? "" : said);
	c->again = strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
	if (c->again)
		fail(c, 503, "database_busy",
		    "others changed the same at once; nothing was changed, try again");
	/* Constraints are named as the API's codes (design.md 6). */
	if (rule != NULL && *rule != '\0' && (text_starts(state, "23") || text_starts(state, "P0")))
		fail(c, strcmp(state, "23505") == 0 ? 409 : 422, rule, "%s",
		    text_starts(state, "23") || said == NULL ? sentence(c, rule) : said);
	for (size_t i = 0; i < NELEM(known); i++)
		if (strcmp(state, known[i].state) == 0)
			fail(c, known[i].status, known[i].code, "%s", known[i].detail);
	fail(c, 500, "database", "something went wrong in the database; nothing was changed");
}

void
db_keep(struct ctx *c, PGresult *r)
{
	arena_defer(&c->arena, clear, r);
}

PGresult *
db_take(struct ctx *c, const char *what, PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	db_keep(c, r);
	if (s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK)
		db_fail(c, what, r);
	return r;
}

static bool
connect(struct ctx *c)
{
	struct db *db = c->db;
	const char *names[] = { "dbname", "user", "application_name", "connect_timeout", "options",
		NULL };
	const char *values[] = { conf.database, db->role, db->role, "5",
		"-c timezone=UTC -c datestyle=ISO -c client_encoding=UTF8 -c bytea_output=hex "
		"-c plan_cache_mode=force_generic_plan",
		NULL };

	if (db->conn != NULL)
		PQfinish(db->conn);
	db->conn = PQconnectdbParams(names, values, 1);
	db->nshaped = 0;
	if (PQstatus(db->conn) != CONNECTION_OK) {
		log_warn(c, "db.away", "reason=%s", PQerrorMessage(db->conn));
		db->away = true;
		return false;
	}
	if (db->epoch++ > 0)
		log_info(c, "db.back", "role=%s", db->role);
	for (size_t i = 0; i < db->nchannels; i++)
		PQclear(PQexec(db->conn, arena_printf(&c->arena, "listen %s", db->channels[i])));
	return true;
}

bool
db_ready(struct ctx *c)
{
	if (c->db->conn != NULL && PQstatus(c->db->conn) == CONNECTION_OK)
		return true;
	c->db->away = true;
	return connect(c);
}

PGconn *
db_conn(struct ctx *c)
{
	struct db *db = c->db;

	if (db == NULL)
		BUG("this process has no database");
	/* A unit that lost its connection must not go on halfway on a new one. */
	if (c->in_unit && db->lost)
		fail(c, 503, "database_away",
		    "the database is away for a moment; nothing was changed, try again");
	if (!c->in_unit && !db_ready(c))
		fail(c, 503, "database_away",
		    "the database is away for a moment; nothing was changed, try again");
	return db->conn;
}

static void
plain(struct ctx *c, const char *sql)
{
	crash_point("sql", sql);
	db_take(c, sql, PQexec(db_conn(c), sql));
}

static void
begin(struct ctx *c)
{
	c->db->lost = !db_ready(c);
	plain(c, "begin");
}

/* What was swallowed in between must not pass for kept: the server answers COMMIT with ROLLBACK then. */
static void
commit(struct ctx *c)
{
	PGresult *r;

	crash_point("sql", "commit");
	r = PQexec(db_conn(c), "commit");
	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQstatus(c->db->conn) != CONNECTION_OK) {
		fail_cause(c, "commit: %s", PQresultErrorMessage(r));
		PQclear(r);
		fail(c, 503, "database_away",
		    "the database went away at the last moment; look whether it was kept before "
		    "you try again");
	}
	db_take(c, "commit", r);
	if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
		fail(c, 500, "database",
		    "something went wrong in the database; nothing was changed");
	crash_point("sql", "committed");
}

static void
rollback(struct ctx *c)
{
	if (PQstatus(c->db->conn) == CONNECTION_OK)
		PQclear(PQexec(c->db->conn, "rollback"));
}

bool
db_open(struct ctx *c, const char *role)
{
	static struct db one; /* a process has one connection */
	static const struct tx tx = { begin, commit, rollback };

	one = (struct db){ .role = role };
	c->db = &one;
	c->tx = &tx;
	return connect(c);
}

void
db_close(struct ctx *c)
{
	if (c->db != NULL && c->db->conn != NULL)
		PQfinish(c->db->conn);
	c->db = NULL;
	c->tx = NULL;
}

void
db_script(struct ctx *c, const char *sql)
{
	db_take(c, "script", PQexec(db_conn(c), sql));
}
