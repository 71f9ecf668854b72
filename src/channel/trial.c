/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trying an account step by step. Each step is a line of the trial's row as soon as it ended: the page shows
 * them one by one, the shell prints them. */
#include <stdio.h>
#include <string.h>

#include "channel/fault.h"
#include "channel/oauth.h"
#include "channel/settings.h"
#include "channel/trial.h"

static void
note(struct ctx *c, void *arg)
{
	struct trial *t = arg;

	sql_trial_note(c, t->id, arena_printf(&c->arena, "%s]", t->steps.s));
}

static const char *
step_name(const char *step, bool german)
{
	static const struct {
		const char *step, *de, *en;
	} names[] = { { "name", "Name", "name" }, { "connect", "Verbindung", "connection" },
		{ "certificate", "Zertifikat", "certificate" }, { "token", "Token", "token" },
		{ "login", "Anmeldung", "login" }, { "folders", "Ordner", "folders" },
		{ "count", "Mails bisher", "mails so far" },
		{ "send", "Testnachricht", "test mail" }, { "trip", "Rundlauf", "round trip" },
		{ "plus", "Plus-Adressen", "plus-addresses" }, { "servers", "Server", "servers" },
		{ "consent", "Anmeldung", "sign-in" } };

	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(names[i].step, step) == 0)
			return german ? names[i].de : names[i].en;
	return step;
}

/* The step for whoever sits at the shell. */
static void
say(const struct trial *t, const char *part, const char *step, const char *state, const char *facts)
{
	const struct fault *f = fault_of(t->error.code);
	const char *where = strcmp(part, "in") == 0    ? t->s.host
			    : strcmp(part, "out") == 0 ? t->s.smtp_host
						       : t->s.address;

	if (!t->says)
		return;
	printf("%-16s %s: ", step_name(step, t->german), where == NULL ? "" : where);
	if (strcmp(state, "well") == 0)
		printf("%s%s%s\n", t->german ? "in Ordnung" : "fine", facts == NULL ? "" : " ",
		    facts == NULL ? "" : facts);
	else if (strcmp(state, "skipped") == 0)
		printf("%s\n", t->german ? "nicht geprüft" : "not tried");
	else if (f == NULL)
		printf("%s\n", t->error.words);
	else
		printf("%s\n%17s%s\n%17s(%s)\n", t->german ? f->de : f->en, "",
		    t->german ? f->de_remedy : f->en_remedy, "", t->error.words);
	fflush(stdout);
}

static void
put(struct trial *t, const char *part, const char *step, const char *state, const char *facts)
{
	struct buf *b = &t->steps;
	bool bad = strcmp(state, "bad") == 0;

	buf_puts(b, b->n == 1 ? "{" : ",{");
	buf_key(b, "part");
	buf_json(b, part, strlen(part));
	buf_key(b, "step");
	buf_json(b, step, strlen(step));
	buf_key(b, "state");
	buf_json(b, state, strlen(state));
	buf_printf(b, ",\"ms\":%lld", (long long)(time_mono() - t->began) / 1000);
	buf_key(b, "code");
	buf_json(b, bad ? t->error.code : NULL, bad ? strlen(t->error.code) : 0);
	buf_key(b, "words");
	buf_json(b, bad ? t->error.words : NULL, bad ? strlen(t->error.words) : 0);
	buf_printf(b, ",\"facts\":%s}", facts == NULL ? "null" : facts);
	say(t, part, step, state, facts);
	unit_run(t->c, note, t);
	t->began = time_mono();
}

void
trial_well(struct trial *t, const char *part, const char *step, const char *facts)
{
	t->error = (struct wire_error){ 0 };
	put(t, part, step, "well", facts);
}

bool
trial_bad(struct trial *t, const char *part, const char *step, const char *facts)
{
	t->bad = true;
	if (t->error.code == NULL)
		wire_fail(&t->error, "gone", "%s", "");
	log_info(t->c, "trial.bad", "trial=%lld part=%s step=%s code=%s", (long long)t->id, part,
	    step, t->error.code);
	put(t, part, step, "bad", facts);
	return false;
}

void
trial_skip(struct trial *t, const char *part, const char *step)
{
	put(t, part, step, "skipped", NULL);
}

static void
load(struct ctx *c, void *arg)
{
	struct trial *t = arg;
	struct row_trial_settings *s = &t->s;
	struct arena *m = &t->memory;

	if (!sql_trial_settings(c, t->id, s))
		fail(c, 404, "trial_unknown", "there is no such trial");
	s->kind = arena_strdup(m, s->kind);
	s->address = arena_strdup(m, s->address);
	s->mail_kind = arena_strdup(m, s->mail_kind);
	s->host = arena_strdup(m, s->host);
	s->auth = arena_strdup(m, s->auth);
	s->smtp_host = arena_strdup(m, s->smtp_host);
	s->smtp_auth = arena_strdup(m, s->smtp_auth);
	s->folders = arena_strdup(m, s->folders);
	s->since = arena_strdup(m, s->since);
	s->consent = arena_strdup(m, s->consent);
	if (s->mail_kind != NULL && strcmp(s->mail_kind, "pipe") == 0)
		s->host = NULL;
	if (s->host != NULL)
		t->from = account_server(c, m, s->host, s->port,
		    s->security == NULL ? "tls" : s->security, s->login, s->box);
	if (s->smtp_host != NULL)
		t->to = account_server(c, m, s->smtp_host, s->smtp_port,
		    s->smtp_security == NULL ? "tls" : s->smtp_security, s->smtp_login,
		    s->smtp_box);
	t->from.pin = arena_strdup(m, s->pin);
	t->to.pin = arena_strdup(m, s->smtp_pin);
	t->from.shown = t->to.shown = &t->shown;
}

/* Everything of an account, and when both ways are well, the way there and back. */
static void
test(struct trial *t)
{
	bool in = t->s.host == NULL || trial_in(t);
	bool out = t->s.smtp_host == NULL || trial_out(t);

	if (t->s.smtp_host == NULL || (t->s.host == NULL && t->s.account == 0))
		return;
	if (in && out)
		trial_trip(t);
	else
		trial_skip(t, "trip", "trip");
}

static void
consent(struct trial *t)
{
	if (t->s.consent != NULL && oauth_exchange(t->c, t->s.consent, &t->error))
		trial_well(t, "in", "consent", NULL);
	else
		trial_bad(t, "in", "consent", NULL);
}

static void
finish(struct ctx *c, void *arg)
{
	const struct trial *t = arg;

	sql_trial_end(c, t->id, t->bad ? "failed" : "well");
	sql_secret_sweep(c);
}

static void
run(struct trial *t)
{
	t->began = time_mono();
	t->steps = (struct buf){ .arena = &t->memory };
	buf_putc(&t->steps, '[');
	if (!unit_try(t->c, load, t)) {
		wire_fail(&t->error, t->c->code, "%s", t->c->detail);
		trial_bad(t, "in", "login", NULL);
	} else if (strcmp(t->s.kind, "consent") == 0)
		consent(t);
	else if (strcmp(t->s.kind, "discover") == 0)
		trial_discover(t);
	else if (strcmp(t->s.kind, "count") == 0)
		trial_count(t);
	else
		test(t);
	account_forget(&t->from);
	account_forget(&t->to);
	if (!unit_run(t->c, finish, t))
		log_warn(
		    t->c, "trial.unsaid", "trial=%lld reason=%s", (long long)t->id, t->c->detail);
	arena_reset(&t->memory);
}

bool
trial_run(struct ctx *c, int64_t trial, bool says, bool german)
{
	struct trial t = { .c = c, .id = trial, .says = says, .german = german };

	run(&t);
	return !t.bad;
}
