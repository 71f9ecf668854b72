/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes of mail HTML: which are written, and with what. Addresses of pictures are the caller's to give. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 16384, DATA_MAX = 700000 /* bytes of base64: half a MiB of picture */ };

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

void
mime_html_put_attr(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, " %s=\"", name);
	for (; *value != '\0'; value++)
		if (strchr("<>\"&", *value) != NULL)
			mime_html_put_char(b, (uint32_t)*value);
		else
			buf_putc(b, (unsigned char)*value < ' ' ? ' ' : *value);
	buf_putc(b, '"');
}

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

static bool
has_scheme(const char *v, const char *scheme)
{
	return strncasecmp(v, scheme, strlen(scheme)) == 0;
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

/* --- pictures --- */
/* A picture that the mail itself brings along in the address: written anew when it is one by its first bytes too. */
static char *
data_picture(const char *v)
{
	static const char *const types[] = { "png", "jpeg", "jpg", "gif", "webp" };
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = { .arena = &scratch };
	unsigned char head[33] = { 0 };
	const char *data = strchr(v, ','), *p, *type;
	size_t i = 0, n = 0;

	while (i < NELEM(types) &&
	       !has_scheme(v, arena_printf(&scratch, "data:image/%s;base64,", types[i])))
		i++;
	if (i == NELEM(types) || data == NULL)
		return NULL;
	for (p = data + 1; *p != '\0' && *p != '='; p++) {
		const char *at = *p == ' ' ? NULL : strchr(letters, *p);

		if (*p == ' ')
			continue;
		if (at == NULL)
			return NULL;
		if (n < 40) { /* six bits into the head */
			size_t bit = n * 6;

			for (int k = 5; k >= 0; k--, bit++)
				head[bit / 8] |=
				    (unsigned char)(((at - letters) >> k & 1) << (7 - bit % 8));
		}
		n++;
		buf_putc(&b, *p);
	}
	type =
	    picture_type((struct str){ (const char *)head, n < 40 ? n * 6 / 8 : 30 }, NULL, NULL);
	if (type == NULL || strspn(p, "= ") != strlen(p))
		return NULL;
	return arena_printf(&scratch, "data:%s;base64,%s%s", type, b.s,
	    n % 4 == 2   ? "=="
	    : n % 4 == 3 ? "="
			 : "");
}

/* What is to be shown for an address; *remote = the whole address where it lies on the net. "!word" says why
 * nothing is. */
static const char *
shown_for(struct html_out *o, const char *v, const char **remote)
{
	char *s = mime_html_address(&scratch, v);

	*remote = NULL;
	if (s != NULL && (has_scheme(s, "http://") || has_scheme(s, "https://")))
		*remote = v = s;
	else if (has_scheme(v, "cid:"))
		v = percent_decode(&scratch, v + 4);
	else
		return has_scheme(v, "data:") ? data_picture(v) : NULL;
	return o->picture == NULL ? NULL : o->picture(o->arg, v);
}

static bool
is_tiny(const char *v)
{
	return v != NULL && (strcmp(v, "0") == 0 || strcmp(v, "1") == 0 || text_same(v, "1px") ||
				text_same(v, "0px"));
}

/* A picture of one point tells somebody that the mail was opened, and nothing else. */
static bool
is_pixel(struct html_out *o)
{
	return is_tiny(mime_html_attr(&scratch, &o->scan, "width")) &&
	       is_tiny(mime_html_attr(&scratch, &o->scan, "height"));
}

static void
put_picture(struct html_out *o)
{
	char *v = mime_html_attr(&scratch, &o->scan, "src");
	const char *shown, *remote;

	if (v == NULL || strlen(v) > DATA_MAX || (!has_scheme(v, "data:") && strlen(v) > VALUE_MAX))
		return;
	if (is_pixel(o)) {
		mime_html_put_attr(&o->out, "data-picture", "pixel");
		return;
	}
	shown = shown_for(o, v, &remote);
	o->remote += remote != NULL;
	if (shown != NULL && *shown == '!')
		mime_html_put_attr(&o->out, "data-picture", shown + 1);
	if (shown != NULL && *shown != '!')
		mime_html_put_attr(&o->out, "src", shown);
	else if (remote != NULL)
		mime_html_put_attr(&o->out, "data-remote", remote);
}

/* For what a style names: an address of ours that stands in quotes, or nothing. */
static const char *
shown_in_style(void *arg, const char *v)
{
	struct html_out *o = arg;
	const char *remote, *shown = shown_for(o, v, &remote);

	o->remote += remote != NULL;
	return shown == NULL || *shown == '!' ? NULL : shown;
}

static void
add_word(struct html_out *o, struct buf *b, const char *attribute, const char *property)
{
	const char *v = mime_html_attr(&scratch, &o->scan, attribute);

	if (v != NULL && *v != '\0' && fits(WORD, v))
		buf_printf(b, "%s%s: %s", b->n > 0 ? "; " : "", property, v);
}

/* What attributes say that no element here could have: the weakest of styles. */
static void
add_hints(struct html_out *o, struct buf *b)
{
	if (strcmp(o->scan.name, "body") == 0) {
		add_word(o, b, "bgcolor", "background-color");
		add_word(o, b, "text", "color");
	}
	if (mime_html_attr(&scratch, &o->scan, "hidden") != NULL)
		buf_puts(b, b->n > 0 ? "; display: none" : "display: none");
}

static void
put_style(struct html_out *o)
{
	char *v = mime_html_attr(&scratch, &o->scan, "style");
	char *bg = mime_html_attr(&scratch, &o->scan, "background");
	struct buf b = { .arena = &scratch };
	const char *shown = NULL;

	add_hints(o, &b);
	if (bg != NULL && *bg != '\0' && strlen(bg) <= VALUE_MAX && !has_scheme(bg, "data:"))
		shown = shown_in_style(o, bg);
	if (shown != NULL)
		buf_printf(&b, "%sbackground-image: url('%s')", b.n > 0 ? "; " : "", shown);
	mime_sheet_match(&o->sheet, o->path, o->depth, &b);
	if (v != NULL && strlen(v) <= VALUE_MAX)
		mime_css_clean(&b, v, shown_in_style, o);
	if (b.n > 0)
		mime_html_put_attr(&o->out, "style", b.s);
}

static void
put_link(struct html_out *o)
{
	char *v = mime_html_attr(&scratch, &o->scan, "href");

	if (v == NULL || strlen(v) > VALUE_MAX || (v = mime_html_address(&scratch, v)) == NULL)
		return;
	mime_html_put_attr(&o->out, "href", v);
	buf_puts(&o->out, " rel=\"noopener noreferrer\" target=\"_blank\"");
	mime_html_link(o, v);
}

void
mime_html_attributes(struct html_out *o, bool is_link, bool is_picture)
{
	for (size_t i = 0; i < NELEM(attributes); i++) {
		char *v = mime_html_attr(&scratch, &o->scan, attributes[i].name);

		/* A link's title is its host. */
		if (v != NULL && fits(attributes[i].value, v) &&
		    !(is_link && strcmp(attributes[i].name, "title") == 0))
			mime_html_put_attr(&o->out, attributes[i].name, v);
	}
	put_style(o);
	if (is_link)
		put_link(o);
	if (is_picture)
		put_picture(o);
	if (mime_html_is_quote(&o->scan))
		mime_html_put_attr(
		    &o->out, "data-quote", mime_html_is_cut(&o->scan) ? "rest" : "1");
	arena_reset(&scratch);
}
