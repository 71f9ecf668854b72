/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was parked, what did not leave, and the rules that let mail leave. */
#include "api/api.h"

/* POST /inbound/:inbound/retry */
void
api_inbound_retry(struct req *r, const struct inbound_retry *in)
{
	if (sql_inbound_retry(r->c, in->inbound) == 0)
		fail(r->c, 409, "inbound_not_parked",
		    "this mail is not parked; there is nothing to try again");
	reply_none(r);
}

/* POST /outbox/:outbox/retry */
void
api_outbox_retry(struct req *r, const struct outbox_retry *in)
{
	if (sql_outbox_retry(r->c, r->agent->id, in->outbox) == 0)
		fail(r->c, 409, "outbox_not_waiting",
		    "this mail neither waits nor failed; there is nothing to try again");
	reply_none(r);
}

/* POST /outbox/:outbox/cancel */
void
api_outbox_cancel(struct req *r, const struct outbox_cancel *in)
{
	if (sql_outbox_cancel(r->c, r->agent->id, in->outbox) == 0)
		fail(r->c, 409, "outbox_not_waiting",
		    "this mail does not wait any more; it cannot be called off");
	rule_settle(r->c);
	reply_none(r);
}

/* GET /outbox/:outbox/raw */
void
api_outbox_raw(struct req *r, const struct outbox_raw *in)
{
	struct row_outbox_raw raw;

	if (!sql_outbox_raw(r->c, r->agent->id, in->outbox, &raw))
		fail(r->c, 404, "outbox_unknown", "there is no mail %lld for you",
		    (long long)in->outbox);
	reply_blob(r, raw.sha256, raw.name, "message/rfc822", false);
}

static const char *
actions(struct ctx *c, int64_t template)
{
	if (sql_template_get(c, template).s == NULL)
		fail(c, 422, "template_unknown", "there is no template %lld", (long long)template);
	return arena_printf(&c->arena,
	    "[{\"do\": \"send_mail\", \"to\": \"customer\", \"template\": %lld}]",
	    (long long)template);
}

/* POST /rules */
void
api_rule_create(struct req *r, const struct rule_create *in)
{
	struct ctx *c = r->c;
	const char *condition = in->condition == NULL ? "" : in->condition;

	rule_condition_check(c, condition);
	reply(r, 201,
	    sql_rule_get(c, sql_rule_create(c, in->name, in->active, in->event, condition,
				actions(c, in->template))));
}

/* PATCH /rules/:rule */
void
api_rule_change(struct req *r, const struct rule_change *in)
{
	struct ctx *c = r->c;

	if (in->condition != NULL)
		rule_condition_check(c, in->condition);
	if (sql_rule_change(c, in->rule, in->name, in->active, in->condition,
		in->template == 0 ? NULL : actions(c, in->template)) == 0)
		fail(c, 404, "rule_unknown", "there is no rule %lld", (long long)in->rule);
	reply(r, 200, sql_rule_get(c, in->rule));
}

/* DELETE /rules/:rule */
void
api_rule_remove(struct req *r, const struct rule_remove *in)
{
	if (sql_rule_remove(r->c, in->rule) == 0)
		fail(r->c, 404, "rule_unknown", "there is no rule %lld", (long long)in->rule);
	reply_none(r);
}

static const char *
checked(struct ctx *c, const char *text)
{
	const char *unknown = text == NULL ? NULL : template_unknown(&c->arena, text);

	if (unknown != NULL)
		fail(c, 422, "template_variable_unknown",
		    template_internal(unknown)
			? "%s is for the shop alone: it does not leave in a mail to customers"
			: "there is no variable %s",
		    unknown);
	return text;
}

/* GET /templates/variables */
void
api_template_variables(struct req *r, const struct template_variables *in)
{
	(void)in;
	reply(r, 200, template_variables(&r->c->arena));
}

/* POST /templates/preview */
void
api_template_preview(struct req *r, const struct template_preview *in)
{
	struct ctx *c = r->c;
	struct mail_trial t = { .ticket = in->ticket,
		.agent = r->agent->id,
		.subject = checked(c, in->subject),
		.body = checked(c, in->body),
		.language = in->language,
		.message = in->message };

	api_expect_visible(c, r->agent->id, in->ticket);
	reply(r, 200, mail_preview(c, &t));
}

/* POST /templates */
void
api_template_create(struct req *r, const struct template_create *in)
{
	struct ctx *c = r->c;
	int64_t template = sql_template_create(c, in->name, checked(c, in->subject_de),
	    in->subject_en == NULL ? "" : checked(c, in->subject_en), checked(c, in->body_de),
	    in->body_en == NULL ? "" : checked(c, in->body_en));

	reply(r, 201, sql_template_get(c, template));
}

/* PATCH /templates/:template */
void
api_template_change(struct req *r, const struct template_change *in)
{
	struct ctx *c = r->c;

	if (sql_template_change(c, in->template, in->name, checked(c, in->subject_de),
		checked(c, in->subject_en), checked(c, in->body_de), checked(c, in->body_en)) == 0)
		fail(c, 404, "template_unknown", "there is no template %lld",
		    (long long)in->template);
	reply(r, 200, sql_template_get(c, in->template));
}
