/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words -> terms, for documents and for queries. A word is one term at its position (folded) and, unless
 * it has a digit, its German and English stems without one. */
#include <string.h>

#include "index/fold.h"
#include "index/words.h"

/* The one term table: what the terms of a field begin with. A stem is Z + prefix + stem; words are
 * lower case, so nothing else begins with a capital. Every field's words are general text as well. */
static const char *const field_prefix[] = {
	[TERM_TEXT] = "",
	[TERM_SUBJECT] = "S",
	[TERM_PERSON] = "A",
	[TERM_FILE] = "F",
	[TERM_ATTACHED] = "T",
};
static const char *const mark_term[] = {
	[TERM_MESSAGE] = "Km",
	[TERM_COMMENT] = "Kc",
	[TERM_WITH_FILE] = "Kf",
};

/* Phrases do not reach from one field into the next. */
enum { FIELD_GAP = 100 };

void
terms_make(struct term *t, enum term_field field, bool is_stem, const char *word)
{
	const char *prefix = field_prefix[field];

	t->n = 0;
	if (is_stem)
		t->s[t->n++] = 'Z';
	for (; *prefix != '\0'; prefix++)
		t->s[t->n++] = *prefix;
	for (; *word != '\0' && t->n + 1 < sizeof t->s; word++)
		t->s[t->n++] = *word;
	t->s[t->n] = '\0';
}

/* --- documents --- */

struct filling {
	struct xap_doc *doc;
	uint32_t position;
	bool failed;
};

static void
fill_term(
    struct filling *f, enum term_field field, bool is_stem, const char *word, uint32_t position)
{
	struct term t;

	terms_make(&t, field, is_stem, word);
	f->failed |= xap_doc_term(f->doc, t.s, t.n, position) != XAP_OK;
}

static void
fill_stems(struct filling *f, enum term_field field, const char *plain, const char *folded)
{
	struct stems s;

	terms_stems(plain, folded, &s);
	fill_term(f, field, true, s.de, 0);
	if (strcmp(s.de, s.en) != 0)
		fill_term(f, field, true, s.en, 0);
	for (const char *part = NULL; (part = terms_part(&s, part)) != NULL;)
		fill_term(f, field, true, part, 0);
}

static void
fill_word(struct filling *f, enum term_field field, const struct term_word *w)
{
	fill_term(f, field, false, w->folded, f->position);
	if (!w->has_digit)
		fill_stems(f, field, w->plain, w->folded);
}

static void
fill_joined(struct filling *f, enum term_field field, const struct joined *j)
{
	fill_term(f, field, false, j->folded, 0);
	if (!j->has_digit)
		fill_stems(f, field, j->plain, j->folded);
}

static void
fill_text(struct filling *f, enum term_field field, const char *text)
{
	struct joins joins = { 0 };
	struct joined done;
	struct term_word w;
	size_t n = text == NULL ? 0 : strlen(text), at = 0;
	bool more;

	do {
		more = terms_next(text, n, &at, &w);
		if (terms_join_tight(&joins, more ? &w : NULL, &done))
			fill_joined(f, field, &done);
		if (terms_join_loose(&joins, more ? &w : NULL, &done))
			fill_joined(f, field, &done);
		if (more) {
			f->position++;
			fill_word(f, field, &w);
		}
	} while (more);
}

static void
fill_field(struct filling *f, enum term_field field, const char *text)
{
	uint32_t begin = f->position;

	fill_text(f, field, text);
	f->position = begin;
	fill_text(f, TERM_TEXT, text);
	f->position += FIELD_GAP;
}

static void
free_doc(void *doc)
{
	xap_doc_free(doc);
}

struct xap_doc *
terms_document(struct arena *a, const struct term_source *s)
{
	struct filling f = { .doc = xap_doc_new() };

	if (f.doc == NULL)
		return NULL;
	arena_defer(a, free_doc, f.doc);
	fill_field(&f, TERM_SUBJECT, s->subject);
	fill_field(&f, TERM_PERSON, s->people);
	fill_field(&f, TERM_FILE, s->files);
	fill_text(&f, TERM_TEXT, s->text);
	f.position += FIELD_GAP;
	fill_field(&f, TERM_ATTACHED, s->attached);
	fill_term(&f, TERM_TEXT, false, mark_term[s->is_comment ? TERM_COMMENT : TERM_MESSAGE], 0);
	if (s->files != NULL && *s->files != '\0')
		fill_term(&f, TERM_TEXT, false, mark_term[TERM_WITH_FILE], 0);
	if (s->ticket != 0 && xap_doc_ticket(f.doc, s->ticket) != XAP_OK)
		f.failed = true;
	return f.failed ? NULL : f.doc;
}

bool
terms_match(struct arena *a, const struct term_source *s, const struct xap_node *q)
{
	struct xap_doc *doc = terms_document(a, s);
	bool is = false;

	return doc != NULL && xap_doc_matches(doc, q, &is) == XAP_OK && is;
}

/* --- queries --- */

struct nodes {
	struct arena *arena;
	const struct xap_node **v;
	size_t n, cap;
};

static void
add(struct nodes *l, const struct xap_node *node)
{
	if (l->n == l->cap) {
		const struct xap_node **v = l->v;

		l->cap = l->cap == 0 ? 4 : 2 * l->cap;
		l->v = arena_alloc(l->arena, l->cap * sizeof *v);
		if (l->n > 0)
			memcpy(l->v, v, l->n * sizeof *v);
	}
	l->v[l->n++] = node;
}

static const struct xap_node *
combine(struct nodes *l, enum xap_op op)
{
	struct xap_node *node;

	if (l->n == 1)
		return l->v[0];
	node = arena_alloc(l->arena, sizeof *node);
	*node = (struct xap_node){ .op = op, .nchildren = l->n, .children = l->v };
	return node;
}

static const struct xap_node *
leaf(struct arena *a, enum xap_op op, enum term_field field, bool is_stem, const char *word)
{
	struct xap_node *node = arena_alloc(a, sizeof *node);
	struct term t;

	terms_make(&t, field, is_stem, word);
	*node = (struct xap_node){ .op = op, .term = arena_dup(a, t.s, t.n) };
	return node;
}

/* A word is asked for by its stems; with a digit in it only as it is. */
static const struct xap_node *
ask_word(
    struct arena *a, enum term_field field, const char *plain, const char *folded, bool has_digit)
{
	struct nodes l = { .arena = a };
	struct stems s;

	if (has_digit)
		return leaf(a, XAP_TERM, field, false, folded);
	terms_stems(plain, folded, &s);
	add(&l, leaf(a, XAP_TERM, field, true, s.de));
	if (strcmp(s.de, s.en) != 0)
		add(&l, leaf(a, XAP_TERM, field, true, s.en));
	return combine(&l, XAP_OR);
}

/* One letter begins too many words to look for them while somebody types. */
static const struct xap_node *
ask_beginning(
    struct arena *a, enum term_field field, const char *plain, const char *folded, bool has_digit)
{
	struct nodes l = { .arena = a };
	char begin[TERMS_WORD];

	fold_umlauts(plain, begin, sizeof begin, true);
	add(&l, ask_word(a, field, plain, folded, has_digit));
	if (begin[0] != '\0' && begin[1] != '\0')
		add(&l, leaf(a, XAP_PREFIX, field, false, begin));
	return combine(&l, XAP_OR);
}

/* Words in order as they are: a phrase; all but the last when that is only a beginning. */
static const struct xap_node *
ask_row(
    struct arena *a, enum term_field field, const struct term_word *w, size_t n, enum term_how how)
{
	bool open = how == TERM_BEGINNING;
	struct nodes l = { .arena = a };

	for (size_t i = 0; i + open < n; i++)
		add(&l, leaf(a, XAP_TERM, field, false, w[i].folded));
	if (!open)
		return combine(&l, XAP_PHRASE);
	add(&l, ask_beginning(a, field, w[n - 1].plain, w[n - 1].folded, w[n - 1].has_digit));
	return combine(&l, XAP_AND);
}

static const struct xap_node *
ask_joined(struct arena *a, enum term_field field, const struct joined *j, enum term_how how)
{
	if (how == TERM_BEGINNING)
		return ask_beginning(a, field, j->plain, j->folded, j->has_digit);
	return ask_word(a, field, j->plain, j->folded, j->has_digit);
}

/* Words that touch: as one term where documents have it so, or one behind the other. */
static const struct xap_node *
ask_chunk(
    struct arena *a, enum term_field field, const struct term_word *w, size_t n, enum term_how how)
{
	struct nodes l = { .arena = a };
	struct joins joins = { 0 };
	struct joined done;

	if (n == 1 && how == TERM_BEGINNING)
		return ask_beginning(a, field, w->plain, w->folded, w->has_digit);
	if (n == 1)
		return ask_word(a, field, w->plain, w->folded, w->has_digit);
	for (size_t i = 0; i < n; i++)
		terms_join_tight(&joins, &w[i], &done);
	if (terms_join_tight(&joins, NULL, &done))
		add(&l, ask_joined(a, field, &done, how));
	add(&l, ask_row(a, field, w, n, how));
	return combine(&l, XAP_OR);
}

static const struct xap_node *
ask_words(
    struct arena *a, enum term_field field, const struct term_word *w, size_t n, enum term_how how)
{
	struct nodes l = { .arena = a };
	size_t begin = 0;

	for (size_t i = 1; i <= n; i++)
		if (i == n || w[i].glue == 0 || w[i].glue == ' ') {
			add(&l,
			    ask_chunk(a, field, w + begin, i - begin, i == n ? how : TERM_WORDS));
			begin = i;
		}
	return combine(&l, XAP_AND);
}

/* Numbers with blanks between them, and nothing else, may be written as one in the document. */
static const struct xap_node *
ask_numbers(
    struct arena *a, enum term_field field, const struct term_word *w, size_t n, enum term_how how)
{
	struct nodes l = { .arena = a };
	struct joins joins = { 0 };
	struct joined done;

	for (size_t i = 0; i < n; i++)
		terms_join_loose(&joins, &w[i], &done);
	if (!terms_join_loose(&joins, NULL, &done) || done.words != n)
		return NULL;
	add(&l, ask_joined(a, field, &done, how));
	add(&l, ask_words(a, field, w, n, how));
	return combine(&l, XAP_OR);
}

const struct xap_node *
terms_query(struct arena *a, enum term_field field, const char *text, enum term_how how)
{
	struct term_word *w = arena_alloc(a, TERMS_ASKED * sizeof *w);
	const struct xap_node *numbers;
	size_t n = 0, at = 0;

	while (n < TERMS_ASKED && terms_next(text, strlen(text), &at, &w[n]))
		n++;
	if (n == 0)
		return NULL;
	if (how == TERM_EXACT)
		return ask_row(a, field, w, n, how);
	numbers = ask_numbers(a, field, w, n, how);
	return numbers != NULL ? numbers : ask_words(a, field, w, n, how);
}

const struct xap_node *
terms_mark(struct arena *a, enum term_mark mark)
{
	return leaf(a, XAP_TERM, TERM_TEXT, false, mark_term[mark]);
}
