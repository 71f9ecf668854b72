/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a date can be written as: of the calendar, in words of both languages, or as a distance from now. */
#include <stdio.h>
#include <string.h>

#include "query/private.h"

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

/* Said without blanks; the German word and the English one come first. */
static const struct {
	const char *words; /* folded */
	struct query_date date;
	const char *german, *english;
} spoken[] = {
	{ "today heute", { .trunc = "day", .unit = "day" }, "heute", "today" },
	{ "yesterday gestern", { .trunc = "day", .unit = "day", .shift = -1, .shift_unit = "day" },
	    "gestern", "yesterday" },
	{ "vorgestern", { .trunc = "day", .unit = "day", .shift = -2, .shift_unit = "day" },
	    "vorgestern", NULL },
	{ "tomorrow morgen", { .trunc = "day", .unit = "day", .shift = 1, .shift_unit = "day" },
	    "morgen", "tomorrow" },
	{ "ubermorgen", { .trunc = "day", .unit = "day", .shift = 2, .shift_unit = "day" },
	    "übermorgen", NULL },
	{ "week woche thisweek diesewoche dieserwoche", { .trunc = "week", .unit = "week" },
	    "woche", "week" },
	{ "lastweek vorwoche letztewoche letzterwoche",
	    { .trunc = "week", .unit = "week", .shift = -1, .shift_unit = "week" }, "vorwoche",
	    "lastweek" },
	{ "nextweek nachstewoche nachsterwoche",
	    { .trunc = "week", .unit = "week", .shift = 1, .shift_unit = "week" }, "nächstewoche",
	    "nextweek" },
	{ "month monat thismonth diesermonat diesemmonat", { .trunc = "month", .unit = "month" },
	    "monat", "month" },
	{ "lastmonth vormonat letztermonat letztemmonat letztenmonat",
	    { .trunc = "month", .unit = "month", .shift = -1, .shift_unit = "month" }, "vormonat",
	    "lastmonth" },
	{ "nextmonth nachstermonat nachstenmonat",
	    { .trunc = "month", .unit = "month", .shift = 1, .shift_unit = "month" },
	    "nächstermonat", "nextmonth" },
	{ "year jahr thisyear diesesjahr diesemjahr", { .trunc = "year", .unit = "year" }, "jahr",
	    "year" },
	{ "lastyear vorjahr letztesjahr letztemjahr",
	    { .trunc = "year", .unit = "year", .shift = -1, .shift_unit = "year" }, "vorjahr",
	    "lastyear" },
};

const char *
query_spoken(size_t i, bool german)
{
	if (i >= NELEM(spoken))
		return NULL;
	return german || spoken[i].english == NULL ? spoken[i].german : spoken[i].english;
}

/* Folded and without blanks: "letzte Woche" is "letztewoche". */
static char *
compact(struct arena *a, const char *s)
{
	char *word = terms_fold(a, s), *to = word;

	for (const char *from = word; *from != '\0'; from++)
		if (*from != ' ')
			*to++ = *from;
	*to = '\0';
	return word;
}

static bool
said(const char *word, struct query_date *out)
{
	for (size_t i = 0; i < NELEM(spoken); i++)
		if (query_is_in(spoken[i].words, word)) {
			*out = spoken[i].date;
			return true;
		}
	return false;
}

/* "vor 3 Tagen", "in 3 Tagen", "last 3 days": which way it lies; what is left of the word. */
static const char *
direction(const char *word, bool *ahead)
{
	static const struct {
		const char *word;
		bool ahead;
	} ways[] = { { "vor", false }, { "letzten", false }, { "letzte", false }, { "last", false },
		{ "seit", false }, { "past", false }, { "in", true }, { "next", true },
		{ "nachsten", true }, { "nachste", true } };

	for (size_t i = 0; i < NELEM(ways); i++)
		if (text_starts(word, ways[i].word) && word[strlen(ways[i].word)] >= '0' &&
		    word[strlen(ways[i].word)] <= '9') {
			*ahead = ways[i].ahead;
			return word + strlen(ways[i].word);
		}
	return word;
}

/* 7d, 2w, 3m, 1y, 12h, "3 Tage": that long ago; due dates lie ahead. +3d, -3d, "in" and "vor" say which. */
static bool
distance(const char *word, bool ahead, struct query_date *out)
{
	static const struct {
		const char *names, *unit, *trunc;
		int64_t max;
	} units[] = { { "h std stunde stunden hour hours", "hour", "hour", 100000 },
		{ "d t tag tage tagen day days", "day", "day", 36500 },
		{ "w woche wochen week weeks", "week", "day", 5200 },
		{ "m monat monate monaten month months", "month", "day", 1200 },
		{ "y j jahr jahre jahren year years", "year", "day", 100 } };
	char digits[8] = "", unit[12] = "";
	int64_t v;
	int last = 0;

	word = direction(word, &ahead);
	if (sscanf(word, "%7[0-9]%11[a-z]%n", digits, unit, &last) != 2 || word[last] != '\0')
		return false;
	for (size_t i = 0; i < NELEM(units); i++)
		if (query_is_in(units[i].names, unit) && text_int(digits, 0, units[i].max, &v)) {
			*out = (struct query_date){ .trunc = units[i].trunc,
				.shift = ahead ? v : -v,
				.shift_unit = units[i].unit };
			return true;
		}
	return false;
}

bool
query_date(struct arena *a, const struct query_field *f, const char *s, struct query_node *n)
{
	bool ahead = strcmp(f->name, "due") == 0;
	const char *word = compact(a, s);

	if (calendar(a, s, &n->date) || said(word, &n->date))
		return true;
	if (*s == '+' || *s == '-')
		ahead = *s == '+';
	if (!distance(word, ahead, &n->date))
		return false;
	/* "7d" by itself is the time since then, or until then. */
	if (n->rel == QUERY_IS)
		n->rel = n->date.shift > 0 ? QUERY_UPTO : QUERY_FROM;
	return true;
}
