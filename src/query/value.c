/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field:value -> facts: names, numbers, dates, choices, lists (a,b) and ranges (a..b). */
#include <stdio.h>
#include <string.h>

#include "query/private.h"

/* Is the folded word one of those in a list with blanks between? */
static bool
is_in(const char *list, const char *word)
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
		if (strcmp(f->name, word) == 0 || is_in(f->aliases, word))
			return f;
	return NULL;
}

static const struct query_choice *
choice_find(struct arena *a, const struct query_choice *c, const char *value)
{
	const char *word = terms_fold(a, value);

	for (; c->word != NULL; c++)
		if (strcmp(c->word, word) == 0 || is_in(c->aliases, word))
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

	if (is_in("me ich mich mir", word))
		return choose(a, is, "mine");
	if (is_in("none nobody niemand keiner", word))
		return choose(a, is, "unassigned");
	return NULL;
}

static const struct query_node *
name(struct arena *a, const struct query_field *f, const char *value)
{
	struct query_node n = { .op = QUERY_FACT, .field = f, .value = value };
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

/* --- numbers and dates: what one value means --- */

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
is_day(int y, int m, int d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return y >= 1900 && y <= 2999 && m >= 1 && m <= 12 && d >= 1 &&
	       d <= days[m - 1] + (m == 2 && leap);
}

/* 2026, 2026-01, 2026-01-15, 1.2026, 15.1.2026 */
static bool
calendar(struct arena *a, const char *s, struct query_date *out)
{
	static const struct {
		const char *form, *unit;
		int year, month, day; /* which of the numbers read */
	} forms[] = {
		{ "%4d-%2d-%2d%n", "day", 0, 1, 2 },
		{ "%4d-%2d%n", "month", 0, 1, -1 },
		{ "%2d.%2d.%4d%n", "day", 2, 1, 0 },
		{ "%2d.%4d%n", "month", 1, 0, -1 },
		{ "%4d%n", "year", 0, -1, -1 },
	};

	if (*s < '0' || *s > '9')
		return false;
	for (size_t i = 0; i < NELEM(forms); i++) {
		int v[3] = { 0 }, last = 0, y, m, d;
		size_t numbers = forms[i].day >= 0 ? 3 : forms[i].month >= 0 ? 2 : 1;

		if (numbers == 3)
			sscanf(s, forms[i].form, &v[0], &v[1], &v[2], &last);
		else if (numbers == 2)
			sscanf(s, forms[i].form, &v[0], &v[1], &last);
		else
			sscanf(s, forms[i].form, &v[0], &last);
		if (last == 0 || s[last] != '\0')
			continue;
		y = v[forms[i].year];
		m = forms[i].month < 0 ? 1 : v[forms[i].month];
		d = forms[i].day < 0 ? 1 : v[forms[i].day];
		if (!is_day(y, m, d))
			return false;
		*out = (struct query_date){ .day = arena_printf(a, "%04d-%02d-%02d", y, m, d),
			.unit = forms[i].unit };
		return true;
	}
	return false;
}

static const struct {
	const char *words; /* folded */
	struct query_date date;
} spoken[] = {
	{ "today heute", { .trunc = "day", .unit = "day" } },
	{ "yesterday gestern",
	    { .trunc = "day", .unit = "day", .shift = -1, .shift_unit = "day" } },
	{ "tomorrow morgen", { .trunc = "day", .unit = "day", .shift = 1, .shift_unit = "day" } },
	{ "week woche thisweek", { .trunc = "week", .unit = "week" } },
	{ "month monat thismonth", { .trunc = "month", .unit = "month" } },
	{ "year jahr thisyear", { .trunc = "year", .unit = "year" } },
	{ "lastweek vorwoche",
	    { .trunc = "week", .unit = "week", .shift = -1, .shift_unit = "week" } },
	{ "lastmonth vormonat",
	    { .trunc = "month", .unit = "month", .shift = -1, .shift_unit = "month" } },
	{ "lastyear vorjahr",
	    { .trunc = "year", .unit = "year", .shift = -1, .shift_unit = "year" } },
};

static bool
said(struct arena *a, const char *s, struct query_date *out)
{
	const char *word = terms_fold(a, s);

	for (size_t i = 0; i < NELEM(spoken); i++)
		if (is_in(spoken[i].words, word)) {
			*out = spoken[i].date;
			return true;
		}
	return false;
}

/* 7d, 2w, 3m, 1y, 12h: that long ago; due dates lie ahead. +3d and -3d say which. */
static bool
distance(const char *s, bool ahead, struct query_date *out)
{
	static const struct {
		char letter;
		const char *unit, *trunc;
		int64_t max;
	} units[] = { { 'h', "hour", "hour", 100000 }, { 'd', "day", "day", 36500 },
		{ 't', "day", "day", 36500 }, { 'w', "week", "day", 5200 },
		{ 'm', "month", "day", 1200 }, { 'y', "year", "day", 100 },
		{ 'j', "year", "day", 100 } };
	char digits[8] = "", unit;
	int64_t v;
	int last = 0;

	if (*s == '+' || *s == '-')
		ahead = *s++ == '+';
	if (sscanf(s, "%7[0-9]%c%n", digits, &unit, &last) != 2 || s[last] != '\0')
		return false;
	for (size_t i = 0; i < NELEM(units); i++)
		if (units[i].letter == (unit | 0x20) && text_int(digits, 0, units[i].max, &v)) {
			*out = (struct query_date){ .trunc = units[i].trunc,
				.shift = ahead ? v : -v,
				.shift_unit = units[i].unit };
			return true;
		}
	return false;
}

static bool
one_value(struct arena *a, const char *s, struct query_node *n)
{
	bool ahead = strcmp(n->field->name, "due") == 0;

	if (n->field->kind == QUERY_NUMBER)
		return number(a, s, n);
	if (calendar(a, s, &n->date) || said(a, s, &n->date))
		return true;
	if (!distance(s, ahead, &n->date))
		return false;
	/* "7d" by itself is the time since then, or until then. */
	if (n->rel == QUERY_IS)
		n->rel = n->date.shift > 0 ? QUERY_UPTO : QUERY_FROM;
	return true;
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
	return compare(a, f, QUERY_IS, s);
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

		if (n == NULL)
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
