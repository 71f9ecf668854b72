/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion in the search box: fields, their values, as the agent may see them. */
#include "api/api.h"
#include "ticket/find.h"

enum { ITEMS = 12, WORDS = 6 };

struct completing {
	struct req *r;
	struct buf b;
	const char *q;
	struct query_tail tail;
	const char *part; /* folded */
	bool german;
	size_t n;
};

/* One item: the whole question with what it completes; kind says what it is. */
static void
put_item(
    struct completing *k, const char *kind, const char *text, const char *label, const char *behind)
{
	struct buf q = { .arena = k->b.arena };

	if (k->n == ITEMS)
		return;
	buf_add(&q, k->q, k->tail.at);
	buf_puts(&q, text);
	buf_puts(&q, behind);
	buf_puts(&k->b, k->n++ > 0 ? ",{" : "{");
	buf_printf(&k->b, "\"kind\":\"%s\"", kind);
	api_put_text(&k->b, "text", text);
	api_put_text(&k->b, "label", label);
	api_put_text(&k->b, "q", q.s);
	buf_putc(&k->b, '}');
}

static bool
is_plain(const char *value)
{
	return strpbrk(value, " \"():,<>=") == NULL && strstr(value, "..") == NULL;
}

static const char *
quoted(struct arena *a, const char *value)
{
	struct buf b = { .arena = a };

	if (is_plain(value))
		return value;
	buf_putc(&b, '"');
	for (; *value != '\0'; value++)
		if (*value != '"')
			buf_putc(&b, *value);
	buf_putc(&b, '"');
	return b.s;
}

/* A word in the agent's language, if it or one of its other names begins so. */
static bool
begins(struct completing *k, const char *word, const char *aliases)
{
	return query_begins(word, k->part) || query_begins(aliases, k->part);
}

static void
put_fields(struct completing *k)
{
	if (*k->part == '\0')
		return;
	for (const struct query_field *f = query_fields; f->name != NULL; f++)
		if (begins(k, f->name, f->aliases))
			put_item(k, "field", k->german ? f->german : f->name, f->name, ":");
}

static void
put_choices(struct completing *k)
{
	for (const struct query_choice *c = k->tail.field->choices; c->word != NULL; c++)
		if (begins(k, c->word, c->aliases))
			put_item(k, "choice", k->german ? c->german : c->word, c->word, " ");
}

static void
put_dates(struct completing *k)
{
	const char *word;

	for (size_t i = 0; (word = query_spoken(i, k->german)) != NULL; i++)
		if (query_begins(terms_fold(k->b.arena, word), k->part))
			put_item(k, "date", word, "", " ");
}

static void
put_names(struct completing *k)
{
	const struct query_field *f = k->tail.field;
	struct rows_find_names rows = sql_find_names(
	    k->r->c, k->r->agent->id, f->name, k->tail.part, k->german ? "de" : "en", ITEMS);

	if (strcmp(f->name, "owner") == 0 && begins(k, "me", "ich mich"))
		put_item(k, "choice", k->german ? "ich" : "me", "mine", " ");
	if (strcmp(f->name, "owner") == 0 && begins(k, "none", "niemand keiner"))
		put_item(k, "choice", k->german ? "niemand" : "none", "unassigned", " ");
	for (size_t i = 0; i < rows.n; i++)
		put_item(k, f->name, quoted(k->b.arena, rows.v[i].value), rows.v[i].label, " ");
}

static void
put_words(struct completing *k)
{
	const struct find_ask who = { .agent = k->r->agent->id, .zone = k->r->agent->zone };
	const char *words[WORDS];
	size_t n = find_begun(k->r->c, &who, k->tail.part, words, WORDS);

	for (size_t i = 0; i < n; i++)
		put_item(k, "word", words[i], "", " ");
}

/* GET /search/complete */
void
api_search_complete(struct req *r, const struct search_complete *in)
{
	struct arena *a = &r->c->arena;
	struct completing k = { .r = r, .b = { .arena = a }, .q = in->q };

	k.tail = query_tail(a, in->q, strlen(in->q));
	k.part = terms_fold(a, k.tail.part);
	k.german = strcmp(in->language, "en") != 0;
	buf_puts(&k.b, "{\"items\":[");
	if (k.tail.field == NULL) {
		put_fields(&k);
		if (!k.tail.is_quoted && strlen(k.part) > 2)
			put_words(&k);
	} else if (k.tail.field->choices != NULL)
		put_choices(&k);
	else if (k.tail.field->kind == QUERY_DATE)
		put_dates(&k);
	else if (k.tail.field->kind == QUERY_NAME || k.tail.field->kind == QUERY_KEPT)
		put_names(&k);
	buf_puts(&k.b, "]}");
	reply(r, 200, buf_str(&k.b));
}
