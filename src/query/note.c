/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was not taken as it was meant, and what is near it. */
#include <string.h>

#include "query/private.h"

enum { NOTES = 8, NEAR = 24 };

void
query_remark(struct arena *a, struct query_tree *t, enum query_trouble what, const char *text,
    const char *instead)
{
	struct query_note *note = arena_alloc(a, sizeof *note), **end = &t->notes;
	size_t n = 0;

	for (; *end != NULL; end = &(*end)->next)
		if (++n == NOTES)
			return;
	*note = (struct query_note){ .what = what, .text = text, .instead = instead };
	*end = note;
}

const char *
query_sentence(struct arena *a, const struct query_tree *t)
{
	static const char *const sentences[] = {
		[QUERY_AS_WORDS] = "is searched as words",
		[QUERY_UNKNOWN] = "names nothing that there is",
		[QUERY_TOO_LONG] = "the query is too long; its first part was used",
		[QUERY_TOO_MANY] = "too many alternatives of words and conditions",
	};

	if (t->notes == NULL)
		return NULL;
	if (t->notes->text == NULL)
		return sentences[t->notes->what];
	return arena_printf(a, "%s %s", t->notes->text, sentences[t->notes->what]);
}

static size_t
least(size_t x, size_t y)
{
	return x < y ? x : y;
}

/* How many letters are wrong, missing, too much or swapped with their neighbour. */
static size_t
difference(const char *x, const char *y)
{
	size_t d[NEAR + 1][NEAR + 1], nx = strlen(x), ny = strlen(y);

	if (nx > NEAR || ny > NEAR)
		return NEAR;
	for (size_t i = 0; i <= nx; i++)
		for (size_t k = 0; k <= ny; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			d[i][k] = least(least(d[i - 1][k], d[i][k - 1]) + 1,
			    d[i - 1][k - 1] + (x[i - 1] != y[k - 1]));
			if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[nx][ny];
}

struct nearest {
	struct arena *arena;
	const char *word, *found;
	size_t difference, same; /* letters: that differ, and that are the same at the beginning */
};

static void
consider(struct nearest *n, const char *candidate, const char *say)
{
	size_t d = difference(n->word, candidate), same = 0;

	while (n->word[same] != '\0' && n->word[same] == candidate[same])
		same++;
	if (d < n->difference || (d == n->difference && n->found != NULL && same > n->same)) {
		n->difference = d;
		n->same = same;
		n->found = say;
	}
}

/* Each word of a folded list. */
static void
consider_list(struct nearest *n, const char *list)
{
	for (size_t len; *list != '\0'; list += len + (list[len] == ' ')) {
		const char *word;

		len = strcspn(list, " ");
		word = arena_dup(n->arena, list, len);
		consider(n, word, word);
	}
}

/* One wrong letter in a word of less than eight, two in longer ones; short ones are not guessed at. */
static struct nearest
nearest_to(struct arena *a, const char *word)
{
	const char *folded = terms_fold(a, word);
	size_t n = strlen(folded);

	return (struct nearest){ a, folded, NULL, n < 3 ? 0 : n < 8 ? 2 : 3, 0 };
}

const char *
query_instead(struct arena *a, const struct query_field *f, const char *value, const char *whole)
{
	struct nearest n;

	if (f != NULL && f->choices != NULL) {
		n = nearest_to(a, value);
		for (const struct query_choice *c = f->choices; c->word != NULL; c++) {
			consider(&n, c->word, c->word);
			consider(&n, terms_fold(a, c->german), c->german);
		}
		return n.found == NULL
			   ? NULL
			   : arena_printf(a, "%.*s%s", (int)(value - whole), whole, n.found);
	}
	if (f != NULL)
		return NULL;
	n = nearest_to(a, arena_dup(a, whole, (size_t)(value - whole) - 1));
	for (f = query_fields; f->name != NULL; f++) {
		consider(&n, f->name, f->name);
		consider(&n, terms_fold(a, f->german), f->german);
		consider_list(&n, f->aliases);
	}
	return n.found == NULL ? NULL : arena_printf(a, "%s:%s", n.found, value);
}
