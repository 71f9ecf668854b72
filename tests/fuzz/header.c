/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header values of any bytes: each is one line of UTF-8; what was read can be written into a new mail. */
#include "fuzz.h"
#include "mime/mime.h"

static void
one_line(const char *s)
{
	MUST(s == NULL || (text_valid(s, strlen(s)) && strpbrk(s, "\r\n\t") == NULL));
}

void
fuzz(struct arena *a, struct str input)
{
	static const char *const names[] = { "Subject: ", "From: ", "To: ", "Date: ",
		"References: ", "Content-Disposition: attachment; filename=" };
	struct buf b = { .arena = a };
	struct draft_mail d = { .from = { "x", "a@example.com" }, .message_id = "x@y", .text = "" };
	const char *error;
	struct mail *m;

	for (size_t i = 0; i < NELEM(names); i++) {
		buf_puts(&b, names[i]);
		buf_add(&b, input.s, input.n);
		buf_puts(&b, "\r\n");
	}
	m = mime_read(a, buf_str(&b));
	one_line(m->subject);
	one_line(m->date);
	for (size_t i = 0; i < m->from.n; i++) {
		one_line(m->from.v[i].name);
		one_line(m->from.v[i].email);
	}
	for (size_t i = 0; i < m->nparts; i++)
		MUST(m->parts[i].name == NULL || strchr(m->parts[i].name, '/') == NULL);
	d.subject = m->subject;
	d.references = m->references;
	MUST(mime_compose(a, &d, &error).s != NULL || error != NULL);
}
