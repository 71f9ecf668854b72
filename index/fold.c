/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding: lower case, accents off, umlauts and their two-letter spelling alike. */
#include <string.h>

#include "index/fold.h"

/* Two letters for each of U+00C0..U+024F and U+1E00..U+1EFF (made from Unicode's decompositions); two
 * blanks = stays as it is. */
static const char latin[] = "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
			    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
			    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
			    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
			    "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
			    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s "
			    "                                    f         i     l           "
			    "o o                           u u         z z z                 "
			    "        dzdzdzljljljnjnjnja a i i o o u u u u u u u u u u   a a "
			    "a a         g g k k o o o o     j dzdzdzg g     n n a a         "
			    "a a a a e e e e i i i i o o o o r r r r u u u u s s t t     h h "
			    "            a a e e o o o o o o o o y y                         "
			    "                                ";
static const char latin_more[] = "a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f "
				 "g g h h h h h h h h h h i i i i k k k k k k l l l l l l l l m m "
				 "m m m m n n n n n n n n o o o o o o o o p p p p r r r r r r r r "
				 "s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v "
				 "w w w w w w w w w w x x x x y y z z z z z z h t w y a s     ss  "
				 "a a a a a a a a a a a a a a a a a a a a a a a a e e e e e e e e "
				 "e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o "
				 "o o o o u u u u u u u u u u u u u u y y y y y y y y             ";

static void
put_pair(const char *pair, uint32_t cp, uint32_t out[2])
{
	out[0] = pair[0] == ' ' ? cp : (unsigned char)pair[0];
	out[1] = pair[1] == ' ' ? 0 : (unsigned char)pair[1];
}

static bool
in(uint32_t cp, uint32_t first, uint32_t last)
{
	return cp >= first && cp <= last;
}

/* Greek and Cyrillic in lower case, Greek without its accents. */
static uint32_t
lower(uint32_t cp)
{
	static const uint32_t accented[][2] = { { 0x386, 0x3b1 }, { 0x388, 0x3b5 },
		{ 0x389, 0x3b7 }, { 0x38a, 0x3b9 }, { 0x38c, 0x3bf }, { 0x38e, 0x3c5 },
		{ 0x38f, 0x3c9 }, { 0x3ac, 0x3b1 }, { 0x3ad, 0x3b5 }, { 0x3ae, 0x3b7 },
		{ 0x3af, 0x3b9 }, { 0x3cc, 0x3bf }, { 0x3cd, 0x3c5 }, { 0x3ce, 0x3c9 },
		{ 0x3c2, 0x3c3 }, { 0x401, 0x435 }, { 0x451, 0x435 } };

	for (size_t i = 0; i < sizeof accented / sizeof accented[0]; i++)
		if (accented[i][0] == cp)
			return accented[i][1];
	if (in(cp, 0x391, 0x3a9) || in(cp, 0x410, 0x42f))
		return cp + 32;
	if (in(cp, 0x400, 0x40f))
		return cp + 80;
	if (in(cp, 0x460, 0x481) || in(cp, 0x48a, 0x4bf) || in(cp, 0x4d0, 0x52f))
		return cp | 1;
	if (in(cp, 0x531, 0x556))
		return cp + 48;
	return cp;
}

static bool
is_silent(uint32_t cp)
{
	return cp == 0xad || in(cp, 0x300, 0x36f) || in(cp, 0x200b, 0x200d) || cp == 0x2060 ||
	       cp == 0xfeff || in(cp, 0xfe00, 0xfe0f);
}

static bool
is_alone(uint32_t cp)
{
	return in(cp, 0x3041, 0x30ff) || in(cp, 0x3400, 0x9fff) || in(cp, 0xf900, 0xfaff) ||
	       in(cp, 0x20000, 0x3ffff);
}

/* Punctuation, symbols, blanks and what is no character, beyond ASCII. */
static bool
is_break(uint32_t cp)
{
	return (in(cp, 0x80, 0xbf) && cp != 0xaa && cp != 0xb5 && cp != 0xba) || cp == 0xd7 ||
	       cp == 0xf7 || in(cp, 0x2000, 0x206f) || in(cp, 0x20a0, 0x20cf) ||
	       in(cp, 0x2190, 0x2bff) || in(cp, 0x2e00, 0x2e7f) || in(cp, 0x3000, 0x3020) ||
	       in(cp, 0xd800, 0xf8ff) || in(cp, 0xfff0, 0xffff) || in(cp, 0xff5f, 0xff65) ||
	       in(cp, 0x1f000, 0x1faff) || in(cp, 0xe0000, 0x10ffff);
}

static enum fold_kind
fold_ascii(uint32_t cp, uint32_t out[2])
{
	out[0] = in(cp, 'A', 'Z') ? cp + 32 : cp;
	return in(out[0], 'a', 'z') || in(cp, '0', '9') ? FOLD_LETTER : FOLD_BREAK;
}

enum fold_kind
fold_point(uint32_t cp, uint32_t out[2])
{
	out[1] = 0;
	if (in(cp, 0xff01, 0xff5e))
		cp -= 0xfee0;
	if (cp < 0x80)
		return fold_ascii(cp, out);
	out[0] = cp;
	if (is_silent(cp))
		return FOLD_SILENT;
	if (is_break(cp))
		return FOLD_BREAK;
	if (in(cp, 0xc0, 0x24f))
		put_pair(latin + 2 * (cp - 0xc0), cp, out);
	else if (in(cp, 0x1e00, 0x1eff))
		put_pair(latin_more + 2 * (cp - 0x1e00), cp, out);
	else
		out[0] = cp == 0xaa ? 'a' : cp == 0xba ? 'o' : lower(cp);
	return is_alone(cp) ? FOLD_ALONE : FOLD_LETTER;
}

/* Whether the e at s[i] may stand for the two dots of the vowel before it: not in "Quelle", nor in
 * "Frauen" and "neuer", nor at the end of a word ("blue", "toe"). What decides stands before it, so a
 * beginning folds as the word does. */
static bool
is_dots(const char *s, size_t i, bool is_beginning)
{
	char before;

	if (s[i] != 'e' || i == 0)
		return false;
	before = s[i - 1];
	if (before != 'a' && before != 'o' && before != 'u')
		return false;
	if (before == 'u' && i > 1 && strchr("aeoq", s[i - 2]) != NULL)
		return false;
	return s[i + 1] != '\0' || is_beginning;
}

size_t
fold_umlauts(const char *plain, char *out, size_t size, bool is_beginning)
{
	size_t n = 0;

	for (size_t i = 0; plain[i] != '\0' && n + 1 < size; i++)
		if (!is_dots(plain, i, is_beginning))
			out[n++] = plain[i];
	out[n] = '\0';
	return n;
}
