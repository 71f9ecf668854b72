/* SPDX-License-Identifier: GPL-3.0-or-later */
/* anything AGENT SEED N: any bytes are a question: they compile and run, on a real database and index, as a page, as counts,
 * best first, as a completion. Pieces of the language are thrown together with bytes of all kinds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "ticket/find.h"

static const char *const pieces[] = { " ", " ", " ", "(", ")", "-", "--", "\"", "OR", " OR ",
	" ODER ", "AND", "NOT ", ":", ",", "..", "<", ">", "<=", ">=", "=", "*", "#", "'", "\\",
	"$1", "%", "\xff", "\xc3", "\xe2\x82", "ß", "ÄÖ", "日本", "\x01", "w0", "w1", "lampe",
	"wor*", "is:", "is:open", "ist:offen", "status:", "status:1", "status:Neu",
	"owner:", "owner:me", "prio:>", "prio:2..4", "created:", "created:7d", "2026-02-30",
	"2026-01", "heute", "in 3 Tagen", "due:<", "fällig:morgen", "folder:inbox",
	"ordner:\"Mein Ordner\"", "folder:kreis", "tag:x", "id:", "99999999999999999999",
	"2147483648", "id:1,2,3", "from:@", "subject:\"", "in:comment", "customer:", "kunde:%",
	"order:305-", "nr:#1", "#1001", "9999-12-31", "created:9999h", "created:100y",
	"has:", "source:ebay,mail", "before:", "trust:" };

static char *
make(struct arena *a)
{
	struct buf b = { .arena = a };

	for (int n = rand() % 40; n >= 0; n--)
		if (rand() % 8 == 0)
			buf_putc(&b, (char)(1 + rand() % 255));
		else
			buf_puts(&b, pieces[(size_t)rand() % NELEM(pieces)]);
	return text_clean(a, b.s, b.n);
}

static void
ask(struct ctx *c, void *arg)
{
	const char *query = arg;
	int64_t agent = strtoll(getenv("ANYTHING_AGENT"), NULL, 10);
	struct query_tree *t = find_parse(c, agent, query, rand() % 2 == 0);
	struct find_ask f = {
		.agent = agent, .zone = "Europe/Berlin", .tree = t->root, .limit = 5
	};
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);
	struct find_count n;

	find_page(c, &f, p);
	find_count(c, &f, 100, &n);
	if (n.tickets.n < p->n && n.down_to == 0)
		fail(c, 500, "count", "a page of %zu, %zu in all", p->n, n.tickets.n);
	find_best(c, &f, p);
	find_meant(c, &f, query, 0);
	query_tail(&c->arena, query, strlen(query));
}

int
main(int argc, char **argv)
{
	static struct ctx c;
	static struct arena a;
	long n = argc > 3 ? strtol(argv[3], NULL, 10) : 100, wrong = 0;

	if (argc < 4)
		return 64;
	setenv("ANYTHING_AGENT", argv[1], 1);
	srand((unsigned)strtoul(argv[2], NULL, 10));
	if (conf_read(getenv("DOCKET_CONFIG")) != NULL || !db_open(&c, "docket_agent"))
		return 70;
	for (long i = 0; i < n && wrong < 5; i++) {
		char *query = make(&a);

		if (!unit_try(&c, ask, query)) {
			printf("# %s: %s %s\n", query, c.detail, c.cause);
			wrong++;
		}
		arena_reset(&c.arena);
		arena_reset(&a);
	}
	printf("# figure: %ld questions of any bytes ran, %ld failed\n", n, wrong);
	return wrong > 0;
}
