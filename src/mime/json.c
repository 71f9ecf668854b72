/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct mail <-> one JSON object: what the parse child answers, and what `docket parse` prints. */
#include "mime/private.h"

#include <jansson.h>
#include <string.h>

static void
put(struct buf *b, const char *key, const char *v)
{
	buf_key(b, key);
	buf_json(b, v, v == NULL ? 0 : strlen(v));
}

static void
put_people(struct buf *b, const char *key, const struct people *p)
{
	buf_key(b, key);
	buf_putc(b, '[');
	for (size_t i = 0; i < p->n; i++) {
		buf_puts(b, i > 0 ? ",{" : "{");
		put(b, "name", p->v[i].name);
		put(b, "address", p->v[i].email);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_texts(struct buf *b, const char *key, struct texts t)
{
	buf_key(b, key);
	buf_putc(b, '[');
	for (size_t i = 0; i < t.n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		buf_json(b, t.v[i], strlen(t.v[i]));
	}
	buf_putc(b, ']');
}

static void
put_parts(struct buf *b, const char *key, const struct part *v, size_t n)
{
	buf_key(b, key);
	buf_putc(b, '[');
	for (size_t i = 0; i < n; i++) {
		const struct part *p = &v[i];

		buf_puts(b, i > 0 ? ",{" : "{");
		put(b, "filename", p->name);
		put(b, "type", p->type);
		buf_printf(b, ",\"size\":%lld,\"inline\":%s", (long long)p->size,
		    p->is_inline ? "true" : "false");
		put(b, "cid", p->cid);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* By which numbers the parent asks for their bytes. */
static void
put_numbers(struct buf *b, const struct mail *m)
{
	buf_key(b, "numbers");
	buf_putc(b, '[');
	for (size_t i = 0; i < m->nparts; i++)
		buf_printf(b, i > 0 ? ",%d" : "%d", m->parts[i].number);
	buf_putc(b, ']');
}

static const char *const claim_names[] = {
	[CLAIM_RESULTS] = "results", [CLAIM_ARC] = "arc-results", [CLAIM_SEAL] = "arc-seal"
};

static void
put_claims(struct buf *b, const struct mail *m)
{
	buf_key(b, "claims");
	buf_putc(b, '[');
	for (size_t i = 0; i < m->nclaims; i++) {
		const struct claim *c = &m->claims[i];

		buf_printf(b, i > 0 ? ",{\"hop\":%d" : "{\"hop\":%d", c->hop);
		put(b, "kind", claim_names[c->kind]);
		put(b, "value", c->value);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_complaint(struct buf *b, const struct complaint *c)
{
	buf_key(b, "complaint");
	if (c == NULL) {
		buf_puts(b, "null");
		return;
	}
	buf_putc(b, '{');
	put(b, "type", c->type);
	put(b, "recipient", c->recipient);
	put(b, "message_id", c->message_id);
	buf_putc(b, '}');
}

static void
put_bounce(struct buf *b, const struct bounce *n)
{
	buf_key(b, "bounce");
	if (n == NULL) {
		buf_puts(b, "null");
		return;
	}
	buf_putc(b, '{');
	put(b, "status", n->status);
	put(b, "action", n->action);
	put(b, "recipient", n->recipient);
	put(b, "message_id", n->message_id);
	buf_putc(b, '}');
}

static void
put_calendar(struct buf *b, const struct calendar *c)
{
	if (c == NULL) {
		buf_puts(b, "null");
		return;
	}
	buf_putc(b, '{');
	put(b, "method", c->method);
	put(b, "summary", c->summary);
	put(b, "start", c->start);
	put(b, "end", c->end);
	put(b, "zone", c->zone);
	put(b, "place", c->place);
	put(b, "organiser", c->organiser);
	buf_putc(b, '}');
}

static void
put_nested(struct buf *b, const struct mail *m, size_t most)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < m->nnested; i++) {
		const struct nested *n = &m->nested[i];

		buf_printf(b, i > 0 ? ",{\"number\":%d" : "{\"number\":%d", n->number);
		put(b, "subject", n->subject);
		put_people(b, "from", &n->from);
		put(b, "date", n->date);
		put(b, "text",
		    n->text == NULL || strlen(n->text) <= most ? n->text
							       : text_cut(b->arena, n->text, most));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

const char *
mime_calendar_json(struct arena *a, const struct calendar *c)
{
	struct buf b = { .arena = a };

	if (c == NULL)
		return NULL;
	put_calendar(&b, c);
	return b.s;
}

const char *
mime_nested_json(struct arena *a, const struct mail *m, size_t most)
{
	struct buf b = { .arena = a };

	if (m->nnested == 0)
		return NULL;
	put_nested(&b, m, most);
	return b.s;
}

/* Room for the long texts at once: growing would copy them. */
static size_t
length_guess(const struct mail *m)
{
	const char *const texts[] = { m->text, m->html, m->visible, m->folded };
	size_t n = 0;

	for (size_t i = 0; i < NELEM(texts); i++)
		n += texts[i] == NULL ? 0 : strlen(texts[i]);
	return n + n / 8 + 4096 + m->nparts * 160;
}

struct str
mime_json(struct arena *a, const struct mail *m)
{
	struct buf b = { .arena = a, .cap = length_guess(m) };

	b.s = arena_alloc(a, b.cap);
	buf_putc(&b, '{');
	put(&b, "subject", m->subject);
	put_people(&b, "from", &m->from);
	put_people(&b, "to", &m->to);
	put_people(&b, "cc", &m->cc);
	put_people(&b, "reply_to", &m->reply_to);
	put(&b, "date", m->date);
	put(&b, "message_id", m->message_id);
	put_texts(&b, "in_reply_to", m->in_reply_to);
	put_texts(&b, "references", m->references);
	put(&b, "body_text", m->text);
	put(&b, "body_html", m->html);
	put(&b, "visible_text", m->visible);
	put_parts(&b, "attachments", m->parts, m->nparts);
	put(&b, "auto", m->automatic);
	put_bounce(&b, m->bounce);
	put(&b, "sender", m->sender);
	put_texts(&b, "delivered", m->delivered);
	put(&b, "folded", m->folded);
	if (m->page != m->html)
		put(&b, "page", m->page);
	put(&b, "crypto", m->crypto);
	put(&b, "docket_id", m->docket_id);
	put(&b, "abridged", m->abridged);
	put(&b, "bounce_words", m->bounce_words);
	put_complaint(&b, m->complaint);
	buf_key(&b, "calendar");
	put_calendar(&b, m->calendar);
	buf_key(&b, "nested");
	put_nested(&b, m, SIZE_MAX);
	put_numbers(&b, m);
	put_parts(&b, "unpacked", m->unpacked, m->nunpacked);
	buf_printf(&b, ",\"hops\":%d", m->hops);
	put_claims(&b, m);
	buf_putc(&b, '}');
	return buf_str(&b);
}

static const char *
get(struct arena *a, json_t *o, const char *key)
{
	return arena_strdup(a, json_string_value(json_object_get(o, key)));
}

static struct people
get_people(struct arena *a, json_t *o, const char *key)
{
	json_t *list = json_object_get(o, key), *one;
	struct people p = { NULL, 0 };
	size_t i;

	if (!json_is_array(list))
		return p;
	p.v = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*p.v));
	json_array_foreach(list, i, one)
	{
		p.v[p.n].name = get(a, one, "name");
		p.v[p.n].email = get(a, one, "address");
		if (p.v[p.n].email == NULL)
			p.v[p.n].email = "";
		p.n++;
	}
	return p;
}

static struct texts
get_texts(struct arena *a, json_t *o, const char *key)
{
	json_t *list = json_object_get(o, key), *one;
	const char **v = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*v));
	size_t i, n = 0;

	json_array_foreach(list, i, one)
	{
		if (json_is_string(one))
			v[n++] = arena_strdup(a, json_string_value(one));
	}
	return (struct texts){ v, n };
}

/* Parts under key; their numbers are listed, or count up from first. */
static struct part *
get_parts(struct arena *a, json_t *o, const char *key, size_t *n, int first)
{
	json_t *list = json_object_get(o, key), *one;
	json_t *numbers = first == 0 ? json_object_get(o, "numbers") : NULL;
	struct part *v = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*v)), *p;
	size_t i;

	json_array_foreach(list, i, one)
	{
		p = &v[(*n)++];
		p->name = get(a, one, "filename");
		p->type = get(a, one, "type");
		if (p->type == NULL)
			p->type = "application/octet-stream";
		p->cid = get(a, one, "cid");
		p->size = json_integer_value(json_object_get(one, "size"));
		p->is_inline = json_is_true(json_object_get(one, "inline"));
		p->number = first == 0 ? (int)json_integer_value(json_array_get(numbers, i))
				       : first + (int)i;
	}
	return v;
}

static const struct bounce *
get_bounce(struct arena *a, json_t *o)
{
	json_t *n = json_object_get(o, "bounce");
	struct bounce *b;

	if (!json_is_object(n))
		return NULL;
	b = arena_alloc(a, sizeof(*b));
	b->status = get(a, n, "status");
	b->action = get(a, n, "action");
	b->recipient = get(a, n, "recipient");
	b->message_id = get(a, n, "message_id");
	return b;
}

static void
get_claims(struct arena *a, json_t *o, struct mail *m)
{
	json_t *list = json_object_get(o, "claims"), *one;
	struct claim *v = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*v));
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *kind = json_string_value(json_object_get(one, "kind"));

		for (size_t k = 0; k < NELEM(claim_names); k++)
			if (text_same(kind, claim_names[k]))
				v[m->nclaims].kind = (enum claim_kind)k;
		v[m->nclaims].hop = (int)json_integer_value(json_object_get(one, "hop"));
		v[m->nclaims].value = get(a, one, "value");
		if (v[m->nclaims].value != NULL)
			m->nclaims++;
	}
	m->claims = v;
}

static const struct complaint *
get_complaint(struct arena *a, json_t *o)
{
	json_t *n = json_object_get(o, "complaint");
	struct complaint *c;

	if (!json_is_object(n))
		return NULL;
	c = arena_alloc(a, sizeof(*c));
	c->type = get(a, n, "type");
	c->recipient = get(a, n, "recipient");
	c->message_id = get(a, n, "message_id");
	return c;
}

static const struct calendar *
get_calendar(struct arena *a, json_t *o)
{
	json_t *n = json_object_get(o, "calendar");
	struct calendar *c;

	if (!json_is_object(n))
		return NULL;
	c = arena_alloc(a, sizeof(*c));
	c->method = get(a, n, "method");
	c->summary = get(a, n, "summary");
	c->start = get(a, n, "start");
	c->end = get(a, n, "end");
	c->zone = get(a, n, "zone");
	c->place = get(a, n, "place");
	c->organiser = get(a, n, "organiser");
	return c;
}

static void
get_nested(struct arena *a, json_t *o, struct mail *m)
{
	json_t *list = json_object_get(o, "nested"), *one;
	struct nested *v = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*v));
	size_t i;

	json_array_foreach(list, i, one)
	{
		v[i].number = (int)json_integer_value(json_object_get(one, "number"));
		v[i].subject = get(a, one, "subject");
		v[i].from = get_people(a, one, "from");
		v[i].date = get(a, one, "date");
		v[i].text = get(a, one, "text");
		if (v[i].text == NULL)
			v[i].text = "";
		m->nnested++;
	}
	m->nested = v;
}

static void
get_mail(struct arena *a, json_t *o, struct mail *m)
{
	m->subject = get(a, o, "subject");
	m->from = get_people(a, o, "from");
	m->to = get_people(a, o, "to");
	m->cc = get_people(a, o, "cc");
	m->reply_to = get_people(a, o, "reply_to");
	m->sender = get(a, o, "sender");
	m->delivered = get_texts(a, o, "delivered");
	m->date = get(a, o, "date");
	m->message_id = get(a, o, "message_id");
	m->in_reply_to = get_texts(a, o, "in_reply_to");
	m->references = get_texts(a, o, "references");
	m->text = get(a, o, "body_text");
	m->html = get(a, o, "body_html");
	m->page = json_object_get(o, "page") == NULL ? m->html : get(a, o, "page");
	m->visible = get(a, o, "visible_text");
	if (m->visible == NULL)
		m->visible = "";
	m->folded = get(a, o, "folded");
	m->parts = get_parts(a, o, "attachments", &m->nparts, 0);
	m->unpacked = get_parts(a, o, "unpacked", &m->nunpacked, MIME_UNPACKED);
	m->automatic = get(a, o, "auto");
	m->bounce = get_bounce(a, o);
	m->crypto = get(a, o, "crypto");
	m->docket_id = get(a, o, "docket_id");
	m->abridged = get(a, o, "abridged");
	m->bounce_words = get(a, o, "bounce_words");
	m->complaint = get_complaint(a, o);
	m->hops = (int)json_integer_value(json_object_get(o, "hops"));
	get_claims(a, o, m);
	m->calendar = get_calendar(a, o);
	get_nested(a, o, m);
}

struct mail *
mime_from_json(struct arena *a, struct str json)
{
	json_t *o = json_loadb(json.s, json.n, JSON_REJECT_DUPLICATES, NULL);
	struct mail *m = NULL;

	if (json_is_object(o)) {
		m = arena_alloc(a, sizeof(*m));
		get_mail(a, o, m);
	}
	json_decref(o);
	return m;
}
