/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between words.c, terms.c and highlight.c: runs of words that are one term as well, stems. */
#ifndef WORDS_H
#define WORDS_H

#include "index/terms.h"

/* A run of words written as one. */
struct joined {
	char plain[TERMS_WORD], folded[TERMS_WORD]; /* one behind the other */
	size_t nplain, nfolded;
	size_t words, at, end; /* at, end: bytes of the source */
	bool has_digit, has_at, has_blank, only_hyphens, fits;
};
/* The two runs that go along while words are read: of words with one character between them, and of
 * numbers with one blank (or so) between them. */
struct joins {
	struct joined tight, loose;
};
/* Take the next word (NULL = the text ends); true = the run that ended with the word before, in *done,
 * is a term. */
bool terms_join_tight(struct joins *, const struct term_word *next, struct joined *done);
bool terms_join_loose(struct joins *, const struct term_word *next, struct joined *done);

struct stems {
	char de[TERMS_WORD], en[TERMS_WORD];
	char parts[96]; /* German stems of the parts of a compound, each with a NUL behind it */
	size_t nparts;
};
/* The German stem of the folded and the English one of the plain word, and its parts. */
void terms_stems(const char *plain, const char *folded, struct stems *);
/* The next part: of the first one when part is NULL; NULL = that was the last. */
const char *terms_part(const struct stems *, const char *part);
/* What was kept of words looked at before is forgotten: the words that compounds are made of are others now. */
void terms_forget_stems(void);

/* compound.c: fill in the parts of a compound; none = it is no compound. */
void terms_split(const char *folded, struct stems *);
/* Split by these nouns (folded, any characters between them; NULL = none) and those that every index begins with. */
void terms_lexicon(const char *nouns);

/* A term: prefix of the field (of its stems) + word. Terms without field: TERM_TEXT. */
struct term {
	char s[TERMS_WORD + 4];
	size_t n;
};
void terms_make(struct term *, enum term_field, bool is_stem, const char *word);

#endif
