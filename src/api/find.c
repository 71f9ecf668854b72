/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search: hits with excerpts that show why. */
#include "ticket/find.h"
#include "api/api.h"

enum { EXCERPT = 220 };

/* Where the words stand: in the text, else in the subject, a file's name, among the people; facts alone
 * show the beginning. */
static void
put_excerpt(
    struct ctx *c, struct buf *b, const struct row_find_show *r, const struct xap_node *words)
{
	const struct {
		const char *where, *text;
		enum term_field field;
	} places[] = {
		{ r->kind, r->text, TERM_TEXT },
		{ "subject", r->subject, TERM_SUBJECT },
		{ "file", r->files, TERM_FILE },
		{ "people", r->people, TERM_PERSON },
	};
	const char *excerpt = NULL;
	size_t i = 0;

	for (; words != NULL && i < NELEM(places) && excerpt == NULL; i++)
		excerpt = terms_excerpt(&c->arena, places[i].field, places[i].text, words, EXCERPT);
	if (excerpt == NULL)
		excerpt = terms_excerpt(&c->arena, TERM_TEXT, r->text, NULL, EXCERPT);
	else
		i--;
	api_put_text(b, "where", i < NELEM(places) ? places[i].where : r->kind);
	api_put_text(b, "excerpt", excerpt);
}

static void
put_hits(struct req *r, struct buf *b, const struct find_page *p)
{
	int64_t *ids = arena_alloc(&r->c->arena, (p->n + 1) * sizeof *ids);
	struct rows_find_show rows;

	for (size_t i = 0; i < p->n; i++)
		ids[i] = p->v[i].message;
	rows = sql_find_show(r->c, r->agent->id, (struct ids){ ids, p->n });
	for (size_t i = 0; i < rows.n; i++) {
		const struct row_find_show *row = &rows.v[i];

		buf_puts(b, i > 0 ? ",{\"ticket\":" : "{\"ticket\":");
		buf_puts(b, row->ticket);
		buf_printf(b, ",\"message_id\":%lld", (long long)row->message_id);
		api_put_text(b, "kind", row->kind);
		api_put_text(b, "at", row->at);
		api_put_text(b, "author", row->author);
		put_excerpt(r->c, b, row, p->text);
		buf_putc(b, '}');
	}
}

/* The last word may be unfinished when somebody types into the search box: always, for the newest hits. */
static const char *
search(struct req *r, const struct search *in, struct find_page *p, bool *best)
{
	struct ctx *c = r->c;
	struct query_tree *t = query_parse(&c->arena, in->q, strlen(in->q), true);
	struct find_ask ask = { r->agent->id, r->agent->zone, t->root, 0, (size_t)in->limit, 0 };

	find_cursor(c, &ask, in->after);
	*best = strcmp(in->order, "best") == 0 && find_best(c, &ask, p);
	if (*best)
		return t->understood;
	find_page(c, &ask, p);
	if (!p->as_words)
		return t->understood;
	ask.tree = query_plain(&c->arena, in->q, strlen(in->q));
	find_page(c, &ask, p);
	return "too many alternatives of words and conditions: all of it is searched as words";
}

/* GET /search */
void
api_search(struct req *r, const struct search *in)
{
	struct find_page *p = arena_alloc(&r->c->arena, sizeof *p);
	struct buf b = { .arena = &r->c->arena };
	bool best;
	const char *understood = search(r, in, p, &best);

	buf_puts(&b, "{\"hits\":[");
	put_hits(r, &b, p);
	buf_putc(&b, ']');
	api_put_text(&b, "next", find_next(r->c, p));
	api_put_text(&b, "searched_to", p->is_cut ? sql_find_when(r->c, p->next) : NULL);
	api_put_text(&b, "understood", understood);
	api_put_text(&b, "order", best ? "best" : "newest");
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}
