/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delivery reports (RFC 3464), what programs write that know no such thing (bounce_text.c), and complaints
 * (RFC 5965). */
#include "mime/private.h"

#include <string.h>

enum { REPORT_MAX = 64 << 10, WORDS_MAX = 500 };

static struct str
content(struct arena *a, const struct node *n)
{
	bool cut;

	return mime_decode_some(a, n->body, n->encoding, REPORT_MAX, &cut);
}

/* "rfc822; hans@example.com" -> hans@example.com */
static const char *
address_of(struct arena *a, struct str raw)
{
	char *v, *semicolon;
	struct people p = { NULL, 0 };
	bool cut = false;

	if (raw.s == NULL)
		return NULL;
	v = mime_words_line(a, raw);
	semicolon = strchr(v, ';');
	v = semicolon == NULL ? v : semicolon + 1;
	mime_people_add(a, &p, (struct str){ v, strlen(v) }, &cut);
	return p.n > 0 ? p.v[0].email : NULL;
}

static const char *
first_word(struct arena *a, struct str raw)
{
	char *v = raw.s == NULL ? NULL : text_lower(a, mime_words_line(a, raw));

	if (v != NULL)
		v[strcspn(v, " ;(")] = '\0';
	return v == NULL || *v == '\0' ? NULL : v;
}

/* "smtp; 550 5.1.1 no such user" -> what stands behind the type */
static const char *
words_of(struct arena *a, struct str raw)
{
	char *v = raw.s == NULL ? NULL : mime_words_line(a, raw);
	size_t n = v == NULL ? 0 : strcspn(v, "; ");

	if (v == NULL || *v == '\0')
		return NULL;
	return text_cut(a, v[n] == ';' ? v + n + 1 + strspn(v + n + 1, " ") : v, WORDS_MAX);
}

struct report {
	struct arena *arena;
	struct mail *mail;
	struct bounce *bounce;
	bool read, failed; /* a recipient's group was read; it says "failed" */
};

/* One recipient; a failed one counts more than one that only waits. */
static void
read_group(struct report *r, struct str group)
{
	struct bounce *b = r->bounce;
	const char *action = first_word(r->arena, mime_head_find(group, "action"));
	bool failed = text_same(action, "failed");

	if (r->read && (r->failed || !failed))
		return;
	r->read = true;
	r->failed = failed;
	b->action = action;
	b->status = first_word(r->arena, mime_head_find(group, "status"));
	b->recipient = address_of(r->arena, mime_head_find(group, "final-recipient"));
	if (b->recipient == NULL || strchr(b->recipient, '@') == NULL) {
		const char *original =
		    address_of(r->arena, mime_head_find(group, "original-recipient"));

		b->recipient = original != NULL ? original : b->recipient;
	}
	r->mail->bounce_words = words_of(r->arena, mime_head_find(group, "diagnostic-code"));
	if (b->status == NULL && r->mail->bounce_words != NULL)
		b->status = mime_bounce_status(r->arena, r->mail->bounce_words);
}

/* The groups of fields are divided by blank lines; the first tells of the report itself. */
static void
read_status(struct report *r, struct str s)
{
	size_t n, blank;

	while (s.n > 0) {
		struct str group;

		n = mime_head_length(s, &blank);
		group = (struct str){ s.s, n };
		if (mime_head_find(group, "action").s != NULL ||
		    mime_head_find(group, "final-recipient").s != NULL)
			read_group(r, group);
		if (n + blank == 0) { /* a line that is no field */
			const char *nl = memchr(s.s, '\n', s.n);

			n = nl == NULL ? s.n : (size_t)(nl - s.s) + 1;
		}
		s.s += n + blank;
		s.n -= n + blank;
	}
}

static const char *
id_in(struct arena *a, struct str head)
{
	struct str raw = mime_head_find(head, "message-id");
	bool cut = false;
	struct texts ids = { NULL, 0 };

	if (raw.s != NULL)
		ids = mime_ids_read(a, raw, 2, &cut);
	return ids.n > 0 ? ids.v[0] : NULL;
}

static void
read_complaint(struct report *r, struct str s)
{
	struct complaint *c = arena_alloc(r->arena, sizeof(*c));

	c->type = first_word(r->arena, mime_head_find(s, "feedback-type"));
	c->recipient = address_of(r->arena, mime_head_find(s, "original-rcpt-to"));
	r->mail->complaint = c;
}

/* The mail that a report is about, or its header alone; its id, or NULL. */
static const char *
returned_id(struct arena *a, const struct tree *t)
{
	const char *id = NULL;

	for (int i = 0; i < t->n && id == NULL; i++) {
		const struct node *n = &t->v[i];

		if (i > 0 && (strcmp(n->type, "message/rfc822") == 0 ||
				 strcmp(n->type, "message/global") == 0 ||
				 strcmp(n->type, "message/global-headers") == 0 ||
				 strcmp(n->type, "text/rfc822-headers") == 0))
			id = id_in(a, content(a, n));
	}
	return id;
}

static bool
from_daemon(struct arena *a, const struct mail *m)
{
	const char *email = m->from.n > 0 ? text_lower(a, m->from.v[0].email) : "";

	return (m->sender != NULL && *m->sender == '\0') || text_starts(email, "mailer-daemon") ||
	       text_starts(email, "mail-daemon") || text_starts(email, "maildelivery") ||
	       text_starts(email, "postmaster@");
}

/* A receipt or a report on encryption tells of no delivery. */
static bool
is_other_report(struct arena *a, const struct head *h)
{
	const char *type = mime_param(a, h->v[F_CONTENT_TYPE], "report-type");

	return type != NULL && !text_same(type, "delivery-status");
}

void
mime_bounce_read(struct arena *a, const struct head *h, const struct tree *t, struct mail *m)
{
	struct bounce *b = arena_alloc(a, sizeof(*b));
	struct report r = { a, m, b, false, false };
	bool report = false;

	for (int i = 0; i < t->n; i++) {
		const char *type = t->v[i].type;

		if (strcmp(type, "message/delivery-status") == 0 ||
		    strcmp(type, "message/global-delivery-status") == 0) {
			report = true;
			read_status(&r, content(a, &t->v[i]));
		} else if (strcmp(type, "message/feedback-report") == 0) {
			read_complaint(&r, content(a, &t->v[i]));
			((struct complaint *)m->complaint)->message_id = returned_id(a, t);
		}
	}
	if (!report && (m->complaint != NULL || !from_daemon(a, m) || is_other_report(a, h)))
		return;
	b->message_id = returned_id(a, t);
	if (h->v[F_FAILED_RECIPIENTS].s != NULL && b->recipient == NULL)
		b->recipient = address_of(a, h->v[F_FAILED_RECIPIENTS]);
	if (report || mime_bounce_text(a, m, b) || h->v[F_FAILED_RECIPIENTS].s != NULL ||
	    h->v[F_IS_NDR].s != NULL)
		m->bounce = b;
	if (m->bounce != NULL && !report && b->action == NULL)
		b->action = "failed";
}
