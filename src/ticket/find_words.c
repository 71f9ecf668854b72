/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that the index knows, for completion and for "did you mean": the index counts documents
 * whoever may see them, so a word is shown only when this agent has a hit for it, and written as that
 * hit writes it. */
#include <string.h>

#include "ticket/streams.h"

enum { TRIED = 12, MEANT_WORDS = 4, MEANT_HITS = 5 };

static const char *
written(struct ctx *c, const struct row_find_texts *r, const char *word)
{
	const char *const texts[] = { r->text, r->about, r->names, r->people };
	const char *found = NULL;

	for (size_t i = 0; i < NELEM(texts) && found == NULL; i++)
		if (texts[i] != NULL)
			found = terms_written(&c->arena, texts[i], word);
	return found;
}

/* How a message that the agent may see writes a word; NULL = he sees none with it. */
static const char *
shown(struct ctx *c, const struct find_ask *who, const char *word)
{
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);
	const struct query_node node = { .op = QUERY_PHRASE, .value = word };
	struct find_ask ask = { who->agent, who->zone, &node, 0, 1, 0 };
	struct rows_find_texts rows;
	int64_t message;

	find_page(c, &ask, p);
	if (p->n == 0)
		return NULL;
	message = p->v[0].message;
	rows = sql_find_texts(c, who->agent, (struct ids){ &message, 1 });
	return rows.n == 0 ? NULL : written(c, &rows.v[0], word);
}

size_t
find_begun(
    struct ctx *c, const struct find_ask *who, const char *text, const char **words, size_t max)
{
	struct term_known known[TRIED];
	struct xap_reader *r = index_reader(&c->arena);
	size_t n = 0, found;

	if (r == NULL)
		return 0;
	found = terms_complete(&c->arena, r, TERM_TEXT, text, known, TRIED);
	for (size_t i = 0; i < found && n < max; i++) {
		words[n] = shown(c, who, known[i].word);
		n += words[n] != NULL;
	}
	return n;
}

/* How many tickets a query finds, as far as a handful. */
static size_t
handful(struct ctx *c, const struct find_ask *who, const char *query)
{
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);
	struct find_ask ask = { who->agent, who->zone, NULL, 0, MEANT_HITS, 0 };

	ask.tree = find_parse(c, who->agent, query, false)->root;
	find_page(c, &ask, p);
	return p->n;
}

/* The query with the word at `at` exchanged for one that it may be a slip of, if that finds more than `hits`. */
static const char *
exchanged(
    struct ctx *c, const struct find_ask *who, const char *query, size_t at, size_t n, size_t hits)
{
	struct term_known known[TRIED];
	const char *word = arena_dup(&c->arena, query + at, n);
	size_t found = terms_suggest(&c->arena, index_reader(&c->arena), word, known, TRIED);

	for (size_t i = 0; i < found; i++) {
		const char *meant = shown(c, who, known[i].word);
		const char *other;

		if (meant == NULL)
			continue;
		other = arena_printf(&c->arena, "%.*s%s%s", (int)at, query, meant, query + at + n);
		if (handful(c, who, other) > hits)
			return other;
	}
	return NULL;
}

const char *
find_meant(struct ctx *c, const struct find_ask *who, const char *query, size_t hits)
{
	const char *meant = NULL;
	size_t n, tried = 0;

	if (index_reader(&c->arena) == NULL || hits >= MEANT_HITS)
		return NULL;
	for (const char *s = query; *s != '\0' && meant == NULL && tried < MEANT_WORDS; s += n) {
		n = strcspn(s, " ()");
		if (n == 0) {
			n = 1;
		} else if (n >= 4 && strcspn(s, "\":*-") >= n) {
			meant = exchanged(c, who, query, (size_t)(s - query), n, hits);
			tried++;
		}
	}
	return meant;
}
