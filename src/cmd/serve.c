/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket serve: FastCGI workers for agents. Each worker has its own connection to the database. */
#include "cmd/cmd.h"
#include "http/http.h"

int
cmd_serve(struct ctx *c, int argc, char **argv)
{
	int listener;

	(void)argc;
	(void)argv;
	listener = socket_listen(c, "serve");
	if (listener < 0)
		return EX_CANTCREAT;
	agent_share();
	return master_run(c, listener, worker_run);
}
