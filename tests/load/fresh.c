/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fresh N: writes N messages, 20 ms apart, and looks for each in the index until it is there. Prints
 * milliseconds from the commit on: p50 and p99. $FRESH is the statement, its $1 the text. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/index.h"
#include "index/terms.h"
#include "sql.h"

static const char *text;

static void
write_message(struct ctx *c, void *arg)
{
	(void)arg;
	db_shaped_table(c, getenv("FRESH"), (struct texts){ &text, 1 });
}

static bool
is_found(struct arena *a)
{
	struct xap_ask ask = { .query = terms_query(a, TERM_TEXT, text, TERM_WORDS) };
	struct xap_reader *r = index_reader(a);
	int64_t hit;
	size_t n = 0;

	return r != NULL && xap_search(r, &ask, &hit, NULL, 1, &n) == XAP_OK && n == 1;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static struct ctx c;
	static int64_t took[10000];
	size_t n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 100;

	if (n == 0 || n > NELEM(took) || conf_read(getenv("DOCKET_CONFIG")) != NULL ||
	    !db_open(&c, "docket_agent"))
		return 70;
	for (size_t i = 0; i < n; i++, arena_reset(&c.arena)) {
		struct arena *a = &c.arena;
		int64_t begin;

		text = arena_printf(a, "frisch%dx%zu", (int)getpid(), i);
		if (!unit_run(&c, write_message, NULL)) {
			fprintf(stderr, "%s %s\n", c.detail, c.cause);
			return 70;
		}
		begin = time_mono();
		while (!is_found(a))
			if (time_mono() - begin > 20000000)
				return 1;
			else
				poll(NULL, 0, 1);
		took[i] = time_mono() - begin;
		if (took[i] < 20000)
			poll(NULL, 0, (int)((20000 - took[i]) / 1000));
	}
	qsort(took, n, sizeof *took, by_size);
	printf("%.0f %.0f\n", (double)took[n / 2] / 1000, (double)took[n * 99 / 100] / 1000);
	return 0;
}
