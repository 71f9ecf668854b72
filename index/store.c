/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generations of the index on the disk, and the reader of this process. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/index.h"
#include "index/terms.h"

static struct {
	struct xap_reader *reader;
	char name[32]; /* of its generation */
} open_now;

static const char *
prefix(struct arena *a)
{
	return arena_printf(a, "%d-", TERMS_VERSION);
}

/* The name that "current" leads to, "" = none or one of another version. */
static void
read_current(struct arena *a, char name[32])
{
	ssize_t n = readlink(arena_printf(a, "%s/current", conf.index), name, 31);

	name[n > 0 ? n : 0] = '\0';
	if (!text_starts(name, prefix(a)) || strchr(name, '/') != NULL)
		name[0] = '\0';
}

/* A folder that lost its database is no generation: opening it for writing would make an empty one. */
static bool
is_generation(struct arena *a, const char *path)
{
	return access(arena_printf(a, "%s/iamglass", path), F_OK) == 0;
}

char *
index_current(struct arena *a)
{
	char name[32], *path;

	read_current(a, name);
	path = arena_printf(a, "%s/%s", conf.index, name);
	return name[0] != '\0' && is_generation(a, path) ? path : NULL;
}

static const char *
filling(struct arena *a, const char *path)
{
	return arena_printf(a, "%s/filling", path);
}

bool
index_fills(struct arena *a, const char *path, bool does)
{
	int fd;

	if (!does)
		return unlink(filling(a, path)) == 0 || errno == ENOENT;
	fd = open(filling(a, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
	return fd >= 0 && close(fd) == 0;
}

bool
index_is_filling(struct arena *a, const char *path)
{
	return access(filling(a, path), F_OK) == 0;
}

/* Remove a generation: a folder of files. */
static void
remove_generation(struct arena *a, const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			unlink(arena_printf(a, "%s/%s", path, e->d_name));
	closedir(d);
	rmdir(path);
}

/* Each generation in the folder: the highest number, and those but `keep` removed when keep is given. */
static int64_t
each_generation(struct arena *a, const char *keep)
{
	DIR *d = opendir(conf.index);
	int64_t highest = 0, number;
	struct dirent *e;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		const char *dash = strchr(e->d_name, '-');

		if (dash == NULL || !text_int(dash + 1, 1, 999999999, &number))
			continue;
		if (number > highest)
			highest = number;
		if (keep != NULL && strcmp(e->d_name, keep) != 0)
			remove_generation(a, arena_printf(a, "%s/%s", conf.index, e->d_name));
	}
	closedir(d);
	return highest;
}

char *
index_next(struct arena *a)
{
	char name[32];

	/* What neither is current nor new was left by a rebuild that did not end. */
	read_current(a, name);
	each_generation(a, name);
	return arena_printf(
	    a, "%s/%s%lld", conf.index, prefix(a), (long long)each_generation(a, NULL) + 1);
}

bool
index_switch(struct arena *a, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char *fresh = arena_printf(a, "%s/current.new", conf.index);

	unlink(fresh);
	if (!is_generation(a, path) || symlink(name, fresh) != 0)
		return false;
	crash_point("xapian", "switch");
	if (rename(fresh, arena_printf(a, "%s/current", conf.index)) != 0)
		return false;
	each_generation(a, name);
	return true;
}

void
index_remove(struct arena *a, const char *path)
{
	const char *current = index_current(a);

	if (current != NULL && strcmp(current, path) != 0)
		remove_generation(a, path);
}

void
index_discard(struct arena *a)
{
	unlink(arena_printf(a, "%s/current", conf.index));
}

void
index_forget(void)
{
	xap_close(open_now.reader);
	open_now.reader = NULL;
	open_now.name[0] = '\0';
}

struct xap_reader *
index_reader(struct arena *a)
{
	char name[32];

	read_current(a, name);
	if (open_now.reader != NULL && strcmp(name, open_now.name) == 0)
		return open_now.reader;
	index_forget();
	if (name[0] == '\0' ||
	    xap_open(arena_printf(a, "%s/%s", conf.index, name), &open_now.reader) != XAP_OK)
		return NULL;
	memcpy(open_now.name, name, sizeof name);
	index_words(a, arena_printf(a, "%s/%s", conf.index, name));
	return open_now.reader;
}
