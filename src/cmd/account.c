/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket account: mail accounts from the shell. Passwords come on standard input, one per line: that of
 * fetching, then that of sending (without a second line the same). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/channel.h"
#include "channel/settings.h"
#include "cmd/cmd.h"

/* What the words after "docket account add" or "change" say. */
struct words {
	int argc;
	char **argv;
	struct mail_settings s;
	const char *name;
	const char *type, *status, *owner, *role;
	int64_t id;
	bool changes; /* an account that is there */
};

static const char *
read_line(struct ctx *c, const char *prompt)
{
	char line[1024];

	if (isatty(STDIN_FILENO))
		fprintf(stderr, "%s: ", prompt);
	if (fgets(line, sizeof line, stdin) == NULL)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return line[0] == '\0' ? NULL : arena_strdup(&c->arena, line);
}

static void
read_passwords(struct ctx *c, struct mail_settings *s)
{
	s->password = read_line(c, "password for fetching");
	s->smtp_password = read_line(c, "password for sending (empty = the same)");
	if (s->smtp_password == NULL)
		s->smtp_password = s->password;
}

/* HOST or HOST:PORT or [ADDRESS]:PORT; *port = 0 without one. */
static const char *
read_place(struct ctx *c, const char *text, int64_t *port)
{
	const char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
	size_t n = strlen(text);

	*port = 0;
	if (colon != NULL && (bracket == NULL || bracket < colon)) {
		if (!text_int(colon + 1, 1, 65535, port))
			fail(c, 422, "account_port_range", "'%s' is no port", colon + 1);
		n = (size_t)(colon - text);
	}
	if (bracket != NULL && text[0] == '[')
		text++, n = (size_t)(bracket - text);
	return arena_dup(&c->arena, text, n);
}

static void
read_after(struct ctx *c, struct mail_settings *s, const char *after)
{
	bool moves = text_starts(after, "move:") && after[5] != '\0';

	s->after = moves ? "move" : arena_strdup(&c->arena, after);
	s->after_folder = moves ? arena_strdup(&c->arena, after + 5) : NULL;
	if (!moves && strcmp(after, "keep") != 0 && strcmp(after, "delete") != 0)
		fail(c, 422, "account_after_unknown", "--after takes move:FOLDER, delete or keep");
	if (moves && s->kind != NULL && strcmp(s->kind, "pop3") == 0)
		fail(c, 422, "account_after_unknown", "POP3 cannot move: --after delete or keep");
}

static int64_t
read_seconds(struct ctx *c, const char *text)
{
	int64_t n;

	if (text == NULL)
		return ABSENT;
	if (!text_int(text, 20, 86400, &n))
		fail(c, 422, "account_every_range", "--every takes seconds, 20 to 86400");
	return n;
}

static const char *
take(struct words *w, const char *name)
{
	return cmd_option(&w->argc, w->argv, name);
}

static void
read_servers(struct ctx *c, struct words *w)
{
	struct mail_settings *s = &w->s;
	const char *imap = take(w, "--imap"), *pop3 = take(w, "--pop3"), *smtp = take(w, "--smtp");
	bool is_open = cmd_flag(&w->argc, w->argv, "--smtp-open");

	s->security = take(w, "--security");
	s->login = take(w, "--login");
	s->auth = take(w, "--auth");
	s->smtp_security = take(w, "--smtp-security");
	s->smtp_login = take(w, "--smtp-login");
	s->smtp_auth = take(w, "--smtp-auth");
	if (imap != NULL || pop3 != NULL) {
		s->kind = imap != NULL ? "imap" : "pop3";
		s->host = read_place(c, imap != NULL ? imap : pop3, &s->port);
		if (s->port == 0)
			s->port = settings_port(s->kind, s->security == NULL ? "tls" : s->security);
	}
	if (smtp != NULL) {
		s->smtp_host = read_place(c, smtp, &s->smtp_port);
		if (s->smtp_port == 0)
			s->smtp_port = settings_port(
			    "smtp", s->smtp_security == NULL ? "tls" : s->smtp_security);
	}
	if (is_open)
		s->smtp_login = "";
	s->pin = take(w, "--pin");
	s->smtp_pin = take(w, "--smtp-pin");
	s->idle_again = cmd_flag(&w->argc, w->argv, "--idle-again");
}

/* What becomes of the mail that is there: --since says it, too. */
static void
read_existing(struct ctx *c, struct words *w)
{
	struct mail_settings *s = &w->s;

	if (s->existing == NULL && s->since != NULL)
		s->existing = "import";
	if (s->existing != NULL && strcmp(s->existing, "fetch") != 0 &&
	    strcmp(s->existing, "leave") != 0 && strcmp(s->existing, "import") != 0)
		fail(c, 422, "account_existing_unknown", "--existing takes fetch, leave or import");
	if (s->existing != NULL && w->changes)
		fail(c, 400, "usage", "see 'docket account import' for an account that is there");
}

/* The options of "add" and "change" into settings. */
static void
read_options(struct ctx *c, void *arg)
{
	struct words *w = arg;
	struct mail_settings *s = &w->s;
	const char *after;

	s->active = s->owner = s->owner_role = ABSENT;
	s->keeps = true;
	read_servers(c, w);
	after = take(w, "--after");
	if (after != NULL)
		read_after(c, s, after);
	s->address = take(w, "--address");
	s->sender_name = take(w, "--sender");
	s->reply_to = take(w, "--reply-to");
	s->signature = take(w, "--signature");
	s->authserv_id = take(w, "--authserv-id");
	s->reports = take(w, "--reports");
	s->folders = take(w, "--folder");
	s->every = read_seconds(c, take(w, "--every"));
	s->existing = take(w, "--existing");
	s->since = take(w, "--since");
	read_existing(c, w);
	w->type = take(w, "--type");
	w->status = take(w, "--status");
	w->owner = take(w, "--owner");
	w->role = take(w, "--role");
	if (cmd_flag(&w->argc, w->argv, "--on"))
		s->active = 1;
	if (cmd_flag(&w->argc, w->argv, "--off"))
		s->active = 0;
	if (w->argc != 2)
		fail(
		    c, 400, "usage", "'%s' was not expected", w->argc > 2 ? w->argv[2] : "no name");
	w->name = w->argv[1];
}

/* Names of types, statuses, people and roles become ids. */
static void
find_names(struct ctx *c, struct words *w)
{
	struct mail_settings *s = &w->s;

	if (w->type != NULL) {
		s->type = sql_type_named(c, w->type);
		if (s->type == 0)
			fail(c, 404, "type_unknown", "there is no type '%s'", w->type);
		s->status = sql_status_first(c, s->type, false);
	}
	if (w->status != NULL) {
		s->status = sql_status_named(c,
		    s->type != 0 ? s->type
		    : w->id == 0 ? sql_type_first(c)
				 : sql_account_type(c, w->id),
		    w->status);
		if (s->status == 0)
			fail(c, 404, "status_unknown", "the type has no status '%s'", w->status);
	}
	if (w->owner != NULL) {
		s->owner = w->owner[0] == '\0' ? 0 : sql_agent_named(c, w->owner);
		if (w->owner[0] != '\0' && s->owner == 0)
			fail(c, 404, "agent_unknown", "there is no agent '%s'", w->owner);
	}
	if (w->role != NULL) {
		s->owner_role = w->role[0] == '\0' ? 0 : sql_role_named(c, w->role);
		if (w->role[0] != '\0' && s->owner_role == 0)
			fail(c, 404, "role_unknown", "there is no role '%s'", w->role);
	}
}

static void
add(struct ctx *c, void *arg)
{
	struct words *w = arg;

	w->s.name = w->name;
	find_names(c, w);
	w->id = settings_save(c, 0, &w->s);
	printf("account %lld\n", (long long)w->id);
}

static int
run_add(struct ctx *c, int argc, char **argv)
{
	struct words w = { .argc = argc, .argv = argv };
	struct mail_settings *s = &w.s;

	if (!unit_try(c, read_options, &w))
		return cmd_failed(c);
	if (s->address == NULL) {
		fprintf(stderr, "docket: account add needs --address, the shop's own one that "
				"customers write to\n");
		return EX_USAGE;
	}
	/* Who logs in with a password is asked for it. */
	if ((s->host != NULL && (s->auth == NULL || strcmp(s->auth, "oauth") != 0)) ||
	    (s->smtp_host != NULL && (s->smtp_login == NULL || s->smtp_login[0] != '\0') &&
		(s->smtp_auth == NULL ? s->auth == NULL || strcmp(s->auth, "oauth") != 0
				      : strcmp(s->smtp_auth, "oauth") != 0)))
		read_passwords(c, s);
	return unit_run(c, add, &w) ? EX_OK : cmd_failed(c);
}

/* What is done to an account that is there. */
struct named {
	const char *name;
	void (*act)(struct ctx *, struct named *);
	int64_t id;
	struct mail_settings s;
	struct words *words;
};

static void
on_named(struct ctx *c, void *arg)
{
	struct named *n = arg;
	struct row_account_named a;

	if (!sql_account_named(c, n->name, &a))
		fail(c, 404, "account_unknown", "there is no account '%s'", n->name);
	n->id = a.id;
	n->act(c, n);
}

static void
set_password(struct ctx *c, struct named *n)
{
	if (n->s.password == NULL)
		fail(c, 422, "password_missing", "the password must come on standard input");
	settings_save(c, n->id, &n->s);
}

static void
switch_over(struct ctx *c, struct named *n)
{
	settings_save(c, n->id, &n->s);
}

static void
change(struct ctx *c, struct named *n)
{
	n->words->id = n->id;
	find_names(c, n->words);
	settings_save(c, n->id, &n->words->s);
}

static void
show(struct ctx *c, struct named *n)
{
	struct str one = sql_account_settings(c, n->id);

	printf("%.*s\n", (int)one.n, one.s);
}

static void
look(struct ctx *c, struct named *n)
{
	(void)c;
	(void)n;
}

static void
report(struct ctx *c, void *arg)
{
	struct str list = sql_account_report(c);

	(void)arg;
	printf("%.*s\n", (int)list.n, list.s);
}

static int
run_change(struct ctx *c, int argc, char **argv)
{
	struct words w = { .argc = argc, .argv = argv, .changes = true };
	struct named n = { .act = change, .words = &w };
	const char *name = cmd_option(&w.argc, w.argv, "--name");

	if (!unit_try(c, read_options, &w))
		return cmd_failed(c);
	w.s.name = name;
	n.name = w.name;
	return unit_run(c, on_named, &n) ? EX_OK : cmd_failed(c);
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: docket account add NAME ... | change NAME ... | show NAME | password NAME |\n"
	    "       test NAME | import NAME ... | on NAME | off NAME | list; see 'docket account "
	    "--help'\n");
	return EX_USAGE;
}

bool
cmd_speaks_german(const char *lang)
{
	if (lang == NULL)
		lang = getenv("LC_ALL");
	if (lang == NULL || lang[0] == '\0')
		lang = getenv("LANG");
	return lang != NULL && text_starts(lang, "de");
}

int
cmd_account(struct ctx *c, int argc, char **argv)
{
	static const struct {
		const char *verb;
		void (*act)(struct ctx *, struct named *);
		int active;
	} verbs[] = { { "password", set_password, -1 }, { "test", look, -1 }, { "show", show, -1 },
		{ "on", switch_over, 1 }, { "off", switch_over, 0 }, { "remove", switch_over, 0 } };
	const char *lang = cmd_option(&argc, argv, "--lang"), *verb = argc > 1 ? argv[1] : "";
	struct named n = { .name = argc == 3 ? argv[2] : NULL,
		.s = { .active = ABSENT, .owner = ABSENT, .owner_role = ABSENT } };

	if (strcmp(verb, "add") == 0)
		return run_add(c, argc - 1, argv + 1);
	if (strcmp(verb, "change") == 0)
		return run_change(c, argc - 1, argv + 1);
	if (strcmp(verb, "import") == 0)
		return cmd_account_import(c, argc - 1, argv + 1, cmd_speaks_german(lang));
	if (strcmp(verb, "list") == 0 && argc == 2)
		return unit_try(c, report, NULL) ? EX_OK : cmd_failed(c);
	for (size_t i = 0; i < NELEM(verbs); i++)
		if (strcmp(verb, verbs[i].verb) == 0) {
			n.act = verbs[i].act;
			if (verbs[i].active >= 0)
				n.s.active = verbs[i].active;
		}
	if (n.act == NULL || n.name == NULL)
		return usage();
	if (n.act == set_password)
		read_passwords(c, &n.s);
	if (!unit_run(c, on_named, &n))
		return cmd_failed(c);
	if (n.act == look)
		return account_try(c, n.id, cmd_speaks_german(lang)) ? EX_OK : EX_UNAVAILABLE;
	return EX_OK;
}
