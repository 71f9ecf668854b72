/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query as a few branches of (text AND facts): negations go down only where text and facts are mixed,
 * and the largest subtrees of one sort stay whole. */
#include "query/private.h"

enum query_sort
query_sort(const struct query_node *n)
{
	enum query_sort sort;

	if (n->op == QUERY_FACT)
		return n->field->kind == QUERY_MARK ? QUERY_MESSAGES : QUERY_FACTS;
	if (n->op == QUERY_WORDS || n->op == QUERY_PHRASE || n->op == QUERY_BEGINNING)
		return QUERY_MESSAGES;
	if (n->n == 0)
		return QUERY_FACTS;
	sort = query_sort(n->v[0]);
	for (size_t i = 1; i < n->n; i++)
		if (query_sort(n->v[i]) != sort)
			return QUERY_MIXED;
	return sort;
}

static const struct query_node *
both(struct arena *a, const struct query_node *x, const struct query_node *y, enum query_op op)
{
	struct query_list l = { .arena = a };

	query_add(&l, x);
	query_add(&l, y);
	return l.n == 0 ? NULL : query_join(&l, op);
}

static const struct query_node *
side(struct arena *a, const struct query_node *n, bool is_negated)
{
	return is_negated ? query_not(a, n) : n;
}

/* Every branch of x with every branch of y. */
static bool
multiply(struct arena *a, struct query_branches *x, const struct query_branches *y)
{
	struct query_branches out = { .n = 0 };

	if (x->n * y->n > QUERY_BRANCHES)
		return false;
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < y->n; k++)
			out.v[out.n++] = (struct query_branch){
				both(a, x->v[i].text, y->v[k].text, QUERY_AND),
				both(a, x->v[i].facts, y->v[k].facts, QUERY_AND),
			};
	*x = out;
	return true;
}

static bool
append(struct query_branches *x, const struct query_branches *y)
{
	if (x->n + y->n > QUERY_BRANCHES)
		return false;
	for (size_t i = 0; i < y->n; i++)
		x->v[x->n++] = y->v[i];
	return true;
}

static bool split(struct arena *, const struct query_node *, bool, struct query_branches *);

/* Children of one sort together are one part; the mixed ones are split further. */
static bool
split_row(struct arena *a, const struct query_node *n, bool is_negated, struct query_branches *out)
{
	bool is_and = (n->op == QUERY_AND) != is_negated;
	const struct query_node *text = NULL, *facts = NULL;
	struct query_branches part;

	for (size_t i = 0; i < n->n; i++) {
		const struct query_node *child = side(a, n->v[i], is_negated);
		enum query_sort sort = query_sort(child);

		if (sort == QUERY_MESSAGES)
			text = both(a, text, child, is_and ? QUERY_AND : QUERY_OR);
		else if (sort == QUERY_FACTS)
			facts = both(a, facts, child, is_and ? QUERY_AND : QUERY_OR);
	}
	out->n = 0;
	if (is_and)
		out->v[out->n++] = (struct query_branch){ text, facts };
	if (!is_and && text != NULL)
		out->v[out->n++] = (struct query_branch){ text, NULL };
	if (!is_and && facts != NULL)
		out->v[out->n++] = (struct query_branch){ NULL, facts };
	for (size_t i = 0; i < n->n; i++)
		if (query_sort(n->v[i]) == QUERY_MIXED) {
			if (!split(a, n->v[i], is_negated, &part))
				return false;
			if (!(is_and ? multiply(a, out, &part) : append(out, &part)))
				return false;
		}
	return true;
}

static bool
split(struct arena *a, const struct query_node *n, bool is_negated, struct query_branches *out)
{
	enum query_sort sort = query_sort(n);

	if (sort == QUERY_MIXED && n->op == QUERY_NOT)
		return split(a, n->v[0], !is_negated, out);
	if (sort == QUERY_MIXED)
		return split_row(a, n, is_negated, out);
	out->n = 1;
	out->v[0] = (struct query_branch){ 0 };
	if (sort == QUERY_MESSAGES)
		out->v[0].text = side(a, n, is_negated);
	else
		out->v[0].facts = side(a, n, is_negated);
	return true;
}

bool
query_branches(struct arena *a, const struct query_node *n, struct query_branches *out)
{
	return split(a, n, false, out);
}
