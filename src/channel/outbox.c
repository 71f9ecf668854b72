/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: each mail is claimed in one unit, handed to the server outside of any, and its fate is
 * committed in another. A mail whose fate nobody knows goes out once more with the same Message-ID. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "channel/fetch.h"

enum {
	ROUND = 50,
	WAIT_MS = 500,
	PATIENCE = 600,
	SLOWEST = 16384 /* bytes a second */,
	UNKNOWN = 3 /* times a mail is handed over without anybody learning its fate */
};

struct delivery {
	const struct row_outbox_due *due;
	const struct lease *lease;
	struct row_outbox_claim row;
	bool claimed;
	struct texts to;
	int *codes;
	struct smtp_result result;
	const char *words; /* what is kept of the answer */
	int64_t seconds;
	bool handed; /* the final dot may have been written */
};

/* The connection of one account, for all of its mails in a round. */
struct line {
	struct ctx *c;
	struct arena memory;
	int64_t account;
	struct server server;
	const char *auth;
	struct smtp *smtp;
	struct wire_error error;
	bool dead; /* it cannot be opened: the rest of the round waits */
	const volatile int *stop;
};

/* One mail on one line, for the question before the final dot. */
struct handing {
	struct ctx *c;
	struct delivery *d;
};

static void
claim(struct ctx *c, void *arg)
{
	struct delivery *d = arg;

	lease_hold(c, d->lease);
	d->claimed = sql_outbox_claim(c, d->due->id, d->seconds, &d->row);
}

/* A server that wants another login refuses everybody: that can be mended. */
static bool
is_refused(int code)
{
	return code >= 500 && code / 10 != 53;
}

static bool
is_taken(int code)
{
	return code / 100 == 2;
}

/* Those who have had their answer, for good or bad, as JSON. */
static const char *
results(struct ctx *c, const struct delivery *d)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	for (size_t i = 0; i < d->to.n; i++) {
		if (!is_taken(d->codes[i]) && !is_refused(d->codes[i]))
			continue;
		if (b.n > 1)
			buf_putc(&b, ',');
		buf_json(&b, d->to.v[i], strlen(d->to.v[i]));
		buf_printf(&b, ":{\"code\":%d,\"words\":", d->codes[i]);
		buf_json(&b, d->words, strlen(d->words));
		buf_putc(&b, '}');
	}
	buf_putc(&b, '}');
	return b.s;
}

static size_t
count(const struct delivery *d, bool (*is)(int))
{
	size_t n = 0;

	for (size_t i = 0; i < d->to.n; i++)
		n += is(d->codes[i]);
	return n;
}

static const char *
give_up(struct ctx *c, const struct delivery *d, const struct row_outbox_patience *p)
{
	if (d->result.sent_unknown)
		return arena_printf(&c->arena,
		    "the connection ended twice after the mail had been handed over; it may have "
		    "arrived (%s)",
		    d->words);
	if (p->refused != NULL)
		return arena_printf(&c->arena, "%s\n%s", d->words, p->refused);
	return d->words;
}

/* The fate of a delivery; runs in a unit. */
static void
settle(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	size_t taken = count(d, is_taken), refused = count(d, is_refused);
	bool waits = taken + refused < d->to.n, unknown = d->result.sent_unknown;
	struct row_outbox_patience p = { 0 };
	const char *json = results(c, d);

	sql_outbox_patience(c, d->due->id, &p);
	if (waits && !p.tired && !(unknown && p.unknown > 1))
		sql_outbox_deferred(
		    c, d->due->id, d->result.code, d->words, json, d->handed && !unknown);
	else if (waits || refused > 0 || p.refused != NULL)
		sql_outbox_failed(c, d->due->id, d->result.code, give_up(c, d, &p), json);
	else
		sql_outbox_sent(c, d->due->id, d->result.code, d->words, json);
	/* No rule waits for these, and this role could not run one. */
	c->unsettled = false;
}

static void
log_fate(struct ctx *c, const struct delivery *d)
{
	log_info(c, "mail.delivery", "outbox=%lld recipients=%zu taken=%zu refused=%zu code=%d%s",
	    (long long)d->due->id, d->to.n, count(d, is_taken), count(d, is_refused),
	    d->result.code, d->result.sent_unknown ? " fate=unknown" : "");
}

static const char *
words_of(struct ctx *c, const struct delivery *d)
{
	size_t i = 0;

	while (i < d->to.n && is_taken(d->codes[i]))
		i++;
	if (i == d->to.n || d->to.n == 1 || d->result.code == 0)
		return d->result.words;
	return arena_printf(&c->arena, "%s: %s", d->to.v[i], d->result.words);
}

static void
load_server(struct ctx *c, void *arg)
{
	struct line *l = arg;
	struct row_account_smtp a;

	if (!sql_account_smtp(c, l->account, &a) || a.host == NULL)
		fail(c, 404, "account_no_smtp", "this account has no server for sending");
	l->auth = arena_strdup(&l->memory, a.auth);
	l->server = account_server(c, &l->memory, a.host, a.port, a.security, a.login, a.box);
	l->server.pin = arena_strdup(&l->memory, a.pin);
}

/* Is there a connection, an old or a new one? */
static bool
connect_line(struct line *l)
{
	if (l->smtp != NULL || l->dead)
		return l->smtp != NULL;
	if (!unit_try(l->c, load_server, l))
		wire_fail(&l->error, l->c->code, "%s", l->c->detail);
	else if (account_sign_in(l->c, &l->memory, l->account, l->auth, &l->server, &l->error))
		l->smtp = smtp_open(&l->memory, &l->server, &l->error);
	account_token_refused(l->c, l->account, &l->error);
	account_forget(&l->server);
	l->dead = l->smtp == NULL;
	if (l->dead)
		log_warn(l->c, "send.failed", "account=%lld code=%s reason=%s",
		    (long long)l->account, l->error.code, account_words(&l->c->arena, &l->error));
	return !l->dead;
}

static void
close_line(struct line *l)
{
	smtp_close(l->smtp);
	arena_reset(&l->memory);
	*l = (struct line){ .c = l->c, .stop = l->stop };
}

static void
note_handed(struct ctx *c, void *arg)
{
	struct delivery *d = arg;

	lease_hold(c, d->lease);
	sql_outbox_handed(c, d->due->id);
}

/* That it is handed over is a row first: who dies before its fate is kept leaves word of it. */
static bool
is_ready(void *arg)
{
	struct handing *h = arg;

	h->d->handed = unit_run(h->c, note_handed, h->d);
	return h->d->handed;
}

/* The last moment before SMTP: in test mode only a few addresses are written to. */
static void
send_allowed(struct line *l, struct delivery *d, struct str mail)
{
	struct ctx *c = l->c;
	struct texts to;
	int *codes = arena_alloc(&c->arena, (d->to.n + 1) * sizeof *codes);
	struct handing h = { c, d };
	struct smtp_mail m = { d->row.sender, { 0 }, mail, d->row.envid, is_ready, &h };

	if (!mode_filter(c, d->to, d->codes, &to)) {
		d->words = c->detail;
		return;
	}
	if (to.n > 0) {
		m.to = to;
		smtp_send(l->smtp, &m, &d->result, codes);
		for (size_t i = 0, k = 0; i < d->to.n; i++)
			if (d->codes[i] != MODE_BLOCKED)
				d->codes[i] = codes[k++];
		d->words = words_of(c, d);
	}
	if (to.n < d->to.n && (to.n == 0 || is_taken(d->result.code))) {
		d->result.code = MODE_BLOCKED;
		d->words = "Testbetrieb: nicht versendet / test mode: not sent";
	}
}

/* Hand the mail to the server. */
static void
hand_over(struct line *l, struct delivery *d)
{
	struct ctx *c = l->c;
	struct str mail = file_map(&c->arena, blob_path(&c->arena, d->due->sha256));

	if (mail.s == NULL) {
		d->words = "the mail's bytes cannot be read from the blob store";
	} else if (!connect_line(l)) {
		d->words = account_words(&c->arena, &l->error);
	} else {
		send_allowed(l, d, mail);
		if (d->result.code == 0) { /* it is spent */
			smtp_close(l->smtp);
			l->smtp = NULL;
		}
	}
}

static void
fail_plainly(struct ctx *c, void *arg)
{
	struct delivery *d = arg;

	sql_outbox_failed(c, d->due->id, d->result.code,
	    "what the server said cannot be kept; it may have arrived", "{}");
	c->unsettled = false;
}

/* The database refuses what the server said: the mail must not go out again and again for that. */
static bool
give_up_fate(struct ctx *c, struct delivery *d)
{
	log_error(c, "send.unkept", "outbox=%lld code=%s cause=%s", (long long)d->due->id, c->code,
	    c->cause);
	return unit_run(c, fail_plainly, d);
}

/* Keep the fate of a mail: only this process knows it, so it waits for a database that is away or full. */
static bool
keep_fate(struct line *l, struct delivery *d)
{
	struct ctx *c = l->c;

	while (!unit_run(c, settle, d)) {
		if (*l->stop != 0)
			return false;
		if (c->status != 503 && c->status != 507)
			return give_up_fate(c, d);
		db_wait(c, WAIT_MS);
	}
	log_fate(c, d);
	return true;
}

/* false = the database is away or the lease lost: the round ends. */
static bool
deliver(struct line *l, const struct row_outbox_due *due, const struct lease *lease)
{
	struct ctx *c = l->c;
	struct delivery d = { .due = due, .lease = lease };
	struct stat st = { 0 };
	bool done;

	stat(blob_path(&c->arena, due->sha256), &st);
	d.seconds = PATIENCE + st.st_size / SLOWEST;
	crash_begin();
	done = unit_run(c, claim, &d);
	if (done && d.claimed) {
		d.to = text_lines(&c->arena, d.row.recipients);
		d.codes = arena_alloc(&c->arena, (d.to.n + 1) * sizeof *d.codes);
		hand_over(l, &d);
		done = keep_fate(l, &d);
	}
	crash_end();
	if (!done)
		log_warn(c, "send.waits", "outbox=%lld reason=%s %s", (long long)due->id, c->detail,
		    c->cause);
	return done;
}

struct round {
	int64_t account;
	struct lease *lease;
	struct rows_outbox_due due;
	bool mine;
};

static void
list(struct ctx *c, void *arg)
{
	struct round *r = arg;

	r->mine =
	    lease_take(c, r->lease, arena_printf(&c->arena, "send.%lld", (long long)r->account));
	if (!r->mine)
		return;
	if (r->lease->inherited)
		sql_outbox_orphans(c, r->account);
	sql_outbox_hopeless(c, r->account, UNKNOWN,
	    "it was handed over three times and nobody learnt what became of it; it may have "
	    "arrived");
	c->unsettled = false;
	r->due = sql_outbox_due(c, r->account, ROUND);
}

static void
release(struct ctx *c, void *arg)
{
	lease_drop(c, arg);
}

int
outbox_send(struct ctx *c, int64_t account, const volatile int *stop)
{
	struct lease lease = { 0 };
	struct round r = { .account = account, .lease = &lease };
	struct line l = { .c = c, .stop = stop, .account = account };
	bool well = true;
	int done = 0;

	do {
		arena_reset(&c->arena);
		if (!unit_run(c, list, &r))
			return -1;
		if (!r.mine)
			return done;
		for (size_t i = 0; i < r.due.n && well && *stop == 0; i++, done++)
			well = deliver(&l, &r.due.v[i], &lease);
	} while (r.due.n > 0 && well && *stop == 0);
	close_line(&l);
	unit_run(c, release, &lease);
	return well ? done : -1;
}

struct waiting {
	bool orphans;
	struct rows_outbox_accounts rows;
};

static void
ask(struct ctx *c, void *arg)
{
	struct waiting *w = arg;

	w->rows = sql_outbox_accounts(c, w->orphans);
}

bool
outbox_waiting(struct ctx *c, struct arena *a, bool orphans, struct ids *accounts)
{
	struct waiting w = { .orphans = orphans };
	int64_t *v;

	if (!unit_run(c, ask, &w))
		return false;
	v = arena_alloc(a, (w.rows.n + 1) * sizeof *v);
	for (size_t i = 0; i < w.rows.n; i++)
		v[i] = w.rows.v[i].account;
	*accounts = (struct ids){ v, w.rows.n };
	return true;
}
