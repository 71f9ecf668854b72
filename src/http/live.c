/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hub: one process that holds the streams, is told by the database to look, reads what is new and
 * tells each listener what he may know. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/events.h"

enum { LISTENERS_MAX = 20000, READ_MAX = 5000, RESUME_MAX = 1000, SECOND = 1000000, OTHERS = 64 };
static const uint64_t SOCKET = UINT64_MAX, DATABASE = UINT64_MAX - 1;

static void
tell_all(struct hub *h, struct str s)
{
	for (size_t i = 0; i < h->top; i++)
		events_send(h, &h->listeners[i], s);
}

/* --- a browser comes ----------------------------------------------------------------------------------- */
struct arrival {
	struct hub *h;
	struct req r;
	struct agent agent;
	char *hash;
	const char *position;
};

static void
admit(struct ctx *c, void *arg)
{
	struct arrival *a = arg;
	const char *secret = cookie_read(&a->r);

	if (strcmp(a->r.from->path, "/api/v1/events") != 0)
		fail(c, 404, "route_unknown", "there is nothing at this address");
	if (strcmp(a->r.from->method, "GET") != 0)
		fail(c, 405, "method_unknown", "this address knows only GET");
	if (secret != NULL)
		a->agent = agent_of_session(c, secret, true);
	if (a->agent.id == 0)
		fail(c, 401, "login_required", "log in first");
	if (!agent_may(&a->agent, PERM_TICKET_READ))
		fail(c, 403, "permission", "you need the permission ticket.read for this");
	a->hash = agent_secret_hash(c, secret);
	a->position = sql_live_position(c);
}

/* What a browser missed since it last heard something; NULL position = it must load everything anew. */
static void
resume(struct ctx *c, void *arg)
{
	struct arrival *a = arg;
	const char *since = a->r.from->resume;
	struct buf b = { .arena = &c->arena };
	struct rows_live_events e;

	if (strlen(since) > 19 || strspn(since, "0123456789") != strlen(since) ||
	    !sql_live_known(c, since))
		fail(c, 410, "resync", "this position is not known");
	e = sql_live_events(c, since, RESUME_MAX + 1);
	if (e.n > RESUME_MAX)
		fail(c, 410, "resync", "too much happened since");
	for (size_t i = 0; i < e.n; i++)
		if (events_may(a->h, a->agent.id, &e.v[i]))
			events_put(&b, &e.v[i]);
	a->r.body = buf_str(&b);
}

static void
greet(struct hub *h, struct arrival *a, int fd, uint16_t number)
{
	struct ctx *c = h->c;
	struct buf b = { .arena = &c->arena };
	const char *resync = "event: resync\ndata: {}\n\n";
	struct listener *l = NULL;

	buf_puts(&b, "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n"
		     "X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\n\r\n");
	buf_puts(&b, "retry: 2000\nevent: hello\ndata: {}\n\n");
	if (a->r.from->resume != NULL) {
		if (unit_try(c, resume, a))
			buf_add(&b, a->r.body.s, a->r.body.n);
		else
			buf_puts(&b, resync);
	}
	/* The position comes behind what lies below it: a stream that breaks off loses nothing. */
	buf_printf(&b, "id: %s\n\n", a->position);
	a->r.status = 200;
	l = events_join(h, fd, number, a->agent.id, a->hash);
	if (l == NULL)
		close(fd);
	else
		events_send(h, l, buf_str(&b));
}

static void
refuse(struct hub *h, struct arrival *a)
{
	struct response out;

	reply_problem(&a->r);
	out = (struct response){ a->r.status, reply_headers(&a->r), a->r.body, NULL };
	fcgi_respond(h->fcgi, &out);
}

static void
arrive(struct hub *h)
{
	struct ctx *c = h->c;
	struct request q;
	struct arrival a = { .h = h };
	uint16_t number;

	if (!fcgi_request(h->fcgi, &c->arena, &q)) {
		close(fcgi_steal(h->fcgi, &number));
		return;
	}
	a.r = (struct req){ .c = c, .agent = &a.agent, .from = &q, .id = q.id == NULL ? "" : q.id };
	if (!unit_try(c, admit, &a)) {
		refuse(h, &a);
	} else {
		int fd;

		q.resume = arena_strdup(&c->arena, q.resume); /* libfcgi's memory goes now */
		fd = fcgi_steal(h->fcgi, &number);
		greet(h, &a, fd, number);
	}
	log_info(c, "live", "agent=%lld status=%d listeners=%zu", (long long)a.agent.id, a.r.status,
	    h->n);
}

/* --- something happened ---------------------------------------------------------------------------------- */
static bool
was_sent(const struct hub *h, int64_t id)
{
	size_t low = 0, high = h->sent.n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (h->sent.v[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < h->sent.n && h->sent.v[low] == id;
}

/* Each listener gets all he may know at once, and behind it the position. */
static void
tell(struct hub *h, const struct rows_live_events *e, const char *position)
{
	for (size_t i = 0; i < h->top; i++) {
		struct buf b = { .arena = &h->c->arena };

		if (h->listeners[i].fd < 0)
			continue;
		for (size_t k = 0; k < e->n; k++)
			if (!was_sent(h, e->v[k].id) &&
			    events_may(h, h->listeners[i].agent, &e->v[k]))
				events_put(&b, &e->v[k]);
		if (b.n == 0)
			continue;
		buf_printf(&b, "id: %s\n\n", position);
		events_send(h, &h->listeners[i], buf_str(&b));
	}
}

/* Those at or above the new position are read again next time, and then left out. */
static void
remember(struct hub *h, const struct rows_live_events *e, const char *position)
{
	struct arena *to = &h->sent_memory[h->sent_in == &h->sent_memory[0]];
	int64_t *v = arena_alloc(to, (e->n + 1) * sizeof *v);

	for (size_t i = 0; i < e->n; i++)
		v[i] = e->v[i].id;
	if (h->sent_in != NULL)
		arena_reset(h->sent_in);
	h->sent_in = to;
	h->sent = (struct ids){ v, e->n };
	memcpy(h->position, position, strlen(position) + 1);
}

static void
look(struct ctx *c, void *arg)
{
	struct hub *h = arg;
	const char *position = sql_live_position(c); /* before the events: nothing falls between */
	struct rows_live_events e;

	if (strlen(position) >= sizeof h->position)
		BUG("position %s", position);
	if (h->position[0] == '\0') {
		memcpy(h->position, position, strlen(position) + 1);
		return;
	}
	e = sql_live_events(c, h->position, READ_MAX + 1);
	if (e.n > READ_MAX) {
		tell_all(h, STR("event: resync\ndata: {}\n\n"));
		e.n = 0;
	}
	tell(h, &e, position);
	remember(h, &e, position);
}

/* Each whose folder found something is told so, and asks what it was by the usual route. */
static void
tell_alerts(struct ctx *c, void *arg)
{
	struct hub *h = arg;
	struct rows_live_alerts rows;

	if (h->alert < 0) {
		h->alert = sql_live_last_alert(c);
		return;
	}
	rows = sql_live_alerts(c, h->alert);
	for (size_t i = 0; i < rows.n; i++) {
		for (size_t k = 0; k < h->top; k++)
			if (h->listeners[k].agent == rows.v[i].agent)
				events_send(h, &h->listeners[k], STR("event: alert\ndata: {}\n\n"));
		h->alert = rows.v[i].id;
	}
}

/* --- rights changed, or a minute is over ------------------------------------------------------------------- */
static struct ids
copy(struct arena *a, struct ids from)
{
	return (struct ids){ (int64_t *)arena_dup(a, from.v, from.n * sizeof *from.v), from.n };
}

static void
load_sights(struct ctx *c, struct hub *h)
{
	struct rows_live_sights all = sql_live_sights(c);
	struct arena *a = &h->sights_memory;

	arena_reset(a);
	h->sights.n = all.n;
	h->sights.v = arena_alloc(a, (all.n + 1) * sizeof *all.v);
	for (size_t i = 0; i < all.n; i++)
		h->sights.v[i] =
		    (struct row_live_sights){ all.v[i].agent, copy(a, all.v[i].statuses),
			    copy(a, all.v[i].own_statuses), copy(a, all.v[i].keys) };
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, ((const struct row_live_sessions *)b)->hash);
}

static void
judge(struct ctx *c, void *arg)
{
	struct hub *h = arg;
	const char **hashes = arena_alloc(&c->arena, (h->n + 1) * sizeof *hashes);
	struct rows_live_sessions good;
	size_t n = 0;

	load_sights(c, h);
	for (size_t i = 0; i < h->top; i++)
		if (h->listeners[i].fd >= 0)
			hashes[n++] = h->listeners[i].hash;
	good = sql_live_sessions(c, (struct texts){ hashes, n }, permission_name(PERM_TICKET_READ));
	for (size_t i = 0; i < h->top; i++) {
		const char *hash = h->listeners[i].hash;

		if (h->listeners[i].fd >= 0 &&
		    bsearch(&hash, good.v, good.n, sizeof *good.v, compare) == NULL)
			events_end(h, &h->listeners[i]);
	}
	h->sessions_due = time_mono() + 60 * INT64_C(1000000);
}

/* --- the loop --------------------------------------------------------------------------------------------- */
static void
watch_database(struct hub *h)
{
	struct epoll_event want = { .events = EPOLLIN, .data.u64 = DATABASE };

	if (h->database < 0 && time_mono() < h->database_try)
		return;
	h->database = db_socket(h->c);
	h->database_try = time_mono() + SECOND / 2;
	if (h->database >= 0)
		epoll_ctl(
		    h->epoll, EPOLL_CTL_ADD, h->database, &want); /* it may be there already */
}

/* What was notified, all of it taken; 0 = nothing. */
enum { EVENTS = 1, RIGHTS = 2, ALERTS = 4 };
static int
notices(struct hub *h)
{
	const char *channel;
	int what = 0;

	while (h->database >= 0 && (channel = db_notice(h->c)) != NULL)
		what |= strcmp(channel, "docket_event") == 0   ? EVENTS
			: strcmp(channel, "docket_alert") == 0 ? ALERTS
							       : RIGHTS;
	return what;
}

static void
heed_database(struct hub *h)
{
	struct ctx *c = h->c;
	int what = notices(h);

	watch_database(h);
	if (h->database < 0)
		return;
	if (h->position[0] == '\0')
		what = EVENTS | RIGHTS | ALERTS;
	if (db_was_away(c)) {
		what = EVENTS | RIGHTS;
		tell_all(h, STR("event: resync\ndata: {}\n\n"));
	}
	if (time_mono() > h->sessions_due)
		what |= RIGHTS;
	/* Notices that arrive while a statement runs make no noise on the socket: ask again. */
	for (int rounds = 0; what != 0 && rounds < 8; rounds++) {
		if ((what & RIGHTS) != 0)
			unit_try(c, judge, h);
		if ((what & EVENTS) != 0)
			unit_try(c, look, h);
		if ((what & ALERTS) != 0)
			unit_try(c, tell_alerts, h);
		what = notices(h);
	}
}

static void
heed_listener(struct hub *h, struct listener *l, uint32_t what)
{
	char rest[256];
	ssize_t n = -1;

	/* The end of the request's empty body may still come; nothing else is expected. */
	while (l->fd >= 0 && (n = recv(l->fd, rest, sizeof rest, MSG_DONTWAIT)) > 0)
		;
	if (n == 0 || (n < 0 && errno != EAGAIN) ||
	    (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
		events_drop(h, l);
}

static void
beat(struct hub *h)
{
	if (time_mono() < h->beat_due)
		return;
	tell_all(h, STR(":\n\n")); /* who is gone shows now */
	h->beat_due = time_mono() + 25 * INT64_C(1000000);
}

static void
turn(struct hub *h)
{
	struct epoll_event got[256];
	int n = epoll_wait(h->epoll, got, NELEM(got), h->database < 0 ? 250 : 1000);
	bool come = false;

	for (int i = 0; i < n; i++)
		if (got[i].data.u64 == SOCKET)
			come = true;
		else if (got[i].data.u64 != DATABASE)
			heed_listener(h, &h->listeners[got[i].data.u64], got[i].events);
	/* Last: who comes may get the place of one who has just gone, but not the news of his end. */
	while (come && fcgi_accept(h->fcgi) > 0)
		arrive(h);
	heed_database(h);
	beat(h);
	arena_reset(&h->c->arena);
}

static void
open_hub(struct hub *h, int socket)
{
	struct epoll_event want = { .events = EPOLLIN, .data.u64 = SOCKET };
	struct rlimit files;

	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
		/* Who finds no place is sent away; without a descriptor he could not even be heard. */
		if (files.rlim_cur < h->max + OTHERS)
			h->max = files.rlim_cur > OTHERS ? files.rlim_cur - OTHERS : 0;
	}
	if (h->epoll < 0 || epoll_ctl(h->epoll, EPOLL_CTL_ADD, socket, &want) < 0)
		BUG("epoll: errno %d", errno);
	h->fcgi = fcgi_open(socket);
}

void
live_run(struct ctx *c, int socket, volatile int *stop)
{
	static struct listener listeners[LISTENERS_MAX];
	static struct hub h;

	h = (struct hub){ .c = c,
		.socket = socket,
		.database = -1,
		.alert = -1,
		.listeners = listeners,
		.max = LISTENERS_MAX };
	open_hub(&h, socket);
	db_listen(c, "docket_event");
	db_listen(c, "docket_rights");
	db_listen(c, "docket_alert");
	heed_database(&h);
	socket_notify("READY=1");
	while (!*stop)
		turn(&h);
	socket_notify("STOPPING=1");
	for (size_t i = 0; i < h.top; i++)
		events_end(&h, &h.listeners[i]);
}
