/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyser, the index and the highlighter together: what is found, and what is marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/query.h"

#include <cmocka.h>

static struct arena a;

static const struct xap_node *
ask(const char *query, bool is_typing)
{
	return query_text(&a, query_parse(&a, query, strlen(query), is_typing)->root);
}

static bool
finds(const char *query, const char *text, bool is_typing)
{
	struct term_source s = {
		.subject = "Betreff", .text = text, .people = "Jörg Groß", .files = ""
	};

	return terms_match(&a, &s, ask(query, is_typing));
}

static void
meets(void **state)
{
	static const char *const pairs[][2] = {
		{ "Müller", "Mueller" },
		{ "mueller", "MÜLLER" },
		{ "muller", "Müller" },
		{ "muller", "Mueller" },
		{ "Straße", "STRASSE" },
		{ "strasse", "straße" },
		{ "haus", "Häuser" },
		{ "haeuser", "Haus" },
		{ "Rechnung", "Rechnungen" },
		{ "frau", "Frauen" },
		{ "neue", "neuer" },
		{ "return", "returned" },
		{ "values", "value" },
		{ "issue", "issues" },
		{ "cafe", "Café" },
		{ "u\xcc\x88"
		  "ber",
		    "über" },
		{ "email", "E-Mail" },
		{ "e-mail", "Email" },
		{ "E-Mail-Adresse", "Emailadressen" },
		{ "305-1234567-1234567", "30512345671234567" },
		{ "30512345671234567", "305-1234567-1234567" },
		{ "305 1234567 1234567", "305-1234567-1234567" },
		{ "305.1234567.1234567", "305 1234567 1234567" },
		{ "1234567", "305-1234567-1" },
		{ "3051*", "305-1234567-1" },
		{ "anna@shop.example", "Von anna@shop.example an" },
		{ "shop.example", "anna@shop.example" },
		{ "anna", "anna@shop.example" },
		{ "\"rote schuhe\"", "zwei rote Schuhe" },
		{ "from:jörg", "x" },
		{ "von:gross", "x" },
		{ "subject:betreff", "x" },
		{ "in:message", "x" },
		{ "東京", "在東京都" },
		{ "büro OR x", "Buero" },
	};
	static const char *const apart[][2] = { { "rot", "tot" },
		{ "\"schuhe rote\"", "rote Schuhe" }, { "toe", "tor" },
		{ "subject:müller", "Müller" }, { "in:comment", "x" }, { "-x", "x" },
		{ "haus -garten", "Haus Garten" }, { "12345", "1234567" },
		{ "file:müller", "Müller" } };

	(void)state;
	for (size_t i = 0; i < NELEM(pairs); i++)
		if (!finds(pairs[i][0], pairs[i][1], false))
			fail_msg("%s does not find %s", pairs[i][0], pairs[i][1]);
	for (size_t i = 0; i < NELEM(apart); i++)
		if (finds(apart[i][0], apart[i][1], false))
			fail_msg("%s finds %s", apart[i][0], apart[i][1]);
	assert_true(finds("rücksendung muel", "Müller Rücksendung", true));
	assert_false(finds("rücksendung muel", "Müller Rücksendung", false));
	assert_true(finds("305-12", "305-1234567", true));
	arena_reset(&a);
}

static void
excerpt_is(const char *query, const char *text, const char *want)
{
	char *got = terms_excerpt(&a, TERM_TEXT, text, ask(query, true), 60);

	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void
marks(void **state)
{
	(void)state;
	excerpt_is("müller", "Herr Mueller & Söhne", "Herr <mark>Mueller</mark> &amp; Söhne");
	excerpt_is("haus", "<b>Häuser</b>", "&lt;b&gt;<mark>Häuser</mark>&lt;/b&gt;");
	excerpt_is("strasse", "Große Straße 1", "Große <mark>Straße</mark> 1");
	excerpt_is("rech", "die Rechnungen", "die <mark>Rechnungen</mark>");
	excerpt_is(
	    "\"rote schuhe\"", "rote Hose, rote  Schuhe", "rote Hose, <mark>rote Schuhe</mark>");
	excerpt_is("305 123", "Nr. 305-123, ja", "Nr. <mark>305-123</mark>, ja");
	excerpt_is("nichts", "hier steht etwas", NULL);
	excerpt_is("-haus tor", "Haus und Tor", "Haus und <mark>Tor</mark>");
	excerpt_is("ende",
	    "Am Anfang steht sehr viel, was niemand lesen will, und noch mehr davon, bis zum Ende.",
	    "…bis zum <mark>Ende</mark>.");
	assert_string_equal(
	    terms_excerpt(&a, TERM_TEXT, "a\n\n b\x01 <c>", NULL, 60), "a b &lt;c&gt;");
	arena_reset(&a);
}

/* Marks come in pairs and never nested; nothing else is markup. */
static void
check_html(const char *s)
{
	bool open = false;

	assert_true(text_valid(s, strlen(s)));
	for (; *s != '\0'; s++) {
		assert_true(*s != '>' && *s != '"' && *s != '\'');
		if (*s != '<')
			continue;
		assert_true(strncmp(s, open ? "</mark>" : "<mark>", open ? 7 : 6) == 0);
		s += open ? 6 : 5;
		open = !open;
	}
	assert_false(open);
}

static void
any_bytes(void **state)
{
	static const char alphabet[] =
	    "aeou -\"()*:<>&.@19\xc3\xbc\x9f\xcc\x88\xe2\x80\x99\xf0\x9f\x98\xff";
	char query[40], text[200];

	(void)state;
	srand(7);
	for (int i = 0; i < 3000; i++) {
		size_t n = (size_t)rand() % sizeof query, m = (size_t)rand() % (sizeof text - 1);
		struct query_branches b;
		struct query_tree *t;

		for (size_t k = 0; k < n; k++)
			query[k] =
			    i % 2 == 0 ? (char)rand() : alphabet[(size_t)rand() % sizeof alphabet];
		for (size_t k = 0; k < m; k++)
			text[k] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
		text[m] = '\0';
		t = query_parse(&a, query, n, i % 3 == 0);
		assert_non_null(t->root);
		if (!query_branches(&a, t->root, &b))
			continue;
		for (size_t k = 0; k < b.n; k++) {
			const struct xap_node *q =
			    b.v[k].text == NULL ? NULL : query_text(&a, b.v[k].text);
			char *s = terms_excerpt(&a, TERM_TEXT, text, q, 30);

			if (s != NULL)
				check_html(s);
		}
		finds("x", text, false);
		arena_reset(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meets),
		cmocka_unit_test(marks),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
