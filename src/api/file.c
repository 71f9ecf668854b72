/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and originals: bytes go out by nginx, names and types of people are never believed. */
#include "api/api.h"
#include "mime/mime.h"

/* What its first bytes say; NULL = no picture that is shown. */
static const char *
raster(struct ctx *c, const char *sha256)
{
	struct str head = file_map(&c->arena, blob_path(&c->arena, sha256));

	return head.s == NULL ? NULL : picture_type(head, NULL, NULL);
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
	const char *type;

	if (!sql_file_get(r->c, r->agent->id, in->file, &f))
		fail(r->c, 404, "file_unknown", "there is no file %lld for you",
		    (long long)in->file);
	type = in->show ? raster(r->c, f.sha256) : NULL;
	reply_blob(r, f.sha256, f.name, type != NULL ? type : f.type, type != NULL);
}

/* What a person named a file, without a path and without what a name must not hold. */
static const char *
file_name(struct ctx *c, const char *given)
{
	const char *name = mime_name_safe(&c->arena, given);

	if (name == NULL)
		fail(c, 422, "file_name", "a file needs a name");
	return name;
}

/* The Content-ID of a picture that an answer may show, or NULL. */
static const char *
content_id(struct ctx *c, bool is_inline, bool is_picture)
{
	if (!is_inline)
		return NULL;
	if (!is_picture)
		fail(c, 422, "inline_no_picture",
		    "only PNG, JPEG, GIF and WebP pictures are shown in an answer");
	return arena_printf(&c->arena, "%s@%s", crypt_random(&c->arena, 12), conf.host);
}

/* POST /uploads */
void
api_upload(struct req *r, const struct upload *in)
{
	struct ctx *c = r->c;
	const char *name = file_name(c, in->name);
	const char *type = raster(c, r->stored.sha256);
	const char *cid = content_id(c, in->is_inline, type != NULL);
	struct str head = file_map(&c->arena, blob_path(&c->arena, r->stored.sha256));

	if (type == NULL)
		type = mime_type_safe(head, name);
	reply(r, 201,
	    sql_file_upload(c, r->agent->id, name, type, r->stored.size, r->stored.sha256, cid));
}
