/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The highlighter: the first line asks, the rest is the text. What comes out is safe HTML; every mark covers whole
 * words of the text, one of which the question asked for; what is marked is what the index would find. */
#include "fuzz.h"
#include "index/terms.h"

static void
check_html(const char *s)
{
	bool open = false;

	MUST(text_valid(s, strlen(s)));
	for (; *s != '\0'; s++) {
		MUST(*s != '>' && *s != '"' && *s != '\'');
		if (*s != '<')
			continue;
		MUST(strncmp(s, open ? "</mark>" : "<mark>", open ? 7 : 6) == 0);
		s += open ? 6 : 5;
		open = !open;
	}
	MUST(!open);
}

void
fuzz(struct arena *a, struct str input)
{
	static const enum term_field fields[] = { TERM_TEXT, TERM_SUBJECT, TERM_ATTACHED };
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *end = memchr(input.s, '\n', input.n);
	size_t n = end == NULL ? input.n : (size_t)(end - input.s), used = n < input.n ? n + 1 : n;
	const char *asked = text_clean(a, input.s, n);
	const char *text = text_clean(a, input.s + used, input.n - used);
	enum term_how how = (enum term_how)(input.n % 3);

	for (size_t i = 0; i < NELEM(fields); i++) {
		const struct xap_node *q = terms_query(a, fields[i], asked, how);
		struct term_source s = { .text = text };
		char *shown;

		if (q == NULL)
			continue;
		shown = terms_excerpt(a, fields[i], text, q, 40 + input.n % 300);
		if (shown != NULL)
			check_html(shown);
		/* What is marked for one word is found for it. */
		if (fields[i] == TERM_TEXT && shown != NULL && strstr(shown, "<mark>") != NULL &&
		    how == TERM_WORDS && strspn(asked, letters) == strlen(asked))
			MUST(terms_match(a, &s, q));
	}
	terms_fold(a, text);
	terms_written(a, text, asked);
}
