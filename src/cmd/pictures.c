/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket send --pictures: fetches the pictures that agents asked for. A process of its own, so that no slow server of
 * pictures keeps a mail waiting, nor the other way round; it needs none of the keys. */
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { LOOK_MS = 30000, WAIT_MS = 1000, EACH = 3, HELPERS = 5 };

/* Helpers for what waits, each at work until nothing does. */
static int
start_helpers(int64_t waiting)
{
	static char *const argv[] = { "docket", "send", "--pictures", "--once", NULL };
	int n = 0;

	for (; n < HELPERS && waiting > (n + 1) * EACH; n++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid > 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execv("/proc/self/exe", argv);
		_exit(EX_OSERR);
	}
	return n;
}

static void
end_helpers(int n)
{
	while (n > 0) {
		if (wait(NULL) > 0)
			n--;
		else if (errno != EINTR)
			break;
	}
}

int
cmd_pictures(struct ctx *c, bool once)
{
	int done = 0;

	cmd_stoppable();
	db_listen(c, "docket_picture");
	while (cmd_stop == 0) {
		int helpers = once ? 0 : start_helpers(picture_count(c));

		done = picture_fetch(c, &cmd_stop);
		end_helpers(helpers);
		arena_reset(&c->arena);
		if (once)
			break;
		if (done <= 0 && cmd_stop == 0)
			db_wait(c, done < 0 ? WAIT_MS : LOOK_MS);
	}
	return done < 0 ? EX_TEMPFAIL : EX_OK;
}
