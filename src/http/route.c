/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which route a method and a path mean. */
#include <string.h>

#include "http/http.h"

static const char prefix[] = "/api/v1";

/* The path below the API's prefix. */
static const char *
below(const char *path)
{
	size_t n = sizeof prefix - 1;

	return text_starts(path, prefix) && path[n] == '/' ? path + n : path;
}

/* Hold a path against a route's, segment by segment; a value is what stands at :name. */
static bool
matches(struct req *r, const char *pattern, const char *path, const char *values[], size_t max)
{
	size_t n = 0;

	while (*pattern == '/' && *path == '/') {
		size_t want = strcspn(++pattern, "/"), have = strcspn(++path, "/");

		if (*pattern == ':') {
			if (have == 0 || n == max)
				return false;
			values[n++] = arena_dup(&r->c->arena, path, have);
		} else if (want != have || memcmp(pattern, path, want) != 0) {
			return false;
		}
		pattern += want;
		path += have;
	}
	return *pattern == '\0' && *path == '\0';
}

static bool
is_method(const struct route *rt, const char *method)
{
	return strcmp(rt->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(rt->method, "GET") == 0);
}

void
route_find(struct req *r)
{
	struct buf allow = { .arena = &r->c->arena };
	const char *path = below(r->from->path);

	for (const struct route *rt = routes; rt->method != NULL; rt++) {
		if (!matches(r, rt->path, path, r->found, NELEM(r->found)))
			continue;
		if (is_method(rt, r->from->method)) {
			r->route = rt;
			return;
		}
		buf_printf(&allow, "%s%s", allow.n > 0 ? ", " : "", rt->method);
	}
	if (allow.n == 0)
		fail(r->c, 404, "route_unknown", "there is nothing at this address");
	reply_header(r, "Allow", allow.s);
	fail(r->c, 405, "method_unknown", "this address knows only %s", allow.s);
}
