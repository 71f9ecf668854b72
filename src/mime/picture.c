/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raster pictures by their first bytes, whatever they are called. */
#include "mime/mime.h"

static unsigned
at(struct str s, size_t i)
{
	return i < s.n ? (unsigned char)s.s[i] : 0;
}

static int64_t
big16(struct str s, size_t i)
{
	return at(s, i) << 8 | at(s, i + 1);
}

static int64_t
big32(struct str s, size_t i)
{
	return big16(s, i) << 16 | big16(s, i + 2);
}

static int64_t
little16(struct str s, size_t i)
{
	return at(s, i) | at(s, i + 1) << 8;
}

static bool
begins(struct str s, size_t from, const char *with, size_t n)
{
	return s.n >= from + n && memcmp(s.s + from, with, n) == 0;
}

/* The frame header (ITU-T T.81, B.2.2) among the segments before it. */
static void
measure_jpeg(struct str s, int64_t *width, int64_t *height)
{
	for (size_t i = 2; i + 9 < s.n && at(s, i) == 0xff; i += 2 + (size_t)big16(s, i + 2)) {
		unsigned marker = at(s, i + 1);

		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		    marker != 0xcc) {
			*height = big16(s, i + 5);
			*width = big16(s, i + 7);
			return;
		}
	}
}

static void
measure_webp(struct str s, int64_t *width, int64_t *height)
{
	if (begins(s, 12, "VP8X", 4)) {
		*width = 1 + (little16(s, 24) | (int64_t)at(s, 26) << 16);
		*height = 1 + (little16(s, 27) | (int64_t)at(s, 29) << 16);
	} else if (begins(s, 12, "VP8L", 4)) {
		*width = 1 + (little16(s, 21) & 0x3fff);
		*height = 1 + ((little16(s, 22) >> 6 | at(s, 24) << 10) & 0x3fff);
	} else if (begins(s, 12, "VP8 ", 4)) {
		*width = little16(s, 26) & 0x3fff;
		*height = little16(s, 28) & 0x3fff;
	}
}

const char *
picture_type(struct str s, int64_t *width, int64_t *height)
{
	int64_t w = 0, h = 0;
	const char *type = NULL;

	if (begins(s, 0, "\x89PNG\r\n\x1a\n", 8)) {
		type = "image/png";
		w = big32(s, 16);
		h = big32(s, 20);
	} else if (begins(s, 0, "GIF87a", 6) || begins(s, 0, "GIF89a", 6)) {
		type = "image/gif";
		w = little16(s, 6);
		h = little16(s, 8);
	} else if (begins(s, 0, "\xff\xd8\xff", 3)) {
		type = "image/jpeg";
		measure_jpeg(s, &w, &h);
	} else if (begins(s, 0, "RIFF", 4) && begins(s, 8, "WEBP", 4)) {
		type = "image/webp";
		measure_webp(s, &w, &h);
	}
	if (width != NULL)
		*width = w;
	if (height != NULL)
		*height = h;
	return type;
}
