/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket parse < mail: what was understood of it, as JSON. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "mime/mime.h"

/* All of standard input, mapped; a pipe goes into a nameless file first, which grows without copies. */
static struct str
read_stdin(struct arena *a)
{
	struct str s = file_map(a, "/dev/stdin");
	static char chunk[65536];
	int fd;
	ssize_t n;

	if (s.s != NULL && s.n > 0)
		return s;
	fd = memfd_create("mail", MFD_CLOEXEC);
	while (fd >= 0 && (n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
		if (write(fd, chunk, (size_t)n) != n)
			break;
	return file_map(a, arena_printf(a, "/dev/fd/%d", fd));
}

int
cmd_parse(struct ctx *c, int argc, char **argv)
{
	struct str json;

	(void)argv;
	if (argc > 1) {
		fprintf(
		    stderr, "docket: parse takes no arguments; the mail comes on standard input\n");
		return EX_USAGE;
	}
	json = mime_json(&c->arena, mime_read(&c->arena, read_stdin(&c->arena)));
	if (fwrite(json.s, 1, json.n, stdout) != json.n || putchar('\n') == EOF ||
	    fflush(stdout) != 0)
		return EX_IOERR;
	return EX_OK;
}
