/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetching by POP3: what has no row by its UIDL is fetched and committed, then marked for deletion, which
 * the server does at the end. */
#include <string.h>

#include "channel/fetch.h"

struct box {
	struct fetch *f;
	struct pop3 *pop3;
	struct pop3_mail *mails;
	size_t nmails;
	struct arena memory;
	size_t last; /* mails whose header is asked for: they cost the connection and come last */
};

static void
mark_known(struct ctx *c, void *arg)
{
	struct box *b = arg;
	const char *uidls[FETCH_BATCH];
	struct rows_inbound_known_uidl known;

	lease_hold(c, &b->f->lease);
	for (size_t i = 0; i < b->f->n; i++)
		uidls[i] = b->f->v[i].uidl;
	known = sql_inbound_known_uidl(c, b->f->a.id, (struct texts){ uidls, b->f->n });
	for (size_t i = 0; i < b->f->n; i++)
		for (size_t k = 0; k < known.n; k++)
			if (strcmp(known.v[k].uidl, b->f->v[i].uidl) == 0) {
				b->f->v[i].known = true;
				b->f->v[i].partial = known.v[k].partial;
			}
}

static bool
is_last(struct fetch *f, const struct pop3_mail *m)
{
	return m->size > conf.mail_limit || trouble_tries(f, m->uidl) >= WHOLE_TRIES;
}

static bool
fetch_one(struct box *b, struct original *o)
{
	struct fetch *f = b->f;
	struct pop3_mail m = { o->number, o->size, o->uidl };

	if (is_last(f, &m))
		b->last++;
	o->skipped = is_last(f, &m) || trouble_now(f, o->uidl);
	if (o->skipped)
		return true;
	if (!fetch_open(f, o))
		return false;
	if (pop3_fetch(b->pop3, o->number, fetch_put, &o->blob, &f->error))
		return fetch_keep(f, o);
	blob_drop(&o->blob);
	if (o->blob.error != NULL)
		return wire_fail(&f->error, "storage", "%s", o->blob.error);
	return trouble_count(f, o->uidl) && false;
}

static bool
settle(struct fetch *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].known && !trouble_forget(f, f->v[i].uidl))
			return false;
	return true;
}

static bool
do_batch(struct box *b)
{
	struct fetch *f = b->f;
	bool remove = strcmp(f->a.after, "keep") != 0, whole = true;
	struct wire_error lost;

	if (!unit_run(f->c, mark_known, b))
		return wire_fail(&f->error, "database", "%s", f->c->detail);
	crash_begin();
	for (size_t i = 0; whole && i < f->n; i++)
		whole = f->v[i].known || fetch_one(b, &f->v[i]);
	lost = f->error;
	if (!fetch_commit(f))
		return false;
	f->seen += (int64_t)f->n;
	f->error = lost;
	for (size_t i = 0; whole && remove && i < f->n; i++)
		if (f->v[i].known && !f->v[i].partial)
			whole = pop3_delete(b->pop3, f->v[i].number, &f->error);
	whole = whole && settle(f);
	crash_end();
	return whole;
}

static bool
do_box(struct box *b)
{
	struct fetch *f = b->f;
	size_t at = 0;

	if (!pop3_list(b->pop3, &b->memory, &b->mails, &b->nmails, &f->error))
		return false;
	while (at < b->nmails) {
		int64_t bytes = 0;

		arena_reset(&f->c->arena);
		memset(f->v, 0, sizeof f->v);
		for (f->n = 0; at < b->nmails && f->n < FETCH_BATCH && bytes < FETCH_BYTES; at++) {
			const struct pop3_mail *m = &b->mails[at];

			f->v[f->n++] = (struct original){
				.number = m->number, .size = m->size, .uidl = m->uidl
			};
			bytes += m->size;
		}
		if (!do_batch(b))
			return false;
	}
	return true;
}

/* Bytes until the blank line behind the header. */
struct head {
	struct blob *blob;
	unsigned last; /* the last four bytes */
	bool whole;
};

static bool
put_head(void *arg, const void *p, size_t n)
{
	struct head *h = arg;
	const char *s = p;
	size_t i = 0;

	while (i < n && !h->whole) {
		h->last = h->last << 8 | (unsigned char)s[i++];
		h->whole = h->last == 0x0d0a0d0a || (h->last & 0xffff) == 0x0a0a;
	}
	return blob_write(h->blob, p, i) && !h->whole;
}

/* On a connection of its own, which is spent by it. */
static bool
fetch_head(struct box *b, struct original *o)
{
	struct fetch *f = b->f;
	struct head h = { .blob = &o->blob };
	struct wire_error ended = { 0 };
	bool all;

	if (!fetch_open(f, o))
		return false;
	b->pop3 = pop3_open(&b->memory, &f->server, &f->error);
	if (b->pop3 == NULL) {
		blob_drop(&o->blob);
		return false;
	}
	all = pop3_fetch(b->pop3, o->number, put_head, &h, &ended);
	pop3_close(b->pop3);
	if (all || h.whole)
		return fetch_keep(f, o);
	/* Half a header would be all that is ever known of it. */
	blob_drop(&o->blob);
	if (o->blob.error != NULL)
		return wire_fail(&f->error, "storage", "%s", o->blob.error);
	f->error = ended;
	o->skipped = true;
	return trouble_count(f, o->uidl);
}

/* The header of one mail that is too large or breaks the connection, or a note in its place. */
static bool
fetch_last(struct box *b, const struct pop3_mail *m)
{
	struct fetch *f = b->f;
	struct original *o = &f->v[0];

	memset(f->v, 0, sizeof f->v);
	*o = (struct original){
		.number = m->number, .size = m->size, .uidl = m->uidl, .partial = true
	};
	f->n = 1;
	if (!unit_run(f->c, mark_known, b))
		return wire_fail(&f->error, "database", "%s", f->c->detail);
	if (o->known || trouble_now(f, m->uidl))
		return true;
	return (trouble_tries(f, m->uidl) >= HEADER_TRIES ? trouble_write(f, o, m->uidl)
							  : fetch_head(b, o)) &&
	       fetch_commit(f) && settle(f);
}

static bool
fetch_the_last(struct box *b)
{
	for (size_t i = 0; i < b->nmails; i++)
		if (is_last(b->f, &b->mails[i]) && !fetch_last(b, &b->mails[i]))
			return false;
	return true;
}

/* One connection; deletes count at its end only. */
static bool
session(struct box *b)
{
	struct fetch *f = b->f;
	bool done;

	b->last = 0;
	f->error = (struct wire_error){ 0 };
	b->pop3 = pop3_open(&b->memory, &f->server, &f->error);
	done = b->pop3 != NULL && do_box(b);
	if (done)
		return pop3_quit(b->pop3, &f->error) && (b->last == 0 || fetch_the_last(b));
	pop3_close(b->pop3);
	return false;
}

bool
poll_pop3(struct fetch *f)
{
	struct box b = { .f = f };
	size_t broken;
	bool done;

	if (!trouble_load(f))
		return false;
	do {
		broken = f->broken;
		done = session(&b);
		arena_reset(&b.memory);
	} while (!done && f->broken > broken && f->broken < FETCH_BROKEN);
	return done;
}
