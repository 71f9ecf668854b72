/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes -> struct mail. Whatever is wrong with them makes a poorer mail, never none. */
#include "mime/private.h"

#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>

enum {
	MEND_MAX = 8 << 20,
	LOOKS = 100,
	NESTED_MAX = 1 << 20,
	NESTED_TEXT = 64 << 10,
	NESTED_DEPTH = 3
};

struct reading {
	struct arena *arena;
	struct mail *mail;
	struct head head;
	struct tree tree;
	struct cuts cut;
	bool header_cut, body_cut;
	int looked;
};

void
mime_warm(void)
{
	static bool done;

	if (!done)
		g_mime_init();
	done = true;
	mime_charset_warm();
}

/* --- bodies --- */

/* <meta charset=...> counts where the header says nothing. */
static struct str
meta_charset(struct str s)
{
	struct str found = { NULL, 0 };
	const char *p, *end = s.s + (s.n < 2048 ? s.n : 2048);

	for (p = s.s; p != NULL && p < end; p++) {
		p = memchr(p, '=', (size_t)(end - p));
		if (p == NULL)
			break;
		if (p - s.s < 7 ||
		    (memcmp(p - 7, "charset", 7) != 0 && memcmp(p - 7, "CHARSET", 7) != 0))
			continue;
		for (p++; p < end && (*p == '"' || *p == '\'' || *p == ' ');)
			p++;
		found.s = p;
		while (p < end && strchr("\"' />;", *p) == NULL)
			p++;
		found.n = (size_t)(p - found.s);
		return found;
	}
	return found;
}

/* The text of a node as UTF-8; *room = bytes that bodies of its kind may still take. */
static char *
node_text(struct reading *r, int node, size_t *room)
{
	const struct node *n = &r->tree.v[node];
	struct buf b = { .arena = r->arena };
	const char *label = mime_param(r->arena, n->type_raw, "charset");
	struct str bytes, charset = { label, label == NULL ? 0 : strlen(label) };
	bool cut;
	char *text;

	bytes = mime_decode_some(r->arena, n->body, n->encoding, *room, &cut);
	r->body_cut = r->body_cut || cut;
	if (label == NULL && strcmp(n->type, "text/html") == 0)
		charset = meta_charset(bytes);
	mime_charset_add(&b, charset, bytes);
	if (b.n > *room) {
		b.n = *room;
		r->body_cut = true;
	}
	*room -= b.n;
	text = text_clean(r->arena, b.s == NULL ? "" : b.s, b.n);
	return text;
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static bool
has_param(struct reading *r, int node, const char *name, const char *value)
{
	return text_same(mime_param(r->arena, r->tree.v[node].type_raw, name), value);
}

/* Several texts as one, a line feed between them (close: unless there is one); a single one is not copied. */
struct joined {
	const char *s; /* NULL = none yet */
	struct buf b;
};

static void
join(struct joined *j, struct arena *a, const char *text, bool close)
{
	if (j->s == NULL) {
		j->s = text;
		return;
	}
	if (j->b.arena == NULL) {
		j->b.arena = a;
		buf_puts(&j->b, j->s);
	}
	if (!close || (j->b.n > 0 && j->b.s[j->b.n - 1] != '\n'))
		buf_putc(&j->b, '\n');
	buf_puts(&j->b, text);
	j->s = j->b.s;
}

static char *
as_html(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };
	size_t n;

	buf_puts(&b, "<div style=\"white-space: pre-wrap\">");
	for (; *text != '\0'; text += n + (text[n] != '\0')) {
		n = strcspn(text, "<>&");
		buf_add(&b, text, n);
		if (text[n] != '\0')
			buf_puts(&b, text[n] == '<' ? "&lt;" : text[n] == '>' ? "&gt;" : "&amp;");
	}
	buf_puts(&b, "</div>");
	return b.s;
}

struct words {
	struct joined text, html, page, shown;
	bool mixed;
	size_t text_room, html_room;
};

/* What a reader of plain text sees of a segment; NULL = nothing. */
static const char *
shown_text(struct reading *r, const struct segment *s, const char *text, const char *html)
{
	if (text != NULL && !is_blank(text)) {
		if (!has_param(r, s->text, "format", "flowed"))
			return text;
		return mime_flowed_join(r->arena, text, has_param(r, s->text, "delsp", "yes"));
	}
	if (html == NULL || (s->said_text && text == NULL))
		return NULL;
	return mime_html_text_marked(r->arena, (struct str){ html, strlen(html) });
}

static void
add_segment(struct reading *r, struct words *w, const struct segment *s)
{
	char *text = s->text < 0 ? NULL : node_text(r, s->text, &w->text_room);
	char *html = s->html < 0 ? NULL : node_text(r, s->html, &w->html_room);
	const char *shown = shown_text(r, s, text, html);

	if (text != NULL)
		join(&w->text, r->arena, text, false);
	if (html != NULL) {
		join(&w->html, r->arena, html, false);
		join(&w->page, r->arena, html, true);
	} else if (text != NULL && !s->said_html && !is_blank(text)) {
		w->mixed = true;
		join(&w->page, r->arena, as_html(r->arena, text), true);
	}
	if (shown != NULL)
		join(&w->shown, r->arena, shown, true);
}

/* Outlook says only there that a mail was passed on; what follows its header block is the news then. */
static bool
is_forwarded(const char *subject)
{
	static const char *const words[] = { "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "vs:", "vb:",
		"enc:", "doorst:", "weitergeleitet:", "weiterleitung:", "pd:", "továbbítás:",
		"ilt:" };

	for (size_t i = 0; subject != NULL && i < NELEM(words); i++)
		if (strncasecmp(subject, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* What Outlook packed away where nobody else finds it. */
static void
show_packed(struct reading *r, struct words *w, const struct tnef *t)
{
	if (w->shown.s != NULL && !is_blank(w->shown.s))
		return;
	if (t->html != NULL) {
		w->page.s = t->html;
		w->mixed = true;
	}
	w->shown.s = t->html == NULL ? t->text
				     : mime_html_text_marked(
					   r->arena, (struct str){ t->html, strlen(t->html) });
}

static void
read_bodies(struct reading *r, const struct bodies *b)
{
	struct mail *m = r->mail;
	struct words w = { .text_room = MIME_BODY, .html_room = MIME_BODY };
	struct tnef packed = { 0 };
	struct quote q;

	for (size_t i = 0; i < b->n; i++)
		add_segment(r, &w, &b->v[i]);
	mime_unpack(r->arena, m, &r->tree, &packed);
	m->text = w.text.s;
	m->html = w.html.s;
	w.mixed = w.mixed && m->html != NULL;
	show_packed(r, &w, &packed);
	m->page = w.mixed ? w.page.s : m->html;
	q = mime_quote(r->arena, w.shown.s == NULL ? "" : w.shown.s, is_forwarded(m->subject));
	m->visible = q.visible;
	m->folded = q.folded;
}

/* --- parts --- */
static const char *
part_cid(struct arena *a, const struct node *n)
{
	char *s, *end;
	size_t len;

	if (n->cid.s == NULL)
		return NULL;
	s = mime_words_line(a, (struct str){ n->cid.s, n->cid.n < 1000 ? n->cid.n : 1000 });
	if (*s == '<')
		s++;
	end = strchr(s, '>');
	len = end == NULL ? strlen(s) : (size_t)(end - s);
	return len == 0 || len > 500 ? NULL : arena_dup(a, s, len);
}

/* Does the HTML ask for the part with that id? Looked for only so often: parts and HTML may both be many. */
static bool
is_shown(struct reading *r, const char *cid)
{
	if (r->mail->html == NULL || r->looked >= LOOKS)
		return false;
	r->looked++;
	return strstr(r->mail->html, arena_printf(r->arena, "cid:%s", cid)) != NULL;
}

static void
read_part(struct reading *r, struct part *p, int node, bool related)
{
	const struct node *n = &r->tree.v[node];
	const char *how =
	    n->disposition.s == NULL ? "" : mime_param_value(r->arena, n->disposition);

	p->number = node;
	p->type = n->type;
	p->name = mime_name_safe(r->arena, mime_param(r->arena, n->disposition, "filename"));
	if (p->name == NULL)
		p->name = mime_name_safe(r->arena, mime_param(r->arena, n->type_raw, "name"));
	p->cid = part_cid(r->arena, n);
	p->is_inline = strcmp(how, "inline") == 0 ||
		       (*how == '\0' && p->cid != NULL && (related || is_shown(r, p->cid)));
	p->size = mime_decode_size(n->body, n->encoding);
}

static void
read_parts(struct reading *r, const struct bodies *b)
{
	const struct tree *t = &r->tree;
	struct mail *m = r->mail;
	bool *taken = arena_alloc(r->arena, (size_t)t->n + 1);
	int related_until = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].text >= 0)
			taken[b->v[i].text] = true;
		if (b->v[i].html >= 0)
			taken[b->v[i].html] = true;
	}
	m->parts = arena_alloc(r->arena, ((size_t)t->n + 1) * sizeof(*m->parts));
	for (int i = 0; i < t->n; i++) {
		if (t->v[i].is_multipart) {
			if (strcmp(t->v[i].type, "multipart/related") == 0 &&
			    t->v[i].next > related_until)
				related_until = t->v[i].next;
		} else if (!taken[i]) {
			read_part(r, &m->parts[m->nparts++], i, i < related_until);
		}
	}
}

static const char *
read_crypto(struct reading *r)
{
	const char *smime = NULL;

	for (int i = 0; i < r->tree.n; i++) {
		const char *type = r->tree.v[i].type;

		if (strcmp(type, "multipart/encrypted") == 0 ||
		    strcmp(type, "application/pgp-encrypted") == 0)
			return "pgp";
		if (strcmp(type, "application/pgp-signature") == 0)
			return "pgp-signed";
		if (strcmp(type, "application/pkcs7-signature") == 0 ||
		    strcmp(type, "application/x-pkcs7-signature") == 0)
			return "smime-signed";
		if (strcmp(type, "application/pkcs7-mime") == 0 ||
		    strcmp(type, "application/x-pkcs7-mime") == 0)
			smime =
			    has_param(r, i, "smime-type", "signed-data") ? "smime-signed" : "smime";
	}
	if (smime == NULL && r->mail->text != NULL &&
	    strstr(r->mail->text, "-----BEGIN PGP ") != NULL)
		return strstr(r->mail->text, "-----BEGIN PGP MESSAGE-----") != NULL ? "pgp"
										    : "pgp-signed";
	return smime;
}

static const char *
read_abridged(struct reading *r)
{
	struct buf b = { .arena = r->arena };

	if (r->header_cut)
		buf_puts(&b, "header ");
	if (r->cut.people)
		buf_puts(&b, "recipients ");
	if (r->cut.references)
		buf_puts(&b, "references ");
	if (r->tree.parts_cut)
		buf_puts(&b, "parts ");
	if (r->tree.depth_cut)
		buf_puts(&b, "depth ");
	if (r->body_cut)
		buf_puts(&b, "body ");
	return b.n == 0 ? NULL : text_line(r->arena, b.s, b.n);
}

/* Mail of very old systems: carriage returns only. It is copied, so it must not be large. */
static struct str
mend_line_ends(struct arena *a, struct str raw)
{
	char *s;

	if (raw.n == 0 || raw.n > MEND_MAX || memchr(raw.s, '\n', raw.n) != NULL ||
	    memchr(raw.s, '\r', raw.n) == NULL)
		return raw;
	s = arena_dup(a, raw.s, raw.n);
	for (size_t i = 0; i < raw.n; i++)
		if (s[i] == '\r')
			s[i] = '\n';
	return (struct str){ s, raw.n };
}

/* Blank lines and the separator of mbox files before the header. */
static struct str
skip_leading(struct str s)
{
	const char *nl;

	while (s.n > 0 && (*s.s == '\r' || *s.s == '\n')) {
		s.s++;
		s.n--;
	}
	if (s.n > 5 && (memcmp(s.s, "From ", 5) == 0 || memcmp(s.s, ">From", 5) == 0) &&
	    (nl = memchr(s.s, '\n', s.n)) != NULL)
		return (struct str){ nl + 1, s.n - (size_t)(nl + 1 - s.s) };
	/* A first line that continues nothing is no header, what follows it may be. */
	if (s.n > 0 && (*s.s == ' ' || *s.s == '\t') && (nl = memchr(s.s, '\n', s.n)) != NULL) {
		struct str rest = { nl + 1, s.n - (size_t)(nl + 1 - s.s) };
		size_t blank;

		if (mime_head_length(rest, &blank) > 0)
			return rest;
	}
	return s;
}

static struct mail *read_mail(struct arena *, struct str raw, int depth);

/* What a reader sees of an attached mail: its words, then those of mails in it. */
static void
show_nested(struct reading *r, int node, struct nested *v, int depth)
{
	const struct node *n = &r->tree.v[node];
	struct buf text = { .arena = r->arena };
	struct mail *m;
	bool cut;

	m = read_mail(
	    r->arena, mime_decode_some(r->arena, n->body, n->encoding, NESTED_MAX, &cut), depth);
	v->number = node;
	v->subject = m->subject;
	v->date = m->date;
	v->from = m->from;
	buf_puts(&text, m->visible);
	if (m->folded != NULL)
		buf_puts(&text, m->folded);
	for (size_t i = 0; i < m->nnested; i++)
		buf_printf(&text, "\n\n%s\n\n%s",
		    m->nested[i].subject == NULL ? "" : m->nested[i].subject, m->nested[i].text);
	v->text = text.n > NESTED_TEXT ? text_cut(r->arena, text.s, NESTED_TEXT)
		  : text.n == 0        ? ""
				       : text.s;
}

static void
read_nested(struct reading *r, int depth)
{
	struct nested *v = NULL;
	struct mail *m = r->mail;

	for (int i = 0; i < r->tree.n && m->nnested < MIME_NESTED && depth < NESTED_DEPTH; i++) {
		const struct node *n = &r->tree.v[i];

		if (n->is_multipart || n->body.n > NESTED_MAX ||
		    (strcmp(n->type, "message/rfc822") != 0 &&
			strcmp(n->type, "message/global") != 0))
			continue;
		if (v == NULL)
			v = arena_alloc(r->arena, MIME_NESTED * sizeof(*v));
		show_nested(r, i, &v[m->nnested++], depth + 1);
	}
	m->nested = v;
}

static struct mail *
read_mail(struct arena *a, struct str raw, int depth)
{
	struct reading r = { .arena = a };
	struct bodies b = { .arena = a };
	size_t n, blank;
	struct tree *tree = arena_alloc(a, sizeof(*tree));

	r.mail = arena_alloc(a, sizeof(*r.mail));
	raw = skip_leading(mend_line_ends(a, raw.s == NULL ? STR("") : raw));
	n = mime_head_length(raw, &blank);
	r.header_cut = n > MIME_HEADER;
	mime_head_read(&r.head, (struct str){ raw.s, r.header_cut ? MIME_HEADER : n });
	mime_header_read(a, &r.head, r.mail, &r.cut);
	r.tree.arena = a;
	mime_tree_read(&r.tree, &r.head, (struct str){ raw.s + n + blank, raw.n - n - blank });
	mime_bodies_select(&b, &r.tree);
	read_bodies(&r, &b);
	read_parts(&r, &b);
	r.mail->automatic = mime_auto_reason(a, &r.head, r.mail, r.tree.v[0].type);
	mime_bounce_read(a, &r.head, &r.tree, r.mail);
	r.mail->calendar = mime_calendar_read(a, &r.tree);
	r.mail->crypto = read_crypto(&r);
	read_nested(&r, depth);
	r.mail->abridged = read_abridged(&r);
	*tree = r.tree;
	r.mail->tree = tree;
	return r.mail;
}

struct mail *
mime_read(struct arena *a, struct str raw)
{
	mime_warm();
	return read_mail(a, raw, 0);
}

bool
mime_part_write(
    const struct mail *m, int number, bool (*put)(void *, const void *, size_t), void *arg)
{
	const struct node *n;

	if (number >= MIME_UNPACKED && (size_t)(number - MIME_UNPACKED) < m->nunpacked &&
	    m->unpacked_bytes != NULL) {
		const struct str *s = &m->unpacked_bytes[number - MIME_UNPACKED];

		return s->n == 0 || put(arg, s->s, s->n);
	}
	if (m->tree == NULL || number < 0 || number >= m->tree->n ||
	    m->tree->v[number].is_multipart)
		return false;
	n = &m->tree->v[number];
	return mime_decode(n->body, n->encoding, put, arg);
}
