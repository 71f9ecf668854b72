/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to Xapian: order, cursor, lists, a reader while another process commits, digests, damage. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/terms.h"

#include <cmocka.h>

static struct arena a;
static char dir[] = "/tmp/docket-xap.XXXXXX";

static char *
path(const char *name)
{
	return arena_printf(&a, "%s/%s", dir, name);
}

static void
put(struct xap_writer *w, int64_t message, const char *text)
{
	struct term_source s = { .text = text };

	assert_int_equal(xap_replace(w, message, terms_document(&a, &s)), XAP_OK);
}

static const struct xap_node *
word(const char *text)
{
	return terms_query(&a, TERM_TEXT, text, TERM_WORDS);
}

static size_t
search(struct xap_reader *r, struct xap_ask ask, int64_t *hits, size_t max)
{
	size_t n = 0;

	assert_int_equal(xap_search(r, &ask, hits, NULL, max, &n), XAP_OK);
	return n;
}

/* Words that every document has, over more than one block of Xapian's lists. */
static void
everywhere(void **state)
{
	struct xap_node all = { .op = XAP_TERM, .term = "Zuberall" };
	struct xap_node prefix = { .op = XAP_PREFIX, .term = "Zuberal" };
	struct xap_node other = { .op = XAP_TERM, .term = "Zselt" };
	const struct xap_node *some[] = { &all, &other };
	struct xap_node either = { .op = XAP_OR, .nchildren = 2, .children = some };
	struct xap_node not_all = { .op = XAP_NOT, .nchildren = 1, .children = some };
	const struct xap_node *without[] = { &other, &not_all };
	struct xap_node nothing = { .op = XAP_AND, .nchildren = 2, .children = without };
	struct xap_writer *w;
	struct xap_reader *r;
	static int64_t hits[5000];

	(void)state;
	assert_int_equal(xap_writer_open(path("all"), &w), XAP_OK);
	for (int i = 0; i < 4000; i++)
		put(w, 1000000000 + i, i % 1000 == 0 ? "überall selten" : "überall");
	assert_int_equal(xap_commit(w), XAP_OK);
	xap_writer_close(w);
	assert_int_equal(xap_open(path("all"), &r), XAP_OK);
	assert_int_equal(search(r, (struct xap_ask){ .query = &all }, hits, 5000), 4000);
	assert_int_equal(hits[3999], 1000000000);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = &all, .before = 1000002000 }, hits, 5000), 2000);
	assert_int_equal(search(r, (struct xap_ask){ .query = &prefix }, hits, 5000), 4000);
	assert_int_equal(search(r, (struct xap_ask){ .query = &either }, hits, 5000), 4000);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = &either, .best = true }, hits, 5000), 4000);
	assert_int_equal(search(r, (struct xap_ask){ .query = &nothing }, hits, 5000), 0);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = &nothing, .best = true }, hits, 5000), 0);
	xap_close(r);
}

static void
newest_first(void **state)
{
	static const int64_t only[] = { 1000000095, 1000000050, 1000000001, 77 };
	struct xap_writer *w;
	struct xap_reader *r;
	int64_t hits[200];

	(void)state;
	assert_int_equal(xap_open(path("none"), &r), XAP_NONE);
	assert_int_equal(xap_writer_open(path("a"), &w), XAP_OK);
	for (int i = 0; i < 100; i++)
		put(w, 1000000000 + (i * 37) % 100, i % 2 == 0 ? "gerade zahl" : "ungerade zahl");
	put(w, 77, "alte zahl");
	assert_int_equal(xap_commit(w), XAP_OK);
	assert_int_equal(xap_open(path("a"), &r), XAP_OK);

	assert_int_equal(search(r, (struct xap_ask){ .query = word("zahl") }, hits, 200), 101);
	for (int i = 0; i < 100; i++)
		assert_int_equal(hits[i], 1000000099 - i);
	assert_int_equal(hits[100], 77);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = word("zahl"), .before = 1000000050 }, hits, 3), 3);
	assert_int_equal(hits[0], 1000000049);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = word("zahl"), .before = 77 }, hits, 3), 0);
	assert_int_equal(
	    search(r,
		(struct xap_ask){ .query = word("zahl"), .before = 0, .only = only, .nonly = 4 },
		hits, 9),
	    4);
	assert_memory_equal(hits, only, sizeof only);
	assert_int_equal(
	    search(r,
		(struct xap_ask){
		    .query = word("zahl"), .before = 1000000050, .only = only, .nonly = 4 },
		hits, 9),
	    2);
	assert_int_equal(hits[0], 1000000001);
	assert_int_equal(
	    search(r,
		(struct xap_ask){ .query = word("zahl"), .before = 0, .only = only, .nonly = 0 },
		hits, 9),
	    0);
	assert_int_equal(
	    search(r, (struct xap_ask){ .query = word("alte"), .best = true }, hits, 9), 1);

	assert_int_equal(xap_remove(w, 77), XAP_OK);
	assert_int_equal(xap_remove(w, 78), XAP_OK);
	assert_int_equal(search(r, (struct xap_ask){ .query = word("alte") }, hits, 9), 1);
	assert_int_equal(xap_commit(w), XAP_OK);
	assert_int_equal(search(r, (struct xap_ask){ .query = word("alte") }, hits, 9), 0);
	xap_close(r);
	xap_writer_close(w);
	arena_reset(&a);
}

/* The reader never sees an error or half a commit, however often the writer overtakes it. */
static void
overtaken(void **state)
{
	struct xap_writer *w;
	struct xap_reader *r;
	int64_t hits[4000];

	(void)state;
	assert_int_equal(xap_writer_open(path("b"), &w), XAP_OK);
	put(w, 1, "anfang");
	assert_int_equal(xap_commit(w), XAP_OK);
	assert_int_equal(xap_open(path("b"), &r), XAP_OK);
	for (int i = 0; i < 300; i++) {
		for (int k = 0; k < 10; k++)
			put(w, 1000 + 10 * i + k, "immer mehr davon");
		assert_int_equal(xap_commit(w), XAP_OK);
		assert_int_equal(search(r, (struct xap_ask){ .query = word("mehr") }, hits, 4000),
		    10 * (size_t)i + 10);
	}
	xap_close(r);
	xap_writer_close(w);
	arena_reset(&a);
}

static void
digests(void **state)
{
	struct term_source same = { .text = "eins zwei" }, other = { .text = "eins drei" };
	struct xap_digest v[3];
	struct xap_writer *w;
	struct xap_reader *r;
	uint64_t d;
	size_t n;

	(void)state;
	assert_int_equal(xap_writer_open(path("c"), &w), XAP_OK);
	put(w, 5, "eins zwei");
	put(w, 9, "eins drei");
	assert_int_equal(xap_commit(w), XAP_OK);
	assert_int_equal(xap_open(path("c"), &r), XAP_OK);
	assert_int_equal(xap_digests(r, 0, v, 3, &n), XAP_OK);
	assert_int_equal(n, 2);
	assert_int_equal(v[0].message, 9);
	assert_int_equal(v[1].message, 5);
	assert_int_equal(xap_doc_digest(terms_document(&a, &same), &d), XAP_OK);
	assert_true(d == v[1].digest);
	assert_int_equal(xap_doc_digest(terms_document(&a, &other), &d), XAP_OK);
	assert_true(d == v[0].digest && d != v[1].digest);
	assert_int_equal(xap_digests(r, 9, v, 3, &n), XAP_OK);
	assert_int_equal(n, 1);
	xap_close(r);
	xap_writer_close(w);
	arena_reset(&a);
}

/* A damaged file is said to be one, never a crash. */
static void
damage(void **state)
{
	struct xap_reader *r;
	struct xap_writer *w;
	int fd = open(path("c/iamglass"), O_WRONLY);

	(void)state;
	assert_true(fd >= 0 && pwrite(fd, "nonsense nonsense", 17, 0) == 17);
	close(fd);
	assert_int_equal(xap_open(path("c"), &r), XAP_CORRUPT);
	assert_int_equal(xap_writer_open(path("c"), &w), XAP_CORRUPT);
	assert_null(r);
	xap_writer_close(w);
	xap_close(r);
	arena_reset(&a);
}

/* The index's own words complete a beginning and mend a slip. */
static void
known_words(void **state)
{
	static const char *const slips[][2] = { { "Rechnugn", "rechnung" },
		{ "rehcnung", "rechnung" }, { "Rechnng", "rechnung" }, { "rechnnung", "rechnung" },
		{ "erchnung", "rechnung" }, { "Gutschien", "gutschein" },
		{ "Rücksendetiket", "rucksendeetikett" }, { "retrun", "return" },
		{ "pckage", "package" } };
	static const char *const none[] = { "Rechnung", "xyz", "12345", "zwei Worte", "", "..." };
	struct term_known v[3];
	struct xap_writer *w;
	struct xap_reader *r;

	(void)state;
	assert_int_equal(xap_writer_open(path("k"), &w), XAP_OK);
	for (int i = 1; i < 30; i++)
		put(w, i,
		    i % 3 == 0 ? "Die Rechnung zum Gutschein, return package"
			       : "Rücksendeetikett, Rechner und Recht");
	assert_int_equal(xap_commit(w), XAP_OK);
	assert_int_equal(xap_open(path("k"), &r), XAP_OK);
	for (size_t i = 0; i < NELEM(slips); i++)
		if (terms_suggest(&a, r, slips[i][0], v, 3) == 0 ||
		    strcmp(v[0].word, slips[i][1]) != 0)
			fail_msg("%s is no slip of %s", slips[i][0], slips[i][1]);
	for (size_t i = 0; i < NELEM(none); i++)
		assert_int_equal(terms_suggest(&a, r, none[i], v, 3), 0);
	assert_int_equal(terms_complete(&a, r, TERM_TEXT, "die Rech", v, 3), 3);
	assert_int_equal(v[0].documents + v[1].documents + v[2].documents, 20 + 20 + 9);
	assert_int_equal(terms_complete(&a, r, TERM_TEXT, "Rück", v, 3), 1);
	assert_string_equal(v[0].word, "rucksendeetikett");
	assert_int_equal(terms_complete(&a, r, TERM_SUBJECT, "rech", v, 3), 0);
	assert_string_equal(
	    terms_written(&a, "Ein Rücksendeetikett!", v[0].word), "Rücksendeetikett");
	assert_null(terms_written(&a, "Ein Etikett", v[0].word));
	xap_close(r);
	xap_writer_close(w);
	arena_reset(&a);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
remove_dir(void **state)
{
	(void)state;
	return system(arena_printf(&a, "rm -rf '%s'", dir));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_first),
		cmocka_unit_test(everywhere),
		cmocka_unit_test(overtaken),
		cmocka_unit_test(digests),
		cmocka_unit_test(damage),
		cmocka_unit_test(known_words),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
