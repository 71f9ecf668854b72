/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket call: one route of the API from the shell, by the same dispatcher as docket serve. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "http/http.h"

/* A body from an argument or from standard input. */
struct source {
	struct str text;
	bool is_stdin;
};

static long
read_source(void *body, char *to, size_t n)
{
	struct source *s = body;
	size_t part = s->text.n < n ? s->text.n : n;

	if (s->is_stdin)
		return (long)read(STDIN_FILENO, to, n);
	if (part > 0)
		memcpy(to, s->text.s, part);
	s->text.s += part;
	s->text.n -= part;
	return (long)part;
}

static int
exit_code(int status)
{
	static const int known[][2] = { { 401, EX_NOPERM }, { 403, EX_NOPERM }, { 404, EX_NOINPUT },
		{ 405, EX_USAGE }, { 429, EX_TEMPFAIL }, { 500, EX_SOFTWARE },
		{ 503, EX_UNAVAILABLE }, { 507, EX_IOERR } };

	for (size_t i = 0; i < NELEM(known); i++)
		if (known[i][0] == status)
			return known[i][1];
	return status / 100 == 2 ? EX_OK : EX_DATAERR;
}

static bool
put_blob(struct ctx *c, const char *sha256)
{
	const char *path = blob_path(&c->arena, sha256);
	struct str bytes = file_map(&c->arena, path);

	if (bytes.s == NULL) {
		fprintf(stderr, "docket: %s: %s\n", path, strerror(errno));
		return false;
	}
	return fwrite(bytes.s, 1, bytes.n, stdout) == bytes.n;
}

struct who {
	const char *login;
	struct agent agent;
};

static void
find_agent(struct ctx *c, void *arg)
{
	struct who *w = arg;

	w->agent = agent_of_login(c, w->login);
	if (w->agent.id == 0)
		fail(c, 404, "agent_unknown", "there is no active agent '%s'", w->login);
}

static void
set_body(struct request *q, struct source *s, const char *body)
{
	q->body = s;
	q->read = read_source;
	if (body == NULL)
		return;
	s->is_stdin = strcmp(body, "-") == 0;
	s->text = (struct str){ body, strlen(body) };
	q->length = s->is_stdin ? -1 : (int64_t)s->text.n;
	if (q->type == NULL)
		q->type = "application/json";
}

static int
print(struct ctx *c, const struct response *a, bool status)
{
	bool ok = true;

	if (status)
		printf("%d\n", a->status);
	if (a->blob != NULL)
		ok = put_blob(c, a->blob);
	else if (a->body.n > 0)
		ok = fwrite(a->body.s, 1, a->body.n, stdout) == a->body.n && putchar('\n') != EOF;
	if (a->status / 100 != 2)
		fprintf(stderr, "docket: %d %s: %s\n", a->status, c->code, c->detail);
	return fflush(stdout) == 0 && ok ? exit_code(a->status) : EX_IOERR;
}

int
cmd_call(struct ctx *c, int argc, char **argv)
{
	struct who w = { .login = cmd_option(&argc, argv, "--agent") };
	const char *type = cmd_option(&argc, argv, "--type"), *query;
	bool status = cmd_flag(&argc, argv, "--status");
	struct request q = { .local = true, .https = true, .as_agent = &w.agent, .type = type };
	struct source s = { { 0 }, false };
	struct response a;

	if (argc < 3 || argc > 4 || argv[2][0] != '/') {
		fputs("usage: docket call [--agent LOGIN] [--status] [--type TYPE] METHOD PATH "
		      "[JSON|-]\n",
		    stderr);
		return EX_USAGE;
	}
	if (w.login != NULL && !unit_try(c, find_agent, &w))
		return cmd_failed(c);
	query = strchr(argv[2], '?');
	q.method = argv[1];
	q.path = arena_dup(&c->arena, argv[2], strcspn(argv[2], "?"));
	q.query = query == NULL ? NULL : query + 1;
	set_body(&q, &s, argv[3]);
	log_level = log_level == LOG_INFO ? LOG_WARN : log_level;
	http_answer(c, &q, &a);
	return print(c, &a, status);
}
