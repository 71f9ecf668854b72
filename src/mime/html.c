/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail HTML -> HTML that may be shown. Nothing of the input is passed on: each token is judged, and what
 * is allowed is written anew, balanced, in quotes. One pass; the only state is the list of open elements. */
#include "mime/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HTML_MAX = 2 << 20, OPEN_MAX = 100 };

enum {
	P = 1,
	ITEM = 2,
	TERM = 4,
	CELL = 8,
	ROW = 16,
	SECTION = 32,
	TABLE = 64,
	LIST = 128,
	LINK = 256,
	VOID = 512,
	BLOCK = 1024, /* ends an open paragraph */
	HEADING = 2048,
	PICTURE = 4096,
};

static const struct element {
	const char *name;
	unsigned is;
	const char *as;
} elements[] = {
	{ "a", LINK, "a" },
	{ "abbr", 0, "abbr" },
	{ "address", BLOCK, "address" },
	{ "article", BLOCK, "article" },
	{ "aside", BLOCK, "aside" },
	{ "b", 0, "b" },
	{ "bdi", 0, "bdi" },
	{ "bdo", 0, "bdo" },
	{ "big", 0, "big" },
	{ "blockquote", BLOCK, "blockquote" },
	{ "body", BLOCK, "div" },
	{ "br", VOID, "br" },
	{ "caption", CELL, "caption" },
	{ "center", BLOCK, "center" },
	{ "cite", 0, "cite" },
	{ "code", 0, "code" },
	{ "col", VOID, "col" },
	{ "colgroup", 0, "colgroup" },
	{ "dd", TERM | BLOCK, "dd" },
	{ "del", 0, "del" },
	{ "details", BLOCK, "div" },
	{ "dfn", 0, "dfn" },
	{ "dir", BLOCK | LIST, "ul" },
	{ "div", BLOCK, "div" },
	{ "dl", BLOCK | LIST, "dl" },
	{ "dt", TERM | BLOCK, "dt" },
	{ "em", 0, "em" },
	{ "fieldset", BLOCK, "div" },
	{ "figcaption", BLOCK, "figcaption" },
	{ "figure", BLOCK, "figure" },
	{ "font", 0, "font" },
	{ "footer", BLOCK, "footer" },
	{ "form", BLOCK, "div" },
	{ "h1", HEADING | BLOCK, "h1" },
	{ "h2", HEADING | BLOCK, "h2" },
	{ "h3", HEADING | BLOCK, "h3" },
	{ "h4", HEADING | BLOCK, "h4" },
	{ "h5", HEADING | BLOCK, "h5" },
	{ "h6", HEADING | BLOCK, "h6" },
	{ "header", BLOCK, "header" },
	{ "hr", VOID | BLOCK, "hr" },
	{ "i", 0, "i" },
	{ "img", VOID | PICTURE, "img" },
	{ "ins", 0, "ins" },
	{ "kbd", 0, "kbd" },
	{ "li", ITEM | BLOCK, "li" },
	{ "main", BLOCK, "main" },
	{ "mark", 0, "mark" },
	{ "menu", BLOCK | LIST, "ul" },
	{ "nav", BLOCK, "nav" },
	{ "ol", BLOCK | LIST, "ol" },
	{ "p", P | BLOCK, "p" },
	{ "pre", BLOCK, "pre" },
	{ "q", 0, "q" },
	{ "s", 0, "s" },
	{ "samp", 0, "samp" },
	{ "section", BLOCK, "section" },
	{ "small", 0, "small" },
	{ "span", 0, "span" },
	{ "strike", 0, "strike" },
	{ "strong", 0, "strong" },
	{ "sub", 0, "sub" },
	{ "summary", BLOCK, "div" },
	{ "sup", 0, "sup" },
	{ "table", TABLE | BLOCK, "table" },
	{ "tbody", SECTION, "tbody" },
	{ "td", CELL, "td" },
	{ "tfoot", SECTION, "tfoot" },
	{ "th", CELL, "th" },
	{ "thead", SECTION, "thead" },
	{ "time", 0, "time" },
	{ "tr", ROW, "tr" },
	{ "tt", 0, "tt" },
	{ "u", 0, "u" },
	{ "ul", BLOCK | LIST, "ul" },
	{ "var", 0, "var" },
	{ "wbr", VOID, "wbr" },
};

enum value { WORD, NUMBER, TEXT };
static const struct attribute {
	const char *name;
	enum value value;
} attributes[] = { { "align", WORD }, { "alt", TEXT }, { "bgcolor", WORD }, { "border", NUMBER },
	{ "cellpadding", NUMBER }, { "cellspacing", NUMBER }, { "clear", WORD }, { "color", WORD },
	{ "colspan", NUMBER }, { "dir", WORD }, { "face", TEXT }, { "height", NUMBER },
	{ "hspace", NUMBER }, { "lang", WORD }, { "nowrap", WORD }, { "rowspan", NUMBER },
	{ "size", NUMBER }, { "span", NUMBER }, { "start", NUMBER }, { "title", TEXT },
	{ "type", WORD }, { "valign", WORD }, { "value", NUMBER }, { "vspace", NUMBER },
	{ "width", NUMBER } };

/* Of one tag; kept, because a block of it stays when it is reset. */
static struct arena scratch;

struct cleaner {
	struct arena *arena;
	struct html_scan scan;
	struct buf out;
	const struct element *open[OPEN_MAX];
	int nopen;
	unsigned over[NELEM(elements)]; /* opened below the depth limit: not written */
	const char *(*picture)(void *, const char *);
	void *arg;
	int remote;
};

static int
compare(const void *key, const void *element)
{
	return strcmp(key, ((const struct element *)element)->name);
}

static void
put_char(struct buf *b, uint32_t c)
{
	switch (c) {
	case '<': buf_puts(b, "&lt;"); break;
	case '>': buf_puts(b, "&gt;"); break;
	case '&': buf_puts(b, "&amp;"); break;
	case '"': buf_puts(b, "&quot;"); break;
	default: text_put(b, c);
	}
}

/* Text goes out with its entities decoded and only the four characters above encoded. */
static void
put_text(struct buf *b, struct str s)
{
	size_t from = 0, used;
	uint32_t c;

	for (size_t i = 0; i < s.n; i += used) {
		used = 1;
		c = (unsigned char)s.s[i];
		if (c != '<' && c != '>' && c != '"' && c != '&')
			continue;
		buf_add(b, s.s + from, i - from);
		if (c == '&') {
			c = mime_html_entity((struct str){ s.s + i, s.n - i }, &used);
			if (c == 0) {
				c = '&';
				used = 1;
			}
		}
		put_char(b, c);
		from = i + used;
	}
	buf_add(b, s.s + from, s.n - from);
}

static void
put_attr(struct cleaner *c, const char *name, const char *value)
{
	buf_printf(&c->out, " %s=\"", name);
	for (; *value != '\0'; value++)
		if (*value == '&')
			buf_puts(&c->out, "&amp;");
		else if (strchr("<>\"", *value) != NULL)
			put_char(&c->out, (uint32_t)*value);
		else
			buf_putc(&c->out, (unsigned char)*value < ' ' ? ' ' : *value);
	buf_putc(&c->out, '"');
}

/* --- attributes --- */
static bool
fits(enum value kind, const char *v)
{
	size_t n = strlen(v);

	if (kind == TEXT)
		return n <= 1000;
	if (kind == NUMBER)
		return n > 0 && n <= 6 && strspn(v, "0123456789.%px+-") == n;
	return n <= 30 &&
	       strspn(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#-") == n;
}

/* An address without the blanks and controls that browsers ignore in it. */
static char *
tidy_address(struct arena *a, const char *v)
{
	char *s = arena_strdup(a, v);
	size_t n = 0;

	while (*v != '\0' && (unsigned char)*v <= ' ')
		v++;
	for (; *v != '\0'; v++)
		if ((unsigned char)*v >= ' ' && *v != 0x7f)
			s[n++] = *v;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
	return s;
}

static bool
has_scheme(const char *v, const char *scheme)
{
	return strncasecmp(v, scheme, strlen(scheme)) == 0;
}

static void
put_link(struct cleaner *c)
{
	char *v = mime_html_attr(&scratch, &c->scan, "href");

	if (v == NULL || strlen(v) > 16384)
		return;
	v = tidy_address(&scratch, v);
	if (has_scheme(v, "//"))
		v = arena_printf(&scratch, "https:%s", v);
	if (!has_scheme(v, "http://") && !has_scheme(v, "https://") && !has_scheme(v, "mailto:") &&
	    !has_scheme(v, "tel:"))
		return;
	put_attr(c, "href", v);
	buf_puts(&c->out, " rel=\"noopener noreferrer\" target=\"_blank\"");
}

static char *
percent_decode(struct arena *a, const char *v)
{
	static const char digits[] = "0123456789abcdef";
	struct buf b = { .arena = a };
	const char *h, *l;

	for (; *v != '\0'; v++) {
		if (*v == '%' && v[1] != '\0' && v[2] != '\0' &&
		    (h = strchr(digits, v[1] | 32)) != NULL &&
		    (l = strchr(digits, v[2] | 32)) != NULL &&
		    (h - digits) * 16 + (l - digits) >= ' ') {
			buf_putc(&b, (char)((h - digits) * 16 + (l - digits)));
			v += 2;
		} else {
			buf_putc(&b, *v);
		}
	}
	return b.s == NULL ? arena_strdup(a, "") : b.s;
}

static void
put_picture(struct cleaner *c)
{
	char *v = mime_html_attr(&scratch, &c->scan, "src");
	const char *shown = NULL;
	bool remote;

	if (v == NULL || strlen(v) > 16384)
		return;
	v = tidy_address(&scratch, v);
	if (has_scheme(v, "//"))
		v = arena_printf(&scratch, "https:%s", v);
	remote = has_scheme(v, "http://") || has_scheme(v, "https://");
	if (has_scheme(v, "cid:"))
		v = percent_decode(&scratch, v + 4);
	else if (!remote)
		return;
	if (c->picture != NULL)
		shown = c->picture(c->arg, v);
	c->remote += remote;
	if (shown != NULL)
		put_attr(c, "src", shown);
	else if (remote)
		put_attr(c, "data-remote", v);
}

static void
put_style(struct cleaner *c)
{
	char *v = mime_html_attr(&scratch, &c->scan, "style"), *bg;
	struct buf b = { .arena = &scratch };

	if (v != NULL && strlen(v) <= 16384) {
		c->remote += mime_css_clean(&b, v);
		if (b.n > 0)
			put_attr(c, "style", b.s);
	}
	bg = mime_html_attr(&scratch, &c->scan, "background");
	c->remote += bg != NULL && *bg != '\0';
}

static void
put_attributes(struct cleaner *c, const struct element *e)
{
	for (size_t i = 0; i < NELEM(attributes); i++) {
		char *v = mime_html_attr(&scratch, &c->scan, attributes[i].name);

		if (v != NULL && fits(attributes[i].value, v))
			put_attr(c, attributes[i].name, v);
	}
	put_style(c);
	if ((e->is & LINK) != 0)
		put_link(c);
	if ((e->is & PICTURE) != 0)
		put_picture(c);
	if (mime_html_is_quote(&c->scan))
		buf_puts(&c->out, " data-quote=\"1\"");
}

/* --- elements --- */
static void
close_to(struct cleaner *c, int depth)
{
	while (c->nopen > depth) {
		buf_puts(&c->out, "</");
		buf_puts(&c->out, c->open[--c->nopen]->as);
		buf_putc(&c->out, '>');
	}
}

/* Close the innermost open element that is one of these, unless a barrier lies between. */
static void
close_nearest(struct cleaner *c, unsigned what, unsigned barrier)
{
	for (int i = c->nopen - 1; i >= 0; i--) {
		if ((c->open[i]->is & what) != 0) {
			close_to(c, i);
			return;
		}
		if ((c->open[i]->is & barrier) != 0)
			return;
	}
}

/* What a start tag ends by itself (HTML 13.2.6.4.7, the part that mail needs). */
static void
close_implied(struct cleaner *c, const struct element *e)
{
	if ((e->is & BLOCK) != 0)
		close_nearest(c, P, CELL | TABLE | ITEM | TERM);
	if ((e->is & ITEM) != 0)
		close_nearest(c, ITEM, LIST | CELL | TABLE);
	if ((e->is & TERM) != 0)
		close_nearest(c, TERM, LIST | CELL | TABLE);
	if ((e->is & HEADING) != 0 && c->nopen > 0 && (c->open[c->nopen - 1]->is & HEADING) != 0)
		close_to(c, c->nopen - 1);
	if ((e->is & LINK) != 0)
		close_nearest(c, LINK, CELL | TABLE);
	if ((e->is & CELL) != 0)
		close_nearest(c, CELL, ROW | SECTION | TABLE);
	if ((e->is & ROW) != 0)
		close_nearest(c, ROW, TABLE);
	if ((e->is & SECTION) != 0)
		close_nearest(c, SECTION, TABLE);
}

static void
open_element(struct cleaner *c, const struct element *e)
{
	close_implied(c, e);
	if ((e->is & VOID) == 0 && c->nopen == OPEN_MAX) {
		c->over[e - elements]++;
		return;
	}
	buf_putc(&c->out, '<');
	buf_puts(&c->out, e->as);
	if (c->scan.nattrs > 0) {
		put_attributes(c, e);
		arena_reset(&scratch);
	}
	buf_putc(&c->out, '>');
	if ((e->is & VOID) == 0)
		c->open[c->nopen++] = e;
}

/* An end tag closes its own element, and never a table from inside one of its cells. */
static void
close_element(struct cleaner *c, const struct element *e)
{
	unsigned barrier = CELL | TABLE;

	if (strcmp(e->name, "br") == 0) {
		buf_puts(&c->out, "<br>");
		return;
	}
	if (c->over[e - elements] > 0) {
		c->over[e - elements]--;
		return;
	}
	if ((e->is & TABLE) != 0)
		barrier = 0;
	else if ((e->is & (CELL | ROW | SECTION)) != 0)
		barrier = TABLE;
	for (int i = c->nopen - 1; i >= 0; i--) {
		if (c->open[i] == e) {
			close_to(c, i);
			return;
		}
		if ((c->open[i]->is & barrier) != 0)
			return;
	}
}

struct str
html_clean(struct arena *a, struct str html, const char *(*picture)(void *, const char *),
    void *arg, int *remote)
{
	struct cleaner c = { .arena = a, .picture = picture, .arg = arg };
	const struct element *e;

	c.out.arena = a;
	html.n = html.n < HTML_MAX ? html.n : HTML_MAX;
	mime_html_begin(&c.scan, html);
	while (mime_html_next(&c.scan) != HTML_END) {
		if (c.scan.kind == HTML_TEXT) {
			put_text(&c.out, c.scan.text);
			continue;
		}
		e = bsearch(c.scan.name, elements, NELEM(elements), sizeof(*elements), compare);
		if (e != NULL && c.scan.kind == HTML_OPEN)
			open_element(&c, e);
		else if (e != NULL)
			close_element(&c, e);
	}
	close_to(&c, 0);
	if (remote != NULL)
		*remote = c.remote;
	return buf_str(&c.out);
}
