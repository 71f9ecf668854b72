/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket send: delivers the outbox, as long as it runs. Each account has a process of its own while it
 * has mail that is due: a server that does not answer holds up its own account only. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum { LOOK_MS = 5000, WAIT_MS = 1000, BUSY_MS = 100, AT_ONCE = 12, TRIALS = 3 };

static struct courier {
	int64_t account;
	pid_t pid; /* 0 = none */
} couriers[AT_ONCE];
static pid_t trials[TRIALS]; /* 0 = none */

/* docket send WHAT NUMBER, as a process that ends with this one; -1 = it could not be started. */
static pid_t
start(const char *what, int64_t id)
{
	char number[24];
	char *const argv[] = { "docket", "send", (char *)what, number, NULL };
	pid_t parent = getpid(), pid;

	snprintf(number, sizeof number, "%lld", (long long)id);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() == parent)
			execv("/proc/self/exe", argv);
		_exit(EX_OSERR);
	}
	return pid;
}

static void
next_trial(struct ctx *c, void *arg)
{
	if (sql_trial_bury(c) > 0)
		sql_secret_sweep(c);
	*(int64_t *)arg = sql_trial_next(c);
}

/* Trials may take minutes and nothing must wait for them. */
static void
start_trials(struct ctx *c)
{
	int64_t trial = 0;

	for (int i = 0; i < TRIALS; i++) {
		if (trials[i] > 0 && waitpid(trials[i], NULL, WNOHANG) != 0)
			trials[i] = 0;
		if (trials[i] <= 0 && unit_run(c, next_trial, &trial) && trial != 0)
			trials[i] = start("--trial", trial);
	}
}

static void
wait_for_trials(void)
{
	for (int i = 0; i < TRIALS; i++)
		if (trials[i] > 0)
			waitpid(trials[i], NULL, 0);
}

/* Who has ended is remembered no more; how many still send. *died: one may have left a mail half done. */
static int
reap(bool wait, bool *died)
{
	int running = 0, status = 0;

	for (struct courier *s = couriers; s < couriers + AT_ONCE; s++) {
		if (s->pid > 0 && waitpid(s->pid, &status, wait ? 0 : WNOHANG) != 0) {
			*died = *died || !WIFEXITED(status) || WEXITSTATUS(status) != EX_OK;
			s->pid = 0;
		}
		running += s->pid > 0;
	}
	return running;
}

static bool
has_courier(int64_t account)
{
	for (const struct courier *s = couriers; s < couriers + AT_ONCE; s++)
		if (s->pid > 0 && s->account == account)
			return true;
	return false;
}

static void
start_all(struct ids accounts)
{
	struct courier *s = couriers;

	for (size_t i = 0; i < accounts.n; i++) {
		if (has_courier(accounts.v[i]))
			continue;
		while (s < couriers + AT_ONCE && s->pid > 0)
			s++;
		if (s == couriers + AT_ONCE)
			return;
		*s = (struct courier){ accounts.v[i], start("--account", accounts.v[i]) };
	}
}

static int
keep_sending(struct ctx *c)
{
	struct ids due;
	bool orphans = true;

	for (; cmd_stop == 0; arena_reset(&c->arena)) {
		bool well = outbox_waiting(c, &c->arena, orphans, &due);

		start_trials(c);
		orphans = orphans && !well;
		reap(false, &orphans);
		if (well)
			start_all(due);
		db_wait(c, !well ? WAIT_MS : reap(false, &orphans) > 0 ? BUSY_MS : LOOK_MS);
	}
	for (struct courier *s = couriers; s < couriers + AT_ONCE; s++)
		if (s->pid > 0)
			kill(s->pid, SIGTERM);
	reap(true, &orphans);
	return EX_OK;
}

/* One account after the other in this process, until nothing is due. */
static int
send_once(struct ctx *c)
{
	struct arena memory = { 0 };
	struct ids due;
	int done = 1;
	bool orphans = true;

	start_trials(c);
	while (done > 0 && cmd_stop == 0) {
		done = 0;
		if (!outbox_waiting(c, &memory, orphans, &due))
			return EX_TEMPFAIL;
		orphans = false;
		for (size_t i = 0; i < due.n && cmd_stop == 0; i++) {
			int sent = outbox_send(c, due.v[i], &cmd_stop);

			if (sent < 0)
				return EX_TEMPFAIL;
			done += sent;
		}
		arena_reset(&memory);
	}
	wait_for_trials();
	return EX_OK;
}

int
cmd_send(struct ctx *c, int argc, char **argv)
{
	bool pictures = cmd_flag(&argc, argv, "--pictures");
	bool once = cmd_flag(&argc, argv, "--once");
	const char *account = cmd_option(&argc, argv, "--account");
	const char *trial = cmd_option(&argc, argv, "--trial");
	int64_t id;

	if (argc > 1) {
		fprintf(stderr, "docket: send knows no '%s'\n", argv[1]);
		return EX_USAGE;
	}
	if (pictures)
		return cmd_pictures(c, once);
	if (trial != NULL)
		return text_int(trial, 1, INT64_MAX, &id) && trial_run(c, id, false, false)
			   ? EX_OK
			   : EX_UNAVAILABLE;
	cmd_stoppable();
	if (account != NULL)
		return text_int(account, 1, INT64_MAX, &id) && outbox_send(c, id, &cmd_stop) >= 0
			   ? EX_OK
			   : EX_TEMPFAIL;
	if (once)
		return send_once(c);
	db_listen(c, "docket_send");
	return keep_sending(c);
}
