/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files in a winmail.dat as parts of their own, beside it; and its text for a mail that has none. */
#include "mime/private.h"

#include <string.h>

enum { PACKED_MAX = 32 << 20, PACKED_PARTS = 4 };

static bool
is_packed(struct arena *a, const struct node *n)
{
	return strcmp(n->type, "application/ms-tnef") == 0 ||
	       strcmp(n->type, "application/vnd.ms-tnef") == 0 ||
	       (strcmp(n->type, "application/octet-stream") == 0 &&
		   text_same(mime_param(a, n->type_raw, "name"), "winmail.dat"));
}

static const char *
type_of(const struct tnef_file *f)
{
	static const char *const types[][2] = { { ".pdf", "application/pdf" },
		{ ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" }, { ".png", "image/png" },
		{ ".gif", "image/gif" }, { ".txt", "text/plain" }, { ".html", "text/html" },
		{ ".ics", "text/calendar" }, { ".zip", "application/zip" }, { ".xml", "text/xml" },
		{ ".doc", "application/msword" }, { ".xls", "application/vnd.ms-excel" },
		{ ".docx",
		    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
		{ ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" } };
	const char *dot = f->name == NULL ? NULL : strrchr(f->name, '.');
	const char *slash = f->type == NULL ? NULL : strchr(f->type, '/');

	if (slash != NULL && slash > f->type && slash[1] != '\0' && strlen(f->type) < 128 &&
	    strspn(f->type, "abcdefghijklmnopqrstuvwxyz0123456789/+-._") == strlen(f->type))
		return f->type;
	for (size_t i = 0; dot != NULL && i < NELEM(types); i++)
		if (text_same(dot, types[i][0]))
			return types[i][1];
	return "application/octet-stream";
}

/* RTF counts only where there is nothing better. */
static void
read_rtf(struct arena *a, struct tnef *t)
{
	struct str rtf;
	char *words;
	bool html;

	if (t->html != NULL || t->rtf.s == NULL)
		return;
	rtf = mime_rtf_expand(a, t->rtf);
	if (rtf.s == NULL)
		return;
	words = mime_rtf_read(a, rtf, t->codepage, &html);
	if (html)
		t->html = words;
	else if (t->text == NULL)
		t->text = words;
}

static void
add_files(struct arena *a, struct mail *m, const struct tnef *t)
{
	struct part *v = arena_alloc(a, (m->nunpacked + t->nfiles + 1) * sizeof(*v));
	struct str *bytes = arena_alloc(a, (m->nunpacked + t->nfiles + 1) * sizeof(*bytes));

	if (m->nunpacked > 0) {
		memcpy(v, m->unpacked, m->nunpacked * sizeof(*v));
		memcpy(bytes, m->unpacked_bytes, m->nunpacked * sizeof(*bytes));
	}
	for (size_t i = 0; i < t->nfiles; i++) {
		const struct tnef_file *f = &t->files[i];
		struct part *p = &v[m->nunpacked];

		p->name = mime_name_safe(a, f->name);
		p->type = type_of(f);
		p->cid =
		    f->cid == NULL || *f->cid == '\0' ? NULL : text_line(a, f->cid, strlen(f->cid));
		p->is_inline = f->hidden && p->cid != NULL;
		p->size = (int64_t)f->bytes.n;
		p->number = MIME_UNPACKED + (int)m->nunpacked;
		bytes[m->nunpacked++] = f->bytes;
	}
	m->unpacked = v;
	m->unpacked_bytes = bytes;
}

void
mime_unpack(struct arena *a, struct mail *m, const struct tree *tree, struct tnef *words)
{
	struct tnef t;
	int found = 0;

	for (int i = 0; i < tree->n && found < PACKED_PARTS; i++) {
		const struct node *n = &tree->v[i];
		struct str bytes;
		bool cut;

		if (n->is_multipart || !is_packed(a, n))
			continue;
		bytes = mime_decode_some(a, n->body, n->encoding, PACKED_MAX / PACKED_PARTS, &cut);
		if (!mime_tnef_read(a, bytes, &t))
			continue;
		found++;
		add_files(a, m, &t);
		if (words->text == NULL && words->html == NULL) {
			read_rtf(a, &t);
			*words = t;
		}
	}
}
