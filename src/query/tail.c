/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unfinished end of a query, for completion. */
#include <string.h>

#include "query/private.h"

bool
query_begins(const char *list, const char *part)
{
	size_t n = strlen(part);

	for (const char *p = list; p != NULL && *p != '\0'; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (strncmp(p, part, n) == 0)
			return true;
	}
	return false;
}

/* Where the last token begins: behind a blank or parenthesis that is in no quotation. */
static size_t
token_begin(const char *s, size_t n, bool *is_quoted)
{
	size_t begin = 0;

	*is_quoted = false;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '"')
			*is_quoted = !*is_quoted;
		else if (!*is_quoted && (s[i] == ' ' || s[i] == '(' || s[i] == ')'))
			begin = i + 1;
	return begin;
}

struct query_tail
query_tail(struct arena *a, const char *text, size_t n)
{
	struct query_tail t = { 0 };
	const char *colon, *comma, *s = arena_dup(a, text, n);

	t.at = token_begin(s, n, &t.is_quoted);
	if (s[t.at] == '-')
		t.at++;
	colon = strchr(s + t.at, ':');
	if (colon != NULL)
		t.field = query_field_find(a, arena_dup(a, s + t.at, (size_t)(colon - s) - t.at));
	if (t.field == NULL) {
		t.part = s + t.at;
		return t;
	}
	t.at = (size_t)(colon - s) + 1;
	/* In a quotation a comma is none, but the one before it may begin another value. */
	comma = strrchr(colon, t.is_quoted ? '"' : ',');
	if (comma != NULL)
		comma -= t.is_quoted;
	if (t.field->kind != QUERY_TEXT && comma != NULL && comma > colon && *comma == ',')
		t.at = (size_t)(comma - s) + 1;
	t.part = s + t.at + (s[t.at] == '"');
	return t;
}
