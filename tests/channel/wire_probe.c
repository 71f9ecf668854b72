/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives channel/wire.h from the command line, for the tests of this folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "channel/wire.h"

static struct arena arena;
static struct wire_error error;

static int
fail_with(void)
{
	printf("error %s: %s\n", error.code, error.words);
	return 1;
}

static bool
put(void *arg, const void *p, size_t n)
{
	(void)arg;
	return fwrite(p, 1, n, stdout) == n;
}

static int64_t
number(const char *s)
{
	int64_t n = 0;

	if (s == NULL || !text_int(s, 0, INT64_MAX, &n)) {
		fprintf(stderr, "a number is missing\n");
		exit(2);
	}
	return n;
}

static int
imap_listing(struct imap *i, int64_t validity, char **v)
{
	struct imap_mail *mails;
	size_t n;

	if (!imap_list(i, &arena, number(v[0]), (size_t)number(v[1]), &mails, &n, &error))
		return fail_with();
	printf("uidvalidity %lld\n", (long long)validity);
	for (size_t k = 0; k < n; k++)
		printf("%lld %lld\n", (long long)mails[k].uid, (long long)mails[k].size);
	return 0;
}

/* imap FOLDER list LAST MAX | fetch UID [header] | move UID TARGET | delete UID | seen UID */
static int
imap(const struct server *s, char **v)
{
	struct imap *i = imap_open(&arena, s, &error);
	int64_t validity, uid;
	bool ok, found = true;

	if (i == NULL || !imap_select(i, v[0], &validity, &error))
		return fail_with();
	if (strcmp(v[1], "list") == 0)
		return imap_listing(i, validity, v + 2);
	uid = number(v[2]);
	if (strcmp(v[1], "fetch") == 0)
		ok = imap_fetch(i, uid, v[3] != NULL, put, NULL, &found, &error);
	else if (strcmp(v[1], "move") == 0)
		ok = imap_move(i, uid, v[3], &error);
	else if (strcmp(v[1], "delete") == 0)
		ok = imap_delete(i, uid, &error);
	else
		ok = imap_seen(i, uid, &error);
	imap_close(i);
	if (!found)
		printf("gone\n");
	return ok ? 0 : fail_with();
}

/* pop3 list | fetch NUMBER | delete NUMBER | drop NUMBER (delete, but no QUIT) */
static int
pop3(const struct server *s, char **v)
{
	struct pop3 *p = pop3_open(&arena, s, &error);
	struct pop3_mail *mails;
	size_t n;
	bool ok;

	if (p == NULL)
		return fail_with();
	if (strcmp(v[0], "list") == 0) {
		if (!pop3_list(p, &arena, &mails, &n, &error))
			return fail_with();
		for (size_t k = 0; k < n; k++)
			printf("%lld %lld %s\n", (long long)mails[k].number,
			    (long long)mails[k].size, mails[k].uidl);
		return 0;
	}
	if (strcmp(v[0], "fetch") == 0)
		ok = pop3_fetch(p, number(v[1]), put, NULL, &error);
	else
		ok = pop3_delete(p, number(v[1]), &error) &&
		     (strcmp(v[0], "drop") == 0 || pop3_quit(p, &error));
	return ok ? 0 : fail_with();
}

/* smtp FROM FILE TO... ; FILE may be a,b,c: one mail after the other */
static int
smtp(const struct server *s, char **v)
{
	struct smtp *m = smtp_open(&arena, s, &error);
	struct smtp_result result;
	struct texts to = { (const char *const *)v + 2, 0 };
	bool all = true;
	int *codes;

	if (m == NULL)
		return fail_with();
	while (v[2 + to.n] != NULL)
		to.n++;
	codes = arena_alloc(&arena, (to.n + 1) * sizeof *codes);
	for (char *name = strtok_r(v[1], ",", &v[1]); name != NULL;
	     name = strtok_r(NULL, ",", &v[1])) {
		struct smtp_mail mail = { v[0], to, file_read(&arena, name), "t1001.7", NULL,
			NULL };

		all = smtp_send(m, &mail, &result, codes) && all;
		for (size_t k = 0; k < to.n; k++)
			printf("%s %d\n", to.v[k], codes[k]);
		printf("result %d%s %s\n", result.code, result.sent_unknown ? " unknown" : "",
		    result.words);
	}
	smtp_close(m);
	return all ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct server s = { .host = "127.0.0.1" };
	struct rusage usage;
	bool memory = false;
	int c, status;

	(void)argc;
	conf.host = "docket.test";
	conf.mail_allow = "localhost 127.0.0.1";
	while ((c = getopt(argc, argv, "h:p:s:u:w:o:f:c:t:am")) != -1)
		switch (c) {
		case 'h': s.host = optarg; break;
		case 'p': s.port = (int)number(optarg); break;
		case 's':
			s.security = optarg[0] == 't'   ? WIRE_TLS
				     : optarg[0] == 's' ? WIRE_STARTTLS
							: WIRE_PLAIN;
			break;
		case 'u': s.user = optarg; break;
		case 'w': s.password = optarg; break;
		case 'o': s.token = optarg; break;
		case 'f': s.pin = optarg; break;
		case 'c': s.ca = optarg; break;
		case 't': s.seconds = (int)number(optarg); break;
		case 'a': conf.allow_plain = true; break;
		case 'm': memory = true; break;
		default: return 2;
		}
	argv += optind;
	if (argv[0] == NULL || argv[1] == NULL)
		return 2;
	status = strcmp(argv[0], "imap") == 0   ? imap(&s, argv + 1)
		 : strcmp(argv[0], "pop3") == 0 ? pop3(&s, argv + 1)
						: smtp(&s, argv + 1);
	arena_reset(&arena);
	getrusage(RUSAGE_SELF, &usage);
	if (memory)
		fprintf(stderr, "%ld\n", usage.ru_maxrss);
	return status;
}
