/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL behind typed calls: one connection per process, every statement prepared once, results
 * as JSON or rows. The functions sql_*() of build/sql.h are made from sql/query and call these. */
#ifndef DB_H
#define DB_H

#include "base/base.h"

/* A statement of sql/query. args and cols hold a letter per parameter and column: i whole number (I: 0 is
 * NULL, O: ABSENT is NULL), b bool, t text, j json, a ids, x texts, y bytes, T time (0 is NULL). */
struct query {
	const char *name, *args, *sql;
	const char *cols;  /* of row and rows, else NULL */
	const char *names; /* their names, with blanks between */
	size_t size;       /* of its row's struct */
	char gives;  /* what db_gather() makes of it: l list, o object, t table, r rows; else 0 */
	bool events; /* it records an event: rule_settle() must follow */
	uint32_t epoch; /* the connection it is prepared on */
};
extern struct query *const sql_queries[]; /* NULL at the end; made by sql/query.awk */

/* Remember which role this process logs in as and connect; false = the database is away (later units
 * connect again by themselves and fail 503 while it stays away). */
bool db_open(struct ctx *, const char *role);
void db_close(struct ctx *);
/* The database is there, connecting if need be; for loops that wait. */
bool db_ready(struct ctx *);

/* A result as it came, for who reads a part of it and passes the rest on. */
struct table {
	size_t rows;
	void *result;
};

/* --- for the generated functions; arguments by the letters of query->args --- */
struct str db_list(struct ctx *, struct query *, ...);   /* a JSON array */
struct str db_object(struct ctx *, struct query *, ...); /* a JSON object; .s NULL = no row */
struct table db_table(struct ctx *, struct query *, ...);
int64_t db_int(struct ctx *, struct query *, ...); /* 0 = no row or NULL */
bool db_bool(struct ctx *, struct query *, ...);
const char *db_text(struct ctx *, struct query *, ...); /* NULL = no row or NULL */
void db_void(struct ctx *, struct query *, ...);
bool db_row(struct ctx *, struct query *, void *row, ...);   /* false = no row */
void db_rows(struct ctx *, struct query *, void *rows, ...); /* rows: {struct row *v; size_t n} */

/* --- several questions in one round trip: sql_NAME_ask() notes each, db_gather() asks them all --- */
struct asks {
	struct ask *first, *last;
};
/* Note a question whose answer belongs into *to: struct str of a list or object, its table, else its rows. */
void db_ask(struct ctx *, struct asks *, struct query *, void *to, ...);
/* Send what was noted and read every answer into its place. */
void db_gather(struct ctx *, struct asks *);

/* --- statements that query/ composes from constant clauses, all values bound as text --- */
struct table db_shaped_table(struct ctx *, const char *sql, struct texts values);
int64_t table_int(const struct table *, size_t row, int col); /* 0 = NULL */
const char *table_text(const struct table *, size_t row, int col);
/* The number of a column by its name; it must be there. */
int table_col(const struct table *, const char *name);
/* The rows of a table as a JSON array; a column's name is its key. */
struct str table_json(struct ctx *, const struct table *);
/* Each row as a JSON object of its own, without the columns before `first`. */
struct str *table_objects(struct ctx *, const struct table *, int first);
/* The text of a query by its name, as the frame of a shaped statement. */
const char *db_frame(const char *name);

/* --- notify --- */
void db_listen(struct ctx *, const char *channel); /* again by itself after a reconnect */
/* Wait until something was notified, ms have passed or the process shall end; true = look. */
bool db_wait(struct ctx *, int ms);
int db_socket(struct ctx *); /* to poll together with others; -1 = away */
/* The next notice that has arrived, without waiting; NULL = none. */
const char *db_notice(struct ctx *);
/* true once after a connection was lost and made anew: notices may have been missed. */
bool db_was_away(struct ctx *);

/* For docket check: prepare and describe one query; NULL = fine, else what differs. */
const char *db_verify(struct ctx *, struct query *);
/* What a query's rows are as an OpenAPI schema (a JSON object), from its description. */
struct str db_describe(struct ctx *, const char *query);
/* Run a script (a migration) as it is. */
void db_script(struct ctx *, const char *sql);

#endif
