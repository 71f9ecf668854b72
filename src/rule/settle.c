/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules run until quiet, in the unit of their cause, once per event. */
#include <jansson.h>
#include <string.h>

#include "rule/kinds.h"
#include "rule/rule.h"

enum { ROUNDS = 8 };

/* What an agent wrote leaves as his. All else a machine sends: it says so, and is held back where it
 * could start a loop. */
static void
act_send_mail(
    struct ctx *c, const struct row_event_unsettled *e, int64_t rule, const json_t *action)
{
	bool personal = e->agent_id != 0 && strcmp(e->kind, "message.agent") == 0;
	struct mail_order order = { .ticket = e->ticket_id,
		.message = e->message_id,
		.agent = e->agent_id,
		.rule = rule,
		.template = json_integer_value(json_object_get(action, "template")) };
	const char *why = NULL;

	if (!personal) {
		order.automatic = e->agent_id == 0 ? "auto-replied" : "auto-generated";
		why = order.agent != 0 && strcmp(e->kind, "ticket.opened") == 0
			  ? "opened_by_agent"
			  : auto_refusal(c, &order);
	}
	if (why != NULL)
		mail_skip(c, &order, why);
	else
		mail_to_customer(c, &order);
}

static void
act_on(struct ctx *c, const struct row_event_unsettled *e, int64_t rule, const json_t *action)
{
#define ROW(word, fn) { word, fn },
	static const struct {
		const char *word;
		void (*fn)(
		    struct ctx *, const struct row_event_unsettled *, int64_t, const json_t *);
	} known[] = { ACTIONS(ROW) };
#undef ROW
	const char *word = json_string_value(json_object_get(action, "do"));

	for (size_t i = 0; word != NULL && i < NELEM(known); i++)
		if (strcmp(known[i].word, word) == 0)
			known[i].fn(c, e, rule, action);
}

static void
drop_json(void *j)
{
	json_decref(j);
}

static void
run_rule(struct ctx *c, const struct row_event_unsettled *e, const struct row_rule_of_event *r)
{
	const struct rule_question ask = {
		.ticket = e->ticket_id, .message = e->message_id, .query = r->condition
	};
	json_t *actions, *action;
	size_t i;

	if (!rule_matches(c, &ask) || sql_rule_claim(c, e->id, r->id) == 0)
		return;
	actions = json_loads(r->actions, 0, NULL);
	if (actions == NULL)
		fail(c, 500, "rule_broken", "rule %s cannot be read", r->name);
	arena_defer(&c->arena, drop_json, actions);
	json_array_foreach(actions, i, action) act_on(c, e, r->id, action);
	log_info(c, "rule.ran", "rule=%lld event=%lld ticket=%lld", (long long)r->id,
	    (long long)e->id, (long long)e->ticket_id);
}

static bool
is_new_message(const char *kind)
{
	return strncmp(kind, "message.", 8) == 0 || strcmp(kind, "comment.added") == 0;
}

/* The rules for a kind of event, asked for once in a unit. */
struct known {
	struct known *next;
	const char *kind;
	struct rows_rule_of_event rules;
};

static const struct rows_rule_of_event *
rules_of(struct ctx *c, struct known **first, const char *kind)
{
	struct known *k = *first;

	while (k != NULL && strcmp(k->kind, kind) != 0)
		k = k->next;
	if (k == NULL) {
		k = arena_alloc(&c->arena, sizeof *k);
		*k = (struct known){ *first, kind, sql_rule_of_event(c, kind) };
		*first = k;
	}
	return &k->rules;
}

/* Let the new messages among these be held against what agents watch. */
static void
tell_watchers(struct ctx *c, const struct rows_event_unsettled *events)
{
	int64_t *v = arena_alloc(&c->arena, events->n * sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < events->n; i++)
		if (is_new_message(events->v[i].kind))
			v[n++] = events->v[i].message_id;
	if (n > 0)
		sql_alert_enqueue(c, (struct ids){ v, n });
}

void
rule_settle(struct ctx *c)
{
	struct known *known = NULL;
	int64_t after = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct rows_event_unsettled events = sql_event_unsettled(c, after);

		c->unsettled = false;
		if (events.n == 0)
			return;
		tell_watchers(c, &events);
		for (size_t i = 0; i < events.n; i++) {
			const struct rows_rule_of_event *rules =
			    rules_of(c, &known, events.v[i].kind);

			for (size_t k = 0; k < rules->n; k++)
				run_rule(c, &events.v[i], &rules->v[k]);
			after = events.v[i].id;
		}
	}
	fail(c, 500, "rules_loop", "rules set each other off without end; nothing was changed");
}

static void
put_sending(struct buf *b, const struct row_rule_sending *r, bool if_words)
{
	buf_printf(b, "{\"rule_id\":%lld,\"rule\":", (long long)r->id);
	buf_json(b, r->name, strlen(r->name));
	buf_puts(b, ",\"account\":");
	buf_json(b, r->address, strlen(r->address));
	buf_puts(b, ",\"to\":[");
	if (r->email != NULL)
		buf_json(b, r->email, strlen(r->email));
	buf_puts(b, "],\"signature\":");
	buf_json(b, r->signature, r->signature == NULL ? 0 : strlen(r->signature));
	buf_printf(b, ",\"if_words\":%s}", if_words ? "true" : "false");
}

/* A rule that certainly matches comes before one that asks for words. */
struct str
rule_sending(struct ctx *c, int64_t ticket, const struct rows_rule_sending *rules)
{
	const struct row_rule_sending *perhaps = NULL;
	struct buf b = { .arena = &c->arena };

	for (size_t i = 0; i < rules->n; i++) {
		const struct row_rule_sending *r = &rules->v[i];
		const struct rule_question ask = {
			.ticket = ticket, .is_unwritten = true, .query = r->condition
		};

		if (!rule_matches(c, &ask))
			continue;
		if (!rule_has_words(c, r->condition)) {
			put_sending(&b, r, false);
			return buf_str(&b);
		}
		if (perhaps == NULL)
			perhaps = r;
	}
	if (perhaps == NULL)
		return (struct str){ 0 };
	put_sending(&b, perhaps, true);
	return buf_str(&b);
}
