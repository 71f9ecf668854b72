/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Media queries, answered for one reading pane: a light screen, WIDE pixels across, that can point and has no
 * print, no speech and no dark mode. What is not understood does not match. */
#include "mime/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WIDE = 1000, HIGH = 1000 };

static bool
is_space(char c)
{
	return c != '\0' && strchr(" \t\r\n\f", c) != NULL;
}

static struct str
trim(struct str s)
{
	while (s.n > 0 && is_space(s.s[0])) {
		s.s++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.s[s.n - 1]))
		s.n--;
	return s;
}

static bool
says(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.s, word, s.n) == 0;
}

/* A length in pixels, -1 = it is none. */
static double
pixels(struct str s)
{
	char number[20], *unit;
	double v;

	if (s.n == 0 || s.n >= sizeof number)
		return -1;
	memcpy(number, s.s, s.n);
	number[s.n] = '\0';
	v = strtod(number, &unit);
	if (unit == number || !(v >= 0))
		return -1;
	if (strcasecmp(unit, "em") == 0 || strcasecmp(unit, "rem") == 0)
		return v * 16;
	return strcasecmp(unit, "px") == 0 || v == 0 ? v : -1;
}

static bool
is_length(struct str name, const char *what)
{
	size_t n = 4;

	if (name.n > 4 + 7 && strncasecmp(name.s + 4, "device-", 7) == 0)
		n += 7;
	return name.n > n && says((struct str){ name.s + n, name.n - n }, what);
}

/* What stands in one pair of brackets. */
static bool
has_feature(struct str s)
{
	const char *colon = memchr(s.s, ':', s.n);
	struct str name, value;
	double v;

	if (colon == NULL)
		return false;
	name = trim((struct str){ s.s, (size_t)(colon - s.s) });
	value = trim((struct str){ colon + 1, (size_t)(s.s + s.n - colon) - 1 });
	if (says(name, "prefers-color-scheme"))
		return says(value, "light");
	if (says(name, "orientation"))
		return says(value, "landscape");
	if (says(name, "-webkit-min-device-pixel-ratio")) /* the old way to ask for WebKit */
		return says(value, "0");
	v = pixels(value);
	if (v < 0 || name.n < 5)
		return false;
	if (strncasecmp(name.s, "min-", 4) == 0)
		return (is_length(name, "width") && v <= WIDE) ||
		       (is_length(name, "height") && v <= HIGH);
	if (strncasecmp(name.s, "max-", 4) == 0)
		return (is_length(name, "width") && v >= WIDE) ||
		       (is_length(name, "height") && v >= HIGH);
	return false;
}

/* "only screen and (min-width: 480px)" */
static bool
is_query(struct str s)
{
	bool match = true, negated = false;

	for (s = trim(s); s.n > 0; s = trim(s)) {
		size_t n = 0;
		struct str word;

		if (s.s[0] == '(') {
			const char *end = memchr(s.s, ')', s.n);

			if (end == NULL || memchr(s.s + 1, '(', (size_t)(end - s.s) - 1) != NULL)
				return false;
			n = (size_t)(end - s.s) + 1;
			match = match && has_feature((struct str){ s.s + 1, n - 2 });
		} else {
			while (n < s.n && !is_space(s.s[n]) && s.s[n] != '(')
				n++;
			word = (struct str){ s.s, n };
			if (says(word, "not"))
				negated = true;
			else if (!says(word, "only") && !says(word, "and") &&
				 !says(word, "screen") && !says(word, "all"))
				match = false;
		}
		s.s += n;
		s.n -= n;
	}
	return match != negated;
}

bool
mime_media_matches(struct str s)
{
	if (trim(s).n == 0)
		return true;
	for (;;) {
		const char *comma = memchr(s.s, ',', s.n);
		size_t n = comma == NULL ? s.n : (size_t)(comma - s.s);

		if (is_query((struct str){ s.s, n }))
			return true;
		if (comma == NULL)
			return false;
		s.s += n + 1;
		s.n -= n + 1;
	}
}
