/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xapian behind C: the only door to it. No exception leaves; every call returns an enum xap. One
 * document per message, document id = XAP_BASE - message id, so ascending order is newest first. */
#ifndef XAP_H
#define XAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XAP_BASE 4294967295u /* document id = XAP_BASE - message id */

enum xap {
	XAP_OK = 0,
	XAP_NONE,    /* there is no such database or document */
	XAP_LOCKED,  /* another process writes */
	XAP_CORRUPT, /* rebuild it */
	XAP_MEMORY,
	XAP_FAILED, /* anything else: xap_error() */
};
/* What the last failed call of this process said. */
const char *xap_error(void);

/* --- writing --- */
struct xap_writer;
enum xap xap_writer_open(const char *dir, struct xap_writer **);
void xap_writer_close(struct xap_writer *); /* without commit; NULL is fine */
enum xap xap_commit(struct xap_writer *);
enum xap xap_remove(struct xap_writer *, int64_t message);
uint32_t xap_writer_count(struct xap_writer *);

/* A document is a list of words (term, position) and of plain terms, made by terms.c. */
struct xap_doc;
struct xap_doc *xap_doc_new(void);
void xap_doc_free(struct xap_doc *);
void xap_doc_word(struct xap_doc *, const char *term, size_t n, uint32_t position);
void xap_doc_term(struct xap_doc *, const char *term, size_t n); /* no position, no frequency */
enum xap xap_replace(struct xap_writer *, int64_t message, struct xap_doc *);

/* --- reading --- */
struct xap_reader;
enum xap xap_open(const char *dir, struct xap_reader **);
void xap_close(struct xap_reader *); /* NULL is fine */
enum xap xap_reopen(struct xap_reader *);
uint32_t xap_count(struct xap_reader *);

/* A query tree in prefix order, built by query/text.c. */
enum xap_op {
	XAP_TERM,   /* term */
	XAP_PREFIX, /* every term that begins with term, at most 200 */
	XAP_PHRASE, /* children in order, next to each other */
	XAP_AND,
	XAP_OR,
	XAP_NOT, /* children[0] must not be; inside XAP_AND or alone */
	XAP_ALL,
};
struct xap_node {
	enum xap_op op;
	const char *term;
	size_t nchildren;
	const struct xap_node *const *children;
};
/* Up to max message ids below (not at) `before` (0 = from the newest), newest first. With only != NULL:
 * none but the nonly ids in it, which are sorted newest first. */
enum xap xap_search(struct xap_reader *, const struct xap_node *, int64_t before,
    const int64_t *only, size_t nonly, int64_t *hits, size_t max, size_t *nhits);
/* The same best first (BM25), from offset. */
enum xap xap_search_best(struct xap_reader *, const struct xap_node *, size_t offset, int64_t *hits,
    size_t max, size_t *nhits);
/* Does one document satisfy the query? *is = the answer. */
enum xap xap_matches(struct xap_reader *, const struct xap_node *, int64_t message, bool *is);
/* Every document id in order and a digest of its terms, for `docket index --check`. */
enum xap xap_walk(
    struct xap_reader *, bool (*each)(void *, int64_t message, uint64_t digest), void *arg);

#ifdef __cplusplus
}
#endif
#endif
