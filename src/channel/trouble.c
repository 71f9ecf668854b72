/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mails that break the connection: each is tried once in a round, so that what is behind it comes, whole at first,
 * then its header only; in the end it is set aside and keeps nothing waiting any more. */
#include <string.h>

#include "channel/fetch.h"

static void
load(struct ctx *c, void *arg)
{
	struct fetch *f = arg;
	const char *folder = f->folder != NULL ? f->folder : "";
	struct rows_fetch_troubles rows = sql_fetch_troubles(c, f->a.id, folder);

	f->troubles = (struct buf){ .arena = &f->memory };
	for (size_t i = 0; i < rows.n; i++) {
		struct trouble t = { arena_strdup(&f->memory, rows.v[i].mail), rows.v[i].tries,
			false };

		buf_add(&f->troubles, &t, sizeof t);
	}
}

bool
trouble_load(struct fetch *f)
{
	return unit_run(f->c, load, f) || wire_fail(&f->error, "database", "%s", f->c->detail);
}

static struct trouble *
find(struct fetch *f, const char *mail)
{
	struct trouble *v = (void *)f->troubles.s;

	for (size_t i = 0; i < f->troubles.n / sizeof *v; i++)
		if (strcmp(v[i].mail, mail) == 0)
			return &v[i];
	return NULL;
}

int64_t
trouble_tries(struct fetch *f, const char *mail)
{
	const struct trouble *t = find(f, mail);

	return t != NULL ? t->tries : 0;
}

bool
trouble_now(struct fetch *f, const char *mail)
{
	const struct trouble *t = find(f, mail);

	return t != NULL && t->now;
}

struct counting {
	struct fetch *f;
	const char *mail;
	int64_t tries;
};

static void
count(struct ctx *c, void *arg)
{
	struct counting *k = arg;
	struct fetch *f = k->f;

	lease_hold(c, &f->lease);
	k->tries = sql_fetch_trouble_count(c, f->a.id, f->folder != NULL ? f->folder : "", k->mail,
	    account_words(&c->arena, &f->error));
}

bool
trouble_count(struct fetch *f, const char *mail)
{
	struct counting k = { f, mail, 0 };
	struct trouble *t = find(f, mail), new = { arena_strdup(&f->memory, mail), 0, true };
	struct wire_error why = f->error;

	if (!unit_run(f->c, count, &k))
		return wire_fail(&f->error, "database", "%s", f->c->detail);
	if (t == NULL) {
		buf_add(&f->troubles, &new, sizeof new);
		t = find(f, mail);
	}
	t->tries = k.tries;
	t->now = true;
	f->broken++;
	wire_fail(&f->sick, why.code, "a mail could not be fetched, try %lld of %d: %s",
	    (long long)k.tries, HEADER_TRIES, why.words);
	log_warn(f->c, "poll.broken", "account=%lld mail=%s tries=%lld code=%s", (long long)f->a.id,
	    mail, (long long)k.tries, why.code);
	return true;
}

static void
forget(struct ctx *c, void *arg)
{
	struct counting *k = arg;

	sql_fetch_trouble_forget(c, k->f->a.id, k->f->folder != NULL ? k->f->folder : "", k->mail);
}

bool
trouble_forget(struct fetch *f, const char *mail)
{
	struct counting k = { f, mail, 0 };

	if (find(f, mail) == NULL || unit_run(f->c, forget, &k))
		return true;
	return wire_fail(&f->error, "database", "%s", f->c->detail);
}

/* What stands for the mail here, so that somebody can look for it there. */
bool
trouble_write(struct fetch *f, struct original *o, const char *mail)
{
	struct buf note = { .arena = &f->c->arena };

	buf_printf(&note,
	    "Subject: A mail that could not be fetched\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
	    "The server did not give this mail out in %d tries.\r\n"
	    "Account: %s\r\nFolder: %s\r\nIts id there: %s\r\n",
	    HEADER_TRIES, f->a.name, f->folder != NULL ? f->folder : "-", mail);
	if (f->folder != NULL && strcmp(f->a.after, "keep") != 0)
		buf_printf(&note, "It was to be moved to the folder %s.\r\n", TROUBLE_FOLDER);
	if (!fetch_open(f, o))
		return false;
	fetch_put(&o->blob, note.s, note.n);
	o->partial = o->aside = true;
	return fetch_keep(f, o);
}
