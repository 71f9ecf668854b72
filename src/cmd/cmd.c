/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subcommands share: options, how a failed unit ends, stopping. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

volatile int cmd_stop;

static void
take(int *argc, char **argv, int at, int n)
{
	for (int i = at; i + n <= *argc; i++)
		argv[i] = argv[i + n];
	*argc -= n;
}

const char *
cmd_option(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++)
		if (strcmp(argv[i], name) == 0) {
			const char *value = i + 1 < *argc ? argv[i + 1] : "";

			take(argc, argv, i, i + 1 < *argc ? 2 : 1);
			return value;
		}
	return NULL;
}

bool
cmd_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++)
		if (strcmp(argv[i], name) == 0) {
			take(argc, argv, i, 1);
			return true;
		}
	return false;
}

int
cmd_usage(const struct command *k)
{
	fprintf(stderr, "usage: docket %s %s\n", k->name, k->usage);
	return EX_USAGE;
}

int
cmd_failed(struct ctx *c)
{
	/* Of what was asked wrongly the detail says all. */
	const char *cause = c->status >= 500 ? c->cause : "";

	fprintf(
	    stderr, "docket: %s [%s]%s%s\n", c->detail, c->code, *cause != '\0' ? ": " : "", cause);
	switch (c->status) {
	case 503: return EX_UNAVAILABLE;
	case 507: return EX_IOERR;
	case 403: return EX_NOPERM;
	case 500: return EX_SOFTWARE;
	default: return EX_DATAERR;
	}
}

static void
stop(int signal)
{
	(void)signal;
	cmd_stop = 1;
}

void
cmd_stoppable(void)
{
	struct sigaction sa = { .sa_handler = stop };

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}
