/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Office documents: archives of XML, of which some entries hold what people wrote. Of any other archive the names of
 * its entries are what can be searched. */
#include <string.h>

#include "index/extract.h"

/* Names of entries with words in them; one that ends in '*' is a beginning. */
static const char *const written[] = { "word/document.xml", "word/header*", "word/footer*",
	"word/footnotes.xml", "word/endnotes.xml", "word/comments.xml", "xl/sharedStrings.xml",
	"xl/worksheets/sheet*", "xl/comments*", "ppt/slides/slide*", "ppt/notesSlides/notes*",
	"content.xml" };
/* Elements behind which a word ends. */
static const char *const breaks[] = { "p", "h", "br", "cr", "tab", "s", "row", "c", "si", "is",
	"table-cell", "table-row", "line-break", "list-item", "tc", "tr" };
/* Elements whose text nobody sees. */
static const char *const unseen[] = { "instrText", "delInstrText", "f", "binData", "creation-date",
	"date-string" };

static bool
is_written(const struct zip_entry *e)
{
	for (size_t i = 0; i < NELEM(written); i++) {
		size_t n = strlen(written[i]);
		bool is_begin = written[i][n - 1] == '*';

		if (is_begin ? e->name_size >= n && memcmp(e->name, written[i], n - 1) == 0
			     : e->name_size == n && memcmp(e->name, written[i], n) == 0)
			return true;
	}
	return false;
}

static bool
is_among(struct str name, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(v[i]) == name.n && memcmp(v[i], name.s, name.n) == 0)
			return true;
	return false;
}

struct tag {
	struct str name; /* without its prefix */
	bool closes, is_empty;
	bool shares; /* <c t="s">: its value is a number of a text elsewhere */
};

/* The tag at s[*at] == '<'; *at goes behind it. */
static struct tag
read_tag(struct str xml, size_t *at)
{
	size_t from = *at + 1, end = from, colon;
	const char *close;
	struct tag t = { 0 };

	close = memchr(xml.s + from, '>', xml.n - from);
	*at = close == NULL ? xml.n : (size_t)(close - xml.s) + 1;
	if (from < xml.n && xml.s[from] == '/') {
		t.closes = true;
		end = ++from;
	}
	for (colon = from; end < *at && strchr(" \t\r\n/>", xml.s[end]) == NULL; end++)
		if (xml.s[end] == ':')
			colon = end + 1;
	t.name = (struct str){ xml.s + colon, end > colon ? end - colon : 0 };
	t.is_empty = close != NULL && close > xml.s + from && close[-1] == '/';
	t.shares = t.name.n == 1 && *t.name.s == 'c' &&
		   memmem(xml.s + end, *at - end, " t=\"s\"", 6) != NULL;
	return t;
}

static size_t
put_entity(struct buf *b, const char *s, size_t n)
{
	static const struct {
		const char *name, *is;
	} known[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" },
		{ "&apos;", "'" } };
	uint32_t cp = 0;
	size_t i = 2, base = 10;

	for (size_t k = 0; k < NELEM(known); k++)
		if (n >= strlen(known[k].name) &&
		    memcmp(s, known[k].name, strlen(known[k].name)) == 0) {
			buf_puts(b, known[k].is);
			return strlen(known[k].name);
		}
	if (n > 2 && s[1] == '#' && s[2] == 'x') {
		base = 16;
		i = 3;
	}
	for (; n > 2 && s[1] == '#' && i < n && i < 12 && s[i] != ';'; i++) {
		const char *digits = "0123456789abcdefABCDEF", *d = strchr(digits, s[i]);

		if (s[i] == '\0' || d == NULL)
			break;
		cp =
		    cp * (uint32_t)base + (uint32_t)(d - digits > 15 ? d - digits - 6 : d - digits);
	}
	if (cp >= ' ' && cp <= 0x10ffff && i < n && s[i] == ';') {
		text_put(b, cp);
		return i + 1;
	}
	buf_putc(b, '&');
	return 1;
}

static size_t
put_text(struct buf *b, struct str xml, size_t at)
{
	while (at < xml.n && xml.s[at] != '<' && b->n < EXTRACT_TEXT) {
		if (xml.s[at] == '&') {
			at += put_entity(b, xml.s + at, xml.n - at);
		} else {
			const char *stop = xml.s + at;
			size_t n = 0;

			while (
			    at + n < xml.n && n < EXTRACT_TEXT && stop[n] != '<' && stop[n] != '&')
				n++;
			buf_add(b, stop, n);
			at += n;
		}
	}
	return at;
}

static void
end_word(struct buf *b, const struct tag *t)
{
	bool is_inline = t->name.n == 1 && (*t->name.s == 's' || *t->name.s == 'c');

	if (b->n > 0 && b->s[b->n - 1] != '\n' && b->s[b->n - 1] != ' ')
		buf_putc(b, is_inline ? ' ' : '\n');
}

void
index_read_xml(struct buf *b, struct str xml)
{
	bool hides = false, shares = false;

	for (size_t at = 0; at < xml.n && b->n < EXTRACT_TEXT;) {
		if (xml.s[at] == '<') {
			struct tag t = read_tag(xml, &at);

			if (t.name.n == 1 && *t.name.s == 'c')
				shares = t.shares;
			hides = !t.closes && !t.is_empty &&
				(is_among(t.name, unseen, NELEM(unseen)) ||
				    (shares && t.name.n == 1 && *t.name.s == 'v'));
			/* A word may lie in several <w:t>: what was formatted or corrected apart. */
			if ((t.closes || t.is_empty) && is_among(t.name, breaks, NELEM(breaks)))
				end_word(b, &t);
		} else if (hides) {
			while (at < xml.n && xml.s[at] != '<')
				at++;
		} else {
			at = put_text(b, xml, at);
		}
	}
}

void
index_read_zip(struct buf *b, struct str raw)
{
	struct zip_entry *v;
	size_t n = index_zip_entries(b->arena, raw, &v);
	static struct arena own; /* an entry is forgotten before the next is unpacked */
	bool any = false;

	for (size_t i = 0; i < n && b->n < EXTRACT_TEXT; i++) {
		if (!is_written(&v[i]))
			continue;
		index_read_xml(b, index_zip_open(&own, raw, &v[i]));
		any = true;
		arena_reset(&own);
	}
	for (size_t i = 0; i < n && !any && b->n < EXTRACT_TEXT; i++) {
		buf_add(b, v[i].name, v[i].name_size);
		buf_putc(b, '\n');
	}
}
