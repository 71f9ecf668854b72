/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mails that are moved between tickets, tickets that are held no more. */
#include "api/api.h"

/* A ticket of its own for a mail; from a confidential ticket it is confidential too. */
static int64_t
open_own(struct ctx *c, const struct row_ticket_lock *from, int64_t message, struct actor by)
{
	struct row_message_origin o;
	struct ticket_new n = { .source = "mail" };
	int64_t ticket;

	if (!sql_message_origin(c, message, &o))
		fail(c, 422, "message_not_movable", "this message is no mail from outside");
	n.subject = o.subject;
	n.type = o.type;
	n.account = o.account;
	n.customer = o.customer;
	n.name = o.name;
	n.email = o.email;
	ticket = ticket_open(c, &n, by);
	if (from->confidential)
		sql_ticket_set_confidential(c, ticket, true, by.agent);
	return ticket;
}

static void
expect_movable(struct ctx *c, const struct message_move *in, int64_t agent)
{
	struct row_message_place at;

	if (!sql_message_place(c, agent, in->message, &at))
		fail(c, 404, "message_unknown", "there is no message %lld for you",
		    (long long)in->message);
	if (at.ticket != in->ticket)
		fail(c, 409, "message_elsewhere", "this message is in ticket %lld now",
		    (long long)at.ticket);
	if (!at.movable)
		fail(c, 422, "message_not_movable", "this message is no mail from outside");
}

/* POST /tickets/:ticket/messages/:message/move */
void
api_message_move(struct req *r, const struct message_move *in)
{
	struct ctx *c = r->c;
	struct actor by = { .agent = r->agent->id };
	struct row_ticket_lock from = ticket_lock(c, by.agent, in->ticket);
	int64_t to = in->to == 0 ? 0 : ticket_lock(c, by.agent, in->to).id;

	expect_movable(c, in, by.agent);
	ticket_expect(c, &from, in->version, CONFLICT_MOVE);
	if (to == 0)
		to = open_own(c, &from, in->message, by);
	if (sql_message_move(c, in->message, to, by.agent) == 0)
		fail(c, 422, "message_not_movable", "this message is in that ticket already");
	sql_ticket_recount(c, to);
	ticket_reopen(c, to, by);
	if (sql_ticket_recount(c, from.id) == 0 && from.is_open)
		ticket_status(c, from.id, sql_ticket_closing_status(c, from.id), by);
	rule_settle(c);
	api_reply_ticket(r, 200, to);
}

/* POST /tickets/:ticket/release */
void
api_ticket_release(struct req *r, const struct ticket_release *in)
{
	struct row_ticket_lock t = ticket_lock(r->c, r->agent->id, in->ticket);

	sql_ticket_release(r->c, t.id, r->agent->id);
	rule_settle(r->c);
	api_reply_ticket(r, 200, t.id);
}

/* PATCH /types/:type */
void
api_type_change(struct req *r, const struct type_change *in)
{
	if (sql_type_reopen(r->c, in->type, in->reopen_days < 0 ? ABSENT : in->reopen_days) == 0)
		fail(r->c, 404, "type_unknown", "there is no type %lld", (long long)in->type);
	reply_none(r);
}

/* GET /inbound/:inbound/raw */
void
api_inbound_raw(struct req *r, const struct inbound_raw *in)
{
	struct row_inbound_raw raw;

	if (!sql_inbound_raw(r->c, in->inbound, &raw))
		fail(r->c, 404, "inbound_unknown", "there is no such original");
	reply_blob(r, raw.sha256, raw.name, "message/rfc822", false);
}
