/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commits do not sync. So a generation says on the disk in which boot of the machine it was written: the page
 * cache of that boot has what the disk may not have. After another boot nothing in it can be trusted; blocks that
 * never got to the disk do not show where documents are compared. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "index/index.h"

/* "" = cannot be read: then it is like no boot at all. */
static struct str
boot(struct arena *a)
{
	char id[64];
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, id, sizeof id);

	if (fd >= 0)
		close(fd);
	return (struct str){ arena_dup(a, id, n > 0 ? (size_t)n : 0), n > 0 ? (size_t)n : 0 };
}

static const char *
mark_of(struct arena *a, const char *path)
{
	return arena_printf(a, "%s/unsynced", path);
}

static bool
sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* The files of a generation, then their names. */
static bool
sync_generation(struct arena *a, const char *path)
{
	DIR *d = opendir(path);
	bool ok = d != NULL;
	struct dirent *e;

	while (ok && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			ok = sync_path(arena_printf(a, "%s/%s", path, e->d_name));
	if (d != NULL)
		closedir(d);
	return ok && sync_path(path) && sync_path(conf.index);
}

bool
index_unsync(struct arena *a, const char *path)
{
	const char *mark = mark_of(a, path);
	struct str id = boot(a);
	int fd = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	bool ok = fd >= 0 && write(fd, id.s, id.n) == (ssize_t)id.n && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok && sync_path(path) && sync_path(conf.index);
}

bool
index_sync(struct arena *a, const char *path)
{
	crash_point("fsync", "index");
	return sync_generation(a, path) && unlink(mark_of(a, path)) == 0;
}

bool
index_is_unsynced(struct arena *a, const char *path)
{
	return access(mark_of(a, path), F_OK) == 0;
}

bool
index_is_torn(struct arena *a, const char *path)
{
	struct str was, is;

	if (!index_is_unsynced(a, path))
		return false;
	was = file_read(a, mark_of(a, path));
	is = boot(a);
	return is.n == 0 || was.n != is.n || memcmp(was.s, is.s, is.n) != 0;
}
