/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rich Text Format: its words, without tables of fonts, pictures and fields. */
#include <stdlib.h>
#include <string.h>

#include "index/extract.h"

enum { DEPTH = 64, WORD = 32 };

struct rtf {
	struct buf *out;
	struct str raw;
	size_t at;
	struct {
		bool hides;
		int skips; /* \ucN: so many bytes behind a \u say the same to old readers */
	} group[DEPTH];
	size_t depth; /* groups deeper than DEPTH are read like the deepest */
	int left;     /* ... of the last \u */
};

/* Destinations that are no text of the document. */
static const char *const hidden[] = { "fonttbl", "colortbl", "stylesheet", "info", "pict", "object",
	"themedata", "colorschememapping", "datastore", "listtable", "listoverridetable", "rsidtbl",
	"generator", "fldinst", "latentstyles", "xmlnstbl", "bkmkstart", "bkmkend" };

static const struct {
	const char *word, *text;
} signs[] = { { "par", "\n" }, { "line", "\n" }, { "row", "\n" }, { "page", "\n" },
	{ "sect", "\n" }, { "tab", " " }, { "cell", " " }, { "emdash", "—" }, { "endash", "–" },
	{ "lquote", "‘" }, { "rquote", "’" }, { "ldblquote", "“" }, { "rdblquote", "”" },
	{ "bullet", "•" } };

static size_t
level(const struct rtf *r)
{
	return r->depth < DEPTH ? r->depth : DEPTH - 1;
}

static void
put_byte(struct rtf *r, unsigned char c)
{
	if (r->left > 0)
		r->left--;
	else if (!r->group[level(r)].hides)
		index_put_1252(r->out, c);
}

static void
put_unicode(struct rtf *r, long v)
{
	uint32_t cp = (uint32_t)(v < 0 ? v + 65536 : v);

	if (!r->group[level(r)].hides && cp >= ' ' && cp < 0xd800)
		text_put(r->out, cp);
	r->left = r->group[level(r)].skips;
}

static void
obey(struct rtf *r, const char *word, long value, bool has_value)
{
	for (size_t i = 0; i < NELEM(hidden); i++)
		if (strcmp(word, hidden[i]) == 0)
			r->group[level(r)].hides = true;
	if (strcmp(word, "u") == 0 && has_value)
		put_unicode(r, value);
	else if (strcmp(word, "uc") == 0 && value >= 0 && value < 16)
		r->group[level(r)].skips = (int)value;
	else if (strcmp(word, "bin") == 0 && value > 0)
		r->at = (size_t)value < r->raw.n - r->at ? r->at + (size_t)value : r->raw.n;
	for (size_t i = 0; i < NELEM(signs) && !r->group[level(r)].hides; i++)
		if (strcmp(word, signs[i].word) == 0)
			buf_puts(r->out, signs[i].text);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* \word, \word-12, with the blank that ends it. */
static void
read_word(struct rtf *r)
{
	char word[WORD] = "", digits[12] = "";
	size_t n = 0, d = 0;

	for (; r->at < r->raw.n && is_letter(r->raw.s[r->at]); r->at++)
		if (n + 1 < sizeof word)
			word[n++] = r->raw.s[r->at];
	for (; r->at < r->raw.n && ((d == 0 && r->raw.s[r->at] == '-') ||
				       (r->raw.s[r->at] >= '0' && r->raw.s[r->at] <= '9'));
	     r->at++)
		if (d + 1 < sizeof digits)
			digits[d++] = r->raw.s[r->at];
	if (r->at < r->raw.n && r->raw.s[r->at] == ' ')
		r->at++;
	obey(r, word, strtol(digits, NULL, 10), d > 0);
}

/* What stands behind a backslash. */
static void
read_control(struct rtf *r)
{
	char c = r->at < r->raw.n ? r->raw.s[r->at] : '\0';

	if (is_letter(c)) {
		read_word(r);
		return;
	}
	r->at++;
	if (c == '\'' && r->at + 2 <= r->raw.n) {
		char hex[3] = { r->raw.s[r->at], r->raw.s[r->at + 1], 0 };

		r->at += 2;
		put_byte(r, (unsigned char)strtol(hex, NULL, 16));
	} else if (c == '*') {
		r->group[level(r)].hides = true;
	} else if (c == '\\' || c == '{' || c == '}') {
		put_byte(r, (unsigned char)c);
	} else if (c == '~') {
		put_byte(r, ' ');
	} else if (c == '_') {
		put_byte(r, '-');
	} else if (c == '\n' || c == '\r') {
		put_byte(r, '\n');
	}
}

void
index_read_rtf(struct buf *b, struct str raw)
{
	struct rtf r = { .out = b, .raw = raw, .group = { [0] = { .skips = 1 } } };

	while (r.at < raw.n && b->n < EXTRACT_TEXT) {
		char c = raw.s[r.at++];

		if (c == '{') {
			size_t above = level(&r);

			r.depth++;
			r.group[level(&r)] = r.group[above];
		} else if (c == '}') {
			r.depth -= r.depth > 0;
			r.left = 0;
		} else if (c == '\\') {
			read_control(&r);
		} else if (c != '\r' && c != '\n') {
			put_byte(&r, (unsigned char)c);
		}
	}
}
