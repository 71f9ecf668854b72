/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FastCGI by libfcgi, which is known to this file alone: from its request to ours, and the answer back. */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/http.h"

enum { PARAMS_MAX = 256, PARAM_BYTES_MAX = 128 << 10 };

struct fcgi {
	FCGX_Request r;
};

struct fcgi *
fcgi_open(int listener)
{
	static struct arena memory; /* as long as the process */
	static bool begun;
	struct fcgi *f = arena_alloc(&memory, sizeof *f);

	if (!begun && FCGX_Init() != 0)
		BUG("libfcgi does not start");
	begun = true;
	FCGX_InitRequest(&f->r, listener, FCGI_FAIL_ACCEPT_ON_INTR);
	return f;
}

int
fcgi_accept(struct fcgi *f)
{
	int rc = FCGX_Accept_r(&f->r);

	if (rc == 0)
		return 1;
	/* Another worker was faster, or the connection broke off while its parameters came. */
	return rc == -EBADF || rc == -EINVAL || rc == -ENOTSOCK ? -1 : 0;
}

static bool
is_within_limits(char **envp)
{
	size_t n = 0, bytes = 0;

	for (; envp[n] != NULL; n++) {
		bytes += strlen(envp[n]) + 1;
		if (n >= PARAMS_MAX || bytes > PARAM_BYTES_MAX)
			return false;
	}
	return true;
}

/* NULL when it was not sent or is empty. */
static const char *
param(const struct fcgi *f, const char *name)
{
	const char *v = FCGX_GetParam(name, f->r.envp);

	return v == NULL || *v == '\0' ? NULL : v;
}

static long
read_body(void *body, char *to, size_t n)
{
	struct fcgi *f = body;
	FCGX_Stream *in = f->r.in;
	int there = (int)(in->stop - in->rdNext), got;

	/* What was read is overwritten: libfcgi's buffer goes back to the heap as it is, and may hold a password. When
	 * nothing is left in it, the first byte of the next record fills it. */
	got = FCGX_GetStr(to, there <= 0 ? 1 : there < (int)n ? there : (int)n, in);
	if (got > 0)
		explicit_bzero(in->rdNext - got, (size_t)got);
	return got == 0 && FCGX_GetError(in) != 0 ? -1 : got;
}

bool
fcgi_request(struct fcgi *f, struct arena *a, struct request *q)
{
	const char *uri = param(f, "REQUEST_URI"), *length = param(f, "CONTENT_LENGTH"), *https;

	*q = (struct request){ .method = param(f, "REQUEST_METHOD"),
		.type = param(f, "CONTENT_TYPE"),
		.cookie = param(f, "HTTP_COOKIE"),
		.authorization = param(f, "HTTP_AUTHORIZATION"),
		.csrf = param(f, "HTTP_X_DOCKET_CSRF"),
		.origin = param(f, "HTTP_ORIGIN"),
		.fetch_site = param(f, "HTTP_SEC_FETCH_SITE"),
		.resume = param(f, "HTTP_LAST_EVENT_ID"),
		.host = param(f, "HTTP_HOST"),
		.address = param(f, "REMOTE_ADDR"),
		.id = param(f, "REQUEST_ID"),
		.length = 0,
		.read = read_body,
		.body = f };
	if (!is_within_limits(f->r.envp) || q->method == NULL || uri == NULL || *uri != '/')
		return false;
	if (length != NULL && !text_int(length, 0, INT64_MAX, &q->length))
		return false;
	https = param(f, "HTTPS");
	q->https = https != NULL && strcmp(https, "on") == 0;
	q->path = arena_dup(a, uri, strcspn(uri, "?"));
	uri += strcspn(uri, "?");
	q->query = *uri == '?' ? arena_strdup(a, uri + 1) : NULL;
	return true;
}

static void
put(struct fcgi *f, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		int part = s.n - at > 1 << 20 ? 1 << 20 : (int)(s.n - at);

		if (FCGX_PutStr(s.s + at, part, f->r.out) != part)
			return; /* the client went away; its answer is of no use */
		at += (size_t)part;
	}
}

void
fcgi_respond(struct fcgi *f, const struct response *a)
{
	put(f, a->headers);
	put(f, STR("\r\n"));
	put(f, a->body);
	FCGX_Finish_r(&f->r);
}

int
fcgi_steal(struct fcgi *f, uint16_t *number)
{
	int fd = f->r.ipcFd;

	*number = (uint16_t)f->r.requestId;
	FCGX_Free(&f->r, 0);
	f->r.ipcFd = -1;
	f->r.isBeginProcessed = 0;
	return fd;
}
