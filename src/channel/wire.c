/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong at a mail server, in one clean line. */
#include <stdio.h>
#include <string.h>

#include "channel/wire.h"

bool
wire_fail(struct wire_error *e, const char *code, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->words, sizeof e->words, fmt, ap);
	va_end(ap);

	n = strlen(e->words);
	if (n == sizeof e->words - 1)
		while (n > 0 && (e->words[n - 1] & 0x80) != 0)
			e->words[--n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)e->words[i] < ' ' || e->words[i] == 0x7f)
			e->words[i] = ' ';
	while (n > 0 && e->words[n - 1] == ' ')
		e->words[--n] = '\0';
	if (!text_valid(e->words, n))
		for (size_t i = 0; i < n; i++)
			if ((e->words[i] & 0x80) != 0)
				e->words[i] = '?';
	return false;
}
