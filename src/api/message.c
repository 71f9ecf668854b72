/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages and comments of agents, what a mail looked like, and files. */
#include "api/api.h"
#include "mime/mime.h"

static void
reply_written(struct req *r, int64_t ticket, int64_t message)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id;
	struct buf b = { .arena = &c->arena };

	buf_puts(&b, "{\"message\":");
	api_put(&b, message == 0 ? (struct str){ 0 } : sql_message_get(c, agent, message));
	buf_puts(&b, ",\"scheduled\":");
	api_put(&b, message != 0 ? (struct str){ 0 } : sql_scheduled_get(c, agent, ticket));
	buf_puts(&b, ",\"ticket\":");
	api_put(&b, sql_ticket_row(c, agent, ticket));
	buf_putc(&b, '}');
	reply(r, message == 0 ? 202 : 201, buf_str(&b));
}

/* GET /messages/:message */
void
api_message_show(struct req *r, const struct message_show *in)
{
	struct str m = sql_message_get(r->c, r->agent->id, in->message);

	if (m.s == NULL)
		fail(r->c, 404, "message_unknown", "there is no message %lld for you",
		    (long long)in->message);
	reply(r, 200, m);
}

/* The answer waits until its time; docket work sends it. */
static bool
schedule(struct ctx *c, const struct answer *a, const struct message_create *in)
{
	const char *at = in->at != NULL && *in->at != '\0' ? in->at : NULL;

	if (a->is_comment || (in->delay == 0 && at == NULL))
		return false;
	if (sql_scheduled_put(c, a->agent, a->ticket, a->body, a->html, a->version, a->uploads,
		a->to, a->cc, a->status, a->resends, api_future(c, at, in->delay)) == 0)
		fail(c, 409, "draft_scheduled",
		    "another answer of yours to ticket %lld waits to be sent; take it back first",
		    (long long)a->ticket);
	return true;
}

/* POST /tickets/:ticket/messages */
void
api_message_create(struct req *r, const struct message_create *in)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id, message = 0;
	struct row_ticket_lock t = ticket_lock(c, agent, in->ticket);
	struct answer a = { .ticket = t.id,
		.agent = agent,
		.version = in->version,
		.is_comment = strcmp(in->kind, "comment") == 0,
		.body = in->body,
		.html = in->html,
		.uploads = in->uploads,
		.to = in->to,
		.cc = in->cc,
		.status = in->status,
		.resends = in->resends };

	answer_check(c, &a, &t);
	if (in->status != 0)
		ticket_expect(c, &t, in->version, CONFLICT_STATUS);
	if (!schedule(c, &a, in)) {
		message = answer_give(c, &a);
		sql_draft_remove(c, agent, t.id, in->kind);
	}
	reply_written(r, t.id, message);
}
