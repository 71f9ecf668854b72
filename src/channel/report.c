/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What machines report of our mails: not delivered, not yet, unwanted (mail.md 5). */
#include <string.h>

#include "channel/channel.h"

/* The mail meant, of those that left for this ticket; false = none, and nothing is marked. */
static bool
find_mail(struct ctx *c, const char *ref, const char *recipient, int64_t ticket,
    struct row_report_mail *mail)
{
	return (ref != NULL || recipient != NULL) &&
	       sql_report_mail(c, ref, ticket, recipient, mail);
}

static bool
is_for_good(const struct bounce *b)
{
	return b->status == NULL || text_starts(b->status, "5.");
}

static void
note_bounce(struct ctx *c, const struct bounce *b, const char *words, int64_t ticket)
{
	bool failed = b->action != NULL && strcmp(b->action, "failed") == 0;
	bool delayed = b->action != NULL && strcmp(b->action, "delayed") == 0;
	struct row_report_mail mail;

	/* What was delivered, relayed or expanded is no trouble. */
	if (!failed && !delayed)
		return;
	if (!find_mail(c, b->message_id, b->recipient, ticket, &mail))
		return;
	if (sql_report_bounced(c, mail.id, failed ? "failed" : "delayed", b->status, words) == 0)
		return;
	if (failed && is_for_good(b) && mail.to != NULL)
		sql_report_address(c, mail.to, b->status);
	log_info(c, "mail.bounced", "outbox=%lld ticket=%lld status=%s", (long long)mail.id,
	    (long long)mail.ticket_id, b->status == NULL ? "-" : b->status);
}

static void
note_complaint(struct ctx *c, const struct complaint *p, int64_t ticket)
{
	struct row_report_mail mail;

	if (!find_mail(c, p->message_id, p->recipient, ticket, &mail) || mail.to == NULL)
		return;
	if (sql_report_complaint(c, mail.id, mail.to) > 0)
		log_warn(c, "mail.complained", "outbox=%lld ticket=%lld", (long long)mail.id,
		    (long long)mail.ticket_id);
}

void
report_note(struct ctx *c, const struct mail *m, int64_t ticket)
{
	if (m->bounce != NULL)
		note_bounce(c, m->bounce, m->bounce_words, ticket);
	if (m->complaint != NULL)
		note_complaint(c, m->complaint, ticket);
}
