/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a client sent to the struct that its handler takes, or a sentence that says what is wrong. */
#include <jansson.h>
#include <string.h>

#include "http/http.h"

enum { BODY_MAX = 1 << 20, DEPTH_MAX = 32, LIST_MAX = 10000, FIELDS_MAX = 48 };

/* What was sent for one field: as text (path, query) or as JSON (body). */
struct given {
	const char *text;
	json_t *json;
};

static noreturn void
refuse(struct req *r, const struct field *f, const char *what)
{
	fail(r->c, 422, "input", "%s %s", f->name, what);
}

static size_t
field_at(struct req *r, const char *name, size_t n)
{
	for (size_t i = 0; r->route->input[i].name != NULL; i++)
		if (strlen(r->route->input[i].name) == n &&
		    memcmp(r->route->input[i].name, name, n) == 0)
			return i;
	fail(r->c, 400, "field_unknown", "%s %s knows no field '%s'", r->route->method,
	    r->route->path, text_cut(&r->c->arena, text_line(&r->c->arena, name, n), 40));
}

static void
take(struct req *r, struct given *given, const char *name, size_t n, struct given what)
{
	size_t at = field_at(r, name, n);

	if (given[at].text != NULL || given[at].json != NULL)
		fail(r->c, 400, "field_twice", "%s is given twice", r->route->input[at].name);
	given[at] = what;
}

static int
hex(char c)
{
	const char *digits = "0123456789abcdef", *p;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	p = c == '\0' ? NULL : strchr(digits, c);
	return p == NULL ? -1 : (int)(p - digits);
}

char *
input_decode(struct arena *a, const char *s, size_t n, bool plus)
{
	char *out = arena_alloc(a, n + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			int high = i + 2 < n ? hex(s[i + 1]) : -1;
			int low = high < 0 ? -1 : hex(s[i + 2]);

			if (low < 0 || (high == 0 && low == 0))
				return NULL;
			*to++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*to++ = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	return text_valid(out, (size_t)(to - out)) ? out : NULL;
}

static char *
decode(struct req *r, const char *s, size_t n, bool plus)
{
	char *out = input_decode(&r->c->arena, s, n, plus);

	if (out == NULL)
		fail(r->c, 400, "address_bad",
		    "the address holds a bad %% escape or something that is no UTF-8");
	return out;
}

static void
read_path(struct req *r, struct given *given)
{
	size_t n = 0;

	for (const char *p = r->route->path; *p != '\0'; p++) {
		size_t length = strcspn(p + 1, "/");

		if (p[0] != '/' || p[1] != ':')
			continue;
		take(r, given, p + 2, length - 1,
		    (struct given){ decode(r, r->found[n], strlen(r->found[n]), false), NULL });
		n++;
	}
}

static void
read_query(struct req *r, struct given *given)
{
	const char *p = r->from->query;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, "&"), name = strcspn(p, "=&");

		if (n > 0) {
			char *key = decode(r, p, name, true);
			size_t value = name < n ? name + 1 : n;

			take(r, given, key, strlen(key),
			    (struct given){ decode(r, p + value, n - value, true), NULL });
		}
		p += n + (p[n] == '&');
	}
}

struct str
input_body(struct req *r, size_t limit)
{
	struct buf b = { .arena = &r->c->arena };
	char chunk[8192];
	long n;

	if (r->from->length > (int64_t)limit)
		fail(r->c, 413, "too_large", "the body is larger than %zu bytes", limit);
	while ((n = r->from->read(r->from->body, chunk, sizeof chunk)) > 0) {
		buf_add(&b, chunk, (size_t)n);
		explicit_bzero(chunk, (size_t)n); /* it may hold a password */
		if (b.n > limit)
			fail(r->c, 413, "too_large", "the body is larger than %zu bytes", limit);
	}
	if (n < 0 || (r->from->length >= 0 && (int64_t)b.n != r->from->length))
		fail(r->c, 400, "body_short", "the body broke off");
	return buf_str(&b);
}

/* jansson limits depth far beyond what any route wants; count before parsing. */
static bool
is_too_deep(struct str s)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (quoted) {
			i += s.s[i] == '\\';
			quoted = i >= s.n || s.s[i] != '"';
		} else if (s.s[i] == '"') {
			quoted = true;
		} else if (s.s[i] == '{' || s.s[i] == '[') {
			if (++depth > DEPTH_MAX)
				return true;
		} else if (s.s[i] == '}' || s.s[i] == ']') {
			depth--;
		}
	}
	return false;
}

static void
drop_json(void *j)
{
	json_decref(j);
}

static bool
is_type(const struct request *q, const char *type)
{
	size_t n = strlen(type);

	return q->type != NULL && strncasecmp(q->type, type, n) == 0 &&
	       strchr("; \t", q->type[n]) != NULL;
}

static void
read_json(struct req *r, struct given *given)
{
	struct str body;
	json_error_t e;
	json_t *j, *v;
	const char *key;

	if (strcmp(r->route->method, "GET") == 0 || r->from->length == 0)
		return;
	body = input_body(r, BODY_MAX);
	if (body.n == 0)
		return;
	if (!is_type(r->from, "application/json"))
		fail(r->c, 415, "type_unknown", "the body must be application/json");
	if (is_too_deep(body))
		fail(r->c, 400, "json_deep", "the JSON is nested deeper than %d", DEPTH_MAX);
	j = json_loadb(body.s, body.n, JSON_REJECT_DUPLICATES, &e);
	if (j == NULL)
		fail(r->c, 400, "json", "the body is no JSON that can be read: %s", e.text);
	arena_defer(&r->c->arena, drop_json, j);
	if (!json_is_object(j))
		fail(r->c, 400, "json", "the body is not a JSON object");
	json_object_foreach(j, key, v) take(r, given, key, strlen(key), (struct given){ NULL, v });
}

static void
put_text(struct req *r, const struct field *f, const char *s, void *to)
{
	int64_t n = (int64_t)text_length(s);
	const char *p;

	if (f->choices == NULL && (n < f->min || n > f->max)) {
		fail(r->c, 422, "input", "%s must have %lld to %lld characters", f->name,
		    (long long)f->min, (long long)f->max);
	}
	for (p = f->choices; p != NULL; p = *p == '|' ? p + 1 : NULL) {
		size_t k = strcspn(p, "|");

		if (strlen(s) == k && memcmp(p, s, k) == 0)
			break;
		p += k;
	}
	if (f->choices != NULL && p == NULL)
		fail(r->c, 422, "input", "%s must be one of %s", f->name, f->choices);
	*(const char **)to = s;
}

static void
put_int(struct req *r, const struct field *f, int64_t v, void *to)
{
	if (v < f->min || v > f->max) {
		if (f->max == INT64_MAX)
			fail(r->c, 422, "input", "%s must be a whole number from %lld on", f->name,
			    (long long)f->min);
		fail(r->c, 422, "input", "%s must be a whole number from %lld to %lld", f->name,
		    (long long)f->min, (long long)f->max);
	}
	*(int64_t *)to = v;
}

static void
put_bool(const struct field *f, bool v, void *to)
{
	if (f->optional)
		*(int64_t *)to = v;
	else
		*(bool *)to = v;
}

/* 1,2,3 */
static void
put_ids_text(struct req *r, const struct field *f, const char *s, void *to)
{
	int64_t *v = arena_alloc(&r->c->arena, (strlen(s) / 2 + 1) * sizeof *v);
	size_t n = 0;

	while (*s != '\0') {
		size_t k = strcspn(s, ",");

		if (n == LIST_MAX)
			fail(r->c, 400, "list_long", "%s has more than %d entries", f->name,
			    LIST_MAX);
		if (!text_int(arena_dup(&r->c->arena, s, k), 1, INT64_MAX, &v[n++]))
			refuse(r, f, "must be ids with commas between them");
		s += k + (s[k] == ',');
	}
	*(struct ids *)to = (struct ids){ v, n };
}

static void
put_ids_json(struct req *r, const struct field *f, json_t *j, void *to)
{
	size_t n = json_array_size(j);
	int64_t *v;

	if (!json_is_array(j))
		refuse(r, f, "must be a list of ids");
	if (n > LIST_MAX)
		fail(r->c, 400, "list_long", "%s has more than %d entries", f->name, LIST_MAX);
	v = arena_alloc(&r->c->arena, n * sizeof *v + 1);
	for (size_t i = 0; i < n; i++) {
		v[i] = json_integer_value(json_array_get(j, i));
		if (v[i] < 1)
			refuse(r, f, "must be a list of ids");
	}
	*(struct ids *)to = (struct ids){ v, n };
}

/* A list of texts; in an address with commas between them. */
static void
put_texts_text(struct req *r, const struct field *f, const char *s, void *to)
{
	const char **v = arena_alloc(&r->c->arena, (strlen(s) + 1) * sizeof *v);
	size_t n = 0;

	while (*s != '\0') {
		size_t k = strcspn(s, ",");

		put_text(r, f, arena_dup(&r->c->arena, s, k), &v[n++]);
		s += k + (s[k] == ',');
	}
	*(struct texts *)to = (struct texts){ v, n };
}

static void
put_texts_json(struct req *r, const struct field *f, json_t *j, void *to)
{
	size_t n = json_array_size(j);
	const char **v = arena_alloc(&r->c->arena, (n + 1) * sizeof *v);

	if (!json_is_array(j))
		refuse(r, f, "must be a list of texts");
	if (n > LIST_MAX)
		fail(r->c, 400, "list_long", "%s has more than %d entries", f->name, LIST_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_array_get(j, i));

		if (s == NULL)
			refuse(r, f, "must be a list of texts");
		put_text(r, f, s, &v[i]);
	}
	*(struct texts *)to = (struct texts){ v, n };
}

static void
put_from_text(struct req *r, const struct field *f, const char *s, void *to)
{
	int64_t v = 0;

	switch (f->kind) {
	case FIELD_ID:
	case FIELD_INT:
		if (!text_int(s, INT64_MIN + 1, INT64_MAX, &v))
			refuse(r, f, "must be a whole number");
		put_int(r, f, v, to);
		break;
	case FIELD_BOOL:
		if (strcmp(s, "true") != 0 && strcmp(s, "false") != 0)
			refuse(r, f, "must be true or false");
		put_bool(f, *s == 't', to);
		break;
	case FIELD_TEXT: put_text(r, f, s, to); break;
	case FIELD_IDS: put_ids_text(r, f, s, to); break;
	case FIELD_TEXTS: put_texts_text(r, f, s, to); break;
	case FIELD_BLOB: refuse(r, f, "is the body itself"); break;
	}
}

static void
put_from_json(struct req *r, const struct field *f, json_t *j, void *to)
{
	switch (f->kind) {
	case FIELD_ID:
	case FIELD_INT:
		if (!json_is_integer(j))
			refuse(r, f, "must be a whole number");
		put_int(r, f, json_integer_value(j), to);
		break;
	case FIELD_BOOL:
		if (!json_is_boolean(j))
			refuse(r, f, "must be true or false");
		put_bool(f, json_is_true(j), to);
		break;
	case FIELD_TEXT:
		if (!json_is_string(j))
			refuse(r, f, "must be a text");
		put_text(r, f, json_string_value(j), to);
		break;
	case FIELD_IDS: put_ids_json(r, f, j, to); break;
	case FIELD_TEXTS: put_texts_json(r, f, j, to); break;
	case FIELD_BLOB: refuse(r, f, "is the body itself"); break;
	}
}

static void
put_absent(struct req *r, const struct field *f, void *to)
{
	if (f->standard != NULL)
		put_from_text(r, f, f->standard, to);
	else if (!f->optional)
		refuse(r, f, "is missing");
	else if (f->kind == FIELD_INT || f->kind == FIELD_BOOL)
		*(int64_t *)to = ABSENT;
}

static bool
has_blob(const struct route *rt)
{
	for (const struct field *f = rt->input; f->name != NULL; f++)
		if (f->kind == FIELD_BLOB)
			return true;
	return false;
}

const void *
input_read(struct req *r)
{
	struct given given[FIELDS_MAX] = { { 0 } };
	char *to = arena_alloc(&r->c->arena, r->route->size + 1);

	read_path(r, given);
	read_query(r, given);
	if (!has_blob(r->route))
		read_json(r, given);
	for (size_t i = 0; r->route->input[i].name != NULL; i++) {
		const struct field *f = &r->route->input[i];

		if (f->kind == FIELD_BLOB)
			continue;
		if (given[i].text != NULL)
			put_from_text(r, f, given[i].text, to + f->at);
		else if (given[i].json != NULL && !json_is_null(given[i].json))
			put_from_json(r, f, given[i].json, to + f->at);
		else
			put_absent(r, f, to + f->at);
	}
	/* Bytes are stored last, when nothing else can be wrong with the request. */
	for (const struct field *f = r->route->input; f->name != NULL; f++)
		if (f->kind == FIELD_BLOB)
			*(struct stored *)(to + f->at) = r->stored = upload_read(r);
	return to;
}
