/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an original in the blob store to a letter that is ready for its unit: read by the child, its
 * attachments stored. What cannot be read keeps its original as attachment. */
#include <stdio.h>
#include <stdnoreturn.h>
#include <string.h>

#include "channel/channel.h"

enum { HEADER = 64 << 10, NAME = 200, TOGETHER = 64 };

static bool
put_blob(void *arg, const void *p, size_t n)
{
	return blob_write(arg, p, n);
}

/* Parts that were read and wait to be made durable together. */
struct heap {
	struct blob v[TOGETHER];
	struct blob *at[TOGETHER];
	size_t n;
};

static noreturn void
no_room(struct ctx *c, const struct blob *b)
{
	fail_cause(c, "blobs: %s", b->error);
	fail(c, 507, "storage", "an attachment cannot be stored; the mail waits");
}

/* Everything of the heap is on the disk. Fails 507 when there is no room. */
static void
keep_heap(struct ctx *c, struct heap *h)
{
	size_t n = h->n;

	for (size_t i = 0; i < n; i++)
		h->at[i] = &h->v[i];
	h->n = 0;
	if (!blob_keep_all(h->at, n))
		no_room(c, h->at[0]);
}

static void
drop_heap(void *arg)
{
	struct heap *h = arg;

	while (h->n > 0)
		blob_drop(&h->v[--h->n]);
}

/* A part's bytes onto the heap; NULL = the child did not survive it. Fails 507 when there is no room. */
static struct blob *
store_part(struct ctx *c, const struct part *p, struct heap *h, const char **why)
{
	struct blob *b = &h->v[h->n];
	bool read = false;

	if (blob_open(b))
		read = parse_part(c, p->number, put_blob, b, why);
	if (b->error == NULL && (read || *why == NULL) && blob_finish(b)) {
		h->n++;
		return b;
	}
	blob_drop(b);
	if (b->error != NULL)
		no_room(c, b);
	return NULL;
}

static const char *
file_name(struct ctx *c, const struct part *p, size_t i)
{
	static const struct {
		const char *type, *end;
	} ends[] = { { "message/", ".eml" }, { "image/jpeg", ".jpg" }, { "image/png", ".png" },
		{ "image/gif", ".gif" }, { "text/html", ".html" }, { "text/plain", ".txt" },
		{ "text/calendar", ".ics" }, { "application/pdf", ".pdf" } };
	const char *end = "";

	if (p->name != NULL && *p->name != '\0')
		return p->name;
	for (size_t k = 0; k < NELEM(ends) && *end == '\0'; k++)
		if (text_starts(p->type, ends[k].type))
			end = ends[k].end;
	return arena_printf(
	    &c->arena, "%s-%zu%s", text_starts(p->type, "message/") ? "mail" : "file", i + 1, end);
}

static void
add_file(struct buf *b, const char *name, const struct part *p, const struct blob *stored)
{
	buf_puts(b, b->n == 0 ? "[{" : ",{");
	buf_key(b, "name");
	buf_json(b, name, strlen(name));
	buf_key(b, "type");
	buf_json(b, p->type, strlen(p->type));
	buf_printf(b, ",\"size\":%lld,\"sha256\":\"%s\"", (long long)stored->size, stored->sha256);
	buf_key(b, "cid");
	buf_json(b, p->cid, p->cid == NULL ? 0 : strlen(p->cid));
	buf_printf(b, ",\"is_inline\":%s}", p->is_inline ? "true" : "false");
}

/* The original itself, for what could not be read. */
static void
add_original(struct buf *b, const struct letter *l)
{
	struct part p = { .type = "message/rfc822" };
	struct blob whole = { .size = l->size };

	snprintf(whole.sha256, sizeof whole.sha256, "%s", l->sha256);
	add_file(b, "mail.eml", &p, &whole);
}

/* The value of a header field in the first bytes of a mail, as it stands there; NULL = none. */
static char *
header(struct ctx *c, struct str raw, const char *name)
{
	size_t length = strlen(name);
	const char *at = raw.s, *end = raw.s + (raw.n < HEADER ? raw.n : HEADER);

	while (at != NULL && at + length < end) {
		const char *line = memchr(at, '\n', (size_t)(end - at));

		if (line == NULL || line - at < 2)
			return NULL;
		if (strncasecmp(at, name, length) == 0 && at[length] == ':')
			return text_line(
			    &c->arena, at + length + 1, (size_t)(line - at) - length - 1);
		at = line + 1;
	}
	return NULL;
}

/* The address in a From field, when it is a plain one. */
static const char *
bare_address(struct ctx *c, const char *from)
{
	const char *open = strrchr(from, '<'), *close = open == NULL ? NULL : strchr(open, '>');
	const char *email =
	    close == NULL ? from : arena_dup(&c->arena, open + 1, (size_t)(close - open - 1));

	return mime_address_ok(email) ? email : NULL;
}

/* What the header of a mail says that could not be read. */
static struct mail *
scan_header(struct ctx *c, const struct letter *l)
{
	struct mail *m = arena_alloc(&c->arena, sizeof *m);
	struct str raw = file_map(&c->arena, blob_path(&c->arena, l->sha256));
	const char *from;

	m->subject = header(c, raw, "Subject");
	if (m->subject == NULL || *m->subject == '\0')
		m->subject = "(unlesbare Mail / unreadable mail)";
	from = header(c, raw, "From");
	if (from != NULL) {
		m->from.v = arena_alloc(&c->arena, sizeof *m->from.v);
		m->from.n = 1;
		m->from.v[0].email = bare_address(c, from);
		if (m->from.v[0].email == NULL) {
			m->from.v[0].email = "";
			m->from.v[0].name = text_cut(&c->arena, from, NAME);
		}
	}
	m->visible = arena_printf(&c->arena,
	    "(Diese Mail ließ sich nicht lesen, das Original ist angehängt. / This mail could not "
	    "be read, its original is attached: %s.)",
	    l->trouble);
	return m;
}

/* Everything of a mail that the child could read; false = it died of a part. */
static bool
store_parts(struct ctx *c, struct letter *l, struct buf *files)
{
	struct heap *h = arena_alloc(&c->arena, sizeof *h);
	bool whole = true;

	arena_defer(&c->arena, drop_heap, h);
	for (size_t i = 0; i < l->mail->nparts + l->mail->nunpacked && whole; i++) {
		const struct part *p = i < l->mail->nparts
					   ? &l->mail->parts[i]
					   : &l->mail->unpacked[i - l->mail->nparts];
		struct blob *stored = store_part(c, p, h, &l->trouble);

		whole = stored != NULL;
		if (whole)
			add_file(files, file_name(c, p, i), p, stored);
		if (h->n == TOGETHER)
			keep_heap(c, h);
	}
	keep_heap(c, h);
	return whole;
}

void
letter_read(struct ctx *c, struct letter *l)
{
	struct buf files = { .arena = &c->arena };

	/* Twice: an earlier mail may have left the child in a bad way. */
	l->mail = parse_read(c, l->sha256, &l->trouble);
	if (l->mail == NULL)
		l->mail = parse_read(c, l->sha256, &l->trouble);
	if (l->mail == NULL) {
		log_warn(c, "mail.unreadable", "inbound=%lld reason=%s", (long long)l->inbound,
		    l->trouble);
		l->mail = scan_header(c, l);
		add_original(&files, l);
	} else {
		l->trouble = NULL;
		if (!store_parts(c, l, &files))
			add_original(&files, l);
	}
	if (files.n > 0)
		buf_putc(&files, ']');
	l->files = buf_str(&files);
}
