/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers that need C, and what they share. Prototypes of all handlers are made from the .api files. */
#ifndef API_API_H
#define API_API_H

#include <string.h>

#include "build/api.h"
#include "rule/rule.h"

/* Append a JSON value; .s NULL becomes null. */
void api_put(struct buf *, struct str json);
/* "key":"value" of an object; NULL becomes null. */
void api_put_text(struct buf *, const char *key, const char *value);
/* {"ticket":T} after a change. */
void api_reply_ticket(struct req *, int status, int64_t ticket);
/* A time to come as RFC 3339: the one given ("now" and NULL: so many seconds from now); fails 422. */
const char *api_future(struct ctx *, const char *given, int64_t seconds);
/* Fails 404 ticket_unknown when the agent may not see the ticket. */
void api_expect_visible(struct ctx *, int64_t agent, int64_t ticket);

#endif
