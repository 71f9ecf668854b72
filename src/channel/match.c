/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ticket a mail belongs to. Mail is never authority: only what docket signed joins by itself;
 * foreign ids and numbers join only for somebody who takes part (mail.md 3, battery.md B-29). */
#include <string.h>
#include <strings.h>

#include "channel/channel.h"
#include "ticket/ident.h"

enum { IDS = 50 };

static const char *
first_address(const struct people *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (mime_address_ok(p->v[i].email))
			return p->v[i].email;
	return NULL;
}

struct sender
match_sender(struct ctx *c, const struct mail *m)
{
	const struct person *from = m->from.n > 0 ? &m->from.v[0] : NULL;
	const char *reply = first_address(&m->reply_to);
	struct sender s = { .name = "" };

	if (from != NULL && mime_address_ok(from->email))
		s.email = from->email;
	/* A form of the shop's own writes as the shop; who it was stands in Reply-To. */
	if (reply != NULL && s.email != NULL && sql_account_is_own(c, s.email))
		from = &m->reply_to.v[0], s.email = reply;
	if (from != NULL)
		s.name = text_cut(&c->arena, from->name != NULL ? from->name : from->email, 300);
	s.answer_to = reply != NULL ? reply : s.email;
	return s;
}

/* A ticket's own signature on one of the addresses the mail was sent to. */
static int64_t
signed_people(struct ctx *c, int64_t account, const struct people *p)
{
	int64_t ticket = 0;

	for (size_t i = 0; i < p->n && ticket == 0; i++)
		ticket = ident_ticket(c, account, p->v[i].email);
	return ticket;
}

static int64_t
signed_texts(struct ctx *c, int64_t account, struct texts t)
{
	int64_t ticket = 0;

	for (size_t i = 0; i < t.n && ticket == 0; i++)
		ticket = ident_ticket(c, account, t.v[i]);
	return ticket;
}

/* In-Reply-To, References from right to left, then what a report names. */
struct texts
match_references(struct ctx *c, const struct mail *m)
{
	const char **v = arena_alloc(&c->arena, (IDS + 2) * sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < m->in_reply_to.n && n < IDS; i++)
		v[n++] = m->in_reply_to.v[i];
	for (size_t i = m->references.n; i > 0 && n < IDS; i--)
		v[n++] = m->references.v[i - 1];
	if (m->bounce != NULL && m->bounce->message_id != NULL)
		v[n++] = m->bounce->message_id;
	if (m->complaint != NULL && m->complaint->message_id != NULL)
		v[n++] = m->complaint->message_id;
	return (struct texts){ v, n };
}

/* The number in a tag like [#1234]; 0 = the subject has none. */
static int64_t
tag_number(struct ctx *c, const char *subject)
{
	int64_t n = 0;

	for (const char *s = subject == NULL ? NULL : strstr(subject, "[#"); s != NULL && n == 0;
	     s = strstr(s + 2, "[#")) {
		size_t digits = strspn(s + 2, "0123456789");

		if (digits > 0 && digits < 19 && s[2 + digits] == ']' &&
		    !text_int(arena_dup(&c->arena, s + 2, digits), 1, INT64_MAX, &n))
			n = 0;
	}
	return n;
}

/* Only what docket signed, or made and remembers, speaks for a ticket whoever writes. */
static int64_t
signed_ticket(
    struct ctx *c, int64_t account, const struct mail *m, struct texts refs, const char **why)
{
	int64_t ticket = signed_people(c, account, &m->to);

	*why = "address";
	if (ticket == 0)
		ticket = signed_people(c, account, &m->cc);
	if (ticket == 0)
		ticket = signed_texts(c, account, m->delivered);
	if (ticket != 0)
		return ticket;
	*why = "own_id";
	ticket = signed_texts(c, account, refs);
	return ticket != 0 || refs.n == 0 ? ticket : sql_match_own(c, refs);
}

/* What a machine says by itself it can say of anything: without proof it joins nothing. */
static bool
needs_proof(const char *automatic)
{
	static const char *const kinds[] = { "report", "auto-replied", "auto-submitted", "vacation",
		"exchange-rule", "null-sender", "feedback" };

	for (size_t i = 0; automatic != NULL && i < NELEM(kinds); i++)
		if (strcmp(automatic, kinds[i]) == 0)
			return true;
	return false;
}

/* A foreign id or a number names a ticket; whoever takes part in it is believed. */
static int64_t
claimed_ticket(
    struct ctx *c, const struct sender *s, struct texts refs, int64_t number, const char **why)
{
	int64_t ticket = refs.n == 0 ? 0 : sql_match_foreign(c, refs, s->email);

	*why = "foreign_id";
	if (ticket == 0 && number != 0) {
		*why = "tag";
		ticket = sql_match_participant(c, number, s->email);
	}
	return ticket;
}

static struct ids
maybe(
    struct ctx *c, const struct mail *m, const struct sender *s, struct texts refs, int64_t number)
{
	const char *subject = m->subject == NULL ? "" : m->subject;
	struct rows_match_maybe found = { 0 };
	int64_t *v;

	if (refs.n > 0 || number != 0 || strchr(subject, ':') != NULL)
		found = sql_match_maybe(c, refs, number, s->email, subject);
	v = arena_alloc(&c->arena, (found.n + 1) * sizeof *v);
	for (size_t i = 0; i < found.n; i++)
		v[i] = found.v[i].id;
	return (struct ids){ v, found.n };
}

static struct ids
one_id(struct ctx *c, int64_t id)
{
	int64_t *v = arena_alloc(&c->arena, sizeof *v);

	*v = id;
	return (struct ids){ v, 1 };
}

struct match
match_find(
    struct ctx *c, int64_t account, const struct mail *m, const struct sender *s, bool proven)
{
	struct texts refs = match_references(c, m);
	int64_t number = tag_number(c, m->subject);
	struct match found = { 0 };
	struct row_match_live live;

	found.named = signed_ticket(c, account, m, refs, &found.evidence);
	if (found.named == 0 && (proven || !needs_proof(m->automatic)))
		found.named = claimed_ticket(c, s, refs, number, &found.evidence);
	found.signed_by_us = found.named != 0 && strcmp(found.evidence, "foreign_id") != 0 &&
			     strcmp(found.evidence, "tag") != 0;
	/* A signature may be older than the database: the ticket must be there. */
	if (found.named != 0 && sql_match_live(c, found.named, &live)) {
		found.named = live.ticket;
		found.late = live.late && m->automatic == NULL;
		found.ticket = found.late ? 0 : live.ticket;
	}
	if (found.ticket == 0) {
		found.maybe = found.late ? one_id(c, found.named) : maybe(c, m, s, refs, number);
		found.evidence = found.late ? "late" : "new";
	}
	return found;
}

bool
match_is_own(struct ctx *c, int64_t account, const struct mail *m)
{
	return (m->message_id != NULL && ident_ticket(c, account, m->message_id) != 0) ||
	       (m->docket_id != NULL && strcmp(m->docket_id, conf.host) == 0);
}
