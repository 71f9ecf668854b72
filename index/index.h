/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index of this host: a folder of generations, one of them current, written by `docket index` alone. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "base/base.h"
#include "index/xap.h"

/* store.c. Generations are folders VERSION-NUMBER of conf.index; the link "current" names the one that
 * is searched and is replaced by rename. */
/* Path of the current generation, NULL = there is none of this version of the analyser. */
char *index_current(struct arena *);
/* Say of a generation that it does not hold every message yet, or that it does. */
bool index_fills(struct arena *, const char *path, bool does);
/* Is that said? What it finds may not be all. */
bool index_is_filling(struct arena *, const char *path);
/* Path for the next generation; what lies there is removed. */
char *index_next(struct arena *);
/* Make a generation the current one and remove the others; false = errno. */
bool index_switch(struct arena *, const char *path);
/* Remove a generation that another one has replaced; the current one stays. */
void index_remove(struct arena *, const char *path);
/* The current generation is damaged: have none, so that the indexer begins a new one. */
void index_discard(struct arena *);
/* The reader of this process, of the current generation at the moment of the call; NULL = no index can
 * be read (it is being built). It stays the store's. */
struct xap_reader *index_reader(struct arena *);
/* Forget the reader after XAP_CORRUPT. */
void index_forget(void);

/* lexicon.c. Learn the nouns of the newest messages, by which compounds are split, for a new generation, and read by
 * them from now on; false = errno, or the database is away. */
bool index_learn(struct ctx *, const char *path);
/* Read compounds by the nouns of this generation from now on. */
void index_words(struct arena *, const char *path);

/* unsynced.c */
/* Say on the disk, before the first write, that this generation is written without syncing, in this boot of
 * the machine; false = errno. */
bool index_unsync(struct arena *, const char *path);
/* Have all of it on the disk and take that back; false = errno, it stays said. */
bool index_sync(struct arena *, const char *path);
/* Is that said? */
bool index_is_unsynced(struct arena *, const char *path);
/* Was it written without syncing in a boot that is over? Then what it holds is anybody's guess. */
bool index_is_torn(struct arena *, const char *path);

/* indexer.c */
/* Take this node's queue until *stop, or (once) until it is empty; a missing or damaged index is built
 * from nothing. false = it could not write: another process does, the disk or the database fails. */
bool index_run(struct ctx *, const volatile int *stop, bool once);
/* Build a new generation beside the current one and switch to it; what is written meanwhile goes into
 * both. say() hears every second how many of all messages are written, and how many seconds the rest will take.
 * false = it was not done, the current one stays. */
bool index_rebuild(struct ctx *, const volatile int *stop,
    void (*say)(int64_t done, int64_t all, int64_t seconds));
/* Compare index and database: "missing", "extra" or "stale" go to say(arg, what, message). The number of
 * them; -1 = one of the two could not be read. */
int64_t index_check(
    struct ctx *, void (*say)(void *, const char *what, int64_t message), void *arg);

/* extract.c. Read the files that wait (rows of file_text) until *stop, or (once) until none waits; true = there
 * were any. */
bool index_read_files(struct ctx *, const volatile int *stop, bool once);
/* Keep a process that does this, beside this one, with a connection of its own; end it. */
void index_files_tend(struct ctx *);
void index_files_stop(void);

#endif
