/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields as they leave: the one place that writes them. A value is printable ASCII as it stands or
 * encoded words (RFC 2047) from end to end, so that no reader has to guess which blanks count. */
#include "mime/private.h"

#include <string.h>

enum { LINE = 76, WORD = 75, FRAME = 12 /* of an encoded word: =?utf-8?q? and ?= */ };

/* No control character, and UTF-8: what could end a line or hide in one is refused. */
static bool
is_writable(const char *s)
{
	size_t n = strlen(s), used;

	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = text_next(s + i, n - i, &used);

		if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 ||
		    (cp == 0xfffd && used == 1))
			return false;
	}
	return true;
}

static void
refuse(struct head_writer *w, const char *what)
{
	if (w->error == NULL)
		w->error = arena_printf(w->b.arena, "%s has a control character in it", what);
}

static void
put(struct head_writer *w, const char *s, size_t n)
{
	buf_add(&w->b, s, n);
	w->column += n;
}

static void
begin(struct head_writer *w, const char *name)
{
	w->column = 0;
	w->first = true;
	put(w, name, strlen(name));
	put(w, ":", 1);
}

static void
end(struct head_writer *w)
{
	buf_puts(&w->b, "\r\n");
}

/* A blank, on a new line when so many characters would not fit behind it. The name is never left alone: not every
 * reader looks for an id below it. */
static void
blank(struct head_writer *w, size_t before)
{
	if (w->column + 1 + before > LINE && !w->first) {
		buf_puts(&w->b, "\r\n");
		w->column = 0;
	}
	put(w, " ", 1);
	w->first = false;
}

/* --- encoded words --- */
static bool
is_bare(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("!*+-/", c) != NULL;
}

static size_t
q_size(const char *s, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += is_bare((unsigned char)s[i]) || s[i] == ' ' ? 1 : 3;
	return size;
}

static size_t
b_size(size_t n)
{
	return (n + 2) / 3 * 4;
}

static void
put_word(struct head_writer *w, const char *s, size_t n, bool q)
{
	struct buf b = { .arena = w->b.arena };

	buf_puts(&b, q ? "=?utf-8?q?" : "=?utf-8?b?");
	if (q)
		for (size_t i = 0; i < n; i++)
			if (s[i] == ' ')
				buf_putc(&b, '_');
			else if (is_bare((unsigned char)s[i]))
				buf_putc(&b, s[i]);
			else
				buf_printf(&b, "=%02X", (unsigned char)s[i]);
	else
		buf_puts(&b, crypt_base64(w->b.arena, s, n));
	buf_puts(&b, "?=");
	put(w, b.s, b.n);
}

/* Whole characters into each word, as many as a line takes (RFC 2047, 2 and 5). */
static void
put_words(struct head_writer *w, const char *s)
{
	size_t n = strlen(s), used;
	bool q = q_size(s, n) <= b_size(n);

	while (n > 0) {
		size_t take = 0, room = WORD - FRAME;

		if (w->column + 1 + FRAME + 12 > LINE)
			blank(w, LINE);
		else
			blank(w, 0);
		if (room > LINE - w->column - FRAME)
			room = LINE - w->column - FRAME;
		while (take < n) {
			text_next(s + take, n - take, &used);
			if ((q ? q_size(s, take + used) : b_size(take + used)) > room)
				break;
			take += used;
		}
		put_word(w, s, take, q);
		s += take;
		n -= take;
	}
}

/* --- as it stands --- */
/* Printable ASCII that can be folded at its blanks and is not taken for an encoded word. */
static bool
is_plain(const char *s)
{
	size_t word = 0;

	if (*s == ' ' || strstr(s, "=?") != NULL || strstr(s, "  ") != NULL)
		return false;
	for (; *s != '\0'; s++) {
		word = *s == ' ' ? 0 : word + 1;
		if ((unsigned char)*s >= 0x7f || word > LINE - 12 || (*s == ' ' && s[1] == '\0'))
			return false;
	}
	return true;
}

static void
put_plain(struct head_writer *w, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, " ");

		blank(w, n);
		put(w, s, n);
		s += n;
		if (*s == '\0')
			return;
		s++;
	}
}

void
mime_head_text(struct head_writer *w, const char *name, const char *value)
{
	if (!is_writable(value)) {
		refuse(w, name);
		return;
	}
	begin(w, name);
	if (is_plain(value))
		put_plain(w, value);
	else
		put_words(w, value);
	end(w);
}

/* --- people --- */
static void
put_quoted(struct head_writer *w, const char *s)
{
	struct buf b = { .arena = w->b.arena };

	buf_putc(&b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(&b, '\\');
		buf_putc(&b, *s);
	}
	buf_putc(&b, '"');
	blank(w, b.n);
	put(w, b.s, b.n);
}

/* A display name: atoms, a quoted string, or encoded words. */
static void
put_phrase(struct head_writer *w, const char *s)
{
	static const char atoms[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "!#$%&'*+-/=?^_`{|}~ ";

	if (!is_plain(s) || strlen(s) > LINE - 20)
		put_words(w, s);
	else if (s[strspn(s, atoms)] == '\0')
		put_plain(w, s);
	else
		put_quoted(w, s);
}

static void
put_person(struct head_writer *w, const char *field, const struct person *p, bool comma)
{
	const char *tail = comma ? "," : "";
	size_t n = strlen(p->email) + 2 + strlen(tail);

	if (!mime_address_ok(p->email)) {
		if (w->error == NULL)
			w->error = arena_printf(w->b.arena, "%s has no valid address", field);
		return;
	}
	if (p->name != NULL && !is_writable(p->name)) {
		refuse(w, field);
		return;
	}
	if (p->name != NULL && *p->name != '\0') {
		put_phrase(w, p->name);
		blank(w, n);
		put(w, arena_printf(w->b.arena, "<%s>%s", p->email, tail), n);
	} else {
		blank(w, n - 2);
		put(w, arena_printf(w->b.arena, "%s%s", p->email, tail), n - 2);
	}
}

void
mime_head_people(struct head_writer *w, const char *name, const struct people *list)
{
	if (list->n == 0)
		return;
	begin(w, name);
	for (size_t i = 0; i < list->n; i++)
		put_person(w, name, &list->v[i], i + 1 < list->n);
	end(w);
}

/* --- ids --- */
bool
mime_id_ok(const char *id)
{
	size_t n = 0;

	for (; id[n] != '\0'; n++)
		if (id[n] < 0x21 || id[n] > 0x7e || id[n] == '<' || id[n] == '>')
			return false;
	return n > 0 && n < 900;
}

void
mime_head_ids(struct head_writer *w, const char *name, struct texts ids)
{
	if (ids.n == 0)
		return;
	begin(w, name);
	for (size_t i = 0; i < ids.n; i++) {
		size_t n = strlen(ids.v[i]) + 2;

		blank(w, n);
		put(w, arena_printf(w->b.arena, "<%s>", ids.v[i]), n);
	}
	end(w);
}
