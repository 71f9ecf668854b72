/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail's HTML for its frame, and the pictures it names on the net: the agent's browser never asks anybody but
 * docket. This process has no network: what is wanted is a row, docket send fetches it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/api.h"
#include "mime/mime.h"
#include "ticket/ident.h"

enum { MOST = 200, LONGEST = 8192 /* bytes of an address */ };

/* What a frame needs besides the mail: nothing of it can be reached from the mail's own styles. */
static const char style[] =
    "html{background:#fff;color:#1a1a18;color-scheme:light;-webkit-text-size-adjust:none}"
    "body{margin:0;padding:2px;font:14px/1.5 "
    "Arial,Helvetica,sans-serif;overflow-wrap:break-word;overflow-y:hidden}"
    "img:not([width]):not([height]){max-width:100%;height:auto}"
    "pre{white-space:pre-wrap}"
    "a[href]:focus-visible{outline:2px solid #1d4ed8;outline-offset:2px}"
    "img[data-remote]:not([data-picture=pixel]){box-sizing:border-box;background:#f1f0ec;border:"
    "1px dashed #8a8880;"
    "color:#55534c;font:12px/1.3 "
    "Arial,sans-serif;display:inline-block;overflow:hidden;vertical-align:bottom;min-width:12px;"
    "min-height:12px}"
    "img[data-picture=gone]{border-style:solid!important}"
    "img[data-picture=pixel]{display:none!important}"
    "span[data-host]::after{content:' ['attr(data-host)']';color:#8a1c1c;font:bold 12px/1.3 "
    "Arial,sans-serif}"
    "html:not([data-open]) "
    ":is([data-quote],[data-quote=rest]~*,:has(>[data-quote=rest])~*){display:none!important}";

struct page {
	struct ctx *c;
	int64_t message;
	struct rows_message_inline inside;
	struct rows_message_pictures known;
	int blocked, waiting, gone;
};

static int
compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct row_message_pictures *)row)->key);
}

static const char *
signature(struct ctx *c, int64_t message, int64_t picture)
{
	return ident_sign(c,
	    arena_printf(&c->arena, "picture:%lld:%lld", (long long)message, (long long)picture));
}

/* A picture on the net: shown from here, or why not. */
static const char *
remote_picture(struct page *p, const char *url)
{
	struct row_message_pictures *known;
	char key[SHA256_HEX];

	crypt_sha256(url, strlen(url), key);
	known = bsearch(key, p->known.v, p->known.n, sizeof *p->known.v, compare);
	if (known == NULL) {
		p->blocked++;
		return NULL;
	}
	if (strcmp(known->state, "here") == 0)
		return arena_printf(&p->c->arena, "/api/v1/messages/%lld/pictures/%lld?sig=%s",
		    (long long)p->message, (long long)known->id,
		    signature(p->c, p->message, known->id));
	if (strcmp(known->state, "gone") != 0) {
		p->waiting++;
		return "!waiting";
	}
	if (strcmp(known->reason, "pixel") == 0)
		return "!pixel";
	p->gone++;
	return "!gone";
}

static const char *
picture(void *arg, const char *id)
{
	struct page *p = arg;

	if (strncasecmp(id, "http", 4) == 0 && strstr(id, "://") != NULL)
		return remote_picture(p, id);
	for (size_t i = 0; i < p->inside.n; i++)
		if (strcmp(p->inside.v[i].cid, id) == 0)
			return arena_printf(&p->c->arena, "/api/v1/files/%lld?show=true",
			    (long long)p->inside.v[i].id);
	return NULL;
}

/* Pictures of one point that were left out; in a text the quotes of this would be encoded. */
static int
count_pixels(struct str html)
{
	static const char mark[] = " data-picture=\"pixel\"";
	const char *p = html.s, *end = html.s + html.n;
	int n = 0;

	while (p != NULL && (p = memmem(p, (size_t)(end - p), mark, sizeof mark - 1)) != NULL) {
		p += sizeof mark - 1;
		n++;
	}
	return n;
}

/* GET /messages/:message/html */
void
api_message_html(struct req *r, const struct message_html *in)
{
	struct ctx *c = r->c;
	struct page p = { .c = c, .message = in->message };
	struct buf b = { .arena = &c->arena };
	struct row_message_page page;
	struct str clean;

	if (!sql_message_page(c, r->agent->id, in->message, &page))
		fail(c, 404, "message_unknown", "there is no message %lld for you",
		    (long long)in->message);
	p.inside = sql_message_inline(c, in->message);
	p.known = sql_message_pictures(c, in->message);
	clean =
	    html_clean(&c->arena, (struct str){ page.html, strlen(page.html) }, picture, &p, NULL);
	buf_printf(&b,
	    "<!doctype html><html data-blocked=\"%d\" data-waiting=\"%d\" data-gone=\"%d\" "
	    "data-pixels=\"%d\" data-always=\"%s\"><head><meta charset=\"utf-8\">"
	    "<base target=\"_blank\"><style>%s</style></head><body>",
	    p.blocked, p.waiting, p.gone, count_pixels(clean), page.always ? "true" : "false",
	    style);
	buf_add(&b, clean.s, clean.n);
	buf_puts(&b, "</body></html>");
	reply_frame(r, buf_str(&b));
}

/* --- asking --- */
struct wanted {
	struct ctx *c;
	const char **keys, **urls;
	size_t n;
};

static const char *
want(void *arg, const char *url)
{
	struct wanted *w = arg;
	char key[SHA256_HEX];

	if (strncasecmp(url, "http", 4) != 0 || strstr(url, "://") == NULL ||
	    strlen(url) > LONGEST || w->n == MOST)
		return NULL;
	crypt_sha256(url, strlen(url), key);
	w->keys[w->n] = arena_strdup(&w->c->arena, key);
	w->urls[w->n++] = arena_strdup(&w->c->arena, url);
	return NULL;
}

static void
must_be_visible(struct req *r, int64_t message)
{
	struct row_message_page page;

	if (!sql_message_page(r->c, r->agent->id, message, &page))
		fail(r->c, 404, "message_unknown", "there is no message %lld for you",
		    (long long)message);
}

/* POST /messages/:message/pictures */
void
api_pictures_ask(struct req *r, const struct pictures_ask *in)
{
	struct ctx *c = r->c;
	struct rows_message_pages pages = sql_message_pages(c, r->agent->id, in->message);

	must_be_visible(r, in->message);
	for (size_t i = 0; i < pages.n; i++) {
		struct wanted w = { .c = c };
		const char *html = pages.v[i].html;

		w.keys = arena_alloc(&c->arena, MOST * sizeof *w.keys);
		w.urls = arena_alloc(&c->arena, MOST * sizeof *w.urls);
		html_clean(&c->arena, (struct str){ html, strlen(html) }, want, &w, NULL);
		if (w.n > 0)
			sql_picture_want(c, pages.v[i].id, (struct texts){ w.keys, w.n },
			    (struct texts){ w.urls, w.n });
	}
}

/* PUT /messages/:message/pictures */
void
api_pictures_always(struct req *r, const struct pictures_always *in)
{
	must_be_visible(r, in->message);
	if (in->always)
		sql_picture_sender_add(r->c, r->agent->id, in->message);
	else
		sql_picture_sender_remove(r->c, r->agent->id, in->message);
}

/* GET /messages/:message/pictures/:picture */
void
api_picture_get(struct req *r, const struct picture_get *in)
{
	struct row_picture_get p;

	if (!crypt_equal(in->sig, signature(r->c, in->message, in->picture)) ||
	    !sql_picture_get(r->c, r->agent->id, in->message, in->picture, &p))
		fail(r->c, 404, "picture_unknown", "there is no picture %lld for you",
		    (long long)in->picture);
	reply_blob(r, p.sha256, "picture", p.type, true);
}
