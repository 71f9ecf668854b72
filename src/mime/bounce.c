/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delivery reports (RFC 3464), and those of programs that know no such thing. */
#include "mime/private.h"

#include <string.h>

enum { REPORT_MAX = 64 << 10 };

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

/* The groups of fields are divided by blank lines; the first with an Action is the recipient's. */
static void
read_status(struct arena *a, struct bounce *b, struct str s)
{
	size_t n, blank;

	while (s.n > 0) {
		struct str group;

		n = mime_head_length(s, &blank);
		group = (struct str){ s.s, n };
		if (mime_head_find(group, "action").s != NULL ||
		    mime_head_find(group, "final-recipient").s != NULL) {
			b->action = first_word(a, mime_head_find(group, "action"));
			b->status = first_word(a, mime_head_find(group, "status"));
			b->recipient = address_of(a, mime_head_find(group, "final-recipient"));
			if (b->recipient == NULL)
				b->recipient =
				    address_of(a, mime_head_find(group, "original-recipient"));
			return;
		}
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

/* qmail: "Hi. This is the qmail-send ...", then "<hans@example.com>:" and the reason, then the mail. */
static bool
read_qmail(struct arena *a, struct bounce *b, const char *text)
{
	const char *p, *end, *copy;

	if (text == NULL || (!text_starts(text, "Hi. This is the") &&
				strstr(text, "\n--- Below this line") == NULL))
		return false;
	p = strstr(text, "\n<");
	end = p == NULL ? NULL : strstr(p, ">:\n");
	if (end != NULL && end - p < 300)
		b->recipient = arena_dup(a, p + 2, (size_t)(end - p) - 2);
	p = strstr(text, "(#");
	if (p != NULL && strcspn(p, ")") < 14)
		b->status = arena_dup(a, p + 2, strcspn(p, ")") - 2);
	copy = strstr(text, "Message-ID:");
	copy = copy == NULL ? strstr(text, "Message-Id:") : copy;
	if (copy != NULL)
		b->message_id =
		    id_in(a, (struct str){ copy, strlen(copy) < 1000 ? strlen(copy) : 1000 });
	b->action = "failed";
	return true;
}

static bool
from_daemon(struct arena *a, const struct mail *m)
{
	const char *email = m->from.n > 0 ? text_lower(a, m->from.v[0].email) : "";

	return (m->sender != NULL && *m->sender == '\0') || text_starts(email, "mailer-daemon") ||
	       text_starts(email, "postmaster@");
}

struct bounce *
mime_bounce_read(struct arena *a, const struct head *h, const struct tree *t, const struct mail *m)
{
	struct bounce *b = arena_alloc(a, sizeof(*b));
	bool report = false;

	for (int i = 0; i < t->n; i++) {
		const struct node *n = &t->v[i];

		if (strcmp(n->type, "message/delivery-status") == 0 ||
		    strcmp(n->type, "message/global-delivery-status") == 0) {
			report = true;
			read_status(a, b, content(a, n));
		} else if (report && b->message_id == NULL &&
			   (strcmp(n->type, "message/rfc822") == 0 ||
			       strcmp(n->type, "message/global") == 0 ||
			       strcmp(n->type, "text/rfc822-headers") == 0)) {
			b->message_id = id_in(a, content(a, n));
		}
	}
	if (report)
		return b;
	if (!from_daemon(a, m))
		return NULL;
	if (read_qmail(a, b, m->text))
		return b;
	if (h->v[F_FAILED_RECIPIENTS].s == NULL && h->v[F_IS_NDR].s == NULL)
		return NULL;
	b->recipient = address_of(a, h->v[F_FAILED_RECIPIENTS]);
	b->action = "failed";
	return b;
}
