/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket check: configuration and keys, the blob store, the index. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/check.h"
#include "index/index.h"

enum { PAGE = 500, UNCLAIMED_DAYS = 7 };

static void
check_folder(struct check *k, const char *key, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		cmd_check_found(
		    k, "%s = %s: %s: make it, or name another", key, path, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		cmd_check_found(k, "%s = %s is no folder: name another", key, path);
}

static void
get_public(struct ctx *c, void *arg)
{
	*(const char **)arg = sql_setting_get(c, "secret_public");
}

/* A key that this user may not read belongs to the processes that need it: that is how it should be. */
static void
check_keys(struct check *k)
{
	struct arena *a = &k->c->arena;
	struct str key = file_read(a, conf.secret);
	const char *wanted = NULL;
	char public_hex[65];

	if (key.s == NULL && errno == ENOENT)
		cmd_check_found(
		    k, "secret = %s does not exist: docket key init, or restore it", conf.secret);
	if (access(conf.reply_key, F_OK) != 0 && errno == ENOENT)
		cmd_check_found(k, "reply_key = %s does not exist: docket key init, or restore it",
		    conf.reply_key);
	if (key.s == NULL || !unit_try(k->c, get_public, &wanted))
		return;
	if (!crypt_public(arena_dup(a, key.s, strcspn(key.s, "\r\n")), public_hex))
		cmd_check_found(k, "secret = %s holds no key: restore it", conf.secret);
	else if (wanted == NULL || strcmp(wanted, public_hex) != 0)
		cmd_check_found(k,
		    "secret = %s is not the key that passwords are sealed for: restore that one",
		    conf.secret);
	explicit_bzero((char *)key.s, key.n);
}

void
cmd_check_config(struct check *k)
{
	check_folder(k, "blobs", conf.blobs);
	check_folder(k, "index", conf.index);
	check_keys(k);
	puts("the configuration can be read");
}

struct page {
	char after[SHA256_HEX];
	struct rows_check_blobs rows;
	struct texts names;
	struct rows_check_blobs_unknown unknown;
};

static void
read_page(struct ctx *c, void *arg)
{
	struct page *p = arg;

	p->rows = sql_check_blobs(c, p->after, PAGE);
}

static void
check_blob(struct check *k, const struct row_check_blobs *b)
{
	const char *path = blob_path(&k->c->arena, b->sha256);
	char sha256[SHA256_HEX];
	struct str bytes;
	struct stat st;

	if (stat(path, &st) < 0) {
		cmd_check_found(k,
		    "%s: its bytes %s cannot be found (%s): restore the file from a backup",
		    b->thing, path, strerror(errno));
	} else if (b->size >= 0 && st.st_size != b->size) {
		cmd_check_found(k,
		    "%s: %s has %lld bytes instead of %lld: restore the file from a backup",
		    b->thing, path, (long long)st.st_size, (long long)b->size);
	} else if (k->bytes) {
		bytes = file_map(&k->c->arena, path);
		crypt_sha256(bytes.s == NULL ? "" : bytes.s, bytes.n, sha256);
		if (bytes.s == NULL || strcmp(sha256, b->sha256) != 0)
			cmd_check_found(k,
			    "%s: %s does not hold what its name says: restore the file from "
			    "a backup",
			    b->thing, path);
	}
}

static int64_t
check_named(struct check *k)
{
	struct page p = { .after = "" };
	int64_t n = 0;

	do {
		if (!unit_try(k->c, read_page, &p)) {
			cmd_check_found(k, "blobs could not be looked at: %s", k->c->detail);
			return n;
		}
		for (size_t i = 0; i < p.rows.n; i++)
			check_blob(k, &p.rows.v[i]);
		if (p.rows.n > 0)
			snprintf(p.after, sizeof p.after, "%s", p.rows.v[p.rows.n - 1].sha256);
		n += (int64_t)p.rows.n;
		arena_reset(&k->c->arena);
	} while (p.rows.n == PAGE);
	return n;
}

static void
read_unknown(struct ctx *c, void *arg)
{
	struct page *p = arg;

	p->unknown = sql_check_blobs_unknown(c, p->names);
}

/* The files of one folder of the store that no row names for days: younger ones may wait for theirs. */
static void
check_leaf(struct check *k, const char *dir)
{
	const char *names[PAGE];
	struct page p = { .names = { names, 0 } };
	time_t old = time(NULL) - UNCLAIMED_DAYS * 86400;
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;

	while (d != NULL && (e = readdir(d)) != NULL && p.names.n < PAGE)
		if (e->d_name[0] != '.' && fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
		    st.st_mtime < old)
			names[p.names.n++] = arena_strdup(&k->c->arena, e->d_name);
	if (d != NULL)
		closedir(d);
	if (p.names.n == 0 || !unit_try(k->c, read_unknown, &p))
		return;
	for (size_t i = 0; i < p.unknown.n; i++)
		cmd_check_found(k, "%s/%s: no row names it for %d days: it can be removed", dir,
		    p.unknown.v[i].sha256, UNCLAIMED_DAYS);
}

void
cmd_check_blobs(struct check *k)
{
	int64_t n = check_named(k);

	for (int i = 0; i < 65536; i++) {
		char *dir = arena_printf(&k->c->arena, "%s/%02x", conf.blobs, i >> 8);

		if ((i & 255) == 0 && access(dir, F_OK) != 0)
			i += 255; /* nothing begins so */
		else
			check_leaf(k, arena_printf(&k->c->arena, "%s/%02x", dir, i & 255));
		arena_reset(&k->c->arena);
	}
	printf("%lld blobs %s\n", (long long)n, k->bytes ? "read" : "looked at");
}

struct queue {
	struct row_check_queue row;
	bool is_there;
};

static void
read_queue(struct ctx *c, void *arg)
{
	struct queue *q = arg;

	q->is_there = sql_check_queue(c, conf.node, &q->row);
}

static void
say(void *arg, const char *what, int64_t message)
{
	cmd_check_found(
	    arg, "the index: message %lld is %s: docket reindex", (long long)message, what);
}

void
cmd_check_index(struct check *k)
{
	struct queue q = { 0 };

	if (!unit_try(k->c, read_queue, &q)) {
		cmd_check_found(k, "the index could not be looked at: %s", k->c->detail);
	} else if (!q.is_there) {
		puts("this host has no index yet; docket index makes it");
	} else if (!q.row.filled) {
		puts("the index is being built");
	} else if (q.row.waiting > 0) {
		printf("%lld messages wait for the index; it was not compared\n",
		    (long long)q.row.waiting);
	} else if (index_check(k->c, say, k) < 0) {
		cmd_check_found(
		    k, "the index cannot be read: docket index builds it anew; is it running?");
	} else {
		puts("the index was compared with the database");
	}
}
