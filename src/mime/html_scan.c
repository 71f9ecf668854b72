/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML tokens as browsers see them (HTML 13.2.5), without a tree: one pass, no memory of its own. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

void
mime_html_begin(struct html_scan *s, struct str html)
{
	memset(s, 0, sizeof(*s));
	s->p = html.s;
	s->end = html.s + html.n;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Go behind the next occurrence of what, or to the end. */
static void
skip_past(struct html_scan *s, const char *what)
{
	const char *p = memmem(s->p, (size_t)(s->end - s->p), what, strlen(what));

	s->p = p == NULL ? s->end : p + strlen(what);
}

/* At "<!--": a comment ends with "-->", but "<!-->" is whole. */
static void
skip_comment(struct html_scan *s)
{
	s->p += 4;
	if (s->p < s->end && *s->p == '>')
		s->p++;
	else if (s->end - s->p > 1 && s->p[0] == '-' && s->p[1] == '>')
		s->p += 2;
	else
		skip_past(s, "-->");
}

static void
read_name(struct html_scan *s)
{
	size_t n = 0;

	while (s->p < s->end && !is_space(*s->p) && *s->p != '>' && *s->p != '/') {
		char c = *s->p++;

		if (n < sizeof(s->name) - 1)
			s->name[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	s->name[n] = '\0';
	/* "o:p", "v:shape" of Office stay as they are: no such name is known, so they are unwrapped. */
}

static struct str
read_value(struct html_scan *s)
{
	const char *start = s->p, *end;
	char quote;

	if (s->p < s->end && (*s->p == '"' || *s->p == '\'')) {
		quote = *s->p;
		start = ++s->p;
		end = memchr(start, quote, (size_t)(s->end - start));
		s->p = end == NULL ? s->end : end + 1;
		return (struct str){ start, (size_t)((end == NULL ? s->end : end) - start) };
	}
	while (s->p < s->end && !is_space(*s->p) && *s->p != '>')
		s->p++;
	return (struct str){ start, (size_t)(s->p - start) };
}

static void
skip_spaces(struct html_scan *s)
{
	while (s->p < s->end && is_space(*s->p))
		s->p++;
}

/* Attributes up to ">"; of those with one name the first counts (html_attr finds it first). */
static void
read_attrs(struct html_scan *s)
{
	struct html_attr a;

	s->nattrs = 0;
	for (;;) {
		while (s->p < s->end && (is_space(*s->p) || *s->p == '/'))
			s->p++;
		if (s->p >= s->end)
			return;
		if (*s->p == '>') {
			s->p++;
			return;
		}
		a.name.s = s->p++;
		while (s->p < s->end && !is_space(*s->p) && strchr("=/>", *s->p) == NULL)
			s->p++;
		a.name.n = (size_t)(s->p - a.name.s);
		a.value = (struct str){ s->p, 0 };
		skip_spaces(s);
		if (s->p < s->end && *s->p == '=') {
			s->p++;
			skip_spaces(s);
			a.value = read_value(s);
		}
		if (s->nattrs < HTML_ATTRS)
			s->attrs[s->nattrs++] = a;
	}
}

/* Elements whose content is no markup and nobody's words. */
static bool
is_raw(const char *name)
{
	static const char *const names[] = { "script", "style", "title", "xmp", "iframe", "noembed",
		"noframes", "textarea", "plaintext" };

	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Skip to behind "</name>"; without one, everything to the end belongs to it, as in browsers. */
static void
skip_raw(struct html_scan *s)
{
	const char *p = s->p;
	size_t n = strlen(s->name);

	s->text = (struct str){ p, (size_t)(s->end - p) };
	while ((p = memmem(p, (size_t)(s->end - p), "</", 2)) != NULL) {
		p += 2;
		if ((size_t)(s->end - p) >= n && strncasecmp(p, s->name, n) == 0 &&
		    ((size_t)(s->end - p) == n || is_space(p[n]) || p[n] == '>' || p[n] == '/')) {
			s->text.n = (size_t)(p - 2 - s->text.s);
			s->p = p + n;
			skip_past(s, ">");
			return;
		}
	}
	s->p = s->end;
}

static enum html_kind
read_tag(struct html_scan *s)
{
	bool close = s->p[1] == '/';

	s->p += close ? 2 : 1;
	read_name(s);
	read_attrs(s);
	s->is_style = false;
	if (!close && is_raw(s->name)) {
		skip_raw(s);
		s->is_style = strcmp(s->name, "style") == 0;
		s->name[0] = '\0'; /* as unknown as any */
	}
	return close ? HTML_CLOSE : HTML_OPEN;
}

/* What follows "<": 1 = a tag, 0 = text, -1 = something to skip, done. */
static int
markup(struct html_scan *s)
{
	const char *p = s->p;
	size_t left = (size_t)(s->end - p);

	if (left > 1 && (is_letter(p[1]) || (left > 2 && p[1] == '/' && is_letter(p[2]))))
		return 1;
	if (left > 3 && memcmp(p, "<!--", 4) == 0)
		skip_comment(s);
	else if (left > 1 && (p[1] == '!' || p[1] == '?' || (p[1] == '/' && left > 2)))
		skip_past(s, ">");
	else
		return 0;
	return -1;
}

enum html_kind
mime_html_next(struct html_scan *s)
{
	const char *start, *lt;
	int what = 0;

	while (s->p < s->end && *s->p == '<' && (what = markup(s)) < 0)
		;
	if (s->p >= s->end)
		return s->kind = HTML_END;
	if (*s->p == '<' && what == 1)
		return s->kind = read_tag(s);
	start = s->p;
	lt = memchr(start + 1, '<', (size_t)(s->end - start) - 1);
	s->p = lt == NULL ? s->end : lt;
	s->text = (struct str){ start, (size_t)(s->p - start) };
	return s->kind = HTML_TEXT;
}

char *
mime_html_attr(struct arena *a, const struct html_scan *s, const char *name)
{
	struct buf b = { .arena = a };
	size_t n = strlen(name);

	for (int i = 0; i < s->nattrs; i++)
		if (s->attrs[i].name.n == n && strncasecmp(s->attrs[i].name.s, name, n) == 0) {
			mime_html_decode(&b, s->attrs[i].value);
			return b.s == NULL ? arena_strdup(a, "") : b.s;
		}
	return NULL;
}

/* In a value "&copy=1" and "&copyright" are parts of an address, whatever they would be in text. */
static bool
is_parameter(struct str s, size_t used)
{
	char next = used < s.n ? s.s[used] : '\0';

	return s.s[1] != '#' && s.s[used - 1] != ';' &&
	       (next == '=' || is_letter(next) || (next >= '0' && next <= '9'));
}

void
mime_html_decode(struct buf *b, struct str s)
{
	const char *p = s.s, *end = s.s + s.n, *amp;
	uint32_t c;
	size_t used;

	while (p < end && (amp = memchr(p, '&', (size_t)(end - p))) != NULL) {
		buf_add(b, p, (size_t)(amp - p));
		c = mime_html_entity((struct str){ amp, (size_t)(end - amp) }, &used);
		if (c == 0 || is_parameter((struct str){ amp, (size_t)(end - amp) }, used)) {
			buf_putc(b, '&');
			used = 1;
		} else {
			text_put(b, c);
		}
		p = amp + used;
	}
	if (p < end)
		buf_add(b, p, (size_t)(end - p));
}
