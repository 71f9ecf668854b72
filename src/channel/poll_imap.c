/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetching by IMAP, folder by folder, in batches: list, fetch, commit, then move, delete or mark, then note
 * how far it came. A mail that breaks the connection again and again is fetched by its header only. */
#include <string.h>

#include "channel/fetch.h"

enum { WHOLE_TRIES = 3, HEADER_TRIES = 5, SESSIONS = 40 };

struct folder {
	struct fetch *f;
	struct imap *imap;
	int64_t last; /* everything up to this UID is done */
	bool held;    /* a skipped mail keeps folder_done from going on */
	const struct imap_mail *listed;
	size_t nlisted;
};

static int
times_bad(const struct fetch *f, int64_t uid)
{
	for (size_t i = 0; i < FETCH_BAD; i++)
		if (f->bad[i].uid == uid)
			return f->bad[i].times;
	return 0;
}

static void
count_bad(struct fetch *f, int64_t uid)
{
	size_t at = 0;

	for (size_t i = 0; i < FETCH_BAD; i++) {
		if (f->bad[i].uid == uid) {
			f->bad[i].times++;
			return;
		}
		if (f->bad[i].times < f->bad[at].times)
			at = i;
	}
	f->bad[at].uid = uid;
	f->bad[at].times = 1;
}

static void
folder_begin(struct ctx *c, void *arg)
{
	struct folder *d = arg;

	lease_hold(c, &d->f->lease);
	d->last = sql_folder_begin(c, d->f->a.id, d->f->folder, d->f->uidvalidity);
}

static void
mark_known(struct ctx *c, void *arg)
{
	struct folder *d = arg;
	int64_t *uids = arena_alloc(&c->arena, d->nlisted * sizeof *uids);
	struct rows_inbound_known known;

	for (size_t i = 0; i < d->nlisted; i++)
		uids[i] = d->listed[i].uid;
	known = sql_inbound_known(
	    c, d->f->a.id, d->f->folder, d->f->uidvalidity, (struct ids){ uids, d->nlisted });
	for (size_t i = 0; i < d->f->n; i++)
		for (size_t k = 0; k < known.n; k++)
			if (known.v[k].uid == d->f->v[i].uid) {
				d->f->v[i].known = true;
				d->f->v[i].partial = known.v[k].partial;
			}
}

static void
folder_done(struct ctx *c, void *arg)
{
	struct folder *d = arg;

	lease_hold(c, &d->f->lease);
	sql_folder_done(c, d->f->a.id, d->f->folder, d->f->uidvalidity, d->last);
}

/* A unit that talks to the database only; its failure ends the account. */
static bool
run(struct folder *d, void (*work)(struct ctx *, void *))
{
	if (unit_run(d->f->c, work, d))
		return true;
	return wire_fail(&d->f->error, "database", "%s", d->f->c->detail);
}

/* The bytes of one mail into the blob store; false = the connection or the disk is gone. */
static bool
fetch_one(struct folder *d, struct original *o)
{
	struct fetch *f = d->f;
	int times = times_bad(f, o->uid);
	bool found = true;

	if (times >= HEADER_TRIES) {
		log_warn(f->c, "poll.skipped", "account=%lld uid=%lld", (long long)f->a.id,
		    (long long)o->uid);
		o->skipped = true;
		return true;
	}
	o->partial = o->size > conf.mail_limit || times >= WHOLE_TRIES;
	if (!fetch_open(f, o))
		return false;
	if (!imap_fetch(d->imap, o->uid, o->partial, fetch_put, &o->blob, &found, &f->error)) {
		blob_drop(&o->blob);
		if (o->blob.error != NULL)
			return wire_fail(&f->error, "storage", "%s", o->blob.error);
		count_bad(f, o->uid);
		return false;
	}
	o->gone = !found;
	if (found)
		return fetch_keep(f, o);
	blob_drop(&o->blob);
	return true;
}

/* What is not here yet; the batch ends early when it is large or the connection fails. */
static bool
fetch_batch(struct folder *d)
{
	struct fetch *f = d->f;
	int64_t bytes = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].known)
			continue;
		if (bytes > FETCH_BYTES) {
			f->n = i;
			return true;
		}
		if (!fetch_one(d, &f->v[i])) {
			f->n = i;
			return false;
		}
		bytes += f->v[i].size;
	}
	return true;
}

static bool
act(struct folder *d, struct ids uids)
{
	struct fetch *f = d->f;

	if (uids.n == 0)
		return true;
	if (strcmp(f->a.after, "move") == 0)
		return imap_move_all(d->imap, uids, f->a.after_folder, &f->error);
	if (strcmp(f->a.after, "delete") == 0)
		return imap_delete_all(d->imap, uids, &f->error);
	return imap_seen_all(d->imap, uids, &f->error);
}

/* Only now may the server be touched: every row of the batch is committed. */
static bool
act_on_batch(struct folder *d)
{
	int64_t uids[FETCH_BATCH];
	size_t n = 0;

	for (size_t i = 0; i < d->f->n; i++) {
		const struct original *o = &d->f->v[i];

		if (o->known && !o->partial && !o->gone)
			uids[n++] = o->uid;
	}
	if (!act(d, (struct ids){ uids, n }))
		return false;
	for (size_t i = 0; i < d->f->n; i++) {
		d->held = d->held || d->f->v[i].skipped;
		if (!d->held)
			d->last = d->f->v[i].uid;
	}
	return true;
}

static bool
do_batch(struct folder *d)
{
	struct fetch *f = d->f;
	struct wire_error lost;
	bool whole;

	memset(f->v, 0, sizeof f->v);
	for (f->n = 0; f->n < d->nlisted; f->n++)
		f->v[f->n] =
		    (struct original){ .uid = d->listed[f->n].uid, .size = d->listed[f->n].size };
	if (!run(d, mark_known))
		return false;
	crash_begin();
	whole = fetch_batch(d);
	lost = f->error;
	if (!fetch_commit(f))
		return false;
	f->seen += (int64_t)f->n;
	f->error = lost;
	whole = whole && act_on_batch(d) && run(d, folder_done);
	crash_end();
	return whole;
}

static bool
do_folder(struct folder *d)
{
	struct fetch *f = d->f;
	struct imap_mail *mails;
	int64_t from;

	if (!imap_select(d->imap, f->folder, &f->uidvalidity, &f->error) || !run(d, folder_begin))
		return false;
	for (from = d->last;; from = f->n > 0 ? f->v[f->n - 1].uid : from) {
		arena_reset(&f->c->arena);
		if (!imap_list(
			d->imap, &f->c->arena, from, FETCH_BATCH, &mails, &d->nlisted, &f->error))
			return false;
		if (d->nlisted == 0)
			return true;
		d->listed = mails;
		if (!do_batch(d))
			return false;
	}
}

static bool
may_try_again(const struct fetch *f)
{
	const char *code = f->error.code;

	return strcmp(code, "database") != 0 && strcmp(code, "storage") != 0 &&
	       strcmp(code, "login") != 0 && strcmp(code, "token") != 0 &&
	       strcmp(code, "certificate") != 0;
}

/* One folder; when a mail broke the connection, on a new one. */
static bool
poll_folder(struct fetch *f, const char *folder)
{
	for (int session = 0; session < SESSIONS; session++) {
		struct folder d = { .f = f };
		struct arena memory = { 0 };
		size_t bad = 0;
		bool done;

		for (size_t i = 0; i < FETCH_BAD; i++)
			bad += (size_t)f->bad[i].times;
		f->error = (struct wire_error){ 0 };
		f->folder = folder;
		d.imap = imap_open(&memory, &f->server, &f->error);
		done = d.imap != NULL && do_folder(&d);
		imap_close(d.imap);
		arena_reset(&memory);
		if (done)
			return true;
		for (size_t i = 0; i < FETCH_BAD; i++)
			bad -= (size_t)f->bad[i].times;
		/* Again only when a mail was the reason: then it is counted and met otherwise. */
		if (d.imap == NULL || bad == 0 || !may_try_again(f))
			return false;
	}
	return false;
}

static void
list_folders(struct ctx *c, void *arg)
{
	struct {
		struct fetch *f;
		struct rows_account_folders rows;
	} *l = arg;

	l->rows = sql_account_folders(c, l->f->a.id);
	for (size_t i = 0; i < l->rows.n; i++)
		l->rows.v[i].name = arena_strdup(&l->f->memory, l->rows.v[i].name);
	l->rows.v = (void *)arena_dup(&l->f->memory, l->rows.v, l->rows.n * sizeof *l->rows.v);
}

bool
poll_imap(struct fetch *f)
{
	struct {
		struct fetch *f;
		struct rows_account_folders rows;
	} l = { .f = f };

	if (!unit_try(f->c, list_folders, &l))
		return wire_fail(&f->error, "database", "%s", f->c->detail);
	for (size_t i = 0; i < l.rows.n; memset(f->bad, 0, sizeof f->bad), i++)
		if (!poll_folder(f, l.rows.v[i].name))
			return false;
	return true;
}
