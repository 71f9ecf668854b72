/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of permissions, and sets of them. */
#include <string.h>

#include "agent/agent.h"
#include "agent/private.h"

#define PERM_NAME(name, text) text,
static const char *const names[] = { "public", "login", PERMISSIONS(PERM_NAME) };

bool
agent_may(const struct agent *a, enum permission p)
{
	if (p == PERM_PUBLIC)
		return true;
	return a->id != 0 && (p == PERM_LOGIN || (a->permissions & 1u << p) != 0);
}

const char *
permission_name(enum permission p)
{
	return p < PERM_END ? names[p] : "?";
}

uint32_t
permission_set(const char *words)
{
	uint32_t set = 0;

	while (*words != '\0') {
		size_t n = strcspn(words, " ");

		for (int p = PERM_LOGIN + 1; p < PERM_END; p++)
			if (strlen(names[p]) == n && memcmp(names[p], words, n) == 0)
				set |= 1u << p;
		words += n + (words[n] == ' ');
	}
	return set;
}

struct str
agent_permissions(struct ctx *c, const struct agent *a)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '[');
	for (int p = PERM_LOGIN + 1; p < PERM_END; p++)
		if (agent_may(a, (enum permission)p))
			buf_printf(&b, "%s\"%s\"", b.n > 1 ? "," : "", names[p]);
	buf_putc(&b, ']');
	return buf_str(&b);
}
