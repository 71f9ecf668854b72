/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first event of an invitation (RFC 5545): what a card of it shows. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { CALENDAR_MAX = 256 << 10, VALUE_MAX = 500 };

struct reader {
	struct arena *arena;
	struct calendar *card;
	int depth; /* components that are open */
	int event; /* the depth of the event, 0 = none yet, -1 = it is over */
};

/* Lines that begin with a blank go on with the one before. */
static char *
unfold(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1);
	size_t n = 0;

	for (; *s != '\0'; s++)
		if (*s == '\n' && (s[1] == ' ' || s[1] == '\t'))
			s++;
		else
			out[n++] = *s;
	return out;
}

/* "Meier\, Hans\nBerlin" -> one line */
static char *
plain(struct arena *a, const char *s, size_t n)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < n && b.n < VALUE_MAX; i++)
		if (s[i] == '\\' && i + 1 < n) {
			i++;
			buf_putc(&b, s[i] == 'n' || s[i] == 'N' ? ' ' : s[i]);
		} else {
			buf_putc(&b, s[i]);
		}
	return text_line(a, b.s == NULL ? "" : b.s, b.n);
}

/* 20261127T140000Z -> 2026-11-27T14:00:00Z; a day alone stays one; NULL = neither. */
static char *
when(struct arena *a, const char *s, size_t n)
{
	if (n < 8 || strspn(s, "0123456789") < 8)
		return NULL;
	if (n >= 15 && s[8] == 'T' && strspn(s + 9, "0123456789") >= 6)
		return arena_printf(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%s", s, s + 4, s + 6, s + 9,
		    s + 11, s + 13, n > 15 && s[15] == 'Z' ? "Z" : "");
	return arena_printf(a, "%.4s-%.2s-%.2s", s, s + 4, s + 6);
}

/* Where the value of "NAME;PARAM=\"a:b\":value" begins. */
static const char *
value_of(const char *line, size_t n)
{
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == '"')
			quoted = !quoted;
		else if (line[i] == ':' && !quoted)
			return line + i + 1;
	}
	return NULL;
}

static void
note(struct reader *r, const char *line, size_t n, const char *v)
{
	struct calendar *c = r->card;
	struct str params = { line, (size_t)(v - line) - 1 };
	size_t name = strcspn(line, ";:"), length = (size_t)(line + n - v);
	const char *who;

	if (name == 7 && strncasecmp(line, "SUMMARY", 7) == 0) {
		c->summary = plain(r->arena, v, length);
	} else if (name == 8 && strncasecmp(line, "LOCATION", 8) == 0) {
		c->place = plain(r->arena, v, length);
	} else if (name == 7 && strncasecmp(line, "DTSTART", 7) == 0) {
		c->start = when(r->arena, v, length);
		c->zone = mime_param(r->arena, params, "tzid");
	} else if (name == 5 && strncasecmp(line, "DTEND", 5) == 0) {
		c->end = when(r->arena, v, length);
	} else if (name == 9 && strncasecmp(line, "ORGANIZER", 9) == 0) {
		who = plain(r->arena, v, length);
		c->organiser = mime_param(r->arena, params, "cn");
		if (c->organiser == NULL || *c->organiser == '\0')
			c->organiser = strncasecmp(who, "mailto:", 7) == 0 ? who + 7 : who;
	}
}

static void
read_line(struct reader *r, const char *line, size_t n)
{
	const char *v = value_of(line, n);
	size_t length = v == NULL ? 0 : (size_t)(line + n - v);

	if (v == NULL)
		return;
	if (strncasecmp(line, "BEGIN:", 6) == 0) {
		r->depth++;
		if (r->event == 0 && length == 6 && strncasecmp(v, "VEVENT", 6) == 0)
			r->event = r->depth;
	} else if (strncasecmp(line, "END:", 4) == 0) {
		if (r->event == r->depth)
			r->event = -1;
		r->depth--;
	} else if (r->event > 0 && r->depth == r->event) {
		note(r, line, n, v);
	} else if (r->event == 0 && r->depth <= 1 && strncasecmp(line, "METHOD:", 7) == 0) {
		r->card->method = text_lower(r->arena, plain(r->arena, v, length));
	}
}

static char *
content(struct arena *a, const struct node *n)
{
	struct buf b = { .arena = a };
	const char *label = mime_param(a, n->type_raw, "charset");
	bool cut;

	mime_charset_add(&b, (struct str){ label, label == NULL ? 0 : strlen(label) },
	    mime_decode_some(a, n->body, n->encoding, CALENDAR_MAX, &cut));
	return text_clean(a, b.s == NULL ? "" : b.s, b.n);
}

struct calendar *
mime_calendar_read(struct arena *a, const struct tree *t)
{
	struct reader r = { .arena = a };
	const char *s = NULL;
	size_t n;

	for (int i = 0; i < t->n && s == NULL; i++)
		if (!t->v[i].is_multipart && (strcmp(t->v[i].type, "text/calendar") == 0 ||
						 strcmp(t->v[i].type, "application/ics") == 0))
			s = unfold(a, content(a, &t->v[i]));
	if (s == NULL)
		return NULL;
	r.card = arena_alloc(a, sizeof(*r.card));
	for (; *s != '\0' && r.event >= 0; s += n + (s[n] == '\n')) {
		n = strcspn(s, "\n");
		read_line(&r, s, n);
	}
	return r.event == 0 ? NULL : r.card;
}
