/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What agents are writing, and answers that wait to be sent. */
#include "api/api.h"

/* PUT /tickets/:ticket/draft */
void
api_draft_put(struct req *r, const struct draft_put *in)
{
	struct ctx *c = r->c;
	struct str kept;

	api_expect_visible(c, r->agent->id, in->ticket);
	if (*in->body == '\0' && in->uploads.n == 0) {
		sql_draft_remove(c, r->agent->id, in->ticket, in->kind);
		reply(r, 200, STR("{\"updated_at\":null}"));
		return;
	}
	kept = sql_draft_put(c, r->agent->id, in->ticket, in->kind, in->body, in->html, in->version,
	    in->uploads, in->to, in->cc);
	if (kept.s == NULL)
		fail(c, 409, "draft_scheduled",
		    "your answer to ticket %lld waits to be sent; take it back to change it",
		    (long long)in->ticket);
	reply(r, 200, kept);
}

/* DELETE /tickets/:ticket/draft */
void
api_draft_remove(struct req *r, const struct draft_remove *in)
{
	sql_draft_remove(r->c, r->agent->id, in->ticket, in->kind);
	reply_none(r);
}

const char *
api_future(struct ctx *c, const char *given, int64_t seconds)
{
	int64_t at = time_now() + seconds * 1000000;

	if (given != NULL && strcmp(given, "now") != 0 && !time_parse(given, &at))
		fail(c, 422, "input", "at is no time like 2026-11-30T12:00:00Z");
	if (at > time_now() + 366 * 86400LL * 1000000)
		fail(c, 422, "scheduled_far", "an answer can wait for a year at most");
	return time_rfc3339(&c->arena, at);
}

static noreturn void
gone(struct ctx *c, int64_t ticket)
{
	fail(c, 409, "scheduled_gone", "no answer of yours to ticket %lld waits any more",
	    (long long)ticket);
}

/* PUT /tickets/:ticket/scheduled */
void
api_scheduled_change(struct req *r, const struct scheduled_change *in)
{
	struct ctx *c = r->c;
	struct buf b = { .arena = &c->arena };

	if (sql_scheduled_time(c, r->agent->id, in->ticket, api_future(c, in->at, 0)) == 0)
		gone(c, in->ticket);
	buf_puts(&b, "{\"scheduled\":");
	api_put(&b, sql_scheduled_get(c, r->agent->id, in->ticket));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

/* DELETE /tickets/:ticket/scheduled */
void
api_scheduled_undo(struct req *r, const struct scheduled_undo *in)
{
	struct ctx *c = r->c;
	struct buf b = { .arena = &c->arena };

	if (sql_scheduled_return(c, r->agent->id, in->ticket) == 0)
		gone(c, in->ticket);
	buf_puts(&b, "{\"draft\":");
	api_put(&b, sql_draft_get(c, r->agent->id, in->ticket));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}
