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
	const char *at = strstr(text, q.visible), *again;

	MUST(at != NULL && n + (q.folded == NULL ? 0 : strlen(q.folded)) == strlen(text));
	MUST(n > 0 || *text == '\0');
	again = quote_known(a, q, (struct texts){ &text, 1 }).visible;
	MUST(*again != '\0' || *text == '\0');
}
