/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop of one worker, exactly as design.md 3 found it to lose no request: the socket does not block,
 * all signals are blocked but while waiting, and nothing of libfcgi's own way to stop is used. */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "http/http.h"

static volatile sig_atomic_t stop;

static void
on_term(int signal)
{
	(void)signal;
	stop = 1;
}

/* Block everything but what a broken program raises itself. */
static void
block_signals(sigset_t *open)
{
	static const int own[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	struct sigaction sa = { .sa_handler = on_term };
	sigset_t all;

	sigemptyset(open);
	sigfillset(&all);
	for (size_t i = 0; i < NELEM(own); i++)
		sigdelset(&all, own[i]);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static void
answer(struct ctx *c, struct fcgi *f)
{
	struct request q;
	struct response a;

	if (fcgi_request(f, &c->arena, &q))
		http_answer(c, &q, &a);
	else
		a = (struct response){ 400,
			STR("Status: 400 Bad Request\r\nContent-Type: "
			    "application/problem+json\r\n"),
			STR("{\"status\":400,\"code\":\"request_bad\",\"detail\":\"the request is "
			    "beyond "
			    "all limits\",\"request\":\"unknown\"}"),
			NULL };
	fcgi_respond(f, &a);
	/* A body may have held a password; a copy of this memory must not. */
	if (q.length > 0)
		arena_wipe(&c->arena);
	else
		arena_reset(&c->arena);
}

void
worker_run(struct ctx *c, int listener, int number)
{
	struct epoll_event want = { .events = EPOLLIN | EPOLLEXCLUSIVE }, got;
	int loop = epoll_create1(EPOLL_CLOEXEC);
	struct fcgi *f;
	sigset_t open;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	block_signals(&open); /* before libfcgi starts */
	if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, listener, &want) < 0)
		BUG("epoll: errno %d", errno);
	f = fcgi_open(listener);
	json_set_alloc_funcs(arena_lend, arena_take_back);
	db_open(c, "docket_agent");
	db_listen(c, "docket_rights");
	while (!stop) {
		int rc;

		if (epoll_pwait(loop, &got, 1, -1, &open) <= 0)
			continue;
		master_begin(number);
		rc = fcgi_accept(f);
		if (rc > 0)
			answer(c, f);
		master_end(number);
		if (rc < 0)
			exit(1);
	}
	db_close(c);
	exit(0);
}
