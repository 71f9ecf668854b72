/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a mail -> struct mail, and back. No I/O, no SQL, no ctx: hostile input gives a poorer mail,
 * never a failure. GMime lives inside this folder only. */
#ifndef MIME_H
#define MIME_H

#include "base/base.h"

/* Limits on what is taken from a mail (battery.md B-16); what lies beyond is named in ->abridged. */
enum {
	MIME_PARTS = 10000,
	MIME_DEPTH = 100,
	MIME_HEADER = 1 << 20,
	MIME_PEOPLE = 1000,
	MIME_REFERENCES = 200,
	MIME_CLAIMS = 40,
	MIME_NESTED =
	    5, /* attached mails that are shown, of at most 1 MiB each, down to the third in another */
	MIME_UNPACKED =
	    1 << 20,         /* numbers of parts from here on are of files out of a winmail.dat */
	MIME_BODY = 2 << 20, /* decoded bytes of all chosen text bodies, and of all HTML ones */
};

struct person {
	const char *name;  /* decoded, one line; or NULL */
	const char *email; /* as written, one line, may be no valid address; never NULL */
};
struct people {
	struct person *v;
	size_t n;
};

/* A leaf part that is not the chosen body, or an attached mail (not descended into). */
struct part {
	const char *name; /* safe: no path, no control characters, not "." or ".."; or NULL */
	const char *type; /* lower case "image/png" */
	const char *cid;  /* Content-ID without <>, or NULL */
	bool is_inline;
	int64_t size; /* decoded bytes */
	/* Where its decoded bytes lie: the parse child hands them over by number (mime_part_write). */
	int number;
};

/* What a delivery report says of the mail it answers (RFC 3464); every field may be NULL. */
struct bounce {
	const char *status;     /* "5.1.1" */
	const char *action;     /* "failed", "delayed" ... */
	const char *recipient;  /* address */
	const char *message_id; /* of the mail that bounced, without <> */
};

/* What a server on the way claims to have found out about the mail. */
enum claim_kind { CLAIM_RESULTS, CLAIM_ARC, CLAIM_SEAL };
struct claim {
	enum claim_kind kind; /* Authentication-Results, ARC-Authentication-Results, ARC-Seal */
	int hop;              /* Received fields above it */
	const char *value;
};

/* A complaint that somebody's mail server passes on (RFC 5965); every field may be NULL. */
struct complaint {
	const char *type;       /* "abuse", "fraud" ... */
	const char *recipient;  /* whose it is: Original-Rcpt-To */
	const char *message_id; /* of the mail that is complained of, without <> */
};

/* The event of an invitation (RFC 5545), for a card; every field may be NULL. */
struct calendar {
	const char *method; /* "request", "cancel", "reply" ... */
	const char *summary;
	const char *start,
	    *end;         /* ISO 8601: with Z in UTC, without it in zone; a day alone: all of it */
	const char *zone; /* TZID of start */
	const char *place, *organiser;
};

/* A mail that is attached, as a reader would show it. */
struct nested {
	int number; /* of its part */
	const char *subject, *date;
	struct people from;
	const char *text;
};

/* All texts are valid UTF-8 without NUL and live in the arena given to mime_read. */
struct mail {
	const char *subject; /* one line; NULL = no such header */
	struct people from, to, cc, reply_to;
	const char *sender;                   /* address of Return-Path ("" for <>), or NULL */
	struct texts delivered;               /* addresses of Delivered-To, X-Original-To */
	const char *date;                     /* ISO 8601 with offset, or NULL */
	const char *message_id;               /* without <>, or NULL */
	struct texts in_reply_to, references; /* without <> */
	const char *text;                     /* the chosen text body as sent, or NULL */
	const char *html;                     /* the chosen HTML body as sent, or NULL */
	const char
	    *page; /* html, with the text that stands between its parts: what to clean and show */
	const char *visible; /* plain text without quote and signature; never NULL */
	const char *folded;  /* the rest of the plain text, or NULL: together they are everything */
	struct part *parts;
	size_t nparts;
	struct part *unpacked; /* files that were inside a winmail.dat, which is a part itself */
	size_t nunpacked;
	const struct str *unpacked_bytes; /* NULL in a mail from JSON */
	const char
	    *automatic; /* why this is machine mail ("auto-submitted", "list", ...), or NULL */
	const struct bounce *bounce; /* NULL = it reports none */
	const char *bounce_words;    /* what the server says of it (Diagnostic-Code), or NULL */
	const struct complaint *complaint; /* NULL = it is none */
	int hops;                          /* Received fields: how often it was passed on */
	const struct claim *claims;        /* at most MIME_CLAIMS, topmost first */
	size_t nclaims;
	const struct calendar *calendar; /* the first event of an invitation, or NULL */
	const struct nested *nested;     /* of the first MIME_NESTED attached mails */
	size_t nnested;
	const char *crypto;      /* "smime-signed", "smime", "pgp-signed", "pgp", or NULL */
	const char *docket_id;   /* X-docket-Id: which installation sent it, or NULL */
	const char *abridged;    /* what was left out by which limit, or NULL */
	const struct tree *tree; /* where the parts lie; NULL in a mail from JSON */
};

/* What is kept of them beside the message, as JSON; NULL = there is none. Of each attached mail's text at most so many
 * bytes. */
const char *mime_calendar_json(struct arena *, const struct calendar *);
const char *mime_nested_json(struct arena *, const struct mail *, size_t most);

/* Load once what reading needs from disk (charset converters): before a sandbox closes. */
void mime_warm(void);
/* Read a mail of any bytes. Never NULL; pointers may point into raw.s, which must stay. */
struct mail *mime_read(struct arena *, struct str raw);
/* Write the decoded bytes of one part through put(arg, bytes, n); false when put says so or the part is
 * not there. The mail must come from mime_read of the same arena. */
bool mime_part_write(
    const struct mail *, int number, bool (*put)(void *, const void *, size_t), void *arg);

/* json.c: a mail as one JSON object (what `docket parse` prints) and back again; NULL = no such object. */
struct str mime_json(struct arena *, const struct mail *);
struct mail *mime_from_json(struct arena *, struct str json);

/* html.c: mail HTML to what a browser may show (design.md 7): streaming, linear, allow-list only.
 * picture(arg, id) gives the address to show for a picture: id is a Content-ID, or the whole http(s) address of
 * a remote one, which else is only kept in data-remote; *remote counts the latter. NULL = none, "!word" = none,
 * and data-picture says why. The address must hold nothing that a style in quotes could not. */
struct str html_clean(struct arena *, struct str html, const char *(*picture)(void *, const char *),
    void *arg, int *remote);
/* language.c: "de" or "en", by the words of a text as its writer left it, without quotes; NULL = not told. */
const char *mime_language(const char *text);
/* name.c: what somebody called a file, safe to be offered for saving: no path, no control or invisible characters;
 * NULL = nothing is left of it. */
char *mime_name_safe(struct arena *, const char *);
/* picture.c: the type of a raster picture (png, jpeg, gif, webp) by its first bytes, NULL = it is none; its size
 * by its header, 0 = not told. */
const char *picture_type(struct str, int64_t *width, int64_t *height);
/* type.c: what a file is by its first bytes and its name: a type that no browser runs or shows as a page, else
 * "application/octet-stream". */
const char *mime_type_safe(struct str head, const char *name);
/* The text a reader would see: blocks on lines, links as their text, entities decoded. */
char *html_text(struct arena *, struct str html);

/* html_make.c: plain text as HTML of the same lines: addresses are links, quoted lines quotes. picture(arg, id) gives
 * the address for "[cid:id]", NULL = it stays as it stands; picture may be NULL. */
char *html_make_text(
    struct arena *, const char *text, const char *(*picture)(void *, const char *), void *arg);
/* Append n bytes of text as HTML, in which ">" means nothing. */
void html_make_lines(struct buf *, const char *text, size_t n);
/* A mail that is quoted, in an element that quote.c knows again: id is free of quotes, marker the line that asks to
 * write above it, who the line that introduces it. */
char *html_make_quote(
    struct arena *, const char *id, const char *marker, const char *who, const char *text);

/* quote.c: split plain text into what the sender wrote now and what is quote or signature. The visible part is
 * one piece of the text, the folded part all before and behind it. */
struct quote {
	const char *visible; /* never NULL, "" only when the text was empty */
	const char *folded;  /* or NULL */
};
struct quote quote_split(struct arena *, const char *text);
/* quote_known.c: the same, once the ticket is known. earlier = bodies of its messages, the newest first (the
 * first 65,536 words count). A block at the end of the visible text that repeats them is folded too; when
 * something is folded that none of them says, all is visible. Nothing is lost and nothing added. */
struct quote quote_known(struct arena *, struct quote, struct texts earlier);

/* trust.c: may the From be believed? Pure: it knows only what stands in the mail and in the question. */
enum trust_result { TRUST_UNVERIFIED, TRUST_VERIFIED, TRUST_FAILED };
struct trust_ask {
	const char *
	    server; /* authserv-id of the account's own server, "microsoft" for Microsoft 365; NULL */
	struct texts forwarders; /* domains whose ARC seals are believed */
	struct texts domains;    /* the shop's own, to find those that look like them */
};
struct trust {
	enum trust_result result;
	/* verified by: dmarc dkim spf arc; failed: dmarc compauth spf-dkim; unverified: no-from no-server
	 * no-results unaligned several-from */
	const char *reason;
	struct texts warnings; /* several-from name-has-address reply-elsewhere lookalike */
};
struct trust mime_trust(struct arena *, const struct mail *, const struct trust_ask *);
/* "verified", "unverified", "failed": the word in SQL, API and queries. */
const char *mime_trust_word(enum trust_result);

/* compose.c: write a mail. All header values are checked: a control character in one is refused. */
struct attachment {
	const char *name, *type;
	const char *path; /* file with its bytes */
	const char *
	    cid; /* by which the HTML shows it (RFC 2392), without <>; NULL = it is only attached */
};
struct draft_mail {
	struct person from;
	struct people to, cc;
	struct person reply_to; /* .email NULL = none */
	const char *subject;
	const char *message_id;  /* without <> */
	const char *in_reply_to; /* without <>, or NULL */
	struct texts references; /* without <> */
	const char *text;        /* UTF-8 */
	const char *html;        /* or NULL */
	const struct attachment *files;
	size_t nfiles;
	const char *automatic; /* Auto-Submitted value, or NULL for a person's mail */
	const char *docket_id; /* X-docket-Id, or NULL */
	int64_t date;
};
/* The mail as bytes with CRLF line ends, lines <= 998 bytes, 7 bit; .s NULL = *error says why. */
struct str mime_compose(struct arena *, const struct draft_mail *, const char **error);
/* An address that may go into an SMTP command: one @, [\x21-\x7e], no <>, at most 254 bytes. */
bool mime_address_ok(const char *);

#endif
