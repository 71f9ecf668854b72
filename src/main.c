/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket SUBCOMMAND: read the configuration, log in as the subcommand's role, run it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "db/db.h"

const struct command commands[] = {
	{ "migrate", cmd_migrate, "docket_owner", "[--dry-run]",
	    "bring the database to this version's schema" },
	{ "check", cmd_check, NULL, "[config|queries|rows|blobs|index] [--blobs]",
	    "look whether everything is as it should be" },
	{ "parse", cmd_parse, NULL, "< MAIL",
	    "read a mail from standard input, print what was understood as JSON" },
	{ "serve", cmd_serve, NULL, "", "answer agents' requests over FastCGI" },
	{ "live", cmd_live, "docket_agent", "", "tell browsers what happens, over FastCGI" },
	{ "openapi", cmd_openapi, "docket_agent", "", "print the API's contract as OpenAPI 3.1" },
	{ "call", cmd_call, "docket_agent",
	    "[--agent LOGIN] [--status] [--type TYPE] METHOD PATH [JSON|-] | --lines",
	    "run one route of the API, as that agent, or many from standard input" },
	{ "user", cmd_user, "docket_owner",
	    "add LOGIN --name NAME [--email ADDRESS] [--admin | --profile PROFILE] | "
	    "passwd LOGIN | disable LOGIN | list",
	    "agents; passwords come on standard input" },
	{ "token", cmd_token, "docket_owner",
	    "add LOGIN NAME [--days N] | list [LOGIN] | remove ID",
	    "API tokens; a new one is printed once" },
	{ "parse-child", cmd_parse_child, NULL, "", NULL },
	{ "ingest", cmd_ingest, "docket_work", "[--account NAME] < MAIL",
	    "take a mail from standard input and make it a ticket" },
	{ "work", cmd_work, "docket_work", "[--once]",
	    "make tickets of the mail that was fetched, as long as it runs" },
	{ "poll", cmd_poll, "docket_poll", "[--account NAME] | --idle [--again] --account NAME",
	    "fetch the mail of the accounts that are due, once; or of one whenever it comes" },
	{ "send", cmd_send, "docket_send", "[--pictures] [--once]",
	    "deliver the mails of the outbox, or fetch pictures, as long as it runs" },
	{ "account", cmd_account, "docket_owner",
	    "add NAME --address ADDRESS [--imap HOST[:PORT] | --pop3 HOST[:PORT]]\n"
	    "           [--security tls|starttls|plain] [--login LOGIN] [--auth password|oauth]\n"
	    "           [--folder FOLDER] [--after keep|delete|move:FOLDER] [--every SECONDS]\n"
	    "           [--type TYPE] [--status STATUS] [--owner AGENT] [--role ROLE]\n"
	    "           [--smtp HOST[:PORT]] [--smtp-security tls|starttls|plain]\n"
	    "           [--smtp-login LOGIN | --smtp-open] [--smtp-auth password|oauth]\n"
	    "           [--sender NAME] [--reply-to ADDRESS] [--signature TEXT]\n"
	    "           [--pin SHA256] [--smtp-pin SHA256] [--authserv-id NAME]\n"
	    "           [--reports ticket|closed|none]\n"
	    "           [--existing fetch|leave|import] [--since DATE]\n"
	    "       | change NAME [--name NAME] [--on | --off] [--idle-again] [the same options]\n"
	    "       | show NAME | password NAME | test NAME [--lang de|en]\n"
	    "       | import NAME [--since DATE [--folder FOLDER] [--status STATUS] [--count]]\n"
	    "           [--cancel] [--wait]\n"
	    "       | on NAME | off NAME | list",
	    "mail accounts; passwords come on standard input" },
	{ "index", cmd_index, "docket_index", "[--once | --check]",
	    "keep this host's search index, or compare it with the database" },
	{ "read-files", cmd_read_files, "docket_index", "", NULL },
	{ "read-file", cmd_read_file, NULL, "name=NAME type=TYPE", NULL },
	{ "reindex", cmd_reindex, "docket_index", "",
	    "build the search index anew and switch to it" },
	{ "key", cmd_key, "docket_owner", "init",
	    "make the keys that seal passwords and sign message ids" },
	{ 0 },
};

static int
help(FILE *to)
{
	fprintf(to, "usage: docket [--config FILE] [--verbose] COMMAND [ARGUMENTS]\n"
		    "       docket --version | --keys\n\n");
	for (const struct command *k = commands; k->name != NULL; k++)
		if (k->summary != NULL) /* what docket starts itself is no command */
			fprintf(to, "  %-10s %s\n", k->name, k->summary);
	fprintf(to, "\nThe file is /etc/docket/docket.conf or $DOCKET_CONFIG. 'docket COMMAND "
		    "--help' tells more; see "
		    "docket(1).\n");
	return to == stdout ? EX_OK : EX_USAGE;
}

static const struct command *
find(const char *name)
{
	for (const struct command *k = commands; name != NULL && k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static int
run(const struct command *k, const char *config, int argc, char **argv)
{
	static struct ctx c;
	const char *wrong;

	if (cmd_flag(&argc, argv, "--help") || cmd_flag(&argc, argv, "-h")) {
		printf("usage: docket %s %s\n%s\n", k->name, k->usage, k->summary);
		return EX_OK;
	}
	if (*k->usage == '\0' && argc > 1)
		return cmd_usage(k);
	wrong = conf_read(config);
	/* Reading one mail needs no file. */
	if (wrong != NULL && k->run != cmd_parse) {
		fprintf(stderr, "docket: %s\n", wrong);
		return EX_CONFIG;
	}
	setenv("DOCKET_CONFIG", config, 1); /* for the processes it starts */
	crypt_init();
	if (k->role != NULL)
		db_open(&c, k->role);
	return k->run(&c, argc, argv);
}

int
main(int argc, char **argv)
{
	const char *config = getenv("DOCKET_CONFIG");
	const struct command *k;

	if (config == NULL)
		config = "/etc/docket/docket.conf";
	argc--;
	argv++;
	for (; argc > 0 && argv[0][0] == '-'; argc--, argv++) {
		if (strcmp(argv[0], "--config") == 0 && argc > 1) {
			config = argv[1];
			argc--;
			argv++;
		} else if (strcmp(argv[0], "--verbose") == 0) {
			log_level = LOG_DEBUG;
		} else if (strcmp(argv[0], "--keys") == 0) {
			conf_document();
			return EX_OK;
		} else if (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0) {
			puts("docket " DOCKET_VERSION);
			return EX_OK;
		} else {
			return help(strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0
					? stdout
					: stderr);
		}
	}
	k = find(argc > 0 ? argv[0] : NULL);
	if (k == NULL) {
		if (argc > 0)
			fprintf(stderr, "docket: there is no command '%s'\n", argv[0]);
		return help(stderr);
	}
	return run(k, config, argc, argv);
}
