/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes may be called winmail.dat: what is read of them is text and slices of them. */
#include "fuzz.h"
#include "mime/private.h"

static void
text(const char *s)
{
	MUST(s == NULL || text_valid(s, strlen(s)));
}

void
fuzz(struct arena *a, struct str input)
{
	struct tnef t;
	struct str rtf;
	bool html;

	if (mime_tnef_read(a, input, &t)) {
		text(t.text);
		text(t.html);
		for (size_t i = 0; i < t.nfiles; i++) {
			text(t.files[i].name);
			text(t.files[i].cid);
			MUST(t.files[i].bytes.n == 0 ||
			     (t.files[i].bytes.s >= input.s &&
				 t.files[i].bytes.s + t.files[i].bytes.n <= input.s + input.n));
		}
		if (t.rtf.s != NULL && (rtf = mime_rtf_expand(a, t.rtf)).s != NULL)
			text(mime_rtf_read(a, rtf, t.codepage, &html));
	}
	rtf = mime_rtf_expand(a, input);
	text(mime_rtf_read(a, rtf.s == NULL ? input : rtf, 1252, &html));
}
