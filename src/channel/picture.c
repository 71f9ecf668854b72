/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures that mails name on the net: each is claimed in one unit, fetched outside of any, kept in another. What
 * comes is a raster picture by its first bytes, or it is not kept. */
#include <string.h>

#include "channel/channel.h"
#include "channel/curl.h"

enum { LIMIT = 5 << 20, SECONDS = 5, HOPS = 3, TRIES = 3, POINTS = 50000000 };

struct fetched {
	bool claimed;
	struct row_picture_claim row;
	struct str body;
	const char *type, *reason, *sha256;
};

static void
claim(struct ctx *c, void *arg)
{
	struct fetched *f = arg;

	f->claimed = sql_picture_claim(c, &f->row);
}

static void
keep(struct ctx *c, void *arg)
{
	struct fetched *f = arg;

	if (f->reason == NULL)
		sql_picture_here(c, f->row.id, f->type, f->sha256, (int64_t)f->body.n);
	else
		sql_picture_gone(c, f->row.id, f->reason);
}

/* Why these bytes are no picture to be shown; NULL = they are one. */
static const char *
judge(struct fetched *f, const struct curl_answer *answer)
{
	int64_t width, height;

	f->body = answer->body;
	f->type = picture_type(f->body, &width, &height);
	if (answer->status != 200)
		return "status";
	if (f->type == NULL)
		return "type";
	if (width == 1 && height == 1)
		return "pixel";
	/* Small in bytes and huge in points: it would fill the browser's memory. */
	return width < 1 || height < 1 || width * height > POINTS ? "type" : NULL;
}

static void
store(struct ctx *c, void *arg)
{
	struct fetched *f = arg;

	f->sha256 = blob_store(c, f->body.s, f->body.n);
}

static void
fetch(struct ctx *c, struct fetched *f)
{
	struct curl_ask ask = { .url = f->row.url,
		.allow = conf.picture_allow,
		.ca = conf.web_ca,
		.plain = true,
		.limit = LIMIT,
		.seconds = SECONDS,
		.hops = HOPS };
	struct curl_answer answer;
	struct wire_error e = { 0 };

	if (f->row.tries > TRIES) /* whoever fetched it died of it */
		f->reason = "crash";
	else if (!curl_fetch(&c->arena, &ask, &answer, &e))
		f->reason = e.code;
	else
		f->reason = judge(f, &answer);
	log_info(c, "picture.fetched", "picture=%lld bytes=%zu %s%s", (long long)f->row.id,
	    f->body.n,
	    f->reason == NULL ? "type=" : "reason=", f->reason == NULL ? f->type : f->reason);
}

int
picture_fetch(struct ctx *c, const volatile int *stop)
{
	int done = 0;

	for (; *stop == 0; arena_reset(&c->arena), done++) {
		struct fetched f = { 0 };

		if (!unit_run(c, claim, &f))
			return -1;
		if (!f.claimed)
			break;
		fetch(c, &f);
		/* A store that is full is no fault of the picture: its lease ends, and it is tried again. */
		if ((f.reason == NULL && !unit_try(c, store, &f)) || !unit_run(c, keep, &f))
			return -1;
	}
	return done;
}

static void
count(struct ctx *c, void *arg)
{
	*(int64_t *)arg = sql_picture_waiting(c);
}

int64_t
picture_count(struct ctx *c)
{
	int64_t n = 0;

	return unit_try(c, count, &n) ? n : -1;
}
