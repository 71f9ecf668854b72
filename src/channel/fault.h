/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of mail accounts in words. */
#ifndef CHANNEL_FAULT_H
#define CHANNEL_FAULT_H

#include "base/base.h"

struct fault {
	const char *code;
	const char *de, *de_remedy, *en, *en_remedy;
};
/* The fault of this code, or NULL. */
const struct fault *fault_of(const char *code);
/* All of them as JSON: [{code, cause: {de, en}, remedy: {de, en}}]. */
struct str fault_table(struct arena *);

#endif
