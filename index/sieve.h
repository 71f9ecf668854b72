/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between sieve.c and highlight.c: words that cannot be what is asked for are passed over without being read. */
#ifndef SIEVE_H
#define SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What terms begin with: by the first two letters, a bit for each third. */
struct sieve {
	uint32_t third[27][27];
};
/* A term (with its prefix) that is looked for. */
void sieve_want(struct sieve *, const char *term);
/* Pass over words from *at on that are none of these terms, nor compounds with one, and stand alone; true = at
 * least one was passed. *at is then the end of the last. */
bool sieve_pass(const struct sieve *, const char *text, size_t n, size_t *at);

#endif
