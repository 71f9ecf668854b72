/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The master: starts workers, replaces those that die or hang, exchanges them one by one on SIGHUP,
 * lets them finish on SIGTERM. It answers nothing itself. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "http/http.h"

enum { WORKERS_MAX = 256, BRAKE = 1000000, DRAIN = 25 };

/* When the worker with this number began its request; 0 = it waits. Shared with the workers. */
static _Atomic int64_t *began;

static struct place {
	pid_t pid, leaving;  /* who works here; who was exchanged and finishes its last request */
	int number, last;    /* the numbers of both: two of their own for each place */
	int64_t born, again; /* when it was started; when it may be started again */
} places[WORKERS_MAX];

static struct pool {
	struct ctx *c;
	int listener, n;
	void (*work)(struct ctx *, int, int);
	sigset_t open;
} pool;

static volatile sig_atomic_t term, hup;

static void
on_signal(int signal)
{
	if (signal == SIGHUP)
		hup = 1;
	else if (signal != SIGCHLD && signal != SIGALRM)
		term = 1;
}

void
master_begin(int number)
{
	atomic_store(&began[number], time_mono());
}

void
master_end(int number)
{
	atomic_store(&began[number], 0);
}

static void
spawn(int i)
{
	struct place *p = &places[i];
	pid_t pid;

	atomic_store(&began[p->number], 0);
	pid = fork();
	if (pid == 0)
		pool.work(pool.c, pool.listener, p->number);
	if (pid < 0)
		log_error(pool.c, "worker.fork", "errno=%d", errno);
	p->pid = pid < 0 ? 0 : pid;
	p->born = time_mono();
	p->again = p->born + BRAKE;
}

static void
bury(pid_t pid, int status)
{
	for (int i = 0; i < pool.n; i++) {
		if (places[i].leaving == pid)
			places[i].leaving = 0;
		if (places[i].pid != pid)
			continue;
		log_warn(pool.c, "worker.died", "pid=%d %s=%d", (int)pid,
		    WIFSIGNALED(status) ? "signal" : "exit",
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		places[i].pid = 0;
	}
}

/* A worker that dies at once is started again once a second and no faster. */
static int64_t
fill(void)
{
	int64_t now = time_mono(), next = 0;

	for (int i = 0; i < pool.n; i++) {
		if (places[i].pid != 0)
			continue;
		if (places[i].again <= now)
			spawn(i);
		else if (next == 0 || places[i].again < next)
			next = places[i].again;
	}
	return next;
}

static void
kill_if_stuck(pid_t pid, int number)
{
	int64_t since = atomic_load(&began[number]), now = time_mono();

	if (pid == 0 || since == 0 || since > now - conf.stuck_after * 1000000)
		return;
	log_error(pool.c, "worker.stuck", "pid=%d seconds=%lld", (int)pid,
	    (long long)((now - since) / 1000000));
	kill(pid, SIGKILL);
	atomic_store(&began[number], 0);
}

static void
kill_stuck(void)
{
	for (int i = 0; i < pool.n; i++) {
		kill_if_stuck(places[i].pid, places[i].number);
		kill_if_stuck(places[i].leaving, places[i].last);
	}
}

/* Whoever still finishes a request since the reload before this one has had his time. */
static void
leave(struct place *p)
{
	if (p->leaving != 0)
		kill(p->leaving, SIGKILL);
	p->leaving = p->pid;
	p->last = p->number;
	p->number = p->number < WORKERS_MAX ? p->number + WORKERS_MAX : p->number - WORKERS_MAX;
}

/* The new worker accepts before the old one stops; the old one finishes what it has. */
static void
reload(void)
{
	log_info(pool.c, "pool.reload", "workers=%d", pool.n);
	for (int i = 0; i < pool.n; i++) {
		leave(&places[i]);
		spawn(i);
		if (places[i].leaving != 0)
			kill(places[i].leaving, SIGTERM);
	}
}

static void
reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		bury(pid, status);
}

static void
tell_workers(int signal)
{
	for (int i = 0; i < pool.n; i++) {
		if (places[i].pid != 0)
			kill(places[i].pid, signal);
		if (places[i].leaving != 0)
			kill(places[i].leaving, signal);
	}
}

static void
drain(void)
{
	struct timespec pause = { .tv_nsec = 20000000 };
	int64_t until = time_mono() + DRAIN * INT64_C(1000000);

	tell_workers(SIGTERM);
	while (waitpid(-1, NULL, WNOHANG) >= 0 && time_mono() < until)
		nanosleep(&pause, NULL);
	tell_workers(SIGKILL);
}

static void
block_signals(void)
{
	static const int ours[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < NELEM(ours); i++) {
		sigaction(ours[i], &sa, NULL);
		sigaddset(&block, ours[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &block, &pool.open);
}

/* Wait for a signal, for the next worker that may start, or for a second to look at the clocks. */
static void
wait_a_while(int64_t next)
{
	int64_t us = 1000000, left = next - time_mono();
	struct timespec t;

	if (next != 0 && left < us)
		us = left < 0 ? 0 : left;
	t = (struct timespec){ us / 1000000, us % 1000000 * 1000 };
	ppoll(NULL, 0, &t, &pool.open);
}

int
master_run(struct ctx *c, int listener, void (*work)(struct ctx *, int, int))
{
	pool = (struct pool){ .c = c, .listener = listener, .n = (int)conf.workers, .work = work };
	began = mmap(NULL, 2 * WORKERS_MAX * sizeof *began, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (began == MAP_FAILED)
		BUG("no shared memory: errno %d", errno);
	block_signals();
	for (int i = 0; i < pool.n; i++) {
		places[i].number = i;
		spawn(i);
	}
	socket_notify("READY=1");
	log_info(c, "pool.up", "workers=%d", pool.n);
	while (!term) {
		reap();
		kill_stuck();
		if (hup)
			reload();
		hup = 0;
		wait_a_while(fill());
	}
	socket_notify("STOPPING=1");
	drain();
	log_info(c, "pool.down", "workers=%d", pool.n);
	return 0;
}
