/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What admitting a new and an old letter share. Private to channel/. */
#ifndef CHANNEL_ADMIT_H
#define CHANNEL_ADMIT_H

#include "channel/channel.h"
#include "ticket/ticket.h"

/* What is known of a letter before its ticket is. */
struct view {
	struct sender sender;
	struct row_intake_look look;
	struct trust trust;
	struct match match;
	struct message_new message;
};

/* --- admit.c --- */
/* What repeats the ticket's earlier messages is a quote, however it is marked. */
void admit_fold(struct ctx *, struct message_new *);
/* What the mail brought beside words and files: its seal, an invitation, mails inside. */
void admit_cards(struct ctx *, const struct letter *);
/* What the letter of a new ticket answers may come after it, from an import. */
void admit_expect(struct ctx *, const struct letter *);

/* --- admit_old.c --- */
/* A mail of the past joins its ticket or opens one as it would have been left. Nothing is an event: no rule runs,
 * nobody is told, nothing is answered, opened again or marked. false = it was here already. */
bool admit_old(struct ctx *, struct letter *, struct view *);

#endif
