/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings of mail accounts as columns: what was given, checked where SQL cannot, passwords sealed. */
#include <string.h>

#include "channel/settings.h"
#include "mime/mime.h"

int
settings_port(const char *protocol, const char *security)
{
	static const struct {
		const char *protocol;
		int tls, starttls, plain;
	} usual[] = { { "imap", 993, 143, 143 }, { "pop3", 995, 110, 110 },
		{ "smtp", 465, 587, 25 } };

	for (size_t i = 0; i < NELEM(usual); i++)
		if (strcmp(usual[i].protocol, protocol) == 0)
			return strcmp(security, "starttls") == 0 ? usual[i].starttls
			       : strcmp(security, "plain") == 0  ? usual[i].plain
								 : usual[i].tls;
	return 0;
}

int64_t
settings_seal(struct ctx *c, const char *kind, const char *words)
{
	const char *key;
	struct str box;

	if (words == NULL || words[0] == '\0')
		return 0;
	key = sql_setting_get(c, "secret_public");
	if (key == NULL)
		fail(c, 409, "key_missing", "there is no key yet; run 'docket key init' first");
	box = crypt_seal(&c->arena, key, words);
	if (box.s == NULL)
		fail(c, 500, "key", "the key in the database is none; run 'docket key init'");
	return sql_secret_add(c, kind, box);
}

static void
put_text(struct buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_key(b, key);
	buf_json(b, value[0] == '\0' ? NULL : value, strlen(value));
}

/* Texts that are empty rather than absent. */
static void
put_words(struct buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_key(b, key);
	buf_json(b, value, strlen(value));
}

static void
put_number(struct buf *b, const char *key, int64_t value)
{
	if (value == 0 || value == ABSENT)
		return;
	buf_key(b, key);
	buf_printf(b, "%lld", (long long)value);
}

/* Nobody is 0. */
static void
put_person(struct buf *b, const char *key, int64_t id)
{
	if (id == ABSENT)
		return;
	buf_key(b, key);
	if (id == 0)
		buf_puts(b, "null");
	else
		buf_printf(b, "%lld", (long long)id);
}

static void
put_secret(struct ctx *c, struct buf *b, const char *key, const char *password)
{
	if (password == NULL)
		return;
	buf_key(b, key);
	if (password[0] == '\0')
		buf_puts(b, "null");
	else
		buf_printf(b, "%lld", (long long)settings_seal(c, "mail", password));
}

/* As it is kept: lower case, without the colons that people copy with it. */
static void
put_pin(struct ctx *c, struct buf *b, const char *key, const char *pin)
{
	char *hex = pin == NULL ? NULL : text_lower(&c->arena, pin);
	size_t n = 0;

	for (const char *s = hex; s != NULL && *s != '\0'; s++)
		if (*s != ':' && *s != ' ')
			hex[n++] = *s;
	if (hex != NULL)
		hex[n] = '\0';
	put_text(b, key, hex);
}

static void
put_server(struct ctx *c, struct buf *b, const struct mail_settings *s)
{
	put_text(b, "kind", s->kind);
	put_text(b, "host", s->host);
	put_number(b, "port", s->port);
	put_text(b, "security", s->security);
	put_text(b, "login", s->login);
	put_text(b, "auth", s->auth);
	put_secret(c, b, "secret_id", s->password);
	put_pin(c, b, "pin", s->pin);
	put_pin(c, b, "smtp_pin", s->smtp_pin);
	put_text(b, "smtp_host", s->smtp_host);
	put_number(b, "smtp_port", s->smtp_port);
	put_text(b, "smtp_security", s->smtp_security);
	put_text(b, "smtp_login", s->smtp_login);
	put_text(b, "smtp_auth", s->smtp_auth);
	put_secret(c, b, "smtp_secret_id", s->smtp_password);
}

/* What is given as a JSON object of columns of account, its passwords sealed into rows of secret. */
static struct buf
draft_of(struct ctx *c, const struct mail_settings *s)
{
	struct buf b = { .arena = &c->arena };

	buf_putc(&b, '{');
	put_text(&b, "name", s->name);
	put_text(&b, "address", s->address);
	put_server(c, &b, s);
	put_text(&b, "after", s->after);
	put_text(&b, "after_folder", s->after_folder);
	put_number(&b, "type_id", s->type);
	put_number(&b, "status_id", s->status);
	put_person(&b, "owner_id", s->owner);
	put_person(&b, "owner_role_id", s->owner_role);
	put_words(&b, "sender_name", s->sender_name);
	put_text(&b, "reply_to", s->reply_to);
	put_words(&b, "signature", s->signature);
	put_text(&b, "authserv_id", s->authserv_id);
	put_text(&b, "reports", s->reports);
	if (s->active != ABSENT) {
		buf_key(&b, "active");
		buf_puts(&b, s->active != 0 ? "true" : "false");
	}
	if (s->every != 0 && s->every != ABSENT) {
		buf_key(&b, "every");
		buf_printf(&b, "\"%lld seconds\"", (long long)s->every);
	}
	return b;
}

static void
check_address(struct ctx *c, const char *what, const char *address)
{
	if (address != NULL && address[0] != '\0' && !mime_address_ok(address))
		fail(c, 422, "address_malformed", "%s is no mail address", what);
}

static void
check(struct ctx *c, const struct mail_settings *s)
{
	check_address(c, "address", s->address);
	check_address(c, "reply_to", s->reply_to);
	if (s->host != NULL && strpbrk(s->host, " \t\r\n/@") != NULL)
		fail(c, 422, "account_host_malformed", "'%s' is no name of a server", s->host);
	if (s->smtp_host != NULL && strpbrk(s->smtp_host, " \t\r\n/@") != NULL)
		fail(c, 422, "account_host_malformed", "'%s' is no name of a server", s->smtp_host);
}

static struct texts
lines(struct ctx *c, const char *text)
{
	enum { MOST = 100 };
	const char **names = arena_alloc(&c->arena, MOST * sizeof *names);
	size_t n = 0;

	for (const char *at = text; *at != '\0' && n < MOST;) {
		size_t length = strcspn(at, "\n");
		char *name = text_line(&c->arena, at, length);

		if (name[0] != '\0')
			names[n++] = name;
		at += length + (at[length] == '\n');
	}
	return (struct texts){ names, n };
}

static void
save_folders(struct ctx *c, int64_t account, const char *folders)
{
	struct texts names = lines(c, folders);

	sql_account_folders_keep(c, account, names);
	for (size_t i = 0; i < names.n; i++)
		sql_account_folder_add(c, account, names.v[i]);
}

/* A day as the database takes it. */
static void
check_day(struct ctx *c, const char *day)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t y, m = 0, d = 0;

	if (strlen(day) != 10 || day[4] != '-' || day[7] != '-' ||
	    !text_int(arena_dup(&c->arena, day, 4), 1970, 9999, &y) ||
	    !text_int(arena_dup(&c->arena, day + 5, 2), 1, 12, &m) ||
	    !text_int(day + 8, 1, days[m > 0 ? m - 1 : 0], &d) ||
	    (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0))))
		fail(c, 422, "day_malformed", "'%s' is no day; write it as 2026-01-31", day);
}

int64_t
settings_import(struct ctx *c, int64_t account, const struct import_settings *s)
{
	int64_t id;

	if (s->since != NULL)
		check_day(c, s->since);
	id = sql_import_create(c, account, s->agent, s->since,
	    lines(c, s->folders == NULL ? "" : s->folders), s->status, s->begins);
	if (id == 0)
		fail(c, 422, "import_needs_imap", "only IMAP tells what came when");
	return id;
}

/* What becomes of the mail that a new account finds. */
static void
begin_with(struct ctx *c, int64_t account, const struct mail_settings *s)
{
	struct import_settings i = {
		.since = s->since, .status = s->import_status, .agent = s->agent, .begins = true
	};

	if (s->existing == NULL || strcmp(s->existing, "fetch") == 0)
		return;
	if (strcmp(s->existing, "leave") == 0)
		i.since = NULL;
	else if (s->since == NULL)
		fail(c, 422, "day_malformed", "since which day is mail to be brought over?");
	settings_import(c, account, &i);
}

/* What a new account has that nobody said. */
static struct mail_settings
usual(struct ctx *c, const struct mail_settings *given)
{
	struct mail_settings s = *given;

	if (s.kind == NULL)
		s.kind = s.host != NULL ? "imap" : "pipe";
	if (s.login == NULL && strcmp(s.kind, "pipe") != 0)
		s.login = s.address;
	if (s.port <= 0)
		s.port = settings_port(s.kind, s.security == NULL ? "tls" : s.security);
	if (s.smtp_port <= 0 && s.smtp_host != NULL)
		s.smtp_port =
		    settings_port("smtp", s.smtp_security == NULL ? "tls" : s.smtp_security);
	if (s.smtp_host != NULL && s.smtp_login == NULL)
		s.smtp_login = s.login;
	if (s.smtp_password == NULL && s.smtp_login != NULL)
		s.smtp_password = s.password;
	if (s.smtp_auth == NULL)
		s.smtp_auth = s.auth;
	if (s.type == 0)
		s.type = sql_type_first(c);
	return s;
}

int64_t
settings_save(struct ctx *c, int64_t account, const struct mail_settings *given)
{
	struct mail_settings s = account == 0 ? usual(c, given) : *given;
	struct buf draft;
	int64_t id;

	check(c, &s);
	if (s.type != 0 && s.status == 0)
		s.status = sql_status_first(c, s.type, false);
	if (s.type != 0 && s.status == 0)
		fail(c, 422, "type_unknown", "there is no type %lld", (long long)s.type);
	if (account != 0 && !sql_account_there(c, account))
		fail(c, 404, "account_unknown", "there is no such account");
	draft = draft_of(c, &s);
	buf_putc(&draft, '}');
	id = account == 0 ? sql_account_create(c, draft.s)
			  : sql_account_change(c, account, draft.s, s.keeps);
	if (s.folders != NULL)
		save_folders(c, id, s.folders);
	if (sql_account_moves_in_circles(c, id))
		fail(c, 422, "account_move_circle",
		    "mail cannot be moved into a folder that is fetched itself");
	if (s.idle_again)
		sql_account_idle_off(c, id, NULL);
	if (account == 0)
		begin_with(c, id, &s);
	sql_secret_sweep(c);
	return id;
}

int64_t
settings_try(struct ctx *c, const char *kind, int64_t account, const struct mail_settings *given,
    const char *since, int64_t agent)
{
	struct mail_settings s = account == 0 ? usual(c, given) : *given;
	struct buf draft;

	check(c, &s);
	if (since != NULL)
		check_day(c, since);
	if (account != 0 && !sql_account_there(c, account))
		fail(c, 404, "account_unknown", "there is no such account");
	if (account == 0 && s.address == NULL)
		fail(c, 422, "address_malformed", "an account that is not saved needs its address");
	draft = draft_of(c, &s);
	put_text(&draft, "folders", s.folders);
	put_text(&draft, "since", since);
	buf_putc(&draft, '}');
	return sql_trial_add(c, kind, account, draft.s, agent);
}
