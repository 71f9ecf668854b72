/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of tickets, and folders with their live counts. */
#include "api/api.h"

enum { COUNT_MAX = 1001 };

/* The query of a list: its folder's, its account's and its own, all of them. */
static const char *
query_of(struct req *r, const struct ticket_list *in)
{
	struct buf b = { .arena = &r->c->arena };
	const char *folder;

	if (in->folder != 0) {
		folder = sql_folder_query(r->c, r->agent->id, in->folder);
		if (folder == NULL)
			fail(r->c, 404, "folder_unknown", "there is no folder %lld for you",
			    (long long)in->folder);
		if (*folder != '\0')
			buf_printf(&b, "(%s) ", folder);
	}
	if (in->account != 0)
		buf_printf(&b, "account:%lld ", (long long)in->account);
	if (in->q != NULL && *in->q != '\0')
		buf_printf(&b, "(%s)", in->q);
	return b.s;
}

/* GET /tickets */
void
api_ticket_list(struct req *r, const struct ticket_list *in)
{
	struct ctx *c = r->c;
	struct list_question q = { r->agent->id, r->agent->zone, query_of(r, in), in->after,
		in->limit };
	struct buf b = { .arena = &c->arena };
	const char *next;

	buf_puts(&b, "{\"tickets\":");
	api_put(&b, list_page(c, &q, &next));
	buf_puts(&b, ",\"next\":");
	buf_json(&b, next, next == NULL ? 0 : strlen(next));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

static void
put_folder(struct req *r, struct buf *b, const struct row_folder_rows *f)
{
	int64_t n = list_count(r->c, r->agent->id, r->agent->zone, f->query, COUNT_MAX);

	buf_printf(b, "{\"id\":%lld,\"key\":", (long long)f->id);
	buf_json(b, f->key, f->key == NULL ? 0 : strlen(f->key));
	buf_printf(b, ",\"name\":%s,\"icon\":", f->name);
	buf_json(b, f->icon, strlen(f->icon));
	buf_puts(b, ",\"query\":");
	buf_json(b, f->query, strlen(f->query));
	buf_puts(b, ",\"parent_id\":");
	if (f->parent_id == 0)
		buf_puts(b, "null");
	else
		buf_printf(b, "%lld", (long long)f->parent_id);
	buf_printf(b, ",\"position\":%lld,\"count\":%lld,\"capped\":%s}", (long long)f->position,
	    (long long)(n < COUNT_MAX ? n : COUNT_MAX - 1), n < COUNT_MAX ? "false" : "true");
}

/* GET /folders */
void
api_folder_list(struct req *r, const struct folder_list *in)
{
	struct rows_folder_rows rows = sql_folder_rows(r->c, r->agent->id);
	struct buf b = { .arena = &r->c->arena };

	(void)in;
	buf_putc(&b, '[');
	for (size_t i = 0; i < rows.n; i++) {
		if (i > 0)
			buf_putc(&b, ',');
		put_folder(r, &b, &rows.v[i]);
	}
	buf_putc(&b, ']');
	reply(r, 200, buf_str(&b));
}
