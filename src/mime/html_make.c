/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text as the HTML that stands beside it in a mail: the same lines, addresses as links, quoted lines in a quote,
 * "[cid:...]" as the picture. */
#include "mime/private.h"

#include <string.h>

#define QUOTE_OPEN                                                                                 \
	"<blockquote type=\"cite\" style=\"margin:0 0 0 4px;border-left:2px solid "                \
	"#cccccc;padding-left:10px\">"

enum { DEPTH = 8, ADDRESS_MAX = 2000 };

/* Bytes of a web address at the beginning of s, without the punctuation of the sentence around it; 0 = none. */
static size_t
address_length(const char *s, size_t n)
{
	struct str at = { s, n };
	size_t scheme = text_starts(s, "https://") ? 8 : text_starts(s, "http://") ? 7 : 0, i;

	if (scheme == 0)
		return 0;
	for (i = scheme; i < at.n && i < ADDRESS_MAX; i++)
		if ((unsigned char)s[i] <= ' ' || strchr("<>\"\\^`{|}", s[i]) != NULL)
			break;
	while (i > scheme && strchr(".,;:!?'", s[i - 1]) != NULL)
		i--;
	if (i > scheme && s[i - 1] == ')' && memchr(s, '(', i) == NULL)
		i--;
	return i > scheme ? i : 0;
}

/* A blank that a browser would swallow: at the beginning of a line, or behind another one. */
static bool
is_lost(const struct buf *b, const char *s, size_t i)
{
	if (i > 0)
		return s[i - 1] == ' ';
	return b->n == 0 || b->s[b->n - 1] == '\n' || b->s[b->n - 1] == ' ';
}

static void
put_escaped(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("<>&\"", s[i]) != NULL)
			mime_html_put_char(b, (unsigned char)s[i]);
		else if (s[i] == ' ' && is_lost(b, s, i))
			buf_puts(b, "&nbsp;");
		else
			buf_putc(b, s[i]);
}

static void
put_link(struct buf *b, const char *s, size_t n)
{
	buf_puts(b, "<a href=\"");
	put_escaped(b, s, n);
	buf_puts(b, "\">");
	put_escaped(b, s, n);
	buf_puts(b, "</a>");
}

/* Who knows the pictures. */
struct made {
	struct buf b;
	const char *(*picture)(void *, const char *);
	void *arg;
};

/* The picture for "[cid:id]" at s, or nothing; its bytes. */
static size_t
put_picture(struct made *m, const char *s, size_t n)
{
	size_t end = 5;
	const char *shown;

	if (m->picture == NULL || !text_starts(s, "[cid:"))
		return 0;
	while (end < n && s[end] != ']')
		end++;
	if (end == n)
		return 0;
	shown = m->picture(m->arg, arena_dup(m->b.arena, s + 5, end - 5));
	if (shown == NULL)
		return 0;
	buf_puts(&m->b, "<img src=\"");
	put_escaped(&m->b, shown, strlen(shown));
	buf_puts(&m->b, "\" alt=\"\" style=\"max-width:100%\">");
	return end + 1;
}

static void
put_line(struct made *m, const char *s, size_t n)
{
	while (n > 0) {
		size_t run = 0, special = 0;

		while (run < n && special == 0) {
			if (s[run] == '[')
				special = text_starts(s + run, "[cid:");
			else if (s[run] == 'h')
				special = address_length(s + run, n - run);
			run += special == 0;
		}
		put_escaped(&m->b, s, run);
		s += run;
		n -= run;
		if (n == 0)
			break;
		run = *s == '[' ? put_picture(m, s, n) : special;
		if (*s != '[')
			put_link(&m->b, s, run);
		else if (run == 0)
			put_escaped(&m->b, s, run = 1);
		s += run;
		n -= run;
	}
}

void
html_make_lines(struct buf *b, const char *text, size_t n)
{
	struct made m = { .b = *b };

	while (n > 0) {
		const char *nl = memchr(text, '\n', n);
		size_t line = nl == NULL ? n : (size_t)(nl - text);

		put_line(&m, text, line);
		if (nl == NULL)
			break;
		buf_puts(&m.b, "<br>\n");
		text += line + 1;
		n -= line + 1;
	}
	*b = m.b;
}

/* How many marks of a quote a line begins with; *skip = their bytes. */
static int
quote_depth(const char *s, size_t n, size_t *skip)
{
	int depth = 0;
	size_t i = 0;

	while (i < n && s[i] == '>' && depth < DEPTH) {
		depth++;
		i++;
		if (i + 1 < n && s[i] == ' ' && s[i + 1] == '>')
			i++;
	}
	*skip = depth > 0 && i < n && s[i] == ' ' ? i + 1 : i;
	return depth;
}

char *
html_make_text(
    struct arena *a, const char *text, const char *(*picture)(void *, const char *), void *arg)
{
	struct made m = { .b.arena = a, .picture = picture, .arg = arg };
	int open = 0;

	for (const char *p = text, *nl; *p != '\0'; p = *nl == '\0' ? nl : nl + 1) {
		size_t n, skip;
		int depth;

		nl = strchrnul(p, '\n');
		n = (size_t)(nl - p);
		depth = quote_depth(p, n, &skip);
		if (p > text && depth == open)
			buf_puts(&m.b, "<br>\n");
		for (; open < depth; open++)
			buf_puts(&m.b, QUOTE_OPEN);
		for (; open > depth; open--)
			buf_puts(&m.b, "</blockquote>\n");
		put_line(&m, p + skip, n - skip);
	}
	for (; open > 0; open--)
		buf_puts(&m.b, "</blockquote>\n");
	return m.b.s == NULL ? arena_strdup(a, "") : m.b.s;
}

char *
html_make_quote(
    struct arena *a, const char *id, const char *marker, const char *who, const char *text)
{
	struct buf b = { .arena = a };

	buf_printf(&b, "<div id=\"dk-q-%s\"><div style=\"color:#767676;font-size:12px\">", id);
	html_make_lines(&b, marker, strlen(marker));
	buf_puts(&b, "</div>\n");
	html_make_lines(&b, who, strlen(who));
	buf_puts(&b, "\n" QUOTE_OPEN);
	buf_puts(&b, html_make_text(a, text, NULL, NULL));
	buf_puts(&b, "</blockquote></div>\n");
	return b.s;
}
