/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that C, the database and the screens share: events rules may wait for, what rules do, variables. */
#ifndef RULE_KINDS_H
#define RULE_KINDS_H

/* VARIABLE(name in a template, what it stands for) */
#define VARIABLES(VARIABLE)                                                                        \
	VARIABLE(TicketID, "the ticket's number")                                                  \
	VARIABLE(TicketTitle, "its subject")                                                       \
	VARIABLE(TicketType, "its type, in the language of the mail")                              \
	VARIABLE(TicketStatus, "its status, in the language of the mail")                          \
	VARIABLE(TicketPriority, "its priority, 0 to 5")                                           \
	VARIABLE(TicketDate, "the day it was opened")                                              \
	VARIABLE(TicketLastMessage,                                                                \
	    "the message that is sent; of an automatic mail the one it answers")                   \
	VARIABLE(TicketQuote,                                                                      \
	    "what the customer wrote last, quoted below a line that asks to write above it")       \
	VARIABLE(TicketHistory, "all messages of the ticket before this one, quoted likewise, "    \
				"the newest first; never comments")                                \
	VARIABLE(Greeting, "a greeting with the customer's name where it is known, with a comma")  \
	VARIABLE(CustomerName, "the customer's name, or nothing")                                  \
	VARIABLE(CustomerEmail, "the address that is written to")                                  \
	VARIABLE(AgentName, "who wrote the message; of an automatic mail the shop")                \
	VARIABLE(ShopName, "the account's sender name")                                            \
	VARIABLE(ShopEmail, "the account's address")                                               \
	VARIABLE(Date, "today")                                                                    \
	VARIABLE(SignatureText, "the agent's signature, else the account's")                       \
	VARIABLE(SignatureHTML, "the same")

/* INTERNAL(name): the original has it too; here it is for the shop alone, and refused in a mail to customers. */
#define INTERNALS(INTERNAL)                                                                        \
	INTERNAL(TicketLastComment)                                                                \
	INTERNAL(TicketTags)                                                                       \
	INTERNAL(TicketBackendURL)

/* ACTION(word in rule.actions, function) */
#define ACTIONS(ACTION) ACTION("send_mail", act_send_mail)

#endif
