/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets: an allow-list of labels; a name from a mail never reaches iconv (CVE-2024-2961 came that way).
 * All converters are opened once and kept, because the reader's sandbox lets no module be loaded. */
#include "mime/private.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum kind { UTF8, CP1252, OTHER, MULTI /* a wrong byte does not mean it is another charset */ };

static const struct charset {
	const char *name; /* what iconv is asked for */
	enum kind kind;
	const char *labels; /* blanks around each, lower case, without - _ . and blanks */
} charsets[] = {
	{ "UTF-8", UTF8, " utf8 utf8mb4 unicode11utf8 utf8bom utf82 cp65001 " },
	{ "CP1252", CP1252,
	    " usascii ascii ansix341968 iso646us iso88591 iso885911987 latin1 l1 cp1252 "
	    "windows1252 "
	    "xcp1252 ibm819 cp819 ansi " },
	{ "ISO-8859-2", OTHER, " iso88592 latin2 l2 iso885921987 " },
	{ "ISO-8859-3", OTHER, " iso88593 latin3 " },
	{ "ISO-8859-4", OTHER, " iso88594 latin4 " },
	{ "ISO-8859-5", OTHER, " iso88595 cyrillic " },
	{ "ISO-8859-6", OTHER, " iso88596 arabic " },
	{ "ISO-8859-7", OTHER, " iso88597 greek " },
	{ "ISO-8859-8", OTHER, " iso88598 iso88598i hebrew logical " },
	{ "ISO-8859-9", OTHER, " iso88599 latin5 " },
	{ "ISO-8859-10", OTHER, " iso885910 latin6 " },
	{ "ISO-8859-13", OTHER, " iso885913 " },
	{ "ISO-8859-14", OTHER, " iso885914 latin8 " },
	{ "ISO-8859-15", OTHER, " iso885915 latin9 latin0 " },
	{ "ISO-8859-16", OTHER, " iso885916 latin10 " },
	{ "CP1250", OTHER, " windows1250 cp1250 xcp1250 " },
	{ "CP1251", OTHER, " windows1251 cp1251 xcp1251 " },
	{ "CP1253", OTHER, " windows1253 cp1253 " },
	{ "CP1254", OTHER, " windows1254 cp1254 " },
	{ "CP1255", OTHER, " windows1255 cp1255 " },
	{ "CP1256", OTHER, " windows1256 cp1256 " },
	{ "CP1257", OTHER, " windows1257 cp1257 " },
	{ "CP1258", OTHER, " windows1258 cp1258 " },
	{ "CP437", OTHER, " cp437 ibm437 " },
	{ "CP850", OTHER, " cp850 ibm850 " },
	{ "CP852", OTHER, " cp852 ibm852 " },
	{ "CP866", OTHER, " cp866 ibm866 " },
	{ "CP874", OTHER, " cp874 windows874 tis620 iso885911 " },
	{ "KOI8-R", OTHER, " koi8r koi8 " },
	{ "KOI8-U", OTHER, " koi8u koi8ru " },
	{ "MACINTOSH", OTHER, " macintosh mac xmacroman macroman " },
	{ "GB18030", MULTI,
	    " gb2312 gbk gb18030 xgbk cp936 windows936 gb231280 csgb2312 euccn hzgb " },
	{ "BIG5-HKSCS", MULTI, " big5 big5hkscs xxbig5 cnbig5 cp950 " },
	{ "CP932", MULTI, " shiftjis xsjis sjis cp932 windows31j mskanji csshiftjis " },
	{ "EUC-JP", MULTI, " eucjp xeucjp " },
	{ "ISO-2022-JP-2", MULTI,
	    " iso2022jp iso2022jp1 iso2022jp2 csiso2022jp cp50220 iso2022jpms " },
	{ "CP949", MULTI, " euckr cp949 windows949 ksc56011987 ksc5601 ksc56011989 uhc korean " },
	{ "ISO-2022-KR", MULTI, " iso2022kr " },
	{ "EUC-TW", MULTI, " euctw " },
	{ "UTF-7", MULTI, " utf7 unicode11utf7 " },
	{ "UTF-16", MULTI, " utf16 unicode ucs2 " },
	{ "UTF-16LE", MULTI, " utf16le unicodelittle " },
	{ "UTF-16BE", MULTI, " utf16be " },
	{ "UTF-32", MULTI, " utf32 ucs4 " },
};
static iconv_t converters[NELEM(charsets)];

/* iconv opens its modules from files at first use: do that for all of them now. */
void
mime_charset_warm(void)
{
	static bool done;
	char out[64], bytes[] = "a", *from, *to;
	size_t n, room;

	for (size_t i = 0; !done && i < NELEM(charsets); i++) {
		if (converters[i] != NULL || charsets[i].kind < OTHER)
			continue;
		converters[i] = iconv_open("UTF-8", charsets[i].name);
		if (converters[i] == (iconv_t)-1)
			continue;
		from = bytes;
		to = out;
		n = 1;
		room = sizeof(out);
		iconv(converters[i], &from, &n, &to, &room);
	}
	done = true;
}

static const struct charset *
find(struct str label)
{
	char key[40] = " ";
	size_t k = 1;

	for (size_t i = 0; i < label.n; i++) {
		char c = label.s[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (k > sizeof(key) - 3)
			return NULL;
		key[k++] = c;
	}
	key[k++] = ' ';
	key[k] = '\0';
	for (size_t i = 0; k > 2 && i < NELEM(charsets); i++)
		if (strstr(charsets[i].labels, key) != NULL)
			return &charsets[i];
	return NULL;
}

static void
add_cp1252(struct buf *b, struct str s)
{
	static const uint16_t high[32] = { 0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd,
		0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
		0x203a, 0x0153, 0xfffd, 0x017e, 0x0178 };
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if (c < 0x80)
			continue;
		buf_add(b, s.s + from, i - from);
		text_put(b, c < 0xa0 ? high[c - 0x80] : c);
		from = i + 1;
	}
	buf_add(b, s.s + from, s.n - from);
}

/* Text with more good sequences than bad bytes is UTF-8 that was damaged (or cut at its end). */
static bool
mostly_utf8(struct str s)
{
	size_t used, good = 0, bad = 0;
	uint32_t c;

	for (size_t i = 0; i < s.n; i += used) {
		if ((unsigned char)s.s[i] < 0x80) {
			used = 1;
			continue;
		}
		c = text_next(s.s + i, s.n - i, &used);
		if (c == 0xfffd && used == 1)
			bad++;
		else
			good++;
	}
	return good > 0 && good * 2 > bad;
}

static void
add_guess(struct buf *b, struct str s)
{
	if (text_valid(s.s, s.n) || mostly_utf8(s))
		buf_add(b, s.s, s.n); /* text_clean comes later and mends what is ill-formed */
	else
		add_cp1252(b, s);
}

/* Convert; a wrong byte becomes U+FFFD. The number of those, or -1 when there is no such converter. */
static long
convert(struct buf *b, const struct charset *c, struct str s)
{
	iconv_t cd = converters[c - charsets];
	char chunk[4096], *from = (char *)s.s, *to;
	size_t room, left = s.n;
	long wrong = 0;

	if (cd == NULL || cd == (iconv_t)-1)
		return -1;
	iconv(cd, NULL, NULL, NULL, NULL);
	while (left > 0) {
		to = chunk;
		room = sizeof(chunk);
		if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 && errno != E2BIG) {
			buf_add(b, chunk, sizeof(chunk) - room);
			buf_puts(b, "\xef\xbf\xbd");
			wrong++;
			from++;
			left--;
			continue;
		}
		buf_add(b, chunk, sizeof(chunk) - room);
	}
	to = chunk;
	room = sizeof(chunk);
	if (iconv(cd, NULL, NULL, &to, &room) != (size_t)-1)
		buf_add(b, chunk, sizeof(chunk) - room);
	return wrong;
}

/* mail.md 6: as declared when that decodes; else UTF-8 when it is valid; else windows-1252. */
void
mime_charset_add(struct buf *b, struct str label, struct str s)
{
	const struct charset *c = label.s == NULL ? NULL : find(label);
	size_t start = b->n;
	long wrong;

	mime_charset_warm();
	if (c == NULL || c->kind == UTF8) {
		add_guess(b, s);
		return;
	}
	if (c->kind == CP1252) {
		/* "us-ascii" with 8-bit bytes is a lie; "iso-8859-1" is windows-1252. */
		if ((label.s[0] | 32) != 'i' && (label.s[0] | 32) != 'w' && text_valid(s.s, s.n))
			buf_add(b, s.s, s.n);
		else
			add_cp1252(b, s);
		return;
	}
	wrong = convert(b, c, s);
	if (wrong == 0 || (wrong > 0 && c->kind == MULTI && !text_valid(s.s, s.n)))
		return;
	b->n = start;
	add_guess(b, s);
}
