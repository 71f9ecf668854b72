/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter that lay in its mailbox before docket came. */
#include "channel/admit.h"

/* When a mail of the past was written: what it says itself, unless it came to its mailbox earlier. */
static int64_t
dated(const struct letter *l)
{
	static const int64_t day = 86400LL * 1000000, begin_1990 = 631152000LL * 1000000;
	int64_t at;

	if (l->mail->date != NULL && time_parse(l->mail->date, &at) && at > begin_1990 &&
	    at < l->dated + day)
		return at;
	return l->dated;
}

static int64_t
open_old_ticket(struct ctx *c, const struct letter *l, const struct view *v, int64_t at)
{
	struct row_import_how how;
	int64_t ticket;

	if (!sql_import_how(c, l->import, &how))
		fail(c, 404, "account_unknown", "the account of this mail is gone");
	ticket = sql_import_ticket(c,
	    text_cut(&c->arena, ticket_subject(v->message.subject, v->message.language), 990),
	    how.type, how.status, l->account, v->sender.email, v->sender.name, v->sender.answer_to,
	    at);
	if (how.owner != 0)
		sql_import_owner(
		    c, ticket, how.owner, how.owner_role != 0 ? how.owner_role : sql_role_first(c));
	return ticket;
}

bool
admit_old(struct ctx *c, struct letter *l, struct view *v)
{
	struct message_new *m = &v->message;
	struct str files = l->files.n > 0 ? l->files : (struct str){ "[]", 2 };
	struct row_import_known known;
	int64_t at = dated(l), joined;

	if (m->ref != NULL &&
	    sql_import_known(c, m->ref, m->email, m->body, m->folded, files.s, &known)) {
		l->ticket = known.ticket;
		l->message = known.message;
		sql_import_twin(c, l->inbound, known.ticket, known.message);
		return false;
	}
	v->match =
	    match_find(c, l->account, l->mail, &v->sender, v->trust.result == TRUST_VERIFIED);
	joined = v->match.late ? v->match.named : v->match.ticket;
	if (joined == 0 && m->ref != NULL)
		joined = sql_match_foreign(c, (struct texts){ &m->ref, 1 }, v->sender.email);
	l->ticket = joined;
	if (joined == 0)
		l->ticket = open_old_ticket(c, l, v, at);
	m->ticket = l->ticket;
	if (joined != 0)
		admit_fold(c, m);
	l->message = sql_import_message(c, l->ticket, at, m->author, m->email, m->recipients,
	    m->subject, m->body, m->folded, m->html, m->automatic, m->ref, l->inbound,
	    joined != v->match.ticket ? "foreign_id" : v->match.evidence,
	    mime_trust_word(v->trust.result), v->trust.reason, v->trust.warnings, m->language);
	admit_cards(c, l);
	if (l->files.n > 0)
		sql_file_add_all(c, l->message, l->files.s);
	if (joined == 0)
		admit_expect(c, l);
	return true;
}
