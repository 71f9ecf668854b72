/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of attachments: what the sender wrote -> what may be offered for saving on any system. */
#include "mime/private.h"

#include <string.h>

enum { NAME_MAX_BYTES = 255 };

/* Controls, directions (a name ending in "fdp.exe" shown backwards) and invisible characters. */
static bool
is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* Keep the ending when a name is too long: it tells what the file is. */
static char *
shorten(struct arena *a, char *s, size_t n)
{
	const char *dot = strrchr(s, '.');
	size_t tail = dot != NULL && n - (size_t)(dot - s) <= 20 ? n - (size_t)(dot - s) : 0;
	size_t keep = NAME_MAX_BYTES - tail;

	if (n <= NAME_MAX_BYTES)
		return s;
	while (keep > 0 && ((unsigned char)s[keep] & 0xc0) == 0x80)
		keep--;
	return arena_printf(a, "%.*s%s", (int)keep, s, tail > 0 ? dot : "");
}

char *
mime_name_safe(struct arena *a, const char *name)
{
	struct buf b = { .arena = a };
	const char *base = name;
	size_t used;
	char *s;

	if (name == NULL)
		return NULL;
	for (const char *p = name; *p != '\0'; p++)
		if ((*p == '/' || *p == '\\') && p[1] != '\0')
			base = p + 1;
	for (size_t n = strlen(base); n > 0; base += used, n -= used) {
		uint32_t c = text_next(base, n, &used);

		if (!is_hidden(c) && c != '/' && c != '\\')
			text_put(&b, c);
	}
	s = text_line(a, b.s == NULL ? "" : b.s, b.n);
	if (*s == '\0' || strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
		return NULL;
	return shorten(a, s, strlen(s));
}
