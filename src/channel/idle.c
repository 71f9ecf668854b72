/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket poll --idle: one connection watches a folder and is called when mail comes; fetching is done as ever, on a
 * connection of its own and under the account's lease. */
#include <string.h>

#include "channel/fetch.h"

enum {
	LOOK =
	    300, /* seconds after which one looks anyway; IDLE is said anew then, well before the 29 minutes of RFC 2177 */
	BRAKE_MS = 300, /* between two rounds, whatever the server tells */
	BUSY_MS = 1000, /* another process is fetching the account */
	FIRST_MS = 5000,
	MOST_MS = 900000
};

struct watch {
	struct ctx *c;
	int64_t account;
	struct row_account_watch a;
	struct arena memory;
	struct imap *imap;
	struct wire_error error;
	int failures;
};

static void
load(struct ctx *c, void *arg)
{
	struct watch *w = arg;

	if (!sql_account_watch(c, w->account, &w->a))
		fail(c, 404, "account_unknown", "this account is not fetched by IMAP, or is off");
}

static void
close_watch(struct watch *w)
{
	imap_close(w->imap);
	w->imap = NULL;
	arena_reset(&w->memory);
}

struct opening {
	struct watch *w;
	struct server server;
	const char *auth;
};

static void
load_server(struct ctx *c, void *arg)
{
	struct opening *o = arg;
	struct row_account_fetch a;

	sql_account_fetch(c, o->w->account, &a);
	o->server = fetch_server(c, &o->w->memory, &a);
	o->auth = arena_strdup(&o->w->memory, a.auth);
}

static bool
open_watch(struct watch *w)
{
	struct opening o = { .w = w };
	int64_t validity;

	if (w->imap != NULL)
		return true;
	if (!unit_run(w->c, load_server, &o))
		return wire_fail(&w->error, w->c->code, "%s", w->c->detail);
	if (account_sign_in(w->c, &w->memory, w->account, o.auth, &o.server, &w->error))
		w->imap = imap_open(&w->memory, &o.server, &w->error);
	account_forget(&o.server);
	if (w->imap != NULL && imap_select(w->imap, w->a.folder, &validity, &w->error)) {
		log_info(w->c, "idle.watching", "account=%lld folder=%s", (long long)w->account,
		    w->a.folder);
		return true;
	}
	account_token_refused(w->c, w->account, &w->error);
	close_watch(w);
	return false;
}

static void
switch_off(struct ctx *c, void *arg)
{
	struct watch *w = arg;

	sql_account_idle_off(c, w->account, w->error.words);
}

void
idle_again(struct ctx *c, int64_t account)
{
	sql_account_idle_off(c, account, NULL);
}

static void
go_on(struct ctx *c, void *arg)
{
	struct watch *w = arg;

	sql_account_idling(c, w->account, LOOK);
}

/* Wait until there may be mail; false = not now, or never (*off). */
static bool
be_called(struct watch *w, const volatile int *stop, bool *off)
{
	const char *code;
	bool mail;

	if (!open_watch(w))
		return false;
	if (imap_idle(w->imap, LOOK, stop, &mail, &w->error))
		return true;
	close_watch(w);
	code = w->error.code;
	*off = strcmp(code, "protocol") == 0 || strcmp(code, "refused") == 0;
	if (*off)
		unit_run(w->c, switch_off, w);
	return false;
}

/* Fetch once. The watch is opened before, so that what comes meanwhile is told. */
static bool
round_once(struct watch *w, bool *busy)
{
	bool well;

	w->error = (struct wire_error){ 0 };
	if (!open_watch(w))
		return false;
	w->c->code[0] = '\0';
	well = fetch_account(w->c, w->account);
	*busy = !well && strcmp(w->c->code, "lease_taken") == 0;
	if (well)
		unit_run(w->c, go_on, w);
	return well;
}

static int
pause_ms(const struct watch *w)
{
	return w->failures > 7 ? MOST_MS : FIRST_MS << w->failures;
}

bool
idle_account(struct ctx *c, int64_t account, const volatile int *stop)
{
	struct watch w = { .c = c, .account = account };
	bool off = false;

	while (*stop == 0 && !off) {
		int64_t began = time_mono();
		bool busy = false;

		arena_reset(&c->arena);
		if (!unit_try(c, load, &w)) {
			if (c->status != 503)
				break;
		} else if (w.a.off) {
			log_warn(c, "idle.off", "account=%lld reason=%s", (long long)account,
			    w.a.reason);
			break;
		} else if (round_once(&w, &busy) && be_called(&w, stop, &off)) {
			w.failures = 0;
			if (time_mono() - began < BRAKE_MS * 1000LL)
				db_wait(c, BRAKE_MS);
			continue;
		}
		if (off || *stop != 0)
			continue;
		if (w.error.code != NULL)
			log_warn(c, "idle.waits", "account=%lld seconds=%d code=%s reason=%s",
			    (long long)account, pause_ms(&w) / 1000, w.error.code, w.error.words);
		db_wait(c, busy ? BUSY_MS : pause_ms(&w));
		w.failures += !busy;
	}
	if (off)
		log_warn(c, "idle.off", "account=%lld code=%s reason=%s", (long long)account,
		    w.error.code, w.error.words);
	close_watch(&w);
	return *stop != 0;
}
