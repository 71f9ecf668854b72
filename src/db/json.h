/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query's columns are the answer's fields: results as JSON, by column name and type. */
#ifndef DB_JSON_H
#define DB_JSON_H

#include <libpq-fe.h>

#include "base/base.h"

/* Append all rows as an array of objects. */
void json_list(struct buf *, const PGresult *);
/* Append the first rows as objects one behind the other, without the columns before `first`; ends[i] = where
 * row i ends. */
void json_objects(struct buf *, const PGresult *, int rows, int first, size_t *ends);
/* Append one row as an object. */
void json_row(struct buf *, const PGresult *, int row);

#endif
