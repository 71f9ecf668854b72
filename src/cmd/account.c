/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket account: mail accounts from the shell. Passwords come on standard input, one per line: that of
 * fetching, then that of sending (without a second line the same). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/channel.h"
#include "cmd/cmd.h"

struct place {
	const char *host;
	int64_t port;
	const char *security, *login;
};

struct adding {
	const char *name, *address, *sender, *kind, *after, *after_folder, *folder, *type, *status;
	struct place in, out;
	const char *password[2];
	int64_t id;
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
read_passwords(struct ctx *c, const char *to[2])
{
	to[0] = read_line(c, "password for fetching");
	to[1] = read_line(c, "password for sending (empty = the same)");
	if (to[1] == NULL)
		to[1] = to[0];
}

static int64_t
seal(struct ctx *c, const char *password)
{
	const char *key = sql_setting_get(c, "secret_public");
	struct str box;

	if (password == NULL)
		return 0;
	if (key == NULL)
		fail(c, 409, "key_missing", "there is no key yet; run 'docket key init' first");
	box = crypt_seal(&c->arena, key, password);
	if (box.s == NULL)
		fail(c, 500, "key", "the key in the database is none; run 'docket key init'");
	return sql_secret_add(c, "mail", box);
}

/* HOST or HOST:PORT or [ADDRESS]:PORT; without a port the usual one. */
static void
read_place(struct ctx *c, struct place *p, const char *text, const int usual[3])
{
	const char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
	size_t n = strlen(text);

	p->port = strcmp(p->security, "tls") == 0        ? usual[0]
		  : strcmp(p->security, "starttls") == 0 ? usual[1]
							 : usual[2];
	if (colon != NULL && (bracket == NULL || bracket < colon)) {
		if (!text_int(colon + 1, 1, 65535, &p->port))
			fail(c, 422, "account_port_range", "'%s' is no port", colon + 1);
		n = (size_t)(colon - text);
	}
	if (bracket != NULL && text[0] == '[')
		text++, n = (size_t)(bracket - text);
	p->host = arena_dup(&c->arena, text, n);
}

static void
add(struct ctx *c, void *arg)
{
	struct adding *a = arg;
	int64_t type = a->type == NULL ? sql_type_first(c) : sql_type_named(c, a->type);
	int64_t status = type == 0           ? 0
			 : a->status == NULL ? sql_status_first(c, type, false)
					     : sql_status_named(c, type, a->status);

	if (type == 0)
		fail(c, 404, "type_unknown", "there is no type '%s'", a->type);
	if (status == 0)
		fail(c, 404, "status_unknown", "the type has no status '%s'", a->status);
	a->id = sql_account_add(c, a->name, a->address, a->kind, a->in.host,
	    a->in.port == 0 ? ABSENT : a->in.port, a->in.security, a->in.login,
	    a->in.host == NULL ? 0 : seal(c, a->password[0]), a->after, a->after_folder, type,
	    status, a->sender, a->out.host, a->out.port == 0 ? ABSENT : a->out.port,
	    a->out.security, a->out.login, a->out.login == NULL ? 0 : seal(c, a->password[1]));
	if (a->folder != NULL)
		sql_account_folder_add(c, a->id, a->folder);
	printf("account %lld\n", (long long)a->id);
}

static void
read_after(struct ctx *c, struct adding *a, const char *after)
{
	bool moves = text_starts(after, "move:") && after[5] != '\0';

	a->after = moves ? "move" : arena_strdup(&c->arena, after);
	a->after_folder = moves ? arena_strdup(&c->arena, after + 5) : NULL;
	if (!moves && strcmp(after, "keep") != 0 && strcmp(after, "delete") != 0)
		fail(c, 422, "account_after_unknown", "--after takes move:FOLDER, delete or keep");
	if (moves && strcmp(a->kind, "pop3") == 0)
		fail(c, 422, "account_after_unknown", "POP3 cannot move: --after delete or keep");
}

static const char *
option(int *argc, char **argv, const char *name, const char *standard)
{
	const char *v = cmd_option(argc, argv, name);

	return v == NULL ? standard : v;
}

struct words {
	int argc;
	char **argv;
	struct adding *a;
};

/* The options of "add" into the account. */
static void
read_options(struct ctx *c, void *arg)
{
	static const int imap_ports[] = { 993, 143, 143 }, pop3_ports[] = { 995, 110, 110 },
			 smtp_ports[] = { 465, 587, 25 };
	struct words *w = arg;
	struct adding *a = w->a;
	const char *imap = cmd_option(&w->argc, w->argv, "--imap");
	const char *pop3 = cmd_option(&w->argc, w->argv, "--pop3");
	const char *smtp = cmd_option(&w->argc, w->argv, "--smtp");
	const char *after = option(&w->argc, w->argv, "--after", "keep");
	bool is_open = cmd_flag(&w->argc, w->argv, "--smtp-open");

	a->address = option(&w->argc, w->argv, "--address", "");
	a->sender = option(&w->argc, w->argv, "--sender", "");
	a->type = cmd_option(&w->argc, w->argv, "--type");
	a->status = cmd_option(&w->argc, w->argv, "--status");
	a->folder = cmd_option(&w->argc, w->argv, "--folder");
	a->in.security = option(&w->argc, w->argv, "--security", "tls");
	a->in.login = option(&w->argc, w->argv, "--login", a->address);
	a->out.security = option(&w->argc, w->argv, "--smtp-security", "tls");
	a->out.login = option(&w->argc, w->argv, "--smtp-login", a->in.login);
	a->kind = imap != NULL ? "imap" : pop3 != NULL ? "pop3" : "pipe";
	if (imap != NULL || pop3 != NULL)
		read_place(
		    c, &a->in, imap != NULL ? imap : pop3, imap != NULL ? imap_ports : pop3_ports);
	else
		a->in.login = NULL;
	if (smtp != NULL)
		read_place(c, &a->out, smtp, smtp_ports);
	if (smtp == NULL || is_open)
		a->out.login = NULL;
	read_after(c, a, after);
	if (w->argc != 2)
		fail(
		    c, 400, "usage", "'%s' was not expected", w->argc > 2 ? w->argv[2] : "no name");
	a->name = w->argv[1];
	if (a->in.login != NULL || a->out.login != NULL)
		read_passwords(c, a->password);
}

static int
run_add(struct ctx *c, int argc, char **argv)
{
	struct adding a = { 0 };
	struct words w = { argc, argv, &a };

	if (!unit_try(c, read_options, &w) || !unit_run(c, add, &a))
		return cmd_failed(c);
	return EX_OK;
}

/* What is done to an account that is there. */
struct named {
	const char *name;
	void (*act)(struct ctx *, struct named *);
	int64_t id;
	const char *password[2];
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
	if (n->password[0] == NULL)
		fail(c, 422, "password_missing", "the password must come on standard input");
	sql_account_set_secret(c, n->id, seal(c, n->password[0]), seal(c, n->password[1]));
}

static void
switch_off(struct ctx *c, struct named *n)
{
	sql_account_switch_off(c, n->id);
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

int
cmd_account(struct ctx *c, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	struct named n = { .name = argc == 3 ? argv[2] : NULL };

	if (strcmp(verb, "add") == 0)
		return run_add(c, argc - 1, argv + 1);
	if (strcmp(verb, "list") == 0 && argc == 2)
		return unit_try(c, report, NULL) ? EX_OK : cmd_failed(c);
	if (strcmp(verb, "password") == 0)
		n.act = set_password;
	else if (strcmp(verb, "remove") == 0)
		n.act = switch_off;
	else if (strcmp(verb, "test") == 0)
		n.act = look;
	if (n.act == NULL || n.name == NULL) {
		fprintf(stderr, "usage: docket account add NAME ... | password NAME | test NAME | "
				"remove NAME | list\n");
		return EX_USAGE;
	}
	if (n.act == set_password)
		read_passwords(c, n.password);
	if (!unit_run(c, on_named, &n))
		return cmd_failed(c);
	if (n.act == look)
		return account_try(c, n.id) ? EX_OK : EX_UNAVAILABLE;
	return EX_OK;
}
