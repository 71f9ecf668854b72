/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket send: delivers the outbox, as long as it runs. */
#include <stdio.h>

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { LOOK_MS = 5000, WAIT_MS = 1000, TRIALS = 3 };

static int trials_running;

static void
next_trial(struct ctx *c, void *arg)
{
	*(int64_t *)arg = sql_trial_next(c);
}

/* Trials may take minutes and the outbox must not wait for them: each is a process of its own. */
static void
start_trials(struct ctx *c)
{
	int64_t trial = 0;

	while (trials_running > 0 && waitpid(-1, NULL, WNOHANG) > 0)
		trials_running--;
	while (trials_running < TRIALS && unit_run(c, next_trial, &trial) && trial != 0) {
		char *const argv[] = { "docket", "send", "--trial",
			arena_printf(&c->arena, "%lld", (long long)trial), NULL };
		pid_t pid = fork();

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			execv("/proc/self/exe", argv);
			_exit(EX_OSERR);
		}
		trials_running += pid > 0;
	}
}

static void
wait_for_trials(void)
{
	while (trials_running > 0 && (waitpid(-1, NULL, 0) > 0 || errno == EINTR))
		trials_running--;
}

static void
release(struct ctx *c, void *arg)
{
	lease_drop(c, arg);
}

int
cmd_send(struct ctx *c, int argc, char **argv)
{
	bool once = cmd_flag(&argc, argv, "--once");
	const char *trial = cmd_option(&argc, argv, "--trial");
	struct lease lease = { 0 };
	int64_t id;
	int done;

	if (argc > 1) {
		fprintf(stderr, "docket: send knows no '%s'\n", argv[1]);
		return EX_USAGE;
	}
	if (trial != NULL)
		return text_int(trial, 1, INT64_MAX, &id) && trial_run(c, id, false, false)
			   ? EX_OK
			   : EX_UNAVAILABLE;
	cmd_stoppable();
	db_listen(c, "docket_send");
	for (done = 0; cmd_stop == 0; arena_reset(&c->arena)) {
		start_trials(c);
		done = outbox_send(c, &lease, &cmd_stop);
		if (once && done <= 0)
			break;
		if (done <= 0)
			db_wait(c, done < 0 ? WAIT_MS : LOOK_MS);
	}
	if (once)
		wait_for_trials();
	if (lease.holder[0] != '\0')
		unit_run(c, release, &lease);
	return done < 0 ? EX_TEMPFAIL : EX_OK;
}
