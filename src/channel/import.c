/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lay in a mailbox before: which mails an import is to bring over is listed once, in one unit, and with it where
 * live mail begins. import_fetch.c brings them over. */
#include <string.h>

#include "channel/fetch.h"

enum { FACTS = 1000 };

/* A folder as it is listed. */
struct listed {
	const char *name;
	int64_t uidvalidity, last; /* the last UID that is there now */
	bool is_live, is_brought;  /* fetched from now on; what is in it is to be brought over */
	struct ids uids, ats, sizes;
};

struct listing {
	struct fetch *f;
	struct row_import_listing i;
	struct listed *v;
	size_t n;
	struct arena memory;
	struct imap *imap;
};

static struct listed *
folder_of(struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0)
			return &l->v[i];
	l->v[l->n].name = arena_strdup(&l->memory, name);
	return &l->v[l->n++];
}

/* Which folders are to be looked at, and why. */
static void
load(struct ctx *c, void *arg)
{
	struct listing *l = arg;
	struct rows_account_folders live;
	size_t most;

	if (!sql_import_listing(c, l->f->a.id, &l->i))
		return;
	l->i.since = l->i.since == NULL ? NULL : arena_strdup(&l->memory, l->i.since);
	live = sql_account_folders(c, l->f->a.id);
	most = live.n + strlen(l->i.folders) / 2 + 2;
	l->v = arena_alloc(&l->memory, most * sizeof *l->v);
	for (size_t i = 0; i < live.n; i++) {
		struct listed *d = folder_of(l, live.v[i].name);

		d->is_live = true;
		d->is_brought = l->i.folders[0] == '\0';
	}
	for (const char *at = l->i.folders; *at != '\0';) {
		size_t n = strcspn(at, "\n");

		if (n > 0)
			folder_of(l, arena_dup(&l->memory, at, n))->is_brought = true;
		at += n + (at[n] == '\n');
	}
}

/* The number of the last mail, of servers that do not tell the next one. */
static bool
find_last(struct listing *l, struct listed *d, struct wire_error *e)
{
	struct ids all;

	d->last = imap_next(l->imap) - 1;
	if (d->last >= 0)
		return true;
	if (!imap_since(l->imap, &l->memory, "1970-01-01", &all, e))
		return false;
	d->last = all.n > 0 ? all.v[all.n - 1] : 0;
	return true;
}

/* When each of them came, and how large it is. */
static bool
read_facts(struct listing *l, struct listed *d, struct ids uids, struct wire_error *e)
{
	int64_t *v[3];
	size_t n = 0;

	for (size_t i = 0; i < NELEM(v); i++)
		v[i] = arena_alloc(&l->memory, (uids.n + 1) * sizeof *v[i]);
	for (size_t at = 0; at < uids.n; at += FACTS) {
		size_t some = uids.n - at < FACTS ? uids.n - at : FACTS, got;
		struct imap_fact *facts;

		if (!imap_facts(
			l->imap, &l->memory, (struct ids){ uids.v + at, some }, &facts, &got, e))
			return false;
		for (size_t i = 0; i < got; i++, n++) {
			v[0][n] = facts[i].uid;
			v[1][n] = facts[i].at;
			v[2][n] = facts[i].size;
		}
	}
	d->uids = (struct ids){ v[0], n };
	d->ats = (struct ids){ v[1], n };
	d->sizes = (struct ids){ v[2], n };
	return true;
}

/* What came after the folder was selected is live mail already. */
static struct ids
up_to(struct ids uids, int64_t last)
{
	while (uids.n > 0 && uids.v[uids.n - 1] > last)
		uids.n--;
	return uids;
}

static bool
list_folder(struct listing *l, struct listed *d, struct wire_error *e)
{
	struct ids uids;

	if (!imap_select(l->imap, d->name, &d->uidvalidity, e)) {
		if (strcmp(e->code, "refused") == 0)
			e->code = "folder";
		return false;
	}
	if (!find_last(l, d, e))
		return false;
	if (!d->is_brought || l->i.since == NULL)
		return true;
	return imap_since(l->imap, &l->memory, l->i.since, &uids, e) &&
	       read_facts(l, d, up_to(uids, d->last), e);
}

static struct ids
slice(struct ids all, size_t at, size_t n)
{
	return (struct ids){ all.v + at, n };
}

static void
keep_folder(struct ctx *c, struct listing *l, const struct listed *d)
{
	int64_t account = l->f->a.id;

	if (l->i.begins && d->is_live && sql_folder_begin(c, account, d->name, d->uidvalidity) == 0)
		sql_folder_done(c, account, d->name, d->uidvalidity, d->last);
	for (size_t at = 0; at < d->uids.n; at += FACTS) {
		size_t n = d->uids.n - at < FACTS ? d->uids.n - at : FACTS;

		sql_import_items_add(c, l->i.id, account, d->name, d->uidvalidity,
		    slice(d->uids, at, n), slice(d->ats, at, n), slice(d->sizes, at, n));
	}
}

static void
keep(struct ctx *c, void *arg)
{
	struct listing *l = arg;

	lease_hold(c, &l->f->lease);
	if (sql_import_clear(c, l->i.id) == 0)
		return;
	for (size_t i = 0; i < l->n; i++)
		keep_folder(c, l, &l->v[i]);
	sql_import_listed(c, l->i.id);
}

static bool
list(struct listing *l, struct wire_error *e)
{
	bool well = true;

	l->imap = imap_open(&l->memory, &l->f->server, e);
	for (size_t i = 0; l->imap != NULL && well && i < l->n; i++)
		well = list_folder(l, &l->v[i], e);
	well = well && l->imap != NULL;
	imap_close(l->imap);
	if (well && !unit_run(l->f->c, keep, l))
		return wire_fail(e, "database", "%s", l->f->c->detail);
	return well;
}

struct trouble_of {
	int64_t import;
	const struct wire_error *error;
};

static void
note(struct ctx *c, void *arg)
{
	const struct trouble_of *t = arg;

	sql_import_failed(c, t->import, t->error->code, account_words(&c->arena, t->error), false);
}

bool
import_list(struct fetch *f)
{
	struct listing l = { .f = f };
	struct wire_error error = { 0 };
	struct trouble_of t = { 0, &error };
	bool well = true;

	if (strcmp(f->a.kind, "imap") != 0)
		return true;
	if (!unit_try(f->c, load, &l))
		return wire_fail(&f->error, "database", "%s", f->c->detail);
	if (l.i.id != 0)
		well = list(&l, &error);
	if (l.i.id != 0 && well) {
		log_info(f->c, "import.listed", "account=%lld import=%lld", (long long)f->a.id,
		    (long long)l.i.id);
		if (l.i.begins)
			f->a.begins = time_now();
	}
	if (!well) {
		t.import = l.i.id;
		log_warn(f->c, "import.failed", "import=%lld code=%s reason=%s", (long long)l.i.id,
		    error.code, error.words);
		unit_run(f->c, note, &t);
	}
	arena_reset(&l.memory);
	if (!well && l.i.begins)
		f->error = error;
	return well || !l.i.begins;
}

bool
import_floor(struct imap *imap, struct arena *a, int64_t at, int64_t *uid, struct wire_error *e)
{
	char *day = time_rfc3339(a, at);
	struct imap_fact *facts;
	struct ids uids;
	size_t n = 0;

	day[10] = '\0';
	*uid = imap_next(imap) - 1;
	if (!imap_since(imap, a, day, &uids, e))
		return false;
	if (uids.n > FACTS)
		uids.n = FACTS;
	if (uids.n > 0 && !imap_facts(imap, a, uids, &facts, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (facts[i].at >= at) {
			*uid = facts[i].uid - 1;
			return true;
		}
	if (n == FACTS)
		*uid = facts[n - 1].uid;
	else if (*uid < 0)
		*uid = 0;
	return true;
}
