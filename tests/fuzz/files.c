/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own readers of files: the first byte chooses one. Whatever comes, there is a text, and not too much of it. */
#include "fuzz.h"
#include "index/extract.h"

void
fuzz(struct arena *a, struct str input)
{
	static const enum extract_kind kinds[] = { EXTRACT_PLAIN, EXTRACT_HTML, EXTRACT_MAIL,
		EXTRACT_RTF, EXTRACT_ZIP };
	struct buf b = { .arena = a };
	struct zip_entry *v;
	const char *text;

	if (input.n == 0)
		return;
	text = index_read(a, kinds[(unsigned char)*input.s % NELEM(kinds)],
	    (struct str){ input.s + 1, input.n - 1 });
	MUST(text_valid(text, strlen(text)) && strlen(text) <= 3 * EXTRACT_TEXT);
	index_read_xml(&b, input);
	for (size_t i = 0, n = index_zip_entries(a, input, &v); i < n && i < 20; i++)
		MUST(index_zip_open(a, input, &v[i]).n <= EXTRACT_ENTRY + 65536);
	index_kind(input, "x.csv", "text/csv");
}
