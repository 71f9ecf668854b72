/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft -> the bytes of a mail, by GMime. Every header passes through check(), which refuses control
 * characters: no value can end its line. */
#include "mime/private.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <string.h>

enum { REFERENCES_SENT = 20, LONGEST_LINE = 998, LONGEST_WORD = 400 };

struct composer {
	struct arena *arena;
	const struct draft_mail *draft;
	GMimeMessage *message;
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

/* No control character, and UTF-8; else the mail is refused. */
static bool
check(struct composer *c, const char *what, const char *value)
{
	size_t n = strlen(value), used;

	if (c->error != NULL)
		return false;
	for (size_t i = 0; i < n; i += used) {
		uint32_t cp = text_next(value + i, n - i, &used);

		if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 ||
		    (cp == 0xfffd && used == 1)) {
			c->error = arena_printf(c->arena, "%s has a control character in it", what);
			return false;
		}
	}
	return true;
}

static void
header(struct composer *c, const char *name, const char *value)
{
	if (value != NULL && check(c, name, value))
		g_mime_object_set_header(GMIME_OBJECT(c->message), name, value, "UTF-8");
}

static void
add_person(struct composer *c, GMimeAddressType type, const char *what, const struct person *p)
{
	InternetAddress *box;

	if (!mime_address_ok(p->email)) {
		if (c->error == NULL)
			c->error = arena_printf(c->arena, "%s has no valid address", what);
		return;
	}
	if (p->name != NULL && !check(c, what, p->name))
		return;
	box = internet_address_mailbox_new(p->name != NULL ? p->name : "", p->email);
	internet_address_set_charset(box, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(c->message, type), box);
	g_object_unref(box);
}

static void
add_people(struct composer *c, GMimeAddressType type, const char *what, const struct people *list)
{
	for (size_t i = 0; i < list->n; i++)
		add_person(c, type, what, &list->v[i]);
}

static bool
id_ok(const char *id)
{
	return *id != '\0' && strlen(id) < 900 && strpbrk(id, "<> \t") == NULL;
}

/* The first and the newest: a long thread stays one, and the line does not grow for ever. */
static void
add_references(struct composer *c)
{
	const struct texts *r = &c->draft->references;
	struct buf b = { .arena = c->arena };
	size_t skip = r->n > REFERENCES_SENT ? r->n - REFERENCES_SENT : 0;

	for (size_t i = 0; i < r->n; i++)
		if ((i == 0 || i > skip) && id_ok(r->v[i]))
			buf_printf(&b, "%s<%s>", b.n > 0 ? " " : "", r->v[i]);
	header(c, "References", b.s);
}

/* A word without blanks cannot be folded, so it must not be longer than a line may be. */
static const char *
subject(struct composer *c)
{
	const char *s = c->draft->subject != NULL ? c->draft->subject : "";

	for (const char *p = s; *p != '\0'; p += strspn(p, " ")) {
		if (strcspn(p, " ") > LONGEST_WORD)
			return text_cut(c->arena, s, (size_t)(p - s) + LONGEST_WORD);
		p += strcspn(p, " ");
	}
	return s;
}

static void
add_headers(struct composer *c)
{
	const struct draft_mail *d = c->draft;

	header(c, "Date", time_rfc5322(c->arena, d->date));
	add_person(c, GMIME_ADDRESS_TYPE_FROM, "From", &d->from);
	add_people(c, GMIME_ADDRESS_TYPE_TO, "To", &d->to);
	add_people(c, GMIME_ADDRESS_TYPE_CC, "Cc", &d->cc);
	if (d->reply_to.email != NULL)
		add_person(c, GMIME_ADDRESS_TYPE_REPLY_TO, "Reply-To", &d->reply_to);
	header(c, "Subject", subject(c));
	if (d->message_id == NULL || !id_ok(d->message_id))
		c->error = c->error != NULL ? c->error : "Message-ID is no id";
	else
		header(c, "Message-ID", arena_printf(c->arena, "<%s>", d->message_id));
	if (d->in_reply_to != NULL && id_ok(d->in_reply_to))
		header(c, "In-Reply-To", arena_printf(c->arena, "<%s>", d->in_reply_to));
	add_references(c);
	header(c, "Auto-Submitted", d->automatic);
	if (d->automatic != NULL)
		header(c, "X-Auto-Response-Suppress", "All");
	header(c, "X-docket-Id", d->docket_id);
	header(c, "MIME-Version", "1.0");
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
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	set_name(part, name != NULL ? name : "file");
	return GMIME_OBJECT(part);
}

static void
add_body(struct composer *c)
{
	const struct draft_mail *d = c->draft;
	const char *plain = d->text != NULL ? d->text : "";
	GMimeObject *body = text_part(c, "plain", mime_flowed_wrap(c->arena, plain), true), *file;

	if (d->html != NULL)
		body = join("alternative", body, text_part(c, "html", d->html, false));
	if (d->nfiles > 0)
		body = join("mixed", body, NULL);
	for (size_t i = 0; i < d->nfiles && c->error == NULL; i++) {
		file = file_part(c, &d->files[i]);
		if (file == NULL)
			break;
		g_mime_multipart_add(GMIME_MULTIPART(body), file);
		g_object_unref(file);
	}
	g_mime_message_set_mime_part(c->message, body);
	g_object_unref(body);
}

static struct str
write_out(struct composer *c)
{
	GMimeFormatOptions *format = g_mime_format_options_new();
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct str out = { NULL, 0 };

	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	if (g_mime_object_write_to_stream(GMIME_OBJECT(c->message), format, mem) < 0) {
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
	struct composer c = { .arena = a, .draft = d };
	struct str out = { NULL, 0 };

	mime_warm();
	c.message = g_mime_message_new(false);
	add_headers(&c);
	if (c.error == NULL)
		add_body(&c);
	if (c.error == NULL)
		out = write_out(&c);
	g_object_unref(c.message);
	*error = c.error;
	return out;
}
