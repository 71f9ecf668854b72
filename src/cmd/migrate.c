/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket migrate: apply the numbered files of sql/migrate that the database has not seen. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "sql.h"

enum { FILES = 1000 };

struct file {
	int64_t n;
	char *name, *path;
	struct str text;
	char sha256[SHA256_HEX];
};

struct migration {
	const char *dir;
	bool dry_run;
	struct file file[FILES];
	size_t nfiles;
	const struct file *now;
	int applied;
};

static int
is_sql(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 8 && strcmp(d->d_name + n - 4, ".sql") == 0;
}

static void
read_files(struct ctx *c, struct migration *m)
{
	struct dirent **found;
	int n = scandir(m->dir, &found, is_sql, alphasort);

	if (n < 0)
		fail(c, 500, "migrations", "%s: %s; name the folder in DOCKET_SQL", m->dir,
		    strerror(errno));
	arena_defer(&c->arena, free, found);
	for (int i = 0; i < n; i++) {
		struct file *f = &m->file[m->nfiles];

		arena_defer(&c->arena, free, found[i]);
		f->n = strtol(found[i]->d_name, NULL, 10);
		f->name = arena_strdup(&c->arena, found[i]->d_name);
		f->path = arena_printf(&c->arena, "%s/%s", m->dir, f->name);
		f->text = file_read(&c->arena, f->path);
		if (f->text.s == NULL)
			fail(c, 500, "migrations", "%s: %s", f->path, strerror(errno));
		if (f->n != (int64_t)++m->nfiles)
			fail(c, 500, "migrations", "%s: the next number is %04zu", f->path,
			    m->nfiles);
		crypt_sha256(f->text.s, f->text.n, f->sha256);
	}
}

/* What has been applied must be what lies there: history is never edited. */
static size_t
compare(struct ctx *c, const struct migration *m)
{
	struct rows_migration_list done = { 0 };

	if (!sql_schema_there(c))
		return 0;
	done = sql_migration_list(c);
	for (size_t i = 0; i < done.n; i++) {
		if (i >= m->nfiles)
			fail(c, 500, "schema_newer",
			    "the database has migration %s, which this docket does not know",
			    done.v[i].name);
		if (strcmp(done.v[i].sha256, m->file[i].sha256) != 0)
			fail(c, 500, "migration_edited",
			    "%s was edited after it had been applied; restore it", m->file[i].path);
	}
	return done.n;
}

static void
apply(struct ctx *c, void *arg)
{
	struct migration *m = arg;

	sql_migration_lock(c);
	db_script(c, m->now->text.s);
	sql_migration_add(c, m->now->n, m->now->name, m->now->sha256);
}

static void
prepare(struct ctx *c, void *arg)
{
	struct migration *m = arg;

	read_files(c, m);
	m->now = &m->file[compare(c, m)];
}

static struct migration *
begin(struct ctx *c)
{
	struct migration *m = arena_alloc(&c->arena, sizeof *m);
	const char *dir = getenv("DOCKET_SQL");

	m->dir = dir == NULL ? MIGRATIONS : dir;
	return m;
}

bool
migrate_pending(struct ctx *c, int64_t *pending)
{
	struct migration *m = begin(c);

	if (!unit_try(c, prepare, m))
		return false;
	*pending = m->file + m->nfiles - m->now;
	return true;
}

int
cmd_migrate(struct ctx *c, int argc, char **argv)
{
	struct migration *m = begin(c);

	m->dry_run = cmd_flag(&argc, argv, "--dry-run");
	if (argc > 1) {
		fputs("usage: docket migrate [--dry-run]\n", stderr);
		return EX_USAGE;
	}
	if (!unit_try(c, prepare, m))
		return cmd_failed(c);
	for (; m->now < m->file + m->nfiles; m->now++) {
		if (!m->dry_run && !unit_run(c, apply, m))
			return cmd_failed(c);
		printf("%s %s\n", m->dry_run ? "would apply" : "applied", m->now->name);
		m->applied++;
	}
	if (m->applied == 0)
		puts("the schema is up to date");
	return EX_OK;
}
