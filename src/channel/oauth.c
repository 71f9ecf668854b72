/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access tokens (RFC 6749, sections 4.1.3, 4.4 and 6). A refresh token may be spent once only: whoever asks
 * holds the account's lock, and what comes back is committed before it is used. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "channel/curl.h"
#include "channel/fetch.h"
#include "channel/oauth.h"
#include "channel/settings.h"

enum {
	FRESH = 600,
	USABLE = 30,
	ANSWER = 30,
	USUAL = 3600,
	LONGEST = 86400,
	WAIT_MS = 500,
	PATIENCE = 120
};

struct asking {
	int64_t account;
	struct arena *arena;
	struct row_oauth_get o;
	char *client_secret, *refresh, *access;
	/* Of a consent. */
	const char *consent, *code, *verifier, *refusal;
	/* What came back. */
	const char *new_access, *new_refresh;
	int64_t seconds;
	const char *reason;
};

static char *
open_box(struct ctx *c, struct asking *q, struct str box)
{
	return box.n == 0 ? NULL : account_open(c, q->arena, box);
}

/* In a unit: the row, its secrets opened. */
static void
load(struct ctx *c, void *arg)
{
	struct asking *q = arg;

	if (!sql_oauth_get(c, q->account, &q->o))
		fail(c, 409, "sign_in", "this account has no OAuth yet");
	q->o.flow = arena_strdup(q->arena, q->o.flow);
	q->o.client_id = arena_strdup(q->arena, q->o.client_id);
	q->o.token_url = arena_strdup(q->arena, q->o.token_url);
	q->o.scope = arena_strdup(q->arena, q->o.scope);
	q->o.state = arena_strdup(q->arena, q->o.state);
	q->o.error = arena_strdup(q->arena, q->o.error);
	q->client_secret = open_box(c, q, q->o.client_secret);
	q->refresh = open_box(c, q, q->o.refresh);
	q->access = open_box(c, q, q->o.access);
}

static void
load_consent(struct ctx *c, void *arg)
{
	struct asking *q = arg;
	struct row_oauth_given g;

	if (!sql_oauth_given(c, q->consent, &g))
		fail(c, 409, "sign_in", "this sign-in was dealt with already");
	q->account = g.account;
	q->refusal = arena_strdup(q->arena, g.error);
	q->verifier = open_box(c, q, g.verifier);
	q->code = open_box(c, q, g.code);
	load(c, q);
}

static void
lock(struct ctx *c, void *arg)
{
	sql_oauth_lock(c, ((struct asking *)arg)->account);
}

static void
unlock(struct ctx *c, void *arg)
{
	sql_oauth_unlock(c, ((struct asking *)arg)->account);
}

static void
keep(struct ctx *c, void *arg)
{
	struct asking *q = arg;
	struct str none = { "", 0 };

	sql_oauth_keep(c, q->account, account_seal(c, q->new_access),
	    q->new_refresh == NULL ? none : account_seal(c, q->new_refresh), q->seconds);
}

static void
give_up(struct ctx *c, void *arg)
{
	struct asking *q = arg;

	sql_oauth_attention(c, q->account, q->reason);
}

static void
put_off(struct ctx *c, void *arg)
{
	struct asking *q = arg;

	sql_oauth_wait(c, q->account, q->reason);
}

/* Only this process knows the new refresh token: a database that is away is waited for. */
static bool
keep_surely(struct ctx *c, struct asking *q)
{
	int64_t until = time_mono() + (int64_t)PATIENCE * 1000000;

	while (!unit_run(c, keep, q)) {
		if (c->status != 503 || time_mono() > until)
			return false;
		db_wait(c, WAIT_MS);
	}
	return true;
}

static const char *
form(struct ctx *c, const struct asking *q)
{
	struct buf b = { .arena = q->arena };

	if (q->code != NULL) {
		curl_field(&b, "grant_type", "authorization_code");
		curl_field(&b, "code", q->code);
		curl_field(&b, "redirect_uri", oauth_redirect(&c->arena));
		curl_field(&b, "code_verifier", q->verifier);
	} else if (strcmp(q->o.flow, "client") == 0) {
		curl_field(&b, "grant_type", "client_credentials");
	} else {
		curl_field(&b, "grant_type", "refresh_token");
		curl_field(&b, "refresh_token", q->refresh);
	}
	curl_field(&b, "client_id", q->o.client_id);
	if (q->client_secret != NULL)
		curl_field(&b, "client_secret", q->client_secret);
	/* RFC 6749, 4.1.3 has no scope; Microsoft wants it, Google takes it. */
	if (q->o.scope[0] != '\0')
		curl_field(&b, "scope", q->o.scope);
	return b.s;
}

/* host:port of the address that the administrator configured: it may lie in the house. */
static const char *
place(struct arena *a, const char *url)
{
	const char *host = url + strlen("https://");
	size_t n = strcspn(host, "/?#");

	if (memchr(host, ':', n) != NULL && host[n - 1] != ']')
		return arena_dup(a, host, n);
	return arena_printf(a, "%.*s:443", (int)n, host);
}

static void
drop_json(void *j)
{
	json_decref(j);
}

static const char *
text_of(struct arena *a, const json_t *j, const char *key)
{
	return arena_strdup(a, json_string_value(json_object_get(j, key)));
}

/* What the endpoint said; true = tokens. */
static bool
read_answer(struct ctx *c, struct asking *q, const struct curl_answer *got, struct wire_error *e)
{
	json_t *j = json_loadb(got->body.s, got->body.n, JSON_REJECT_DUPLICATES, NULL);
	const char *error, *more;
	json_t *seconds;

	if (j != NULL)
		arena_defer(&c->arena, drop_json, j);
	error = j == NULL ? NULL : text_of(q->arena, j, "error");
	more = j == NULL ? NULL : text_of(q->arena, j, "error_description");
	if (error != NULL && got->status >= 400 && got->status < 500 && got->status != 429 &&
	    strcmp(error, "temporarily_unavailable") != 0)
		return wire_fail(e,
		    strcmp(error, "invalid_grant") == 0 ||
			    strcmp(error, "interaction_required") == 0
			? "sign_in"
			: "oauth_client",
		    "%s%s%s", error, more == NULL ? "" : ": ", more == NULL ? "" : more);
	q->new_access =
	    got->status == 200 && j != NULL ? text_of(q->arena, j, "access_token") : NULL;
	if (q->new_access == NULL || q->new_access[0] == '\0')
		return wire_fail(e, "oauth_away", "HTTP status %d%s%s", got->status,
		    error == NULL ? ", no token in it" : ": ", error == NULL ? "" : error);
	q->new_refresh = text_of(q->arena, j, "refresh_token");
	seconds = json_object_get(j, "expires_in");
	q->seconds = json_is_integer(seconds) ? json_integer_value(seconds) : USUAL;
	if (q->seconds < 1 || q->seconds > LONGEST)
		q->seconds = USUAL;
	return true;
}

static bool
ask(struct ctx *c, struct asking *q, struct wire_error *e)
{
	struct curl_answer got = { 0 };
	struct curl_ask what = { .url = q->o.token_url,
		.form = form(c, q),
		.allow = place(q->arena, q->o.token_url),
		.ca = conf.mail_ca,
		.seconds = ANSWER };
	struct wire_error why;

	crash_point("oauth", "ask");
	if (!curl_fetch(q->arena, &what, &got, &why))
		return wire_fail(e, "oauth_away", "%s: %s", why.code, why.words);
	crash_point("oauth", "answered");
	return read_answer(c, q, &got, e);
}

/* Ask and keep what came back, or why nothing did; the lock is held. */
static bool
renew(struct ctx *c, struct asking *q, struct wire_error *e)
{
	bool got = ask(c, q, e);

	if (got && keep_surely(c, q)) {
		log_info(c, "oauth.renewed", "account=%lld seconds=%lld rotated=%s",
		    (long long)q->account, (long long)q->seconds,
		    q->new_refresh != NULL ? "yes" : "no");
		return true;
	}
	if (got)
		return wire_fail(e, "database", "%s", c->detail);
	q->reason = arena_strdup(q->arena, e->words);
	log_warn(c, "oauth.failed", "account=%lld code=%s reason=%s", (long long)q->account,
	    e->code, e->words);
	unit_run(c, strcmp(e->code, "oauth_away") == 0 ? put_off : give_up, q);
	return false;
}

/* Under the lock another process may have been faster. */
static const char *
renew_unless_fresh(struct ctx *c, struct asking *q, struct wire_error *e)
{
	if (!unit_try(c, load, q)) {
		wire_fail(e, c->code, "%s", c->detail);
		return NULL;
	}
	if (q->access != NULL && q->o.left >= FRESH)
		return q->access;
	if (strcmp(q->o.state, "attention") == 0 ||
	    (q->refresh == NULL && strcmp(q->o.flow, "client") != 0)) {
		wire_fail(e, "sign_in", "%s",
		    q->o.error != NULL ? q->o.error : "nobody has signed in yet");
		return NULL;
	}
	if (q->o.wait == 0 && renew(c, q, e))
		return q->new_access;
	if (q->o.wait > 0)
		wire_fail(e, "oauth_away", "%s", q->o.error == NULL ? "" : q->o.error);
	/* The old one is still good for this connection. */
	return strcmp(e->code, "oauth_away") == 0 && q->access != NULL && q->o.left >= USABLE
		   ? q->access
		   : NULL;
}

const char *
oauth_token(struct ctx *c, struct arena *a, int64_t account, struct wire_error *e)
{
	struct asking q = { .account = account, .arena = a };
	const char *token;

	if (!unit_try(c, load, &q)) {
		wire_fail(e, c->code, "%s", c->detail);
		return NULL;
	}
	if (q.access != NULL && q.o.left >= FRESH && strcmp(q.o.state, "well") == 0)
		return q.access;
	if (!unit_try(c, lock, &q)) {
		wire_fail(e, "database", "%s", c->detail);
		return NULL;
	}
	token = renew_unless_fresh(c, &q, e);
	unit_try(c, unlock, &q);
	return token;
}

bool
oauth_exchange(struct ctx *c, const char *consent, struct wire_error *e)
{
	struct asking q = { .consent = consent, .arena = &c->arena };
	bool ok;

	if (!unit_run(c, load_consent, &q))
		return wire_fail(e, c->code, "%s", c->detail);
	if (q.code == NULL)
		return wire_fail(e, "sign_in", "%s", q.refusal == NULL ? "" : q.refusal);
	if (!unit_try(c, lock, &q))
		return wire_fail(e, "database", "%s", c->detail);
	ok = renew(c, &q, e);
	unit_try(c, unlock, &q);
	return ok;
}
