/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the targets of this folder share: libFuzzer's entry, one arena per input, and MUST. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define MUST(x) ((x) ? (void)0 : abort())

void fuzz(struct arena *, struct str input);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;

	fuzz(&arena, (struct str){ arena_dup(&arena, data, size), size });
	arena_reset(&arena);
	return 0;
}

#endif
