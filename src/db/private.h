/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only db/ may see: the connection. */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <libpq-fe.h>

#include "db/db.h"

struct db {
	PGconn *conn;
	uint32_t epoch; /* number of the connection: statements are prepared per connection */
	const char *role;
	const char *channels[4];
	size_t nchannels;
	bool away; /* the connection was lost since db_was_away() asked */
	bool lost; /* inside the open transaction */
	struct
	    shape { /* the composed statements prepared on this connection, by the hash of their text */
		uint64_t hash;
		char name[24];
	} shaped[256];
	size_t nshaped;
};

/* The connection, made anew if it was lost; fails 503 database_away. */
PGconn *db_conn(struct ctx *);
/* Turn a failed result into the failure that the API promises for it. */
noreturn void db_fail(struct ctx *, const char *what, const PGresult *);
/* Let a result go with the arena. */
void db_keep(struct ctx *, PGresult *);
/* Register a result with the arena; fails unless it is rows or a command that worked. */
PGresult *db_take(struct ctx *, const char *what, PGresult *);

/* --- query.c, for gather.c --- */
enum { DB_PARAMS = 40 };
struct bound {
	const char *v[DB_PARAMS];
	int length[DB_PARAMS], format[DB_PARAMS];
	int n;
};
/* The arguments of a query as libpq wants them. */
void db_bind(struct ctx *, const struct query *, struct bound *, va_list *);
/* Prepare a query unless this connection knows it. */
void db_prepare(struct ctx *, struct query *);
/* All rows of a result as an array of the query's struct. */
void db_read_rows(struct ctx *, const struct query *, PGresult *, void *rows);

#endif
