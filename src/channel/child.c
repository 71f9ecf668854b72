/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child's side: a descriptor of a mail comes in, JSON goes out; then parts by number. Whatever it
 * meets, it can only compute, answer or die. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel/channel.h"
#include "channel/parse.h"

struct mapped {
	void *p;
	size_t n;
};

static void
unmap(void *arg)
{
	struct mapped *m = arg;

	munmap(m->p, m->n);
}

/* The next question and the descriptor that came with it (-1 = none); false = the parent is gone. */
static bool
receive(struct parse_ask *ask, int *fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec v = { ask, sizeof *ask };
	struct msghdr m = { .msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes };
	struct cmsghdr *h;

	*fd = -1;
	if (recvmsg(STDIN_FILENO, &m, 0) != (ssize_t)sizeof *ask)
		return false;
	h = CMSG_FIRSTHDR(&m);
	if (h != NULL && h->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(h), sizeof *fd);
	return true;
}

static bool
put(const void *p, size_t n)
{
	return file_write(STDIN_FILENO, p, n);
}

/* A piece is its length and its bytes. */
static bool
put_piece(void *arg, const void *p, size_t n)
{
	uint32_t length = (uint32_t)n;

	(void)arg;
	return n == 0 || (put(&length, sizeof length) && put(p, n));
}

static struct mail *
read_mail(struct arena *a, int fd, int64_t size)
{
	struct str raw = STR("");

	if (size > 0) {
		struct mapped *m = arena_alloc(a, sizeof *m);

		m->n = (size_t)size;
		m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0);
		if (m->p == MAP_FAILED)
			_exit(PARSE_NO_MEMORY);
		arena_defer(a, unmap, m);
		raw = (struct str){ m->p, m->n };
	}
	close(fd);
	return mime_read(a, raw);
}

static bool
answer(struct arena *a, struct mail **mail, const struct parse_ask *ask, int fd)
{
	uint32_t end = PARSE_END;
	struct str json;

	if (ask->what == PARSE_MAIL) {
		arena_reset(a);
		*mail = read_mail(a, fd, ask->number);
		json = mime_json(a, *mail);
		return put_piece(NULL, json.s, json.n) && put(&end, sizeof end);
	}
	if (*mail == NULL || !mime_part_write(*mail, (int)ask->number, put_piece, NULL))
		end = PARSE_NOTHING;
	return put(&end, sizeof end);
}

int
child_serve(void)
{
	static struct arena a;
	struct rlimit none = { 0, 0 };
	struct mail *mail = NULL;
	struct parse_ask ask;
	int fd;

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	crash_point("parse", "start");
	mime_warm();
	sandbox_enter();
	while (receive(&ask, &fd) && answer(&a, &mail, &ask, fd))
		;
	_exit(0);
}
