/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft -> the bytes of a mail. header_write.c writes the header; GMime the parts, their encodings and their own
 * headers. */
#include "mime/private.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <string.h>

enum {
	REFERENCES_SENT = 20,
	LONGEST_LINE = 998,
};

struct composer {
	struct arena *arena;
	const struct draft_mail *draft;
	struct head_writer head;
	const char *error;
};

bool
mime_address_ok(const char *s)
{
	const char *at = s == NULL ? NULL : strchr(s, '@');
	size_t n = s == NULL ? 0 : strlen(s);

	if (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') != NULL || n > 254)
		return false;
	for (; *s != '\0'; s++)
		if (*s < 0x21 || *s > 0x7e || strchr("<>()[]\\,;:\"", *s) != NULL)
			return false;
	return true;
}

/* The first and the newest: a long thread stays one, and the line does not grow for ever. What another program called
 * an id and is none is left out: it must not keep an answer back. */
static struct texts
references(struct composer *c)
{
	const struct texts *r = &c->draft->references;
	const char **v = arena_alloc(c->arena, (REFERENCES_SENT + 1) * sizeof *v);
	size_t skip = r->n > REFERENCES_SENT ? r->n - REFERENCES_SENT : 0, n = 0;

	for (size_t i = 0; i < r->n; i++)
		if ((i == 0 || i > skip) && mime_id_ok(r->v[i]))
			v[n++] = r->v[i];
	return (struct texts){ v, n };
}

static void
add_text(struct composer *c, const char *name, const char *value)
{
	if (value != NULL)
		mime_head_text(&c->head, name, value);
}

static void
add_person(struct composer *c, const char *name, struct person p)
{
	mime_head_people(&c->head, name, &(struct people){ &p, 1 });
}

static void
add_headers(struct composer *c)
{
	const struct draft_mail *d = c->draft;

	add_text(c, "Date", time_rfc5322(c->arena, d->date));
	add_person(c, "From", d->from);
	mime_head_people(&c->head, "To", &d->to);
	mime_head_people(&c->head, "Cc", &d->cc);
	if (d->reply_to.email != NULL)
		add_person(c, "Reply-To", d->reply_to);
	add_text(c, "Subject", d->subject != NULL ? d->subject : "");
	if (d->message_id == NULL || !mime_id_ok(d->message_id))
		c->head.error = c->head.error != NULL ? c->head.error : "Message-ID is no id";
	else
		mime_head_ids(
		    &c->head, "Message-ID", (struct texts){ (const char *[]){ d->message_id }, 1 });
	if (d->in_reply_to != NULL && mime_id_ok(d->in_reply_to))
		mime_head_ids(&c->head, "In-Reply-To",
		    (struct texts){ (const char *[]){ d->in_reply_to }, 1 });
	mime_head_ids(&c->head, "References", references(c));
	add_text(c, "Auto-Submitted", d->automatic);
	if (d->automatic != NULL)
		add_text(c, "X-Auto-Response-Suppress", "All");
	add_text(c, "X-docket-Id", d->docket_id);
	add_text(c, "MIME-Version", "1.0");
	c->error = c->head.error;
}

/* --- bodies --- */
static bool
is_plain(const char *s)
{
	size_t line = 0;

	for (; *s != '\0'; s++) {
		line = *s == '\n' ? 0 : line + 1;
		if ((unsigned char)*s >= 0x80 || (*s < ' ' && *s != '\n' && *s != '\t') ||
		    line > LONGEST_LINE - 20)
			return false;
	}
	return true;
}

/* Give a part its bytes; GMime encodes them when the mail is written. */
static void
set_content(GMimePart *part, GMimeStream *stream, GMimeContentEncoding encoding)
{
	GMimeDataWrapper *content =
	    g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_object_unref(stream);
	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_mime_part_set_content_encoding(part, encoding);
}

/* Always UTF-8: g_mime_text_part_set_text would choose an older charset where one fits. */
static GMimeObject *
text_part(struct composer *c, const char *subtype, const char *text, bool flowed)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeObject *o = GMIME_OBJECT(part);

	text = text_clean(c->arena, text, strlen(text));
	g_mime_object_set_content_type_parameter(o, "charset", "utf-8");
	if (flowed)
		g_mime_object_set_content_type_parameter(o, "format", "flowed");
	set_content(part, g_mime_stream_mem_new_with_buffer(text, strlen(text)),
	    is_plain(text) ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	return o;
}

static GMimeObject *
join(const char *subtype, GMimeObject *first, GMimeObject *second)
{
	GMimeMultipart *m = g_mime_multipart_new_with_subtype(subtype);

	g_mime_multipart_add(m, first);
	g_object_unref(first);
	if (second != NULL) {
		g_mime_multipart_add(m, second);
		g_object_unref(second);
	}
	return GMIME_OBJECT(m);
}

/* Only a plain type may go out; whatever else was said is a file like any other. */
static GMimePart *
new_part(const char *type)
{
	const char *slash = type == NULL ? NULL : strchr(type, '/');
	char major[64];

	if (slash == NULL || (size_t)(slash - type) >= sizeof(major) ||
	    text_starts(type, "multipart/") || text_starts(type, "message/") ||
	    type[strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789.+-/_")] != '\0')
		return g_mime_part_new_with_type("application", "octet-stream");
	memcpy(major, type, (size_t)(slash - type));
	major[slash - type] = '\0';
	return g_mime_part_new_with_type(major, slash + 1);
}

/* filename= and name=, both in UTF-8 by RFC 2231. */
static void
set_name(GMimePart *part, const char *name)
{
	GMimeObject *o = GMIME_OBJECT(part);
	GMimeParamList *lists[2];

	g_mime_part_set_filename(part, name);
	lists[0] =
	    g_mime_content_disposition_get_parameters(g_mime_object_get_content_disposition(o));
	lists[1] = g_mime_content_type_get_parameters(g_mime_object_get_content_type(o));
	for (int i = 0; i < 2; i++) {
		GMimeParam *p =
		    g_mime_param_list_get_parameter(lists[i], i == 0 ? "filename" : "name");

		if (p != NULL)
			g_mime_param_set_charset(p, "utf-8");
	}
}

static GMimeObject *
file_part(struct composer *c, const struct attachment *f)
{
	GMimePart *part = new_part(f->type);
	GMimeStream *stream = g_mime_stream_fs_open(f->path, O_RDONLY | O_CLOEXEC, 0, NULL);
	const char *name = mime_name_safe(c->arena, f->name);

	if (stream == NULL) {
		c->error =
		    arena_printf(c->arena, "the file %s cannot be read", name != NULL ? name : "");
		g_object_unref(part);
		return NULL;
	}
	set_content(part, stream, GMIME_CONTENT_ENCODING_BASE64);
	g_mime_object_set_disposition(GMIME_OBJECT(part), f->cid != NULL ? "inline" : "attachment");
	if (f->cid != NULL)
		g_mime_object_set_content_id(GMIME_OBJECT(part), f->cid);
	set_name(part, name != NULL ? name : "file");
	return GMIME_OBJECT(part);
}

/* Put body and the files that stand in it, or beside it, into one; the body alone when there are none. */
static GMimeObject *
with_files(struct composer *c, const char *subtype, GMimeObject *body, bool inside)
{
	const struct draft_mail *d = c->draft;
	GMimeObject *file, *all = NULL;

	for (size_t i = 0; i < d->nfiles && c->error == NULL; i++) {
		if ((d->files[i].cid != NULL && d->html != NULL) != inside)
			continue;
		if (all == NULL)
			all = join(subtype, body, NULL);
		file = file_part(c, &d->files[i]);
		if (file == NULL)
			break;
		g_mime_multipart_add(GMIME_MULTIPART(all), file);
		g_object_unref(file);
	}
	return all != NULL ? all : body;
}

static GMimeObject *
make_body(struct composer *c)
{
	const struct draft_mail *d = c->draft;
	const char *plain = d->text != NULL ? d->text : "";
	GMimeObject *body = text_part(c, "plain", mime_flowed_wrap(c->arena, plain), true), *html;

	if (d->html != NULL) {
		html = text_part(c, "html", d->html, false);
		html = with_files(c, "related", html, true);
		if (GMIME_IS_MULTIPART(html)) /* RFC 2387, 3.1 */
			g_mime_object_set_content_type_parameter(html, "type", "text/html");
		body = join("alternative", body, html);
	}
	return with_files(c, "mixed", body, false);
}

static struct str
write_out(struct composer *c, GMimeObject *body)
{
	GMimeFormatOptions *format = g_mime_format_options_new();
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct str out = { NULL, 0 };

	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_stream_write(mem, c->head.b.s, c->head.b.n);
	if (g_mime_object_write_to_stream(body, format, mem) < 0) {
		c->error = "a file cannot be read";
	} else {
		bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
		out = (struct str){ arena_dup(c->arena, bytes->data, bytes->len), bytes->len };
	}
	g_object_unref(mem);
	g_mime_format_options_free(format);
	return out;
}

struct str
mime_compose(struct arena *a, const struct draft_mail *d, const char **error)
{
	struct composer c = { .arena = a, .draft = d, .head.b.arena = a };
	struct str out = { NULL, 0 };
	GMimeObject *body;

	mime_warm();
	add_headers(&c);
	if (c.error == NULL) {
		body = make_body(&c);
		if (c.error == NULL)
			out = write_out(&c, body);
		g_object_unref(body);
	}
	*error = c.error;
	return out;
}
