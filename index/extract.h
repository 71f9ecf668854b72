/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text in a file: what kind of file it is, our own readers, and the child in which all of it happens. */
#ifndef EXTRACT_H
#define EXTRACT_H

#include "base/base.h"

enum {
	EXTRACT_TEXT = 1 << 20,    /* bytes of text that are kept of a file */
	EXTRACT_ENTRY = 32 << 20,  /* bytes that one entry of an archive may unfold to */
	EXTRACT_ENTRIES = 2000,    /* entries of an archive that are looked at */
	EXTRACT_MEMORY = 512 << 20 /* address space of a reader */
};

/* kind.c: bytes decide, then name and type. */
enum extract_kind {
	EXTRACT_NONE, /* nothing to read in it */
	EXTRACT_PLAIN,
	EXTRACT_HTML,
	EXTRACT_MAIL,
	EXTRACT_RTF,
	EXTRACT_ZIP, /* docx, xlsx, pptx, odt, ods, odp; of any other archive its names */
	EXTRACT_PDF, /* from here on programs of others */
	EXTRACT_WORD,
	EXTRACT_EXCEL,
	EXTRACT_SLIDES,
	EXTRACT_PICTURE
};
enum extract_kind index_kind(struct str raw, const char *name, const char *type);

/* Our own readers put text and stop when EXTRACT_TEXT is reached. Any bytes give a text or none, never a failure. */
void index_read_plain(struct buf *, struct str raw);
void index_read_rtf(struct buf *, struct str raw);
void index_read_zip(struct buf *, struct str raw);
/* XML of an office document: its words, a line for each paragraph, row and cell. */
void index_read_xml(struct buf *, struct str xml);
/* The text of a file of one of our own kinds, UTF-8. */
char *index_read(struct arena *, enum extract_kind, struct str raw);
/* Append a code point of Windows-1252, the tongue of files that do not name theirs. */
void index_put_1252(struct buf *, unsigned char);

/* unzip.c: entries of an archive by its central directory. */
struct zip_entry {
	const char *name; /* not ended by NUL */
	size_t name_size, at, packed, unpacked;
	int method;
};
/* The entries, at most EXTRACT_ENTRIES; 0 = it is no archive. */
size_t index_zip_entries(struct arena *, struct str raw, struct zip_entry **);
/* What is in an entry, at most EXTRACT_ENTRY bytes of it; .s = NULL: it cannot be unpacked. */
struct str index_zip_open(struct arena *, struct str raw, const struct zip_entry *);

/* The child: reads the file that is its standard input, writes text to its standard output. */
/* Its exit codes: nothing to read in it; a picture, and nobody asked to read those. */
enum { EXTRACT_NOTHING = 3, EXTRACT_UNASKED = 4 };
int index_extract_child(const char *name, const char *type);

#endif
