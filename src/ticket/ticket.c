/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, locking and changing tickets. */
#include "ticket/ticket.h"

struct row_ticket_lock
ticket_lock(struct ctx *c, int64_t agent, int64_t ticket)
{
	struct row_ticket_lock t;

	if (!sql_ticket_lock(c, agent, ticket, &t))
		fail(
		    c, 404, "ticket_unknown", "there is no ticket %lld for you", (long long)ticket);
	return t;
}

/* Which events a change made since would collide with (design.md 6, "version"). */
static const char *const message_kinds[] = { "message.customer", "message.agent", "message.moved" };
static const char *const status_kinds[] = { "status.changed", "type.changed" };
static const char *const subject_kinds[] = { "subject.changed" };
static const char *const priority_kinds[] = { "priority.changed" };
static const char *const owner_kinds[] = { "owner.added", "owner.removed" };
static const char *const confidential_kinds[] = { "confidential.changed" };
static const char *const deadline_kinds[] = { "deadline.changed" };
static const char *const move_kinds[] = { "message.moved" };

#define KINDS(a)                                                                                   \
	{                                                                                          \
		a, NELEM(a)                                                                        \
	}
static const struct texts kinds[] = {
	[CONFLICT_MESSAGE] = KINDS(message_kinds),
	[CONFLICT_STATUS] = KINDS(status_kinds),
	[CONFLICT_SUBJECT] = KINDS(subject_kinds),
	[CONFLICT_PRIORITY] = KINDS(priority_kinds),
	[CONFLICT_OWNER] = KINDS(owner_kinds),
	[CONFLICT_CONFIDENTIAL] = KINDS(confidential_kinds),
	[CONFLICT_DEADLINE] = KINDS(deadline_kinds),
	[CONFLICT_MOVE] = KINDS(move_kinds),
};

void
ticket_expect(struct ctx *c, const struct row_ticket_lock *t, int64_t version, enum conflict what)
{
	struct str events;

	if (version > t->version)
		fail(c, 409, "version_unknown", "ticket %lld has no version %lld yet",
		    (long long)t->id, (long long)version);
	if (version == t->version)
		return;
	events = sql_ticket_conflicts(c, t->id, version, kinds[what]);
	if (events.n <= 2)
		return;
	fail_extra(c, "events", events);
	fail(c, 409, "ticket_changed",
	    "someone else changed ticket %lld meanwhile; your words are kept, look and send again",
	    (long long)t->id);
}

const char *
ticket_subject(const char *subject, const char *language)
{
	if (subject != NULL && *subject != '\0')
		return subject;
	return language != NULL && strcmp(language, "en") == 0 ? "(no subject)" : "(ohne Betreff)";
}

int64_t
ticket_open(struct ctx *c, const struct ticket_new *n, struct actor by)
{
	const char *subject = ticket_subject(n->subject, n->language);
	int64_t ticket = sql_ticket_open(c, text_cut(&c->arena, subject, 990), n->type, n->status,
	    n->priority, n->source, n->account, n->customer, n->stranger,
	    n->name == NULL ? "" : n->name, n->email, by.agent);

	if (n->owner != 0)
		sql_owner_add(c, ticket, n->owner, 0,
		    n->owner_role != 0 ? n->owner_role : sql_role_first(c), by.agent, by.rule);
	return ticket;
}

int64_t
message_add(struct ctx *c, const struct message_new *m)
{
	return sql_message_add(c, m->ticket, m->is_comment ? "comment" : "message", m->by.agent,
	    m->by.rule, m->author == NULL ? "" : m->author, m->email,
	    m->recipients == NULL ? "" : m->recipients, m->subject, m->body, m->folded, m->html,
	    m->source, m->automatic, m->ref, m->inbound, m->to, m->cc, m->resends,
	    m->origin.evidence, m->origin.maybe, m->origin.trust, m->origin.trust_reason,
	    m->origin.warnings, m->language);
}

void
message_claim(struct ctx *c, int64_t message, int64_t ticket, int64_t agent, struct ids uploads)
{
	if (uploads.n > 0 &&
	    sql_file_claim(c, message, ticket, agent, uploads) != (int64_t)uploads.n)
		fail(c, 422, "upload_unknown",
		    "one of the files is not yours or is used already; add it again");
}

void
ticket_status(struct ctx *c, int64_t ticket, int64_t status, struct actor by)
{
	sql_ticket_set_status(c, ticket, status, by.agent, by.rule);
}

bool
ticket_status_moved(struct ctx *c, int64_t ticket, int64_t version)
{
	return sql_ticket_conflicts(c, ticket, version, kinds[CONFLICT_STATUS]).n > 2;
}

void
ticket_reopen(struct ctx *c, int64_t ticket, struct actor by)
{
	int64_t status = sql_ticket_reopen_status(c, ticket);

	if (status != 0)
		ticket_status(c, ticket, status, by);
}
