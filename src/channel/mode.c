/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test mode: nothing leaves but to a few addresses. Asked for each mail right before it is handed over. */
#include <string.h>

#include "channel/fetch.h"

struct question {
	struct texts to;
	int *codes;
	const char **allowed;
	size_t n;
};

static void
ask(struct ctx *c, void *arg)
{
	struct question *q = arg;

	for (size_t i = 0; i < q->to.n; i++)
		if (sql_mail_mode_blocks(c, q->to.v[i]))
			q->codes[i] = MODE_BLOCKED;
		else
			q->allowed[q->n++] = q->to.v[i];
}

bool
mode_filter(struct ctx *c, struct texts to, int *codes, struct texts *allowed)
{
	struct question q = { .to = to,
		.codes = codes,
		.allowed = arena_alloc(&c->arena, (to.n + 1) * sizeof(char *)) };

	if (!unit_try(c, ask, &q))
		return false;
	*allowed = (struct texts){ q.allowed, q.n };
	return true;
}
