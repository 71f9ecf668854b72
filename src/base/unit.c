/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One unit of work: where it begins, where fail() lands, how it ends. */
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { TRIES = 3 };

static uint64_t units;

void
fail_cause(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->cause, sizeof c->cause, fmt, ap);
	va_end(ap);
}

void
fail_extra(struct ctx *c, const char *name, struct str json)
{
	c->extra[0] = (struct str){ name, strlen(name) };
	c->extra[1] = json;
}

void
fail(struct ctx *c, int status, const char *code, const char *fmt, ...)
{
	va_list ap;

	c->status = status;
	snprintf(c->code, sizeof c->code, "%s", code);
	va_start(ap, fmt);
	vsnprintf(c->detail, sizeof c->detail, fmt, ap);
	va_end(ap);
	if (c->home == NULL)
		BUG("fail outside a unit: %s: %s", code, c->detail);
	longjmp(*c->home, 1);
}

bool
unit_try(struct ctx *c, void (*work)(struct ctx *, void *), void *arg)
{
	jmp_buf here, *outer = c->home;
	bool done = false;

	c->status = 0;
	c->code[0] = c->detail[0] = c->cause[0] = '\0';
	c->extra[0] = c->extra[1] = (struct str){ 0 };
	if (outer == NULL)
		c->unit = ++units;
	c->home = &here;
	if (setjmp(here) == 0) {
		work(c, arg);
		c->home = outer;
		done = true;
	} else {
		c->home = outer;
	}
	return done;
}

struct transaction {
	void (*work)(struct ctx *, void *);
	void *arg;
};

static void
transact(struct ctx *c, void *arg)
{
	struct transaction *t = arg;

	c->tx->begin(c);
	t->work(c, t->arg);
	if (c->unsettled)
		BUG("a unit wants to commit events that no rule has seen");
	c->tx->commit(c);
}

bool
unit_run(struct ctx *c, void (*work)(struct ctx *, void *), void *arg)
{
	struct transaction t = { work, arg };
	bool done = false;

	if (c->in_unit)
		BUG("a unit inside a unit");
	for (int i = 0; i < TRIES && !done; i++) {
		c->in_unit = true;
		c->again = c->unsettled = false;
		done = unit_try(c, transact, &t);
		if (!done)
			c->tx->rollback(c);
		c->in_unit = c->unsettled = false;
		if (!c->again)
			break;
	}
	return done;
}

void
bug(const char *file, int line, const char *fmt, ...)
{
	void *frames[32];
	va_list ap;

	fprintf(stderr, "error bug at=%s:%d ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
	abort();
}
