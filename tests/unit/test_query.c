/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query language: what a query becomes in SQL, what is words, what is said about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/query.h"

#include <cmocka.h>

static struct arena a;

static struct query_tree *
parse(const char *q)
{
	return query_parse(&a, q, strlen(q), false);
}

/* The SQL of a query of facts, its values appended with bars. */
static const char *
sql_of(const char *q)
{
	struct query_sql s = { .text = { .arena = &a }, .who = { 7, "Europe/Berlin" } };

	assert_int_equal(query_sort(parse(q)->root), QUERY_FACTS);
	query_sql(&s, parse(q)->root);
	for (size_t i = 0; i < s.n; i++)
		buf_printf(&s.text, "|%s", s.values[i]);
	return s.text.s;
}

static void
facts(void **state)
{
	(void)state;
	assert_string_equal(sql_of(""), "true");
	assert_string_equal(sql_of("is:open"), "(t.is_open)");
	assert_string_equal(sql_of("ist:offen"), "(t.is_open)");
	assert_string_equal(sql_of("-is:open"), "((t.is_open) is not true)");
	assert_string_equal(sql_of("prio:>3"), "(t.priority > $1::bigint)|3");
	assert_string_equal(sql_of("Priorität:2..4"),
	    "((t.priority >= $1::bigint) and (t.priority <= $2::bigint))|2|4");
	assert_string_equal(
	    sql_of("status:3,4"), "((t.status_id = $1::int) or (t.status_id = $2::int))|3|4");
	assert_string_equal(sql_of("eigner:ich"), "(t.owner_ids && array[$1::int])|7");
	assert_string_equal(sql_of("id:#1001"), "(t.id = $1::bigint)|1001");
	assert_string_equal(sql_of("(is:open OR prio:5) is:mine"),
	    "(((t.is_open) or (t.priority = $1::bigint)) and (t.owner_ids && array[$2::int]))|5|7");
	assert_non_null(strstr(sql_of("created:2026-02"), "|2026-02-01|"));
	assert_non_null(
	    strstr(sql_of("status:\"x'; drop table ticket\""), "|x'; drop table ticket"));
	assert_null(strstr(sql_of("status:drop"), "drop)"));
	arena_reset(&a);
}

static void
words(void **state)
{
	static const char *const not_understood[] = { "created:banana", "created:2026-02-30",
		"prio:hoch", "is:purple", "foo:bar", "status:!!!", "created:>",
		"prio:9999999999999999999", "prio:.." };
	static const char *const understood[] = { "", "\"", "(", ")", "a)", "-", "OR", "a OR",
		"NOT", "*", "http://x.example/a:b", "a:", ":a", "--a", "((a)", "status:offen" };

	(void)state;
	for (size_t i = 0; i < NELEM(not_understood); i++)
		if (parse(not_understood[i])->understood == NULL)
			fail_msg("%s is understood", not_understood[i]);
	for (size_t i = 0; i < NELEM(understood); i++)
		if (parse(understood[i])->understood != NULL)
			fail_msg("%s: %s", understood[i], parse(understood[i])->understood);
	arena_reset(&a);
}

/* A query of n times the same piece, joined: deep and long ones end, and say that they were cut. */
static void
bounds(void **state)
{
	struct buf deep = { .arena = &a }, wide = { .arena = &a };
	struct query_branches b;

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_puts(&deep, i % 2 == 0 ? "(" : "-");
	assert_non_null(query_parse(&a, deep.s, deep.n, false)->root);
	for (int i = 0; i < 500; i++)
		buf_puts(&wide, "(w is:open) OR ");
	buf_puts(&wide, "x");
	assert_non_null(query_parse(&a, wide.s, wide.n, false)->understood);
	assert_false(query_branches(&a, query_parse(&a, wide.s, wide.n, false)->root, &b));
	assert_true(query_branches(&a, query_plain(&a, wide.s, wide.n), &b));
	assert_int_equal(b.n, 1);
	arena_reset(&a);
}

static void
table(void **state)
{
	(void)state;
	for (const struct query_field *f = query_fields; f->name != NULL; f++) {
		assert_string_equal(terms_fold(&a, f->name), f->name);
		assert_string_equal(terms_fold(&a, f->aliases), f->aliases);
		for (const struct query_choice *k = f->choices; k != NULL && k->word != NULL; k++) {
			assert_string_equal(terms_fold(&a, k->word), k->word);
			assert_string_equal(terms_fold(&a, k->aliases), k->aliases);
		}
	}
	arena_reset(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts),
		cmocka_unit_test(words),
		cmocka_unit_test(bounds),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
