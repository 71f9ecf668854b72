/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing over what lay in a mailbox before: in batches, oldest first, across its folders. Nothing is touched at the
 * server. What a batch has stored is off the list in the same unit, so that it can end anywhere and be gone on with. */
#include <string.h>

#include "channel/fetch.h"

enum {
	WAITING = 200, /* originals that docket work has not read yet: no more are fetched */
	LOOK_MS = 200,
	PATIENCE = 60, /* seconds that are waited for it */
	LONG = 3000    /* then the next process goes on */
};

struct haul {
	struct fetch *f;
	struct arena memory; /* of a session */
	struct imap *imap;
	const char *open; /* the folder that is selected */
	int64_t began, waiting;
	bool over;     /* nothing is left, or it was cancelled */
	bool numbered; /* a folder was numbered anew: what is left is to be listed again */
	bool broke;    /* a mail broke the connection, it comes last now */
};

static void
begin(struct ctx *c, void *arg)
{
	struct fetch *f = arg;
	int64_t account = sql_import_account(c, f->import);

	if (account == 0)
		fail(c, 409, "import_ended", "this import is not under way");
	if (!sql_account_fetch(c, account, &f->a) || f->a.host == NULL)
		fail(c, 404, "account_unknown", "this account has no server to fetch from");
	if (!lease_take(
		c, &f->lease, arena_printf(&f->memory, "import:%lld", (long long)f->import)))
		fail(
		    c, 409, "lease_taken", "another process brings over the mail of %s", f->a.name);
	f->a.name = arena_strdup(&f->memory, f->a.name);
	f->a.auth = arena_strdup(&f->memory, f->a.auth);
	f->a.after = "keep";
	f->server = fetch_server(c, &f->memory, &f->a);
}

static void
next(struct ctx *c, void *arg)
{
	struct haul *h = arg;
	struct fetch *f = h->f;
	struct rows_import_next items;

	lease_hold(c, &f->lease);
	f->n = 0;
	h->waiting = sql_import_waiting(c, f->import);
	h->over = !sql_import_hold(c, f->import);
	if (h->over || h->waiting >= WAITING)
		return;
	items = sql_import_next(c, f->import, FETCH_BATCH);
	for (size_t i = 0; i < items.n; i++)
		f->v[f->n++] = (struct original){ .folder = items.v[i].folder,
			.uidvalidity = items.v[i].uidvalidity,
			.uid = items.v[i].uid,
			.size = items.v[i].size,
			.at = items.v[i].at,
			.tries = items.v[i].tries };
	h->over = items.n == 0;
}

/* The next batch into f->v; f->n 0 = none at the moment. false = f->error. */
static bool
list_next(struct haul *h)
{
	int64_t until = time_mono() + PATIENCE * 1000000LL;
	struct fetch *f = h->f;

	for (;; db_wait(f->c, LOOK_MS)) {
		arena_reset(&f->c->arena);
		memset(f->v, 0, sizeof f->v);
		if (!unit_run(f->c, next, h))
			return wire_fail(&f->error, "database", "%s", f->c->detail);
		if (f->n > 0 || h->over || time_mono() > until)
			return true;
	}
}

static bool
open_folder(struct haul *h, const struct original *o)
{
	struct fetch *f = h->f;
	int64_t validity;

	if (h->imap == NULL) {
		h->open = NULL;
		h->imap = imap_open(&h->memory, &f->server, &f->error);
		if (h->imap == NULL)
			return false;
	}
	if (h->open != NULL && strcmp(h->open, o->folder) == 0)
		return true;
	if (!imap_select(h->imap, o->folder, &validity, &f->error)) {
		if (strcmp(f->error.code, "refused") == 0)
			f->error.code = "folder";
		return false;
	}
	h->open = arena_strdup(&h->memory, o->folder);
	h->numbered = validity != o->uidvalidity;
	return !h->numbered;
}

/* The bytes of one mail; false = the connection or the disk is gone. */
static bool
fetch_one(struct haul *h, struct original *o)
{
	struct fetch *f = h->f;

	f->folder = o->folder;
	if (o->tries >= HEADER_TRIES)
		return trouble_write(f, o,
		    arena_printf(
			&f->c->arena, "%lld:%lld", (long long)o->uidvalidity, (long long)o->uid));
	o->partial = o->size > conf.mail_limit || o->tries >= WHOLE_TRIES;
	return fetch_by_imap(f, h->imap, o, &h->broke);
}

static bool
is_dealt_with(const struct original *o)
{
	return o->fetched || o->gone;
}

/* Each folder of the batch is opened once; false = it ends early, *broken = over which mail. */
static bool
fetch_batch(struct haul *h, struct original **broken)
{
	struct fetch *f = h->f;
	int64_t bytes = 0;

	for (size_t first = 0; first < f->n; first++)
		for (size_t i = first; i < f->n && bytes < FETCH_BYTES; i++) {
			struct original *o = &f->v[i];

			if (is_dealt_with(o) || strcmp(o->folder, f->v[first].folder) != 0)
				continue;
			if (!open_folder(h, o) || !fetch_one(h, o)) {
				*broken = h->broke ? o : NULL;
				return false;
			}
			bytes += o->size;
		}
	return true;
}

struct item {
	struct fetch *f;
	const struct original *o;
};

static void
put_last(struct ctx *c, void *arg)
{
	const struct item *i = arg;

	lease_hold(c, &i->f->lease);
	sql_import_item_later(c, i->f->import, i->o->folder, i->o->uidvalidity, i->o->uid);
}

static void
close_session(struct haul *h)
{
	imap_close(h->imap);
	h->imap = NULL;
	h->open = NULL;
	arena_reset(&h->memory);
}

/* A mail that breaks the connection goes to the end of the list, and the others go on. */
static bool
get_over(struct haul *h, const struct original *broken)
{
	struct fetch *f = h->f;
	struct item i = { f, broken };

	close_session(h);
	if (broken == NULL || ++f->broken >= FETCH_BROKEN || fetch_is_full(f))
		return false;
	log_warn(f->c, "import.broken", "import=%lld uid=%lld code=%s", (long long)f->import,
	    (long long)broken->uid, f->error.code);
	if (!unit_run(f->c, put_last, &i))
		return false;
	f->error = (struct wire_error){ 0 };
	h->broke = false;
	return true;
}

static bool
do_batch(struct haul *h)
{
	struct fetch *f = h->f;
	struct original *broken = NULL;
	struct wire_error lost;
	bool whole;

	crash_begin();
	whole = fetch_batch(h, &broken);
	lost = f->error;
	if (!fetch_commit(f)) {
		h->over = strcmp(f->c->code, "import_ended") == 0;
		if (h->over)
			f->error = (struct wire_error){ 0 };
		return h->over;
	}
	for (size_t i = 0; i < f->n; i++)
		f->seen += is_dealt_with(&f->v[i]);
	crash_end();
	f->error = lost;
	return whole || (!h->numbered && get_over(h, broken));
}

static void
conclude(struct ctx *c, void *arg)
{
	struct haul *h = arg;
	struct fetch *f = h->f;

	if (h->numbered)
		sql_import_relist(c, f->import);
	else if (f->error.code != NULL)
		sql_import_failed(c, f->import, f->error.code, account_words(&c->arena, &f->error),
		    f->stored > 0);
	else if (h->over)
		sql_import_finish(c, f->import);
	if (f->lease.holder[0] != '\0')
		lease_drop(c, &f->lease);
}

static bool
haul(struct haul *h)
{
	struct fetch *f = h->f;

	h->began = time_mono();
	while (!h->over && time_mono() - h->began < LONG * 1000000LL) {
		if (!list_next(h))
			return false;
		if (f->n == 0)
			return true;
		if (!do_batch(h))
			return h->numbered;
	}
	return true;
}

bool
import_run(struct ctx *c, int64_t import)
{
	static struct fetch f;
	struct haul h = { .f = &f };
	bool well;

	f = (struct fetch){ .c = c, .import = import };
	if (!unit_run(c, begin, &f)) {
		log_warn(c, "import.failed", "import=%lld code=%s reason=%s", (long long)import,
		    c->code, c->detail);
		if (c->status != 503 && c->status != 409) {
			wire_fail(&f.error, c->code, "%s", c->detail);
			unit_run(c, conclude, &h);
		}
		return false;
	}
	well = account_sign_in(c, &f.memory, f.a.id, f.a.auth, &f.server, &f.error) && haul(&h);
	if (well)
		f.error = (struct wire_error){ 0 }; /* the wire also notes what it got over */
	close_session(&h);
	account_forget(&f.server);
	account_token_refused(c, f.a.id, &f.error);
	log_info(c, "import.done", "import=%lld seen=%lld stored=%lld over=%d code=%s",
	    (long long)import, (long long)f.seen, (long long)f.stored, h.over,
	    f.error.code == NULL ? "-" : f.error.code);
	if (!unit_run(c, conclude, &h))
		log_warn(c, "import.unsaid", "import=%lld reason=%s", (long long)import, c->detail);
	return well;
}
