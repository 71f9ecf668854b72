/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding tickets by the one query language, as an agent may see them. */
#ifndef TICKET_FIND_H
#define TICKET_FIND_H

#include "query/query.h"
#include "sql.h"

/* Read a query as an agent means it (0 = nobody: a rule): folder:NAME becomes what that folder keeps, and what has
 * too many alternatives is searched as words; the tree's notes say so. */
struct query_tree *find_parse(struct ctx *, int64_t agent, const char *query, bool is_typing);

struct find_ask {
	int64_t agent;
	const char *zone;              /* his, for relative dates */
	const struct query_node *tree; /* of find_parse() */
	int64_t after;                 /* cursor: messages below this one; 0 = from the newest */
	size_t limit;                  /* tickets, at most FIND_LIMIT */
	int64_t top; /* what pages before showed lies at or below it; 0 with after = 0 */
};
enum { FIND_LIMIT = 200 };

struct find_hit {
	int64_t message, ticket;
};
struct find_page {
	struct find_hit v
	    [FIND_LIMIT]; /* newest first, each ticket once, at its newest message that satisfies */
	size_t n;
	int64_t next;                /* cursor of the next page; 0 = this is the end */
	int64_t top;                 /* of the cursor of the next page */
	bool is_cut;                 /* time was up: what lies above `next` was searched */
	const struct xap_node *text; /* all words asked for, for excerpts; or NULL */
};
/* One page of what the tree finds. Fails 503 index_away when words are asked for and there is no index. */
void find_page(struct ctx *, const struct find_ask *, struct find_page *);
/* The same, best first: ask->after is then how many hits were looked at, of which the best 5,000 are. false =
 * it is no one question for words (alternatives of facts, or facts alone), which has no order but the newest. */
bool find_best(struct ctx *, const struct find_ask *, struct find_page *);
/* Read a cursor into a question (NULL = from the newest), or fail 400; make that of the next page, NULL = the end. */
void find_cursor(struct ctx *, struct find_ask *, const char *after);
const char *find_next(struct ctx *, const struct find_page *);
/* For each hit of a page the best other message of its ticket that has words of the query; 0 = there is none. */
void find_others(struct ctx *, const struct find_ask *, const struct find_page *, int64_t *others);

/* A message as a page of hits shows it; ticket: JSON as lists write it. */
struct find_message {
	int64_t id;
	const char *kind, *at, *author, *text, *subject, *people, *files;
	struct str ticket;
};
struct find_shown {
	struct find_message *hits; /* with their tickets, in the order of their ids */
	size_t nhits;
	struct find_message *others; /* without, in any order */
	size_t nothers;
};
/* Those of these messages that the agent may see. */
struct find_shown find_show(struct ctx *, int64_t agent, struct ids hits, struct ids others);

/* Closed tickets about the same as this one, the most alike first, each with its last answer to the customer:
 * a JSON array. Without an index there are none. */
struct str find_alike(struct ctx *, int64_t agent, int64_t ticket, size_t limit);

/* Words that begin like the last one of text, at most max: their number. Only such as this agent has a hit for. */
size_t find_begun(
    struct ctx *, const struct find_ask *who, const char *text, const char **words, size_t max);
/* The query with one word exchanged for one that it may be a slip of, when that finds more tickets
 * than `hits`, which are few; NULL = there is none. */
const char *find_meant(struct ctx *, const struct find_ask *who, const char *query, size_t hits);

/* What the first hits come to: read newest first, each ticket counted once. */
enum { FIND_COUNT_FIRST = 2500, FIND_COUNT_MORE = 10000 };
struct find_count {
	struct ids tickets;
	size_t hits;     /* that were read */
	int64_t down_to; /* messages above this one were read; 0 = all */
};
void find_count(struct ctx *, const struct find_ask *, size_t hits, struct find_count *);

#endif
