/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything a ticket can undergo; each function is one operation that records its event in the same
 * statement. Whoever runs the unit calls rule_settle() once before it commits. */
#ifndef TICKET_H
#define TICKET_H

#include "sql.h"

/* Who does it: an agent, a rule, or neither (the customer, the system). */
struct actor {
	int64_t agent, rule;
};

struct ticket_new {
	const char *subject;  /* as ticket_subject has it */
	const char *language; /* of the mail it begins with; NULL = none, or not told */
	int64_t type, status; /* status 0 = the type's first */
	int64_t priority;
	const char *source; /* mail, agent, api, form */
	int64_t account, customer;
	const char *stranger;      /* customer 0: the address of the customer it is of, or NULL */
	const char *name, *email;  /* of who wrote; email may be NULL */
	int64_t owner, owner_role; /* 0 = none; role 0 = the first */
};

/* Why a mail is in its ticket, and how far its sender is to be believed: words of message.evidence and trust. */
struct origin {
	const char *evidence, *trust, *trust_reason; /* trust_reason may be NULL */
	struct ids maybe;                            /* other tickets it may belong to */
	struct texts warnings;
};

struct message_new {
	int64_t ticket;
	bool is_comment;
	struct actor by;
	const char *author, *email; /* as the sender wrote them */
	const char *recipients;
	const char *subject, *body, *folded, *html;
	const char *source, *automatic, *ref;
	const char *language; /* "de", "en"; NULL = not told */
	int64_t inbound;
	struct texts to, cc;  /* of an agent's answer; none = to the customer */
	int64_t resends;      /* the message that could not be delivered; 0 = none */
	struct origin origin; /* of a mail; evidence NULL = it is none */
};

/* The subject, or what stands for one that is NULL or "". */
const char *ticket_subject(const char *subject, const char *language);
/* The ticket's id. Fails 422 when type and status do not fit. */
int64_t ticket_open(struct ctx *, const struct ticket_new *, struct actor);
/* The ticket, locked until the unit ends; fails 404 ticket_unknown when the agent may not see it. */
struct row_ticket_lock ticket_lock(struct ctx *, int64_t agent, int64_t ticket);
/* What a change can conflict with (design: events since the version that was seen). */
enum conflict {
	CONFLICT_MESSAGE,
	CONFLICT_STATUS,
	CONFLICT_SUBJECT,
	CONFLICT_PRIORITY,
	CONFLICT_OWNER,
	CONFLICT_CONFIDENTIAL,
	CONFLICT_DEADLINE,
	CONFLICT_MOVE
};
/* Fails 409 ticket_changed with the events when such a thing happened after version; version beyond the
 * ticket's is 409 too. */
void ticket_expect(struct ctx *, const struct row_ticket_lock *, int64_t version, enum conflict);
/* The new message's id; files follow with sql_file_add or message_claim. */
int64_t message_add(struct ctx *, const struct message_new *);
/* Attach the agent's own uploads; fails 422 upload_unknown when one of them is not free or not his. */
void message_claim(
    struct ctx *, int64_t message, int64_t ticket, int64_t agent, struct ids uploads);
void ticket_status(struct ctx *, int64_t ticket, int64_t status, struct actor);
/* Has anybody set another status or type since that version? */
bool ticket_status_moved(struct ctx *, int64_t ticket, int64_t version);
/* The customer wrote: a closed ticket, or one that waits for him, goes to the first open status of its type; any other
 * stays as it is. */
void ticket_reopen(struct ctx *, int64_t ticket, struct actor);

/* list.c: tickets by a query, newest activity first. */
struct list_question {
	int64_t agent;
	const char *zone;  /* of the agent, for relative dates */
	const char *query; /* NULL or "" = everything */
	const char *after; /* cursor of the page before, or NULL */
	int64_t limit;
};
/* The tickets as a JSON array; *next = the cursor of the page that follows, or NULL. Fails 400 cursor
 * when after is none, 503 index_away when the query holds words and there is no index. */
struct str list_page(struct ctx *, const struct list_question *, const char **next);
/* How many tickets of the agent a query finds; capped: at least as many (over 1,000, or with words those of the
 * newest 1,000 hits). */
int64_t list_count(struct ctx *, int64_t agent, const char *zone, const char *query, bool *capped);

#endif
