/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail HTML -> the text a reader would see. Quoted blocks get "> ", as in plain mail, so that one scanner
 * (quote.c) finds what is quoted in both. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { QUOTES_MAX = 8 };

struct writer {
	struct html_scan scan;
	struct buf out;
	bool marks;
	int breaks;    /* line feeds that are due before the next word */
	bool space;    /* a blank is due */
	bool at_start; /* of a line */
	int pre, quotes;
	char hidden[HTML_NAME]; /* inside display:none: until this element ends */
	int hidden_depth;
};

static struct str
raw_attr(const struct html_scan *s, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; i < s->nattrs; i++)
		if (s->attrs[i].name.n == n && strncasecmp(s->attrs[i].name.s, name, n) == 0)
			return s->attrs[i].value;
	return STR("");
}

static bool
attr_has(const struct html_scan *s, const char *name, const char *part)
{
	struct str v = raw_attr(s, name);

	return v.n > 0 && memmem(v.s, v.n < 2000 ? v.n : 2000, part, strlen(part)) != NULL;
}

/* Outlook draws a line above the mail it answers, others give the place a name. */
bool
mime_html_is_cut(const struct html_scan *s)
{
	static const char *const ids[] = { "divRplyFwdMsg", "OLK_SRC_BODY_SECTION", "appendonsend",
		"mail-editor-reference-message-container", "ymail_android_signature_quote", "dk-q-",
		"reply-intro" };

	if (s->nattrs == 0)
		return false;
	for (size_t i = 0; i < NELEM(ids); i++)
		if (attr_has(s, "id", ids[i]))
			return true;
	if (strcmp(s->name, "hr") == 0)
		return attr_has(s, "data-marker", "__DIVIDER__") || attr_has(s, "id", "zwchr") ||
		       attr_has(s, "id", "stopSpelling");
	if (strcmp(s->name, "div") != 0)
		return false;
	return attr_has(s, "class", "yahoo_quoted") || attr_has(s, "class", "protonmail_quote") ||
	       attr_has(s, "class", "zmail_extra") || attr_has(s, "name", "messageReplySection") ||
	       attr_has(s, "name", "quote") ||
	       attr_has(s, "style", "border-top:solid #E1E1E1 1.0pt") ||
	       attr_has(s, "style", "border-top:solid #B5C4DF 1.0pt") ||
	       attr_has(s, "style", "padding-top:5px;border-top") ||
	       attr_has(s, "style", "border-top: 1px solid rgb(181, 196, 223)");
}

/* Mail programs name the signature that they put there. */
static bool
is_signature(const struct html_scan *s)
{
	static const char *const ids[] = { "Signature", "ms-outlook-mobile-signature",
		"composer_signature" };
	static const char *const classes[] = { "gmail_signature", "moz-signature",
		"protonmail_signature_block", "yahoo-signature" };

	if (s->nattrs == 0 || (strcmp(s->name, "div") != 0 && strcmp(s->name, "pre") != 0))
		return false;
	for (size_t i = 0; i < NELEM(ids); i++)
		if (attr_has(s, "id", ids[i]))
			return true;
	for (size_t i = 0; i < NELEM(classes); i++)
		if (attr_has(s, "class", classes[i]))
			return true;
	return false;
}

bool
mime_html_is_quote(const struct html_scan *s)
{
	if (s->nattrs == 0)
		return false;
	if (strcmp(s->name, "blockquote") == 0)
		return attr_has(s, "type", "cite") || attr_has(s, "class", "gmail_quote") ||
		       attr_has(s, "class", "quote");
	return attr_has(s, "class", "gmail_quote") || attr_has(s, "class", "moz-cite-prefix") ||
	       mime_html_is_cut(s);
}

static void
new_lines(struct writer *w, int n)
{
	if (w->breaks < n)
		w->breaks = n;
	w->space = false;
}

/* Write what is due: line feeds, quote marks, a blank. */
static void
settle(struct writer *w)
{
	if (w->out.n == 0)
		w->breaks = 0;
	if (w->out.n == 0 || w->breaks > 0)
		w->at_start = true;
	for (; w->breaks > 0; w->breaks--) {
		buf_putc(&w->out, '\n');
		for (int i = 0; w->breaks > 1 && i < w->quotes; i++)
			buf_putc(&w->out, '>');
	}
	if (w->at_start && w->quotes > 0) {
		for (int i = 0; i < w->quotes; i++)
			buf_putc(&w->out, '>');
		buf_putc(&w->out, ' ');
	}
	if (w->space && !w->at_start)
		buf_putc(&w->out, ' ');
	w->space = w->at_start = false;
}

static void
put_character(struct writer *w, uint32_t c)
{
	if (c == '\n' && w->pre > 0) {
		settle(w);
		w->breaks = 1;
	} else if ((c == ' ' || c == '\t') && w->pre > 0) {
		settle(w);
		buf_putc(&w->out, (char)c);
	} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
		w->space = true;
	} else if (c == 0xad || c == 0x200b || c == 0x200c || c == 0x34f || c == 0xfeff ||
		   c < ' ') {
		return; /* soft hyphens and the fillers of newsletters */
	} else {
		settle(w);
		text_put(&w->out, c == 0xa0 ? ' ' : c);
	}
}

static void
put_text(struct writer *w, struct str s)
{
	size_t used;

	for (size_t i = 0; i < s.n; i += used) {
		uint32_t c =
		    s.s[i] == '&' ? mime_html_entity((struct str){ s.s + i, s.n - i }, &used) : 0;

		if (c == 0)
			c = text_next(s.s + i, s.n - i, &used);
		put_character(w, c);
	}
}

/* list has a blank on both sides of each name */
static bool
is_one_of(const char *name, const char *list)
{
	size_t n = strlen(name);

	for (const char *p = list; n > 0 && (p = strstr(p, name)) != NULL; p++)
		if (p > list && p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

static void
open_block(struct writer *w, const char *name)
{
	if (is_one_of(name, " p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table "))
		new_lines(w, 2);
	else if (is_one_of(name,
		     " div tr li dt dd section article header footer center address form "
		     "figure hr body thead tbody caption fieldset main nav aside option "))
		new_lines(w, 1);
	else if (is_one_of(name, " td th "))
		w->space = true;
}

static void
close_block(struct writer *w, const char *name)
{
	open_block(w, name);
	if (strcmp(name, "blockquote") == 0 && w->quotes > 0)
		w->quotes--;
	else if (strcmp(name, "pre") == 0 && w->pre > 0)
		w->pre--;
}

static bool
is_hidden(const struct html_scan *s)
{
	return s->nattrs > 0 &&
	       (attr_has(s, "style", "display:none") || attr_has(s, "style", "display: none"));
}

static void
put_mark(struct writer *w, char mark)
{
	new_lines(w, 1);
	settle(w);
	buf_putc(&w->out, mark);
	new_lines(w, 1);
}

static void
open_tag(struct writer *w)
{
	const struct html_scan *s = &w->scan;

	if (strcmp(s->name, "br") == 0) {
		w->breaks++;
		w->breaks = w->breaks > 3 ? 3 : w->breaks;
		w->space = false;
		return;
	}
	if (is_hidden(s) && !is_one_of(s->name, " img br hr input meta link col wbr ")) {
		memcpy(w->hidden, s->name, sizeof(w->hidden));
		w->hidden_depth = 1;
		return;
	}
	open_block(w, s->name);
	if (w->marks && mime_html_is_cut(s))
		put_mark(w, QUOTE_MARK);
	else if (w->marks && is_signature(s))
		put_mark(w, SIGNATURE_MARK);
	if (strcmp(s->name, "blockquote") == 0 && w->quotes < QUOTES_MAX) {
		w->quotes++;
	} else if (strcmp(s->name, "pre") == 0) {
		w->pre++;
	} else if (strcmp(s->name, "li") == 0) {
		settle(w);
		buf_puts(&w->out, "- ");
	}
}

/* Inside display:none only the depth of that element counts. */
static void
skip_hidden(struct writer *w)
{
	if (strcmp(w->scan.name, w->hidden) != 0)
		return;
	if (w->scan.kind == HTML_OPEN)
		w->hidden_depth++;
	else if (w->scan.kind == HTML_CLOSE)
		w->hidden_depth--;
}

static char *
render(struct arena *a, struct str html, bool marks)
{
	struct writer w = { .marks = marks, .at_start = true };

	w.out.arena = a;
	mime_html_begin(&w.scan, html);
	while (mime_html_next(&w.scan) != HTML_END) {
		if (w.hidden_depth > 0)
			skip_hidden(&w);
		else if (w.scan.kind == HTML_TEXT)
			put_text(&w, w.scan.text);
		else if (w.scan.kind == HTML_OPEN)
			open_tag(&w);
		else
			close_block(&w, w.scan.name);
	}
	return w.out.s == NULL ? arena_strdup(a, "") : w.out.s;
}

char *
html_text(struct arena *a, struct str html)
{
	return render(a, html, false);
}

char *
mime_html_text_marked(struct arena *a, struct str html)
{
	return render(a, html, true);
}
