/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions and watched folders: the one query language, about one ticket and one message. */
#include <string.h>

#include "rule/rule.h"
#include "ticket/find.h"

void
rule_condition_check(struct ctx *c, const char *condition)
{
	const struct query_tree *t = find_parse(c, 0, condition, false);

	if (t->notes != NULL)
		fail(c, 422, "rule_condition", "%s", query_sentence(&c->arena, t));
}

/* The facts, by the frame of a rule or of somebody who watches. */
static bool
facts_hold(struct ctx *c, const struct rule_question *ask, const struct query_node *facts)
{
	struct query_sql q = { .text = { .arena = &c->arena }, .who = { ask->agent, ask->zone } };
	struct table found;
	const char *sql;

	if (ask->agent != 0)
		q.agent = query_bind(&q, arena_printf(&c->arena, "%lld", (long long)ask->agent));
	query_bind(&q, arena_printf(&c->arena, "%lld", (long long)ask->ticket));
	if (facts != NULL)
		query_sql(&q, facts);
	sql =
	    query_frame(&q, db_frame(ask->agent != 0 ? "alert_match" : "rule_match"), "/*where*/");
	found = db_shaped_table(c, sql, (struct texts){ q.values, q.n });
	return found.rows > 0;
}

/* The words, in an index of the one message alone. */
static bool
words_hold(struct ctx *c, const struct rule_question *ask, const struct query_node *text)
{
	const struct xap_node *words = query_text(&c->arena, text);
	struct row_rule_message m;
	struct term_source source;

	if (ask->is_unwritten || words == NULL)
		return true;
	if (!sql_rule_message(c, ask->ticket, ask->message, &m))
		return false;
	source = (struct term_source){ m.is_comment, m.subject, m.text, m.people, m.files,
		m.attached, 0 };
	return terms_match(&c->arena, &source, words);
}

bool
rule_matches(struct ctx *c, const struct rule_question *ask)
{
	struct query_branches b;
	bool holds = *ask->query == '\0' && ask->agent == 0;

	if (holds ||
	    !query_branches(&c->arena, find_parse(c, ask->agent, ask->query, false)->root, &b))
		return holds;
	for (size_t i = 0; i < b.n && !holds; i++)
		holds = ((b.v[i].facts == NULL && ask->agent == 0) ||
			    facts_hold(c, ask, b.v[i].facts)) &&
			(b.v[i].text == NULL || words_hold(c, ask, b.v[i].text));
	return holds;
}

bool
rule_has_words(struct ctx *c, const char *query)
{
	return query_sort(find_parse(c, 0, query, false)->root) != QUERY_FACTS;
}
