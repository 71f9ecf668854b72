/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is, by its first bytes and its name, never by what somebody called its type. */
#include "mime/mime.h"

#include <string.h>

enum { PLAIN_LOOK = 4096 };

/* Endings of files that hold text, or that are packed as zip or as OLE. Nothing here is run or shown by a browser. */
static const struct ending {
	const char *name, *type;
	const char *begins; /* NULL = it is text */
} endings[] = {
	{ ".txt", "text/plain", NULL },
	{ ".log", "text/plain", NULL },
	{ ".csv", "text/csv", NULL },
	{ ".ics", "text/calendar", NULL },
	{ ".vcf", "text/vcard", NULL },
	{ ".json", "application/json", NULL },
	{ ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	    "PK\3\4" },
	{ ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\3\4" },
	{ ".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	    "PK\3\4" },
	{ ".odt", "application/vnd.oasis.opendocument.text", "PK\3\4" },
	{ ".ods", "application/vnd.oasis.opendocument.spreadsheet", "PK\3\4" },
	{ ".zip", "application/zip", "PK\3\4" },
	{ ".doc", "application/msword", "\xd0\xcf\x11\xe0" },
	{ ".xls", "application/vnd.ms-excel", "\xd0\xcf\x11\xe0" },
	{ ".rtf", "application/rtf", "{\\rtf" },
	{ ".mp3", "audio/mpeg", "ID3" },
	{ ".webm", "video/webm", "\x1a\x45\xdf\xa3" },
};

static bool
begins(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.s, with, n) == 0;
}

static bool
is_text(struct str s)
{
	size_t n = s.n < PLAIN_LOOK ? s.n : PLAIN_LOOK;

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s.s[i] < ' ' && strchr("\t\r\n\f", s.s[i]) == NULL)
			return false;
	return n == 0 || memchr(s.s, '\0', n) == NULL;
}

const char *
mime_type_safe(struct str head, const char *name)
{
	const char *type = picture_type(head, NULL, NULL), *dot = strrchr(name, '.');

	if (type != NULL)
		return type;
	if (begins(head, "%PDF-"))
		return "application/pdf";
	for (size_t i = 0; dot != NULL && i < NELEM(endings); i++)
		if (text_same(dot, endings[i].name) &&
		    (endings[i].begins == NULL ? is_text(head) : begins(head, endings[i].begins)))
			return endings[i].type;
	if (head.n >= 12 && memcmp(head.s + 4, "ftyp", 4) == 0 && text_same(dot, ".mp4"))
		return "video/mp4";
	return "application/octet-stream";
}
