/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed RTF (MS-OXRTFCP), and what is written in it: the HTML that Outlook wrapped into it (MS-OXRTFEX), or
 * its text. One pass, output in proportion to the input. */
#include "mime/private.h"

#include <stdio.h>
#include <string.h>

enum { WINDOW = 4096, RTF_MAX = 8 << 20, DEPTH = 100, WORD = 32 };

/* What the window of the compression holds at the beginning. */
static const char preset[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0"
    "\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

static uint32_t
number(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void
expand(struct buf *out, const char *p, const char *end, size_t max)
{
	char window[WINDOW] = { 0 };
	size_t at = sizeof(preset) - 1;

	memcpy(window, preset, at);
	while (p < end) {
		unsigned flags = (unsigned char)*p++;

		for (int i = 0; i < 8 && p < end && out->n < max; i++, flags >>= 1) {
			unsigned from, n = 1;

			if ((flags & 1) != 0) {
				if (end - p < 2)
					return;
				from = (unsigned char)p[0] << 4 | (unsigned char)p[1] >> 4;
				n = ((unsigned char)p[1] & 15u) + 2;
				p += 2;
				if (from == at)
					return; /* the end */
			} else {
				from = (unsigned)at;
				window[at] = *p++;
			}
			for (; n > 0; n--, from = (from + 1) % WINDOW, at = (at + 1) % WINDOW) {
				window[at] = window[from];
				buf_putc(out, window[at]);
			}
		}
		if (out->n >= max)
			return;
	}
}

struct str
mime_rtf_expand(struct arena *a, struct str s)
{
	struct buf out = { .arena = a };
	size_t size;

	if (s.n < 16)
		return (struct str){ NULL, 0 };
	size = number(s.s + 4) < RTF_MAX ? number(s.s + 4) : RTF_MAX;
	if (number(s.s + 8) == 0x414c454d)
		return (struct str){ s.s + 16, s.n - 16 < size ? s.n - 16 : size };
	if (number(s.s + 8) != 0x75465a4c)
		return (struct str){ NULL, 0 };
	expand(&out, s.s + 16, s.s + s.n, size);
	return buf_str(&out);
}

/* --- reading --- */
struct group {
	bool skip, tag; /* nobody's words; an HTML tag */
	bool off;       /* only for readers of RTF, the HTML says it too */
	int uc;         /* characters that stand in for one \u */
};
struct rtf {
	struct buf out, bytes; /* bytes: in the codepage, not converted yet */
	const char *p, *end;
	struct group g[DEPTH];
	int depth, deeper; /* groups beyond DEPTH are passed over */
	int standing;      /* characters to leave out behind \u */
	uint32_t codepage, high;
	bool star, html;
};

static void
flush(struct rtf *r)
{
	char label[20];

	if (r->bytes.n == 0)
		return;
	snprintf(label, sizeof(label), "cp%u", r->codepage);
	mime_charset_add(&r->out, (struct str){ label, strlen(label) }, buf_str(&r->bytes));
	r->bytes.n = 0;
}

static bool
is_silent(const struct rtf *r)
{
	const struct group *g = &r->g[r->depth];

	return r->deeper > 0 || g->skip || (g->off && !g->tag);
}

static void
put_byte(struct rtf *r, char c)
{
	if (r->standing > 0) {
		r->standing--;
		return;
	}
	if (is_silent(r))
		return;
	if (r->html && !r->g[r->depth].tag && (c == '<' || c == '>' || c == '&')) {
		flush(r);
		buf_puts(&r->out, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
	} else {
		buf_putc(&r->bytes, c);
	}
}

static void
put_code(struct rtf *r, uint32_t c)
{
	if (is_silent(r))
		return;
	flush(r);
	if (c >= 0xd800 && c < 0xdc00) {
		r->high = c;
		return;
	}
	if (c >= 0xdc00 && c < 0xe000)
		c = r->high == 0 ? 0xfffd : 0x10000 + ((r->high - 0xd800) << 10) + (c - 0xdc00);
	r->high = 0;
	text_put(&r->out, c);
}

static bool
is_one_of(const char *word, const char *list)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p++)
		if (p > list && p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

static void
control_word(struct rtf *r, const char *w, bool has_value, long value)
{
	struct group *g = &r->g[r->depth];
	bool star = r->star;

	r->star = false;
	if (strcmp(w, "htmltag") == 0)
		g->tag = true;
	else if (star ||
		 is_one_of(w, " fonttbl colortbl stylesheet info pict object mhtmltag header "
			      "footer generator listtable listoverridetable themedata "))
		g->skip = true;
	else if (strcmp(w, "fromhtml") == 0)
		r->html = true;
	else if (strcmp(w, "htmlrtf") == 0)
		g->off = !has_value || value != 0;
	else if (strcmp(w, "par") == 0 || strcmp(w, "line") == 0)
		put_byte(r, '\n');
	else if (strcmp(w, "tab") == 0)
		put_byte(r, '\t');
	else if (strcmp(w, "ansicpg") == 0 && value > 0 && value < 70000)
		r->codepage = (uint32_t)value;
	else if (strcmp(w, "uc") == 0)
		g->uc = value < 0 || value > 8 ? 1 : (int)value;
	else if (strcmp(w, "u") == 0) {
		put_code(r, (uint32_t)(value < 0 ? value + 65536 : value) & 0xffff);
		r->standing = g->uc;
	} else if (strcmp(w, "bin") == 0 && value > 0)
		r->p = value < r->end - r->p ? r->p + value : r->end;
	else if (is_one_of(w, " lquote rquote "))
		put_code(r, w[0] == 'l' ? 0x2018 : 0x2019);
	else if (is_one_of(w, " ldblquote rdblquote "))
		put_code(r, w[0] == 'l' ? 0x201c : 0x201d);
	else if (is_one_of(w, " endash emdash bullet "))
		put_code(r, w[0] == 'b' ? 0x2022 : w[1] == 'n' ? 0x2013 : 0x2014);
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

static void
control_symbol(struct rtf *r, char c)
{
	if (c == '*') {
		r->star = true;
	} else if (c == '\'' && r->end - r->p >= 2 && hex(r->p[0]) >= 0 && hex(r->p[1]) >= 0) {
		put_byte(r, (char)(hex(r->p[0]) << 4 | hex(r->p[1])));
		r->p += 2;
	} else if (c == '~') {
		put_code(r, 0xa0);
	} else if (c == '_') {
		put_byte(r, '-');
	} else if (c == '\\' || c == '{' || c == '}') {
		put_byte(r, c);
	} else if (c == '\n' || c == '\r') {
		put_byte(r, '\n');
	}
}

/* Behind a backslash. */
static void
control(struct rtf *r)
{
	char word[WORD + 1];
	size_t n = 0;
	bool minus, has_value = false;
	long value = 0;

	while (r->p < r->end && (*r->p | 32) >= 'a' && (*r->p | 32) <= 'z') {
		if (n < WORD)
			word[n++] = *r->p;
		r->p++;
	}
	word[n] = '\0';
	if (n == 0) {
		if (r->p < r->end)
			control_symbol(r, *r->p++);
		return;
	}
	minus = r->p < r->end && *r->p == '-';
	r->p += minus;
	while (r->p < r->end && *r->p >= '0' && *r->p <= '9') {
		value = value < 100000000 ? value * 10 + (*r->p - '0') : value;
		has_value = true;
		r->p++;
	}
	if (r->p < r->end && *r->p == ' ')
		r->p++;
	control_word(r, word, has_value, minus ? -value : value);
}

static void
open_group(struct rtf *r)
{
	if (r->depth == DEPTH - 1) {
		r->deeper++;
		return;
	}
	r->g[r->depth + 1] = r->g[r->depth];
	r->g[++r->depth].tag = false;
	r->star = false;
}

static void
close_group(struct rtf *r)
{
	if (r->deeper > 0)
		r->deeper--;
	else if (r->depth > 0)
		r->depth--;
	r->standing = 0;
}

char *
mime_rtf_read(struct arena *a, struct str s, uint32_t codepage, bool *html)
{
	struct rtf *r = arena_alloc(a, sizeof(*r));

	r->out.arena = r->bytes.arena = a;
	r->p = s.s;
	r->end = s.s + s.n;
	r->codepage = codepage == 0 ? 1252 : codepage;
	r->g[0].uc = 1;
	while (r->p < r->end) {
		char c = *r->p++;

		if (c == '\\')
			control(r);
		else if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c != '\r' && c != '\n' && c != '\0')
			put_byte(r, c);
	}
	flush(r);
	*html = r->html;
	return text_clean(a, r->out.s == NULL ? "" : r->out.s, r->out.n);
}
