/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of agent/ tell each other. */
#ifndef AGENT_PRIVATE_H
#define AGENT_PRIVATE_H

#include "agent/agent.h"

/* The set of blank-separated names; names that are none are left out. */
uint32_t permission_set(const char *words);
/* How often rights changed in this pool, as far as its processes told each other. */
uint32_t share_rights(void);
/* Take one of the places to hash in, waiting at most ms; -1 = all are taken. */
int share_hash_begin(int ms);
void share_hash_end(int place);

#endif
