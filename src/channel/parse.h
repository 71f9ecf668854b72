/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What docket work and its mail reader say to each other over their socket pair. */
#ifndef CHANNEL_PARSE_H
#define CHANNEL_PARSE_H

#include <stdint.h>

enum {
	PARSE_MAIL = 'm', /* number = size; the descriptor comes along; the answer is JSON */
	PARSE_PART = 'p', /* number = which; the answer is its decoded bytes */
};
struct parse_ask {
	int64_t what, number;
};
/* Answers are pieces: a length and so many bytes; one of these instead of a length ends the answer. */
enum { PARSE_PIECE = 1 << 30 };
#define PARSE_END     UINT32_C(0)
#define PARSE_NOTHING UINT32_C(0xffffffff) /* there is no such part, or it could not be decoded */
enum { PARSE_NO_MEMORY = 71 };             /* exit code of the child */

#endif
