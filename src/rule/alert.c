/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts: each new message is held against the folders that somebody watches, in a unit of its own, so that no
 * folder can keep a mail from becoming a ticket. */
#include "rule/rule.h"

enum { ALERTS_AT_ONCE = 100 };

/* Take one message; done = there was none. */
static void
tell_one(struct ctx *c, void *arg)
{
	bool *done = arg;
	struct row_alert_take q;
	struct rows_alert_watchers w;

	*done = !sql_alert_take(c, &q);
	if (*done)
		return;
	w = sql_alert_watchers(c, q.agent_id);
	for (size_t i = 0; i < w.n; i++) {
		struct rule_question ask = { .agent = w.v[i].agent,
			.zone = w.v[i].zone,
			.ticket = q.ticket_id,
			.message = q.message_id,
			.query = w.v[i].query };

		if (rule_matches(c, &ask))
			sql_alert_add(c, ask.agent, w.v[i].folder, ask.ticket, ask.message);
	}
	sql_alert_done(c, q.id);
}

bool
alert_waiting(struct ctx *c)
{
	bool done = false;

	for (int i = 0; i < ALERTS_AT_ONCE && !done; i++) {
		if (!unit_run(c, tell_one, &done))
			return false;
		arena_reset(&c->arena);
	}
	return !done;
}
