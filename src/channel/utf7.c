/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of IMAP folders: UTF-8 to modified UTF-7 (RFC 3501, 5.1.3). */
#include <string.h>

#include "channel/wire.h"

static void
put_base64(struct buf *out, const unsigned char *s, size_t n)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	uint32_t bits = 0;
	int have = 0;

	buf_putc(out, '&');
	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | s[i];
		for (have += 8; have >= 6; have -= 6)
			buf_putc(out, digits[bits >> (have - 6) & 63]);
	}
	if (have > 0)
		buf_putc(out, digits[bits << (6 - have) & 63]);
	buf_putc(out, '-');
}

static void
put_utf16(struct buf *out, uint32_t code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		put_utf16(out, 0xd800 | code >> 10);
		code = 0xdc00 | (code & 0x3ff);
	}
	buf_putc(out, (char)(code >> 8));
	buf_putc(out, (char)(code & 0xff));
}

char *
imap_utf7(struct arena *a, const char *name)
{
	struct buf out = { .arena = a };
	size_t n = strlen(name), used;

	for (size_t i = 0; i < n;) {
		struct buf wide = { .arena = a };

		while (i < n && (name[i] < ' ' || name[i] > '~')) {
			put_utf16(&wide, text_next(name + i, n - i, &used));
			i += used;
		}
		if (wide.n > 0)
			put_base64(&out, (const unsigned char *)wide.s, wide.n);
		else if (name[i] == '&')
			buf_puts(&out, "&-");
		else
			buf_putc(&out, name[i]);
		i += wide.n == 0;
	}
	return out.s != NULL ? out.s : arena_strdup(a, "");
}
