/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages and comments of agents, what a mail looked like, and files. */
#include "api/api.h"
#include "mime/mime.h"

/* POST /tickets/:ticket/messages */
void
api_message_create(struct req *r, const struct message_create *in)
{
	struct ctx *c = r->c;
	int64_t agent = r->agent->id, message;
	struct row_ticket_lock t = ticket_lock(c, agent, in->ticket);
	struct message_new m = { .ticket = t.id,
		.is_comment = strcmp(in->kind, "comment") == 0,
		.by = { .agent = agent },
		.body = in->body,
		.source = "agent" };
	struct buf b = { .arena = &c->arena };

	if (!m.is_comment)
		ticket_expect(c, &t, in->version, CONFLICT_MESSAGE);
	if (!m.is_comment && t.confidential)
		fail(c, 422, "ticket_confidential",
		    "this ticket is confidential: nothing leaves it; write a comment");
	if (in->status != 0)
		ticket_expect(c, &t, in->version, CONFLICT_STATUS);

	message = message_add(c, &m);
	message_claim(c, message, t.id, agent, in->uploads);
	sql_draft_remove(c, agent, t.id);
	if (in->status != 0)
		ticket_status(c, t.id, in->status, m.by);
	rule_settle(c);

	buf_puts(&b, "{\"message\":");
	api_put(&b, sql_message_get(c, agent, message));
	buf_puts(&b, ",\"ticket\":");
	api_put(&b, sql_ticket_row(c, agent, t.id));
	buf_putc(&b, '}');
	reply(r, 201, buf_str(&b));
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
