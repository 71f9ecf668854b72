/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket check: the doctor. Everything it finds is one line; exit 0 only when it finds nothing. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "sql.h"

struct check {
	int wrong;
};

static void
found(struct check *k, const char *what)
{
	printf("wrong: %s\n", what);
	k->wrong++;
}

static void
check_query(struct ctx *c, void *arg)
{
	struct query **q = arg;
	const char *wrong = db_verify(c, *q);

	if (wrong != NULL)
		fail(c, 500, "query_differs", "%s", wrong);
}

static void
check_queries(struct ctx *c, struct check *k)
{
	size_t n = 0;

	for (struct query *const *q = sql_queries; *q != NULL; q++, n++)
		if (!unit_try(c, check_query, (void *)q))
			found(k, c->detail);
	printf("%zu queries prepared and compared\n", n);
}

int
cmd_check(struct ctx *c, int argc, char **argv)
{
	struct check k = { 0 };
	bool config = cmd_flag(&argc, argv, "config"), queries = cmd_flag(&argc, argv, "queries");

	if (config) {
		puts("the configuration can be read");
		return EX_OK;
	}
	if (!db_ready(c)) {
		puts("wrong: the database is away");
		return EX_UNAVAILABLE;
	}
	if (queries || argc == 1)
		check_queries(c, &k);
	return k.wrong == 0 ? EX_OK : EX_DATAERR;
}
