/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cleaner alone, for html.t: texts of HTML on standard input, each ended by a NUL byte, come out cleaned. */
#include <stdio.h>

#include "mime/mime.h"

static const char *
picture(void *arg, const char *id)
{
	(void)id;
	return arg;
}

int
main(void)
{
	struct arena arena = { 0 };
	struct buf b = { .arena = &arena };
	int c;

	while ((c = getchar()) != EOF) {
		struct str clean;

		if (c != '\0') {
			buf_putc(&b, (char)c);
			continue;
		}
		clean = html_clean(&arena, buf_str(&b), picture, "/picture", NULL);
		fwrite(clean.s, 1, clean.n, stdout);
		putchar('\0');
		arena_reset(&arena);
		b = (struct buf){ .arena = &arena };
	}
	arena_reset(&arena);
	return 0;
}
