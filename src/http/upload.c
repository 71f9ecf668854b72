/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A body of application/octet-stream, streamed into the blob store: memory does not grow with it. */
#include <string.h>

#include "http/http.h"

enum { UPLOAD_MAX = 64 << 20 };

static noreturn void
give_up(struct req *r, struct blob *b, int status, const char *code, const char *detail)
{
	if (b->error != NULL)
		fail_cause(r->c, "blobs: %s", b->error);
	blob_drop(b);
	fail(r->c, status, code, "%s", detail);
}

struct stored
upload_read(struct req *r)
{
	struct stored s = { 0 };
	struct blob b;
	char chunk[65536];
	long n;

	if (r->from->type == NULL || !text_same(r->from->type, "application/octet-stream"))
		fail(r->c, 415, "type_unknown", "the body must be application/octet-stream");
	if (r->from->length > UPLOAD_MAX)
		fail(r->c, 413, "too_large", "a file may have 64 MiB at most");
	if (!blob_open(&b))
		give_up(r, &b, 507, "storage", "the file cannot be stored; try again later");
	while ((n = r->from->read(r->from->body, chunk, sizeof chunk)) > 0) {
		if (b.size + n > UPLOAD_MAX)
			give_up(r, &b, 413, "too_large", "a file may have 64 MiB at most");
		if (!blob_write(&b, chunk, (size_t)n))
			break;
	}
	if (n < 0 || (b.error == NULL && r->from->length >= 0 && b.size != r->from->length))
		give_up(r, &b, 400, "body_short", "the body broke off");
	if (!blob_keep(&b))
		give_up(r, &b, 507, "storage", "the file cannot be stored; try again later");
	s.sha256 = arena_strdup(&r->c->arena, b.sha256);
	s.size = b.size;
	return s;
}
