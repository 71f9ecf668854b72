/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leases: rows that say who alone does a thing, and until when. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/channel.h"

/* When a process began, in ticks since boot: tells it from a later one of the same number. 0 = it is not
 * there or not to be seen. */
static long long
began(struct arena *a, long pid)
{
	struct str stat = file_read(a, arena_printf(a, "/proc/%ld/stat", pid));
	const char *s = stat.s == NULL ? NULL : strrchr(stat.s, ')');
	long long at = 0;

	if (s == NULL ||
	    sscanf(s,
		") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		"%*s %lld",
		&at) != 1)
		return 0;
	return at;
}

/* Where numbers of processes mean the same: two machines may both have kept the standard name of a node. */
static const char *
machine(struct arena *a)
{
	char host[65] = "";

	gethostname(host, sizeof host - 1);
	return arena_printf(a, "%.48s@%.40s", conf.node, host);
}

/* Holders are "pid/start/node@host". */
static void
name_self(struct arena *a, struct lease *l)
{
	snprintf(l->holder, sizeof l->holder, "%ld/%lld/%s", (long)getpid(), began(a, getpid()),
	    machine(a));
}

static bool
is_dead(struct arena *a, const char *holder)
{
	long pid;
	long long start, now;
	int n = 0;

	if (sscanf(holder, "%ld/%lld/%n", &pid, &start, &n) != 2 || n == 0 ||
	    strcmp(holder + n, machine(a)) != 0 || pid <= 0)
		return false;
	if (kill((pid_t)pid, 0) < 0)
		return errno == ESRCH;
	now = began(a, pid);
	return now != 0 && start != 0 && now != start;
}

bool
lease_take(struct ctx *c, struct lease *l, const char *name)
{
	const char *before = sql_lease_holder(c, name);

	snprintf(l->name, sizeof l->name, "%s", name);
	name_self(&c->arena, l);
	l->inherited =
	    before != NULL && (strcmp(before, l->holder) == 0 || is_dead(&c->arena, before));
	return sql_lease_take(c, l->name, l->holder, l->inherited ? before : NULL, LEASE_SECONDS);
}

void
lease_hold(struct ctx *c, const struct lease *l)
{
	if (!sql_lease_hold(c, l->name, l->holder, LEASE_SECONDS))
		fail(c, 409, "lease_lost", "another process has taken over %s", l->name);
}

void
lease_drop(struct ctx *c, const struct lease *l)
{
	sql_lease_drop(c, l->name, l->holder);
}
