/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of accounts that sign in by OAuth. Only processes with network and key call these. */
#ifndef CHANNEL_OAUTH_H
#define CHANNEL_OAUTH_H

#include "channel/wire.h"
#include "db/db.h"

/* An access token that is good for a while, in the arena; asked for anew when less than ten minutes are left,
 * by one process at a time. NULL = *error: sign_in and oauth_client want a person, oauth_away ends by itself.
 * Not to be called in a unit. */
const char *oauth_token(struct ctx *, struct arena *, int64_t account, struct wire_error *);
/* Exchange the code of a consent (its hash in hex) for the account's first tokens; false = *error. */
bool oauth_exchange(struct ctx *, const char *consent, struct wire_error *);

#endif
