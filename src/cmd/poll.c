/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket poll: fetch the mail of every account that is due, each in a process of its own. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { AT_ONCE = 8, MOST = 10000 };

struct round {
	struct rows_account_due due;
	const char *name;
	int64_t id;
};

static void
list(struct ctx *c, void *arg)
{
	struct round *r = arg;

	r->due = sql_account_due(c, MOST);
}

static void
find(struct ctx *c, void *arg)
{
	struct round *r = arg;
	struct row_account_named a;

	if (!sql_account_named(c, r->name, &a))
		fail(c, 404, "account_unknown",
		    "there is no account '%s'; see 'docket account list'", r->name);
	r->id = a.id;
}

static bool
start(const char *name)
{
	char *const argv[] = { "docket", "poll", "--account", (char *)name, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execv("/proc/self/exe", argv);
		_exit(EX_OSERR);
	}
	return pid > 0;
}

/* Wait for one of them; false = it did not end well. */
static bool
reap(void)
{
	int status;
	pid_t pid;

	do
		pid = wait(&status);
	while (pid < 0 && errno == EINTR);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EX_OK;
}

static bool
poll_all(const struct rows_account_due *due)
{
	size_t running = 0;
	bool well = true;

	for (size_t i = 0; i < due->n; i++) {
		if (running == AT_ONCE) {
			well = reap() && well;
			running--;
		}
		if (start(due->v[i].name))
			running++;
		else
			well = false;
	}
	for (; running > 0; running--)
		well = reap() && well;
	return well;
}

int
cmd_poll(struct ctx *c, int argc, char **argv)
{
	struct round r = { .name = cmd_option(&argc, argv, "--account") };

	if (argc > 1) {
		fprintf(stderr, "docket: poll knows no '%s'\n", argv[1]);
		return EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!unit_try(c, r.name != NULL ? find : list, &r))
		return cmd_failed(c);
	if (r.name != NULL)
		return fetch_account(c, r.id) ? EX_OK : EX_TEMPFAIL;
	return poll_all(&r.due) ? EX_OK : EX_TEMPFAIL;
}
