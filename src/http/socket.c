/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listening socket, from systemd or one's own, and words to systemd; both protocols by hand. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/http.h"

enum { SYSTEMD_FD = 3, BACKLOG = 512 };

/* sd_listen_fds(3): the descriptors are meant for the process that LISTEN_PID names. */
static bool
is_given(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	int64_t who, count;

	return pid != NULL && n != NULL && text_int(pid, 1, INT32_MAX, &who) && who == getpid() &&
	       text_int(n, 1, 1, &count);
}

/* Somebody listens there: a socket in use is not taken away from him. */
static bool
is_in_use(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool in_use = fd >= 0 && connect(fd, (const struct sockaddr *)a, sizeof *a) == 0;

	if (fd >= 0)
		close(fd);
	return in_use;
}

static int
own(struct ctx *c, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), n;

	n = snprintf(a.sun_path, sizeof a.sun_path, "%s/%s.sock", conf.sockets, name);
	if (n >= (int)sizeof a.sun_path) {
		log_error(c, "socket.path", "path=%s/%s.sock reason=longer than %zu bytes",
		    conf.sockets, name, sizeof a.sun_path - 1);
		return -1;
	}
	if (is_in_use(&a)) {
		log_error(c, "socket.open", "path=%s reason=another docket %s listens there",
		    a.sun_path, name);
		return -1;
	}
	unlink(a.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    chmod(a.sun_path, 0660) < 0 || listen(fd, BACKLOG) < 0) {
		log_error(c, "socket.open", "path=%s reason=%s", a.sun_path, strerror(errno));
		return -1;
	}
	return fd;
}

int
socket_listen(struct ctx *c, const char *name)
{
	int fd = is_given() ? SYSTEMD_FD : own(c, name);

	if (fd >= 0 && (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0 ||
			   fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)) {
		log_error(c, "socket.open", "fd=%d reason=%s", fd, strerror(errno));
		return -1;
	}
	return fd;
}

void
socket_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	size_t n = path == NULL ? 0 : strlen(path);
	int fd;

	if (n < 2 || n >= sizeof a.sun_path)
		return;
	memcpy(a.sun_path, path, n);
	if (*path == '@') /* an abstract name */
		a.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&a,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
}
