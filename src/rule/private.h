/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of rule/ say to each other. */
#ifndef RULE_PRIVATE_H
#define RULE_PRIVATE_H

#include "mime/mime.h"
#include "rule/rule.h"

/* A mail to a customer while it is made. */
struct letter {
	const struct mail_order *order;
	struct row_mail_envelope to;
	struct row_mail_facts facts;
	struct row_agent_mail agent;
	struct row_template_text text;
	struct row_render_ticket ticket;
	const char *message;                /* what a customer may read of it; NULL = nothing */
	const char *html;                   /* the same as its writer formatted it, or NULL */
	struct rows_render_history history; /* of messages before it, the newest first */
	struct rows_render_thread thread;
	struct rows_render_files files;
	bool *inside;                    /* of each file: the HTML shows it */
	struct texts recipients, copies; /* whom it goes to */
	const char *ref, *subject, *body, *page;
};

/* render.c: fill in subject, body and page (the body as HTML) by text, and inside. */
void render_letter(struct ctx *, struct letter *);

#endif
