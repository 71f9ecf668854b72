/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket index: keeps this host's search index, or compares it with the database. docket reindex: builds it
 * anew beside the one that is searched. */
#include <stdio.h>
#include <sys/stat.h>

#include "cmd/cmd.h"
#include "index/extract.h"
#include "index/index.h"

static void
say(void *arg, const char *what, int64_t message)
{
	(void)arg;
	printf("%s: message %lld\n", what, (long long)message);
}

static int
check(struct ctx *c)
{
	int64_t wrong = index_check(c, say, NULL);

	if (wrong < 0) {
		puts("the index or the database cannot be read");
		return EX_UNAVAILABLE;
	}
	printf("%lld differences\n", (long long)wrong);
	return wrong == 0 ? EX_OK : EX_DATAERR;
}

static int
unknown(const char *command, const char *word)
{
	fprintf(stderr, "docket: %s knows no '%s'\n", command, word);
	return EX_USAGE;
}

int
cmd_index(struct ctx *c, int argc, char **argv)
{
	bool once = cmd_flag(&argc, argv, "--once"), checks = cmd_flag(&argc, argv, "--check");

	if (argc > 1)
		return unknown("index", argv[1]);
	if (checks)
		return check(c);
	umask(027);
	cmd_stoppable();
	if (!index_run(c, &cmd_stop, once))
		return EX_TEMPFAIL;
	/* What was read in files queues their messages. */
	return !once || !index_read_files(c, &cmd_stop, true) || index_run(c, &cmd_stop, true)
		   ? EX_OK
		   : EX_TEMPFAIL;
}

int
cmd_read_files(struct ctx *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	cmd_stoppable();
	index_read_files(c, &cmd_stop, false);
	return EX_OK;
}

int
cmd_read_file(struct ctx *c, int argc, char **argv)
{
	(void)c;
	if (argc != 3 || !text_starts(argv[1], "name=") || !text_starts(argv[2], "type="))
		return EX_USAGE;
	return index_extract_child(argv[1] + 5, argv[2] + 5);
}

static void
say_progress(int64_t done, int64_t all, int64_t seconds)
{
	printf("%lld of %lld messages (%lld %%), about %lld:%02lld min left\n", (long long)done,
	    (long long)all, (long long)(100 * done / all), (long long)(seconds / 60),
	    (long long)(seconds % 60));
	fflush(stdout);
}

int
cmd_reindex(struct ctx *c, int argc, char **argv)
{
	if (argc > 1)
		return unknown("reindex", argv[1]);
	umask(027);
	cmd_stoppable();
	if (!index_rebuild(c, &cmd_stop, say_progress)) {
		fputs("docket: the index was not built anew; the old one stays\n", stderr);
		return EX_TEMPFAIL;
	}
	puts("the new index is searched");
	return EX_OK;
}
