/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May a machine's answer leave? RFC 3834 and what loops have taught (mail.md 4): never to a machine, never often. An
 * agent's own answer is asked none of this. */
#include "rule/rule.h"

/* Automatic answers to one address: of one ticket within a day, of all within an hour and within a day. */
enum { TICKET_DAY = 1, HOUR = 3, DAY = 10 };

static const char *
refusal(const struct row_automatic_cause *m, bool by_agent)
{
	if (m->email == NULL)
		return "no_address";
	if (m->automatic != NULL)
		return "machine";
	if (m->held)
		return "held";
	if (m->trust != NULL && m->trust[0] == 'f')
		return "sender_doubtful";
	if (m->own)
		return "own_address";
	if (m->complained)
		return "complaint";
	if (m->bounced)
		return "address_bounces";
	if (by_agent)
		return NULL;
	if (m->ticket_day >= TICKET_DAY)
		return "answered_today";
	if (m->hour >= HOUR)
		return "many_this_hour";
	return m->day >= DAY ? "many_this_day" : NULL;
}

const char *
auto_refusal(struct ctx *c, struct mail_order *order)
{
	struct row_automatic_cause m;
	const char *why;

	if (!sql_automatic_cause(c, order->ticket, order->message, &m))
		return "no_mail";
	why = refusal(&m, order->agent != 0);
	if (order->message == 0)
		order->message = m.message;
	order->to = m.email;
	return why;
}
