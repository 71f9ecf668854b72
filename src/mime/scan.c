/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes -> header fields and parts, in one pass and without copying. GMime's own parser makes objects of
 * every header and part before a limit could hold it (1,000,000 headers take 519 MiB), hence this one. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

static const char *const field_names[F_COUNT] = {
	[F_SUBJECT] = "subject",
	[F_FROM] = "from",
	[F_REPLY_TO] = "reply-to",
	[F_DATE] = "date",
	[F_MESSAGE_ID] = "message-id",
	[F_IN_REPLY_TO] = "in-reply-to",
	[F_REFERENCES] = "references",
	[F_RETURN_PATH] = "return-path",
	[F_CONTENT_TYPE] = "content-type",
	[F_ENCODING] = "content-transfer-encoding",
	[F_DISPOSITION] = "content-disposition",
	[F_CONTENT_ID] = "content-id",
	[F_AUTO_SUBMITTED] = "auto-submitted",
	[F_PRECEDENCE] = "precedence",
	[F_SUPPRESS] = "x-auto-response-suppress",
	[F_LOOP] = "x-loop",
	[F_DOCKET_ID] = "x-docket-id",
	[F_LIST_ID] = "list-id",
	[F_LIST_UNSUBSCRIBE] = "list-unsubscribe",
	[F_LIST_POST] = "list-post",
	[F_AUTOREPLY] = "x-autoreply",
	[F_AUTORESPOND] = "x-autorespond",
	[F_AUTOREPLY_FROM] = "x-autoreply-from",
	[F_RULES_LOOP] = "x-ms-exchange-inbox-rules-loop",
	[F_FEEDBACK_ID] = "feedback-id",
	[F_IS_NDR] = "x-ms-exchange-message-is-ndr",
	[F_SPAM_FLAG] = "x-spam-flag",
	[F_FAILED_RECIPIENTS] = "x-failed-recipients",
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Bytes of the line at s, its line feed included. */
static size_t
line_length(struct str s)
{
	const char *nl = memchr(s.s, '\n', s.n);

	return nl == NULL ? s.n : (size_t)(nl - s.s) + 1;
}

/* Where the name of a field ends, or 0 when the line is no field. "Subject : x" is one. */
static size_t
name_length(struct str line)
{
	size_t i = 0, n;

	while (i < line.n && line.s[i] > ' ' && line.s[i] < 127 && line.s[i] != ':')
		i++;
	n = i;
	while (i < line.n && is_blank(line.s[i]))
		i++;
	return i < line.n && line.s[i] == ':' ? n : 0;
}

bool
mime_head_next(struct str *rest, struct str *name, struct str *value)
{
	size_t n, at;

	while (rest->n > 0) {
		n = line_length(*rest);
		at = name_length((struct str){ rest->s, n });
		while (n < rest->n && is_blank(rest->s[n]))
			n += line_length((struct str){ rest->s + n, rest->n - n });
		name->s = rest->s;
		name->n = at;
		value->s = at > 0 ? (const char *)memchr(rest->s + at, ':', n - at) + 1 : NULL;
		value->n = at > 0 ? (size_t)(rest->s + n - value->s) : 0;
		rest->s += n;
		rest->n -= n;
		if (at > 0)
			return true;
	}
	return false;
}

static int
field_of(struct str name)
{
	for (int i = 0; i < F_COUNT; i++)
		if (((field_names[i][0] ^ name.s[0]) & 0xdf) == 0 &&
		    strncasecmp(field_names[i], name.s, name.n) == 0 &&
		    field_names[i][name.n] == '\0')
			return i;
	return -1;
}

void
mime_head_read(struct head *h, struct str raw)
{
	struct str rest = raw, name, value;
	int f;

	memset(h, 0, sizeof(*h));
	h->raw = raw;
	while (mime_head_next(&rest, &name, &value)) {
		f = field_of(name);
		if (f >= 0 && h->v[f].s == NULL)
			h->v[f] = value;
	}
}

struct str
mime_head_find(struct str raw, const char *wanted)
{
	struct str name, value;

	while (mime_head_next(&raw, &name, &value))
		if (name.n == strlen(wanted) && strncasecmp(name.s, wanted, name.n) == 0)
			return value;
	return (struct str){ NULL, 0 };
}

/* A blank line ends the header, and so does the first line that cannot be part of one; that line
 * already belongs to the body. *blank = bytes of the blank line. */
size_t
mime_head_length(struct str s, size_t *blank)
{
	size_t at = 0, n;

	*blank = 0;
	while (at < s.n) {
		n = line_length((struct str){ s.s + at, s.n - at });
		if (s.s[at] == '\n' || (s.s[at] == '\r' && n <= 2)) {
			*blank = n;
			return at;
		}
		if (name_length((struct str){ s.s + at, n }) == 0 &&
		    (at == 0 || !is_blank(s.s[at])))
			return at;
		at += n;
	}
	return at;
}

/* --- the tree --- */
enum { PART_HEADER = 64 << 10 };

struct boundary {
	struct str text;
	uint32_t hash;
};
struct reader {
	struct tree *tree;
	const char *p, *end;
	struct boundary open[MIME_DEPTH + 1];
	int nopen;
	uint8_t seen[32]; /* bits of the hashes of all that were ever open: most lines stop here */
	int hit;          /* level of the delimiter last found, -1 = end of the mail */
	bool hit_close;
	const char *body_end; /* where the body before it ends */
};

static uint32_t
hash_add(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * 16777619u;
}

static int
find_boundary(const struct reader *r, struct str s, uint32_t hash)
{
	if ((r->seen[(hash & 255) >> 3] & 1 << (hash & 7)) == 0)
		return -1;
	for (int i = r->nopen - 1; i >= 0; i--)
		if (r->open[i].hash == hash && r->open[i].text.n == s.n &&
		    memcmp(r->open[i].text.s, s.s, s.n) == 0)
			return i;
	return -1;
}

/* The level whose delimiter the line is ("--boundary" or "--boundary--"), or -1. */
static int
match_line(const struct reader *r, struct str line, bool *close)
{
	uint32_t h = 2166136261u, before = h, before2 = h;
	int level;

	*close = false;
	while (line.n > 2 && strchr(" \t\r\n", line.s[line.n - 1]) != NULL &&
	       line.s[line.n - 1] != '\0')
		line.n--;
	if (line.n < 3 || line.n > 1024 || line.s[0] != '-' || line.s[1] != '-')
		return -1;
	for (size_t i = 2; i < line.n; i++) {
		before2 = before;
		before = h;
		h = hash_add(h, line.s[i]);
	}
	level = find_boundary(r, (struct str){ line.s + 2, line.n - 2 }, h);
	if (level >= 0 || line.n < 5 || memcmp(line.s + line.n - 2, "--", 2) != 0)
		return level;
	*close = true;
	return find_boundary(r, (struct str){ line.s + 2, line.n - 4 }, before2);
}

static void
set_hit(struct reader *r, const char *start, const char *line, size_t n, int level, bool close)
{
	r->hit = level;
	r->hit_close = close;
	r->p = line + n;
	if (line > start && line[-1] == '\n')
		line--;
	if (line > start && line[-1] == '\r')
		line--;
	r->body_end = line;
}

/* Go on to the next delimiter line of any open multipart. */
static void
next_delimiter(struct reader *r)
{
	const char *start = r->p, *p = r->p;
	size_t n;
	bool close;
	int level;

	while (r->nopen > 0 && p < r->end) {
		if (r->end - p > 2 && p[0] == '-' && p[1] == '-') {
			n = line_length((struct str){ p, (size_t)(r->end - p) });
			level = match_line(r, (struct str){ p, n }, &close);
			if (level >= 0) {
				set_hit(r, start, p, n, level, close);
				return;
			}
			p += n - 1; /* stay on the line feed */
		}
		p = memmem(p, (size_t)(r->end - p), "\n--", 3);
		if (p == NULL)
			break;
		p++;
	}
	r->hit = -1;
	r->hit_close = false;
	r->p = r->body_end = r->end;
}

static struct str
take_head(struct reader *r)
{
	struct str s = { r->p, (size_t)(r->end - r->p) };
	size_t blank, n = mime_head_length(s, &blank), at = 0, line;
	bool close;

	/* A delimiter may look like a field ("--a:b"); it ends a cut-off header all the same. */
	while (at < n) {
		line = line_length((struct str){ s.s + at, n - at });
		if (s.s[at] == '-' && match_line(r, (struct str){ s.s + at, line }, &close) >= 0) {
			n = at;
			blank = 0;
		}
		at += line;
	}
	r->p += n + blank;
	return (struct str){ s.s, n };
}

static enum encoding
encoding_of(struct arena *a, struct str raw)
{
	const char *v = raw.s == NULL ? "" : mime_param_value(a, raw);

	if (strcmp(v, "base64") == 0)
		return ENC_BASE64;
	if (strcmp(v, "quoted-printable") == 0)
		return ENC_QP;
	if (strcmp(v, "x-uuencode") == 0 || strcmp(v, "uuencode") == 0 || strcmp(v, "x-uue") == 0)
		return ENC_UU;
	return ENC_NONE;
}

/* "image/png"; what is no type at all is text/plain (RFC 2045, 5.2). */
static const char *
type_of(struct arena *a, struct str raw, const char *otherwise)
{
	const char *type = raw.s == NULL ? "" : mime_param_value(a, raw),
		   *slash = strchr(type, '/');

	if (slash == NULL || slash == type || slash[1] == '\0' || strlen(type) > 127)
		return strcmp(type, "text") == 0 ? "text/plain" : otherwise;
	for (const char *p = type; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 127 || strchr("()<>@,;:\\\"[]?=", *p) != NULL)
			return otherwise;
	return type;
}

static int
add_node(struct tree *t, const struct head *h, int depth, const char *otherwise)
{
	struct node *n;

	if (t->n == t->cap) {
		int cap = t->cap == 0 ? 8 : t->cap * 2;
		struct node *v = arena_alloc(t->arena, (size_t)cap * sizeof(*v));

		if (t->n > 0)
			memcpy(v, t->v, (size_t)t->n * sizeof(*v));
		t->v = v;
		t->cap = cap;
	}
	n = &t->v[t->n];
	n->type_raw = h->v[F_CONTENT_TYPE];
	n->type = type_of(t->arena, n->type_raw, otherwise);
	n->disposition = h->v[F_DISPOSITION];
	n->cid = h->v[F_CONTENT_ID];
	n->encoding = encoding_of(t->arena, h->v[F_ENCODING]);
	n->depth = depth;
	return t->n++;
}

/* Some senders forget the parameter: then the first line that looks like a delimiter is one. */
static const char *
guess_boundary(struct reader *r)
{
	struct str line = { r->p, (size_t)(r->end - r->p) };

	while (line.n > 0 && (*line.s == '\r' || *line.s == '\n')) {
		line.s++;
		line.n--;
	}
	line.n = line_length(line);
	while (line.n > 0 && (line.s[line.n - 1] == '\n' || line.s[line.n - 1] == '\r'))
		line.n--;
	if (line.n < 4 || line.n > 72 || memcmp(line.s, "--", 2) != 0)
		return NULL;
	return arena_dup(r->tree->arena, line.s + 2, line.n - 2);
}

static void
push(struct reader *r, const char *boundary)
{
	struct boundary *b = &r->open[r->nopen++];

	b->text = (struct str){ boundary, strlen(boundary) };
	while (b->text.n > 0 && is_blank(boundary[b->text.n - 1]))
		b->text.n--; /* as on the delimiter line */
	b->hash = 2166136261u;
	for (size_t i = 0; i < b->text.n; i++)
		b->hash = hash_add(b->hash, boundary[i]);
	r->seen[(b->hash & 255) >> 3] |= (uint8_t)(1 << (b->hash & 7));
}

static void read_entity(struct reader *, const struct head *, int depth, const char *otherwise);

static void
read_children(struct reader *r, int depth, const char *otherwise)
{
	const int mine = r->nopen - 1;
	struct head h;
	struct str raw;

	while (r->hit == mine && !r->hit_close) {
		if (r->tree->n >= MIME_PARTS) {
			r->tree->parts_cut = true;
			r->hit = -1;
			r->p = r->end;
			return;
		}
		raw = take_head(r);
		raw.n = raw.n < PART_HEADER ? raw.n : PART_HEADER;
		mime_head_read(&h, raw);
		read_entity(r, &h, depth + 1, otherwise);
	}
}

static bool
read_multipart(struct reader *r, int self, int depth)
{
	struct tree *t = r->tree;
	const char *boundary = mime_param(t->arena, t->v[self].type_raw, "boundary"), *start = r->p;
	int mine = r->nopen;

	if (boundary == NULL || *boundary == '\0')
		boundary = guess_boundary(r);
	if (boundary == NULL)
		return false;
	push(r, boundary);
	next_delimiter(r);
	if (r->hit != mine) { /* its delimiter never comes: what is there is text */
		r->nopen = mine;
		r->p = start;
		return false;
	}
	t->v[self].is_multipart = true;
	read_children(r, depth,
	    strcmp(t->v[self].type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain");
	r->nopen = mine;
	if (r->hit == mine)
		next_delimiter(r); /* past the epilogue */
	t->v[self].next = t->n;
	return true;
}

static void
read_entity(struct reader *r, const struct head *h, int depth, const char *otherwise)
{
	struct tree *t = r->tree;
	int self = add_node(t, h, depth, otherwise);
	const char *start = r->p;

	if (text_starts(t->v[self].type, "multipart/")) {
		if (depth >= MIME_DEPTH)
			t->depth_cut = true;
		else if (read_multipart(r, self, depth))
			return;
		else
			t->v[self].type = "text/plain";
	}
	next_delimiter(r);
	t->v[self].body = (struct str){ start, (size_t)(r->body_end - start) };
	t->v[self].next = t->n;
}

void
mime_tree_read(struct tree *t, const struct head *h, struct str body)
{
	struct reader r = { .tree = t, .p = body.s, .end = body.s + body.n };

	read_entity(&r, h, 0, "text/plain");
}
