/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files that find: each branch (text AND facts) is a stream of hits, newest message first. */
#ifndef TICKET_STREAMS_H
#define TICKET_STREAMS_H

#include "index/index.h"
#include "ticket/find.h"

enum { FIND_BATCH_LEAST = 40, FIND_BATCH_FIRST = 200, FIND_BATCH_MOST = 2000 };

/* One branch. What lies at or above `before` has been read; v[i..n) of it waits to be merged. */
struct stream {
	const struct xap_node *text;
	const struct query_node *facts;
	struct ids only; /* the messages of the tickets that an index found */
	bool is_limited; /* ... to those */
	bool was_read, is_over;
	int64_t before;
	size_t batch;
	struct find_hit *v;
	size_t n, i;
};
struct finding {
	struct ctx *c;
	const struct find_ask *ask;
	struct stream s[QUERY_BRANCHES];
	size_t n, read;
	size_t most;      /* hits that are read */
	int64_t deadline; /* of time_mono() */
	int64_t *seen; /* tickets by their hash, in twice as many places at least, a power of two */
	size_t nseen, places;
};

/* How many hits a page of so many tickets reads at first: some are not visible, some of the same ticket. */
size_t find_batch(size_t limit);
/* Streams of all branches of a query, each read in batches of at first `batch`; false = they are too many. */
bool find_streams(struct finding *, size_t batch);
/* The next hit of all streams, newest first; ticket 0 = the end. false = it needs more reading and the request has
 * had its share: what lies below find_frontier() is for the next one. */
bool find_next_hit(struct finding *, struct find_hit *);
/* How far down everything has been read. */
int64_t find_frontier(const struct finding *);
/* Note a ticket; true = it was not there yet. */
bool find_see(struct finding *, int64_t ticket);
/* All words of the query, whichever branch they are in: what excerpts show; NULL = none. */
const struct xap_node *find_words(struct ctx *, const struct finding *);
/* If an index of PostgreSQL finds few tickets, only their messages are looked for. */
void find_choose_driver(struct finding *, struct stream *);

/* Ask the index, or fail 503 index_away. */
size_t find_ask_index(
    struct ctx *, const struct xap_ask *, int64_t *hits, int64_t *tickets, size_t max);
/* Of n hits those whose tickets the agent may see, the facts allow and nobody has seen in this finding, in their order:
 * how many. Hits that were left out have ticket 0 in tickets. */
size_t find_allowed(struct finding *, const struct query_node *facts, const int64_t *messages,
    int64_t *tickets, size_t n, struct find_hit *out);
/* A composed statement: $1 is the agent, then what the frame binds, then the facts. */
void find_begin(struct query_sql *, struct ctx *, const struct find_ask *);
struct table find_run(
    struct query_sql *, struct ctx *, const char *frame, const struct query_node *facts);
struct find_hit *find_hits_of(struct ctx *, const struct table *);
/* Numbers as they are bound: one, or a list. */
const char *find_number(struct ctx *, int64_t);
const char *find_ids(struct ctx *, const int64_t *, size_t n);

#endif
