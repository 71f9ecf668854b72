/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of mail headers. Own reader, since the libraries' ones ask the time zone files, which the
 * sandbox of the parse child does not have. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

struct date {
	int day, month, year, hour, minute, second, offset; /* offset in minutes */
	bool has_time, has_zone;
};

static int
month_of(const char *w)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (strlen(w) < 3)
		return 0;
	for (int i = 0; i < 12; i++)
		if (strncasecmp(names + i * 3, w, 3) == 0)
			return i + 1;
	if (strncasecmp(w, "mai", 3) == 0)
		return 5;
	if (strncasecmp(w, "okt", 3) == 0)
		return 10;
	return strncasecmp(w, "dez", 3) == 0 ? 12 : 0;
}

/* Names of zones that RFC 5322, 4.3 knows; the military letters mean nothing. */
static bool
zone_name(const char *w, int *offset)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "GMT", 0 }, { "UTC", 0 }, { "UT", 0 }, { "Z", 0 }, { "EST", -5 },
		{ "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 },
		{ "PST", -8 }, { "PDT", -7 }, { "CET", 1 }, { "CEST", 2 }, { "MET", 1 },
		{ "MEST", 2 }, { "MESZ", 2 }, { "MEZ", 1 }, { "EET", 2 }, { "EEST", 3 },
		{ "BST", 1 }, { "WEST", 1 }, { "WET", 0 }, { "JST", 9 } };

	for (size_t i = 0; i < NELEM(zones); i++)
		if (text_same(zones[i].name, w)) {
			*offset = zones[i].hours * 60;
			return true;
		}
	return false;
}

static int
digits(const char **p, int max)
{
	int n = 0;

	while (**p >= '0' && **p <= '9' && max-- > 0)
		n = n * 10 + (*(*p)++ - '0');
	return n;
}

/* 10:20:30, 10.20 and the like. */
static void
read_time(struct date *d, const char *w)
{
	d->hour = digits(&w, 2);
	if (*w == ':' || *w == '.')
		w++;
	d->minute = digits(&w, 2);
	if (*w == ':' || *w == '.')
		w++;
	d->second = digits(&w, 2);
	if (d->second == 60)
		d->second = 59; /* a leap second */
	d->has_time = true;
}

static void
read_zone(struct date *d, const char *w)
{
	int sign = *w++ == '-' ? -1 : 1, n;
	const char *start = w;

	n = digits(&w, 4);
	if (*w == ':' && w - start == 2) {
		w++;
		n = n * 100 + digits(&w, 2);
	} else if (w - start <= 2) {
		n *= 100;
	}
	d->offset = sign * (n / 100 * 60 + n % 100);
	if (d->offset <= -24 * 60 || d->offset >= 24 * 60)
		d->offset = 0;
	d->has_zone = true;
}

static void
set_year(struct date *d, int n, size_t length)
{
	if (length <= 2)
		n += n < 50 ? 2000 : 1900; /* RFC 5322, 4.3 */
	else if (length == 3)
		n += 1900;
	d->year = n;
}

/* 2026-11-23, 23.11.2026 or 11/23/2026; what follows "T" is the time. */
static bool
read_numeric(struct date *d, const char *w)
{
	int a, b, c;
	const char *start = w;
	char sep;

	a = digits(&w, 4);
	sep = *w;
	if (sep != '-' && sep != '.' && sep != '/')
		return false;
	w++;
	b = digits(&w, 2);
	if (*w++ != sep)
		return false;
	c = digits(&w, 4);
	d->year = sep == '-' ? a : c;
	d->month = sep == '/' ? a : b;
	d->day = sep == '-' ? c : sep == '/' ? b : a;
	if ((*w == 'T' || *w == 't') && w - start < 12) {
		read_time(d, w + 1);
		w += strcspn(w, "Zz+-");
		if (*w == '+' || *w == '-')
			read_zone(d, w);
	}
	return true;
}

static void
read_word(struct date *d, const char *w)
{
	size_t n = strlen(w), lead = strspn(w, "0123456789");
	const char *p = w;
	int value;

	if ((*w == '+' || *w == '-') && strspn(w + 1, "0123456789:") == n - 1 && n > 1) {
		read_zone(d, w);
	} else if (lead == 0) {
		if (d->month == 0 && month_of(w) != 0)
			d->month = month_of(w);
		else if (d->has_time && !d->has_zone)
			d->has_zone = zone_name(w, &d->offset);
	} else if (!d->has_time && memchr(w, ':', n) != NULL && lead <= 2) {
		read_time(d, w);
	} else if (read_numeric(d, w)) {
		return;
	} else {
		value = digits(&p, 6);
		if (d->day == 0 && lead <= 2)
			d->day = value;
		else if (d->year < 0)
			set_year(d, value, lead);
	}
}

static bool
possible(const struct date *d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);

	return d->month >= 1 && d->month <= 12 && d->day >= 1 &&
	       d->day <= days[d->month - 1] + (d->month == 2 && leap) && d->year >= 1 &&
	       d->year <= 9999 && d->hour <= 23 && d->minute <= 59 && d->second <= 59;
}

char *
mime_date_read(struct arena *a, struct str raw)
{
	struct date d = { .year = -1 };
	char word[40];
	struct str s;
	size_t n = 0, i;
	int depth = 0;

	if (raw.s == NULL)
		return NULL;
	s = mime_unfold(a, raw, 300);
	for (i = 0; i <= s.n; i++) {
		char c = i < s.n ? s.s[i] : ' ';

		depth += c == '(' ? 1 : 0;
		/* "23-Nov-2026": a dash between a digit and a letter divides */
		if (c == ' ' || c == '\t' || c == ',' || c == '(' || depth > 0 ||
		    (c == '-' && n > 0 && d.year < 0 && i + 1 < s.n &&
			(word[n - 1] > '9' || s.s[i + 1] > '9'))) {
			word[n] = '\0';
			if (n > 0)
				read_word(&d, word);
			n = 0;
		} else if (n < sizeof(word) - 1) {
			word[n++] = c;
		}
		depth -= c == ')' && depth > 0 ? 1 : 0;
	}
	if (!possible(&d))
		return NULL;
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year, d.month, d.day,
	    d.hour, d.minute, d.second, d.offset < 0 ? '-' : '+',
	    (d.offset < 0 ? -d.offset : d.offset) / 60, (d.offset < 0 ? -d.offset : d.offset) % 60);
}
