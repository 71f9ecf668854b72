/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded words (RFC 2047) and parameters (RFC 2045, 2231), as mailers write them rather than as they
 * should: words touching each other, blanks inside, raw 8-bit, encoded words in quoted strings. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { WORD_MAX = 4096, HEADER_MAX = 256 << 10, PARAMS_MAX = 64 << 10, PIECES = 500 };

struct str
mime_unfold(struct arena *a, struct str raw, size_t max)
{
	char *s;
	size_t n = 0;

	if (raw.n > max)
		raw.n = max;
	s = arena_alloc(a, raw.n + 1);
	for (size_t i = 0; i < raw.n; i++)
		if (raw.s[i] != '\r' && raw.s[i] != '\n' && raw.s[i] != '\0')
			s[n++] = raw.s[i];
		else if (raw.s[i] == '\0' || i + 1 == raw.n ||
			 (raw.s[i] == '\r' && raw.s[i + 1] != '\n'))
			s[n++] = ' ';
	return (struct str){ s, n };
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decode "=41" or "%41" with that escape character; in Q, "_" is a blank. */
static void
add_escaped(struct buf *b, struct str s, char escape)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == escape && i + 2 < s.n && hex(s.s[i + 1]) >= 0 &&
		    hex(s.s[i + 2]) >= 0) {
			buf_putc(b, (char)(hex(s.s[i + 1]) << 4 | hex(s.s[i + 2])));
			i += 2;
		} else {
			buf_putc(b, escape == '=' && s.s[i] == '_' ? ' ' : s.s[i]);
		}
	}
}

static void
add_base64(struct buf *b, struct str s)
{
	bool cut;
	struct str d = mime_decode_some(b->arena, s, ENC_BASE64, WORD_MAX, &cut);

	buf_add(b, d.s, d.n);
}

/* An encoded word: =?charset*language?B?text?= */
struct word {
	struct str charset, text;
	bool base64;
	size_t length;
};

static bool
read_word(struct str s, struct word *w)
{
	const char *end, *q, *star, *p = s.s + 2;

	if (s.n < 8 || s.s[0] != '=' || s.s[1] != '?')
		return false;
	end = s.s + (s.n < WORD_MAX ? s.n : WORD_MAX);
	q = memchr(p, '?', (size_t)(end - p < 60 ? end - p : 60));
	if (q == NULL || q == p || end - q < 5 || q[2] != '?' || strchr("bBqQ", q[1]) == NULL)
		return false;
	star = memchr(p, '*', (size_t)(q - p));
	w->charset = (struct str){ p, (size_t)((star != NULL ? star : q) - p) };
	w->base64 = (q[1] | 32) == 'b';
	p = q + 3;
	q = memmem(p, (size_t)(end - p), "?=", 2);
	if (q == NULL)
		return false;
	w->text = (struct str){ p, (size_t)(q - p) };
	w->length = (size_t)(q + 2 - s.s);
	return true;
}

size_t
mime_words_length(struct str s)
{
	struct word w;

	return read_word(s, &w) ? w.length : 0;
}

static size_t
blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.s[n] == ' ' || s.s[n] == '\t'))
		n++;
	return n;
}

/* The words from s on, as long as only blanks lie between them and the charset stays the same: a
 * character may be split over two words. The bytes read. */
static size_t
add_words(struct buf *out, struct str s, struct word w)
{
	struct buf bytes = { .arena = out->arena };
	struct str charset = w.charset;
	size_t at = 0, gap;

	do {
		if (w.base64)
			add_base64(&bytes, w.text);
		else
			add_escaped(&bytes, w.text, '=');
		at += w.length;
		gap = blanks((struct str){ s.s + at, s.n - at });
		if (!read_word((struct str){ s.s + at + gap, s.n - at - gap }, &w))
			break;
		at += gap;
	} while (w.charset.n == charset.n && strncasecmp(w.charset.s, charset.s, charset.n) == 0);
	mime_charset_add(out, charset, buf_str(&bytes));
	return at;
}

static void
add_decoded(struct buf *out, struct str s)
{
	size_t at = 0, from = 0;
	struct word w;
	const char *p;

	while (at < s.n && (p = memmem(s.s + at, s.n - at, "=?", 2)) != NULL) {
		at = (size_t)(p - s.s);
		if (!read_word((struct str){ p, s.n - at }, &w)) {
			at += 2;
			continue;
		}
		mime_charset_add(
		    out, (struct str){ NULL, 0 }, (struct str){ s.s + from, at - from });
		at += add_words(out, (struct str){ p, s.n - at }, w);
		from = at;
	}
	mime_charset_add(out, (struct str){ NULL, 0 }, (struct str){ s.s + from, s.n - from });
}

char *
mime_words_line(struct arena *a, struct str raw)
{
	struct buf out = { .arena = a };

	add_decoded(&out, mime_unfold(a, raw, HEADER_MAX));
	return text_line(a, out.s == NULL ? "" : out.s, out.n);
}

char *
mime_param_value(struct arena *a, struct str raw)
{
	char v[200];
	size_t n = 0;

	for (size_t i = 0; i < raw.n && n < sizeof(v) - 1; i++) {
		unsigned char c = (unsigned char)raw.s[i];

		if (c == ';' || c == '(')
			break;
		if (c > ' ' && c != '"')
			v[n++] = (char)c;
	}
	v[n] = '\0';
	return text_lower(a, v);
}

/* --- parameters --- */

/* The quoted string at p, which stands on its first quote; p goes on to the semicolon behind it. */
static struct str
quoted(struct arena *a, const char **p, const char *end)
{
	const char *start = ++*p;
	char *v;
	size_t n = 0;

	while (*p < end && **p != '"')
		*p += **p == '\\' && end - *p > 1 && ((*p)[1] == '"' || (*p)[1] == '\\') ? 2 : 1;
	v = arena_alloc(a, (size_t)(*p - start) + 1);
	for (const char *q = start; q < *p; q++) {
		/* "C:\files\x.pdf" is written by people who know no escapes */
		if (*q == '\\' && q + 1 < *p && (q[1] == '"' || q[1] == '\\'))
			q++;
		v[n++] = *q;
	}
	while (*p < end && **p != ';')
		++*p;
	return (struct str){ v, n };
}

static struct str
trim_end(const char *s, const char *end)
{
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct str){ s, (size_t)(end - s) };
}

/* One parameter after the other: *rest stands behind the value before it. */
static bool
next_param(struct arena *a, struct str *rest, struct str *name, struct str *value)
{
	const char *p = rest->s, *end = p + rest->n, *start;

	while (p < end && (*p == ';' || *p == ' ' || *p == '\t'))
		p++;
	for (start = p; p < end && *p != '=' && *p != ';';)
		p++;
	*name = trim_end(start, p);
	*value = (struct str){ p, 0 };
	if (p < end && *p == '=') {
		for (p++; p < end && (*p == ' ' || *p == '\t');)
			p++;
		if (p < end && *p == '"') {
			*value = quoted(a, &p, end);
		} else {
			for (start = p; p < end && *p != ';';)
				p++;
			*value = trim_end(start, p);
		}
	}
	*rest = (struct str){ p, (size_t)(end - p) };
	return name->n > 0 || p < end;
}

/* What one name's parameters say: plain, extended (name*) and pieces (name*0, name*1* ...). */
struct wanted {
	struct str plain, extended, piece[PIECES];
	bool escaped[PIECES];
};

static void
note_param(struct wanted *w, struct str suffix, struct str value)
{
	int n = 0;
	size_t i = 1;

	if (suffix.n == 0) {
		w->plain = w->plain.s == NULL ? value : w->plain;
		return;
	}
	if (suffix.n == 1) {
		w->extended = w->extended.s == NULL ? value : w->extended;
		return;
	}
	while (i < suffix.n && suffix.s[i] >= '0' && suffix.s[i] <= '9' && n < PIECES)
		n = n * 10 + (suffix.s[i++] - '0');
	if (n >= PIECES || i == 1 || w->piece[n].s != NULL)
		return;
	w->piece[n] = value;
	w->escaped[n] = i < suffix.n && suffix.s[i] == '*';
}

/* Take charset'language' off the front of an extended value. */
static struct str
take_charset(struct str *v)
{
	const char *q = memchr(v->s, '\'', v->n), *q2;
	struct str charset = { NULL, 0 };

	if (q == NULL || (q2 = memchr(q + 1, '\'', v->n - (size_t)(q + 1 - v->s))) == NULL)
		return charset;
	charset = (struct str){ v->s, (size_t)(q - v->s) };
	v->n -= (size_t)(q2 + 1 - v->s);
	v->s = q2 + 1;
	return charset.n > 0 ? charset : (struct str){ NULL, 0 };
}

static char *
join_pieces(struct arena *a, struct wanted *w)
{
	struct buf bytes = { .arena = a }, out = { .arena = a };
	struct str charset = { NULL, 0 };

	if (w->extended.s != NULL) {
		w->piece[0] = w->extended;
		w->escaped[0] = true;
		w->piece[1].s = NULL;
	}
	if (w->escaped[0])
		charset = take_charset(&w->piece[0]);
	for (int i = 0; i < PIECES && w->piece[i].s != NULL; i++)
		if (w->escaped[i])
			add_escaped(&bytes, w->piece[i], '%');
		else
			buf_add(&bytes, w->piece[i].s, w->piece[i].n);
	mime_charset_add(&out, charset, buf_str(&bytes));
	/* Some encode a name by RFC 2047 first and cut it by RFC 2231 then. */
	return mime_words_line(a, buf_str(&out));
}

static char *
find_param(struct arena *a, struct str rest, const char *wanted)
{
	struct wanted w = { 0 };
	struct str name, value;
	size_t n = strlen(wanted);

	while (next_param(a, &rest, &name, &value))
		if (name.n >= n && strncasecmp(name.s, wanted, n) == 0 &&
		    (name.n == n || name.s[n] == '*'))
			note_param(&w, (struct str){ name.s + n, name.n - n }, value);
	if (w.extended.s != NULL || w.piece[0].s != NULL)
		return join_pieces(a, &w);
	if (w.plain.s != NULL && strcmp(wanted, "boundary") == 0)
		return arena_dup(a, w.plain.s, w.plain.n); /* bytes to compare, not a text */
	return w.plain.s == NULL ? NULL : mime_words_line(a, w.plain);
}

char *
mime_param(struct arena *a, struct str raw, const char *wanted)
{
	static struct arena scratch; /* 10,000 parts may have 64 KiB of parameters each */
	struct str v;
	const char *semicolon;
	char *found;

	if (raw.s == NULL)
		return NULL;
	v = mime_unfold(&scratch, raw, PARAMS_MAX);
	semicolon = memchr(v.s, ';', v.n);
	if (semicolon == NULL) {
		arena_reset(&scratch);
		return NULL;
	}
	v.n -= (size_t)(semicolon - v.s);
	v.s = semicolon;
	found = arena_strdup(a, find_param(&scratch, v, wanted));
	arena_reset(&scratch);
	return found;
}
