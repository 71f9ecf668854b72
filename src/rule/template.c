/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: one pass, values taken as they are, nothing evaluated. */
#include <string.h>

#include "mime/mime.h"
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

/* What is written between the variables, and their values, in turn. A variable that does not exist stands for nothing:
 * the customer is the last one who should see it. */
static void
fill(struct buf *b, const char *text, const struct variable *v, size_t n, bool html)
{
	for (const char *s = text; *s != '\0';) {
		size_t run = strcspn(s, "$"),
		       length = s[run] == '\0' ? 0 : name_length(s + run + 1);
		const struct variable *known = length == 0 ? NULL : find(v, n, s + run + 1, length);
		const char *value = known == NULL ? NULL : known->value;

		if (s[run] == '$' && length == 0)
			run++;
		if (html)
			html_make_lines(b, s, run);
		else
			buf_add(b, s, run);
		s += run + (length > 0 ? 1 + length : 0);
		if (html && known != NULL && known->html != NULL)
			buf_puts(b, known->html);
		else if (html && value != NULL)
			buf_puts(b, html_make_text(b->arena, value, NULL, NULL));
		else if (value != NULL)
			buf_puts(b, value);
	}
}

char *
template_fill(struct arena *a, const char *text, const struct variable *v, size_t n)
{
	struct buf b = { .arena = a };

	fill(&b, text, v, n, false);
	return b.s == NULL ? arena_dup(a, "", 0) : b.s;
}

char *
template_html(struct arena *a, const char *text, const struct variable *v, size_t n)
{
	struct buf b = { .arena = a };

	fill(&b, text, v, n, true);
	return b.s == NULL ? arena_dup(a, "", 0) : b.s;
}

bool
template_internal(const char *name)
{
#define ROW(word) "$" #word,
	static const char *const words[] = { INTERNALS(ROW) };
#undef ROW

	for (size_t i = 0; i < NELEM(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

struct str
template_variables(struct arena *a)
{
#define ROW(name, what) { #name, what },
	static const struct {
		const char *name, *what;
	} rows[] = { VARIABLES(ROW) };
#undef ROW
	struct buf b = { .arena = a };

	for (size_t i = 0; i < NELEM(rows); i++) {
		buf_puts(&b, i == 0 ? "[{\"name\":" : ",{\"name\":");
		buf_json(&b, rows[i].name, strlen(rows[i].name));
		buf_puts(&b, ",\"what\":");
		buf_json(&b, rows[i].what, strlen(rows[i].what));
		buf_putc(&b, '}');
	}
	buf_putc(&b, ']');
	return buf_str(&b);
}

char *
template_unknown(struct arena *a, const char *text)
{
#define ROW(name, what) { #name, NULL, NULL },
	static const struct variable known[] = { VARIABLES(ROW) };
#undef ROW

	for (const char *s = strchr(text, '$'); s != NULL; s = strchr(s + 1, '$')) {
		size_t length = name_length(s + 1);

		if (length > 0 && find(known, NELEM(known), s + 1, length) == NULL)
			return arena_dup(a, s, 1 + length);
	}
	return NULL;
}
