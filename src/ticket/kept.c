/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a query with the folders it names. */
#include <string.h>

#include "ticket/find.h"

enum { KEPT_DEPTH = 4 }; /* folders whose query names a folder whose ... */

struct kept {
	struct query_kept k;
	struct ctx *c;
	int64_t agent;
	int depth;
};

static struct query_tree *read_query(struct kept *, const char *, bool);

static const struct query_node *
folder(struct query_kept *k, const char *name, int64_t number)
{
	struct kept *of = (struct kept *)k;
	struct kept inner = { .c = of->c, .agent = of->agent, .depth = of->depth + 1 };
	const char *query;

	if (inner.depth > KEPT_DEPTH)
		return NULL;
	query = sql_folder_kept(of->c, of->agent, name, number);
	return query == NULL ? NULL : read_query(&inner, query, false)->root;
}

static struct query_tree *
read_query(struct kept *kept, const char *query, bool is_typing)
{
	struct arena *a = &kept->c->arena;
	struct query_tree *t = query_parse(a, query, strlen(query), is_typing);

	kept->k = (struct query_kept){ folder, a, t };
	query_expand(&kept->k);
	return t;
}

struct query_tree *
find_parse(struct ctx *c, int64_t agent, const char *query, bool is_typing)
{
	struct kept kept = { .c = c, .agent = agent };
	struct query_tree *t = read_query(&kept, query, is_typing);
	struct query_branches b;

	if (!query_branches(&c->arena, t->root, &b)) {
		t->root = query_plain(&c->arena, query, strlen(query));
		query_remark(&c->arena, t, QUERY_TOO_MANY, NULL, NULL);
	}
	return t;
}
