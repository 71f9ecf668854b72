/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail accounts: their servers, their passwords, what their errors mean, and trying them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "channel/fault.h"
#include "channel/fetch.h"

static const char *
open_password(struct ctx *c, struct arena *a, struct str box)
{
	struct str key = file_read(a, conf.secret);
	char *password = NULL;

	if (box.n == 0)
		return "";
	if (key.s == NULL) {
		fail_cause(c, "%s: %s", conf.secret, strerror(errno));
		fail(c, 500, "secret_key",
		    "the key that opens passwords cannot be read; see 'docket key init'");
	}
	((char *)key.s)[strcspn(key.s, "\r\n")] = '\0';
	password = crypt_open(a, key.s, box);
	explicit_bzero((char *)key.s, key.n);
	if (password == NULL)
		fail(c, 500, "secret_key",
		    "the password is sealed for another key; give it again with 'docket account "
		    "password'");
	return password;
}

struct server
account_server(struct ctx *c, struct arena *a, const char *host, int64_t port, const char *security,
    const char *login, struct str box)
{
	struct server s = { .host = arena_strdup(a, host),
		.port = (int)port,
		.user = arena_strdup(a, login),
		.ca = conf.mail_ca };

	s.security = strcmp(security, "starttls") == 0 ? WIRE_STARTTLS
		     : strcmp(security, "plain") == 0  ? WIRE_PLAIN
						       : WIRE_TLS;
	if (login != NULL)
		s.password = open_password(c, a, box);
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

struct trial {
	int64_t account;
	struct row_account_fetch in;
	struct row_account_smtp out;
	struct rows_account_folders folders;
	struct server from, to;
};

static void
load(struct ctx *c, void *arg)
{
	struct trial *t = arg;

	if (!sql_account_fetch(c, t->account, &t->in) || !sql_account_smtp(c, t->account, &t->out))
		fail(c, 404, "account_unknown", "there is no such account");
	t->folders = sql_account_folders(c, t->account);
	if (t->in.host != NULL)
		t->from = account_server(
		    c, &c->arena, t->in.host, t->in.port, t->in.security, t->in.login, t->in.box);
	if (t->out.host != NULL)
		t->to = account_server(c, &c->arena, t->out.host, t->out.port, t->out.security,
		    t->out.login, t->out.box);
}

static bool
say(struct arena *a, const char *what, bool ok, const struct wire_error *e)
{
	printf("%-28s %s\n", what, ok ? "fine" : account_words(a, e));
	return ok;
}

static bool
try_imap(struct ctx *c, const struct trial *t)
{
	struct wire_error e = { 0 };
	struct imap *i = imap_open(&c->arena, &t->from, &e);
	bool ok = say(&c->arena, "IMAP: connection and login", i != NULL, &e);
	int64_t validity;

	for (size_t k = 0; ok && k < t->folders.n; k++)
		ok =
		    say(&c->arena, arena_printf(&c->arena, "IMAP: folder %s", t->folders.v[k].name),
			imap_select(i, t->folders.v[k].name, &validity, &e), &e);
	imap_close(i);
	return ok;
}

static bool
try_pop3(struct ctx *c, const struct trial *t)
{
	struct wire_error e = { 0 };
	struct pop3 *p = pop3_open(&c->arena, &t->from, &e);
	struct pop3_mail *mails;
	size_t n;
	bool ok =
	    say(&c->arena, "POP3: connection and login", p != NULL, &e) &&
	    say(&c->arena, "POP3: list of mails", pop3_list(p, &c->arena, &mails, &n, &e), &e);

	pop3_close(p);
	return ok;
}

static bool
try_smtp(struct ctx *c, const struct trial *t)
{
	struct wire_error e = { 0 };
	struct smtp *s = smtp_open(&c->arena, &t->to, &e);
	bool ok = say(&c->arena, "SMTP: connection and login", s != NULL, &e);

	smtp_close(s);
	return ok;
}

bool
account_try(struct ctx *c, int64_t account)
{
	struct trial t = { .account = account };
	bool ok = true;

	if (!unit_try(c, load, &t)) {
		printf("%s\n", c->detail);
		return false;
	}
	if (t.in.host != NULL)
		ok = strcmp(t.in.kind, "pop3") == 0 ? try_pop3(c, &t) : try_imap(c, &t);
	if (t.out.host != NULL)
		ok = try_smtp(c, &t) && ok;
	account_forget(&t.from);
	account_forget(&t.to);
	return ok;
}
