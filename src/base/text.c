/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8: reading, mending, cutting, comparing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"

/* Unicode 15, table 3-7: well-formed byte sequences; surrogates and overlong forms are none. */
uint32_t
text_next(const char *s, size_t n, size_t *used)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t more = u[0] < 0x80   ? 0
		      : u[0] < 0xc2 ? 9
		      : u[0] < 0xe0 ? 1
		      : u[0] < 0xf0 ? 2
		      : u[0] < 0xf5 ? 3
				    : 9;
	uint32_t cp;

	*used = 1;
	if (more == 0)
		return u[0];
	if (more > 3 || more >= n)
		return 0xfffd;
	cp = u[0] & (0x3f >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0xfffd;
		cp = cp << 6 | (u[i] & 0x3f);
	}
	if ((more == 2 && cp < 0x800) || (more == 3 && cp < 0x10000) || cp > 0x10ffff ||
	    (cp >= 0xd800 && cp < 0xe000))
		return 0xfffd;
	*used = more + 1;
	return cp;
}

void
text_put(struct buf *b, uint32_t cp)
{
	char s[4];
	size_t n;

	if (cp < 0x80) {
		s[0] = (char)cp;
		n = 1;
	} else if (cp < 0x800) {
		s[0] = (char)(0xc0 | cp >> 6);
		n = 2;
	} else if (cp < 0x10000) {
		s[0] = (char)(0xe0 | cp >> 12);
		n = 3;
	} else {
		s[0] = (char)(0xf0 | cp >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		s[i] = (char)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3f));
	buf_add(b, s, n);
}

bool
text_valid(const char *s, size_t n)
{
	size_t used;

	for (size_t i = 0; i < n; i += used)
		if (text_next(s + i, n - i, &used) == 0xfffd && used == 1)
			return false;
	return true;
}

char *
text_clean(struct arena *a, const char *s, size_t n)
{
	struct buf b = { .arena = a };
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = text_next(s + i, n - i, &used);

		if (cp == '\r') {
			if (i + 1 < n && s[i + 1] == '\n')
				used = 2;
			cp = '\n';
		}
		if (cp == 0 || cp == 0xfeff)
			continue;
		if ((cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0x7f)
			cp = ' ';
		text_put(&b, cp);
	}
	return b.s != NULL ? b.s : arena_dup(a, "", 0);
}

char *
text_line(struct arena *a, const char *s, size_t n)
{
	struct buf b = { .arena = a };
	bool blank = false;
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = text_next(s + i, n - i, &used);

		if (cp == 0xfeff)
			continue;
		if (cp <= 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029) {
			blank = b.n > 0;
			continue;
		}
		if (blank)
			buf_putc(&b, ' ');
		blank = false;
		text_put(&b, cp);
	}
	return b.s != NULL ? b.s : arena_dup(a, "", 0);
}

char *
text_cut(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s), i = 0, used;

	for (size_t k = 0; k < max && i < n; k++) {
		text_next(s + i, n - i, &used);
		i += used;
	}
	return i >= n ? arena_dup(a, s, n) : arena_printf(a, "%.*s…", (int)i, s);
}

size_t
text_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

char *
text_lower(struct arena *a, const char *s)
{
	char *t = arena_dup(a, s, strlen(s));

	for (char *p = t; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return t;
}

bool
text_same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcasecmp(a, b) == 0;
}

bool
text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
text_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
	char *end;
	long long v;

	if (s == NULL || (*s != '-' && (*s < '0' || *s > '9')))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || end == s || v < min || v > max)
		return false;
	*out = v;
	return true;
}

struct texts
text_lines(struct arena *a, const char *s)
{
	const char **v = arena_alloc(a, (s == NULL ? 1 : strlen(s) + 1) * sizeof *v);
	size_t n = 0;

	while (s != NULL && *s != '\0') {
		size_t length = strcspn(s, "\n");

		v[n++] = arena_dup(a, s, length);
		s += length + (s[length] == '\n');
	}
	return (struct texts){ v, n };
}
