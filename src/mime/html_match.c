/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rules of a sheet mean an element. Rules wait under what their last part asks for: an id, a class, a name.
 * Comparisons and bytes of one mail are counted; when they are used up the rest of it has no styles of the sheet. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { MATCHES = 64 /* of one element */ };

static bool
is_same(struct str a, struct str b)
{
	return a.n == b.n && memcmp(a.s, b.s, a.n) == 0;
}

static bool
is_named(const struct html_part *p, const char *name)
{
	return p->name.n == strlen(name) && strncasecmp(p->name.s, name, p->name.n) == 0;
}

static unsigned
slot(char kind, struct str s)
{
	unsigned h = 2166136261u ^ (unsigned char)kind;

	for (size_t i = 0; i < s.n; i++)
		h = h * 16777619u ^ (unsigned char)(kind == 0 ? s.s[i] | 32 : s.s[i]);
	return (h ^ h >> 15) % SHEET_SLOTS;
}

static unsigned
slot_of(const struct html_part *p)
{
	if (p->id.n > 0)
		return slot('#', p->id);
	return p->nclasses > 0 ? slot('.', p->classes[0]) : slot(0, p->name);
}

void
mime_sheet_add(struct html_sheet *sheet, const struct html_rule *rule)
{
	struct html_rule *r = arena_alloc(sheet->arena, sizeof *r), **at;
	struct html_part *last = &rule->parts[rule->nparts - 1];

	*r = *rule;
	if (is_named(last, "html")) { /* shown by the body, below what is said of that */
		last->name = (struct str){ "body", 4 };
		r->weight = 0;
	}
	sheet->has_body_rule = sheet->has_body_rule || is_named(last, "body");
	r->order = sheet->nrules++;
	at = &sheet->slots[slot_of(last)];
	r->next = *at;
	*at = r;
}

/* --- what is being cleaned --- */
static void
add_classes(struct html_who *w, struct str s)
{
	while (s.n > 0 && w->nclasses < WHO_CLASSES) {
		size_t n = 0;

		while (n < s.n && strchr(" \t\r\n\f", s.s[n]) == NULL)
			n++;
		if (n > 0)
			w->classes[w->nclasses++] = (struct str){ s.s, n };
		n += n < s.n;
		s.s += n;
		s.n -= n;
	}
}

void
mime_sheet_who(struct html_who *w, const struct html_scan *scan, const char *name)
{
	*w = (struct html_who){ .name = { name, strlen(name) } };
	for (int i = scan->nattrs - 1; i >= 0; i--) {
		struct str key = scan->attrs[i].name, v = scan->attrs[i].value;

		if (key.n == 2 && strncasecmp(key.s, "id", 2) == 0) {
			w->id = v;
		} else if (key.n == 4 && strncasecmp(key.s, "href", 4) == 0) {
			w->is_link = true;
		} else if (key.n == 5 && strncasecmp(key.s, "class", 5) == 0) {
			w->nclasses = 0;
			add_classes(w, v);
		}
	}
}

/* --- comparing --- */
static bool
has_class(const struct html_who *w, struct str class)
{
	for (int i = 0; i < w->nclasses; i++)
		if (is_same(w->classes[i], class))
			return true;
	return false;
}

static bool
fits(const struct html_part *p, const struct html_who *w)
{
	if ((p->name.n > 0 &&
		(p->name.n != w->name.n || strncasecmp(p->name.s, w->name.s, p->name.n) != 0)) ||
	    (p->id.n > 0 && !is_same(p->id, w->id)) || (p->is_link && !w->is_link))
		return false;
	for (int i = 0; i < p->nclasses; i++)
		if (!has_class(w, p->classes[i]))
			return false;
	return true;
}

/* html and body stand around everything, whether the mail wrote them or not. */
static bool
is_root(const struct html_part *p)
{
	return p->id.n == 0 && p->nclasses == 0 && (is_named(p, "html") || is_named(p, "body"));
}

/* Do parts 0..i mean ancestors of path[at]? The nearest that fits is the best, unless it must be a child. */
static bool
fits_above(
    struct html_sheet *sheet, const struct html_rule *r, int i, const struct html_who *path, int at)
{
	bool is_child;

	if (i < 0)
		return true;
	is_child = r->parts[i + 1].is_child;
	if (is_root(&r->parts[i]) && (i == 0 || is_root(&r->parts[i - 1])))
		return !is_child || at == 0 ||
		       is_same(path[at - 1].name, (struct str){ "body", 4 });
	/* The row group that browsers put around bare rows. */
	if (is_child && at > 0 && is_named(&r->parts[i], "tbody") && r->parts[i].nclasses == 0 &&
	    is_same(path[at].name, (struct str){ "tr", 2 }) &&
	    is_same(path[at - 1].name, (struct str){ "table", 5 }))
		return fits_above(sheet, r, i - 1, path, at);
	for (int k = at - 1; k >= 0 && sheet->steps-- > 0; k--) {
		if (fits(&r->parts[i], &path[k])) {
			bool all = fits_above(sheet, r, i - 1, path, k);

			if (all || i == 0 || !r->parts[i].is_child)
				return all;
		}
		if (is_child)
			break;
	}
	return false;
}

struct found {
	const struct html_rule *v[MATCHES];
	int n;
};

/* In the order in which they hold. */
static void
add_found(struct found *f, const struct html_rule *r)
{
	int i = f->n;

	if (f->n == MATCHES)
		return;
	for (; i > 0 && (f->v[i - 1]->weight > r->weight ||
			    (f->v[i - 1]->weight == r->weight && f->v[i - 1]->order > r->order));
	     i--)
		f->v[i] = f->v[i - 1];
	f->v[i] = r;
	f->n++;
}

static void
look_up(struct html_sheet *sheet, struct found *f, unsigned at, const struct html_who *path, int n)
{
	for (const struct html_rule *r = sheet->slots[at]; r != NULL && sheet->steps-- > 0;
	     r = r->next)
		if (fits(&r->parts[r->nparts - 1], &path[n]) &&
		    fits_above(sheet, r, r->nparts - 2, path, n))
			add_found(f, r);
}

/* Each slot once: two classes may wait in one. */
static int
slots_of(const struct html_who *w, unsigned slots[WHO_CLASSES + 3])
{
	int n = 0;

	slots[n++] = slot(0, (struct str){ "", 0 });
	slots[n++] = slot(0, w->name);
	if (w->id.n > 0)
		slots[n++] = slot('#', w->id);
	for (int i = 0; i < w->nclasses; i++)
		slots[n++] = slot('.', w->classes[i]);
	return n;
}

void
mime_sheet_match(struct html_sheet *sheet, const struct html_who *path, int n, struct buf *b)
{
	unsigned slots[WHO_CLASSES + 3];
	struct found f = { .n = 0 };
	int nslots;

	if (sheet->nrules == 0 || sheet->steps <= 0)
		return;
	nslots = slots_of(&path[n], slots);
	for (int i = 0; i < nslots; i++) {
		int k = 0;

		while (slots[k] != slots[i])
			k++;
		if (k == i)
			look_up(sheet, &f, slots[i], path, n);
	}
	for (int i = 0; i < f.n && f.v[i]->style.n <= sheet->bytes; i++) {
		if (b->n > 0)
			buf_puts(b, "; ");
		buf_add(b, f.v[i]->style.s, f.v[i]->style.n);
		sheet->bytes -= f.v[i]->style.n;
	}
}
