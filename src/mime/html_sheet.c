/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Style elements of a mail, read into rules. Nothing of a sheet is shown as one: the declarations that a style
 * attribute might have too are written into the attributes of the elements that the rule means (html_match.c). */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { SHEET_MAX = 512 << 10, MEDIA_DEPTH = 3, WORD_MAX = 100 };

static bool
is_space(char c)
{
	return c != '\0' && strchr(" \t\r\n\f", c) != NULL;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static void
step(struct str *s, size_t n)
{
	s->s += n;
	s->n -= n;
}

static void
skip_spaces(struct str *s)
{
	while (s->n > 0 && is_space(s->s[0]))
		step(s, 1);
}

/* --- selectors --- */
static struct str
take_name(struct str *s)
{
	struct str name = { s->s, 0 };

	while (name.n < s->n && is_name(s->s[name.n]))
		name.n++;
	step(s, name.n);
	return name;
}

/* Of what one points at or has visited nothing can be told apart here. */
static bool
take_pseudo(struct html_part *p, struct str *s)
{
	struct str name = take_name(s);

	if (name.n == 4 && strncasecmp(name.s, "link", 4) == 0)
		p->is_link = true;
	else if (name.n == 4 && strncasecmp(name.s, "root", 4) == 0 && p->name.n == 0)
		p->name = (struct str){ "html", 4 };
	else
		return false;
	return true;
}

/* One compound: element, classes, id. false = it says more than is understood here. */
static bool
take_part(struct html_part *p, struct str *s, unsigned *weight)
{
	struct str start = *s;

	if (s->n > 0 && s->s[0] == '*')
		step(s, 1);
	else
		p->name = take_name(s);
	*weight += p->name.n > 0;
	while (s->n > 0 && strchr(".#:", s->s[0]) != NULL) {
		char kind = s->s[0];
		struct str *to = &p->id;

		step(s, 1);
		*weight += kind == '#' ? 10000 : 100;
		if (kind == ':') {
			if (!take_pseudo(p, s))
				return false;
			continue;
		}
		if (kind == '.' && p->nclasses == PART_CLASSES)
			return false;
		if (kind == '.')
			to = &p->classes[p->nclasses++];
		*to = take_name(s);
		if (to->n == 0 || to->n > WORD_MAX)
			return false;
	}
	return s->s > start.s && p->name.n <= WORD_MAX;
}

static bool
read_selector(struct arena *a, struct html_rule *r, struct str s)
{
	struct html_part parts[RULE_PARTS] = { 0 };
	int n = 0;
	char between = ' ';

	for (skip_spaces(&s); s.n > 0; skip_spaces(&s)) {
		if (s.s[0] == '>') {
			if (n == 0 || between == '>')
				return false;
			between = '>';
			step(&s, 1);
			continue;
		}
		if (n == RULE_PARTS || !take_part(&parts[n], &s, &r->weight))
			return false;
		parts[n++].is_child = between == '>';
		between = ' ';
		if (s.n > 0 && !is_space(s.s[0]) && s.s[0] != '>')
			return false;
	}
	if (n == 0 || between == '>')
		return false;
	r->parts = arena_alloc(a, (size_t)n * sizeof *parts);
	memcpy(r->parts, parts, (size_t)n * sizeof *parts);
	r->nparts = n;
	return true;
}

/* --- rules --- */
static const char *
no_picture(void *arg, const char *address)
{
	(void)arg;
	(void)address;
	return NULL;
}

static void
add_rule(struct html_sheet *sheet, struct str selectors, struct str style, bool faint)
{
	struct buf b = { .arena = sheet->arena };

	if (sheet->nrules == SHEET_RULES)
		return;
	mime_css_clean(&b, arena_dup(sheet->arena, style.s, style.n), no_picture, NULL);
	while (b.n > 0 && selectors.n > 0 && sheet->nrules < SHEET_RULES) {
		const char *comma = memchr(selectors.s, ',', selectors.n);
		size_t n = comma == NULL ? selectors.n : (size_t)(comma - selectors.s);
		struct html_rule r = { .style = buf_str(&b) };

		if (read_selector(sheet->arena, &r, (struct str){ selectors.s, n })) {
			r.weight = faint ? 0 : r.weight;
			mime_sheet_add(sheet, &r);
		}
		step(&selectors, comma == NULL ? n : n + 1);
	}
}

/* Bytes up to one of these two, outside strings and brackets that are open; s.n = there is none. */
static size_t
find(struct str s, char a, char b)
{
	char quote = 0;
	size_t i, depth = 0;

	for (i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (quote != 0) {
			if (c == quote || c == '\n')
				quote = 0;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (depth == 0 && (c == a || c == b)) {
			break;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && depth > 0) {
			depth--;
		}
	}
	return i;
}

static void
skip_at_most(struct str *s, size_t n)
{
	step(s, n < s->n ? n : s->n);
}

/* What stands before a block or a semicolon, and the block. false = no block. */
static bool
take_block(struct str *s, struct str *before, struct str *block)
{
	size_t n = find(*s, '{', before->s != NULL && before->s[0] == '@' ? ';' : '{');
	bool has_block = n < s->n && s->s[n] == '{';

	*before = (struct str){ s->s, n };
	skip_at_most(s, n + 1);
	if (!has_block)
		return false;
	n = find(*s, '}', '}');
	*block = (struct str){ s->s, n };
	skip_at_most(s, n + 1);
	return true;
}

static void
read_rules(struct html_sheet *sheet, struct str s, int depth)
{
	for (;;) {
		struct str before, block;

		skip_spaces(&s);
		if (s.n == 0)
			return;
		if (s.n >= 4 && memcmp(s.s, "<!--", 4) == 0) {
			step(&s, 4);
			continue;
		}
		if (s.n >= 3 && memcmp(s.s, "-->", 3) == 0) {
			step(&s, 3);
			continue;
		}
		before = s;
		if (!take_block(&s, &before, &block))
			continue;
		if (before.s[0] != '@')
			add_rule(sheet, before, block, false);
		else if (before.n > 6 && strncasecmp(before.s, "@media", 6) == 0 &&
			 depth < MEDIA_DEPTH &&
			 mime_media_matches((struct str){ before.s + 6, before.n - 6 }))
			read_rules(sheet, block, depth + 1);
	}
}

static void
read_style(struct html_sheet *sheet, const struct html_scan *scan)
{
	const char *media = mime_html_attr(sheet->arena, scan, "media");
	const char *type = mime_html_attr(sheet->arena, scan, "type");
	size_t n = scan->text.n;

	if ((media != NULL && !mime_media_matches((struct str){ media, strlen(media) })) ||
	    (type != NULL && *type != '\0' && strcasecmp(type, "text/css") != 0) ||
	    mime_html_attr(sheet->arena, scan, "amp4email-boilerplate") != NULL)
		return;
	n = n < SHEET_MAX - sheet->read ? n : SHEET_MAX - sheet->read;
	sheet->read += n;
	read_rules(sheet, mime_css_plain(sheet->arena, (struct str){ scan->text.s, n }), 0);
}

/* <body link> is the faintest of rules. */
static void
read_body(struct html_sheet *sheet, const struct html_scan *scan)
{
	const char *v = mime_html_attr(sheet->arena, scan, "link");
	const char *style;

	sheet->has_body = true;
	if (v == NULL || strlen(v) > 30)
		return;
	style = arena_printf(sheet->arena, "color:%s", v);
	add_rule(sheet, (struct str){ "a:link", 6 }, (struct str){ style, strlen(style) }, true);
}

void
mime_sheet_read(struct html_sheet *sheet, struct arena *a, struct str html)
{
	struct html_scan *scan = arena_alloc(a, sizeof *scan);

	sheet->arena = a;
	sheet->steps = SHEET_STEPS;
	sheet->bytes = SHEET_BYTES;
	mime_html_begin(scan, html);
	while (mime_html_next(scan) != HTML_END) {
		if (scan->kind == HTML_OPEN && scan->is_style)
			read_style(sheet, scan);
		else if (scan->kind == HTML_OPEN && !sheet->has_body &&
			 strcmp(scan->name, "body") == 0)
			read_body(sheet, scan);
	}
}
