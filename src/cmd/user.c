/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket user, docket token: agents and their API tokens from the shell. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "cmd/cmd.h"

struct user {
	const char *login, *name, *email, *profile, *password;
	int64_t id, days;
	bool json;
	struct str out;
};

/* The first line of standard input; NULL = too short or too long, said why. */
static char *
read_password(struct ctx *c)
{
	char line[PASSWORD_MAX + 2];

	if (isatty(STDIN_FILENO))
		fputs("password: ", stderr);
	if (fgets(line, sizeof line, stdin) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (text_length(line) < PASSWORD_MIN || strlen(line) > PASSWORD_MAX ||
	    !text_valid(line, strlen(line))) {
		fprintf(stderr,
		    "docket: a password of %d characters to %d bytes must come on standard input\n",
		    PASSWORD_MIN, PASSWORD_MAX);
		return NULL;
	}
	return crypt_password(&c->arena, line);
}

static void
add(struct ctx *c, void *arg)
{
	struct user *u = arg;

	u->id = sql_agent_add(c, u->login, u->name, u->email, u->password);
	if (sql_agent_give_profile(c, u->id, u->profile) == 0)
		fail(c, 404, "profile_unknown", "there is no profile '%s'", u->profile);
}

static void
need(struct ctx *c, const struct user *u, int64_t id)
{
	if (id == 0)
		fail(c, 404, "agent_unknown", "there is no agent '%s'", u->login);
}

static void
disable(struct ctx *c, void *arg)
{
	struct user *u = arg;

	need(c, u, sql_agent_disable(c, u->login));
}

static void
passwd(struct ctx *c, void *arg)
{
	struct user *u = arg;

	need(c, u, sql_agent_password(c, u->login, u->password));
}

static void
list(struct ctx *c, void *arg)
{
	struct user *u = arg;

	u->out = sql_agent_users(c, true);
}

static void
token_list(struct ctx *c, void *arg)
{
	struct user *u = arg;

	u->out = sql_token_list(c, u->login);
}

static void
token_add(struct ctx *c, void *arg)
{
	struct user *u = arg;
	char *secret = arena_printf(&c->arena, "dk_%s", crypt_random(&c->arena, 32));

	need(c, u, sql_token_add(c, u->login, agent_secret_hash(c, secret), u->name, u->days));
	u->out = (struct str){ secret, strlen(secret) };
}

static void
token_remove(struct ctx *c, void *arg)
{
	struct user *u = arg;

	if (sql_token_remove(c, u->id) == 0)
		fail(c, 404, "token_unknown", "there is no token %lld", (long long)u->id);
}

static int
run(struct ctx *c, void (*what)(struct ctx *, void *), struct user *u)
{
	if (!unit_run(c, what, u))
		return cmd_failed(c);
	if (u->out.n > 0)
		printf("%s\n", u->out.s);
	return EX_OK;
}

int
cmd_user(struct ctx *c, int argc, char **argv)
{
	static const struct command me = { .name = "user",
		.usage = "add LOGIN --name NAME [--email ADDRESS] [--admin | --profile PROFILE] | "
			 "passwd LOGIN | disable LOGIN | list" };
	struct user u = { .name = cmd_option(&argc, argv, "--name"),
		.email = cmd_option(&argc, argv, "--email"),
		.profile = cmd_option(&argc, argv, "--profile") };
	const char *verb = argc > 1 ? argv[1] : "";

	if (cmd_flag(&argc, argv, "--admin"))
		u.profile = "Administrator";
	if (u.profile == NULL)
		u.profile = "Support";
	if (argc == 2 && strcmp(verb, "list") == 0)
		return run(c, list, &u);
	if (argc != 3)
		return cmd_usage(&me);
	u.login = text_lower(&c->arena, argv[2]);
	if (strcmp(verb, "disable") == 0)
		return run(c, disable, &u);
	if (strcmp(verb, "passwd") != 0 && (strcmp(verb, "add") != 0 || u.name == NULL))
		return cmd_usage(&me);
	u.password = read_password(c);
	if (u.password == NULL)
		return EX_DATAERR;
	return run(c, *verb == 'a' ? add : passwd, &u);
}

int
cmd_token(struct ctx *c, int argc, char **argv)
{
	static const struct command me = { .name = "token",
		.usage = "add LOGIN NAME [--days N] | list [LOGIN] | remove ID" };
	const char *days = cmd_option(&argc, argv, "--days"), *verb = argc > 1 ? argv[1] : "";
	struct user u = { .days = ABSENT };

	if (days != NULL && !text_int(days, 1, 36500, &u.days))
		return cmd_usage(&me);
	if (argc > 2)
		u.login = text_lower(&c->arena, argv[2]);
	if (argc == 4 && strcmp(verb, "add") == 0) {
		u.name = argv[3];
		return run(c, token_add, &u);
	}
	if (argc <= 3 && strcmp(verb, "list") == 0)
		return run(c, token_list, &u);
	if (argc == 3 && strcmp(verb, "remove") == 0 && text_int(argv[2], 1, INT64_MAX, &u.id))
		return run(c, token_remove, &u);
	return cmd_usage(&me);
}
