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
	assert_string_equal(sql_of("prio:\"1\",2,\"3\" is:open"),
	    "(((t.priority = $1::bigint) or (t.priority = $2::bigint) or (t.priority = "
	    "$3::bigint)) "
	    "and (t.is_open))|1|2|3");
	assert_non_null(strstr(sql_of("typ:Retoure,\"Eine Anfrage\""), "|Retoure|Eine Anfrage"));
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
		if (parse(not_understood[i])->notes == NULL)
			fail_msg("%s is understood", not_understood[i]);
	for (size_t i = 0; i < NELEM(understood); i++)
		if (parse(understood[i])->notes != NULL)
			fail_msg("%s: %s", understood[i], query_sentence(&a, parse(understood[i])));
	arena_reset(&a);
}

/* What is said about it, with what may have been meant. */
static void
notes(void **state)
{
	static const struct {
		const char *query, *text, *instead;
	} cases[] = {
		{ "vase statu:offen", "statu:offen", "status:offen" },
		{ "is:ofen", "is:ofen", "is:offen" },
		{ "ist:überfälig", "ist:überfälig", "ist:überfällig" },
		{ "eignr:ich -is:open", "eignr:ich", "eigner:ich" },
		{ "created:banana", "created:banana", NULL },
		{ "voellig:anders", "voellig:anders", NULL },
		{ "hat:\"anhagn\"", "hat:\"anhagn\"", "hat:anhang" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(cases); i++) {
		const struct query_note *n = parse(cases[i].query)->notes;

		assert_non_null(n);
		assert_int_equal(n->what, QUERY_AS_WORDS);
		assert_string_equal(n->text, cases[i].text);
		if (cases[i].instead == NULL)
			assert_null(n->instead);
		else
			assert_string_equal(n->instead != NULL ? n->instead : "", cases[i].instead);
		assert_null(n->next);
	}
	assert_string_equal(
	    query_sentence(&a, parse("is:purple")), "is:purple is searched as words");
	arena_reset(&a);
}

/* The same moment, said differently. */
static void
dates(void **state)
{
	static const char *const same[][2] = {
		{ "created:yesterday", "erstellt:gestern" },
		{ "created:lastweek", "erstellt:\"letzte Woche\"" },
		{ "created:month", "erstellt:\"dieser Monat\"" },
		{ "created:2026-01-15", "erstellt:15.1.2026" },
		{ "created:7d", "erstellt:\"vor 7 Tagen\"" },
		{ "created:7d", "erstellt:\"letzten 7 Tage\"" },
		{ "created:2w", "created:\"last 2 weeks\"" },
		{ "due:3d", "fällig:\"in 3 Tagen\"" },
		{ "due:-3d", "fällig:\"vor 3 Tagen\"" },
		{ "due:tomorrow", "fällig:morgen" },
		{ "created:<2026-03", "before:2026-03" },
		{ "created:<2026-03-01", "vor:1.3.2026" },
		{ "created:>2026-03-01", "nach:1.3.2026" },
		{ "created:>=2026-01..2026-02", "created:banana" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(same); i++) {
		const struct query_tree *x = parse(same[i][0]), *y = parse(same[i][1]);

		if ((x->notes != NULL) != (y->notes != NULL))
			fail_msg("%s, %s", same[i][0], same[i][1]);
		if (x->notes == NULL)
			assert_string_equal(sql_of(same[i][0]), sql_of(same[i][1]));
	}
	assert_null(parse("nr:#1042 auftrag:305-1234567")->notes);
	arena_reset(&a);
}

/* What is being typed. */
static void
tails(void **state)
{
	static const struct {
		const char *query, *field, *part;
		size_t at;
	} cases[] = {
		{ "", NULL, "", 0 },
		{ "vase sta", NULL, "sta", 5 },
		{ "vase -sta", NULL, "sta", 6 },
		{ "(sta", NULL, "sta", 1 },
		{ "status:", "status", "", 7 },
		{ "vase eigner:an", "owner", "an", 12 },
		{ "status:neu,off", "status", "off", 11 },
		{ "status:\"In Be", "status", "In Be", 7 },
		{ "status:neu ", NULL, "", 11 },
		{ "status:\"In Arbeit\",\"Of", "status", "Of", 19 },
		{ "foo:bar", NULL, "foo:bar", 0 },
		{ "\"status:x", "status", "x", 8 },
		{ "\"a status:x", NULL, "\"a status:x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(cases); i++) {
		struct query_tail t = query_tail(&a, cases[i].query, strlen(cases[i].query));

		assert_string_equal(t.part, cases[i].part);
		assert_int_equal(t.at, cases[i].at);
		assert_string_equal(t.field == NULL ? "" : t.field->name,
		    cases[i].field == NULL ? "" : cases[i].field);
	}
	arena_reset(&a);
}

/* A hundred values in each of a hundred lists: as many are bound as there is room for. */
static void
values(void **state)
{
	struct query_sql s = { .text = { .arena = &a }, .who = { 7, "Europe/Berlin" } };
	struct buf b = { .arena = &a };

	(void)state;
	for (int i = 0; i < 40; i++) {
		buf_puts(&b, i % 2 == 0 ? "created:2026-01..2026-02" : "id:1");
		for (int k = 0; k < 98 && b.n < QUERY_BYTES - 40; k++)
			buf_puts(&b, i % 2 == 0 ? ",2026-01..2026-02" : ",1");
		buf_puts(&b, " OR ");
	}
	buf_puts(&b, "is:open");
	query_sql(&s, query_parse(&a, b.s, b.n, false)->root);
	assert_true(s.n > 150);
	assert_non_null(parse(b.s)->notes);
	assert_non_null(query_sentence(&a, parse(b.s)));
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
	assert_non_null(query_parse(&a, wide.s, wide.n, false)->notes);
	assert_false(query_branches(&a, query_parse(&a, wide.s, wide.n, false)->root, &b));
	assert_true(query_branches(&a, query_plain(&a, wide.s, wide.n), &b));
	assert_int_equal(b.n, 1);
	arena_reset(&a);
}

/* The German word is one that is understood. */
static void
is_known(const char *german, const char *name, const char *aliases)
{
	const char *word = terms_fold(&a, german);

	if (strcmp(word, name) != 0 && !query_begins(aliases, word))
		fail_msg("%s is not among %s %s", german, name, aliases);
}

static void
table(void **state)
{
	(void)state;
	for (const struct query_field *f = query_fields; f->name != NULL; f++) {
		assert_string_equal(terms_fold(&a, f->name), f->name);
		assert_string_equal(terms_fold(&a, f->aliases), f->aliases);
		is_known(f->german, f->name, f->aliases);
		for (const struct query_choice *k = f->choices; k != NULL && k->word != NULL; k++) {
			assert_string_equal(terms_fold(&a, k->word), k->word);
			assert_string_equal(terms_fold(&a, k->aliases), k->aliases);
			is_known(k->german, k->word, k->aliases);
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
		cmocka_unit_test(notes),
		cmocka_unit_test(dates),
		cmocka_unit_test(tails),
		cmocka_unit_test(values),
		cmocka_unit_test(bounds),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
