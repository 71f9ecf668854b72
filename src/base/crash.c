/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places where the tests kill a process: test builds only (-DDOCKET_CRASH_POINTS). */
#include "base/base.h"

#ifdef DOCKET_CRASH_POINTS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int depth; /* inside one piece of work */

void
crash_begin(void)
{
	depth = 1;
}

void
crash_end(void)
{
	depth = 0;
}

/* DOCKET_CRASH is "kind:n"; the kind "any" counts every step. */
static bool
is_wanted(const char *kind)
{
	static const char *want;
	static long left = -1;
	const char *colon;

	if (want == NULL) {
		want = getenv("DOCKET_CRASH");
		if (want == NULL)
			want = "";
		colon = strchr(want, ':');
		left = colon == NULL ? 0 : strtol(colon + 1, NULL, 10);
	}
	if (left <= 0)
		return false;
	if (!text_starts(want, "any:") && !(text_starts(want, kind) && want[strlen(kind)] == ':'))
		return false;
	return --left == 0;
}

void
crash_point(const char *kind, const char *what)
{
	if (!is_wanted(kind))
		return;
	dprintf(STDERR_FILENO, "warn crash.point kind=%s what=%s inside=%d\n", kind, what, depth);
	kill(getpid(), SIGKILL);
}
#endif
