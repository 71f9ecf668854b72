/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Style attributes: declarations are read, judged and written anew. What is not understood is left out,
 * a declaration at a time; no var(), no escapes, nothing that leaves its place; url() by leave only. */
#include "mime/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const properties[] = {
	"background",
	"background-color",
	"background-image",
	"background-position",
	"background-repeat",
	"border",
	"border-bottom",
	"border-bottom-color",
	"border-bottom-left-radius",
	"border-bottom-right-radius",
	"border-bottom-style",
	"border-bottom-width",
	"border-collapse",
	"border-color",
	"border-left",
	"border-left-color",
	"border-left-style",
	"border-left-width",
	"border-radius",
	"border-right",
	"border-right-color",
	"border-right-style",
	"border-right-width",
	"border-spacing",
	"border-style",
	"border-top",
	"border-top-color",
	"border-top-left-radius",
	"border-top-right-radius",
	"border-top-style",
	"border-top-width",
	"border-width",
	"box-shadow",
	"box-sizing",
	"caption-side",
	"clear",
	"color",
	"direction",
	"display",
	"empty-cells",
	"float",
	"font",
	"font-family",
	"font-size",
	"font-style",
	"font-variant",
	"font-weight",
	"height",
	"letter-spacing",
	"line-height",
	"list-style",
	"list-style-position",
	"list-style-type",
	"margin",
	"margin-bottom",
	"margin-left",
	"margin-right",
	"margin-top",
	"max-height",
	"max-width",
	"min-height",
	"min-width",
	"opacity",
	"overflow",
	"overflow-wrap",
	"padding",
	"padding-bottom",
	"padding-left",
	"padding-right",
	"padding-top",
	"table-layout",
	"text-align",
	"text-decoration",
	"text-decoration-color",
	"text-indent",
	"text-overflow",
	"text-shadow",
	"text-transform",
	"unicode-bidi",
	"vertical-align",
	"visibility",
	"white-space",
	"width",
	"word-break",
	"word-spacing",
	"word-wrap",
};

static int
compare(const void *key, const void *entry)
{
	return strcmp(key, *(const char *const *)entry);
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A string becomes one in single quotes of harmless characters; the bytes read, 0 = refused. */
static size_t
add_string(struct buf *b, struct str s)
{
	size_t i = 1;

	while (i < s.n && (is_name(s.s[i]) || s.s[i] == ' ' || s.s[i] == '.'))
		i++;
	if (i >= s.n || s.s[i] != s.s[0])
		return 0;
	buf_putc(b, '\'');
	buf_add(b, s.s + 1, i - 1);
	buf_putc(b, '\'');
	return i + 1;
}

/* Who says what stands for an address of url(). */
struct pictures {
	const char *(*ask)(void *, const char *);
	void *arg;
};

/* url(address) of n bytes: what stands for it, or nothing. An address with a quote, bracket, backslash or blank in it
 * is none. */
static void
add_url(struct buf *b, struct str s, const struct pictures *p)
{
	const char *address, *shown;
	size_t from = 4, to = s.n - 1;

	while (from < to && strchr(" \t\r\n\f", s.s[from]) != NULL)
		from++;
	while (to > from && strchr(" \t\r\n\f", s.s[to - 1]) != NULL)
		to--;
	if (to - from >= 2 && (s.s[from] == '"' || s.s[from] == '\'') && s.s[to - 1] == s.s[from]) {
		from++;
		to--;
	}
	address = arena_dup(b->arena, s.s + from, to - from);
	if (*address == '\0' || strpbrk(address, "\"'()\\ \t\r\n\f") != NULL)
		return;
	shown = p->ask(p->arg, address);
	if (shown != NULL)
		buf_printf(b, "url('%s')", shown);
}

/* name(...): colours are kept, url() by leave, all else refused. */
static size_t
add_function(struct buf *b, struct str s, size_t name, const struct pictures *p)
{
	const char *end = memchr(s.s, ')', s.n);
	size_t n = end == NULL ? 0 : (size_t)(end - s.s) + 1;

	if (n == 0)
		return 0;
	if (name == 3 && strncasecmp(s.s, "url", 3) == 0) {
		if (memchr(s.s + 4, '(', n - 4) != NULL)
			return 0;
		add_url(b, (struct str){ s.s, n }, p);
		return n;
	}
	if ((name != 3 && name != 4) ||
	    (strncasecmp(s.s, "rgba", name) != 0 && strncasecmp(s.s, "hsla", name) != 0))
		return 0;
	for (size_t i = name + 1; i < n - 1; i++)
		if (!is_digit(s.s[i]) && strchr(" ,.%/", s.s[i]) == NULL)
			return 0;
	buf_add(b, s.s, n);
	return n;
}

static size_t
add_important(struct buf *b, struct str s)
{
	size_t i = 1;

	while (i < s.n && s.s[i] == ' ')
		i++;
	if (s.n - i < 9 || strncasecmp(s.s + i, "important", 9) != 0)
		return 0;
	buf_puts(b, "!important");
	return i + 9;
}

/* A length that follows the height of the frame, which itself follows the mail: "100vh" would grow without end. */
static bool
is_by_height(struct str s)
{
	static const char *const units[] = { "vh", "vb", "vmin", "vmax" };

	if (s.n == 0 || (!is_digit(s.s[0]) && strchr(".+-", s.s[0]) == NULL))
		return false;
	for (size_t i = 0; i < NELEM(units); i++) {
		size_t n = strlen(units[i]);

		if (s.n > n && strncasecmp(s.s + s.n - n, units[i], n) == 0)
			return true;
	}
	return false;
}

static size_t
add_token(struct buf *b, struct str s, const struct pictures *p)
{
	size_t n = 0;
	char c = s.s[0];

	if (c == '"' || c == '\'')
		return add_string(b, s);
	if (c == '!')
		return add_important(b, s);
	if (c == ',' || c == '/') {
		buf_putc(b, c);
		return 1;
	}
	if (c == '#' || c == '+' || c == '.')
		n = 1;
	while (n < s.n && (is_name(s.s[n]) || (s.s[n] == '.' && (n == 0 || is_digit(s.s[n - 1])))))
		n++;
	if (n < s.n && s.s[n] == '%')
		n++;
	else if (n < s.n && s.s[n] == '(')
		return add_function(b, s, n, p);
	if (is_by_height((struct str){ s.s, n }))
		return 0;
	buf_add(b, s.s, n);
	return n;
}

static bool
add_value(struct buf *b, struct str s, const struct pictures *p)
{
	size_t start = b->n, n;

	while (s.n > 0) {
		if (strchr(" \t\r\n\f", s.s[0]) != NULL) {
			n = 1;
			if (b->n > start && b->s[b->n - 1] != ' ')
				buf_putc(b, ' ');
		} else {
			n = add_token(b, s, p);
		}
		if (n == 0)
			return false;
		s.s += n;
		s.n -= n;
	}
	while (b->n > start && b->s[b->n - 1] == ' ')
		b->s[--b->n] = '\0';
	return b->n > start;
}

static void
add_declaration(struct buf *b, struct str s, const struct pictures *p)
{
	char name[40];
	size_t n = 0, start = b->n, i = 0;

	while (i < s.n && strchr(" \t\r\n\f", s.s[i]) != NULL)
		i++;
	for (; i < s.n && s.s[i] != ':' && n < sizeof(name) - 1; i++)
		if (is_name(s.s[i]))
			name[n++] = s.s[i] >= 'A' && s.s[i] <= 'Z' ? (char)(s.s[i] + 32) : s.s[i];
		else if (strchr(" \t\r\n", s.s[i]) == NULL)
			return;
	name[n] = '\0';
	if (i >= s.n || s.s[i] != ':' ||
	    bsearch(name, properties, NELEM(properties), sizeof(*properties), compare) == NULL)
		return;
	if (b->n > 0)
		buf_puts(b, "; ");
	buf_puts(b, name);
	buf_puts(b, ": ");
	if (!add_value(b, (struct str){ s.s + i + 1, s.n - i - 1 }, p)) {
		b->n = start;
		b->s[start] = '\0';
	}
}

/* Bytes of the next declaration: up to a semicolon outside quotes and brackets. */
static size_t
declaration_length(struct str s)
{
	char quote = 0;
	bool inside = false;
	size_t i;

	for (i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '(')
			inside = true;
		else if (c == ')')
			inside = false;
		else if (c == ';' && !inside)
			break;
	}
	return i;
}

/* The style without its comments. */
static struct str
without_comments(struct arena *a, const char *style)
{
	struct buf b = { .arena = a };
	const char *p, *end;

	while ((p = strstr(style, "/*")) != NULL) {
		buf_add(&b, style, (size_t)(p - style));
		buf_putc(&b, ' ');
		end = strstr(p + 2, "*/");
		if (end == NULL)
			return buf_str(&b);
		style = end + 2;
	}
	buf_puts(&b, style);
	return buf_str(&b);
}

struct str
mime_css_plain(struct arena *a, struct str style)
{
	return without_comments(a, arena_dup(a, style.s, style.n));
}

void
mime_css_clean(
    struct buf *b, const char *style, const char *(*picture)(void *, const char *), void *arg)
{
	const struct pictures p = { picture, arg };
	struct str s = without_comments(b->arena, style);
	size_t n;

	while (s.n > 0) {
		n = declaration_length(s);
		add_declaration(b, (struct str){ s.s, n }, &p);
		n += n < s.n;
		s.s += n;
		s.n -= n;
	}
}
