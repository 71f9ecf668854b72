/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts are the words of the sender, and in which order; all others are attachments. */
#include "mime/private.h"

#include <string.h>

static bool
is_text(const struct node *n)
{
	return strcmp(n->type, "text/plain") == 0 || strcmp(n->type, "text/html") == 0;
}

/* A text part is body unless it says that it is a file. A name alone makes it one only behind a body:
 * some programs name the very text they send. */
static bool
is_body(struct bodies *b, const struct node *n)
{
	const char *how =
	    n->disposition.s == NULL ? "" : mime_param_value(b->arena, n->disposition);

	if (!is_text(n) || strcmp(how, "attachment") == 0)
		return false;
	if (n->depth == 0)
		return true;
	return b->n == 0 || (mime_param(b->arena, n->type_raw, "name") == NULL &&
				mime_param(b->arena, n->disposition, "filename") == NULL);
}

static struct segment *
add_segment(struct bodies *b)
{
	if (b->n == b->cap) {
		size_t cap = b->cap == 0 ? 4 : b->cap * 2;
		struct segment *v = arena_alloc(b->arena, cap * sizeof(*v));

		if (b->n > 0)
			memcpy(v, b->v, b->n * sizeof(*v));
		b->v = v;
		b->cap = cap;
	}
	b->v[b->n] = (struct segment){ .text = -1, .html = -1 };
	return &b->v[b->n++];
}

static bool
has_text(const struct bodies *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (b->v[i].text >= 0)
			return true;
	return false;
}

static bool
has_html(const struct bodies *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (b->v[i].html >= 0)
			return true;
	return false;
}

/* What the children of an alternative gave: [from, to) in the list. */
struct range {
	size_t from, to;
};

/* Say it once: the text of one version beside the HTML of the other. */
static void
pair(struct bodies *b, struct range text, struct range html)
{
	struct segment *v = b->v;
	size_t texts = text.to - text.from, htmls = html.to - html.from;
	struct segment *copy = arena_alloc(b->arena, (texts + htmls) * sizeof(*copy));

	memcpy(copy, v + text.from, texts * sizeof(*copy));
	memcpy(copy + texts, v + html.from, htmls * sizeof(*copy));
	b->n = text.from < html.from ? text.from : html.from;
	for (size_t i = 0; i < texts || i < htmls; i++) {
		struct segment *s = add_segment(b);

		s->text = i < texts ? copy[i].text : -1;
		s->html = i < htmls ? copy[texts + i].html : -1;
		s->said_text = s->said_html = true;
	}
}

static void select_node(struct bodies *, const struct tree *, int self);

/* The richest version that is understood, and the plain one beside it (RFC 2046, 5.1.4). */
static void
select_alternative(struct bodies *b, const struct tree *t, int self)
{
	struct range text = { 0, 0 }, html = { 0, 0 }, r;
	size_t start = b->n;

	for (int i = self + 1; i < t->v[self].next; i = t->v[i].next) {
		r.from = b->n;
		select_node(b, t, i);
		r.to = b->n;
		if (has_html(b, r.from, r.to))
			html = r;
		else if (has_text(b, r.from, r.to) && text.to == 0)
			text = r;
	}
	if (text.to > 0 && html.to > 0) {
		pair(b, text, html);
	} else if (text.to > 0 || html.to > 0) {
		r = html.to > 0 ? html : text;
		memmove(b->v + start, b->v + r.from, (r.to - r.from) * sizeof(*b->v));
		b->n = start + (r.to - r.from);
	}
}

/* The root of multipart/related: what start= names, else the first part (RFC 2387). */
static void
select_related(struct bodies *b, const struct tree *t, int self)
{
	const char *start = mime_param(b->arena, t->v[self].type_raw, "start");
	int root = self + 1;

	for (int i = self + 1; start != NULL && i < t->v[self].next; i = t->v[i].next) {
		const char *cid =
		    t->v[i].cid.s == NULL ? NULL : mime_words_line(b->arena, t->v[i].cid);

		if (cid != NULL && strcmp(cid, start) == 0)
			root = i;
	}
	if (root < t->v[self].next)
		select_node(b, t, root);
}

static void
select_node(struct bodies *b, const struct tree *t, int self)
{
	const struct node *n = &t->v[self];
	struct segment *s;

	if (n->is_multipart && strcmp(n->type, "multipart/alternative") == 0) {
		select_alternative(b, t, self);
	} else if (n->is_multipart && strcmp(n->type, "multipart/related") == 0) {
		select_related(b, t, self);
	} else if (n->is_multipart) {
		for (int i = self + 1; i < n->next; i = t->v[i].next)
			select_node(b, t, i);
	} else if (is_body(b, n)) {
		s = add_segment(b);
		if (strcmp(n->type, "text/html") == 0)
			s->html = self;
		else
			s->text = self;
	}
}

void
mime_bodies_select(struct bodies *b, const struct tree *t)
{
	if (t->n > 0)
		select_node(b, t, 0);
}
