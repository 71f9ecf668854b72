/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that C, the database and the screens share: events rules may wait for, what rules do, variables. */
#ifndef RULE_KINDS_H
#define RULE_KINDS_H

/* VARIABLE(name in a template, what it stands for) */
#define VARIABLES(VARIABLE)                                                                        \
	VARIABLE(TicketID, "the ticket's number")                                                  \
	VARIABLE(TicketTitle, "its subject")                                                       \
	VARIABLE(TicketLastMessage, "the message that is being sent")                              \
	VARIABLE(SignatureText, "the agent's signature, else the account's")

/* ACTION(word in rule.actions, function) */
#define ACTIONS(ACTION) ACTION("send_mail", act_send_mail)

#endif
