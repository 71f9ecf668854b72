/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket check: what its parts share. A finding is one line that says what is wrong and what to do. */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "cmd/cmd.h"
#include "sql.h"

struct check {
	struct ctx *c;
	int64_t wrong;
	bool bytes; /* read every blob, not only look whether it is there */
};

/* Print one finding. */
void cmd_check_found(struct check *, const char *fmt, ...) PRINTF(2, 3);
/* The schema is this program's, every query fits it. */
void cmd_check_queries(struct check *);
/* What the rows say of each other. */
void cmd_check_rows(struct check *);
/* Configuration, folders and keys. */
void cmd_check_config(struct check *);
/* Each row has its blob, each blob its row. */
void cmd_check_blobs(struct check *);
/* The index of this host holds what the database holds. */
void cmd_check_index(struct check *);

#endif
