/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cursors of what was found: the message of the last row, and that of the first of all. */
#include <string.h>

#include "ticket/find.h"

void
find_cursor(struct ctx *c, struct find_ask *ask, const char *after)
{
	const char *dash = after == NULL ? NULL : strchr(after, '-');

	if (after == NULL)
		return;
	if (dash == NULL ||
	    !text_int(
		arena_dup(&c->arena, after, (size_t)(dash - after)), 1, INT64_MAX, &ask->after) ||
	    !text_int(dash + 1, 0, INT64_MAX, &ask->top))
		fail(c, 400, "cursor", "'after' is no cursor that a page before gave");
}

const char *
find_next(struct ctx *c, const struct find_page *p)
{
	if (p->next == 0)
		return NULL;
	return arena_printf(&c->arena, "%lld-%lld", (long long)p->next, (long long)p->top);
}
