/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket work: makes messages of the originals that were fetched and of answers that are due, as long as it runs. */
#include <stdio.h>

#include "channel/channel.h"
#include "cmd/cmd.h"
#include "rule/rule.h"

enum { LOOK_MS = 5000, WAIT_MS = 1000 };

static void
release(struct ctx *c, void *arg)
{
	lease_drop(c, arg);
}

/* How many originals and answers were dealt with; -1 = wait. */
static int
work(struct ctx *c, struct lease *lease)
{
	int due = due_send(c, lease), mails = due < 0 ? -1 : ingest_waiting(c, lease);

	return due < 0 || mails < 0 ? -1 : due + mails;
}

int
cmd_work(struct ctx *c, int argc, char **argv)
{
	bool once = cmd_flag(&argc, argv, "--once");
	struct lease lease = { 0 };
	int done;

	if (argc > 1) {
		fprintf(stderr, "docket: work knows no '%s'\n", argv[1]);
		return EX_USAGE;
	}
	cmd_stoppable();
	db_listen(c, "docket_work");
	for (done = 0; cmd_stop == 0; arena_reset(&c->arena)) {
		done = work(c, &lease);
		while (done <= 0 && cmd_stop == 0 && alert_waiting(c))
			;
		if (once && done <= 0)
			break;
		if (done <= 0)
			db_wait(c, done < 0 ? WAIT_MS : due_in(c, LOOK_MS));
	}
	parse_stop();
	if (lease.holder[0] != '\0')
		unit_run(c, release, &lease);
	return done < 0 ? EX_TEMPFAIL : EX_OK;
}

int
cmd_parse_child(struct ctx *c, int argc, char **argv)
{
	(void)c;
	(void)argc;
	(void)argv;
	return child_serve();
}
