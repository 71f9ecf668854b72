/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains that are made to be taken for another: letters of several scripts in one label, foreign letters
 * that look Latin (also behind xn--, RFC 3492), and one's own domain with l for i, 0 for o, rn for m. */
#include "mime/private.h"

#include <string.h>

enum { LABEL = 63 };

/* --- punycode --- */
static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / 700 : delta / 2;
	for (delta += delta / points; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static int
digit(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
}

/* The number that stands at *p; 0 with *p = NULL is an error, as in all that follows. */
static uint32_t
number(const char **p, const char *end, uint32_t bias)
{
	uint64_t value = 0, weight = 1;

	for (uint32_t k = 36;; k += 36) {
		uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
		int d = *p < end ? digit(*(*p)++) : -1;

		value += (uint64_t)(d < 0 ? 0 : d) * weight;
		weight *= 36 - t;
		if (d < 0 || value > 0xffffff || weight > 0xffffffffu) {
			*p = NULL;
			return 0;
		}
		if ((uint32_t)d < t)
			return (uint32_t)value;
	}
}

/* A label behind "xn--" as code points; their number, 0 = it is none. */
static size_t
decode(const char *s, size_t length, uint32_t out[LABEL])
{
	const char *dash = memrchr(s, '-', length), *p = dash == NULL ? s : dash + 1,
		   *end = s + length;
	uint32_t c = 128, at = 0, bias = 72;
	size_t n = 0;

	while (dash != NULL && s < dash && n < LABEL)
		out[n++] = (unsigned char)*s++;
	while (p < end) {
		uint32_t delta = number(&p, end, bias);

		if (p == NULL || n >= LABEL)
			return 0;
		bias = adapt(delta, (uint32_t)n + 1, at == 0 && c == 128);
		at += delta;
		c += at / (uint32_t)(n + 1);
		at %= (uint32_t)(n + 1);
		memmove(out + at + 1, out + at, (n - at) * sizeof(*out));
		out[at++] = c;
		n++;
	}
	return n;
}

static size_t
code_points(const char *s, size_t length, uint32_t out[LABEL])
{
	size_t used, n = 0;

	if (length > 4 && memcmp(s, "xn--", 4) == 0)
		return decode(s + 4, length - 4, out);
	for (; length > 0 && n < LABEL; s += used, length -= used)
		out[n++] = text_next(s, length, &used);
	return n;
}

/* --- scripts --- */

/* Cyrillic and Greek letters that are drawn as Latin ones, each before the letter it looks like. */
static const uint16_t drawn_alike[][2] = { { 0x430, 'a' }, { 0x435, 'e' }, { 0x43e, 'o' },
	{ 0x440, 'p' }, { 0x441, 'c' }, { 0x443, 'y' }, { 0x445, 'x' }, { 0x455, 's' },
	{ 0x456, 'i' }, { 0x458, 'j' }, { 0x4bb, 'h' }, { 0x501, 'd' }, { 0x51b, 'q' },
	{ 0x51d, 'w' }, { 0x3b1, 'a' }, { 0x3bf, 'o' }, { 0x3bd, 'v' }, { 0x3c1, 'p' },
	{ 0x3ba, 'k' }, { 0x3b9, 'i' }, { 0x261, 'g' }, { 0x131, 'i' }, { 0x2d0, ':' } };

static uint32_t
latin_of(uint32_t c)
{
	for (size_t i = 0; i < NELEM(drawn_alike); i++)
		if (drawn_alike[i][0] == c)
			return drawn_alike[i][1];
	return 0;
}

/* Several scripts in one label, or one that is only drawn like Latin. */
static bool
is_mixed(const uint32_t *v, size_t n)
{
	size_t latin = 0, foreign = 0, alike = 0;

	for (size_t i = 0; i < n; i++) {
		latin += (v[i] >= 'a' && v[i] <= 'z') || (v[i] >= 0xdf && v[i] < 0x250);
		foreign += v[i] >= 0x370 && v[i] < 0x530;
		alike += v[i] >= 0x250 && latin_of(v[i]) != 0;
	}
	return (latin > 0 && foreign > 0) || (alike > 0 && alike == foreign);
}

/* --- one's own domain, nearly --- */

/* What is left when letters that are taken for each other are one. */
static char *
skeleton(struct arena *a, const char *domain)
{
	static const char *const pairs[][2] = { { "rn", "m" }, { "vv", "w" }, { "cl", "d" },
		{ "-", "" }, { "1", "l" }, { "i", "l" }, { "|", "l" }, { "0", "o" }, { "5", "s" } };
	struct buf b = { .arena = a };
	uint32_t points[LABEL];

	for (const char *s = domain; *s != '\0'; s += strcspn(s, ".")) {
		size_t n;

		s += *s == '.';
		n = code_points(s, strcspn(s, "."), points);
		buf_putc(&b, '.');
		for (size_t i = 0; i < n; i++) {
			uint32_t c = latin_of(points[i]);

			text_put(&b, c != 0 ? c : points[i]);
		}
	}
	for (size_t i = 0; b.n > 0 && i < NELEM(pairs); i++) {
		struct buf next = { .arena = a };
		size_t n = strlen(pairs[i][0]);
		const char *from = b.s;

		for (const char *p; (p = strstr(from, pairs[i][0])) != NULL; from = p + n) {
			buf_add(&next, from, (size_t)(p - from));
			buf_puts(&next, pairs[i][1]);
		}
		buf_puts(&next, from);
		b = next;
	}
	return b.n == 0 ? arena_strdup(a, "") : b.s;
}

bool
mime_domain_looks_like(struct arena *a, const char *domain, struct texts own)
{
	uint32_t points[LABEL];
	const char *bones;

	if (strlen(domain) > 253)
		return false;
	for (const char *s = domain; *s != '\0'; s += strcspn(s, ".")) {
		s += *s == '.';
		if (is_mixed(points, code_points(s, strcspn(s, "."), points)))
			return true;
	}
	bones = skeleton(a, domain);
	for (size_t i = 0; i < own.n; i++) {
		const char *mine = text_lower(a, own.v[i]);

		if (strcmp(mine, domain) != 0 && strcmp(skeleton(a, mine), bones) == 0)
			return true;
	}
	return false;
}
