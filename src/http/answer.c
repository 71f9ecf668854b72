/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher: match, session, CSRF, permission, input, unit, reply, log line; nowhere else. */
#include <stdio.h>
#include <string.h>

#include "http/http.h"

struct dispatch {
	struct req r;
	struct agent agent;
	const void *input;
};

static bool
is_change(const struct route *rt)
{
	return strcmp(rt->method, "GET") != 0;
}

static const char *
bearer(const struct request *q)
{
	const char *a = q->authorization;

	return a != NULL && strncasecmp(a, "Bearer ", 7) == 0 ? a + 7 : NULL;
}

/* Who asks. A change is never decided by what is remembered of rights; reading what is public asks nobody,
 * so that a process can say that it is well while the database is away. */
static void
identify(struct dispatch *d)
{
	struct req *r = &d->r;
	bool fresh = is_change(r->route);
	const char *secret = bearer(r->from);

	if (r->from->local || (!fresh && r->route->permission == PERM_PUBLIC))
		return;
	if (secret != NULL) {
		d->agent = agent_of_token(r->c, secret, fresh);
		return;
	}
	secret = cookie_read(r);
	if (secret != NULL)
		d->agent = agent_of_session(r->c, secret, fresh);
	if (fresh)
		cookie_guard(r, d->agent.id != 0 ? d->agent.csrf : NULL);
}

static void
permit(struct dispatch *d)
{
	struct req *r = &d->r;

	if (agent_may(&d->agent, r->route->permission))
		return;
	if (d->agent.id == 0)
		fail(r->c, 401, "login_required", "log in first");
	fail(r->c, 403, "permission", "you need the permission %s for this",
	    permission_name(r->route->permission));
}

/* The thing that an object route is about: ticket of ticket_row. */
static noreturn void
unknown(struct req *r)
{
	const char *query = strchr(r->route->answers, ' ') + 1;
	char *thing = arena_dup(&r->c->arena, query, strcspn(query, "_"));

	fail(r->c, 404, arena_printf(&r->c->arena, "%s_unknown", thing), "there is no such %s",
	    thing);
}

static void
act(struct ctx *c, void *arg)
{
	struct dispatch *d = arg;
	struct req *r = &d->r;
	struct str json;

	(void)c;
	r->status = 0;
	r->headers.n = 0;
	if (r->route->handle != NULL)
		r->route->handle(r, d->input);
	if (r->route->answer == NULL) {
		if (r->status == 0)
			BUG("%s gave no answer", r->route->name);
		return;
	}
	json = r->route->answer(r, d->input);
	if (json.s == NULL)
		unknown(r);
	reply(r, r->status == 0 ? 200 : r->status, json);
}

/* Everything before the unit. Reading needs no transaction; a public route looks after itself. */
static void
prepare(struct ctx *c, void *arg)
{
	struct dispatch *d = arg;

	agent_heed(c);
	route_find(&d->r);
	identify(d);
	permit(d);
	d->input = input_read(&d->r);
	if (!is_change(d->r.route) || d->r.route->permission == PERM_PUBLIC)
		act(c, d);
}

/* A connection that was lost while it lay idle shows at the first statement: reading may ask again. */
static bool
is_worth_again(struct ctx *c, const struct dispatch *d)
{
	return c->status == 503 && strcmp(c->code, "database_away") == 0 && d->r.route != NULL &&
	       !is_change(d->r.route) && db_ready(c);
}

static bool
run(struct ctx *c, struct dispatch *d)
{
	bool done = unit_try(c, prepare, d) || (is_worth_again(c, d) && unit_try(c, prepare, d));

	if (done && d->r.status == 0)
		done = unit_run(c, act, d);
	return done;
}

static const char *
request_id(struct ctx *c, const struct request *q)
{
	if (q->id != NULL && *q->id != '\0' && strlen(q->id) <= 64 &&
	    strspn(q->id, "0123456789abcdefABCDEF-") == strlen(q->id))
		return q->id;
	return crypt_random(&c->arena, 10);
}

static void
log_answer(struct ctx *c, const struct dispatch *d, int64_t began)
{
	const struct req *r = &d->r;
	long long us = (long long)(time_mono() - began);

	if (r->status >= 500)
		log_warn(c, "request.failed", "request=%s code=%s detail=%s cause=%s", r->id,
		    c->code, c->detail, c->cause);
	log_info(c, "request", "request=%s method=%s route=%s status=%d agent=%lld us=%lld", r->id,
	    r->from->method, r->route == NULL ? "-" : r->route->path, r->status,
	    (long long)d->agent.id, us);
}

void
http_answer(struct ctx *c, const struct request *q, struct response *out)
{
	struct dispatch *d = arena_alloc(&c->arena, sizeof *d);
	int64_t began = time_mono();

	d->r = (struct req){ .c = c, .agent = &d->agent, .from = q };
	d->r.id = request_id(c, q);
	if (q->as_agent != NULL)
		d->agent = *q->as_agent;
	if (!run(c, d))
		reply_problem(&d->r);
	log_answer(c, d, began);
	*out = (struct response){ d->r.status, reply_headers(&d->r), d->r.body, d->r.blob };
}
