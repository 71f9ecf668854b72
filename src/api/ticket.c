/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickets: the page of one, and changes of its properties. */
#include "api/api.h"

enum { MESSAGES = 100, EVENTS = 500 };

/* {"ticket":T} after a change. */
void
api_reply_ticket(struct req *r, int status, int64_t ticket)
{
	struct buf b = { .arena = &r->c->arena };

	buf_puts(&b, "{\"ticket\":");
	api_put(&b, sql_ticket_row(r->c, r->agent->id, ticket));
	buf_putc(&b, '}');
	reply(r, status, buf_str(&b));
}

void
api_put(struct buf *b, struct str json)
{
	if (json.s == NULL)
		buf_puts(b, "null");
	else
		buf_add(b, json.s, json.n);
}

void
api_put_text(struct buf *b, const char *key, const char *value)
{
	buf_key(b, key);
	buf_json(b, value, value == NULL ? 0 : strlen(value));
}

static void
reply_page(struct req *r, int status, int64_t ticket)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id;
	struct buf b = { .arena = &c->arena };
	struct str row, messages, events, draft, scheduled;
	struct rows_rule_sending rules;
	struct asks asks = { 0 };

	sql_ticket_row_ask(c, &asks, &row, agent, ticket);
	sql_message_list_ask(c, &asks, &messages, agent, ticket, 0, MESSAGES);
	sql_event_list_ask(c, &asks, &events, agent, ticket, 0, EVENTS);
	sql_rule_sending_ask(c, &asks, &rules, ticket);
	sql_draft_get_ask(c, &asks, &draft, agent, ticket);
	sql_scheduled_get_ask(c, &asks, &scheduled, agent, ticket);
	db_gather(c, &asks);
	if (row.s == NULL)
		fail(
		    c, 404, "ticket_unknown", "there is no ticket %lld for you", (long long)ticket);
	buf_reserve(&b, row.n + messages.n + events.n + draft.n + scheduled.n + 1024);
	buf_puts(&b, "{\"ticket\":");
	api_put(&b, row);
	buf_puts(&b, ",\"messages\":");
	api_put(&b, messages);
	buf_puts(&b, ",\"events\":");
	api_put(&b, events);
	buf_puts(&b, ",\"sending\":");
	api_put(&b, rule_sending(c, ticket, &rules));
	buf_puts(&b, ",\"draft\":");
	api_put(&b, draft);
	buf_puts(&b, ",\"scheduled\":");
	api_put(&b, scheduled);
	buf_putc(&b, '}');
	reply(r, status, buf_str(&b));
}

/* GET /tickets/:ticket */
void
api_ticket_get(struct req *r, const struct ticket_get *in)
{
	reply_page(r, 200, in->ticket);
}

/* POST /tickets */
void
api_ticket_create(struct req *r, const struct ticket_create *in)
{
	struct ctx *c = r->c;
	struct actor by = { .agent = r->agent->id };
	struct ticket_new t = { .subject = in->subject,
		.type = in->type,
		.status = in->status,
		.priority = in->priority,
		.source = "agent",
		.account = in->account,
		.customer = in->customer,
		.stranger = in->email,
		.name = in->name,
		.email = in->email,
		.owner = r->agent->id };
	int64_t ticket = ticket_open(c, &t, by);

	if (in->body != NULL && *in->body != '\0') {
		struct message_new m = { .ticket = ticket,
			.is_comment = in->kind[0] == 'c',
			.by = by,
			.body = in->body,
			.source = "agent" };
		int64_t message = message_add(c, &m);

		message_claim(c, message, ticket, r->agent->id, in->uploads);
	}
	rule_settle(c);
	reply_page(r, 201, ticket);
}

static void
change_status(
    struct ctx *c, const struct row_ticket_lock *t, const struct ticket_change *in, int64_t agent)
{
	if (in->status == 0 && in->type == 0)
		return;
	ticket_expect(c, t, in->version, CONFLICT_STATUS);
	if (in->type != 0 && in->type != t->type_id)
		sql_ticket_set_type(c, t->id, in->type, in->status, agent, 0);
	else if (in->status != 0)
		ticket_status(c, t->id, in->status, (struct actor){ .agent = agent });
}

/* RFC 3339, or "" for none any more. */
static const char *
deadline(struct ctx *c, const char *given)
{
	int64_t at;

	if (*given == '\0')
		return NULL;
	if (!time_parse(given, &at))
		fail(c, 422, "input", "deadline is no time like 2026-11-30T12:00:00Z");
	return time_rfc3339(&c->arena, at);
}

/* PATCH /tickets/:ticket */
void
api_ticket_change(struct req *r, const struct ticket_change *in)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id;
	struct row_ticket_lock t = ticket_lock(c, agent, in->ticket);

	change_status(c, &t, in, agent);
	if (in->subject != NULL) {
		ticket_expect(c, &t, in->version, CONFLICT_SUBJECT);
		sql_ticket_set_subject(
		    c, t.id, text_line(&c->arena, in->subject, strlen(in->subject)), agent);
	}
	if (in->priority != ABSENT) {
		ticket_expect(c, &t, in->version, CONFLICT_PRIORITY);
		sql_ticket_set_priority(c, t.id, in->priority, agent, 0);
	}
	if (in->confidential != ABSENT) {
		ticket_expect(c, &t, in->version, CONFLICT_CONFIDENTIAL);
		sql_ticket_set_confidential(c, t.id, in->confidential != 0, agent);
	}
	if (in->deadline != NULL) {
		ticket_expect(c, &t, in->version, CONFLICT_DEADLINE);
		sql_ticket_set_deadline(c, t.id, deadline(c, in->deadline), agent);
	}
	rule_settle(c);
	api_reply_ticket(r, 200, t.id);
}

/* POST /tickets/:ticket/owners */
void
api_owner_add(struct req *r, const struct owner_add *in)
{
	struct ctx *c = r->c;
	struct row_ticket_lock t = ticket_lock(c, r->agent->id, in->ticket);

	ticket_expect(c, &t, in->version, CONFLICT_OWNER);
	sql_owner_add(c, t.id, in->agent, in->team, in->role, r->agent->id, 0);
	rule_settle(c);
	api_reply_ticket(r, 200, t.id);
}

/* DELETE /tickets/:ticket/owners/:owner */
void
api_owner_remove(struct req *r, const struct owner_remove *in)
{
	struct ctx *c = r->c;
	struct row_ticket_lock t = ticket_lock(c, r->agent->id, in->ticket);

	ticket_expect(c, &t, in->version, CONFLICT_OWNER);
	if (sql_owner_remove(c, t.id, in->owner, r->agent->id) == 0)
		fail(c, 404, "owner_unknown", "ticket %lld has no such owner", (long long)t.id);
	rule_settle(c);
	api_reply_ticket(r, 200, t.id);
}

void
api_expect_visible(struct ctx *c, int64_t agent, int64_t ticket)
{
	if (!sql_ticket_is_visible(c, agent, ticket))
		fail(
		    c, 404, "ticket_unknown", "there is no ticket %lld for you", (long long)ticket);
}

/* GET /tickets/:ticket/events */
void
api_ticket_events(struct req *r, const struct ticket_events *in)
{
	struct buf b = { .arena = &r->c->arena };

	api_expect_visible(r->c, r->agent->id, in->ticket);
	buf_puts(&b, "{\"events\":");
	api_put(&b, sql_event_list(r->c, r->agent->id, in->ticket, in->before, in->limit));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

/* GET /tickets/:ticket/messages */
void
api_ticket_messages(struct req *r, const struct ticket_messages *in)
{
	struct buf b = { .arena = &r->c->arena };

	api_expect_visible(r->c, r->agent->id, in->ticket);
	buf_puts(&b, "{\"messages\":");
	api_put(&b, sql_message_list(r->c, r->agent->id, in->ticket, in->before, in->limit));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

/* PUT /tickets/:ticket/seen */
void
api_seen_put(struct req *r, const struct seen_put *in)
{
	api_expect_visible(r->c, r->agent->id, in->ticket);
	sql_seen_put(r->c, r->agent->id, in->ticket, in->message);
	reply_none(r);
}

/* PATCH /customers/:customer */
void
api_customer_change(struct req *r, const struct customer_change *in)
{
	const char *language = strcmp(in->language, "auto") == 0 ? NULL : in->language;

	if (sql_customer_change(r->c, r->agent->id, in->customer, language) == 0)
		fail(r->c, 404, "customer_unknown", "there is no such customer");
	reply_none(r);
}

/* GET /customers/:customer/tickets */
void
api_customer_tickets(struct req *r, const struct customer_tickets *in)
{
	struct buf b = { .arena = &r->c->arena };
	struct list_question q = { .agent = r->agent->id, .limit = in->limit };
	const char *next;

	q.query = arena_printf(&r->c->arena, "customer:%lld", (long long)in->customer);
	buf_puts(&b, "{\"tickets\":");
	api_put(&b, list_page(r->c, &q, &next));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}
