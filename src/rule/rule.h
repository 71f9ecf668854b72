/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event actions: a rule waits for an event, asks its condition, acts. Rules run in the unit of their cause,
 * once per event, and are the only way a mail leaves to a customer (I6). */
#ifndef RULE_H
#define RULE_H

#include "ticket/ticket.h"

/* Let the rules see this unit's events, and what the rules did, until nothing new happens; fails 500
 * rules_loop after 8 rounds. Every unit that changes a ticket calls it once before it ends. */
void rule_settle(struct ctx *);
/* What is asked of one ticket and one message of it. */
struct rule_question {
	int64_t agent;    /* who watches: only what he may see; 0 = a rule */
	const char *zone; /* his */
	int64_t ticket;
	int64_t message;   /* whose words count; 0 = the ticket's newest */
	bool is_unwritten; /* the message is still to come: its words may be any */
	const char *query; /* "" = always */
};
bool rule_matches(struct ctx *, const struct rule_question *);
/* Do words decide in it? */
bool rule_has_words(struct ctx *, const char *query);
/* Fails 422 rule_condition when something in a condition means nothing. */
void rule_condition_check(struct ctx *, const char *condition);
/* alert.c: tell those who watch folders of some messages that wait; true = there may be more. */
bool alert_waiting(struct ctx *);
/* By which of these rules (sql_rule_sending of the ticket) and to whom an agent's message would leave, as
 * JSON {"rule_id","rule","account","to","if_words"}; .s NULL = it would not leave. if_words: the rule
 * asks for words that the message is still to be written with. */
struct str rule_sending(struct ctx *, int64_t ticket, const struct rows_rule_sending *);

/* answer.c: what an agent wrote becomes a message. */
struct answer {
	int64_t ticket, agent;
	int64_t version; /* of the ticket, as its writer saw it */
	bool is_comment;
	const char *body;
	const char *html; /* the same, formatted, or NULL */
	struct ids uploads;
	struct texts to, cc; /* none = to the customer */
	int64_t status;      /* that the ticket gets with it; 0 = it keeps its own */
	int64_t resends;     /* the message whose mail failed and which this replaces; 0 = none */
};
/* Fails 409 ticket_changed when somebody else has written since, 422 when it cannot leave as it is. */
void answer_check(struct ctx *, const struct answer *, const struct row_ticket_lock *);
/* The message's id; the rules have settled. Fails 422 upload_unknown. */
int64_t answer_give(struct ctx *, const struct answer *);

/* template.c: text with $Variables. Values are never expanded again; what does not exist stands for nothing. */
struct variable {
	const char *name;  /* without $ */
	const char *value; /* text; NULL = nothing */
	const char *html;  /* the same as HTML; NULL = as html_make_text makes it */
};
char *template_fill(struct arena *, const char *text, const struct variable *, size_t n);
/* The same as HTML: the template is text, its values are HTML where they have it. */
char *template_html(struct arena *, const char *text, const struct variable *, size_t n);
/* The first variable in a template that does not exist, with its $, or NULL; rule/kinds.h names those that do. */
char *template_unknown(struct arena *, const char *text);
/* Is it one that the shop alone may see? */
bool template_internal(const char *name);
/* All that exist, as JSON [{"name","what"}]. */
struct str template_variables(struct arena *);

/* mail.c: render and queue one mail to the ticket's customer; records mail.queued, or mail.skipped
 * with its reason when it cannot leave. */
struct mail_order {
	int64_t ticket, rule, template;
	int64_t message; /* that is sent; of an automatic mail the one it answers */
	int64_t agent;   /* who wrote or set it off; 0 = nobody: it is counted against loops */
	const char *automatic; /* Auto-Submitted (RFC 3834); NULL = a person wrote it */
	const char *to;        /* of an automatic mail; else NULL: the customer */
};
void mail_to_customer(struct ctx *, const struct mail_order *);
/* What would leave: {"subject","text","html"} of a template's words, for a ticket and, where message is given, words
 * that are being written. Fails 422 with the reason when nothing could. */
struct mail_trial {
	int64_t ticket, agent;
	const char *subject, *body, *language;
	const char *message; /* NULL = the ticket's newest one of an agent */
};
struct str mail_preview(struct ctx *, const struct mail_trial *);
void mail_skip(struct ctx *, const struct mail_order *, const char *why);

/* auto.c: why no automatic mail may leave for this ticket's sender now, or NULL. order->message 0 =
 * it answers the newest mail; message and to are filled. */
const char *auto_refusal(struct ctx *, struct mail_order *);

#endif
