/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of tickets, and folders with their live counts. */
#include "api/api.h"

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

struct counting {
	struct req *r;
	const char *query;
	int64_t n; /* -1 = not known */
	bool capped;
};

static void
count(struct ctx *c, void *arg)
{
	struct counting *k = arg;

	k->n = list_count(c, k->r->agent->id, k->r->agent->zone, k->query, &k->capped);
}

/* A folder that asks for words while the index is away shows no count; the others do. */
static void
put_folder(struct req *r, struct buf *b, const struct row_folder_rows *f)
{
	struct counting k = { r, f->query, -1, false };

	if (!unit_try(r->c, count, &k) && strcmp(r->c->code, "index_away") != 0)
		fail(r->c, r->c->status, arena_strdup(&r->c->arena, r->c->code), "%s",
		    arena_strdup(&r->c->arena, r->c->detail));
	buf_printf(b, "{\"id\":%lld", (long long)f->id);
	api_put_text(b, "key", f->key);
	buf_printf(b, ",\"name\":%s", f->name);
	api_put_text(b, "icon", f->icon);
	api_put_text(b, "query", f->query);
	buf_printf(b, ",\"parent_id\":%s",
	    f->parent_id == 0 ? "null"
			      : arena_printf(&r->c->arena, "%lld", (long long)f->parent_id));
	buf_printf(b, ",\"position\":%lld", (long long)f->position);
	buf_printf(b, ",\"own\":%s,\"watched\":%s", f->own ? "true" : "false",
	    f->watched ? "true" : "false");
	buf_printf(b, ",\"count\":%s",
	    k.n < 0 ? "null" : arena_printf(&r->c->arena, "%lld", (long long)k.n));
	buf_printf(b, ",\"capped\":%s}", k.capped ? "true" : "false");
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
