/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text -> terms, the same for what is indexed and what is asked; and the highlighter that shows why. */
#ifndef TERMS_H
#define TERMS_H

#include "base/base.h"
#include "index/xap.h"

/* One table says for each part of a message which prefix its terms carry (terms.c). */
enum term_field { TERM_TEXT, TERM_SUBJECT, TERM_PERSON, TERM_FILE, TERM_COMMENT_MARK };

/* What index_source gives for one message. */
struct term_source {
	int64_t message;
	bool is_comment;
	const char *subject, *text, *people, *files; /* UTF-8; NULL = none */
	int64_t created_at;
};
/* The document of one message; owned by the caller (xap_doc_free). */
struct xap_doc *terms_document(struct arena *, const struct term_source *);

/* One word of a text as the analyser sees it. */
struct term_word {
	size_t at, n;        /* bytes in the source text */
	const char *folded;  /* lower case, umlauts and accents folded (ä = ae = a) */
	const char *de, *en; /* stems of folded */
};
/* The next word from *at on; false = end. */
bool terms_next(struct arena *, const char *text, size_t n, size_t *at, struct term_word *);

/* Excerpt of text around the words of a query, as HTML-safe text with <mark>: at most max code points.
 * NULL = no word of it is in the text. */
char *terms_excerpt(struct arena *, const char *text, const struct xap_node *, size_t max);

#endif
