/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a mail -> subject, people, ids, and what servers on the way wrote into it. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { CLAIM_MAX = 4000 };

struct header {
	struct arena *arena;
	const struct head *head;
	struct mail *mail;
	struct cuts *cut;
};

static bool
is_named(struct str name, const char *wanted)
{
	return name.n == strlen(wanted) && strncasecmp(name.s, wanted, name.n) == 0;
}

static void
add_claim(struct header *h, struct claim *v, enum claim_kind kind, struct str value)
{
	struct mail *m = h->mail;

	if (m->nclaims == MIME_CLAIMS || value.n > CLAIM_MAX)
		return;
	value = mime_unfold(h->arena, value, CLAIM_MAX);
	v[m->nclaims++] = (struct claim){ kind, m->hops, text_line(h->arena, value.s, value.n) };
}

/* What servers wrote: the more Received fields stand above, the longer ago. */
static void
read_trace(struct header *h)
{
	struct str rest = h->head->raw, name, value;
	struct claim *v = NULL;

	while (mime_head_next(&rest, &name, &value)) {
		char first = (char)(name.s[0] | 32);

		if (first == 'r' && is_named(name, "received")) {
			h->mail->hops++;
			continue;
		}
		if (first != 'a')
			continue;
		if (v == NULL)
			v = arena_alloc(h->arena, MIME_CLAIMS * sizeof(*v));
		if (is_named(name, "authentication-results"))
			add_claim(h, v, CLAIM_RESULTS, value);
		else if (is_named(name, "arc-authentication-results"))
			add_claim(h, v, CLAIM_ARC, value);
		else if (is_named(name, "arc-seal"))
			add_claim(h, v, CLAIM_SEAL, value);
	}
	h->mail->claims = v;
}

/* Fields that may stand there several times: To and Cc should not but do, and each hop of a forwarded
 * mail adds where it delivered. */
static void
read_recipients(struct header *h)
{
	struct str rest = h->head->raw, name, value;
	struct people delivered = { NULL, 0 };
	struct mail *m = h->mail;
	const char **v;
	bool cut = false;

	while (mime_head_next(&rest, &name, &value))
		if (is_named(name, "to"))
			mime_people_add(h->arena, &m->to, value, &h->cut->people);
		else if (is_named(name, "cc"))
			mime_people_add(h->arena, &m->cc, value, &h->cut->people);
		else if (is_named(name, "delivered-to") || is_named(name, "x-original-to") ||
			 is_named(name, "envelope-to"))
			mime_people_add(h->arena, &delivered, value, &cut);
	v = arena_alloc(h->arena, (delivered.n + 1) * sizeof(*v));
	for (size_t i = 0; i < delivered.n; i++)
		v[i] = delivered.v[i].email;
	m->delivered = (struct texts){ v, delivered.n };
}

static const char *
read_return_path(struct header *h)
{
	struct people p = { NULL, 0 };
	struct str raw = h->head->v[F_RETURN_PATH];

	if (raw.s == NULL)
		return NULL;
	mime_people_add(h->arena, &p, raw, &h->cut->people);
	return p.n > 0 ? p.v[0].email : "";
}

void
mime_header_read(struct arena *a, const struct head *head, struct mail *m, struct cuts *cut)
{
	struct header h = { a, head, m, cut };
	const struct str *v = head->v;
	struct texts ids = { NULL, 0 };
	bool ignored = false;

	m->subject = v[F_SUBJECT].s == NULL ? NULL : mime_words_line(a, v[F_SUBJECT]);
	mime_people_add(a, &m->from, v[F_FROM], &cut->people);
	mime_people_add(a, &m->reply_to, v[F_REPLY_TO], &cut->people);
	read_recipients(&h);
	read_trace(&h);
	m->sender = read_return_path(&h);
	m->date = mime_date_read(a, v[F_DATE]);
	if (v[F_MESSAGE_ID].s != NULL)
		ids = mime_ids_read(a, v[F_MESSAGE_ID], 2, &ignored);
	m->message_id = ids.n > 0 ? ids.v[0] : NULL;
	m->in_reply_to = mime_ids_read(a, v[F_IN_REPLY_TO], MIME_REFERENCES, &cut->references);
	m->references = mime_ids_read(a, v[F_REFERENCES], MIME_REFERENCES, &cut->references);
	m->docket_id = v[F_DOCKET_ID].s == NULL ? NULL : mime_words_line(a, v[F_DOCKET_ID]);
}
