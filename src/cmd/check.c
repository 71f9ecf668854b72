/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket check: the doctor. Everything it finds is one line; exit 0 only when it finds nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/check.h"

void
cmd_check_found(struct check *k, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("wrong: ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
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

void
cmd_check_queries(struct check *k)
{
	const char *sql = getenv("DOCKET_SQL");
	int64_t pending;
	size_t n = 0;

	if (access(sql == NULL ? MIGRATIONS : sql, R_OK) != 0)
		puts("the migrations do not lie here; only the queries are compared");
	else if (!migrate_pending(k->c, &pending))
		cmd_check_found(k, "%s", k->c->detail);
	else if (pending > 0)
		cmd_check_found(
		    k, "the schema lacks %lld migrations: run docket migrate", (long long)pending);
	for (struct query *const *q = sql_queries; *q != NULL; q++, n++)
		if (!unit_try(k->c, check_query, (void *)q))
			cmd_check_found(k, "%s", k->c->detail);
	printf("%zu queries prepared and compared\n", n);
}

struct question {
	const char *(*ask)(struct ctx *);
	const char *answer;
};

static void
ask(struct ctx *c, void *arg)
{
	struct question *q = arg;

	q->answer = q->ask(c);
}

void
cmd_check_rows(struct check *k)
{
	static const struct {
		const char *of;
		const char *(*ask)(struct ctx *);
	} all[] = {
		{ "roles", sql_check_roles },
		{ "originals", sql_check_inbound },
		{ "tickets", sql_check_ticket },
		{ "outbox", sql_check_outbox },
		{ "sights", sql_check_sight },
		{ "accounts", sql_check_account },
	};

	for (size_t i = 0; i < NELEM(all); i++) {
		struct question q = { all[i].ask, NULL };
		const char *line;

		if (!unit_try(k->c, ask, &q))
			cmd_check_found(
			    k, "%s could not be looked at: %s", all[i].of, k->c->detail);
		for (line = q.answer; line != NULL && *line != '\0';) {
			int n = (int)strcspn(line, "\n");

			cmd_check_found(k, "%.*s", n, line);
			line += n + (line[n] == '\n');
		}
		arena_reset(&k->c->arena);
	}
	puts("roles, originals, tickets, outbox, sights and accounts looked at");
}

int
cmd_check(struct ctx *c, int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*run)(struct check *);
	} parts[] = { { "config", cmd_check_config }, { "queries", cmd_check_queries },
		{ "rows", cmd_check_rows }, { "blobs", cmd_check_blobs },
		{ "index", cmd_check_index } };
	struct check k = { .c = c, .bytes = cmd_flag(&argc, argv, "--blobs") };
	const char *word = argc == 2 ? argv[1] : NULL;
	bool known = argc == 1, is_away;

	for (size_t i = 0; i < NELEM(parts); i++)
		known = known || (word != NULL && strcmp(word, parts[i].word) == 0);
	if (!known) {
		fputs("usage: docket check [config|queries|rows|blobs|index] [--blobs]\n", stderr);
		return EX_USAGE;
	}
	/* The configuration can be looked at while the database is away; all else cannot. */
	is_away = !db_open(c, "docket_owner");
	if (is_away && (word == NULL || strcmp(word, "config") != 0)) {
		puts("wrong: the database is away: is PostgreSQL running, and 'database' in the "
		     "configuration right?");
		return EX_UNAVAILABLE;
	}
	for (size_t i = 0; i < NELEM(parts); i++)
		if (word == NULL || strcmp(word, parts[i].word) == 0)
			parts[i].run(&k);
	if (k.wrong > 0)
		printf("%lld findings\n", (long long)k.wrong);
	return k.wrong == 0 ? EX_OK : EX_DATAERR;
}
