/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes are a query: it parses, comes apart into branches, asks the index, becomes SQL; and an excerpt of
 * the rest of the input, marked for it, is text that a browser may take as HTML. */
#include "query/query.h"
#include "fuzz.h"

/* Nothing but <mark> and </mark> opens a tag. */
static bool
is_safe(const char *html)
{
	for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at + 1, '<'))
		if (!text_starts(at, "<mark>") && !text_starts(at, "</mark>"))
			return false;
	return true;
}

static void
use_branch(struct arena *a, const struct query_branch *b, const char *text)
{
	struct query_sql sql = { .text = { .arena = a }, .who = { 1, "Europe/Berlin" } };
	const struct xap_node *words = b->text == NULL ? NULL : query_text(a, b->text);
	const char *excerpt = terms_excerpt(a, TERM_TEXT, text, words, 220);

	MUST(excerpt == NULL || (is_safe(excerpt) && text_valid(excerpt, strlen(excerpt))));
	if (b->facts != NULL) {
		query_sql(&sql, b->facts);
		MUST(sql.n <= QUERY_VALUES);
		query_is_served(b->facts);
	}
}

void
fuzz(struct arena *a, struct str input)
{
	size_t half = input.n < 400 ? input.n / 2 : 200;
	const char *text = text_clean(a, input.s + half, input.n - half);
	struct query_branches b;

	for (int typing = 0; typing < 2; typing++) {
		struct query_tree *t = query_parse(a, input.s, half, typing);

		MUST(t != NULL && t->root != NULL);
		query_sentence(a, t);
		if (query_branches(a, t->root, &b))
			for (size_t i = 0; i < b.n; i++)
				use_branch(a, &b.v[i], text);
	}
	MUST(query_tail(a, text, strlen(text)).at <= strlen(text));
	MUST(query_branches(a, query_plain(a, input.s, half), &b) && b.n == 1);
	use_branch(a, &b.v[0], text);
}
