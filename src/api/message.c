/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages and comments of agents, what a mail looked like, and files. */
#include "api/api.h"
#include "mime/mime.h"

static void
reply_written(struct req *r, int64_t ticket, int64_t message)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id;
	struct buf b = { .arena = &c->arena };

	buf_puts(&b, "{\"message\":");
	api_put(&b, message == 0 ? (struct str){ 0 } : sql_message_get(c, agent, message));
	buf_puts(&b, ",\"scheduled\":");
	api_put(&b, message != 0 ? (struct str){ 0 } : sql_scheduled_get(c, agent, ticket));
	buf_puts(&b, ",\"ticket\":");
	api_put(&b, sql_ticket_row(c, agent, ticket));
	buf_putc(&b, '}');
	reply(r, message == 0 ? 202 : 201, buf_str(&b));
}

/* The answer waits until its time; docket work sends it. */
static bool
schedule(struct ctx *c, const struct answer *a, const struct message_create *in)
{
	const char *at = in->at != NULL && *in->at != '\0' ? in->at : NULL;

	if (a->is_comment || (in->delay == 0 && at == NULL))
		return false;
	if (sql_scheduled_put(c, a->agent, a->ticket, a->body, a->version, a->uploads, a->to, a->cc,
		a->status, a->resends, api_future(c, at, in->delay)) == 0)
		fail(c, 409, "draft_scheduled",
		    "another answer of yours to ticket %lld waits to be sent; take it back first",
		    (long long)a->ticket);
	return true;
}

/* POST /tickets/:ticket/messages */
void
api_message_create(struct req *r, const struct message_create *in)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id, message = 0;
	struct row_ticket_lock t = ticket_lock(c, agent, in->ticket);
	struct answer a = { .ticket = t.id,
		.agent = agent,
		.version = in->version,
		.is_comment = strcmp(in->kind, "comment") == 0,
		.body = in->body,
		.uploads = in->uploads,
		.to = in->to,
		.cc = in->cc,
		.status = in->status,
		.resends = in->resends };

	answer_check(c, &a, &t);
	if (in->status != 0)
		ticket_expect(c, &t, in->version, CONFLICT_STATUS);
	if (!schedule(c, &a, in)) {
		message = answer_give(c, &a);
		sql_draft_remove(c, agent, t.id, in->kind);
	}
	reply_written(r, t.id, message);
}

struct pictures {
	struct ctx *c;
	struct rows_message_inline rows;
};

static const char *
picture(void *arg, const char *cid)
{
	struct pictures *p = arg;

	for (size_t i = 0; i < p->rows.n; i++)
		if (strcmp(p->rows.v[i].cid, cid) == 0)
			return arena_printf(&p->c->arena, "/api/v1/files/%lld?show=true",
			    (long long)p->rows.v[i].id);
	return NULL;
}

/* GET /messages/:message/html */
void
api_message_html(struct req *r, const struct message_html *in)
{
	struct ctx *c = r->c;
	struct pictures p = { c, { 0 } };
	const char *html = sql_message_html(c, r->agent->id, in->message);
	struct buf b = { .arena = &c->arena };
	struct str clean;
	int remote = 0;

	if (html == NULL)
		fail(c, 404, "message_unknown", "there is no message %lld for you",
		    (long long)in->message);
	p.rows = sql_message_inline(c, in->message);
	clean = html_clean(&c->arena, (struct str){ html, strlen(html) }, picture, &p, &remote);
	buf_printf(&b,
	    "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"remote\" "
	    "content=\"%d\">"
	    "<base target=\"_blank\"></head><body>",
	    remote);
	buf_add(&b, clean.s, clean.n);
	buf_puts(&b, "</body></html>");
	reply_frame(r, buf_str(&b));
}

/* GET /messages/:message/raw */
void
api_message_raw(struct req *r, const struct message_raw *in)
{
	struct row_message_raw raw;

	if (!sql_message_raw(r->c, r->agent->id, in->message, &raw))
		fail(r->c, 404, "message_unknown", "there is no original of message %lld for you",
		    (long long)in->message);
	reply_blob(r, raw.sha256, raw.name, "message/rfc822", false);
}

/* GET /files/:file */
void
api_file_get(struct req *r, const struct file_get *in)
{
	struct row_file_get f;

	if (!sql_file_get(r->c, r->agent->id, in->file, &f))
		fail(r->c, 404, "file_unknown", "there is no file %lld for you",
		    (long long)in->file);
	reply_blob(r, f.sha256, f.name, f.type, in->show);
}

/* What a person named a file, without a path and without what a name must not hold. */
static const char *
file_name(struct ctx *c, const char *given)
{
	const char *slash = strrchr(given, '/'), *back = strrchr(given, '\\');
	const char *base =
	    slash == NULL && back == NULL ? given : (slash > back ? slash : back) + 1;
	const char *name = text_line(&c->arena, base, strlen(base));

	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		fail(c, 422, "file_name", "a file needs a name");
	return name;
}

/* POST /uploads */
void
api_upload(struct req *r, const struct upload *in)
{
	const char *type = in->type == NULL ? "application/octet-stream" : in->type;

	reply(r, 201,
	    sql_file_upload(r->c, r->agent->id, file_name(r->c, in->name),
		text_line(&r->c->arena, type, strlen(type)), r->stored.size, r->stored.sha256));
}
