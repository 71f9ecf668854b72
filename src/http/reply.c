/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: JSON, problems, files by nginx, and the headers that go with each. */
#include <stdio.h>
#include <string.h>

#include "http/http.h"

void
reply(struct req *r, int status, struct str json)
{
	r->status = status;
	r->type = "application/json";
	r->body = json;
}

void
reply_none(struct req *r)
{
	r->status = 204;
	r->type = NULL;
	r->body = (struct str){ 0 };
}

void
reply_header(struct req *r, const char *name, const char *value)
{
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			fail(r->c, 500, "header", "a header would hold a control character");
	r->headers.arena = &r->c->arena;
	buf_printf(&r->headers, "%s: %s\r\n", name, value);
}

/* RFC 8187: every byte that is no attr-char is escaped, so a name cannot leave its parameter. */
static const char *
disposition(struct req *r, const char *name, bool is_inline)
{
	struct buf b = { .arena = &r->c->arena };

	buf_printf(&b, "%s; filename*=UTF-8''", is_inline ? "inline" : "attachment");
	for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++)
		if ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
		    (*p >= 'A' && *p <= 'Z') || strchr("-._~", *p) != NULL)
			buf_putc(&b, (char)*p);
		else
			buf_printf(&b, "%%%02X", *p);
	return b.s;
}

/* The only types that reach a browser under their own name; none of them can run anything. */
static const char *const kinds[] = { "image/png", "image/jpeg", "image/gif", "image/webp",
	"application/pdf", "text/plain", "message/rfc822", "application/zip", "text/csv" };
enum { RASTER = 4 };

void
reply_blob(struct req *r, const char *sha256, const char *name, const char *type, bool is_inline)
{
	size_t kind = 0;

	while (kind < NELEM(kinds) && (type == NULL || !text_same(kinds[kind], type)))
		kind++;
	is_inline = is_inline && kind < RASTER;
	r->status = 200;
	r->type = kind < NELEM(kinds) ? kinds[kind] : "application/octet-stream";
	if (kind < NELEM(kinds) && strcmp(kinds[kind], "message/rfc822") == 0)
		r->type = "application/octet-stream"; /* some browsers would show it */
	r->blob = sha256;
	reply_header(r, "X-Accel-Redirect",
	    arena_printf(&r->c->arena, "/blobs/%.2s/%.2s/%s", sha256, sha256 + 2, sha256));
	reply_header(r, "Content-Disposition", disposition(r, name, is_inline));
	reply_header(r, "Content-Security-Policy", "sandbox; default-src 'none'");
}

void
reply_frame(struct req *r, struct str html)
{
	r->status = 200;
	r->type = "text/html; charset=utf-8";
	r->body = html;
	/* security.md 4: pictures need the cookie (allow-same-origin), scripts are never allowed. */
	reply_header(r, "Content-Security-Policy",
	    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
	    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action "
	    "'none'; "
	    "base-uri 'none'; frame-ancestors 'self'");
}

void
reply_problem(struct req *r)
{
	struct ctx *c = r->c;
	struct buf b = { .arena = &c->arena };

	/* What a handler had prepared is gone with its unit; only a 405 has a header of its own. */
	if (r->route != NULL)
		r->headers.n = 0;
	buf_printf(&b, "{\"status\":%d,\"code\":", c->status);
	buf_json(&b, c->code, strlen(c->code));
	buf_puts(&b, ",\"detail\":");
	buf_json(&b, c->detail, strlen(c->detail));
	buf_puts(&b, ",\"request\":");
	buf_json(&b, r->id, strlen(r->id));
	if (c->extra[0].s != NULL) {
		buf_key(&b, c->extra[0].s);
		buf_add(&b, c->extra[1].s, c->extra[1].n);
	}
	buf_putc(&b, '}');
	r->status = c->status;
	r->type = "application/problem+json";
	r->body = buf_str(&b);
	r->blob = NULL;
	if (c->status == 503 || c->status == 429)
		reply_header(r, "Retry-After", c->status == 503 ? "2" : "900");
}

void
reply_refusal(struct req *r, int status, const char *code, const char *detail)
{
	struct ctx *c = r->c;

	c->status = status;
	snprintf(c->code, sizeof c->code, "%s", code);
	snprintf(c->detail, sizeof c->detail, "%s", detail);
	reply_problem(r);
}

static const struct {
	int status;
	const char *words;
} said[] = { { 200, "OK" }, { 201, "Created" }, { 204, "No Content" }, { 400, "Bad Request" },
	{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 409, "Conflict" }, { 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" }, { 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
	{ 503, "Service Unavailable" }, { 507, "Insufficient Storage" } };

static const char *
words(int status)
{
	for (size_t i = 0; i < NELEM(said); i++)
		if (said[i].status == status)
			return said[i].words;
	return "Other";
}

struct str
reply_headers(struct req *r)
{
	struct buf b = { .arena = &r->c->arena };

	buf_printf(&b, "Status: %d %s\r\n", r->status, words(r->status));
	if (r->type != NULL)
		buf_printf(&b, "Content-Type: %s\r\n", r->type);
	if (r->blob == NULL && r->type != NULL)
		buf_printf(&b, "Content-Length: %zu\r\n", r->body.n);
	buf_printf(&b, "X-Request-Id: %s\r\n", r->id);
	buf_puts(&b,
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n");
	if (r->type != NULL && strstr(r->type, "json") != NULL)
		buf_puts(
		    &b, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
	if (r->headers.n > 0)
		buf_add(&b, r->headers.s, r->headers.n);
	return buf_str(&b);
}
