/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, and the blob store: what is kept is on the disk before its name exists. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

struct mapping {
	void *p;
	size_t n;
};

static void
unmap(void *arg)
{
	struct mapping *m = arg;

	munmap(m->p, m->n);
}

bool
file_write(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n > 0) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		s += w;
		n -= (size_t)w;
	}
	return true;
}

struct str
file_map(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct mapping *m;
	struct stat st;
	void *p;

	if (fd < 0)
		return (struct str){ 0 };
	if (fstat(fd, &st) < 0 || st.st_size == 0) {
		close(fd);
		return st.st_size == 0 ? STR("") : (struct str){ 0 };
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return (struct str){ 0 };
	m = arena_alloc(a, sizeof *m);
	*m = (struct mapping){ p, (size_t)st.st_size };
	arena_defer(a, unmap, m);
	return (struct str){ p, m->n };
}

struct str
file_read(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf b = { .arena = a };
	char chunk[8192];
	ssize_t n;

	if (fd < 0)
		return (struct str){ 0 };
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(&b, chunk, (size_t)n);
	close(fd);
	return n < 0                ? (struct str){ 0 }
	       : buf_str(&b).n == 0 ? (struct str){ arena_dup(a, "", 0), 0 }
				    : buf_str(&b);
}

char *
blob_path(struct arena *a, const char *sha256)
{
	return arena_printf(a, "%s/%.2s/%.2s/%s", conf.blobs, sha256, sha256 + 2, sha256);
}

static bool
blob_fail(struct blob *b, const char *why)
{
	if (b->error == NULL)
		b->error = why;
	return false;
}

/* A flush failed once. The kernel tells that once and takes the pages for clean, so a second try proves nothing:
 * this process stores no more. What was not proven was promised to nobody. */
static bool lost;

static bool
sync_fail(struct blob *b)
{
	lost = lost || (errno == EIO || errno == ENOSPC || errno == EDQUOT);
	return blob_fail(b, strerror(errno));
}

/* The store's file system, open since before anything was written: a failed write back is told to those only who
 * had it open then. */
static int
store(void)
{
	static int fd = -1;
	static const char *of;

	if (fd < 0 || of != conf.blobs) {
		if (fd >= 0)
			close(fd);
		fd = open(conf.blobs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		of = conf.blobs;
	}
	return fd;
}

bool
blob_open(struct blob *b)
{
	static crypto_hash_sha256_state hash; /* one blob at a time in a process without threads */

	*b = (struct blob){ .fd = -1, .state = &hash };
	crypto_hash_sha256_init(&hash);
	if (lost)
		return blob_fail(b, "a flush to the disk failed; check it, then start docket anew");
	if (store() < 0)
		return blob_fail(b, strerror(errno));
	b->fd = open(conf.blobs, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0440);
	return b->fd >= 0 || blob_fail(b, strerror(errno));
}

bool
blob_write(struct blob *b, const void *p, size_t n)
{
	crypto_hash_sha256_update(b->state, p, n);
	if (!file_write(b->fd, p, n))
		return blob_fail(b, strerror(errno));
	b->size += (int64_t)n;
	return true;
}

static bool
sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	errno = why;
	return ok;
}

/* A folder of the store, shared by the processes of group docket-blobs. It inherits setgid: asking for
 * it is what RestrictSUIDSGID= of the units forbids. */
static bool
make_dir(const char *path)
{
	mode_t usual = umask(007);
	bool there = mkdir(path, 01770) == 0 || errno == EEXIST;

	umask(usual);
	return there;
}

/* Folders whose own names this process has flushed: another that made them may not have come so far. */
static bool
sync_dirs(const struct blob *b, const char *top, const char *mid)
{
	static unsigned char known[65536];
	unsigned at;

	if (sscanf(b->sha256, "%4x", &at) == 1 && known[at & 0xffff] == 0) {
		if (!sync_dir(conf.blobs) || !sync_dir(top))
			return false;
		known[at & 0xffff] = 1;
	}
	return sync_dir(mid);
}

/* Give the synced bytes their name; a name that exists already holds the same bytes. Without sync the caller
 * makes the names durable. */
static bool
link_blob(struct blob *b, bool sync)
{
	char from[64], top[512], mid[520], path[600];

	snprintf(from, sizeof from, "/proc/self/fd/%d", b->fd);
	if (snprintf(top, sizeof top, "%s/%.2s", conf.blobs, b->sha256) >= (int)sizeof top)
		return blob_fail(b, strerror(ENAMETOOLONG));
	snprintf(mid, sizeof mid, "%s/%.2s", top, b->sha256 + 2);
	snprintf(path, sizeof path, "%s/%s", mid, b->sha256);
	if (!make_dir(top) || !make_dir(mid))
		return blob_fail(b, strerror(errno));
	crash_point("rename", "blob");
	if (linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0 && errno != EEXIST)
		return blob_fail(b, strerror(errno));
	return !sync || sync_dirs(b, top, mid) || sync_fail(b);
}

static bool
finish_blob(struct blob *b)
{
	unsigned char h[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(b->state, h);
	sodium_bin2hex(b->sha256, SHA256_HEX, h, sizeof h);
	return b->error == NULL && (fchmod(b->fd, 0440) == 0 || blob_fail(b, strerror(errno)));
}

bool
blob_keep(struct blob *b)
{
	bool ok = finish_blob(b);

	crash_point("fsync", "blob");
	ok = ok && (fsync(b->fd) == 0 || sync_fail(b)) && link_blob(b, true);
	blob_drop(b);
	return ok;
}

bool
blob_finish(struct blob *b)
{
	bool ok = finish_blob(b);

	if (!ok)
		blob_drop(b);
	return ok;
}

/* Everything that was written to the store's file system so far is on the disk. */
static bool
sync_store(struct blob *b, const char *what)
{
	crash_point("fsync", what);
	(void)what;
	return syncfs(store()) == 0 || sync_fail(b);
}

/* Few are flushed each by itself: syncfs would wait for what everybody else has written. */
enum { FEW = 4 };

bool
blob_keep_all(struct blob *const *v, size_t n)
{
	bool few = n <= FEW, ok = true;

	if (few) {
		crash_point("fsync", "blobs");
		for (size_t i = 0; i < n; i++)
			ok = ok && (fsync(v[i]->fd) == 0 || sync_fail(v[i]));
	} else
		ok = sync_store(v[0], "blobs");
	for (size_t i = 0; i < n; i++) {
		ok = ok && link_blob(v[i], few);
		if (v[i]->error != NULL && i > 0)
			blob_fail(v[0], v[i]->error);
		blob_drop(v[i]);
	}
	return ok && (few || sync_store(v[0], "names"));
}

void
blob_drop(struct blob *b)
{
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}

char *
blob_store(struct ctx *c, const void *p, size_t n)
{
	struct blob b;

	if (!blob_open(&b) || !blob_write(&b, p, n) || !blob_keep(&b)) {
		blob_drop(&b);
		fail_cause(c, "blobs: %s", b.error);
		fail(c, 507, "storage",
		    "the file cannot be stored, nothing was changed; try again later");
	}
	return arena_strdup(&c->arena, b.sha256);
}
