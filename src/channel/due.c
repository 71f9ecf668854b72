/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers whose time has come: each leaves its draft and becomes message, event, rules and mail in one
 * unit. What cannot be sent is a draft again, and its writer is told why. */
#include <stdio.h>
#include <string.h>

#include "channel/channel.h"
#include "rule/rule.h"

enum { BATCH = 50, TRIES = 3 };

struct due {
	struct lease *lease;
	struct rows_draft_due drafts;
	const struct row_draft_due *at;
	int64_t tries; /* of that one, this one included */
	bool mine;
};

static void
list(struct ctx *c, void *arg)
{
	struct due *d = arg;

	d->mine = lease_take(c, d->lease, "work");
	if (d->mine)
		d->drafts = sql_draft_due(c, BATCH);
}

static void
count(struct ctx *c, void *arg)
{
	struct due *d = arg;

	lease_hold(c, d->lease);
	d->tries = sql_draft_try(c, d->at->agent, d->at->ticket);
}

static void
uncount(struct ctx *c, void *arg)
{
	struct due *d = arg;

	sql_draft_wait(c, d->at->agent, d->at->ticket);
}

static void
give(struct ctx *c, void *arg)
{
	struct due *d = arg;
	struct row_ticket_lock t;
	struct row_draft_take row;
	struct answer a = { .ticket = d->at->ticket, .agent = d->at->agent };

	lease_hold(c, d->lease);
	if (d->tries > TRIES)
		fail(c, 500, "answer_deadly", "docket work died of this answer %d times", TRIES);
	t = ticket_lock(c, a.agent, a.ticket);
	if (!sql_draft_take(c, a.agent, a.ticket, &row))
		return; /* taken back meanwhile */
	if (!row.able)
		fail(c, 422, "agent_inactive", "who wrote this answer is not with us any more");
	a.version = row.version;
	a.body = row.body;
	a.html = row.html;
	a.uploads = row.uploads;
	a.to = text_lines(&c->arena, row.recipients);
	a.cc = text_lines(&c->arena, row.copies);
	a.resends = row.resends;
	if (!ticket_status_moved(c, t.id, a.version))
		a.status = row.status;
	answer_check(c, &a, &t);
	log_info(c, "answer.given", "ticket=%lld message=%lld", (long long)t.id,
	    (long long)answer_give(c, &a));
}

struct refusal {
	struct due *due;
	char code[64];
};

static void
give_back(struct ctx *c, void *arg)
{
	struct refusal *f = arg;
	const struct row_draft_due *d = f->due->at;

	lease_hold(c, f->due->lease);
	sql_draft_give_back(c, d->agent, d->ticket, f->code);
	rule_settle(c);
}

/* false = the database or the disk is away, or the lease: wait. */
static bool
deal_with(struct ctx *c, struct due *d)
{
	struct refusal f = { d, "" };

	if (!unit_run(c, count, d))
		return false;
	if (unit_run(c, give, d))
		return true;
	if (c->status == 503 || c->status == 507 || c->again ||
	    strcmp(c->code, "lease_lost") == 0) {
		unit_run(c, uncount, d);
		return false;
	}
	snprintf(f.code, sizeof f.code, "%s", c->code);
	log_warn(c, "answer.returned", "ticket=%lld code=%s cause=%s", (long long)d->at->ticket,
	    c->code, c->cause);
	return unit_run(c, give_back, &f);
}

int
due_send(struct ctx *c, struct lease *lease)
{
	struct due d = { .lease = lease };
	int done = 0;

	if (!unit_run(c, list, &d) || !d.mine)
		return -1;
	for (size_t i = 0; i < d.drafts.n; i++, done++) {
		d.at = &d.drafts.v[i];
		crash_begin();
		if (!deal_with(c, &d))
			done = -2;
		crash_end();
		if (done < 0)
			return -1;
	}
	return done;
}

static void
ask(struct ctx *c, void *arg)
{
	*(int64_t *)arg = sql_draft_due_in(c);
}

int
due_in(struct ctx *c, int most)
{
	int64_t ms = 0;

	if (!unit_run(c, ask, &ms) || ms == 0 || ms > most)
		return most;
	return (int)ms;
}
