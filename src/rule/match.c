/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions: the one query language, over the facts of a ticket. */
#include <string.h>

#include "query/query.h"
#include "rule/rule.h"

void
rule_condition_check(struct ctx *c, const char *condition)
{
	const struct query_tree *t = query_parse(&c->arena, condition, strlen(condition), false);

	if (t->notes != NULL)
		fail(c, 422, "rule_condition", "%s", query_sentence(&c->arena, t));
	if (query_sort(t->root) != QUERY_FACTS)
		fail(c, 422, "rule_condition",
		    "a condition asks for facts like status:offen; it holds words to search");
}

bool
rule_matches(struct ctx *c, int64_t ticket, const char *condition)
{
	struct query_sql q = { .text = { .arena = &c->arena } };
	struct table found;
	const char *sql;

	if (*condition == '\0')
		return true;
	query_bind(&q, arena_printf(&c->arena, "%lld", (long long)ticket));
	query_sql(&q, query_parse(&c->arena, condition, strlen(condition), false)->root);
	sql = query_frame(&q, db_frame("rule_match"), "/*where*/");
	found = db_shaped_table(c, sql, (struct texts){ q.values, q.n });
	return found.rows > 0;
}
