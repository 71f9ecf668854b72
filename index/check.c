/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Index and database, message by message: what a document would be now, against what it is. */
#include "index/index.h"
#include "index/terms.h"
#include "sql.h"

enum { PAGE = 200 };

struct side {
	struct xap_digest v[PAGE];
	size_t n, i;
	int64_t before;
	bool is_over;
};
struct checking {
	struct side db, index;
	enum xap failed;
};

static void
read_database(struct ctx *c, void *arg)
{
	struct checking *k = arg;
	struct side *s = &k->db;
	struct rows_index_source_below rows = sql_index_source_below(c, s->before, PAGE);

	s->i = 0;
	for (s->n = 0; s->n < rows.n; s->n++) {
		struct row_index_source_below *m = &rows.v[s->n];
		struct term_source t = { m->is_comment, m->subject, m->text, m->people, m->files,
			m->attached, m->ticket };
		struct xap_doc *doc = terms_document(&c->arena, &t);

		s->v[s->n].message = m->id;
		if (doc == NULL || xap_doc_digest(doc, &s->v[s->n].digest) != XAP_OK)
			k->failed = XAP_FAILED;
		s->before = m->id;
	}
	s->is_over = rows.n < PAGE;
}

static void
read_index(struct ctx *c, struct checking *k)
{
	struct side *s = &k->index;
	struct xap_reader *r = index_reader(&c->arena);

	s->i = s->n = 0;
	k->failed = r == NULL ? XAP_NONE : xap_digests(r, s->before, s->v, PAGE, &s->n);
	s->is_over = s->n < PAGE;
	if (s->n > 0)
		s->before = s->v[s->n - 1].message;
}

static int64_t
head(const struct side *s)
{
	return s->i < s->n ? s->v[s->i].message : 0;
}

int64_t
index_check(struct ctx *c, void (*say)(void *, const char *what, int64_t message), void *arg)
{
	static struct checking k;
	int64_t wrong = 0;

	k = (struct checking){ .db = { .before = INT64_MAX } };
	index_reader(&c->arena); /* by its words the database is read, too */
	for (;;) {
		int64_t db, index;

		if (k.db.i == k.db.n && !k.db.is_over && !unit_try(c, read_database, &k))
			return -1;
		if (k.index.i == k.index.n && !k.index.is_over)
			read_index(c, &k);
		arena_reset(&c->arena);
		db = head(&k.db);
		index = head(&k.index);
		if (k.failed != XAP_OK)
			return -1;
		if (db == 0 && index == 0)
			return wrong;
		if (db != index)
			say(arg, db > index ? "missing" : "extra", db > index ? db : index);
		else if (k.db.v[k.db.i].digest != k.index.v[k.index.i].digest)
			say(arg, "stale", db);
		wrong += db != index || k.db.v[k.db.i].digest != k.index.v[k.index.i].digest;
		k.db.i += db >= index;
		k.index.i += index >= db;
	}
}
