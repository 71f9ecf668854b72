/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line to stderr: level event key=value ...; journald adds the time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum log_level log_level = LOG_INFO;

void
log_line(struct ctx *c, enum log_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };
	char line[2048];
	size_t n;
	va_list ap;

	if (level > log_level)
		return;
	n = (size_t)snprintf(line, sizeof line, "%s %s unit=%llu ", names[level], event,
	    c == NULL ? 0ULL : (unsigned long long)c->unit);
	va_start(ap, fmt);
	vsnprintf(line + n, sizeof line - n, fmt, ap);
	va_end(ap);
	n = strlen(line);
	if (n > sizeof line - 2)
		n = sizeof line - 2;
	/* What comes from outside must not begin a line of its own. */
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[n] = '\n';
	(void)!write(STDERR_FILENO, line, n + 1);
}
