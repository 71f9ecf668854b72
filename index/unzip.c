/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives as office programs write them: the central directory, stored and deflated entries, hard limits. */
#include <string.h>
#include <zlib.h>

#include "index/extract.h"

enum {
	TAIL = 65557,     /* the directory's end lies in the last so many bytes */
	END = 0x06054b50, /* signatures */
	ENTRY = 0x02014b50,
	LOCAL = 0x04034b50,
	STORED = 0,
	DEFLATED = 8
};

static uint32_t
number(struct str raw, size_t at, size_t bytes)
{
	uint32_t v = 0;

	if (at > raw.n || bytes > raw.n - at)
		return 0;
	for (size_t i = bytes; i > 0; i--)
		v = v << 8 | (unsigned char)raw.s[at + i - 1];
	return v;
}

/* Where the end of the directory begins; SIZE_MAX = there is none. */
static size_t
find_end(struct str raw)
{
	size_t lowest = raw.n > TAIL ? raw.n - TAIL : 0;

	for (size_t at = raw.n < 22 ? 0 : raw.n - 22; raw.n >= 22 && at + 1 > lowest; at--) {
		if (number(raw, at, 4) == END)
			return at;
		if (at == 0)
			break;
	}
	return SIZE_MAX;
}

size_t
index_zip_entries(struct arena *a, struct str raw, struct zip_entry **out)
{
	size_t end = find_end(raw), n = 0, at;

	*out = arena_alloc(a, EXTRACT_ENTRIES * sizeof **out);
	if (end == SIZE_MAX)
		return 0;
	at = number(raw, end + 16, 4);
	while (n < EXTRACT_ENTRIES && number(raw, at, 4) == ENTRY) {
		struct zip_entry *e = &(*out)[n];

		*e = (struct zip_entry){ .name = raw.s + at + 46,
			.name_size = number(raw, at + 28, 2),
			.at = number(raw, at + 42, 4),
			.packed = number(raw, at + 20, 4),
			.unpacked = number(raw, at + 24, 4),
			.method = (int)number(raw, at + 10, 2) };
		if (at + 46 > raw.n || e->name_size > raw.n - at - 46)
			break;
		at += 46 + e->name_size + number(raw, at + 30, 2) + number(raw, at + 32, 2);
		n++;
	}
	return n;
}

static struct str
inflate_entry(struct arena *a, struct str packed)
{
	struct buf b = { .arena = a };
	z_stream z = { .next_in = (Bytef *)packed.s, .avail_in = (uInt)packed.n };
	static char chunk[65536];
	int said = Z_OK;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return (struct str){ 0 };
	while (said == Z_OK && b.n < EXTRACT_ENTRY) {
		z.next_out = (Bytef *)chunk;
		z.avail_out = sizeof chunk;
		said = inflate(&z, Z_NO_FLUSH);
		buf_add(&b, chunk, sizeof chunk - z.avail_out);
		if (z.avail_in == 0 && z.avail_out > 0)
			break;
	}
	inflateEnd(&z);
	/* What came before the damage is text all the same. */
	return b.n == 0 ? (struct str){ 0 } : buf_str(&b);
}

struct str
index_zip_open(struct arena *a, struct str raw, const struct zip_entry *e)
{
	size_t at;
	struct str packed;

	if (number(raw, e->at, 4) != LOCAL)
		return (struct str){ 0 };
	at = e->at + 30 + number(raw, e->at + 26, 2) + number(raw, e->at + 28, 2);
	if (at > raw.n)
		return (struct str){ 0 };
	packed = (struct str){ raw.s + at, e->packed < raw.n - at ? e->packed : raw.n - at };
	if (e->method == DEFLATED)
		return inflate_entry(a, packed);
	if (packed.n > EXTRACT_ENTRY)
		packed.n = EXTRACT_ENTRY;
	return e->method == STORED ? packed : (struct str){ 0 };
}
