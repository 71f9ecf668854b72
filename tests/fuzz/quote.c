/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting loses and adds nothing, and never leaves a text without words to see. */
#include "fuzz.h"
#include "mime/mime.h"

void
fuzz(struct arena *a, struct str input)
{
	const char *text = text_clean(a, input.s, input.n);
	struct quote q = quote_split(a, text);
	size_t n = strlen(q.visible);

	MUST(strncmp(text, q.visible, n) == 0);
	MUST(q.folded == NULL ? text[n] == '\0' : strcmp(text + n, q.folded) == 0);
	MUST(n > 0 || *text == '\0');
}
