/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only writer of this host's index. Queue rows are read, their messages written and committed to
 * Xapian, then exactly those rows are deleted: killed anywhere, it does some of it again, loses nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "index/index.h"
#include "index/terms.h"
#include "sql.h"

enum {
	TAKE = 200,         /* queue rows at a time */
	DONE = 5000,        /* ... until a commit */
	COMMIT_US = 300000, /* under load a commit at most this often */
	BACKLOG = 3,        /* full takes running: nobody waits for one message, commit by DONE */
	QUIET_US = 5000000, /* nothing came for so long: have it all on the disk */
	WAIT_MS = 1000,
	AWAY_MS = 300,
	SETTLE_MS = 50
};

/* One node's queue on its way into one generation. */
struct work {
	const char *node;
	const volatile int *stop;
	int64_t id; /* of the node */
	struct arena kept, scratch;
	const char *path; /* of the generation, in kept */
	struct xap_writer *writer;
	int64_t done[DONE + TAKE]; /* queue rows written and not yet committed */
	int64_t written, all;      /* rows committed, and how many a rebuild began with */
	size_t ndone, taken, full; /* full: takes running that found more than they could take */
	int64_t since;             /* the first of them was written then */
	bool is_unsynced;          /* the generation says so on the disk */
	enum xap failed;
	const char *xid;
	bool is_ready, is_alone, is_settled, has_adopted;
};

static const char *
rebuild_node(struct arena *a)
{
	return arena_printf(a, "%s (rebuild)", conf.node);
}

/* --- units: each reads or writes one thing --- */

static void
lock_node(struct ctx *c, void *arg)
{
	struct work *w = arg;

	w->is_alone = sql_index_lock(c, w->node);
}

static void
add_node(struct ctx *c, void *arg)
{
	struct work *w = arg;
	struct row_index_node_get row;

	w->xid = arena_strdup(&w->kept, sql_index_node_add(c, w->node));
	w->id = sql_index_node_get(c, w->node, &row) ? row.id : 0;
}

static void
find_node(struct ctx *c, void *arg)
{
	struct work *w = arg;
	struct row_index_node_get row;

	w->id = sql_index_node_get(c, w->node, &row) && row.filled ? row.id : 0;
}

static void
look_settled(struct ctx *c, void *arg)
{
	struct work *w = arg;

	w->is_settled = sql_index_settled(c, w->xid);
}

static void
fill_queue(struct ctx *c, void *arg)
{
	struct work *w = arg;

	sql_index_fill(c, w->id);
}

static void
adopt(struct ctx *c, void *arg)
{
	struct work *w = arg;

	w->has_adopted = sql_index_adopt(c, rebuild_node(&c->arena), w->id) > 0;
	if (w->has_adopted)
		log_info(c, "index.adopted", "node=%s", w->node);
}

static void
delete_rows(struct ctx *c, void *arg)
{
	struct work *w = arg;

	sql_index_done(c, w->id, (struct ids){ w->done, w->ndone });
}

static void
write_message(struct work *w, const struct row_index_source_of *m)
{
	struct term_source s = { m->is_comment, m->subject, m->text, m->people, m->files,
		m->attached, m->ticket };
	struct xap_doc *doc = terms_document(&w->scratch, &s);

	crash_point("xapian", "replace");
	w->failed = doc == NULL ? XAP_FAILED : xap_replace(w->writer, m->id, doc);
	arena_reset(&w->scratch);
}

static bool
is_among(const struct rows_index_source_of *m, int64_t id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].id == id)
			return true;
	return false;
}

/* Before anything is written, the disk knows that a power cut would tear it. */
static void
begin_batch(struct ctx *c, struct work *w)
{
	crash_begin();
	w->since = time_mono();
	w->is_unsynced = w->is_unsynced || index_unsync(&c->arena, w->path);
	if (!w->is_unsynced)
		w->failed = XAP_FAILED;
}

/* Write the next queue rows; a message that is no more loses its document. */
static void
take(struct ctx *c, void *arg)
{
	struct work *w = arg;
	int64_t ids[TAKE], after = w->ndone > 0 ? w->done[w->ndone - 1] : 0;
	struct rows_index_take rows = sql_index_take(c, w->id, after, TAKE);
	struct rows_index_source_of m;

	w->taken = rows.n;
	if (rows.n == 0)
		return;
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = rows.v[i].message;
	m = sql_index_source_of(c, (struct ids){ ids, rows.n });
	if (w->ndone == 0)
		begin_batch(c, w);
	for (size_t i = 0; i < m.n && w->failed == XAP_OK; i++)
		write_message(w, &m.v[i]);
	for (size_t i = 0; i < rows.n && w->failed == XAP_OK; i++)
		if (!is_among(&m, ids[i]))
			w->failed = xap_remove(w->writer, ids[i]);
	for (size_t i = 0; i < rows.n; i++)
		w->done[w->ndone++] = rows.v[i].id;
}

/* --- the generation --- */

static bool
is_away(struct ctx *c)
{
	if (c->status != 503)
		log_error(c, "index.failed", "code=%s %s", c->code, c->detail);
	db_wait(c, AWAY_MS);
	return true;
}

/* Closing may commit, so what must be on the disk is put there afterwards. */
static void
close_writer(struct work *w)
{
	xap_writer_close(w->writer);
	w->writer = NULL;
}

/* What was written and not committed is forgotten: its queue rows are still there. */
static void
give_up(struct work *w)
{
	close_writer(w);
	w->ndone = 0;
	w->failed = XAP_OK;
	w->is_ready = w->is_unsynced = false;
}

/* Nothing comes, or this is the end: a power cut shall find the disk complete. */
static bool
rest(struct ctx *c, struct work *w)
{
	if (!w->is_unsynced)
		return true;
	w->is_unsynced = !index_sync(&c->arena, w->path);
	if (w->is_unsynced)
		log_error(c, "index.sync", "path=%s errno=%d", w->path, errno);
	return !w->is_unsynced;
}

/* Have every message queued for the node: those of transactions that could not see the node yet, too. */
static bool
queue_all(struct ctx *c, struct work *w)
{
	if (!unit_run(c, add_node, w))
		return false;
	for (w->is_settled = false; !w->is_settled && *w->stop == 0;) {
		if (!unit_try(c, look_settled, w))
			return false;
		if (!w->is_settled)
			db_wait(c, SETTLE_MS);
	}
	return w->is_settled && unit_run(c, fill_queue, w);
}

static bool
open_writer(struct ctx *c, struct work *w, const char *path)
{
	enum xap done = xap_writer_open(path, &w->writer);

	w->path = arena_strdup(&w->kept, path);
	w->is_unsynced = index_is_unsynced(&c->arena, path);
	if (done != XAP_OK)
		log_error(c, "index.open", "path=%s %s", path, xap_error());
	if (done == XAP_CORRUPT)
		index_discard(&c->arena);
	index_words(&c->arena, path);
	return done == XAP_OK;
}

/* A new, empty generation that is searched while it fills, newest messages first. */
static bool
start_anew(struct ctx *c, struct work *w)
{
	char *path;

	log_warn(c, "index.anew", "node=%s", w->node);
	if (!queue_all(c, w))
		return !is_away(c);
	path = index_next(&c->arena);
	if (!open_writer(c, w, path) || !index_learn(c, w->path) ||
	    !index_fills(&c->arena, w->path, true) || !index_unsync(&c->arena, w->path) ||
	    xap_commit(w->writer) != XAP_OK)
		return false;
	w->is_unsynced = true;
	return index_switch(&c->arena, w->path);
}

/* Alone on this node, its number known, the current generation open. */
static bool
make_ready(struct ctx *c, struct work *w)
{
	const char *path, *before = arena_strdup(&c->arena, w->path == NULL ? "" : w->path);

	give_up(w);
	w->path = NULL;
	arena_reset(&w->kept);
	/* A rebuild that removed it may have met a file that was just being written here. */
	if (*before != '\0')
		index_remove(&c->arena, before);
	if (!unit_try(c, lock_node, w) || !unit_try(c, find_node, w))
		return !is_away(c);
	if (!w->is_alone) {
		log_warn(c, "index.locked", "node=%s another process writes", w->node);
		return false;
	}
	path = index_current(&c->arena);
	if (path != NULL && index_is_torn(&c->arena, path)) {
		log_warn(c, "index.torn", "path=%s the machine stopped while it was written", path);
		path = NULL;
	}
	w->is_ready = path == NULL || w->id == 0 ? start_anew(c, w) : open_writer(c, w, path);
	return w->is_ready;
}

static bool
has_moved(struct ctx *c, const struct work *w)
{
	const char *path = index_current(&c->arena);

	return path == NULL || strcmp(path, w->path) != 0;
}

/* --- the loop --- */

static void
damaged(struct ctx *c, struct work *w)
{
	log_error(c, "index.write", "path=%s %s", w->path, xap_error());
	if (w->failed == XAP_CORRUPT)
		index_discard(&c->arena);
	give_up(w);
}

static bool
commit(struct ctx *c, struct work *w)
{
	if (w->ndone == 0)
		return true;
	crash_point("xapian", "commit");
	w->failed = xap_commit(w->writer);
	if (w->failed != XAP_OK) {
		damaged(c, w);
		return false;
	}
	if (!unit_run(c, delete_rows, w))
		is_away(c);
	else
		crash_end();
	log_debug(c, "index.commit", "rows=%zu", w->ndone);
	w->written += (int64_t)w->ndone;
	w->ndone = 0;
	return true;
}

/* One step; false = nothing was left to do. */
static bool
step(struct ctx *c, struct work *w)
{
	if (!unit_try(c, take, w))
		return is_away(c);
	if (w->failed != XAP_OK) {
		damaged(c, w);
		return true;
	}
	w->full = w->taken < TAKE ? 0 : w->full + 1;
	if (w->full == 0 || w->ndone >= DONE ||
	    (w->full < BACKLOG && time_mono() - w->since > COMMIT_US))
		commit(c, w);
	return w->taken > 0;
}

bool
index_run(struct ctx *c, const volatile int *stop, bool once)
{
	static struct work w;

	w = (struct work){ .node = conf.node, .stop = stop };
	db_listen(c, "docket_index");
	for (; *stop == 0; arena_reset(&c->arena)) {
		if (!once)
			index_files_tend(c);
		if (!w.is_ready || db_was_away(c) || has_moved(c, &w)) {
			if (!make_ready(c, &w)) {
				if (once)
					break;
				db_wait(c, WAIT_MS);
				continue;
			}
		}
		if (step(c, &w))
			continue;
		if (w.is_ready)
			index_fills(&c->arena, w.path, false);
		if (unit_run(c, adopt, &w) && w.has_adopted)
			continue;
		if (once)
			break;
		if (time_mono() - w.since > QUIET_US)
			rest(c, &w);
		db_wait(c, WAIT_MS);
	}
	index_files_stop();
	close_writer(&w);
	once = w.is_ready && rest(c, &w);
	give_up(&w);
	return once;
}

static void
count_queue(struct ctx *c, void *arg)
{
	struct work *w = arg;

	w->all = sql_index_waiting(c, w->id);
}

/* How far a rebuild is, once a second: what comes in meanwhile is more than all. */
static void
tell(const struct work *w, int64_t begun, int64_t *told,
    void (*say)(int64_t done, int64_t all, int64_t seconds))
{
	int64_t now = time_mono(), done = w->written + (int64_t)w->ndone;

	if (done == 0 || now - *told < 1000000)
		return;
	*told = now;
	if (done < w->all)
		say(done, w->all, (now - begun) / done * (w->all - done) / 1000000);
}

bool
index_rebuild(struct ctx *c, const volatile int *stop,
    void (*say)(int64_t done, int64_t all, int64_t seconds))
{
	static struct work w;
	int64_t begun, told;
	bool more = true;

	w = (struct work){ .stop = stop };
	w.node = rebuild_node(&w.kept);
	if (!unit_try(c, lock_node, &w) || !w.is_alone || !queue_all(c, &w) ||
	    !open_writer(c, &w, index_next(&c->arena)) || !index_learn(c, w.path) ||
	    !unit_try(c, count_queue, &w))
		return false;
	begun = told = time_mono();
	for (; more && *stop == 0; arena_reset(&c->arena)) {
		w.is_ready = true;
		more = step(c, &w);
		if (!w.is_ready)
			return false;
		tell(&w, begun, &told, say);
	}
	if (*stop != 0 || xap_commit(w.writer) != XAP_OK)
		return false;
	close_writer(&w);
	if (!rest(c, &w))
		return false;
	crash_point("xapian", "built");
	return index_switch(&c->arena, w.path);
}
