/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail from a pipe: its bytes go into the blob store, then its row is committed; only then does it
 * count as taken. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "channel/channel.h"

struct pipe_mail {
	int64_t account, inbound;
	struct blob blob;
};

static void
add_row(struct ctx *c, void *arg)
{
	struct pipe_mail *p = arg;

	p->inbound = sql_inbound_add(
	    c, p->account, "pipe", NULL, 0, 0, NULL, p->blob.sha256, p->blob.size, false, 0, 0);
}

/* NULL = all of it is in the blob. */
static const char *
read_all(int fd, struct blob *b)
{
	char chunk[64 << 10];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return strerror(errno);
		if (!blob_write(b, chunk, (size_t)n))
			return b->error;
	}
	return NULL;
}

static void
store(struct ctx *c, void *arg)
{
	struct pipe_mail *p = arg;
	const char *wrong;

	if (!blob_open(&p->blob))
		fail(c, 507, "storage", "the mail cannot be stored: %s", p->blob.error);
	wrong = read_all(STDIN_FILENO, &p->blob);
	if (wrong == NULL && p->blob.size > conf.mail_limit) {
		blob_drop(&p->blob);
		fail(c, 413, "mail_too_large", "the mail is larger than %lld bytes (mail_limit)",
		    (long long)conf.mail_limit);
	}
	if (wrong == NULL && p->blob.size == 0) {
		blob_drop(&p->blob);
		fail(c, 400, "mail_empty", "no mail came on standard input");
	}
	if (wrong != NULL || !blob_keep(&p->blob)) {
		blob_drop(&p->blob);
		fail(c, 507, "storage", "the mail cannot be stored: %s",
		    wrong != NULL ? wrong : p->blob.error);
	}
}

int64_t
intake_pipe(struct ctx *c, int64_t account)
{
	struct pipe_mail p = { .account = account };
	bool kept;

	crash_begin();
	kept = unit_try(c, store, &p) && unit_run(c, add_row, &p);
	crash_end();
	return kept ? p.inbound : 0;
}
