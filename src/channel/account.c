/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail accounts: their servers, their passwords, what their errors mean, and trying them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "channel/fault.h"
#include "channel/fetch.h"
#include "channel/oauth.h"
#include "channel/settings.h"

/* The private key; overwrite it after use. Fails 500 secret_key. */
static char *
read_key(struct ctx *c, struct arena *a)
{
	struct str key = file_read(a, conf.secret);

	if (key.s == NULL) {
		fail_cause(c, "%s: %s", conf.secret, strerror(errno));
		fail(c, 500, "secret_key",
		    "the key that opens passwords cannot be read; see 'docket key init'");
	}
	((char *)key.s)[strcspn(key.s, "\r\n")] = '\0';
	return (char *)key.s;
}

char *
account_open(struct ctx *c, struct arena *a, struct str box)
{
	char *key = read_key(c, a), *words = crypt_open(a, key, box);

	explicit_bzero(key, strlen(key));
	if (words == NULL)
		fail(c, 500, "secret_key",
		    "the password is sealed for another key; give it again with 'docket account "
		    "password'");
	return words;
}

struct str
account_seal(struct ctx *c, const char *words)
{
	char *key = read_key(c, &c->arena), public_hex[65];
	bool is_key = crypt_public(key, public_hex);

	explicit_bzero(key, strlen(key));
	if (!is_key)
		fail(c, 500, "secret_key", "%s holds no key; see 'docket key init'", conf.secret);
	return crypt_seal(&c->arena, public_hex, words);
}

struct server
account_server(struct ctx *c, struct arena *a, const char *host, int64_t port, const char *security,
    const char *login, struct str box)
{
	struct server s = { .host = arena_strdup(a, host),
		.port = (int)port,
		.user = arena_strdup(a, login),
		.ca = conf.mail_ca,
		.seconds = (int)conf.mail_seconds };

	s.security = strcmp(security, "starttls") == 0 ? WIRE_STARTTLS
		     : strcmp(security, "plain") == 0  ? WIRE_PLAIN
						       : WIRE_TLS;
	if (login != NULL)
		s.password = box.n == 0 ? "" : account_open(c, a, box);
	return s;
}

void
account_forget(struct server *s)
{
	if (s->password != NULL)
		explicit_bzero((char *)s->password, strlen(s->password));
	if (s->token != NULL)
		explicit_bzero((char *)s->token, strlen(s->token));
	s->password = s->token = NULL;
}

const char *
account_words(struct arena *a, const struct wire_error *e)
{
	const struct fault *f = fault_of(e->code);

	if (f == NULL)
		return arena_strdup(a, e->words);
	if (e->words[0] == '\0')
		return arena_printf(a, "%s; %s", f->en, f->en_remedy);
	return arena_printf(a, "%s; %s (%s)", f->en, f->en_remedy, e->words);
}

bool
account_sign_in(struct ctx *c, struct arena *a, int64_t account, const char *auth, struct server *s,
    struct wire_error *e)
{
	if (auth == NULL || strcmp(auth, "oauth") != 0 || s->user == NULL)
		return true;
	s->token = oauth_token(c, a, account, e);
	return s->token != NULL;
}

static void
forget_token(struct ctx *c, void *arg)
{
	sql_oauth_forget(c, *(int64_t *)arg);
}

void
account_token_refused(struct ctx *c, int64_t account, const struct wire_error *e)
{
	if (e->code != NULL && strcmp(e->code, "token") == 0)
		unit_run(c, forget_token, &account);
}

struct question {
	int64_t account, trial;
	const char *since, *folders;
};

static void
make_trial(struct ctx *c, void *arg)
{
	struct question *q = arg;
	struct mail_settings s = {
		.folders = q->folders, .active = ABSENT, .owner = ABSENT, .owner_role = ABSENT
	};

	q->trial =
	    settings_try(c, q->since != NULL ? "count" : "test", q->account, &s, q->since, 0);
	sql_trial_start(c, q->trial);
}

static bool
ask(struct ctx *c, struct question *q, bool german)
{
	if (unit_run(c, make_trial, q))
		return trial_run(c, q->trial, true, german);
	printf("%s\n", c->detail);
	return false;
}

bool
account_try(struct ctx *c, int64_t account, bool german)
{
	struct question q = { .account = account };

	return ask(c, &q, german);
}

bool
account_count(struct ctx *c, int64_t account, const char *since, const char *folders, bool german)
{
	struct question q = { .account = account, .since = since, .folders = folders };

	return ask(c, &q, german);
}
