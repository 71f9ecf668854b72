/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trees AGENT < lines "pages-of\tquery": what the engine finds, walked page by page to the end: a line "ticket ticket ..." in
 * its order, or "many". A line that begins with "f" asks for what the first hits come to, as JSON. For trees.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "ticket/find.h"

static const char *const ZONE = "Europe/Berlin";

struct line {
	char *text;
	int64_t agent;
};

static void
walk(struct ctx *c, struct find_ask *ask)
{
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);

	do {
		find_page(c, ask, p);
		for (size_t i = 0; i < p->n; i++)
			printf("%lld ", (long long)p->v[i].ticket);
		if (p->next != 0 && ask->after != 0 && p->next >= ask->after)
			fail(c, 500, "stuck", "a page does not go on");
		ask->after = p->next;
		ask->top = p->top;
	} while (p->next != 0);
	printf("\n");
}

static void
count(struct ctx *c, const struct find_ask *ask, size_t most)
{
	struct find_count found;
	struct str facets;
	char *line;

	find_count(c, ask, most, &found);
	facets = sql_find_facets(c, ask->agent, ask->zone, found.tickets);
	line = arena_dup(&c->arena, facets.s, facets.n);
	for (char *at = line; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	printf("{\"tickets\":%zu,\"hits\":%zu,\"down_to\":%lld,\"facets\":%s}\n", found.tickets.n,
	    found.hits, (long long)found.down_to, line);
}

static void
answer(struct ctx *c, void *arg)
{
	struct line *l = arg;
	bool is_count = *l->text == 'f';
	size_t number = strtoul(l->text + is_count, NULL, 10);
	struct query_tree *t = find_parse(c, l->agent, strchr(l->text, '\t') + 1, false);
	struct find_ask ask = { .agent = l->agent, .zone = ZONE, .tree = t->root, .limit = number };

	if (t->notes != NULL && t->notes->what == QUERY_TOO_MANY)
		printf("many\n");
	else if (t->notes != NULL)
		printf("not understood: %s\n", query_sentence(&c->arena, t));
	else if (is_count)
		count(c, &ask, number);
	else
		walk(c, &ask);
}

int
main(int argc, char **argv)
{
	static struct ctx c;
	static char text[8192];
	struct line l = { text, argc > 1 ? strtoll(argv[1], NULL, 10) : 1 };

	if (conf_read(getenv("DOCKET_CONFIG")) != NULL || !db_open(&c, "docket_agent"))
		return 70;
	while (fgets(text, sizeof text, stdin) != NULL) {
		text[strcspn(text, "\n")] = '\0';
		if (!unit_try(&c, answer, &l))
			printf("failed: %s %s\n", c.detail, c.cause);
		arena_reset(&c.arena);
	}
	return 0;
}
