/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: one pass, values taken as they are, nothing evaluated. */
#include <string.h>

#include "rule/kinds.h"
#include "rule/rule.h"

/* Letters behind a $; 0 = this $ is no variable. */
static size_t
name_length(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= 'a' && s[n] <= 'z'))
		n++;
	return n;
}

static const struct variable *
find(const struct variable *v, size_t n, const char *name, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(v[i].name) == length && strncmp(v[i].name, name, length) == 0)
			return &v[i];
	return NULL;
}

char *
template_fill(struct arena *a, const char *text, const struct variable *v, size_t n)
{
	struct buf b = { .arena = a };

	for (const char *s = text; *s != '\0';) {
		size_t run = strcspn(s, "$"), length;
		const struct variable *known;

		buf_add(&b, s, run);
		s += run;
		if (*s == '\0')
			break;
		length = name_length(s + 1);
		known = find(v, n, s + 1, length);
		if (known != NULL && length > 0)
			buf_puts(&b, known->value == NULL ? "" : known->value);
		else
			buf_add(&b, s, 1 + length);
		s += 1 + length;
	}
	return b.s == NULL ? arena_dup(a, "", 0) : b.s;
}

char *
template_unknown(struct arena *a, const char *text)
{
#define ROW(name, what) { #name, NULL },
	static const struct variable known[] = { VARIABLES(ROW) };
#undef ROW

	for (const char *s = strchr(text, '$'); s != NULL; s = strchr(s + 1, '$')) {
		size_t length = name_length(s + 1);

		if (length > 0 && find(known, NELEM(known), s + 1, length) == NULL)
			return arena_dup(a, s, 1 + length);
	}
	return NULL;
}
