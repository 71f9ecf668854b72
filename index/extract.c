/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text in files: rows of file_text that wait are read in children, a few at a time, within limits; what they say
 * is written into the row, which queues the messages that have the file. */
#include "index/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "index/index.h"
#include "sql.h"

enum {
	JOBS = 2, /* files read at the same time */
	TRIES =
	    3, /* how often a file may be begun that ended nowhere: the whole process died with it */
	PIPE_MS = 100, /* how often limits are looked at */
	WAIT_MS = 1000,
	NICE = 19, /* who writes and who searches comes first */
	AGAIN_US = 5000000
};

struct job {
	pid_t pid; /* 0 = none */
	int fd;
	int64_t until;
	bool is_late;
	char sha256[SHA256_HEX];
	struct arena arena;
	struct buf text;
};
static struct job jobs[JOBS];

/* --- units --- */

struct result {
	const char *sha256, *state, *text, *reason;
};
struct taking {
	struct row_file_text_take row;
	bool is_one, is_alone;
};

static void
lock(struct ctx *c, void *arg)
{
	struct taking *t = arg;

	t->is_alone = sql_file_text_lock(c);
	if (t->is_alone)
		sql_file_text_again(c, conf.read_pictures);
}

/* The next file that no job reads yet; that it was begun is committed before it is. */
static void
take(struct ctx *c, void *arg)
{
	struct taking *t = arg;
	const char **running = arena_alloc(&c->arena, JOBS * sizeof *running);
	size_t n = 0;

	for (size_t i = 0; i < JOBS; i++)
		if (jobs[i].pid != 0)
			running[n++] = jobs[i].sha256;
	t->is_one = sql_file_text_take(c, (struct texts){ running, n }, &t->row);
}

static void
write_result(struct ctx *c, void *arg)
{
	const struct result *r = arg;

	sql_file_text_done(c, r->sha256, r->state, r->text, r->reason);
}

static bool
finish(struct ctx *c, const char *sha256, const char *state, const char *text, const char *reason)
{
	struct result r = { sha256, state, text, reason };

	if (reason != NULL)
		log_info(c, "file.unread", "sha256=%.12s reason=%s", sha256, reason);
	return unit_run(c, write_result, &r);
}

/* --- children --- */

static void
become_child(struct arena *a, int file, int out, const struct row_file_text_take *f)
{
	struct rlimit cpu = { (rlim_t)conf.file_seconds, (rlim_t)conf.file_seconds + 1 };
	/* Strangers name files: no word of theirs is taken for one of ours. */
	char *const argv[] = { "docket", "read-file", arena_printf(a, "name=%s", f->name),
		arena_printf(a, "type=%s", f->type), NULL };

	if (dup2(file, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(EX_OSERR);
	setpgid(0, 0);
	setrlimit(RLIMIT_CPU, &cpu);
	execv("/proc/self/exe", argv);
	_exit(EX_OSERR);
}

static struct job *
free_job(void)
{
	for (size_t i = 0; i < JOBS; i++)
		if (jobs[i].pid == 0)
			return &jobs[i];
	return NULL;
}

/* false = no process can be had: later. */
static bool
begin(struct job *j, int file, const struct row_file_text_take *f)
{
	int out[2];

	if (pipe2(out, O_CLOEXEC) < 0)
		return false;
	j->pid = fork();
	if (j->pid == 0)
		become_child(&j->arena, file, out[1], f);
	close(out[1]);
	if (j->pid < 0) {
		j->pid = 0;
		close(out[0]);
		return false;
	}
	j->fd = out[0];
	j->until = time_mono() + 5 * conf.file_seconds * 1000000;
	j->is_late = false;
	j->text = (struct buf){ .arena = &j->arena };
	memcpy(j->sha256, f->sha256, SHA256_HEX);
	return true;
}

/* false = nothing waits, or all is busy. */
static bool
start_next(struct ctx *c)
{
	struct job *j = free_job();
	struct taking t = { .is_one = false };
	int file;

	if (j == NULL || !unit_run(c, take, &t) || !t.is_one)
		return false;
	if (t.row.tries > TRIES)
		return finish(c, t.row.sha256, "failed", NULL, "crashed");
	file = open(blob_path(&c->arena, t.row.sha256), O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return finish(
		    c, t.row.sha256, "failed", NULL, errno == ENOENT ? "missing" : "unreadable");
	if (!begin(j, file, &t.row))
		finish(c, t.row.sha256, "failed", NULL, "unreadable");
	close(file);
	return true;
}

/* How it ended is why there is no text; what was written before a limit counts. */
static void
end_job(struct ctx *c, struct job *j, bool is_full)
{
	const char *text, *reason = NULL;
	int status = 0;
	int code;

	kill(-j->pid, SIGKILL);
	kill(j->pid, SIGKILL);
	while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(j->fd);
	j->pid = 0;
	code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (j->is_late || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU ||
						      (WTERMSIG(status) == SIGKILL && !is_full))))
		reason = "slow";
	else if (code == EX_UNAVAILABLE)
		reason = "no program";
	else if (code == EXTRACT_UNASKED)
		reason = "picture";
	else if (code != EX_OK && code != EXTRACT_NOTHING && !is_full)
		reason = "damaged";
	text = text_clean(&c->arena, j->text.n == 0 ? "" : j->text.s, j->text.n);
	if (*text == '\0' && (reason == NULL || code == EXTRACT_UNASKED))
		finish(c, j->sha256, "none", NULL, reason);
	else
		finish(c, j->sha256, reason == NULL ? "done" : "failed",
		    *text == '\0' ? NULL : text, reason);
	arena_reset(&j->arena);
}

/* What a child says; its end, or that a limit is reached, ends the job. */
static void
listen_to(struct ctx *c, struct job *j)
{
	char chunk[65536];
	ssize_t n = read(j->fd, chunk, sizeof chunk);

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		end_job(c, j, false);
		return;
	}
	if ((size_t)n > EXTRACT_TEXT - j->text.n)
		n = (ssize_t)(EXTRACT_TEXT - j->text.n);
	buf_add(&j->text, chunk, (size_t)n);
	if (j->text.n == EXTRACT_TEXT)
		end_job(c, j, true);
}

/* How long it stood in line for a processor: on a busy machine, at its priority, longer than it ran. 0 = unknown. */
static int64_t
waited_us(pid_t pid)
{
	char path[64], line[128];
	long long ran, waited = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fgets(line, sizeof line, f) == NULL || sscanf(line, "%lld %lld", &ran, &waited) != 2)
		waited = 0;
	fclose(f);
	return waited / 1000;
}

static bool
is_over(const struct job *j)
{
	int64_t now = time_mono();

	return now > j->until && now - waited_us(j->pid) > j->until;
}

/* false = there is no job. */
static bool
look_after(struct ctx *c)
{
	struct pollfd p[JOBS];
	bool any = false;

	for (size_t i = 0; i < JOBS; i++) {
		p[i] =
		    (struct pollfd){ .fd = jobs[i].pid != 0 ? jobs[i].fd : -1, .events = POLLIN };
		any |= jobs[i].pid != 0;
	}
	if (!any)
		return false;
	poll(p, JOBS, PIPE_MS);
	for (size_t i = 0; i < JOBS; i++)
		if (jobs[i].pid != 0 && p[i].revents != 0) {
			listen_to(c, &jobs[i]);
		} else if (jobs[i].pid != 0 && is_over(&jobs[i])) {
			jobs[i].is_late = true;
			end_job(c, &jobs[i], false);
		}
	return true;
}

bool
index_read_files(struct ctx *c, const volatile int *stop, bool once)
{
	struct taking t = { .is_alone = false };
	bool went_on = false;

	if (!once && setpriority(PRIO_PROCESS, 0, NICE) < 0)
		log_debug(c, "file.nice", "errno=%d", errno);
	db_listen(c, "docket_index");
	for (; *stop == 0; arena_reset(&c->arena)) {
		/* One process reads for all hosts; it is found out anew after the database was away. */
		if ((!t.is_alone || db_was_away(c)) && !unit_try(c, lock, &t))
			t.is_alone = false;
		while (t.is_alone && *stop == 0 && start_next(c))
			went_on = true;
		if (look_after(c))
			continue;
		if (once)
			break;
		db_wait(c, WAIT_MS);
	}
	for (size_t i = 0; i < JOBS; i++)
		if (jobs[i].pid != 0) {
			kill(-jobs[i].pid, SIGKILL);
			kill(jobs[i].pid, SIGKILL);
		}
	return went_on;
}

/* --- the process that does this beside the indexer --- */

static struct {
	pid_t pid; /* 0 = none */
	int64_t since;
} reader;

void
index_files_tend(struct ctx *c)
{
	char *const argv[] = { "docket", "read-files", NULL };

	if (reader.pid != 0 && waitpid(reader.pid, NULL, WNOHANG) == reader.pid)
		reader.pid = 0;
	if (reader.pid != 0 || (reader.since != 0 && time_mono() - reader.since < AGAIN_US))
		return;
	reader.since = time_mono();
	reader.pid = fork();
	if (reader.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		close_range(STDERR_FILENO + 1, ~0U, 0);
		execv("/proc/self/exe", argv);
		_exit(EX_OSERR);
	}
	if (reader.pid < 0) {
		log_error(c, "file.reader", "errno=%d", errno);
		reader.pid = 0;
	}
}

void
index_files_stop(void)
{
	if (reader.pid == 0)
		return;
	kill(reader.pid, SIGTERM);
	while (waitpid(reader.pid, NULL, 0) < 0 && errno == EINTR)
		;
	reader.pid = 0;
}
