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

#endif
