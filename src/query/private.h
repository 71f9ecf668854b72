/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of query/. */
#ifndef QUERY_PRIVATE_H
#define QUERY_PRIVATE_H

#include "query/query.h"

/* The field of that name or alias, NULL = there is none. */
const struct query_field *query_field_find(struct arena *, const char *name);
/* What field:value asks for, NULL = the value means nothing there. */
const struct query_node *query_value(struct arena *, const struct query_field *, const char *value);
/* The same for its dates: date.c; false = it is none. */
bool query_date(struct arena *, const struct query_field *, const char *value, struct query_node *);
/* What may have been meant by name:value, of which either means nothing (field NULL: the name); NULL = nothing
 * is near. */
const char *query_instead(
    struct arena *, const struct query_field *, const char *value, const char *whole);
/* Is the folded word one of those in a list with blanks between? */
bool query_is_in(const char *list, const char *word);
/* Is there a word in it? */
bool query_has_word(const char *text);

/* Children that grow. */
struct query_list {
	struct arena *arena;
	const struct query_node **v;
	size_t n, cap;
};
/* Add a node; NULL is nothing. */
void query_add(struct query_list *, const struct query_node *);
/* One node for all: itself when it is one. */
const struct query_node *query_join(struct query_list *, enum query_op);
const struct query_node *query_not(struct arena *, const struct query_node *);
const struct query_node *query_leaf(struct arena *, struct query_node);

#endif
