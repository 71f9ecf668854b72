/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subcommands of the one binary. Each gets its own arguments (argv[0] is its name) and returns an
 * exit code of sysexits.h. */
#ifndef CMD_H
#define CMD_H

#include <sysexits.h>

#include "base/base.h"

struct command {
	const char *name;
	int (*run)(struct ctx *, int argc, char **argv);
	const char *role;  /* the database role it logs in as; NULL = it opens none */
	const char *usage; /* its arguments */
	const char *summary;
};
extern const struct command commands[]; /* NULL name at the end */

/* What every command knows: --help, unknown options. An option of argv: its value, "" without one, NULL =
 * it is not there; it is taken out of argv. */
const char *cmd_option(int *argc, char **argv, const char *name);
/* true when argv[1] is this word (a flag); it is taken out. */
bool cmd_flag(int *argc, char **argv, const char *name);
/* Nothing may be left over; else print what is and return EX_USAGE. */
int cmd_usage(const struct command *);
/* What a failed unit means for the shell: print it, return the code. */
int cmd_failed(struct ctx *);
/* SIGTERM or SIGINT came: loops end after the piece of work at hand. */
extern volatile int cmd_stop;
/* Set cmd_stop by signals; also makes poll(2) return at once. */
void cmd_stoppable(void);

/* Where the migrations of an installed docket lie, unless DOCKET_SQL says otherwise. */
#define MIGRATIONS "/usr/share/docket/sql/migrate"
/* How many migrations the database lacks; false = it was made by another docket, c says how. */
bool migrate_pending(struct ctx *, int64_t *pending);

int cmd_migrate(struct ctx *, int, char **);
int cmd_check(struct ctx *, int, char **);
int cmd_parse(struct ctx *, int, char **);
int cmd_serve(struct ctx *, int, char **);
int cmd_live(struct ctx *, int, char **);
int cmd_openapi(struct ctx *, int, char **);
int cmd_call(struct ctx *, int, char **);
int cmd_user(struct ctx *, int, char **);
int cmd_token(struct ctx *, int, char **);
int cmd_ingest(struct ctx *, int, char **);
int cmd_work(struct ctx *, int, char **);
int cmd_index(struct ctx *, int, char **);
int cmd_reindex(struct ctx *, int, char **);
int cmd_key(struct ctx *, int, char **);
int cmd_poll(struct ctx *, int, char **);
int cmd_account(struct ctx *, int, char **);
/* docket account import. */
int cmd_account_import(struct ctx *, int, char **, bool german);
/* In which language the shell is spoken to: --lang, else as its locale says. */
bool cmd_speaks_german(const char *lang);
int cmd_send(struct ctx *, int, char **);
/* What docket send does with --pictures. */
int cmd_pictures(struct ctx *, bool once);
/* What docket work starts to read mail in; no command of people. */
int cmd_parse_child(struct ctx *, int, char **);
/* What docket index starts to read files: a process beside it, and a child for each file. */
int cmd_read_files(struct ctx *, int, char **);
int cmd_read_file(struct ctx *, int, char **);

#endif
