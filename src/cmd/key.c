/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket key init: the key pair that seals passwords and the key that signs message ids. What exists is
 * never replaced. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "sql.h"

/* A file that did not exist before, readable by its owner alone, on the disk; fails when it cannot be. */
static void
write_key(struct ctx *c, const char *path, const char *key)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	size_t n = strlen(key);
	bool ok =
	    fd >= 0 && write(fd, key, n) == (ssize_t)n && write(fd, "\n", 1) == 1 && fsync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (!ok)
		fail(c, 500, "key", "%s cannot be written: %s", path, strerror(why));
	printf("wrote %s\n", path);
}

static void
init_secret(struct ctx *c)
{
	struct str old = file_read(&c->arena, conf.secret);
	char public_hex[65], secret_hex[65];

	if (old.s == NULL && errno != ENOENT)
		fail(c, 500, "key", "%s cannot be read: %s", conf.secret, strerror(errno));
	if (old.s == NULL) {
		if (sql_setting_get(c, "secret_public") != NULL)
			fail(c, 409, "key_missing",
			    "passwords are sealed for a key that is not in %s; restore that file",
			    conf.secret);
		crypt_keypair(public_hex, secret_hex);
		write_key(c, conf.secret, secret_hex);
		explicit_bzero(secret_hex, sizeof secret_hex);
	} else if (!crypt_public(arena_dup(&c->arena, old.s, strcspn(old.s, "\r\n")), public_hex)) {
		fail(c, 500, "key", "%s holds no key; remove it and try again", conf.secret);
	} else {
		printf("%s exists\n", conf.secret);
		explicit_bzero((char *)old.s, old.n);
	}
	sql_setting_put(c, "secret_public", public_hex);
}

static void
init(struct ctx *c, void *arg)
{
	(void)arg;
	init_secret(c);
	if (access(conf.reply_key, F_OK) == 0)
		printf("%s exists\n", conf.reply_key);
	else
		write_key(c, conf.reply_key, crypt_random(&c->arena, 32));
}

int
cmd_key(struct ctx *c, int argc, char **argv)
{
	if (argc != 2 || !cmd_flag(&argc, argv, "init")) {
		fprintf(stderr, "usage: docket key init\n");
		return EX_USAGE;
	}
	return unit_run(c, init, NULL) ? EX_OK : cmd_failed(c);
}
