/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Originals become messages: read first, outside any transaction; then many in one unit, and each in
 * its own when that fails, so that no mail keeps another waiting. */
#include <string.h>

#include "channel/channel.h"
#include "rule/rule.h"

enum { BATCH_BYTES = 16 << 20 };

struct batch {
	struct lease *lease; /* NULL = one mail by whoever brought it */
	struct letter v[WORK_BATCH];
	size_t n;
	bool tried;
	bool lost; /* the lease is another's */
};

/* A mail of a trial has shown the way and becomes no ticket. */
static bool
is_of_trial(struct ctx *c, const struct letter *l)
{
	static const char sign[] = "dk-trial.";
	const char *id = l->mail->message_id;

	if (id == NULL || !text_starts(id, sign))
		return false;
	id += strlen(sign);
	return sql_trial_mail_seen(c, arena_dup(&c->arena, id, strcspn(id, "@"))) > 0;
}

/* Those of the batch that still wait, by their ids. */
static struct rows_inbound_lock
lock_batch(struct ctx *c, const struct batch *b)
{
	int64_t ids[WORK_BATCH];
	const char *refs[WORK_BATCH];

	for (size_t i = 0; i < b->n; i++) {
		const char *ref = b->v[i].mail->message_id;

		ids[i] = b->v[i].inbound;
		refs[i] = ref == NULL ? "" : ref;
	}
	return sql_inbound_lock(c, (struct ids){ ids, b->n }, (struct texts){ refs, b->n });
}

static bool
is_locked(const struct rows_inbound_lock *locked, int64_t inbound)
{
	for (size_t i = 0; i < locked->n; i++)
		if (locked->v[i].id == inbound)
			return true;
	return false;
}

/* Each letter that is still there to its ticket, and into the rows what became of it. */
static void
admit_batch(struct ctx *c, struct batch *b)
{
	struct rows_inbound_lock locked = lock_batch(c, b);
	struct texts own = admit_domains(c);
	int64_t ids[WORK_BATCH], tickets[WORK_BATCH], messages[WORK_BATCH];
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct letter *l = &b->v[i];

		l->ticket = l->message = 0;
		if (!is_locked(&locked, l->inbound) ||
		    (!is_of_trial(c, l) && !admit_letter(c, l, own)))
			continue;
		ids[n] = l->inbound;
		tickets[n] = l->ticket;
		messages[n++] = l->message;
	}
	if (n > 0)
		sql_inbound_done(c, (struct ids){ ids, n }, (struct ids){ tickets, n },
		    (struct ids){ messages, n });
}

/* Whose last mail that was. */
static void
finish_imports(struct ctx *c, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].import != 0 &&
		    (i + 1 == b->n || b->v[i + 1].import != b->v[i].import) &&
		    sql_import_finish(c, b->v[i].import) != 0)
			log_info(c, "import.finished", "import=%lld", (long long)b->v[i].import);
}

/* The unit of a batch. */
static void
ingest_batch(struct ctx *c, void *arg)
{
	struct batch *b = arg;

	if (b->lease != NULL)
		lease_hold(c, b->lease);
	admit_batch(c, b);
	rule_settle(c);
	finish_imports(c, b);
}

struct verdict {
	const struct letter *letter;
	const char *reason;
	bool final;
};

/* After the rollback: say why, and set aside what failed often enough. */
static void
judge(struct ctx *c, void *arg)
{
	const struct verdict *v = arg;

	if (v->final)
		sql_inbound_park(c, v->letter->inbound, v->reason);
	else
		sql_inbound_trouble(c, v->letter->inbound, v->reason);
}

/* The database or the disk is away: nobody's fault, it is tried again without counting. */
static bool
must_wait(const struct ctx *c)
{
	return c->status == 503 || c->status == 507;
}

/* false = wait. */
static bool
ingest_alone(struct ctx *c, struct letter *l, struct lease *lease)
{
	struct batch one = { .lease = lease, .v = { *l }, .n = 1 };
	struct verdict v = { .letter = l };

	if (unit_run(c, ingest_batch, &one)) {
		*l = one.v[0];
		return true;
	}
	if (must_wait(c) || strcmp(c->code, "lease_lost") == 0)
		return false;
	v.final = l->tries + 1 >= WORK_TRIES;
	v.reason =
	    arena_printf(&c->arena, "%s%s%s", c->detail, c->cause[0] == '\0' ? "" : ": ", c->cause);
	log_warn(c, v.final ? "mail.parked" : "mail.failed", "inbound=%lld reason=%s",
	    (long long)l->inbound, v.reason);
	return unit_run(c, judge, &v);
}

static void
take_letters(struct batch *b, const struct row_inbound_todo *v, size_t n)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < n && b->n < WORK_BATCH && (b->n == 0 || bytes < BATCH_BYTES); i++) {
		bytes += v[i].size;
		b->v[b->n++] = (struct letter){ .inbound = v[i].id,
			.account = v[i].account_id,
			.sha256 = v[i].sha256,
			.size = v[i].size,
			.partial = v[i].partial,
			.insisted = v[i].insisted,
			.import = v[i].import,
			.dated = v[i].dated,
			.tries = v[i].tries };
	}
}

/* The same of what is brought over. */
static struct rows_inbound_todo
old_ones(struct ctx *c, bool tried, int64_t most)
{
	struct rows_inbound_todo_old old = sql_inbound_todo_old(c, tried, most);
	struct row_inbound_todo *v = arena_alloc(&c->arena, (old.n + 1) * sizeof *v);

	for (size_t i = 0; i < old.n; i++)
		v[i] = (struct row_inbound_todo){ old.v[i].id, old.v[i].account_id, old.v[i].sha256,
			old.v[i].size, old.v[i].partial, old.v[i].tries, old.v[i].insisted,
			old.v[i].import, old.v[i].dated };
	return (struct rows_inbound_todo){ v, old.n };
}

/* What waits, each counted as tried: new mail first, and of either those that were tried before one at a time and
 * last. */
static void
claim(struct ctx *c, void *arg)
{
	struct batch *b = arg;
	struct rows_inbound_todo todo = sql_inbound_todo(c, false, WORK_BATCH);
	int64_t ids[WORK_BATCH];

	b->n = 0;
	b->lost = !lease_take(c, b->lease, "work");
	if (b->lost)
		return;
	if (todo.n == 0)
		todo = sql_inbound_todo(c, true, 1);
	if (todo.n == 0)
		todo = old_ones(c, false, WORK_BATCH);
	if (todo.n == 0)
		todo = old_ones(c, true, 1);
	take_letters(b, todo.v, todo.n);
	for (size_t i = 0; i < b->n; i++)
		ids[i] = b->v[i].inbound;
	if (b->n > 0)
		sql_inbound_try(c, (struct ids){ ids, b->n });
}

static void
read_batch(struct ctx *c, void *arg)
{
	struct batch *b = arg;

	for (size_t i = 0; i < b->n; i++)
		letter_read(c, &b->v[i]);
}

/* A process died of this one again and again: it is not touched any more. */
static bool
is_deadly(struct ctx *c, struct letter *l)
{
	struct verdict v = { l, "it was tried often and never came to an end", true };

	if (l->tries < WORK_DEATHS)
		return false;
	log_error(c, "mail.parked", "inbound=%lld reason=%s", (long long)l->inbound, v.reason);
	return unit_run(c, judge, &v);
}

static void
log_batch(struct ctx *c, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].ticket != 0)
			log_info(c, "mail.ingested", "inbound=%lld ticket=%lld message=%lld",
			    (long long)b->v[i].inbound, (long long)b->v[i].ticket,
			    (long long)b->v[i].message);
}

/* How many were dealt with, -1 = wait. */
static int
ingest_letters(struct ctx *c, struct batch *b)
{
	if (!unit_try(c, read_batch, b)) {
		log_warn(c, "mail.waits", "reason=%s %s", c->detail, c->cause);
		return -1;
	}
	if (b->n == 1 || !unit_run(c, ingest_batch, b)) {
		if (b->n > 1 && (must_wait(c) || strcmp(c->code, "lease_lost") == 0))
			return -1;
		for (size_t i = 0; i < b->n; i++)
			if (!ingest_alone(c, &b->v[i], b->lease))
				return -1;
	}
	log_batch(c, b);
	return (int)b->n;
}

/* What only waits was not tried; while the database is away too, it stays counted. */
static void
uncount(struct ctx *c, void *arg)
{
	const struct batch *b = arg;
	int64_t ids[WORK_BATCH];

	for (size_t i = 0; i < b->n; i++)
		ids[i] = b->v[i].inbound;
	sql_inbound_wait(c, (struct ids){ ids, b->n });
}

int
ingest_waiting(struct ctx *c, struct lease *lease)
{
	struct batch *b = arena_alloc(&c->arena, sizeof *b);
	int done;

	b->lease = lease;
	if (!unit_run(c, claim, b)) {
		log_warn(c, "work.waits", "reason=%s %s", c->detail, c->cause);
		return -1;
	}
	if (b->lost)
		return -1;
	if (b->n == 0 || is_deadly(c, &b->v[0]))
		return (int)b->n;
	crash_begin();
	done = ingest_letters(c, b);
	if (done < 0 && strcmp(c->code, "original_missing") != 0)
		unit_run(c, uncount, b);
	crash_end();
	return done;
}

static void
claim_one(struct ctx *c, void *arg)
{
	struct batch *b = arg;
	struct row_inbound_one in;
	struct row_inbound_todo todo;

	if (!sql_inbound_one(c, b->v[0].inbound, &in))
		fail(c, 404, "inbound_unknown", "there is no such original");
	todo = (struct row_inbound_todo){ in.id, in.account_id, in.sha256, in.size, in.partial,
		in.tries, in.insisted, in.import, in.dated };
	b->n = 0;
	take_letters(b, &todo, 1);
	sql_inbound_try(c, (struct ids){ &in.id, 1 });
}

bool
ingest_one(struct ctx *c, int64_t inbound)
{
	struct batch *b = arena_alloc(&c->arena, sizeof *b);

	b->v[0].inbound = inbound;
	return unit_run(c, claim_one, b) && ingest_letters(c, b) == 1;
}
