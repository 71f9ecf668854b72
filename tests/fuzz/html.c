/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing that acts comes out of the cleaner, and cleaning what is clean changes nothing. */
#include "fuzz.h"
#include "mime/mime.h"

static const char *
picture(void *arg, const char *id)
{
	(void)arg;
	return id[0] == 'h' ? NULL : "/picture/1";
}

static bool
has(struct str s, const char *what)
{
	return memmem(s.s, s.n, what, strlen(what)) != NULL;
}

void
fuzz(struct arena *a, struct str input)
{
	static const char *const never[] = { "<script", "<style", "<svg", "<iframe", "<object", "<form",
		"<meta", "<link", "<base", "<input", "<math", "<template", "href=\"javascript", "url(",
		"expression(", "<!--" };
	int remote = 0;
	struct str html = { text_clean(a, input.s, input.n), 0 }, clean;

	html.n = strlen(html.s);
	clean = html_clean(a, html, picture, NULL, &remote);
	for (size_t i = 0; i < NELEM(never); i++)
		MUST(!has(clean, never[i]));
	MUST(remote >= 0 && text_valid(clean.s, clean.n));
	html_text(a, html);
}
