/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists as people and programs write them, and lists of message ids. One pass, no tree. */
#include "mime/private.h"

#include <string.h>

enum { LIST_MAX = 512 << 10 };

/* What was gathered of the mailbox that is being read. */
struct box {
	struct arena *arena;
	struct people *to;
	struct buf words;   /* display name, or the bare address */
	struct buf comment; /* (Hans) */
	struct buf angle;
	size_t named;                  /* bytes of words before the angle */
	bool has_angle, quoted, waits; /* waits: "Meier" of "Meier, Hans <h@x>" */
};

static void
clear(struct buf *b)
{
	b->n = 0;
}

static char *
address(struct arena *a, struct str s)
{
	struct buf u = { .arena = a };
	const char *colon;
	char *line;
	size_t n = 0;

	/* A source route (@a,@b:user@c) is obsolete; what counts is behind it. */
	if (s.n > 0 && s.s[0] == '@' && (colon = memchr(s.s, ':', s.n)) != NULL) {
		s.n -= (size_t)(colon + 1 - s.s);
		s.s = colon + 1;
	}
	mime_charset_add(&u, (struct str){ NULL, 0 }, s);
	line = text_line(a, u.s == NULL ? "" : u.s, u.n);
	for (char *p = line; *p != '\0'; p++)
		if (*p != ' ')
			line[n++] = *p;
	line[n] = '\0';
	return text_starts(line, "mailto:") ? line + 7 : line;
}

static void
add(struct box *b, const char *name, const char *email)
{
	struct people *to = b->to;
	struct person *v;
	size_t cap = 4;

	while (cap < to->n)
		cap *= 2;
	if (to->n == 0 || to->n == cap) {
		v = arena_alloc(b->arena, (to->n == 0 ? 4 : cap * 2) * sizeof(*v));
		if (to->n > 0)
			memcpy(v, to->v, to->n * sizeof(*v));
		to->v = v;
	}
	to->v[to->n].name = name != NULL && *name != '\0' ? name : NULL;
	to->v[to->n].email = email;
	to->n++;
}

/* "Hans Meier hans@example.com" without brackets: the word with the @ is the address. */
static void
add_bare(struct box *b, const char *name)
{
	char *all = mime_words_line(b->arena, buf_str(&b->words)), *at = strchr(all, '@'), *start,
	     *end;

	if (at == NULL) {
		if (strchr(all, ' ') != NULL || b->quoted)
			add(b, all, "");
		else if (*all != '\0')
			add(b, name, all);
		return;
	}
	for (start = at; start > all && start[-1] != ' ';)
		start--;
	for (end = at; *end != '\0' && *end != ' ';)
		end++;
	if (start > all && at[1] != ' ' && at[1] != '\0') {
		start[-1] = '\0';
		name = all;
	} else {
		start = all;
		end = all + strlen(all);
	}
	add(b, name, address(b->arena, (struct str){ start, (size_t)(end - start) }));
}

static void
finish(struct box *b)
{
	const char *name =
	    b->comment.n > 0 ? mime_words_line(b->arena, buf_str(&b->comment)) : NULL;
	const char *words, *email;

	if (b->has_angle) {
		words = mime_words_line(b->arena, buf_str(&b->words));
		name = *words != '\0' ? words : name;
		email = address(b->arena, buf_str(&b->angle));
		if (*email != '\0' || name != NULL)
			add(b, name, email);
	} else if (b->words.n > 0) {
		add_bare(b, name);
	}
	clear(&b->words);
	clear(&b->comment);
	clear(&b->angle);
	b->has_angle = b->quoted = b->waits = false;
}

/* At a comma: "Meier, Hans <h@x>" is one mailbox when what stands before has no @ of its own. */
static void
comma(struct box *b, struct str rest)
{
	const char *angle = memchr(rest.s, '<', rest.n < 200 ? rest.n : 200), *stop;

	if (b->has_angle || b->quoted || b->words.n == 0 ||
	    memchr(b->words.s, '@', b->words.n) != NULL || angle == NULL || b->waits) {
		finish(b);
		return;
	}
	stop = memchr(rest.s, ',', (size_t)(angle - rest.s));
	if (stop != NULL || memchr(rest.s, '@', (size_t)(angle - rest.s)) != NULL) {
		finish(b);
		return;
	}
	b->waits = true;
	buf_puts(&b->words, ",");
}

/* A quoted string, its escapes removed; the bytes read. */
static size_t
add_quoted(struct buf *b, struct str s)
{
	size_t i = 1;

	while (i < s.n && s.s[i] != '"') {
		if (s.s[i] == '\\' && i + 1 < s.n)
			i++;
		buf_putc(b, s.s[i++]);
	}
	return i < s.n ? i + 1 : s.n;
}

static size_t
add_comment(struct buf *b, struct str s)
{
	size_t i = 1;
	int depth = 1;

	if (b->n > 0)
		buf_putc(b, ' ');
	for (; i < s.n; i++) {
		if (s.s[i] == '\\' && i + 1 < s.n)
			i++;
		else if (s.s[i] == '(')
			depth++;
		else if (s.s[i] == ')' && --depth == 0)
			return i + 1;
		buf_putc(b, s.s[i]);
	}
	return s.n;
}

/* "A <a@x> B <b@x>": where a comma was forgotten, what stands behind the first address names the second. */
static void
split_box(struct box *b)
{
	size_t n = b->words.n - b->named;
	char *name = arena_dup(b->arena, n == 0 ? "" : b->words.s + b->named, n);

	b->words.n = b->named;
	finish(b);
	buf_add(&b->words, name, n);
}

static size_t
add_angle(struct box *b, struct str s)
{
	const char *end = memchr(s.s, '>', s.n), *next = memchr(s.s + 1, '<', s.n - 1);

	if (end == NULL ||
	    (next != NULL && next < end && memchr(s.s, ',', (size_t)(next - s.s)) != NULL)) {
		end = memchr(s.s, ',', s.n); /* the bracket was never closed */
		end = end == NULL ? s.s + s.n : end;
	}
	if (b->has_angle)
		split_box(b);
	b->has_angle = true;
	b->named = b->words.n;
	buf_add(&b->angle, s.s + 1, (size_t)(end - s.s) - 1);
	return (size_t)(end - s.s) + (end < s.s + s.n && *end == '>');
}

/* Read one token of the list; the bytes read. */
static size_t
token(struct box *b, struct str s)
{
	size_t n;

	switch (s.s[0]) {
	case '"': b->quoted = true; return add_quoted(&b->words, s);
	case '(': return add_comment(&b->comment, s);
	case '<': return add_angle(b, s);
	case ',': comma(b, (struct str){ s.s + 1, s.n - 1 }); return 1;
	case ';': finish(b); return 1;
	case ':':
		/* "Undisclosed recipients:;" the name of a group is nobody's name */
		if (!b->has_angle &&
		    (b->words.n == 0 || memchr(b->words.s, '@', b->words.n) == NULL) &&
		    !text_same(b->words.s, "mailto") && !b->waits) {
			clear(&b->words);
			b->quoted = false;
			return 1;
		}
		break;
	case '\\':
		if (s.n > 1) {
			buf_putc(&b->words, s.s[1]);
			return 2;
		}
		break;
	case '=':
		n = mime_words_length(s);
		if (n > 0) {
			buf_add(&b->words, s.s, n);
			return n;
		}
		break;
	}
	buf_putc(&b->words, s.s[0]);
	return 1;
}

void
mime_people_add(struct arena *a, struct people *to, struct str raw, bool *cut)
{
	struct box b = { .arena = a, .to = to };
	struct str s;

	b.words.arena = b.comment.arena = b.angle.arena = a;
	if (raw.s == NULL)
		return;
	*cut = *cut || raw.n > LIST_MAX;
	s = mime_unfold(a, raw, LIST_MAX);
	while (s.n > 0) {
		size_t n;

		if (to->n >= MIME_PEOPLE) {
			*cut = true;
			return;
		}
		if (b.words.n == 0 && (*s.s == ' ' || *s.s == '\t'))
			n = 1;
		else
			n = token(&b, s);
		s.s += n;
		s.n -= n;
	}
	finish(&b);
}

/* The next id: what stands in < >, or a bare word when the value has no brackets. */
static bool
next_id(struct str *s, bool bare, struct str *id)
{
	size_t i = 0, start;

	while (i < s->n && (bare ? strchr(" \t,;\"", s->s[i]) != NULL : s->s[i] != '<'))
		i++;
	start = i += !bare && i < s->n;
	while (i < s->n &&
	       (bare ? strchr(" \t,;\"", s->s[i]) == NULL : s->s[i] != '>' && s->s[i] != '<'))
		i++;
	*id = (struct str){ s->s + start, i - start };
	s->s += i;
	s->n -= i;
	return id->n > 0 || s->n > 0;
}

/* Some encode even a list of ids as words when it is long. */
static struct str
unfolded_ids(struct arena *a, struct str raw)
{
	struct str s = raw.s == NULL ? raw : mime_unfold(a, raw, LIST_MAX);
	char *line;

	if (s.n == 0 || memchr(s.s, '<', s.n) != NULL || memmem(s.s, s.n, "=?", 2) == NULL)
		return s;
	line = mime_words_line(a, s);
	return (struct str){ line, strlen(line) };
}

struct texts
mime_ids_read(struct arena *a, struct str raw, size_t max, bool *cut)
{
	struct str s = unfolded_ids(a, raw), id;
	struct str *found = arena_alloc(a, max * sizeof(*found));
	const char **v = arena_alloc(a, max * sizeof(*v));
	bool bare = s.n > 0 && memchr(s.s, '<', s.n) == NULL, lone;
	size_t n = 0, kept = 0;

	while (s.n > 0 && strchr(" \t", *s.s) != NULL) {
		s.s++;
		s.n--;
	}
	while (s.n > 0 && strchr(" \t", s.s[s.n - 1]) != NULL)
		s.n--;
	lone = bare && memchr(s.s, '@', s.n) == NULL && memchr(s.s, ' ', s.n) == NULL;
	while (s.n > 0 && next_id(&s, bare, &id)) {
		/* "Hans Meier's message of Monday" names no id */
		if (id.n == 0 || (bare && !lone && memchr(id.s, '@', id.n) == NULL))
			continue;
		if (n == max) { /* the first and the newest count */
			*cut = true;
			memmove(found + 1, found + 2, (max - 2) * sizeof(*found));
			n--;
		}
		found[n++] = id;
	}
	for (size_t i = 0; i < n; i++) {
		v[kept] = address(a, found[i]);
		kept += *v[kept] != '\0';
	}
	return (struct texts){ v, kept };
}
