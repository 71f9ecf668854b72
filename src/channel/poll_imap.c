/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetching by IMAP, folder by folder, in batches: list, fetch, commit, then move, delete or mark, then note
 * how far it came. */
#include <string.h>

#include "channel/fetch.h"

struct folder {
	struct fetch *f;
	struct imap *imap;
	int64_t last; /* everything up to this UID is done */
	bool held;    /* a skipped mail keeps folder_done from going on */
	const struct imap_mail *listed;
	size_t nlisted;
};

static char *
name_of(const struct fetch *f, const struct original *o)
{
	return arena_printf(
	    &f->c->arena, "%lld:%lld", (long long)f->uidvalidity, (long long)o->uid);
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
	const char *name = name_of(f, o);
	int64_t tries = trouble_tries(f, name);
	bool broke;

	o->skipped = trouble_now(f, name);
	if (o->skipped)
		return true;
	if (tries >= HEADER_TRIES)
		return trouble_write(f, o, name);
	o->partial = o->size > conf.mail_limit || tries >= WHOLE_TRIES;
	if (fetch_by_imap(f, d->imap, o, &broke))
		return true;
	if (broke)
		trouble_count(f, name);
	return false;
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

/* INBOX is one name in any case (RFC 3501, 5.1). */
static bool
same_folder(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || (strcasecmp(a, "INBOX") == 0 && strcasecmp(b, "INBOX") == 0);
}

static bool
act(struct folder *d, struct ids uids)
{
	struct fetch *f = d->f;

	if (uids.n == 0)
		return true;
	if (strcmp(f->a.after, "move") == 0 && !same_folder(f->folder, f->a.after_folder))
		return imap_move_all(d->imap, uids, f->a.after_folder, &f->error);
	if (strcmp(f->a.after, "delete") == 0)
		return imap_delete_all(d->imap, uids, &f->error);
	return imap_seen_all(d->imap, uids, &f->error);
}

/* Those that had been in trouble came after all, or are set aside, where the server has a place for them. */
static bool
settle(struct folder *d)
{
	struct fetch *f = d->f;

	for (size_t i = 0; i < f->n; i++) {
		const struct original *o = &f->v[i];
		struct wire_error no;

		if (!o->known)
			continue;
		if (o->aside && strcmp(f->a.after, "keep") != 0 &&
		    !imap_move(d->imap, o->uid, TROUBLE_FOLDER, &no))
			log_warn(f->c, "poll.not_moved", "account=%lld uid=%lld reason=%s",
			    (long long)f->a.id, (long long)o->uid, no.words);
		if (!trouble_forget(f, name_of(f, o)))
			return false;
	}
	return true;
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
	if (!act(d, (struct ids){ uids, n }) || !settle(d))
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

/* An account that began behind what was there begins so in each folder, also when the server numbers it anew. */
static bool
skip_older(struct folder *d)
{
	struct fetch *f = d->f;

	if (d->last != 0 || f->a.begins == 0)
		return true;
	return import_floor(d->imap, &f->c->arena, f->a.begins, &d->last, &f->error) &&
	       run(d, folder_done);
}

static bool
do_folder(struct folder *d)
{
	struct fetch *f = d->f;
	struct imap_mail *mails;
	int64_t from;

	if (!imap_select(d->imap, f->folder, &f->uidvalidity, &f->error) || !run(d, folder_begin) ||
	    !skip_older(d))
		return false;
	if (f->troubles.arena == NULL && !trouble_load(f))
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

/* One folder; when a mail broke the connection, on a new one past that mail. */
static bool
poll_folder(struct fetch *f, const char *folder)
{
	size_t broken;

	f->folder = folder;
	f->troubles = (struct buf){ 0 };
	do {
		struct folder d = { .f = f };
		struct arena memory = { 0 };
		bool done;

		broken = f->broken;
		f->error = (struct wire_error){ 0 };
		d.imap = imap_open(&memory, &f->server, &f->error);
		done = d.imap != NULL && do_folder(&d);
		imap_close(d.imap);
		arena_reset(&memory);
		if (done)
			return true;
	} while (f->broken > broken && f->broken < FETCH_BROKEN);
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
	for (size_t i = 0; i < l.rows.n; i++)
		if (!poll_folder(f, l.rows.v[i].name))
			return false;
	return true;
}
