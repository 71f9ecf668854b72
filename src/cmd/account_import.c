/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket account import: bring over what lies in a mailbox since a day, silently; docket poll and docket work do it. */
#include <stdio.h>
#include <string.h>

#include "channel/channel.h"
#include "channel/settings.h"
#include "cmd/cmd.h"

struct bringing {
	const char *name, *status;
	struct import_settings s;
	bool cancel;
	int64_t account;
	struct row_import_shown shown;
	bool is_there;
};

static void
find(struct ctx *c, void *arg)
{
	struct bringing *b = arg;
	struct row_account_named a;

	if (!sql_account_named(c, b->name, &a))
		fail(c, 404, "account_unknown", "there is no account '%s'", b->name);
	b->account = a.id;
	if (b->status == NULL)
		return;
	b->s.status = sql_status_named(c, sql_account_type(c, a.id), b->status);
	if (b->s.status == 0)
		fail(c, 404, "status_unknown", "the account's type has no status '%s'", b->status);
}

static void
ask_for(struct ctx *c, void *arg)
{
	struct bringing *b = arg;

	settings_import(c, b->account, &b->s);
}

static void
cancel(struct ctx *c, void *arg)
{
	struct bringing *b = arg;

	if (sql_import_cancel(c, b->account) == 0)
		fail(c, 409, "import_ended", "nothing is being brought over");
}

static void
look(struct ctx *c, void *arg)
{
	struct bringing *b = arg;

	b->is_there = sql_import_shown(c, b->account, &b->shown);
}

static void
print(const struct bringing *b)
{
	const struct row_import_shown *i = &b->shown;

	if (!b->is_there) {
		printf("nothing was brought over yet\n");
		return;
	}
	printf("%s: ", i->since[0] != '\0' ? i->since : "nothing older");
	if (strcmp(i->state, "new") == 0)
		printf("waits to be listed by docket poll");
	else if (strcmp(i->state, "done") == 0)
		printf("done, %lld of %lld mails became messages", (long long)i->brought,
		    (long long)i->total);
	else
		printf("%s, %lld of %lld", i->state, (long long)i->done, (long long)i->total);
	if (i->eta > 0)
		printf(", about %lld s left", (long long)i->eta);
	printf("%s%s\n", i->error[0] != '\0' ? "; " : "", i->error);
	fflush(stdout);
}

static bool
goes_on(const struct bringing *b)
{
	return b->is_there &&
	       (strcmp(b->shown.state, "new") == 0 || strcmp(b->shown.state, "running") == 0);
}

/* How far it is; wait = each second until it ended. */
static int
show(struct ctx *c, struct bringing *b, bool wait)
{
	enum { SECOND = 1000 };

	cmd_stoppable();
	for (;;) {
		arena_reset(&c->arena);
		if (!unit_run(c, look, b))
			return cmd_failed(c);
		print(b);
		if (!wait || !goes_on(b) || cmd_stop != 0)
			return EX_OK;
		db_wait(c, SECOND);
	}
}

int
cmd_account_import(struct ctx *c, int argc, char **argv, bool german)
{
	struct bringing b = { .s = { .since = cmd_option(&argc, argv, "--since"),
				  .folders = cmd_option(&argc, argv, "--folder") },
		.status = cmd_option(&argc, argv, "--status") };
	bool wait = cmd_flag(&argc, argv, "--wait"), count = cmd_flag(&argc, argv, "--count");

	b.cancel = cmd_flag(&argc, argv, "--cancel");
	if (argc != 2 || (count && b.s.since == NULL) || (b.cancel && b.s.since != NULL)) {
		fprintf(stderr, "usage: docket account import NAME [--since DATE [--folder NAME] "
				"[--status NAME] "
				"[--count]]\n       [--cancel] [--wait]\n");
		return EX_USAGE;
	}
	b.name = argv[1];
	if (!unit_run(c, find, &b))
		return cmd_failed(c);
	if (b.cancel && !unit_run(c, cancel, &b))
		return cmd_failed(c);
	if (b.s.since != NULL && !account_count(c, b.account, b.s.since, b.s.folders, german))
		return EX_UNAVAILABLE;
	if (count)
		return EX_OK;
	if (b.s.since != NULL && !unit_run(c, ask_for, &b))
		return cmd_failed(c);
	return show(c, &b, wait);
}
