/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search: hits with excerpts that show why, and what all hits come to. */
#include "ticket/find.h"
#include "api/api.h"

enum { EXCERPT = 220, PLACES = 4 };

/* Where the words stand: in the text, else in the subject, a file's name, among the people. The place from `from` on
 * that has them; PLACES = none. */
static size_t
put_place(struct ctx *c, struct buf *b, const struct row_find_show *r, const struct xap_node *words,
    size_t from)
{
	const struct {
		const char *where, *text;
		enum term_field field;
	} places[PLACES] = {
		{ r->kind, r->text, TERM_TEXT },
		{ "subject", r->subject, TERM_SUBJECT },
		{ "file", r->files, TERM_FILE },
		{ "people", r->people, TERM_PERSON },
	};
	const char *excerpt = NULL;

	for (; words != NULL && from < PLACES && excerpt == NULL; from++)
		excerpt =
		    terms_excerpt(&c->arena, places[from].field, places[from].text, words, EXCERPT);
	if (excerpt == NULL)
		return PLACES;
	buf_printf(b, "{\"message_id\":%lld", (long long)r->message_id);
	api_put_text(b, "kind", r->kind);
	api_put_text(b, "at", r->at);
	api_put_text(b, "author", r->author);
	api_put_text(b, "where", places[from - 1].where);
	api_put_text(b, "excerpt", excerpt);
	buf_putc(b, '}');
	return from - 1;
}

/* What stands in no place (facts alone) is shown by its beginning. */
static void
put_beginning(struct ctx *c, struct buf *b, const struct row_find_show *r)
{
	buf_printf(b, "{\"message_id\":%lld", (long long)r->message_id);
	api_put_text(b, "kind", r->kind);
	api_put_text(b, "at", r->at);
	api_put_text(b, "author", r->author);
	api_put_text(b, "where", r->kind);
	api_put_text(b, "excerpt", terms_excerpt(&c->arena, TERM_TEXT, r->text, NULL, EXCERPT));
	buf_putc(b, '}');
}

/* The hit's own message first; then the ticket's best other message if it says more than the same subject again,
 * else another place of the same message. */
static void
put_excerpts(struct ctx *c, struct buf *b, const struct row_find_show *hit,
    const struct row_find_show *other, const struct xap_node *words)
{
	struct buf more = { .arena = &c->arena };
	size_t first = put_place(c, b, hit, words, 0), second = PLACES;

	if (first == PLACES)
		put_beginning(c, b, hit);
	if (other != NULL)
		second = put_place(c, &more, other, words, 0);
	if (second == PLACES || (second > 0 && second == first)) {
		more.n = 0;
		second = first < PLACES ? put_place(c, &more, hit, words, first + 1) : PLACES;
	}
	if (second < PLACES && more.n > 0) {
		buf_putc(b, ',');
		buf_add(b, more.s, more.n);
	}
}

static const struct row_find_show *
row_of(const struct rows_find_show *rows, int64_t message)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].message_id == message)
			return &rows->v[i];
	return NULL;
}

static void
put_hits(struct req *r, struct buf *b, const struct find_ask *ask, const struct find_page *p)
{
	int64_t *ids = arena_alloc(&r->c->arena, (2 * p->n + 1) * sizeof *ids),
		*others = ids + p->n;
	struct rows_find_show rows;
	const char *comma = "";

	for (size_t i = 0; i < p->n; i++)
		ids[i] = p->v[i].message;
	find_others(r->c, ask, p, others);
	rows = sql_find_show(r->c, r->agent->id, (struct ids){ ids, 2 * p->n });
	for (size_t i = 0; i < p->n; i++, comma = ",") {
		const struct row_find_show *hit = row_of(&rows, ids[i]);

		if (hit == NULL)
			continue;
		buf_printf(b, "%s{\"message_id\":%lld,\"ticket\":%s,\"excerpts\":[", comma,
		    (long long)hit->message_id, hit->ticket);
		put_excerpts(r->c, b, hit, row_of(&rows, others[i]), p->text);
		buf_puts(b, "]}");
	}
}

static void
put_notes(struct buf *b, const struct query_note *n)
{
	static const char *const words[] = {
		[QUERY_AS_WORDS] = "words",
		[QUERY_UNKNOWN] = "unknown",
		[QUERY_TOO_LONG] = "too_long",
		[QUERY_TOO_MANY] = "too_many",
	};

	buf_puts(b, ",\"notes\":[");
	for (bool first = true; n != NULL; n = n->next, first = false) {
		buf_printf(b, "%s{\"what\":\"%s\"", first ? "" : ",", words[n->what]);
		api_put_text(b, "text", n->text);
		api_put_text(b, "instead", n->instead);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* GET /search. The last word may be unfinished when somebody types into the search box: always, for the newest
 * hits. */
void
api_search(struct req *r, const struct search *in)
{
	struct ctx *c = r->c;
	struct find_page *p = arena_alloc(&c->arena, sizeof *p);
	struct query_tree *t = find_parse(c, r->agent->id, in->q, true);
	struct find_ask ask = { r->agent->id, r->agent->zone, t->root, 0, (size_t)in->limit, 0 };
	struct buf b = { .arena = &c->arena };
	bool best;

	find_cursor(c, &ask, in->after);
	best = strcmp(in->order, "best") == 0 && find_best(c, &ask, p);
	if (!best)
		find_page(c, &ask, p);
	buf_puts(&b, "{\"hits\":[");
	put_hits(r, &b, &ask, p);
	buf_putc(&b, ']');
	api_put_text(&b, "next", find_next(c, p));
	api_put_text(&b, "searched_to", p->is_cut ? sql_find_when(c, p->next) : NULL);
	put_notes(&b, t->notes);
	api_put_text(&b, "order", best ? "best" : "newest");
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}

/* GET /search/facets */
void
api_search_facets(struct req *r, const struct search_facets *in)
{
	struct ctx *c = r->c;
	struct query_tree *t = find_parse(c, r->agent->id, in->q, true);
	struct find_ask ask = { .agent = r->agent->id, .zone = r->agent->zone, .tree = t->root };
	struct buf b = { .arena = &c->arena };
	struct find_count found;

	find_count(c, &ask, in->all ? FIND_COUNT_MORE : FIND_COUNT_FIRST, &found);
	buf_printf(&b, "{\"tickets\":%zu,\"hits\":%zu,\"more\":%s", found.tickets.n, found.hits,
	    found.down_to != 0 ? "true" : "false");
	buf_printf(&b, ",\"down_to\":%s",
	    found.down_to == 0 ? "null"
			       : arena_printf(&c->arena, "%lld", (long long)found.down_to));
	buf_puts(&b, ",\"facets\":");
	api_put(&b, sql_find_facets(c, ask.agent, ask.zone, found.tickets));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}
