/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket send: delivers the outbox, as long as it runs. */
#include <stdio.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { LOOK_MS = 5000, WAIT_MS = 1000 };

static void
release(struct ctx *c, void *arg)
{
	lease_drop(c, arg);
}

int
cmd_send(struct ctx *c, int argc, char **argv)
{
	bool once = cmd_flag(&argc, argv, "--once");
	struct lease lease = { 0 };
	int done;

	if (argc > 1) {
		fprintf(stderr, "docket: send knows no '%s'\n", argv[1]);
		return EX_USAGE;
	}
	cmd_stoppable();
	db_listen(c, "docket_send");
	for (done = 0; cmd_stop == 0; arena_reset(&c->arena)) {
		done = outbox_send(c, &lease, &cmd_stop);
		if (once && done <= 0)
			break;
		if (done <= 0)
			db_wait(c, done < 0 ? WAIT_MS : LOOK_MS);
	}
	if (lease.holder[0] != '\0')
		unit_run(c, release, &lease);
	return done < 0 ? EX_TEMPFAIL : EX_OK;
}
