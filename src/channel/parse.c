/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent's side of the child that reads mail: start it, hand over a descriptor, take the answer
 * within limits, bury it when it does not survive one. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "channel/channel.h"
#include "channel/parse.h"

enum {
	ANSWER = 96 << 20, /* a longer one is no description of a mail */
	CHUNK = 64 << 10,
	MEMORY = 512 << 20,
	STACK = 64 << 20,
#ifdef __SANITIZE_ADDRESS__
	CPU_SECONDS = 20, /* sanitizers are slower, and reserve terabytes of addresses */
#else
	CPU_SECONDS = 5,
#endif
	WALL_SECONDS = 45,
};

static struct {
	pid_t pid; /* 0 = none */
	int fd;
	int64_t cpu_until, wall_until; /* microseconds of the child's clock, and of ours */
	char why[200];
} child;

static int64_t
cpu_used(void)
{
	struct timespec t = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(child.pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
become_child(int fd)
{
	struct rlimit stack = { STACK, STACK };
	char *const argv[] = { "docket", "parse-child", NULL };

	dup2(fd, STDIN_FILENO);
	setrlimit(RLIMIT_STACK, &stack);
#ifndef __SANITIZE_ADDRESS__
	struct rlimit memory = { MEMORY, MEMORY };

	setrlimit(RLIMIT_AS, &memory);
#endif
	execv("/proc/self/exe", argv);
	_exit(EX_OSERR);
}

static void
start(struct ctx *c)
{
	int pair[2];

	if (child.pid != 0)
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		fail(c, 503, "parser", "no reader of mail: %s", strerror(errno));
	child.pid = fork();
	if (child.pid == 0)
		become_child(pair[1]);
	close(pair[1]);
	child.fd = pair[0];
	if (child.pid < 0) {
		child.pid = 0;
		close(child.fd);
		fail(c, 503, "parser", "no reader of mail: %s", strerror(errno));
	}
}

/* End it and say how it ended, unless a limit said so before. */
static void
bury(void)
{
	int status = 0;

	if (child.pid == 0)
		return;
	close(child.fd);
	kill(child.pid, SIGKILL);
	while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
		;
	child.pid = 0;
	if (child.why[0] != '\0')
		return;
	if (WIFSIGNALED(status))
		snprintf(child.why, sizeof child.why, "its reader was ended by signal %d",
		    WTERMSIG(status));
	else
		snprintf(child.why, sizeof child.why, "its reader gave up with code %d",
		    WEXITSTATUS(status));
}

void
parse_stop(void)
{
	bury();
}

/* The limits of one mail or part begin to run. */
static void
begin(void)
{
	child.why[0] = '\0';
	child.cpu_until = cpu_used() + CPU_SECONDS * INT64_C(1000000);
	child.wall_until = time_mono() + WALL_SECONDS * INT64_C(1000000);
}

/* Wait until the child says something; false = a limit is reached. */
static bool
wait_for_child(void)
{
	struct pollfd p = { .fd = child.fd, .events = POLLIN };

	while (poll(&p, 1, 100) <= 0) {
		if (cpu_used() > child.cpu_until)
			snprintf(child.why, sizeof child.why,
			    "reading it took more than %d s of computing", CPU_SECONDS);
		else if (time_mono() > child.wall_until)
			snprintf(child.why, sizeof child.why, "reading it took more than %d s",
			    WALL_SECONDS);
		else
			continue;
		return false;
	}
	return true;
}

static bool
take(void *to, size_t n)
{
	char *s = to;

	while (n > 0) {
		ssize_t r;

		if (!wait_for_child())
			return false;
		r = read(child.fd, s, n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		s += r;
		n -= (size_t)r;
	}
	return true;
}

static bool
ask(int64_t what, int64_t number, int fd)
{
	struct parse_ask question = { what, number };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec v = { &question, sizeof question };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *h = &control.align;

		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(h), &fd, sizeof fd);
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof control.bytes;
	}
	return sendmsg(child.fd, &m, MSG_NOSIGNAL) == (ssize_t)sizeof question;
}

/* Take an answer piece by piece; *end tells how it ended. */
static bool
take_answer(bool (*put)(void *, const void *, size_t), void *arg, uint32_t *end)
{
	char chunk[CHUNK];

	for (;;) {
		if (!take(end, sizeof *end))
			return false;
		if (*end == PARSE_END || *end == PARSE_NOTHING)
			return true;
		if (*end > PARSE_PIECE)
			return false;
		for (size_t left = *end, n; left > 0; left -= n) {
			n = left < sizeof chunk ? left : sizeof chunk;
			if (!take(chunk, n) || !put(arg, chunk, n))
				return false;
		}
	}
}

struct json {
	struct buf b;
};

static bool
put_json(void *arg, const void *p, size_t n)
{
	struct json *j = arg;

	if (j->b.n + n > ANSWER)
		return false;
	buf_add(&j->b, p, n);
	return true;
}

struct mail *
parse_read(struct ctx *c, const char *sha256, const char **why)
{
	int fd = open(blob_path(&c->arena, sha256), O_RDONLY | O_CLOEXEC);
	struct json j = { .b = { .arena = &c->arena } };
	struct mail *mail = NULL;
	uint32_t end = 1;
	off_t size;
	bool asked;

	if (fd < 0) {
		bool missing = errno == ENOENT;

		fail_cause(c, "%s", sha256);
		if (missing) /* room will not bring it back: tries count */
			fail(c, 507, "original_missing", "the original is not in the blob store");
		fail(c, 507, "storage", "the original cannot be opened: %s", strerror(errno));
	}
	start(c);
	begin();
	size = lseek(fd, 0, SEEK_END);
	asked = ask(PARSE_MAIL, size, fd);
	close(fd);
	if (asked && take_answer(put_json, &j, &end) && end == PARSE_END)
		mail = mime_from_json(&c->arena, buf_str(&j.b));
	if (mail != NULL)
		return mail;
	bury();
	*why = arena_strdup(&c->arena, child.why);
	return NULL;
}

bool
parse_part(struct ctx *c, int number, bool (*put)(void *, const void *, size_t), void *arg,
    const char **why)
{
	uint32_t end = 1;

	begin();
	if (child.pid != 0 && ask(PARSE_PART, number, -1) && take_answer(put, arg, &end))
		return end == PARSE_END;
	bury();
	*why = arena_strdup(&c->arena, child.why);
	return false;
}
