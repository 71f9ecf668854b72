/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of mime/ say to each other. */
#ifndef MIME_PRIVATE_H
#define MIME_PRIVATE_H

#include "mime/mime.h"

/* --- scan.c: bytes -> header fields and a flat tree of parts --- */
enum field {
	F_SUBJECT,
	F_FROM,
	F_REPLY_TO,
	F_DATE,
	F_MESSAGE_ID,
	F_IN_REPLY_TO,
	F_REFERENCES,
	F_RETURN_PATH,
	F_CONTENT_TYPE,
	F_ENCODING,
	F_DISPOSITION,
	F_CONTENT_ID,
	F_AUTO_SUBMITTED,
	F_PRECEDENCE,
	F_SUPPRESS,
	F_LOOP,
	F_DOCKET_ID,
	F_LIST_ID,
	F_LIST_UNSUBSCRIBE,
	F_LIST_POST,
	F_AUTOREPLY,
	F_AUTORESPOND,
	F_AUTOREPLY_FROM,
	F_RULES_LOOP,
	F_FEEDBACK_ID,
	F_IS_NDR,
	F_SPAM_FLAG,
	F_FAILED_RECIPIENTS,
	F_COUNT
};
/* The first field of each known name, still folded; .s NULL = not there. */
struct head {
	struct str raw;
	struct str v[F_COUNT];
};
/* Take the next field of a header block from *rest; false = there is none left. */
bool mime_head_next(struct str *rest, struct str *name, struct str *value);
/* Read the known fields of a header block. */
void mime_head_read(struct head *, struct str raw);
/* The value of the first field of that name in a header block, .s NULL = not there. */
struct str mime_head_find(struct str raw, const char *name);
/* Bytes of the header block that s begins with, its blank line included. */
size_t mime_head_length(struct str s, size_t *blank);

enum encoding { ENC_NONE, ENC_BASE64, ENC_QP, ENC_UU };

/* One entity of a mail. Children of a multipart follow it in the array; next leads past them. */
struct node {
	const char *type;    /* lower case */
	struct str type_raw; /* the whole Content-Type value, folded */
	struct str disposition, cid, body;
	enum encoding encoding;
	int depth;
	int next;          /* index behind its last descendant */
	bool is_multipart; /* its children are in the array */
};
struct tree {
	struct arena *arena;
	struct node *v;
	int n, cap;
	bool parts_cut, depth_cut;
};
/* Split the entity with this header and body into its parts. */
void mime_tree_read(struct tree *, const struct head *, struct str body);

/* --- body.c: which parts are the sender's words --- */
struct segment {
	int text, html; /* nodes, -1 = none */
	bool said_text; /* its words stand in a text part, here or before */
	bool said_html;
};
struct bodies {
	struct arena *arena;
	struct segment *v;
	size_t n, cap;
};
void mime_bodies_select(struct bodies *, const struct tree *);

/* --- decode.c: transfer encodings --- */
/* Decode body through put; false when put says so. */
bool mime_decode(
    struct str body, enum encoding, bool (*put)(void *, const void *, size_t), void *arg);
/* How many bytes mime_decode() would give. */
int64_t mime_decode_size(struct str body, enum encoding);
/* At most max decoded bytes; *cut is set when there are more. */
struct str mime_decode_some(struct arena *, struct str body, enum encoding, size_t max, bool *cut);

/* --- charset.c --- */
/* Append s, which claims to be in the charset of that label (NULL or unknown: guess), as UTF-8. */
void mime_charset_add(struct buf *, struct str label, struct str s);
/* Open all converters once, so that none needs a file later. */
void mime_charset_warm(void);

/* --- words.c: RFC 2047 and RFC 2231 --- */
/* A folded header value as one line of UTF-8, encoded words decoded. */
char *mime_words_line(struct arena *, struct str raw);
/* Bytes of the encoded word at s, or 0 when there is none. */
size_t mime_words_length(struct str s);
/* A parameter of a Content-Type or Content-Disposition value, decoded; NULL = not there. */
char *mime_param(struct arena *, struct str raw, const char *name);
/* The value before the first parameter, lower case, without blanks. */
char *mime_param_value(struct arena *, struct str raw);
/* Remove the line breaks of a folded value. */
struct str mime_unfold(struct arena *, struct str raw, size_t max);

/* --- people.c --- */
/* Add the mailboxes of one header value; *cut is set when MIME_PEOPLE is reached. */
void mime_people_add(struct arena *, struct people *, struct str raw, bool *cut);
/* The ids between < and > (or bare words) of a value, at most max, the last kept first dropped. */
struct texts mime_ids_read(struct arena *, struct str raw, size_t max, bool *cut);

/* --- header.c --- */
struct cuts {
	bool people, references;
};
/* Fill in what the header says; what a limit left out is noted. */
void mime_header_read(struct arena *, const struct head *, struct mail *, struct cuts *);

/* --- header_write.c: fields as they leave --- */
struct head_writer {
	struct buf b;
	size_t column;
	bool first;        /* nothing stands behind the name yet */
	const char *error; /* why a value was refused, or NULL */
};
/* Write a field of any text; control characters are refused. */
void mime_head_text(struct head_writer *, const char *name, const char *value);
/* Write a list of mailboxes; nothing when it is empty. */
void mime_head_people(struct head_writer *, const char *name, const struct people *);
/* Write ids in angle brackets; each must be mime_id_ok(). */
void mime_head_ids(struct head_writer *, const char *name, struct texts ids);
/* Can this stand between angle brackets in a header? */
bool mime_id_ok(const char *);

/* --- lookalike.c --- */
/* Is that domain drawn like another, or nearly one of those? */
bool mime_domain_looks_like(struct arena *, const char *domain, struct texts own);

/* --- date.c --- */
/* RFC 5322 dates and what passes for them -> ISO 8601 with offset; NULL = no date. */
char *mime_date_read(struct arena *, struct str raw);

/* --- flowed.c: RFC 3676 --- */
char *mime_flowed_join(struct arena *, const char *text, bool delsp);
char *mime_flowed_wrap(struct arena *, const char *text);

/* --- auto.c, bounce.c --- */
const char *mime_auto_reason(
    struct arena *, const struct head *, const struct mail *, const char *type);
/* Fill in bounce, bounce_words and complaint. */
void mime_bounce_read(struct arena *, const struct head *, const struct tree *, struct mail *);
/* bounce_text.c: what a report says in words only; false = these are not the words of one. */
bool mime_bounce_text(struct arena *, struct mail *, struct bounce *);
const char *mime_bounce_status(struct arena *, const char *text);

/* --- tnef.c, rtf.c: what Outlook packs into winmail.dat --- */
enum { TNEF_FILES = 500 };
struct tnef_file {
	const char *name, *type, *cid; /* or NULL */
	struct str bytes;
	bool hidden; /* shown inside the text */
};
struct tnef {
	const char *text, *html; /* or NULL */
	struct str rtf;          /* compressed */
	uint32_t codepage;
	struct tnef_file *files;
	size_t nfiles;
};
/* Read the attributes; the slices point into the bytes. false = it is no such file. */
bool mime_tnef_read(struct arena *, struct str bytes, struct tnef *);
/* Undo the compression of RTF; .s NULL = it is none. */
struct str mime_rtf_expand(struct arena *, struct str);
/* What is written in RTF: *html = it is the HTML that was wrapped into it, else text. */
char *mime_rtf_read(struct arena *, struct str rtf, uint32_t codepage, bool *html);

/* --- unpack.c --- */
/* Fill in unpacked from the parts that are winmail.dat; its text counts where the mail has none of its own. */
void mime_unpack(struct arena *, struct mail *, const struct tree *, struct tnef *words);

/* --- calendar.c --- */
/* The first event of the first calendar part; NULL = there is none. */
struct calendar *mime_calendar_read(struct arena *, const struct tree *);

/* --- html_scan.c: one token after the other --- */
struct html_attr {
	struct str name, value; /* as written, entities not decoded */
};
enum html_kind { HTML_END, HTML_TEXT, HTML_OPEN, HTML_CLOSE };
enum { HTML_ATTRS = 48, HTML_NAME = 16, HTML_DEEP = 100 /* deeper elements are not written */ };
struct html_scan {
	const char *p, *end;
	enum html_kind kind;
	struct str text;      /* of HTML_TEXT, entities not decoded; of raw text what was skipped */
	bool is_style;        /* the raw text is a style sheet */
	char name[HTML_NAME]; /* lower case; longer names are cut */
	struct html_attr attrs[HTML_ATTRS];
	int nattrs;
};
void mime_html_begin(struct html_scan *, struct str html);
/* The next token; comments, declarations and raw text (script, style, title ...) are skipped. */
enum html_kind mime_html_next(struct html_scan *);
/* The value of an attribute with entities decoded, or NULL. */
char *mime_html_attr(struct arena *, const struct html_scan *, const char *name);
/* Append s with entities decoded. */
void mime_html_decode(struct buf *, struct str s);
/* The code points of the entity at s ("&...;"), *used = its bytes; 0 = it is none. */
uint32_t mime_html_entity(struct str s, size_t *used);

/* Is this where a mail program begins to quote? */
bool mime_html_is_quote(const struct html_scan *);
/* Does this program put the quoted mail there without marking its lines? */
bool mime_html_is_cut(const struct html_scan *);

/* --- html_sheet.c, html_match.c, html_media.c: style elements, for the attributes of what they mean --- */
enum {
	PART_CLASSES = 4,
	RULE_PARTS = 8,
	WHO_CLASSES = 16,
	SHEET_SLOTS = 512,
	SHEET_RULES = 4000,
	SHEET_STEPS = 2000000,
	SHEET_BYTES = 4 << 20
};
/* One element of a selector. */
struct html_part {
	struct str name, id, classes[PART_CLASSES]; /* .n 0 = any */
	int nclasses;
	bool is_link, is_child; /* with an address; directly inside the part before */
};
struct html_rule {
	struct html_part *parts;
	int nparts, order;
	unsigned weight; /* what CSS calls specificity */
	struct str style;
	struct html_rule *next; /* in its slot */
};
struct html_sheet {
	struct arena *arena;
	struct html_rule *slots[SHEET_SLOTS];
	int nrules, steps;
	size_t read, bytes; /* of sheets so far; left to be written */
	bool has_body, has_body_rule;
};
/* An element as selectors see it: slices of the mail. */
struct html_who {
	struct str name, id, classes[WHO_CLASSES];
	int nclasses;
	bool is_link;
};
/* Read all sheets of a mail. */
void mime_sheet_read(struct html_sheet *, struct arena *, struct str html);
void mime_sheet_add(struct html_sheet *, const struct html_rule *);
void mime_sheet_who(struct html_who *, const struct html_scan *, const char *name);
/* Append the declarations for path[n], whose ancestors stand before it, the strongest last. */
void mime_sheet_match(struct html_sheet *, const struct html_who *path, int n, struct buf *);
/* Does a media query hold for the reading pane? */
bool mime_media_matches(struct str);

/* --- html_attr.c, html_link.c: what html.c's cleaner writes for the tag that was read last --- */
struct html_out {
	struct buf out;
	struct html_scan scan;
	struct html_sheet sheet;
	struct html_who
	    path[HTML_DEEP + 1]; /* the open elements, and the one that is being written */
	int depth;
	const char *(*picture)(void *, const char *); /* as html_clean's */
	void *arg;
	int remote;
	struct {
		bool open;
		char host[256]; /* where it leads, "" = it has none */
		size_t at;      /* where its content begins in out */
	} link;
};
/* Write a character of text or value; the four of markup encoded. */
void mime_html_put_char(struct buf *, uint32_t);
/* Write name="value" of our own making. */
void mime_html_put_attr(struct buf *, const char *name, const char *value);
void mime_html_attributes(struct html_out *, bool is_link, bool is_picture);
/* The address of a link without what browsers ignore in it; NULL = no address that may be followed. */
char *mime_html_address(struct arena *, const char *);
/* Note the host a link leads to; its tag is about to be written / was written / is about to be ended: where its
 * words name another host, the true one is shown behind them. */
void mime_html_link(struct html_out *, const char *address);
void mime_html_link_begin(struct html_out *);
void mime_html_link_end(struct html_out *);

/* --- html_css.c --- */
/* A sheet or style without its comments. */
struct str mime_css_plain(struct arena *, struct str);
/* Append the declarations that are allowed; url() asks picture(arg, address) and is left out at NULL. */
void mime_css_clean(
    struct buf *, const char *style, const char *(*picture)(void *, const char *), void *arg);

/* --- html_text.c --- */
/* html_text, with QUOTE_MARK lines where the mail program began the quote. */
char *mime_html_text_marked(struct arena *, struct str html);
/* --- quote.c --- */
/* quote_split; of a mail that was passed on nothing is folded. */
struct quote mime_quote(struct arena *, const char *text, bool forwarded);

/* --- quote_words.c: what a line, without blanks around it, says --- */
bool mime_is_footer(struct str);       /* "Sent from my iPhone" */
bool mime_is_forward(struct str);      /* "---- Forwarded message ----" */
bool mime_is_original(struct str);     /* "-----Original Message-----" */
bool mime_is_reply_line(struct str);   /* "## Bitte oberhalb dieser Zeile antworten ##" */
bool mime_is_opening(struct str);      /* begins as "On Mon ..." or with a date */
bool mime_has_verb(struct str);        /* "wrote" */
bool mime_is_first_person(struct str); /* "schrieb ich" */
bool mime_is_list_footer(struct str rule, struct str next); /* "____" above "x mailing list" */
/* "Von:" and the like: one of these, or 0. */
int mime_field_kind(struct str);
enum { QUOTE_FROM = 1, QUOTE_DATE = 2, QUOTE_TO = 4, QUOTE_SUBJECT = 8 };

/* Put into text made from HTML: here a quote begins, here a signature. */
#define QUOTE_MARK     '\x1f'
#define SIGNATURE_MARK '\x1e'

#endif
