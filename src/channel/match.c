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

/* What the mail answers, the strongest first: In-Reply-To, References from right to left, then what a
 * delivery report names. */
static struct texts
references(struct ctx *c, const struct mail *m)
{
	const char **v = arena_alloc(&c->arena, (IDS + 1) * sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < m->in_reply_to.n && n < IDS; i++)
		v[n++] = m->in_reply_to.v[i];
	for (size_t i = m->references.n; i > 0 && n < IDS; i--)
		v[n++] = m->references.v[i - 1];
	if (m->bounce != NULL && m->bounce->message_id != NULL)
		v[n++] = m->bounce->message_id;
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

int64_t
match_ticket(struct ctx *c, int64_t account, const struct mail *m, const struct sender *s)
{
	struct texts refs = references(c, m);
	int64_t ticket = signed_people(c, account, &m->to);

	if (ticket == 0)
		ticket = signed_people(c, account, &m->cc);
	if (ticket == 0)
		ticket = signed_texts(c, account, m->delivered);
	if (ticket == 0)
		ticket = signed_texts(c, account, refs);
	/* A signature may be older than the database: the ticket must be there. */
	if (ticket != 0)
		ticket = sql_match_ticket(c, ticket);
	if (ticket == 0 && refs.n > 0)
		ticket = sql_match_reference(c, refs, s->email);
	if (ticket == 0) {
		int64_t n = tag_number(c, m->subject);

		ticket = n == 0 ? 0 : sql_match_participant(c, n, s->email);
	}
	return ticket;
}

bool
match_is_own(struct ctx *c, int64_t account, const struct mail *m)
{
	return m->message_id != NULL && ident_ticket(c, account, m->message_id) != 0;
}
