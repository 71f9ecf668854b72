/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket openapi: the contract in OpenAPI 3.1, from the route table and from what the server says the
 * queries answer. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "http/http.h"

enum { QUERIES = 256 };

struct doc {
	struct buf b;
	const char *queries[QUERIES]; /* those that answers are made of */
	size_t nqueries;
};

/* Remember a query, so that its schema is written. */
static void
use(struct doc *d, const char *query)
{
	for (size_t i = 0; i < d->nqueries; i++)
		if (strcmp(d->queries[i], query) == 0)
			return;
	if (d->nqueries == QUERIES)
		BUG("more than %d queries", QUERIES);
	d->queries[d->nqueries++] = query;
}

static bool
is_in_path(const struct route *rt, const char *field)
{
	size_t n = strlen(field);

	for (const char *p = rt->path; (p = strchr(p, ':')) != NULL; p++)
		if (strncmp(p + 1, field, n) == 0 && (p[n + 1] == '/' || p[n + 1] == '\0'))
			return true;
	return false;
}

static void
put_range(struct buf *b, const struct field *f, const char *low, const char *high)
{
	buf_printf(b, ",\"%s\":%lld", low, (long long)f->min);
	if (f->max != INT64_MAX)
		buf_printf(b, ",\"%s\":%lld", high, (long long)f->max);
}

static void
put_choices(struct buf *b, const char *choices)
{
	buf_puts(b, ",\"enum\":[");
	for (const char *p = choices; *p != '\0';) {
		size_t n = strcspn(p, "|");

		buf_json(b, p, n);
		p += n + (p[n] == '|');
		if (*p != '\0')
			buf_putc(b, ',');
	}
	buf_putc(b, ']');
}

static void
put_schema(struct buf *b, const struct field *f)
{
	static const char *const names[] = { [FIELD_ID] = "integer",
		[FIELD_INT] = "integer",
		[FIELD_BOOL] = "boolean",
		[FIELD_TEXT] = "string",
		[FIELD_IDS] = "array",
		[FIELD_TEXTS] = "array",
		[FIELD_BLOB] = "string" };

	buf_printf(b, "{\"type\":\"%s\"", names[f->kind]);
	if (f->kind == FIELD_ID || f->kind == FIELD_INT)
		put_range(b, f, "minimum", "maximum");
	if (f->kind == FIELD_TEXT && f->choices == NULL)
		put_range(b, f, "minLength", "maxLength");
	if (f->kind == FIELD_IDS)
		buf_puts(b, ",\"items\":{\"type\":\"integer\",\"minimum\":1},\"maxItems\":10000");
	if (f->kind == FIELD_TEXTS) {
		buf_puts(b, ",\"maxItems\":10000,\"items\":{\"type\":\"string\"");
		put_range(b, f, "minLength", "maxLength");
		buf_putc(b, '}');
	}
	if (f->choices != NULL)
		put_choices(b, f->choices);
	if (f->standard != NULL && f->kind == FIELD_TEXT) {
		buf_puts(b, ",\"default\":");
		buf_json(b, f->standard, strlen(f->standard));
	} else if (f->standard != NULL) {
		buf_printf(b, ",\"default\":%s", f->standard);
	}
	buf_putc(b, '}');
}

static bool
is_required(const struct field *f)
{
	return !f->optional && f->standard == NULL;
}

static bool
has_blob(const struct route *rt)
{
	for (const struct field *f = rt->input; f->name != NULL; f++)
		if (f->kind == FIELD_BLOB)
			return true;
	return false;
}

/* Fields travel in the path, else in the body of a change, else in the query string. */
static bool
is_in_body(const struct route *rt, const struct field *f)
{
	return !is_in_path(rt, f->name) && !has_blob(rt) && rt->method[0] == 'P';
}

static void
put_parameters(struct buf *b, const struct route *rt)
{
	bool first = true;

	buf_puts(b, ",\"parameters\":[");
	for (const struct field *f = rt->input; f->name != NULL; f++) {
		if (is_in_body(rt, f) || f->kind == FIELD_BLOB)
			continue;
		buf_printf(b, "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"schema\":",
		    first ? "" : ",", f->name, is_in_path(rt, f->name) ? "path" : "query",
		    is_required(f) ? "true" : "false");
		put_schema(b, f);
		buf_putc(b, '}');
		first = false;
	}
	buf_putc(b, ']');
}

static void
put_body(struct buf *b, const struct route *rt)
{
	bool any = false, first = true;

	for (const struct field *f = rt->input; f->name != NULL; f++)
		any = any || is_in_body(rt, f);
	if (has_blob(rt))
		buf_puts(b, ",\"requestBody\":{\"required\":true,\"content\":{"
			    "\"application/octet-stream\":{}}}");
	if (!any)
		return;
	buf_puts(b,
	    ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{"
	    "\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (const struct field *f = rt->input; f->name != NULL; f++)
		if (is_in_body(rt, f)) {
			buf_key(b, f->name);
			put_schema(b, f);
		}
	buf_puts(b, "},\"required\":[");
	for (const struct field *f = rt->input; f->name != NULL; f++)
		if (is_in_body(rt, f) && is_required(f)) {
			buf_printf(b, "%s\"%s\"", first ? "" : ",", f->name);
			first = false;
		}
	buf_puts(b, "]}}}}");
}

/* "object ticket_row", "list message_list", "text?", "id": a part of an answer. */
static void
put_part(struct doc *d, struct arena *a, const char *what)
{
	static const char *const plain[][2] = { { "id", "integer" }, { "int", "integer" },
		{ "bool", "boolean" }, { "text", "string" }, { "time", "string" } };
	size_t n = strcspn(what, " ?");
	const char *query = what[n] == ' ' ? what + n + 1 : "", *type = NULL;
	bool null = what[strlen(what) - 1] == '?';

	if (*query != '\0') {
		query = arena_dup(a, query, strcspn(query, "?"));
		use(d, query);
		if (null)
			buf_puts(&d->b, "{\"anyOf\":[{\"type\":\"null\"},");
		buf_printf(&d->b,
		    text_starts(what, "list ")
			? "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}}"
			: "{\"$ref\":\"#/components/schemas/%s\"}",
		    query);
		if (null)
			buf_puts(&d->b, "]}");
		return;
	}
	for (size_t i = 0; i < NELEM(plain); i++)
		if (strlen(plain[i][0]) == n && memcmp(plain[i][0], what, n) == 0)
			type = plain[i][1];
	if (strncmp(what, "texts", 5) == 0)
		buf_puts(&d->b, "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
	else if (type == NULL)
		buf_puts(&d->b, "{}");
	else
		buf_printf(
		    &d->b, null ? "{\"type\":[\"%s\",\"null\"]}" : "{\"type\":\"%s\"}", type);
}

/* "ticket:object ticket_row, next:text?": an answer that C composes; without names it is one part. */
static void
put_shape(struct doc *d, struct arena *a, const char *shape)
{
	struct buf names = { .arena = a };

	if (strchr(shape, ':') == NULL) {
		put_part(d, a, shape);
		return;
	}
	buf_puts(&d->b, "{\"type\":\"object\",\"properties\":{");
	while (*shape != '\0') {
		size_t n = strcspn(shape, ","), name = strcspn(shape, ":");

		buf_key(&d->b, arena_dup(a, shape, name));
		put_part(d, a, arena_dup(a, shape + name + 1, n - name - 1));
		buf_printf(&names, "%s\"%.*s\"", names.n > 0 ? "," : "", (int)name, shape);
		shape += n;
		shape += strspn(shape, ", ");
	}
	buf_printf(&d->b, "},\"required\":[%s]}", names.s);
}

static void
put_route(struct doc *d, struct arena *a, const struct route *rt)
{
	const char *shape = rt->shape != NULL ? rt->shape : rt->answers;
	char method[8] = { 0 };

	for (size_t i = 0; rt->method[i] != '\0' && i < 7; i++)
		method[i] = (char)tolower(rt->method[i]);
	buf_key(&d->b, method);
	buf_printf(&d->b, "{\"operationId\":\"%s\",\"x-permission\":\"%s\"", rt->name,
	    permission_name(rt->permission));
	if (rt->permission == PERM_PUBLIC)
		buf_puts(&d->b, ",\"security\":[]");
	put_parameters(&d->b, rt);
	put_body(&d->b, rt);
	buf_puts(&d->b, ",\"responses\":{\"2XX\":{\"description\":\"done\"");
	if (shape != NULL) {
		buf_puts(&d->b, ",\"content\":{\"application/json\":{\"schema\":");
		put_shape(d, a, shape);
		buf_puts(&d->b, "}}");
	}
	buf_puts(&d->b, "},\"default\":{\"$ref\":\"#/components/responses/problem\"}}}");
}

static bool
is_first_of_path(const struct route *rt)
{
	for (const struct route *k = routes; k < rt; k++)
		if (strcmp(k->path, rt->path) == 0)
			return false;
	return true;
}

static void
put_path(struct doc *d, struct arena *a, const struct route *rt)
{
	struct buf path = { .arena = a };

	for (const char *p = rt->path; *p != '\0';) {
		size_t n = strcspn(p + 1, "/");

		if (p[1] == ':')
			buf_printf(&path, "/{%.*s}", (int)n - 1, p + 2);
		else
			buf_add(&path, p, n + 1);
		p += n + 1;
	}
	buf_key(&d->b, path.s);
	buf_putc(&d->b, '{');
	for (const struct route *k = rt; k->method != NULL; k++)
		if (strcmp(k->path, rt->path) == 0)
			put_route(d, a, k);
	buf_putc(&d->b, '}');
}

static const char problem[] =
    "\"problem\":{\"type\":\"object\",\"required\":[\"status\",\"code\",\"detail\",\"request\"],"
    "\"properties\":{\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},\"request\":{\"type\":\"string\"}}}";

static void
put_components(struct ctx *c, struct doc *d)
{
	struct buf *b = &d->b;

	buf_puts(b,
	    ",\"components\":{\"securitySchemes\":{"
	    "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
	    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-docket\"}},"
	    "\"responses\":{\"problem\":{\"description\":\"what is wrong\",\"content\":{"
	    "\"application/problem+json\":{\"schema\":{\"$ref\":"
	    "\"#/components/schemas/problem\"}}}}},\"schemas\":{");
	buf_puts(b, problem);
	for (size_t i = 0; i < d->nqueries; i++) {
		struct str row = db_describe(c, d->queries[i]);

		buf_key(b, d->queries[i]);
		buf_add(b, row.s, row.n);
	}
	buf_puts(b, "}}");
}

static void
document(struct ctx *c, void *arg)
{
	struct doc *d = arg;

	*d = (struct doc){ .b = { .arena = &c->arena } };
	buf_puts(&d->b,
	    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"docket\",\"version\":\"" DOCKET_VERSION
	    "\"},\"servers\":[{\"url\":\"/api/v1\"}],"
	    "\"security\":[{\"token\":[]},{\"session\":[]}],\"paths\":{");
	for (const struct route *rt = routes; rt->method != NULL; rt++)
		if (is_first_of_path(rt))
			put_path(d, &c->arena, rt);
	buf_putc(&d->b, '}');
	put_components(c, d);
	buf_putc(&d->b, '}');
}

int
cmd_openapi(struct ctx *c, int argc, char **argv)
{
	struct doc d;

	(void)argc;
	(void)argv;
	if (!unit_try(c, document, &d))
		return cmd_failed(c);
	puts(d.b.s);
	return EX_OK;
}
