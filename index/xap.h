/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xapian behind C: the only door to it. No exception leaves; every call returns an enum xap, and
 * none calls back into C. One document per message, document id = XAP_BASE - message id, so
 * ascending order is newest first and the search ends as soon as the page is full. */
#ifndef XAP_H
#define XAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XAP_BASE 4294967295u /* document id = XAP_BASE - message id */

enum {
	XAP_TERM_MAX = 200,  /* bytes of a term; Xapian takes 245 less what it escapes */
	XAP_PREFIX_MAX = 200 /* terms that a prefix stands for: the most frequent ones */
};

enum xap {
	XAP_OK = 0,
	XAP_NONE,    /* there is no such database or document */
	XAP_LOCKED,  /* another process writes */
	XAP_CORRUPT, /* rebuild it */
	XAP_FAILED,  /* anything else: xap_error() */
};
/* What the last failed call of this process said. */
const char *xap_error(void);

/* A document: words (term, position) and plain terms, put in by terms.c. NULL = out of memory. */
struct xap_doc;
struct xap_doc *xap_doc_new(void);
/* Free a document; NULL is fine. */
void xap_doc_free(struct xap_doc *);
/* Add a term, at a position for phrases (0 = at none); every time counts for the order by relevance. */
enum xap xap_doc_term(struct xap_doc *, const char *term, size_t n, uint32_t position);
/* Say whose message it is. */
enum xap xap_doc_ticket(struct xap_doc *, int64_t ticket);
/* A number that differs when terms, their counts or the ticket differ, the same as xap_digests() gives. */
enum xap xap_doc_digest(struct xap_doc *, uint64_t *);

/* --- writing --- */
struct xap_writer;
/* Open for writing, made when it is not there; one process at a time (else XAP_LOCKED). Commits do
 * not sync: unsynced.c knows what a power cut may have torn. */
enum xap xap_writer_open(const char *dir, struct xap_writer **);
/* Close; what was not committed may be lost or kept. NULL is fine. */
void xap_writer_close(struct xap_writer *);
/* Make what was written since visible to readers, all at once. */
enum xap xap_commit(struct xap_writer *);
/* Put the document of a message in place of the one that was there, if any. */
enum xap xap_replace(struct xap_writer *, int64_t message, struct xap_doc *);
/* Remove a message's document; fine when there is none. */
enum xap xap_remove(struct xap_writer *, int64_t message);

/* --- reading --- */
struct xap_reader;
/* Open for reading; several may, while one writes. */
enum xap xap_open(const char *dir, struct xap_reader **);
/* Close; NULL is fine. */
void xap_close(struct xap_reader *);

/* A query tree, built by query/text.c; its depth is bounded there. */
enum xap_op {
	XAP_TERM,   /* term */
	XAP_PREFIX, /* the most frequent terms that begin with term */
	XAP_PHRASE, /* children (XAP_TERM) in order, next to each other */
	XAP_AND,    /* no children: everything */
	XAP_OR,     /* no children: nothing */
	XAP_NOT,    /* children[0] must not be */
};
struct xap_node {
	enum xap_op op;
	const char *term;
	size_t nchildren;
	const struct xap_node *const *children;
};
/* What is asked: newest first below (not at) `before` (0 = from the newest); with only != NULL none but
 * the nonly ids in it, which are sorted newest first; or best first (BM25, newer first among equals). */
struct xap_ask {
	const struct xap_node *query;
	int64_t before;
	const int64_t *only;
	size_t nonly;
	bool best;
	int least; /* of best: per cent of what all terms together weigh; what has less is left out */
	size_t offset;
};
/* The first max message ids of the answer, as of the last commit; tickets != NULL: and whose they were then, 0 =
 * unknown. */
enum xap xap_search(struct xap_reader *, const struct xap_ask *, int64_t *hits, int64_t *tickets,
    size_t max, size_t *nhits);
/* Does one document that is in no database satisfy the query? */
enum xap xap_doc_matches(struct xap_doc *, const struct xap_node *, bool *is);

/* The next max documents below `before` (0 = from the newest), newest first, with their digests. */
struct xap_digest {
	int64_t message;
	uint64_t digest;
};
enum xap xap_digests(
    struct xap_reader *, int64_t before, struct xap_digest *, size_t max, size_t *n);

/* The next max terms that begin with prefix, behind `after` ("" = from the first), in the order of their bytes:
 * of one message's document with their counts in it, or (message = 0) of all, count 0. */
struct xap_term {
	char s[72];
	uint32_t count, documents;
};
enum xap xap_terms(struct xap_reader *, int64_t message, const char *prefix, const char *after,
    struct xap_term *, size_t max, size_t *n);

/* Snowball's stem of a lower-case word into out (NUL-terminated, cut to size): "german2" reads ae,
 * oe, ue as umlauts, too. */
enum xap_lang { XAP_GERMAN, XAP_ENGLISH };
void xap_stem(enum xap_lang, const char *word, size_t n, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
