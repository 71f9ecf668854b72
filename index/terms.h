/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text -> terms, the same for what is indexed and what is asked; and the highlighter that shows why. */
#ifndef TERMS_H
#define TERMS_H

#include "base/base.h"
#include "index/xap.h"

enum {
	TERMS_VERSION =
	    3, /* part of the name of an index: another analyser asks for another index */
	TERMS_ASKED = 32, /* words of one text in a query; more are not looked at */
	TERMS_WORD = 64 /* bytes of a folded word, NUL included; the rest of a longer one is cut */
};

/* Parts of a message that carry terms of their own (the table is in terms.c). */
enum term_field { TERM_TEXT, TERM_SUBJECT, TERM_PERSON, TERM_FILE, TERM_ATTACHED };
/* What is true of a message as a whole; a plain term each. */
enum term_mark { TERM_MESSAGE, TERM_COMMENT, TERM_WITH_FILE };

/* What index_source gives for one message. */
struct term_source {
	bool is_comment;
	const char *subject, *text, *people, *files; /* NULL = none */
	const char *attached;                        /* the text in its files; NULL = none */
	int64_t ticket; /* whose message it is; 0 = it is only matched */
};
/* The document of one message, freed with the arena; NULL = out of memory. */
struct xap_doc *terms_document(struct arena *, const struct term_source *);
/* Does one message satisfy a question, whatever the index holds? For rules and alerts. */
bool terms_match(struct arena *, const struct term_source *, const struct xap_node *);

/* One word of a text as the analyser sees it. */
struct term_word {
	size_t at, n; /* bytes in the source text */
	char glue;    /* the one character between it and the word before, 0 = more or none */
	bool has_digit, is_number;
	unsigned char nplain, nfolded; /* bytes of these: */
	char plain[TERMS_WORD];        /* lower case, no accents, sharp s = ss */
	char folded[TERMS_WORD]; /* the same with ae, oe, ue = a, o, u: Müller = Mueller = muller */
};
/* The next word from *at on; false = end. Any bytes are fine. */
bool terms_next(const char *text, size_t n, size_t *at, struct term_word *);
/* Lower case without accents, every run of other characters one blank: for comparing names. */
char *terms_fold(struct arena *, const char *text);

enum term_how { TERM_WORDS, TERM_BEGINNING, TERM_EXACT };
/* What asks for a text in a field: all its words (TERM_BEGINNING: the last may be the beginning of one;
 * TERM_EXACT: as a phrase). NULL = there is no word in it. */
const struct xap_node *terms_query(
    struct arena *, enum term_field, const char *text, enum term_how);
/* What asks for a mark. */
const struct xap_node *terms_mark(struct arena *, enum term_mark);

/* Excerpt of a text around the words of a query, as HTML-safe text with <mark>: at most max code
 * points, "…" where it is cut. NULL = no word of it is in the text; without a query the beginning. */
char *terms_excerpt(
    struct arena *, enum term_field, const char *text, const struct xap_node *, size_t max);

/* alike.c: what asks for messages that are about the same as these; NULL = they say nothing of their own. */
const struct xap_node *terms_alike(
    struct arena *, struct xap_reader *, const int64_t *messages, size_t n);

/* suggest.c: what the index knows, most frequent first, each in its folded form: show it as a hit writes it
 * (terms_written). It counts documents whoever may see them: show only what has a visible hit. */
struct term_known {
	char word[TERMS_WORD];
	uint32_t documents;
};
/* Words that begin so (the last word of text), at most max of them; a beginning has two letters. */
size_t terms_complete(struct arena *, struct xap_reader *, enum term_field, const char *text,
    struct term_known *, size_t max);
/* Words that the (only) word of text may be a slip of, the nearest first: one letter wrong, missing, too many or two
 * in the wrong order; two such from eight letters on. Numbers have none. */
size_t terms_suggest(
    struct arena *, struct xap_reader *, const char *text, struct term_known *, size_t max);
/* How a text writes a folded word, NULL = not at all. */
char *terms_written(struct arena *, const char *text, const char *folded);

#endif
