/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket poll: fetch the mail of every account that is due, each in a process of its own. As long as one of them is
 * at work, the others are looked after: a slow server never delays another account's next round. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

enum {
	AT_ONCE = 8, /* that were begun a moment ago; those that drag on are not counted */
	MOMENT = 10,
	CHILDREN = 48,
	IMPORTS = 2,
	LOOK = 2,    /* seconds between two looks at what is due */
	AGAIN = 5,   /* before one account is begun anew */
	ROPE = 3600, /* the last rope: each command to a server has an end of its own */
	MOST = 10000
};

struct child {
	int64_t account; /* an import: its number, negative */
	int64_t began_at;
	pid_t pid; /* 0 = it has ended */
};

struct round {
	struct rows_account_due due;
	struct rows_import_due imports;
	struct arena memory;
	struct buf children;
	bool well, again;
	const char *name;
	int64_t id;
};

static void
list(struct ctx *c, void *arg)
{
	struct round *r = arg;

	r->due = sql_account_due(c, MOST);
	r->imports = sql_import_due(c, MOST);
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
	if (r->again)
		idle_again(c, r->id);
}

static pid_t
start(const char *what, const char *name)
{
	char *const argv[] = { "docket", "poll", (char *)what, (char *)name, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		alarm(ROPE);
		execv("/proc/self/exe", argv);
		_exit(EX_OSERR);
	}
	return pid;
}

static struct child *
child_of(const struct round *r, size_t i)
{
	return i < r->children.n / sizeof(struct child) ? (struct child *)(void *)r->children.s + i
							: NULL;
}

/* How many are running; *fresh = those of accounts that were begun a moment ago. */
static size_t
running(const struct round *r, size_t *fresh)
{
	const struct child *k;
	size_t n = 0;

	*fresh = 0;
	for (size_t i = 0; (k = child_of(r, i)) != NULL; i++)
		if (k->pid != 0) {
			n++;
			if (k->account > 0 && time_mono() - k->began_at < (int64_t)MOMENT * 1000000)
				++*fresh;
		}
	return n;
}

/* The account may be begun: it is not running and was not begun just now. */
static bool
may_start(const struct round *r, int64_t account)
{
	const struct child *k;

	for (size_t i = 0; (k = child_of(r, i)) != NULL; i++)
		if (k->account == account)
			return k->pid == 0 && time_mono() - k->began_at > (int64_t)AGAIN * 1000000;
	return true;
}

static void
note(struct round *r, struct child new)
{
	struct child *k;

	for (size_t i = 0; (k = child_of(r, i)) != NULL; i++)
		if (k->account == new.account) {
			*k = new;
			return;
		}
	buf_add(&r->children, &new, sizeof new);
}

/* Start what is due, as far as there is room. */
static void
start_due(struct round *r)
{
	size_t fresh, all = running(r, &fresh);

	for (size_t i = 0; i < r->due.n && fresh < AT_ONCE && all < CHILDREN; i++) {
		const struct row_account_due *a = &r->due.v[i];
		pid_t pid = may_start(r, a->id) ? start("--account", a->name) : 0;

		if (pid > 0) {
			note(r, (struct child){ a->id, time_mono(), pid });
			fresh++, all++;
		} else if (pid < 0)
			r->well = false;
	}
}

/* Imports run beside, a few at a time, and never keep an account waiting. */
static void
start_imports(struct round *r)
{
	const struct child *k;
	size_t n = 0;

	for (size_t i = 0; (k = child_of(r, i)) != NULL; i++)
		n += k->pid != 0 && k->account < 0;
	for (size_t i = 0; i < r->imports.n && n < IMPORTS; i++) {
		char number[24];
		pid_t pid = 0;

		snprintf(number, sizeof number, "%lld", (long long)r->imports.v[i].id);
		if (may_start(r, -r->imports.v[i].id))
			pid = start("--import", number);
		if (pid > 0)
			note(r, (struct child){ -r->imports.v[i].id, time_mono(), pid }), n++;
		else if (pid < 0)
			r->well = false;
	}
}

/* Wait a while for children to end. */
static void
reap(struct round *r)
{
	static const struct timespec wait = { LOOK, 0 };
	struct child *k;
	sigset_t ended;
	int status;
	pid_t pid;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	if (sigtimedwait(&ended, NULL, &wait) < 0 && errno != EAGAIN && errno != EINTR)
		r->well = false;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; (k = child_of(r, i)) != NULL; i++)
			if (k->pid == pid) {
				k->pid = 0;
				r->well =
				    r->well && WIFEXITED(status) && WEXITSTATUS(status) == EX_OK;
			}
}

/* Until all of them have ended and nothing that may be begun is due. */
static int
poll_all(struct ctx *c, struct round *r)
{
	size_t fresh;
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, NULL);
	r->children = (struct buf){ .arena = &r->memory };
	for (r->well = true;; reap(r)) {
		arena_reset(&c->arena);
		r->due.n = r->imports.n = 0;
		if (unit_try(c, list, r)) {
			start_due(r);
			start_imports(r);
		} else if (running(r, &fresh) == 0)
			return cmd_failed(c);
		else
			r->well = false;
		if (running(r, &fresh) == 0)
			break;
	}
	arena_reset(&r->memory);
	return r->well ? EX_OK : EX_TEMPFAIL;
}

int
cmd_poll(struct ctx *c, int argc, char **argv)
{
	const char *import = cmd_option(&argc, argv, "--import");
	bool idle = cmd_flag(&argc, argv, "--idle");
	struct round r = { .again = cmd_flag(&argc, argv, "--again"),
		.name = cmd_option(&argc, argv, "--account") };

	if (argc > 1 || (idle && r.name == NULL) || (r.again && !idle)) {
		fprintf(stderr,
		    argc > 1 ? "docket: poll knows no '%s'\n"
			     : "docket: poll --idle [--again] --account NAME\n",
		    argv[1]);
		return EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	if (import != NULL)
		return text_int(import, 1, INT64_MAX, &r.id) && import_run(c, r.id) ? EX_OK
										    : EX_TEMPFAIL;
	if (r.name == NULL)
		return poll_all(c, &r);
	if (!unit_run(c, find, &r))
		return cmd_failed(c);
	if (!idle)
		return fetch_account(c, r.id) ? EX_OK : EX_TEMPFAIL;
	cmd_stoppable();
	return idle_account(c, r.id, &cmd_stop) ? EX_OK : EX_UNAVAILABLE;
}
