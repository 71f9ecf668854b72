/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that grow in an arena, and JSON written into them. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

void
buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap < 128 ? 256 : b->cap * 2;
	char *s;

	if (b->cap - b->n > more && b->s != NULL)
		return;
	if (cap < b->n + more + 64)
		cap = b->n + more + 64;
	s = arena_alloc(b->arena, cap);
	if (b->n > 0)
		memcpy(s, b->s, b->n);
	b->s = s;
	b->cap = cap;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	buf_reserve(b, 128); /* mostly enough: then it is formatted once */
	va_start(ap, fmt);
	n = vsnprintf(b->s + b->n, b->cap - b->n, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("format %s", fmt);
	if ((size_t)n >= b->cap - b->n) {
		buf_reserve(b, (size_t)n + 1);
		va_start(ap, fmt);
		vsnprintf(b->s + b->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
}

struct str
buf_str(const struct buf *b)
{
	return b->s == NULL ? STR("") : (struct str){ b->s, b->n };
}

/* One byte that JSON cannot hold as it is. */
static void
escape(struct buf *b, unsigned char c)
{
	static const char named[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	const char *p = memchr(named, c, sizeof named - 1);

	if (p != NULL) {
		buf_putc(b, '\\');
		buf_putc(b, letter[p - named]);
	} else {
		buf_printf(b, "\\u%04x", c);
	}
}

/* How many of eight bytes come before one that is below a blank, above ASCII, a quote or a backslash
 * (Bit Twiddling Hacks, "Determine if a word has a byte less than n"). */
static size_t
plain_bytes(const char *s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w, found;

	memcpy(&w, s, sizeof w);
	w = le64toh(w);
	found = (w - ones * 0x20) | ((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones) | w;
	found &= ones * 0x80;
	return found == 0 ? 8 : (size_t)__builtin_ctzll(found) / 8;
}

/* Bytes from s on that go out as they are; stops at what needs escaping or is no UTF-8. */
static size_t
plain_run(const char *s, size_t n)
{
	size_t i = 0, used;

	while (i < n) {
		size_t plain = n - i >= 8 ? plain_bytes(s + i) : 0;
		unsigned char c;

		i += plain;
		if (plain == 8)
			continue;
		c = (unsigned char)s[i];
		if (c < 0x20 || c == '"' || c == '\\')
			break;
		if (c < 0x80) {
			i++;
			continue;
		}
		if (text_next(s + i, n - i, &used) == 0xfffd && used == 1)
			break;
		i += used;
	}
	return i;
}

void
buf_json(struct buf *b, const char *s, size_t n)
{
	if (s == NULL) {
		buf_add(b, "null", 4);
		return;
	}
	buf_putc(b, '"');
	while (n > 0) {
		size_t run = plain_run(s, n);

		buf_add(b, s, run);
		s += run;
		n -= run;
		if (n == 0)
			break;
		if ((unsigned char)*s < 0x80)
			escape(b, (unsigned char)*s);
		else
			buf_puts(b, "\xef\xbf\xbd");
		s++;
		n--;
	}
	buf_putc(b, '"');
}

void
buf_key(struct buf *b, const char *name)
{
	if (b->n > 0 && b->s[b->n - 1] != '{' && b->s[b->n - 1] != '[' && b->s[b->n - 1] != ':')
		buf_putc(b, ',');
	buf_json(b, name, strlen(name));
	buf_putc(b, ':');
}
