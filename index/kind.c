/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of file it is, and our own readers of those that are text. */
#include <string.h>

#include "index/extract.h"
#include "mime/mime.h"

static const struct {
	const char *ending;
	enum extract_kind kind;
} endings[] = { { ".txt", EXTRACT_PLAIN }, { ".csv", EXTRACT_PLAIN }, { ".tsv", EXTRACT_PLAIN },
	{ ".log", EXTRACT_PLAIN }, { ".md", EXTRACT_PLAIN }, { ".json", EXTRACT_PLAIN },
	{ ".xml", EXTRACT_PLAIN }, { ".ics", EXTRACT_PLAIN }, { ".vcf", EXTRACT_PLAIN },
	{ ".htm", EXTRACT_HTML }, { ".html", EXTRACT_HTML }, { ".xhtml", EXTRACT_HTML },
	{ ".eml", EXTRACT_MAIL } };

static bool
begins(struct str raw, const char *with, size_t n)
{
	return raw.n >= n && memcmp(raw.s, with, n) == 0;
}

static bool
has(struct str raw, const char *what, size_t n)
{
	return memmem(raw.s, raw.n, what, n) != NULL;
}

/* Office files before 2007 are little file systems: the names in them are UTF-16. */
static enum extract_kind
compound_kind(struct str raw)
{
	if (has(raw, "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t", 23))
		return EXTRACT_WORD;
	if (has(raw, "W\0o\0r\0k\0b\0o\0o\0k", 15) || has(raw, "B\0o\0o\0k\0\0\0", 10))
		return EXTRACT_EXCEL;
	if (has(raw, "P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c", 27))
		return EXTRACT_SLIDES;
	return EXTRACT_NONE;
}

/* NULs are in no text but UTF-16. */
static bool
is_text(struct str raw)
{
	size_t look = raw.n < 4096 ? raw.n : 4096;

	return begins(raw, "\xff\xfe", 2) || begins(raw, "\xfe\xff", 2) ||
	       memchr(raw.s, '\0', look) == NULL;
}

static enum extract_kind
text_kind(struct str raw, const char *name, const char *type)
{
	size_t n = strlen(name);

	if (strcmp(type, "message/rfc822") == 0)
		return EXTRACT_MAIL;
	if (strcmp(type, "text/html") == 0 || strcmp(type, "application/xhtml+xml") == 0)
		return EXTRACT_HTML;
	for (size_t i = 0; i < NELEM(endings); i++) {
		size_t k = strlen(endings[i].ending);

		if (n >= k && text_same(name + n - k, endings[i].ending))
			return endings[i].kind;
	}
	if (begins(raw, "<!DOCTYPE html", 14) || begins(raw, "<html", 5))
		return EXTRACT_HTML;
	return text_starts(type, "text/") ? EXTRACT_PLAIN : EXTRACT_NONE;
}

enum extract_kind
index_kind(struct str raw, const char *name, const char *type)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum extract_kind kind;
	} magic[] = { { "PK\3\4", 4, EXTRACT_ZIP }, { "{\\rtf", 5, EXTRACT_RTF },
		{ "\x89PNG", 4, EXTRACT_PICTURE }, { "\xff\xd8\xff", 3, EXTRACT_PICTURE },
		{ "II*\0", 4, EXTRACT_PICTURE }, { "MM\0*", 4, EXTRACT_PICTURE } };

	for (size_t i = 0; i < NELEM(magic); i++)
		if (begins(raw, magic[i].bytes, magic[i].n))
			return magic[i].kind;
	if (begins(raw, "\xd0\xcf\x11\xe0", 4))
		return compound_kind(raw);
	/* Some writers put something before it. */
	if (has((struct str){ raw.s, raw.n < 1024 ? raw.n : 1024 }, "%PDF-", 5))
		return EXTRACT_PDF;
	return raw.n > 0 && is_text(raw) ? text_kind(raw, name, type) : EXTRACT_NONE;
}

void
index_put_1252(struct buf *b, unsigned char c)
{
	static const uint16_t high[32] = { 0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d,
		0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178 };

	text_put(b, c >= 0x80 && c < 0xa0 ? high[c - 0x80] == 0 ? ' ' : high[c - 0x80] : c);
}

static void
read_utf16(struct buf *b, struct str raw, bool big)
{
	for (size_t i = 2; i + 1 < raw.n && b->n < EXTRACT_TEXT; i += 2) {
		unsigned char x = (unsigned char)raw.s[i], y = (unsigned char)raw.s[i + 1];
		uint32_t cp = big ? (uint32_t)(x << 8 | y) : (uint32_t)(y << 8 | x);

		if (cp < 0xd800 || cp > 0xdfff)
			text_put(b, cp);
	}
}

void
index_read_plain(struct buf *b, struct str raw)
{
	/* The cut may fall into a character. */
	size_t n = raw.n < EXTRACT_TEXT ? raw.n : EXTRACT_TEXT, tail = n < raw.n ? 3 : 0;

	if (begins(raw, "\xff\xfe", 2) || begins(raw, "\xfe\xff", 2)) {
		read_utf16(b, raw, raw.s[0] == '\xfe');
		return;
	}
	while (tail > 0 && !text_valid(raw.s, n)) {
		tail--;
		n--;
	}
	if (text_valid(raw.s, n))
		buf_add(b, raw.s, n);
	else
		for (size_t i = 0; i < n && b->n < EXTRACT_TEXT; i++)
			index_put_1252(b, (unsigned char)raw.s[i]);
}

static void
read_html(struct buf *b, struct str raw)
{
	struct buf utf8 = { .arena = b->arena };

	index_read_plain(&utf8, raw);
	if (utf8.n > 0)
		buf_puts(b, html_text(b->arena, buf_str(&utf8)));
}

static void
put_line(struct buf *b, const char *text)
{
	if (text != NULL && *text != '\0') {
		buf_puts(b, text);
		buf_putc(b, '\n');
	}
}

static void
read_mail(struct buf *b, struct str raw)
{
	const struct mail *m = mime_read(b->arena, raw);

	put_line(b, m->subject);
	for (size_t i = 0; i < m->from.n; i++) {
		put_line(b, m->from.v[i].name);
		put_line(b, m->from.v[i].email);
	}
	put_line(b, m->visible);
	put_line(b, m->folded);
	if (m->text == NULL && m->page != NULL)
		put_line(b, html_text(b->arena, (struct str){ m->page, strlen(m->page) }));
	for (size_t i = 0; i < m->nparts; i++)
		put_line(b, m->parts[i].name);
}

char *
index_read(struct arena *a, enum extract_kind kind, struct str raw)
{
	struct buf b = { .arena = a };

	switch (kind) {
	case EXTRACT_PLAIN: index_read_plain(&b, raw); break;
	case EXTRACT_HTML: read_html(&b, raw); break;
	case EXTRACT_MAIL: read_mail(&b, raw); break;
	case EXTRACT_RTF: index_read_rtf(&b, raw); break;
	case EXTRACT_ZIP: index_read_zip(&b, raw); break;
	default: break;
	}
	return text_clean(a, b.n == 0 ? "" : b.s, b.n < EXTRACT_TEXT ? b.n : EXTRACT_TEXT);
}
