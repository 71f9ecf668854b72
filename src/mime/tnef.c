/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winmail.dat (MS-OXTNEF): the text and the files that Outlook packed into one part. Everything found is a slice
 * of the bytes given; no length is believed before it is held against what is left. */
#include "mime/private.h"

#include <stdio.h>
#include <string.h>

enum {
	SIGNATURE = 0x223e9f78,
	ATT_BODY = 0x800c,
	ATT_DATA = 0x800f,
	ATT_TITLE = 0x8010,
	ATT_REND_DATA = 0x9002,
	ATT_PROPERTIES = 0x9003,
	ATT_ATTACHMENT = 0x9005,
	ATT_CODEPAGE = 0x9007,
};
enum {
	PR_BODY = 0x1000,
	PR_RTF = 0x1009,
	PR_HTML = 0x1013,
	PR_NAME = 0x3001,
	PR_DATA = 0x3701,
	PR_FILE = 0x3704,
	PR_LONG_FILE = 0x3707,
	PR_TYPE = 0x370e,
	PR_CID = 0x3712,
	PR_CODEPAGE = 0x3fde,
	PR_HIDDEN = 0x7ffe,
};
enum {
	PT_OBJECT = 0x0d,
	PT_STRING = 0x1e,
	PT_UNICODE = 0x1f,
	PT_BINARY = 0x102,
	PT_MULTI = 0x1000
};

struct reader {
	struct arena *arena;
	struct tnef *t;
	struct tnef_file *file; /* the attachment that is being read, or NULL */
	uint32_t codepage;
	bool good;
};

static uint32_t
number(const char *s, int bytes)
{
	uint32_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | (unsigned char)s[bytes];
	return n;
}

static bool
take(struct str *s, size_t n, struct str *out)
{
	if (n > s->n)
		return false;
	*out = (struct str){ s->s, n };
	s->s += n;
	s->n -= n;
	return true;
}

static bool
take_number(struct str *s, int bytes, uint32_t *out)
{
	struct str v;

	if (!take(s, (size_t)bytes, &v))
		return false;
	*out = number(v.s, bytes);
	return true;
}

/* A text as UTF-8; without what stands behind its NUL. */
static char *
text_of(struct reader *r, struct str v, uint32_t type)
{
	struct buf b = { .arena = r->arena };
	char label[20];
	size_t n = 0;

	if (type == PT_UNICODE) {
		while (n + 1 < v.n && (v.s[n] != '\0' || v.s[n + 1] != '\0'))
			n += 2;
		mime_charset_add(&b, STR("utf-16le"), (struct str){ v.s, n });
	} else {
		n = strnlen(v.s, v.n);
		snprintf(label, sizeof(label), "cp%u",
		    r->codepage == 20127 || r->codepage == 28591 || r->codepage == 0 ? 1252
										     : r->codepage);
		mime_charset_add(&b, (struct str){ label, strlen(label) }, (struct str){ v.s, n });
	}
	return text_clean(r->arena, b.s == NULL ? "" : b.s, b.n);
}

/* --- properties --- */
static size_t
fixed_size(uint32_t type)
{
	switch (type) {
	case 0x02:
	case 0x03:
	case 0x04:
	case 0x0a:
	case 0x0b: return 4;
	case 0x05:
	case 0x06:
	case 0x07:
	case 0x14:
	case 0x40: return 8;
	case 0x48: return 16;
	default: return 0;
	}
}

/* A property of the mail itself. */
static void
note_mail(struct reader *r, uint32_t id, uint32_t type, struct str v)
{
	struct tnef *t = r->t;

	if (id == PR_BODY && (type == PT_STRING || type == PT_UNICODE))
		t->text = text_of(r, v, type);
	else if (id == PR_HTML && v.n > 0)
		t->html = text_of(r, v, type == PT_UNICODE ? PT_UNICODE : PT_STRING);
	else if (id == PR_RTF && type == PT_BINARY)
		t->rtf = v;
	else if (id == PR_CODEPAGE && v.n >= 4)
		r->codepage = number(v.s, 4);
}

static void
note_file(struct reader *r, uint32_t id, uint32_t type, struct str v)
{
	struct tnef_file *f = r->file;

	if (f == NULL)
		return;
	if (id == PR_LONG_FILE || ((id == PR_FILE || id == PR_NAME) && f->name == NULL))
		f->name = text_of(r, v, type);
	else if (id == PR_TYPE)
		f->type = text_lower(r->arena, text_of(r, v, type));
	else if (id == PR_CID)
		f->cid = text_of(r, v, type);
	else if (id == PR_HIDDEN && v.n > 0)
		f->hidden = *v.s != 0;
	else if (id == PR_DATA && type == PT_OBJECT && v.n > 16)
		f->bytes = (struct str){ v.s + 16, v.n - 16 }; /* behind the id of its interface */
	else if (id == PR_DATA && type == PT_BINARY)
		f->bytes = v;
}

/* Named properties have their name before the value; it tells nothing here. */
static bool
skip_name(struct str *s)
{
	uint32_t kind, n;
	struct str v;

	if (!take(s, 16, &v) || !take_number(s, 4, &kind) || !take_number(s, 4, &n))
		return false;
	return kind == 0 || take(s, ((size_t)n + 3) & ~(size_t)3, &v);
}

static bool
read_values(struct reader *r, struct str *s, uint32_t id, uint32_t type, bool of_file)
{
	bool several = (type & PT_MULTI) != 0;
	uint32_t base = type & ~(uint32_t)PT_MULTI, count = 1, length;
	size_t size = fixed_size(base);
	struct str v;

	if ((size == 0 || several) && !take_number(s, 4, &count))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		length = (uint32_t)size;
		if (size == 0 && !take_number(s, 4, &length))
			return false;
		if (!take(s, length, &v))
			return false;
		if (size == 0 && !take(s, (4 - length % 4) % 4, &(struct str){ 0 }))
			return false;
		if (i == 0 && !several)
			(of_file ? note_file : note_mail)(r, id, base, v);
	}
	return true;
}

static void
read_properties(struct reader *r, struct str s, bool of_file)
{
	uint32_t count, type, id;

	if (!take_number(&s, 4, &count))
		return;
	for (uint32_t i = 0; i < count && s.n > 0; i++) {
		if (!take_number(&s, 2, &type) || !take_number(&s, 2, &id) ||
		    (id >= 0x8000 && !skip_name(&s)) || !read_values(r, &s, id, type, of_file))
			return;
	}
}

/* --- attributes --- */
static void
begin_file(struct reader *r)
{
	struct tnef *t = r->t;

	r->file = NULL;
	if (t->nfiles == TNEF_FILES)
		return;
	if (t->files == NULL)
		t->files = arena_alloc(r->arena, TNEF_FILES * sizeof(*t->files));
	r->file = &t->files[t->nfiles++];
}

static void
note_attribute(struct reader *r, uint32_t id, struct str v)
{
	switch (id & 0xffff) {
	case ATT_CODEPAGE:
		if (v.n >= 4)
			r->codepage = number(v.s, 4);
		break;
	case ATT_BODY: r->t->text = text_of(r, v, PT_STRING); break;
	case ATT_PROPERTIES: read_properties(r, v, false); break;
	case ATT_REND_DATA: begin_file(r); break;
	case ATT_TITLE:
		if (r->file != NULL && r->file->name == NULL)
			r->file->name = text_of(r, v, PT_STRING);
		break;
	case ATT_DATA:
		if (r->file != NULL)
			r->file->bytes = v;
		break;
	case ATT_ATTACHMENT: read_properties(r, v, true); break;
	}
}

bool
mime_tnef_read(struct arena *a, struct str s, struct tnef *t)
{
	struct reader r = { .arena = a, .t = t };
	uint32_t magic, level, id, length;
	struct str v, rest;

	memset(t, 0, sizeof(*t));
	if (!take_number(&s, 4, &magic) || magic != SIGNATURE || !take(&s, 2, &v))
		return false;
	while (take_number(&s, 1, &level) && (level == 1 || level == 2) &&
	       take_number(&s, 4, &id) && take_number(&s, 4, &length)) {
		bool whole = take(&s, length, &v);

		if (!whole)
			v = s; /* cut off: what is there is better than nothing */
		note_attribute(&r, id, v);
		if (!whole || !take(&s, 2, &rest))
			break;
	}
	t->codepage = r.codepage;
	return true;
}
