/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The login's cookie, and proof that a change comes from docket's own page. */
#include <string.h>

#include "http/http.h"

/* Over https the name's prefix makes browsers hold host, path and Secure (RFC 6265bis, 4.1.3.2). */
static const char *
name_of(const struct req *r)
{
	return r->from->https ? "__Host-docket" : "docket";
}

const char *
cookie_read(struct req *r)
{
	const char *name = name_of(r), *p = r->from->cookie;
	size_t n = strlen(name);

	if (p == NULL || (!r->from->https && !conf.allow_http))
		return NULL;
	while (*p != '\0') {
		size_t length;

		p += strspn(p, "; ");
		length = strcspn(p, ";");
		if (length > n + 1 && memcmp(p, name, n) == 0 && p[n] == '=')
			return arena_dup(&r->c->arena, p + n + 1, length - n - 1);
		p += length;
	}
	return NULL;
}

void
cookie_write(struct req *r, const char *secret)
{
	if (secret != NULL && !r->from->https && !conf.allow_http)
		fail(r->c, 403, "https_required",
		    "docket lets nobody log in without https (allow_http in docket.conf)");
	reply_header(r, "Set-Cookie",
	    arena_printf(&r->c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", name_of(r),
		secret == NULL ? "" : secret, r->from->https ? "; Secure" : "",
		secret == NULL ? "; Max-Age=0" : ""));
}

/* Scheme, host and port of base_url; with allow_http also the host that was asked. */
static bool
is_own_origin(struct req *r, const char *origin)
{
	const char *own = conf.base_url, *host = strstr(own, "://");
	size_t n = host == NULL ? 0 : (size_t)(host - own) + 3 + strcspn(host + 3, "/");

	if (strlen(origin) == n && strncasecmp(origin, own, n) == 0)
		return true;
	return conf.allow_http && r->from->host != NULL &&
	       text_same(origin, arena_printf(&r->c->arena, "%s://%s",
				     r->from->https ? "https" : "http", r->from->host));
}

void
cookie_guard(struct req *r, const char *csrf)
{
	const struct request *q = r->from;

	if (q->origin == NULL)
		fail(r->c, 403, "csrf", "a change needs the header Origin, or an API token");
	if (!is_own_origin(r, q->origin))
		fail(r->c, 403, "csrf", "this came from another site (%s is not base_url)",
		    text_cut(
			&r->c->arena, text_line(&r->c->arena, q->origin, strlen(q->origin)), 100));
	if (q->fetch_site != NULL && strcmp(q->fetch_site, "same-origin") != 0)
		fail(r->c, 403, "csrf", "this came from another site");
	if (csrf != NULL && (q->csrf == NULL || !crypt_equal(csrf, q->csrf)))
		fail(r->c, 403, "csrf", "the header X-Docket-CSRF does not fit this login");
}
