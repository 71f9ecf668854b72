/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings, streamed through one buffer, so that a part of any size costs no memory. */
#include "mime/private.h"

#include <gmime/gmime.h>
#include <string.h>

enum { STEP = 32 << 10 };

static GMimeContentEncoding
gmime_name(enum encoding e)
{
	switch (e) {
	case ENC_BASE64: return GMIME_CONTENT_ENCODING_BASE64;
	case ENC_QP: return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	case ENC_UU: return GMIME_CONTENT_ENCODING_UUENCODE;
	case ENC_NONE: break;
	}
	return GMIME_CONTENT_ENCODING_DEFAULT;
}

static bool
is_base64(const char *s, const char *end)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";

	for (int i = 0; i < 4 && s < end; i++, s++)
		if (memchr(letters, *s, sizeof(letters) - 1) == NULL)
			return false;
	return true;
}

/* Lists write their footer below a text that they do not decode: behind a blank line, what is no base64 ends it. */
static struct str
without_footer(struct str body)
{
	const char *end = body.s + body.n, *p = body.s, *next;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		for (next = ++p; next < end && (*next == '\r' || *next == '\n');)
			next++;
		if (next > p && next < end && !is_base64(next, end))
			return (struct str){ body.s, (size_t)(p - body.s) };
		p = next;
	}
	return body;
}

bool
mime_decode(struct str body, enum encoding e, bool (*put)(void *, const void *, size_t), void *arg)
{
	static char out[STEP * 2];
	GMimeEncoding state;
	size_t n, got;

	if (e == ENC_NONE)
		return body.n == 0 || put(arg, body.s, body.n);
	if (e == ENC_BASE64)
		body = without_footer(body);
	g_mime_encoding_init_decode(&state, gmime_name(e));
	while (body.n > 0) {
		n = body.n < STEP ? body.n : STEP;
		if (g_mime_encoding_outlen(&state, n) > sizeof(out))
			return false;
		got = g_mime_encoding_step(&state, body.s, n, out);
		if (got > 0 && !put(arg, out, got))
			return false;
		body.s += n;
		body.n -= n;
	}
	/* Padding that was left out; what the decoder still holds would be lost. */
	if (e == ENC_BASE64 && state.state > 0 && state.state < 4) {
		got = g_mime_encoding_step(&state, "===", 4 - (size_t)state.state, out);
		if (got > 0 && !put(arg, out, got))
			return false;
	}
	got = g_mime_encoding_flush(&state, "", 0, out);
	return got == 0 || put(arg, out, got);
}

static bool
count(void *arg, const void *s, size_t n)
{
	(void)s;
	*(int64_t *)arg += (int64_t)n;
	return true;
}

int64_t
mime_decode_size(struct str body, enum encoding e)
{
	int64_t n = 0;

	mime_decode(body, e, count, &n);
	return n;
}

struct some {
	char *s;
	size_t n, max;
	bool *cut;
};

static bool
keep(void *arg, const void *s, size_t n)
{
	struct some *k = arg;

	if (n > k->max - k->n) {
		n = k->max - k->n;
		*k->cut = true;
	}
	memcpy(k->s + k->n, s, n);
	k->n += n;
	return !*k->cut;
}

struct str
mime_decode_some(struct arena *a, struct str body, enum encoding e, size_t max, bool *cut)
{
	struct some k = { .max = body.n < max ? body.n : max, .cut = cut };

	*cut = false;
	if (e == ENC_NONE) {
		*cut = body.n > max;
		return (struct str){ body.s, k.max };
	}
	k.s = arena_alloc(a, k.max + 1);
	mime_decode(body, e, keep, &k);
	return (struct str){ k.s, k.n };
}
