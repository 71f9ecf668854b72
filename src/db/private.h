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
	bool away;            /* the connection was lost since db_was_away() asked */
	bool lost;            /* inside the open transaction */
	uint64_t shaped[256]; /* hashes of the composed statements prepared on this connection */
	size_t nshaped;
};

/* The connection, made anew if it was lost; fails 503 database_away. */
PGconn *db_conn(struct ctx *);
/* Turn a failed result into the failure that the API promises for it. */
noreturn void db_fail(struct ctx *, const char *what, const PGresult *);
/* Register a result with the arena; fails unless it is rows or a command that worked. */
PGresult *db_take(struct ctx *, const char *what, PGresult *);

#endif
