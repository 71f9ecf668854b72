/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What docket's own mail is known by when it comes back: signed Message-IDs and reply addresses. */
#ifndef TICKET_IDENT_H
#define TICKET_IDENT_H

#include "base/base.h"

/* <dk.TICKET.MESSAGE.RANDOM.HMAC@conf.host> without <>; HMAC-SHA256, 128 bit, over ticket and account, with
 * the key in conf.reply_key. Made once when a mail is queued, and stored. */
char *ident_message(struct ctx *, int64_t ticket, int64_t message, int64_t account);
/* local+tTICKET-HMAC@domain for the account's address. */
char *ident_address(struct ctx *, int64_t ticket, int64_t account, const char *address);
/* The ticket that a Message-ID (without <>) or an address of this account names with a valid HMAC; 0 =
 * none. */
int64_t ident_ticket(struct ctx *, int64_t account, const char *id_or_address);
/* HMAC of any other text by the same key, for addresses that docket makes for itself; 26 characters. */
char *ident_sign(struct ctx *, const char *text);

#endif
