/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format=flowed (RFC 3676), both ways. */
#include "mime/private.h"

#include <string.h>

enum { WIDTH = 76 };

static size_t
quote_depth(const char *s, size_t n)
{
	size_t d = 0;

	while (d < n && s[d] == '>')
		d++;
	return d;
}

/* One paragraph: a line that ends in a blank goes on in the next of the same depth. */
char *
mime_flowed_join(struct arena *a, const char *text, bool delsp)
{
	struct buf b = { .arena = a };
	size_t before = 0, depth, n, skip;
	bool flows = false;

	for (const char *p = text, *nl; *p != '\0'; p = *nl == '\0' ? nl : nl + 1) {
		nl = strchrnul(p, '\n');
		n = (size_t)(nl - p);
		depth = quote_depth(p, n);
		skip = depth + (depth < n && p[depth] == ' '); /* space-stuffing */
		if (flows && depth == before &&
		    !(n - skip == 3 && memcmp(p + skip, "-- ", 3) == 0)) {
			b.n--; /* its line feed */
			buf_add(&b, p + skip, n - skip);
		} else if (depth > 0) {
			buf_add(&b, p, depth);
			buf_putc(&b, ' ');
			buf_add(&b, p + skip, n - skip);
		} else {
			buf_add(&b, p + skip, n - skip);
		}
		flows = n > skip && p[n - 1] == ' ' &&
			!(n - skip == 3 && memcmp(p + skip, "-- ", 3) == 0);
		if (flows && delsp)
			b.n--;
		before = depth;
		if (*nl == '\n')
			buf_putc(&b, '\n');
	}
	return b.s == NULL ? arena_strdup(a, "") : arena_dup(a, b.s, b.n);
}

/* Where to break a line of n bytes: behind the last blank that fits, else behind the first one. */
static size_t
break_at(const char *s, size_t n)
{
	size_t best = 0;

	if (n <= WIDTH)
		return n;
	for (size_t i = 0; i < n && (i < WIDTH || best == 0); i++)
		if (s[i] == ' ' && i + 1 < n && s[i + 1] != ' ')
			best = i + 1;
	return best == 0 ? n : best;
}

static void
wrap_line(struct buf *b, const char *s, size_t n)
{
	size_t cut, end = n;

	if (n == 3 && memcmp(s, "-- ", 3) == 0) {
		buf_puts(b, "-- ");
		return;
	}
	while (end > 0 && s[end - 1] == ' ')
		end--; /* a blank at the end would join it with the next paragraph */
	if (quote_depth(s, end) > 0) {
		buf_add(b, s, end);
		return;
	}
	while (end > 0) {
		cut = break_at(s, end);
		if (*s == ' ' || (cut >= 5 && memcmp(s, "From ", 5) == 0))
			buf_putc(b, ' ');
		buf_add(b, s, cut);
		s += cut;
		end -= cut;
		if (end > 0)
			buf_putc(b, '\n');
	}
}

char *
mime_flowed_wrap(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	for (const char *p = text, *nl; *p != '\0'; p = *nl == '\0' ? nl : nl + 1) {
		nl = strchrnul(p, '\n');
		wrap_line(&b, p, (size_t)(nl - p));
		if (*nl == '\n')
			buf_putc(&b, '\n');
	}
	return b.s == NULL ? arena_strdup(a, "") : b.s;
}
