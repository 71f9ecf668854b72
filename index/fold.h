/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding of code points, for terms.c alone. */
#ifndef FOLD_H
#define FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fold_kind {
	FOLD_BREAK,  /* no part of a word */
	FOLD_LETTER, /* part of a word */
	FOLD_ALONE,  /* a word by itself (Han, Kana) */
	FOLD_SILENT  /* inside a word, but not to be seen: accents, soft hyphens */
};
/* What a code point is, and what becomes of it: up to two code points in out, 0 = none. */
enum fold_kind fold_point(uint32_t, uint32_t out[2]);
/* plain with ae, oe, ue written as a, o, u where they may be umlauts; a beginning of a word loses its
 * last e as well, so that the folded beginning of a word begins the folded word. Gives the length of out. */
size_t fold_umlauts(const char *plain, char *out, size_t size, bool is_beginning);

#endif
