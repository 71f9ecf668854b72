/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search: hits with excerpts that show why, and what all hits come to. */
#include "ticket/find.h"
#include "api/api.h"

enum { EXCERPT = 220, PLACES = 5 };

/* A place where the words stand. */
struct place {
	const char *where, *file, *excerpt;
};

static void
put_place(struct buf *b, const struct row_find_show *r, const struct place *p)
{
	buf_printf(b, "{\"message_id\":%lld", (long long)r->message_id);
	api_put_text(b, "kind", r->kind);
	api_put_text(b, "at", r->at);
	api_put_text(b, "author", r->author);
	api_put_text(b, "where", p->where);
	api_put_text(b, "file", p->file);
	api_put_text(b, "excerpt", p->excerpt);
	buf_putc(b, '}');
}

/* In the text of a file; which one. */
static void
attached(
    struct req *r, const struct row_find_show *m, const struct xap_node *words, struct place *p)
{
	struct rows_find_attached rows;

	if (*m->files == '\0')
		return;
	rows = sql_find_attached(r->c, r->agent->id, m->message_id);
	for (size_t i = 0; i < rows.n && p->excerpt == NULL; i++) {
		p->file = rows.v[i].name;
		p->excerpt =
		    terms_excerpt(&r->c->arena, TERM_ATTACHED, rows.v[i].text, words, EXCERPT);
	}
}

/* Where the words stand: in the text, else in the subject, a file's name, a file's text, among the
 * people. The first place from `from` on; PLACES = none. */
static size_t
find_place(struct req *r, const struct row_find_show *m, const struct xap_node *words, size_t from,
    struct place *p)
{
	const struct {
		const char *where, *text;
		enum term_field field;
	} places[PLACES] = {
		{ m->kind, m->text, TERM_TEXT },
		{ "subject", m->subject, TERM_SUBJECT },
		{ "file", m->files, TERM_FILE },
		{ "attached", NULL, TERM_ATTACHED },
		{ "people", m->people, TERM_PERSON },
	};

	for (; words != NULL && from < PLACES; from++) {
		*p = (struct place){ .where = places[from].where };
		if (places[from].text == NULL)
			attached(r, m, words, p);
		else
			p->excerpt = terms_excerpt(
			    &r->c->arena, places[from].field, places[from].text, words, EXCERPT);
		if (p->excerpt != NULL)
			return from;
	}
	return PLACES;
}

/* The hit's own message first (of facts alone its beginning); then the ticket's best other message if it says more
 * than the same subject again, else another place of the same message. */
static void
put_excerpts(struct req *r, struct buf *b, const struct row_find_show *hit,
    const struct row_find_show *other, const struct xap_node *words)
{
	struct place one, two;
	size_t first = find_place(r, hit, words, 0, &one), second = PLACES;

	if (first == PLACES)
		one = (struct place){ hit->kind, NULL,
			terms_excerpt(&r->c->arena, TERM_TEXT, hit->text, NULL, EXCERPT) };
	put_place(b, hit, &one);
	if (other != NULL)
		second = find_place(r, other, words, 0, &two);
	if (second == PLACES || (second > 0 && second == first)) {
		other = hit;
		second = first < PLACES ? find_place(r, hit, words, first + 1, &two) : PLACES;
	}
	if (second < PLACES) {
		buf_putc(b, ',');
		put_place(b, other, &two);
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
	rows = sql_find_show(r->c, r->agent->id, (struct ids){ ids, 2 * p->n }, (int64_t)p->n);
	for (size_t i = 0; i < p->n; i++, comma = ",") {
		const struct row_find_show *hit = row_of(&rows, ids[i]);

		if (hit == NULL)
			continue;
		buf_printf(b, "%s{\"message_id\":%lld,\"ticket\":%s,\"excerpts\":[", comma,
		    (long long)hit->message_id, hit->ticket);
		put_excerpts(r, b, hit, row_of(&rows, others[i]), p->text);
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
	api_put_text(&b, "instead",
	    in->after == NULL && p->next == 0 ? find_meant(c, &ask, in->q, p->n) : NULL);
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
