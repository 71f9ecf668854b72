/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail HTML -> HTML that may be shown. Nothing of the input is passed on: each token is judged, and what
 * is allowed is written anew, balanced, in quotes. One pass; the only state is the list of open elements. */
#include "mime/private.h"

#include <stdlib.h>
#include <string.h>

enum { HTML_MAX = 2 << 20 };

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
	BODY = 8192,
};

static const struct element {
	const char *name;
	unsigned is;
	const char *as;
} elements[] = {
	{ "a", LINK, "a" },
	{ "abbr", 0, "abbr" },
	{ "acronym", 0, "abbr" },
	{ "address", BLOCK, "address" },
	{ "article", BLOCK, "article" },
	{ "aside", BLOCK, "aside" },
	{ "b", 0, "b" },
	{ "bdi", 0, "bdi" },
	{ "bdo", 0, "bdo" },
	{ "big", 0, "big" },
	{ "blockquote", BLOCK, "blockquote" },
	{ "body", BLOCK | BODY, "div" },
	{ "br", VOID, "br" },
	{ "button", 0, "span" },
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
	{ "label", 0, "span" },
	{ "legend", BLOCK, "div" },
	{ "li", ITEM | BLOCK, "li" },
	{ "main", BLOCK, "main" },
	{ "mark", 0, "mark" },
	{ "menu", BLOCK | LIST, "ul" },
	{ "nav", BLOCK, "nav" },
	{ "nobr", 0, "span" },
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

struct cleaner {
	struct html_out to;
	const struct element *open[HTML_DEEP];
	int nopen;
	bool body_ended;
	unsigned over[NELEM(elements)]; /* opened below the depth limit: not written */
};

static int
compare(const void *key, const void *element)
{
	return strcmp(key, ((const struct element *)element)->name);
}

void
mime_html_put_char(struct buf *b, uint32_t c)
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
		mime_html_put_char(b, c);
		from = i + used;
	}
	buf_add(b, s.s + from, s.n - from);
}

/* --- elements --- */
static void
close_to(struct cleaner *c, int depth)
{
	while (c->nopen > depth) {
		const struct element *e = c->open[--c->nopen];

		if ((e->is & LINK) != 0)
			mime_html_link_end(&c->to);
		buf_puts(&c->to.out, "</");
		buf_puts(&c->to.out, e->as);
		buf_putc(&c->to.out, '>');
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
	if ((e->is & BODY) != 0 && c->body_ended) {
		close_nearest(c, BODY, 0);
		c->body_ended = false;
	}
	close_implied(c, e);
	if ((e->is & VOID) == 0 && c->nopen == HTML_DEEP) {
		c->over[e - elements]++;
		return;
	}
	c->to.depth = c->nopen;
	mime_sheet_who(&c->to.path[c->nopen], &c->to.scan, e->name);
	buf_putc(&c->to.out, '<');
	buf_puts(&c->to.out, e->as);
	if (c->to.scan.nattrs > 0 || c->to.sheet.nrules > 0)
		mime_html_attributes(&c->to, (e->is & LINK) != 0, (e->is & PICTURE) != 0);
	buf_putc(&c->to.out, '>');
	if ((e->is & LINK) != 0)
		mime_html_link_begin(&c->to);
	if ((e->is & VOID) == 0)
		c->open[c->nopen++] = e;
}

/* An end tag closes its own element, and never a table from inside one of its cells. */
static void
close_element(struct cleaner *c, const struct element *e)
{
	unsigned barrier = CELL | TABLE;

	if (strcmp(e->name, "br") == 0) {
		buf_puts(&c->to.out, "<br>");
		return;
	}
	if ((e->is & BODY) != 0) { /* what follows belongs to it too, but for another one */
		c->body_ended = true;
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

static const struct element *
find(const char *name)
{
	return bsearch(name, elements, NELEM(elements), sizeof(*elements), compare);
}

struct str
html_clean(struct arena *a, struct str html, const char *(*picture)(void *, const char *),
    void *arg, int *remote)
{
	struct cleaner *c = arena_alloc(a, sizeof *c);
	struct html_scan *scan = &c->to.scan;
	const struct element *e;

	html.n = html.n < HTML_MAX ? html.n : HTML_MAX;
	c->to.out.arena = a;
	c->to.picture = picture;
	c->to.arg = arg;
	mime_sheet_read(&c->to.sheet, a, html);
	mime_html_begin(scan, html);
	if (!c->to.sheet.has_body && c->to.sheet.has_body_rule)
		open_element(c, find("body"));
	while (mime_html_next(scan) != HTML_END) {
		if (scan->kind == HTML_TEXT) {
			put_text(&c->to.out, scan->text);
			continue;
		}
		e = find(scan->name);
		if (e != NULL && scan->kind == HTML_OPEN)
			open_element(c, e);
		else if (e != NULL)
			close_element(c, e);
	}
	close_to(c, 0);
	if (remote != NULL)
		*remote = c->to.remote;
	return buf_str(&c->to.out);
}
