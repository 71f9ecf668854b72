/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetching one account, whatever its protocol: lease, store, outcome. The order is the promise: bytes on
 * the disk, rows committed, and only then is anything moved or deleted at the server. */
#include <string.h>

#include "channel/fetch.h"

bool
fetch_open(struct fetch *f, struct original *o)
{
	if (blob_open(&o->blob))
		return true;
	return wire_fail(&f->error, "storage", "%s", o->blob.error);
}

bool
fetch_put(void *blob, const void *p, size_t n)
{
	return blob_write(blob, p, n);
}

bool
fetch_keep(struct fetch *f, struct original *o)
{
	o->fetched = blob_finish(&o->blob);
	if (o->fetched)
		return true;
	return wire_fail(&f->error, "storage", "%s", o->blob.error);
}

bool
fetch_by_imap(struct fetch *f, struct imap *imap, struct original *o, bool *broke)
{
	bool found = true;

	*broke = false;
	if (!fetch_open(f, o))
		return false;
	if (!imap_fetch(imap, o->uid, o->partial, fetch_put, &o->blob, &found, &f->error)) {
		blob_drop(&o->blob);
		if (o->blob.error != NULL)
			return wire_fail(&f->error, "storage", "%s", o->blob.error);
		*broke = true;
		return false;
	}
	o->gone = !found;
	if (found)
		return fetch_keep(f, o);
	blob_drop(&o->blob);
	return true;
}

bool
fetch_is_full(const struct fetch *f)
{
	return f->error.code != NULL && strcmp(f->error.code, "storage") == 0;
}

static int64_t
add_row(struct ctx *c, struct fetch *f, const struct original *o)
{
	const char *folder = f->import != 0 ? o->folder : f->folder;
	int64_t validity = f->import != 0 ? o->uidvalidity : f->uidvalidity;

	if (o->aside)
		return sql_inbound_set_aside(c, f->a.id, folder, validity, o->uid, o->uidl,
		    o->blob.sha256, o->blob.size, "the server does not give this mail out",
		    f->import, o->at);
	return sql_inbound_add(c, f->a.id, "mail", folder, validity, o->uid, o->uidl,
	    o->blob.sha256, o->size, o->partial, f->import, o->at);
}

/* What an import has fetched, or finds no more, is off its list. */
static void
cross_out(struct ctx *c, struct fetch *f)
{
	const char *folders[FETCH_BATCH];
	int64_t validities[FETCH_BATCH], uids[FETCH_BATCH];
	size_t n = 0;

	if (!sql_import_hold(c, f->import))
		fail(c, 409, "import_ended", "this import was cancelled");
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].fetched || f->v[i].gone) {
			folders[n] = f->v[i].folder;
			validities[n] = f->v[i].uidvalidity;
			uids[n++] = f->v[i].uid;
		}
	sql_import_items_done(c, f->import, (struct texts){ folders, n },
	    (struct ids){ validities, n }, (struct ids){ uids, n });
}

static void
add_rows(struct ctx *c, void *arg)
{
	struct fetch *f = arg;
	int64_t stored = 0;

	lease_hold(c, &f->lease);
	if (f->import != 0)
		cross_out(c, f);
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].fetched && add_row(c, f, &f->v[i]) != 0)
			stored++;
	f->stored += stored;
}

bool
fetch_commit(struct fetch *f)
{
	struct blob *blobs[FETCH_BATCH];
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].fetched)
			blobs[n++] = &f->v[i].blob;
	if (n == 0 && f->import == 0)
		return true;
	if (n > 0 && !blob_keep_all(blobs, n))
		return wire_fail(&f->error, "storage", "%s", blobs[0]->error);
	if (!unit_run(f->c, add_rows, f))
		return wire_fail(
		    &f->error, f->c->status == 507 ? "storage" : "database", "%s", f->c->detail);
	for (size_t i = 0; i < f->n; i++)
		f->v[i].known = f->v[i].known || f->v[i].fetched;
	return true;
}

struct server
fetch_server(struct ctx *c, struct arena *m, const struct row_account_fetch *a)
{
	struct server s = account_server(c, m, a->host, a->port, a->security, a->login, a->box);

	s.pin = arena_strdup(m, a->pin);
	s.mailbox = (int)a->mailbox;
	return s;
}

static void
begin(struct ctx *c, void *arg)
{
	struct fetch *f = arg;
	struct arena *m = &f->memory;

	if (!sql_account_fetch(c, f->a.id, &f->a) || f->a.host == NULL)
		fail(c, 404, "account_unknown", "this account has no server to fetch from");
	if (!lease_take(c, &f->lease, arena_printf(m, "poll:%lld", (long long)f->a.id)))
		fail(c, 409, "lease_taken", "another process is fetching %s", f->a.name);
	f->a.name = arena_strdup(m, f->a.name);
	f->a.kind = arena_strdup(m, f->a.kind);
	f->a.auth = arena_strdup(m, f->a.auth);
	f->a.after = arena_strdup(m, f->a.after);
	f->a.after_folder = arena_strdup(m, f->a.after_folder);
	f->server = fetch_server(c, m, &f->a);
}

static void
finish(struct ctx *c, void *arg)
{
	struct fetch *f = arg;

	if (f->error.code == NULL)
		sql_account_well(c, f->a.id);
	else
		sql_account_failed(
		    c, f->a.id, f->error.code, account_words(&c->arena, &f->error), f->stored > 0);
	if (f->lease.holder[0] != '\0')
		lease_drop(c, &f->lease);
}

/* Whatever ended it is said in one line and kept with the account. */
static bool
conclude(struct fetch *f)
{
	struct ctx *c = f->c;

	if (f->error.code == NULL && f->stored == 0)
		log_debug(c, "poll.done", "account=%lld", (long long)f->a.id);
	else if (f->error.code == NULL)
		log_info(c, "poll.done", "account=%lld seen=%lld stored=%lld", (long long)f->a.id,
		    (long long)f->seen, (long long)f->stored);
	else
		log_warn(c, "poll.failed", "account=%lld seen=%lld stored=%lld code=%s reason=%s",
		    (long long)f->a.id, (long long)f->seen, (long long)f->stored, f->error.code,
		    account_words(&c->arena, &f->error));
	if (!unit_run(c, finish, f))
		log_warn(c, "poll.unsaid", "account=%lld reason=%s", (long long)f->a.id, c->detail);
	return f->error.code == NULL;
}

/* A token may run out between two logins: one more round with a new one, and no more than that. */
static bool
fetch_signed_in(struct fetch *f)
{
	for (int round = 0; round < 2; round++) {
		f->error = (struct wire_error){ 0 };
		if (!account_sign_in(f->c, &f->memory, f->a.id, f->a.auth, &f->server, &f->error))
			return false;
		if (import_list(f) &&
		    (strcmp(f->a.kind, "pop3") == 0 ? poll_pop3(f) : poll_imap(f)))
			return true;
		account_token_refused(f->c, f->a.id, &f->error);
		if (f->server.token == NULL || f->error.code == NULL ||
		    strcmp(f->error.code, "token") != 0)
			return false;
		log_info(f->c, "poll.token", "account=%lld round=%d", (long long)f->a.id, round);
	}
	return false;
}

bool
fetch_account(struct ctx *c, int64_t account)
{
	static struct fetch f;

	f = (struct fetch){ .c = c, .a.id = account };
	if (!unit_run(c, begin, &f)) {
		bool busy = strcmp(c->code, "lease_taken") == 0;

		log_warn(c, "poll.failed", "account=%lld code=%s reason=%s %s", (long long)account,
		    c->code, c->detail, c->cause);
		if (!busy && c->status != 503) {
			wire_fail(&f.error, c->code, "%s", c->detail);
			unit_run(c, finish, &f);
		}
		return false;
	}
	if (fetch_signed_in(&f))
		f.error = f.sick; /* the wire also notes what it got over */
	account_forget(&f.server);
	return conclude(&f);
}
