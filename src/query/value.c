/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field:value -> facts: names, numbers, dates, choices, lists (a,b) and ranges (a..b). */
#include <string.h>

#include "query/private.h"

bool
query_is_in(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; n > 0 && (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

const struct query_field *
query_field_find(struct arena *a, const char *name)
{
	const char *word = terms_fold(a, name);

	if (strchr(word, ' ') != NULL)
		return NULL;
	for (const struct query_field *f = query_fields; f->name != NULL; f++)
		if (strcmp(f->name, word) == 0 || query_is_in(f->aliases, word))
			return f;
	return NULL;
}

static const struct query_choice *
choice_find(struct arena *a, const struct query_choice *c, const char *value)
{
	const char *word = terms_fold(a, value);

	for (; c->word != NULL; c++)
		if (strcmp(c->word, word) == 0 || query_is_in(c->aliases, word))
			return c;
	return NULL;
}

static const struct query_node *
choose(struct arena *a, const struct query_field *f, const char *value)
{
	const struct query_choice *c = choice_find(a, f->choices, value);

	if (c == NULL)
		return NULL;
	return query_leaf(a, (struct query_node){ .op = QUERY_FACT, .field = f, .choice = c });
}

/* owner:me and owner:none are what is:mine and is:unassigned say. */
static const struct query_node *
nobody_or_me(struct arena *a, const char *value)
{
	const struct query_field *is = query_field_find(a, "is");
	const char *word = terms_fold(a, value);

	if (query_is_in("me ich mich mir", word))
		return choose(a, is, "mine");
	if (query_is_in("none nobody niemand keiner", word))
		return choose(a, is, "unassigned");
	return NULL;
}

static const struct query_node *
name(struct arena *a, const struct query_field *f, const char *value)
{
	struct query_node n = {
		.op = f->kind == QUERY_KEPT ? QUERY_NESTED : QUERY_FACT, .field = f, .value = value
	};
	const struct query_node *special = NULL;
	int64_t number;

	if (strcmp(f->name, "owner") == 0)
		special = nobody_or_me(a, value);
	if (special != NULL)
		return special;
	if (!query_has_word(value))
		return NULL;
	if (text_int(value, 0, INT32_MAX, &number)) {
		n.rel = QUERY_FROM; /* by number */
		n.value = arena_printf(a, "%lld", (long long)number);
	}
	return query_leaf(a, n);
}

/* --- numbers, ranges --- */

static bool
number(struct arena *a, const char *s, struct query_node *n)
{
	int64_t v;

	if (*s == '#')
		s++;
	if (!text_int(s, 0, 1000000000000, &v))
		return false;
	n->value = arena_printf(a, "%lld", (long long)v);
	return true;
}

static bool
one_value(struct arena *a, const char *s, struct query_node *n)
{
	return n->field->kind == QUERY_NUMBER ? number(a, s, n) : query_date(a, n->field, s, n);
}

static const struct query_node *
compare(struct arena *a, const struct query_field *f, enum query_rel rel, const char *s)
{
	struct query_node n = { .op = QUERY_FACT, .field = f, .rel = rel };

	return one_value(a, s, &n) ? query_leaf(a, n) : NULL;
}

static const struct query_node *
range(struct arena *a, const struct query_field *f, const char *from, const char *to)
{
	struct query_list l = { .arena = a };
	const struct query_node *low = *from == '\0' ? NULL : compare(a, f, QUERY_FROM, from);
	const struct query_node *high = *to == '\0' ? NULL : compare(a, f, QUERY_UPTO, to);

	if ((*from != '\0' && low == NULL) || (*to != '\0' && high == NULL) || *from == *to)
		if (low == NULL || high == NULL)
			return NULL;
	query_add(&l, low);
	query_add(&l, high);
	return query_join(&l, QUERY_AND);
}

static const struct query_node *
measure(struct arena *a, const struct query_field *f, const char *s)
{
	static const struct {
		const char *sign;
		enum query_rel rel;
	} signs[] = { { "<=", QUERY_UPTO }, { ">=", QUERY_FROM }, { "<", QUERY_BELOW },
		{ ">", QUERY_ABOVE }, { "=", QUERY_IS } };
	const char *dots = strstr(s, "..");

	if (dots != NULL)
		return range(a, f, arena_dup(a, s, (size_t)(dots - s)), dots + 2);
	for (size_t i = 0; i < NELEM(signs); i++)
		if (text_starts(s, signs[i].sign))
			return compare(a, f, signs[i].rel, s + strlen(signs[i].sign));
	return compare(a, f, f->rel, s);
}

static const struct query_node *
words_in(struct arena *a, const struct query_field *f, const char *s)
{
	size_t n = strlen(s);
	bool open = n > 1 && s[n - 1] == '*';

	if (!query_has_word(s))
		return NULL;
	return query_leaf(
	    a, (struct query_node){
		   .op = open ? QUERY_BEGINNING : QUERY_WORDS, .field = f, .value = s });
}

static const struct query_node *
one(struct arena *a, const struct query_field *f, const char *s)
{
	switch (f->kind) {
	case QUERY_TEXT: return words_in(a, f, s);
	case QUERY_KEPT:
	case QUERY_NAME: return name(a, f, s);
	case QUERY_MARK:
	case QUERY_CHOICE: return choose(a, f, s);
	default: return measure(a, f, s);
	}
}

const struct query_node *
query_value(struct arena *a, const struct query_field *f, const char *value)
{
	struct query_list l = { .arena = a };
	const char *comma;

	if (f->kind == QUERY_TEXT)
		return one(a, f, value);
	for (; (comma = strchr(value, ',')) != NULL; value = comma + 1) {
		const struct query_node *n =
		    one(a, f, arena_dup(a, value, (size_t)(comma - value)));

		if (n == NULL || l.n == QUERY_LEAVES - 1)
			return NULL;
		query_add(&l, n);
	}
	if (*value == '\0' && l.n > 0)
		return query_join(&l, QUERY_OR);
	if (one(a, f, value) == NULL)
		return NULL;
	query_add(&l, one(a, f, value));
	return query_join(&l, QUERY_OR);
}
