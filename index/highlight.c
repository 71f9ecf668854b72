/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Excerpts: the analyser reads the text again and says which of its words the query asked for; a mark
 * covers the source bytes of a whole word, so folding cannot shift it. */
#include <string.h>

#include "index/sieve.h"
#include "index/words.h"

enum {
	WANTED = 128, /* terms and phrases of a query that are looked for */
	KEY = 3,      /* first letters of a stem */
	LONG = 8,     /* letters of a word that may be a compound (compound.c) */
	MARKS = 2000  /* hits of a text that are looked at */
};

struct wanted {
	const struct xap_node *v[WANTED];
	size_t word[WANTED]; /* which word of the query it is a form of */
	size_t n, words;
	char keys[WANTED][KEY + 1]; /* how the stems begin that are asked for */
	size_t nkeys;
	struct sieve sieve;
};
struct mark {
	size_t at, end; /* bytes of the source */
	size_t which;   /* the word of the query that it is */
};
struct marks {
	struct mark *v;
	size_t n, max; /* max: code points of the excerpt */
	size_t enough; /* what lies behind these bytes shows nothing better; 0 = not yet */
};

/* The letters behind "Z" and the prefix of the field, in capitals. */
static void
add_key(struct wanted *w, const char *term)
{
	size_t i = 0;

	if (term[0] != 'Z' || w->nkeys == WANTED)
		return;
	while (*term >= 'A' && *term <= 'Z')
		term++;
	for (; i < KEY && term[i] != '\0'; i++)
		w->keys[w->nkeys][i] = term[i];
	w->nkeys++;
}

static bool
is_leaf(const struct xap_node *q)
{
	return q->op == XAP_TERM || q->op == XAP_PREFIX || q->op == XAP_PHRASE;
}

static void
add_leaf(struct wanted *w, const struct xap_node *q)
{
	if (q->op == XAP_TERM)
		add_key(w, q->term);
	if (q->op != XAP_PHRASE)
		sieve_want(&w->sieve, q->term);
	for (size_t i = 0; i < q->nchildren; i++)
		sieve_want(&w->sieve, q->children[i]->term);
	w->word[w->n] = w->words - 1;
	w->v[w->n++] = q;
}

/* Forms of one word: stems, and its beginning. */
static bool
is_one_word(const struct xap_node *q)
{
	size_t leaves = 0;
	bool has_beginning = false;

	for (size_t i = 0; i < q->nchildren; i++) {
		leaves += is_leaf(q->children[i]);
		has_beginning |= q->children[i]->op == XAP_PREFIX;
	}
	return q->op == XAP_OR && (has_beginning || leaves == q->nchildren);
}

/* What is asked for and not what must not be there. */
static void
collect(struct wanted *w, const struct xap_node *q, bool in_word)
{
	if (w->n == WANTED || q->op == XAP_NOT)
		return;
	if (!in_word && (is_leaf(q) || is_one_word(q))) {
		in_word = true;
		w->words++;
	}
	if (is_leaf(q))
		add_leaf(w, q);
	else
		for (size_t i = 0; i < q->nchildren; i++)
			collect(w, q->children[i], in_word);
}

/* Bytes that the marks of one excerpt lie within. */
static size_t
reach(const struct marks *m)
{
	return m->max * 3 / 4;
}

/* An excerpt that ends with the newest mark and shows every word of the query cannot be bettered: then only what
 * else it shows is looked for. */
static bool
is_best(const struct marks *m, const struct wanted *q)
{
	const struct mark *last = &m->v[m->n - 1];
	bool seen[WANTED] = { 0 };
	size_t words = 0;

	for (size_t i = m->n; i > 0 && last->end - m->v[i - 1].at <= reach(m); i--) {
		words += !seen[m->v[i - 1].which];
		seen[m->v[i - 1].which] = true;
	}
	return words == q->words;
}

/* A mark that would not fit into half an excerpt is none: words are never cut. */
static void
mark(struct marks *m, const struct wanted *q, size_t at, size_t end, size_t i)
{
	if (m->n == MARKS || end - at > m->max / 2)
		return;
	m->v[m->n++] = (struct mark){ at, end, q->word[i] };
	if (m->enough == 0 && is_best(m, q))
		m->enough = end + 4 * m->max;
}

/* Splitting a long word costs more than everything else: it can only hold a part whose first letters it holds. */
static bool
may_have_stem(const struct wanted *w, const char *plain, const char *folded)
{
	if (strlen(folded) < LONG)
		return true;
	for (size_t i = 0; i < w->nkeys; i++)
		if (strstr(folded, w->keys[i]) != NULL || strstr(plain, w->keys[i]) != NULL)
			return true;
	return false;
}

/* The terms that a word of the text has in the index. */
struct terms {
	struct term v[24];
	size_t n, nexact; /* the exact ones come first */
};

static void
terms_of(struct terms *t, const struct wanted *q, enum term_field field, const char *plain,
    const char *folded, bool has_digit)
{
	struct stems s;

	t->n = 0;
	terms_make(&t->v[t->n++], TERM_TEXT, false, folded);
	if (field != TERM_TEXT)
		terms_make(&t->v[t->n++], field, false, folded);
	t->nexact = t->n;
	if (has_digit || !may_have_stem(q, plain, folded))
		return;
	terms_stems(plain, folded, &s);
	terms_make(&t->v[t->n++], TERM_TEXT, true, s.de);
	terms_make(&t->v[t->n++], TERM_TEXT, true, s.en);
	if (field != TERM_TEXT) {
		terms_make(&t->v[t->n++], field, true, s.de);
		terms_make(&t->v[t->n++], field, true, s.en);
	}
	for (const char *part = NULL;
	     t->n + 2 <= NELEM(t->v) && (part = terms_part(&s, part)) != NULL;) {
		terms_make(&t->v[t->n++], TERM_TEXT, true, part);
		if (field != TERM_TEXT)
			terms_make(&t->v[t->n++], field, true, part);
	}
}

static bool
satisfies(const struct xap_node *q, const struct terms *t)
{
	size_t n = q->op == XAP_PREFIX ? strlen(q->term) : 0;

	if (q->op == XAP_PREFIX) {
		for (size_t i = 0; i < t->nexact; i++)
			if (strncmp(t->v[i].s, q->term, n) == 0)
				return true;
		return false;
	}
	for (size_t i = 0; i < t->n && q->op == XAP_TERM; i++)
		if (strcmp(t->v[i].s, q->term) == 0)
			return true;
	return false;
}

/* As many words as the longest phrase may need. */
struct recent {
	struct term_word v[TERMS_ASKED];
	struct terms terms[TERMS_ASKED];
	size_t n; /* words read so far */
};

/* Whether a phrase ends with the word read last; *at = where it begins. */
static bool
phrase_ends(const struct recent *r, const struct xap_node *q, size_t *at)
{
	size_t k = 0;

	if (q->nchildren > r->n || q->nchildren > TERMS_ASKED)
		return false;
	for (size_t i = 1; i <= q->nchildren; i++) {
		k = (r->n - i) % TERMS_ASKED;
		if (!satisfies(q->children[q->nchildren - i], &r->terms[k]))
			return false;
	}
	*at = r->v[k].at;
	return q->nchildren > 0;
}

static void
look_at_word(struct marks *m, const struct wanted *q, const struct recent *r)
{
	size_t k = (r->n - 1) % TERMS_ASKED, at = r->v[k].at, end = at + r->v[k].n;

	for (size_t i = 0; i < q->n; i++) {
		bool is = q->v[i]->op == XAP_PHRASE ? phrase_ends(r, q->v[i], &at)
						    : satisfies(q->v[i], &r->terms[k]);

		if (is) {
			mark(m, q, at, end, i);
			return;
		}
	}
}

static void
look_at_joined(
    struct marks *m, const struct wanted *q, enum term_field field, const struct joined *j)
{
	struct terms t;

	terms_of(&t, q, field, j->plain, j->folded, j->has_digit);
	for (size_t i = 0; i < q->n; i++)
		if (satisfies(q->v[i], &t)) {
			mark(m, q, j->at, j->end, i);
			return;
		}
}

/* The next word, NULL = none: what runs end before it? */
static void
look_at_runs(struct marks *m, const struct wanted *q, enum term_field field, struct joins *joins,
    const struct term_word *w)
{
	struct joined done;

	if (terms_join_tight(joins, w, &done))
		look_at_joined(m, q, field, &done);
	if (terms_join_loose(joins, w, &done))
		look_at_joined(m, q, field, &done);
}

static void
find_marks(struct marks *m, const struct wanted *q, enum term_field field, const char *text)
{
	static struct recent recent; /* large; only what was written for this text is read */
	struct recent *r = &recent;
	size_t n = strlen(text), at = 0;
	struct joins joins = { 0 };
	bool more;

	r->n = 0;
	do {
		size_t k;
		struct term_word *w;

		if (sieve_pass(&q->sieve, text, n, &at)) {
			look_at_runs(m, q, field, &joins, NULL);
			r->n = 0; /* no phrase reaches over them */
		}
		k = r->n % TERMS_ASKED;
		w = &r->v[k];
		more = terms_next(text, n, &at, w);
		look_at_runs(m, q, field, &joins, more ? w : NULL);
		if (more) {
			terms_of(&r->terms[k], q, field, w->plain, w->folded, w->has_digit);
			r->n++;
			look_at_word(m, q, r);
		}
	} while (more && m->n < MARKS && (m->enough == 0 || at < m->enough));
}

/* Marks by their beginning; those that overlap become one. */
static void
settle(struct marks *m)
{
	size_t n = 0;

	for (size_t i = 1; i < m->n; i++)
		for (size_t k = i; k > 0 && m->v[k].at < m->v[k - 1].at; k--) {
			struct mark t = m->v[k];

			m->v[k] = m->v[k - 1];
			m->v[k - 1] = t;
		}
	for (size_t i = 0; i < m->n; i++)
		if (n > 0 && m->v[i].at < m->v[n - 1].end) {
			if (m->v[i].end > m->v[n - 1].end)
				m->v[n - 1].end = m->v[i].end;
		} else {
			m->v[n++] = m->v[i];
		}
	m->n = n;
}

/* How many different things of the query the marks from i on show that fit into max bytes. */
static size_t
variety(const struct marks *m, size_t i, size_t max)
{
	bool seen[WANTED] = { 0 };
	size_t score = 0;

	for (size_t k = i; k < m->n && m->v[k].end - m->v[i].at <= max; k++)
		if (!seen[m->v[k].which]) {
			seen[m->v[k].which] = true;
			score++;
		}
	return score;
}

static size_t
best_mark(const struct marks *m, size_t max)
{
	size_t best = 0, most = 0;

	for (size_t i = 0; i < m->n && i < 200; i++) {
		size_t score = variety(m, i, max);

		if (score > most) {
			most = score;
			best = i;
		}
	}
	return best;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Where the excerpt begins: some words before the first mark, at the beginning of a word. */
static size_t
begin_at(const char *text, size_t mark_at, size_t room)
{
	size_t at = mark_at > room ? mark_at - room : 0;

	if (at == 0)
		return 0;
	while (at < mark_at && !is_blank(text[at]))
		at++;
	while (at < mark_at && is_blank(text[at]))
		at++;
	return at;
}

/* Where an excerpt ends that begins at `at`: max code points on, but at a blank. */
static size_t
end_at(const char *text, size_t at, size_t must, size_t max)
{
	size_t n = strlen(text), stop = at, used;

	for (; stop < n && max > 0; stop += used, max--)
		text_next(text + stop, n - stop, &used);
	while (stop < n && stop > must && !is_blank(text[stop]))
		stop--;
	return stop;
}

struct writer {
	struct buf out;
	bool blank, any;
};

static void
write_point(struct writer *w, const char *s, size_t n)
{
	static const char special[] = "&<>\"'";
	static const char *const entity[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	const char *p = strchr(special, *s);

	if (p != NULL)
		buf_puts(&w->out, entity[p - special]);
	else
		buf_add(&w->out, s, n);
	w->any = true;
}

static void
write_blank(struct writer *w)
{
	if (w->blank && w->any)
		buf_putc(&w->out, ' ');
	w->blank = false;
}

/* Runs of blanks and control characters are one blank, ill-formed bytes are left out. */
static void
write_text(struct writer *w, const char *s, size_t n)
{
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = text_next(s + i, n - i, &used);

		if (cp <= ' ' || cp == 0x7f) {
			w->blank = true;
		} else if (cp != 0xfffd) {
			write_blank(w);
			write_point(w, s + i, used);
		}
	}
}

/* The excerpt that begins at `at` and shows the marks from `first` on. */
static char *
write_excerpt(struct arena *a, const char *text, const struct marks *m, size_t first, size_t at)
{
	struct writer w = { .out = { .arena = a } };
	size_t stop = end_at(text, at, first < m->n ? m->v[first].end : at, m->max);

	if (at > 0)
		buf_puts(&w.out, "…");
	for (size_t i = first; i < m->n && m->v[i].end <= stop; i++) {
		write_text(&w, text + at, m->v[i].at - at);
		write_blank(&w);
		buf_puts(&w.out, "<mark>");
		write_text(&w, text + m->v[i].at, m->v[i].end - m->v[i].at);
		buf_puts(&w.out, "</mark>");
		at = m->v[i].end;
	}
	write_text(&w, text + at, stop - at);
	if (text[stop] != '\0')
		buf_puts(&w.out, "…");
	return w.out.s != NULL ? w.out.s : arena_dup(a, "", 0);
}

char *
terms_excerpt(
    struct arena *a, enum term_field field, const char *text, const struct xap_node *q, size_t max)
{
	static struct mark found[MARKS]; /* a page asks for hundreds of excerpts */
	struct wanted wanted = { .n = 0 };
	struct marks m = { .v = found, .max = max };
	size_t first, at;

	if (q == NULL)
		return write_excerpt(a, text, &m, 0, 0);
	collect(&wanted, q, false);
	find_marks(&m, &wanted, field, text);
	settle(&m);
	if (m.n == 0)
		return NULL;
	first = best_mark(&m, reach(&m));
	at = begin_at(text, m.v[first].at, max / 4);
	/* What stands between the beginning and the best mark is marked as well; none is cut. */
	while (first > 0 && m.v[first - 1].at >= at)
		first--;
	if (first > 0 && m.v[first - 1].end > at)
		at = m.v[first - 1].end;
	return write_excerpt(a, text, &m, first, at);
}
