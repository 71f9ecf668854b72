/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An agent's answer or comment becomes a message: with its files, the ticket's status, and what the
 * rules make of it. */
#include <string.h>

#include "mime/mime.h"
#include "rule/rule.h"

/* FILES: 25 MiB together, what the large providers take once it is base64. */
enum { PEOPLE = 50, FILES = 25 << 20 };

static void
check_people(struct ctx *c, struct texts people)
{
	if (people.n > PEOPLE)
		fail(c, 422, "recipients_many", "an answer goes to %d addresses at most", PEOPLE);
	for (size_t i = 0; i < people.n; i++)
		if (!mime_address_ok(people.v[i]))
			fail(c, 422, "recipient_address", "%s is no mail address", people.v[i]);
}

void
answer_check(struct ctx *c, const struct answer *a, const struct row_ticket_lock *t)
{
	if (a->is_comment)
		return;
	if (t->confidential)
		fail(c, 422, "ticket_confidential",
		    "this ticket is confidential: nothing leaves it; write a comment");
	ticket_expect(c, t, a->version, CONFLICT_MESSAGE);
	check_people(c, a->to);
	check_people(c, a->cc);
	if (sql_uploads_size(c, a->agent, a->uploads) > FILES)
		fail(c, 422, "files_large",
		    "the files of an answer have 25 MiB together at most; send the rest in another "
		    "one");
	if (a->to.n == 0 && a->cc.n > 0 && !sql_mail_has_customer(c, t->id))
		fail(c, 422, "recipient_none", "a copy needs somebody whom the answer is to");
	if (a->resends != 0 && sql_message_failed(c, t->id, a->resends) == 0)
		fail(c, 422, "resend_not_failed", "no mail of message %lld failed",
		    (long long)a->resends);
}

/* A picture keeps its name until somebody looks or it leaves. */
static const char *
keep(void *arg, const char *cid)
{
	return arena_printf(arg, "cid:%s", cid);
}

/* Its writer's, or made where his text shows a picture; else NULL, the text says it all. */
static const char *
formatted(struct ctx *c, const struct answer *a)
{
	if (a->html != NULL && *a->html != '\0')
		return a->html;
	if (a->uploads.n == 0 || strstr(a->body, "[cid:") == NULL)
		return NULL;
	return html_make_text(&c->arena, a->body, keep, &c->arena);
}

int64_t
answer_give(struct ctx *c, const struct answer *a)
{
	struct message_new m = { .ticket = a->ticket,
		.is_comment = a->is_comment,
		.by = { .agent = a->agent },
		.body = a->body,
		.html = formatted(c, a),
		.source = "agent",
		.to = a->to,
		.cc = a->cc,
		.resends = a->resends };
	int64_t message = message_add(c, &m);

	message_claim(c, message, a->ticket, a->agent, a->uploads);
	if (a->resends != 0)
		sql_outbox_replaced(c, a->resends);
	if (a->status != 0)
		ticket_status(c, a->ticket, a->status, m.by);
	rule_settle(c);
	return message;
}
