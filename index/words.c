/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyser: text -> words, runs of words that are one term as well, stems. */
#include <stdio.h>
#include <string.h>

#include "index/fold.h"
#include "index/words.h"

enum { JOINED_WORDS = 8 };

/* Letters and digits of ASCII in lower case: nearly all of a text is read by this table. */
#define BOTH(c) [c] = (c), [(c) - 'a' + 'A'] = (c)
static const char lower[256] = { BOTH('a'), BOTH('b'), BOTH('c'), BOTH('d'), BOTH('e'), BOTH('f'),
	BOTH('g'), BOTH('h'), BOTH('i'), BOTH('j'), BOTH('k'), BOTH('l'), BOTH('m'), BOTH('n'),
	BOTH('o'), BOTH('p'), BOTH('q'), BOTH('r'), BOTH('s'), BOTH('t'), BOTH('u'), BOTH('v'),
	BOTH('w'), BOTH('x'), BOTH('y'), BOTH('z'), ['0'] = '0', ['1'] = '1', ['2'] = '2',
	['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9' };

static const char *
skip_to_word(const char *s, const char *end, enum fold_kind *kind, uint32_t out[2], size_t *used)
{
	for (; s < end; s += *used) {
		*used = 1;
		if ((unsigned char)*s < 0x80 && lower[(unsigned char)*s] == 0)
			continue;
		*kind = fold_point(text_next(s, (size_t)(end - s), used), out);
		if (*kind == FOLD_LETTER || *kind == FOLD_ALONE)
			break;
	}
	return s;
}

/* Append as UTF-8 unless it no longer fits; a word is cut between characters only. */
static void
put(char *to, size_t *n, uint32_t cp)
{
	size_t need = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	if (cp == 0 || *n + need >= TERMS_WORD)
		return;
	if (need == 1)
		to[*n] = (char)cp;
	else
		to[*n] = (char)(0xf00 >> need | cp >> 6 * (need - 1));
	for (size_t i = 1; i < need; i++)
		to[*n + i] = (char)(0x80 | (cp >> 6 * (need - 1 - i) & 0x3f));
	*n += need;
	to[*n] = '\0';
}

/* What stands between two words when it is one character: hyphens and apostrophes of any make are
 * '-', a blank is ' '. */
static char
glue_of(const char *s, size_t n)
{
	size_t used;
	uint32_t cp;

	if (n == 0 || n > 3)
		return 0;
	cp = text_next(s, n, &used);
	if (used != n)
		return 0;
	if (cp == 0x2010 || cp == 0x2011 || cp == 0x2019 || cp == '\'')
		return '-';
	return cp == 0xa0 ? ' ' : cp < 0x80 && strchr(" -./_@+", (int)cp) != NULL ? (char)cp : 0;
}

static void
put_ascii(struct term_word *w, size_t *n, char c)
{
	if (*n + 1 < TERMS_WORD)
		w->plain[(*n)++] = c;
	w->has_digit |= c <= '9';
	w->is_number &= c <= '9';
}

/* One code point of a word beyond ASCII, or none: false = the word ends before it. */
static bool
put_point(
    struct term_word *w, size_t *n, const char *s, const char *end, bool is_first, size_t *used)
{
	uint32_t out[2];
	enum fold_kind k = fold_point(text_next(s, (size_t)(end - s), used), out);

	if (k == FOLD_BREAK || (k == FOLD_ALONE && !is_first))
		return false;
	if (k == FOLD_SILENT)
		return true;
	put(w->plain, n, out[0]);
	put(w->plain, n, out[1]);
	w->has_digit |= out[0] >= '0' && out[0] <= '9';
	w->is_number &= out[0] >= '0' && out[0] <= '9';
	return true;
}

static void
read_word(const char *s, const char *end, struct term_word *w, enum fold_kind kind)
{
	const char *begin = s;
	size_t n = 0, used;

	w->has_digit = false;
	w->is_number = true;
	for (; s < end && (s == begin || kind != FOLD_ALONE); s += used) {
		char c = lower[(unsigned char)*s];

		used = 1;
		if (c != 0)
			put_ascii(w, &n, c);
		else if ((unsigned char)*s < 0x80 || !put_point(w, &n, s, end, s == begin, &used))
			break;
	}
	w->plain[n] = '\0';
	w->nplain = (unsigned char)n;
	w->n = (size_t)(s - begin);
	w->nfolded = (unsigned char)fold_umlauts(w->plain, w->folded, sizeof w->folded, false);
}

bool
terms_next(const char *text, size_t n, size_t *at, struct term_word *w)
{
	const char *from = text + *at, *end = text + n, *s;
	enum fold_kind kind = FOLD_BREAK;
	uint32_t out[2];
	size_t used = 0;

	s = skip_to_word(from, end, &kind, out, &used);
	if (s == end)
		return false;
	w->glue = *at == 0 ? 0 : glue_of(from, (size_t)(s - from));
	w->at = (size_t)(s - text);
	read_word(s, end, w, kind);
	*at = w->at + w->n;
	return true;
}

char *
terms_fold(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };
	struct term_word w;

	for (size_t at = 0; terms_next(text, strlen(text), &at, &w);) {
		if (b.n > 0)
			buf_putc(&b, ' ');
		buf_puts(&b, w.folded);
	}
	return b.s != NULL ? b.s : arena_dup(a, "", 0);
}

static bool
append(char to[TERMS_WORD], size_t *n, const char *s, size_t more)
{
	if (*n + more >= TERMS_WORD)
		return false;
	memcpy(to + *n, s, more + 1);
	*n += more;
	return true;
}

static void
join_add(struct joined *j, const struct term_word *w)
{
	if (j->words++ == 0) {
		j->nplain = j->nfolded = 0;
		j->at = w->at;
		j->has_digit = j->has_at = j->has_blank = false;
		j->only_hyphens = j->fits = true;
	} else {
		j->only_hyphens &= w->glue == '-';
		j->has_at |= w->glue == '@';
		j->has_blank |= w->glue == ' ';
	}
	j->has_digit |= w->has_digit;
	j->end = w->at + w->n;
	j->fits = j->fits && j->words <= JOINED_WORDS &&
		  append(j->plain, &j->nplain, w->plain, w->nplain) &&
		  append(j->folded, &j->nfolded, w->folded, w->nfolded);
}

/* "e-mail", "305-1234567", "a@b.example"; not "and/or" or "www.shop.example". */
static bool
join_counts(const struct joined *j)
{
	return j->words > 1 && j->fits && (j->has_digit || j->has_at || j->only_hyphens);
}

/* A run that ends is handed over if it is a term. */
static bool
join_end(struct joined *j, bool counts, struct joined *done)
{
	bool is = counts && join_counts(j);

	if (is)
		*done = *j;
	j->words = 0;
	return is;
}

bool
terms_join_tight(struct joins *j, const struct term_word *next, struct joined *done)
{
	bool ends = next == NULL || next->glue == 0 || next->glue == ' ';
	bool is = ends && join_end(&j->tight, true, done);

	if (next != NULL)
		join_add(&j->tight, next);
	return is;
}

bool
terms_join_loose(struct joins *j, const struct term_word *next, struct joined *done)
{
	bool ends = next == NULL || next->glue == 0 || !next->is_number;
	bool is = ends && join_end(&j->loose, j->loose.has_blank, done);

	if (next != NULL && next->is_number)
		join_add(&j->loose, next);
	return is;
}

/* Words repeat by Zipf's law and Snowball takes a microsecond: the last ones are kept. */
static struct kept {
	char plain[32];
	struct stems stems;
} kept[8192];

void
terms_forget_stems(void)
{
	memset(kept, 0, sizeof kept);
}

const char *
terms_part(const struct stems *s, const char *part)
{
	const char *next = part == NULL ? s->parts : part + strlen(part) + 1;
	const char *at = s->parts;

	for (size_t i = 0; i < s->nparts; i++, at += strlen(at) + 1)
		if (at == next)
			return at;
	return NULL;
}

void
terms_stems(const char *plain, const char *folded, struct stems *out)
{
	struct kept *k;
	size_t n = strlen(plain);
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)plain[i]) * 16777619u;
	k = &kept[h % NELEM(kept)];
	if (n >= sizeof k->plain || strcmp(k->plain, plain) != 0) {
		xap_stem(XAP_GERMAN, folded, strlen(folded), out->de, sizeof out->de);
		xap_stem(XAP_ENGLISH, plain, n, out->en, sizeof out->en);
		terms_split(folded, out);
		if (n >= sizeof k->plain)
			return;
		memcpy(k->plain, plain, n + 1);
		k->stems = *out;
	}
	*out = k->stems;
}
