/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and marks of a query -> a question to the index. */
#include "query/private.h"

static const struct xap_node *
leaf(struct arena *a, const struct query_node *n)
{
	enum term_field field = n->field != NULL ? n->field->text : TERM_TEXT;

	switch (n->op) {
	case QUERY_FACT: return terms_mark(a, n->choice->mark);
	case QUERY_PHRASE: return terms_query(a, field, n->value, TERM_EXACT);
	case QUERY_BEGINNING: return terms_query(a, field, n->value, TERM_BEGINNING);
	default: return terms_query(a, field, n->value, TERM_WORDS);
	}
}

static enum xap_op
operation(enum query_op op)
{
	return op == QUERY_AND ? XAP_AND : op == QUERY_OR ? XAP_OR : XAP_NOT;
}

const struct xap_node *
query_text(struct arena *a, const struct query_node *n)
{
	const struct xap_node **v;
	struct xap_node *node;
	size_t count = 0;

	if (n->op != QUERY_AND && n->op != QUERY_OR && n->op != QUERY_NOT)
		return leaf(a, n);
	v = arena_alloc(a, (n->n + 1) * sizeof *v);
	for (size_t i = 0; i < n->n; i++) {
		v[count] = query_text(a, n->v[i]);
		count += v[count] != NULL;
	}
	if (count == 0 && n->n > 0)
		return NULL;
	if (count == 1 && n->op != QUERY_NOT)
		return v[0];
	node = arena_alloc(a, sizeof *node);
	*node = (struct xap_node){ .op = operation(n->op), .nchildren = count, .children = v };
	return node;
}
