/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder:name -> the query that the folder keeps. */
#include <stdlib.h>

#include "query/private.h"

struct expanding {
	struct query_kept *kept;
	size_t leaves;
	bool is_cut;
};

static const struct query_node *
nothing(struct arena *a)
{
	return query_leaf(a, (struct query_node){ .op = QUERY_OR });
}

static size_t
count_leaves(const struct query_node *n)
{
	size_t leaves = n->n == 0;

	for (size_t i = 0; i < n->n; i++)
		leaves += count_leaves(n->v[i]);
	return leaves;
}

static const struct query_node *
replace(struct expanding *e, const struct query_node *n)
{
	struct query_kept *k = e->kept;
	const struct query_node *found =
	    k->find(k, n->value, n->rel == QUERY_FROM ? strtoll(n->value, NULL, 10) : 0);

	if (found == NULL) {
		query_remark(k->arena, k->tree, QUERY_UNKNOWN,
		    arena_printf(k->arena, "%s:%s", n->field->name, n->value), NULL);
		return nothing(k->arena);
	}
	e->leaves += count_leaves(found);
	if (e->leaves <= QUERY_LEAVES)
		return found;
	e->is_cut = true;
	return nothing(k->arena);
}

static const struct query_node *
expand(struct expanding *e, const struct query_node *n)
{
	struct query_list l = { .arena = e->kept->arena };
	struct query_node *copy;

	if (n->op == QUERY_NESTED)
		return replace(e, n);
	if (n->n == 0)
		return n;
	for (size_t i = 0; i < n->n; i++)
		query_add(&l, expand(e, n->v[i]));
	copy = arena_alloc(e->kept->arena, sizeof *copy);
	*copy = *n;
	copy->v = l.v;
	return copy;
}

static bool
is_nested(const struct query_node *n)
{
	bool is = n->op == QUERY_NESTED;

	for (size_t i = 0; i < n->n && !is; i++)
		is = is_nested(n->v[i]);
	return is;
}

void
query_expand(struct query_kept *k)
{
	struct expanding e = { .kept = k };

	if (!is_nested(k->tree->root))
		return;
	e.leaves = count_leaves(k->tree->root);
	k->tree->root = expand(&e, k->tree->root);
	if (e.is_cut)
		query_remark(k->arena, k->tree, QUERY_TOO_LONG, NULL, NULL);
}
