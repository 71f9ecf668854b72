/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search: hits with excerpts that show why, and what all hits come to. */
#include "ticket/find.h"
#include "api/api.h"
#include "index/index.h"

enum { EXCERPT = 220, PLACES = 5 };

/* A place where the words stand. */
struct place {
	const char *where, *file, *excerpt;
};
/* What a hit shows. Texts of files are many times what else a page reads: they are fetched for all hits at
 * once, and only if some hit needs them (`wants`). */
struct shown {
	const struct find_message *hit, *other, *second; /* second: whose the place two is */
	struct place one, two;
	bool wants;
};
struct showing {
	struct req *r;
	const struct xap_node *words;
	const struct rows_find_attached *attached; /* NULL = not fetched */
	bool wants;
};

static void
put_place(struct buf *b, const struct find_message *m, const struct place *p)
{
	buf_printf(b, "{\"message_id\":%lld", (long long)m->id);
	api_put_text(b, "kind", m->kind);
	api_put_text(b, "at", m->at);
	api_put_text(b, "author", m->author);
	api_put_text(b, "where", p->where);
	api_put_text(b, "file", p->file);
	api_put_text(b, "excerpt", p->excerpt);
	buf_putc(b, '}');
}

/* In the text of a file; which one. */
static void
attached(struct showing *s, const struct find_message *m, struct place *p)
{
	const struct rows_find_attached *rows = s->attached;

	if (*m->files == '\0')
		return;
	s->wants = true;
	for (size_t i = 0; rows != NULL && i < rows->n && p->excerpt == NULL; i++) {
		if (rows->v[i].message_id != m->id)
			continue;
		p->file = rows->v[i].name;
		p->excerpt = terms_excerpt(
		    &s->r->c->arena, TERM_ATTACHED, rows->v[i].text, s->words, EXCERPT);
	}
}

/* Where the words stand: in the text, else in the subject, a file's name, a file's text, among the
 * people. The first place from `from` on; PLACES = none. */
static size_t
find_place(struct showing *s, const struct find_message *m, size_t from, struct place *p)
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

	for (; s->words != NULL && from < PLACES; from++) {
		*p = (struct place){ .where = places[from].where };
		if (places[from].text == NULL)
			attached(s, m, p);
		else
			p->excerpt = terms_excerpt(&s->r->c->arena, places[from].field,
			    places[from].text, s->words, EXCERPT);
		if (p->excerpt != NULL)
			return from;
	}
	return PLACES;
}

/* The hit's own message first (of facts alone its beginning); then the ticket's best other message if it says more
 * than the same subject again, else another place of the same message. */
static void
find_places(struct showing *s, struct shown *h)
{
	size_t first, second = PLACES;

	s->wants = false;
	first = find_place(s, h->hit, 0, &h->one);
	if (first == PLACES)
		h->one = (struct place){ h->hit->kind, NULL,
			terms_excerpt(&s->r->c->arena, TERM_TEXT, h->hit->text, NULL, EXCERPT) };
	h->second = h->other;
	if (h->other != NULL)
		second = find_place(s, h->other, 0, &h->two);
	if (second == PLACES || (second > 0 && second == first)) {
		h->second = h->hit;
		second = first < PLACES ? find_place(s, h->hit, first + 1, &h->two) : PLACES;
	}
	if (second == PLACES)
		h->second = NULL;
	h->wants = s->wants;
}

/* Once more, for those that may have their words in files. */
static void
find_places_in_files(struct showing *s, struct shown *v, size_t n)
{
	struct ctx *c = s->r->c;
	int64_t *ids = arena_alloc(&c->arena, (2 * n + 1) * sizeof *ids);
	struct rows_find_attached rows;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].wants)
			ids[k++] = v[i].hit->id;
		if (v[i].wants && v[i].other != NULL)
			ids[k++] = v[i].other->id;
	}
	if (k == 0)
		return;
	rows = sql_find_attached(c, s->r->agent->id, (struct ids){ ids, k });
	s->attached = &rows;
	for (size_t i = 0; i < n; i++)
		if (v[i].wants)
			find_places(s, &v[i]);
	s->attached = NULL;
}

static const struct find_message *
message_of(const struct find_message *v, size_t n, int64_t message)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].id == message)
			return &v[i];
	return NULL;
}

/* The page's hits that are still there, with what they show. */
static size_t
show_hits(struct req *r, const struct find_ask *ask, const struct find_page *p, struct shown *v)
{
	int64_t *ids = arena_alloc(&r->c->arena, (3 * p->n + 1) * sizeof *ids),
		*others = ids + p->n, *some = others + p->n;
	struct showing s = { .r = r, .words = p->text };
	struct find_shown m;
	size_t nsome = 0, n = 0;

	find_others(r->c, ask, p, others);
	for (size_t i = 0; i < p->n; i++) {
		ids[i] = p->v[i].message;
		if (others[i] != 0)
			some[nsome++] = others[i];
	}
	m = find_show(r->c, r->agent->id, (struct ids){ ids, p->n }, (struct ids){ some, nsome });
	for (size_t i = 0; i < p->n; i++) {
		v[n] = (struct shown){ .hit = message_of(m.hits, m.nhits, ids[i]),
			.other = message_of(m.others, m.nothers, others[i]) };
		if (v[n].hit != NULL)
			find_places(&s, &v[n++]);
	}
	find_places_in_files(&s, v, n);
	return n;
}

static void
put_hits(struct req *r, struct buf *b, const struct find_ask *ask, const struct find_page *p)
{
	struct shown *v = arena_alloc(&r->c->arena, (p->n + 1) * sizeof *v);
	size_t n = show_hits(r, ask, p, v);

	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%s{\"message_id\":%lld,\"ticket\":", i > 0 ? "," : "",
		    (long long)v[i].hit->id);
		api_put(b, v[i].hit->ticket);
		buf_puts(b, ",\"excerpts\":[");
		put_place(b, v[i].hit, &v[i].one);
		if (v[i].second != NULL) {
			buf_putc(b, ',');
			put_place(b, v[i].second, &v[i].two);
		}
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

/* What is found may not be all yet. */
static bool
is_rebuilding(struct ctx *c)
{
	const char *path = index_current(&c->arena);

	return path == NULL || index_is_filling(&c->arena, path);
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
	buf_printf(&b, ",\"rebuilding\":%s}", is_rebuilding(c) ? "true" : "false");
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

/* GET /tickets/:ticket/alike */
void
api_ticket_alike(struct req *r, const struct ticket_alike *in)
{
	struct ctx *c = r->c;
	struct buf b = { .arena = &c->arena };

	if (sql_ticket_row(c, r->agent->id, in->ticket).s == NULL)
		fail(c, 404, "ticket_unknown", "there is no ticket %lld for you",
		    (long long)in->ticket);
	buf_puts(&b, "{\"alike\":");
	api_put(&b, find_alike(c, r->agent->id, in->ticket, (size_t)in->limit));
	buf_putc(&b, '}');
	reply(r, 200, buf_str(&b));
}
