/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket call: one route of the API from the shell, by the same dispatcher as docket serve. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "http/http.h"

enum { LINE_ROOM = 4 << 20 };

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

/* The bytes of an answer, from the blob store if they lie there; false = it says on stderr why not. */
static bool
bytes_of(struct ctx *c, const struct response *a, struct str *bytes)
{
	const char *path;

	*bytes = a->body;
	if (a->blob == NULL)
		return true;
	path = blob_path(&c->arena, a->blob);
	*bytes = file_map(&c->arena, path);
	if (bytes->s == NULL)
		fprintf(stderr, "docket: %s: %s\n", path, strerror(errno));
	return bytes->s != NULL;
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
	struct str bytes;
	bool ok = bytes_of(c, a, &bytes);

	if (status)
		printf("%d\n", a->status);
	if (ok && bytes.n > 0)
		ok = fwrite(bytes.s, 1, bytes.n, stdout) == bytes.n &&
		     (a->blob != NULL || putchar('\n') != EOF);
	if (a->status / 100 != 2)
		fprintf(stderr, "docket: %d %s: %s\n", a->status, c->code, c->detail);
	return fflush(stdout) == 0 && ok ? exit_code(a->status) : EX_IOERR;
}

static void
answer(struct ctx *c, struct request *q, const char *method, char *target, struct response *a)
{
	char *query = strchr(target, '?');

	q->method = method;
	q->path = arena_dup(&c->arena, target, strcspn(target, "?"));
	q->query = query == NULL ? NULL : query + 1;
	http_answer(c, q, a);
}

/* The next word of a line, NULL at its end. */
static char *
word(char **line)
{
	char *w = strsep(line, " ");

	return w == NULL || *w == '\0' ? NULL : w;
}

/* One line: LOGIN METHOD PATH [JSON]. Prints status and length, then so many bytes. */
static int
answer_line(struct ctx *c, char *line)
{
	const char *login = word(&line), *method = word(&line);
	char *target = word(&line);
	struct who w = { .login = login };
	struct request q = { .local = true, .https = true, .as_agent = &w.agent };
	struct source s = { { 0 }, false };
	struct response a = { 0 };
	struct str bytes;

	if (target == NULL || *target != '/') {
		fputs("docket: a line is LOGIN METHOD PATH [JSON], LOGIN - for nobody\n", stderr);
		printf("400 0\n\n");
		return EX_USAGE;
	}
	if (strcmp(login, "-") == 0 || unit_try(c, find_agent, &w)) {
		set_body(&q, &s, line);
		s.is_stdin = false;
		answer(c, &q, method, target, &a);
	} else
		a.status = c->status;
	if (a.status / 100 != 2)
		fprintf(stderr, "docket: %d %s: %s\n", a.status, c->code, c->detail);
	if (!bytes_of(c, &a, &bytes))
		return EX_IOERR;
	printf("%d %zu\n", a.status, bytes.n);
	if (bytes.n > 0)
		fwrite(bytes.s, 1, bytes.n, stdout);
	putchar('\n');
	return exit_code(a.status);
}

/* Requests from standard input, one a line, each answered before the next is read; the exit code is that of the first
 * that was refused. */
static int
answer_lines(struct ctx *c)
{
	static char line[LINE_ROOM];
	int first = EX_OK;

	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t n = strlen(line);
		int rc;

		if (n == sizeof line - 1 && line[n - 1] != '\n') {
			fputs("docket: this line is too long\n", stderr);
			return EX_DATAERR;
		}
		line[n - (n > 0 && line[n - 1] == '\n')] = '\0';
		rc = answer_line(c, line);
		first = first == EX_OK ? rc : first;
		if (fflush(stdout) != 0 || ferror(stdout))
			return EX_IOERR;
		arena_reset(&c->arena);
	}
	return ferror(stdin) ? EX_IOERR : first;
}

int
cmd_call(struct ctx *c, int argc, char **argv)
{
	struct who w = { .login = cmd_option(&argc, argv, "--agent") };
	const char *type = cmd_option(&argc, argv, "--type");
	bool status = cmd_flag(&argc, argv, "--status"), many = cmd_flag(&argc, argv, "--lines");
	struct request q = { .local = true, .https = true, .as_agent = &w.agent, .type = type };
	struct source s = { { 0 }, false };
	struct response a;

	log_level = log_level == LOG_INFO ? LOG_WARN : log_level;
	if (many && argc == 1 && w.login == NULL)
		return answer_lines(c);
	if (many || argc < 3 || argc > 4 || argv[2][0] != '/') {
		fputs("usage: docket call [--agent LOGIN] [--status] [--type TYPE] METHOD PATH "
		      "[JSON|-]\n"
		      "       docket call --lines   (lines LOGIN METHOD PATH [JSON])\n",
		    stderr);
		return EX_USAGE;
	}
	if (w.login != NULL && !unit_try(c, find_agent, &w))
		return cmd_failed(c);
	set_body(&q, &s, argv[3]);
	answer(c, &q, argv[1], argv[2], &a);
	return print(c, &a, status);
}
