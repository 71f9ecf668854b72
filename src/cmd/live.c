/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket live: server-sent events for agents' browsers. */
#include "cmd/cmd.h"
#include "http/http.h"

int
cmd_live(struct ctx *c, int argc, char **argv)
{
	int listener;

	(void)argc;
	(void)argv;
	listener = socket_listen(c, "live");
	if (listener < 0)
		return EX_CANTCREAT;
	cmd_stoppable();
	live_run(c, listener, &cmd_stop);
	db_close(c);
	return EX_OK;
}
