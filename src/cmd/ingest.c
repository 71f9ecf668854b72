/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket ingest < mail: how a mail server on this machine hands a mail over. Its exit code is a promise:
 * 0 = the mail is on the disk here; EX_TEMPFAIL = keep it and come again. */
#include <stdio.h>
#include <string.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { PATIENCE = 10000000 };

struct ingestion {
	const char *name;
	int64_t account, inbound;
	struct row_inbound_state state;
};

static void
find_account(struct ctx *c, void *arg)
{
	struct ingestion *g = arg;
	struct row_account_named a;

	if (g->name == NULL)
		g->account = sql_account_of_pipe(c);
	else if (sql_account_named(c, g->name, &a))
		g->account = a.id;
	else
		fail(c, 404, "account_unknown",
		    "there is no account '%s'; see 'docket account list'", g->name);
}

static void
look(struct ctx *c, void *arg)
{
	struct ingestion *g = arg;

	sql_inbound_state(c, g->inbound, &g->state);
}

/* Ingest it, or wait a moment for docket work, which may have been faster. */
static void
finish(struct ctx *c, struct ingestion *g)
{
	int64_t until = time_mono() + PATIENCE;

	db_listen(c, "docket_event");
	ingest_one(c, g->inbound);
	while (unit_try(c, look, g) && strcmp(g->state.state, "new") == 0 && time_mono() < until &&
	       cmd_stop == 0)
		db_wait(c, 200);
	parse_stop();
}

static void
say(const struct ingestion *g)
{
	if (g->state.message != 0)
		printf("ticket %lld message %lld\n", (long long)g->state.ticket,
		    (long long)g->state.message);
	else
		printf("inbound %lld %s%s%s\n", (long long)g->inbound,
		    g->state.state == NULL ? "new" : g->state.state,
		    g->state.reason == NULL ? "" : ": ",
		    g->state.reason == NULL ? "" : g->state.reason);
}

int
cmd_ingest(struct ctx *c, int argc, char **argv)
{
	struct ingestion g = { .name = cmd_option(&argc, argv, "--account") };

	if (argc > 1) {
		fprintf(stderr, "docket: ingest knows no '%s'; the mail comes on standard input\n",
		    argv[1]);
		return EX_USAGE;
	}
	cmd_stoppable();
	if (!unit_try(c, find_account, &g)) {
		cmd_failed(c);
		return c->status == 404 ? EX_USAGE : EX_TEMPFAIL;
	}
	g.inbound = intake_pipe(c, g.account);
	if (g.inbound == 0) {
		cmd_failed(c);
		return c->status == 413 || c->status == 400 ? EX_DATAERR : EX_TEMPFAIL;
	}
	finish(c, &g);
	say(&g);
	return EX_OK;
}
