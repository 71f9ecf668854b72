/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes are a mail; what is read of them is valid and comes back whole from its JSON. */
#include "mime/mime.h"
#include "fuzz.h"

static bool
ignore(void *arg, const void *s, size_t n)
{
	(void)arg;
	(void)s;
	(void)n;
	return true;
}

void
fuzz(struct arena *a, struct str input)
{
	struct mail *m = mime_read(a, input), *again;
	struct str json = mime_json(a, m), twice;

	MUST(text_valid(json.s, json.n) && memchr(json.s, 0, json.n) == NULL);
	again = mime_from_json(a, json);
	MUST(again != NULL);
	twice = mime_json(a, again);
	MUST(twice.n == json.n && memcmp(twice.s, json.s, json.n) == 0);
	for (size_t i = 0; i < m->nparts; i++)
		MUST(mime_part_write(m, m->parts[i].number, ignore, NULL));
	for (size_t i = 0; i < m->nunpacked; i++)
		MUST(mime_part_write(m, m->unpacked[i].number, ignore, NULL));
}
