/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open requests without libfcgi: after its first bytes a stream is nothing but records on a socket that is
 * never waited for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/events.h"

/* FastCGI 1.0, section 3.3: version, type, request, content length, padding, reserved. */
enum { STDOUT = 6, END_REQUEST = 3, HEADER = 8, CONTENT_MAX = 65528 };

static void
put_header(char *to, int type, uint16_t number, size_t n)
{
	const unsigned char h[HEADER] = { 1, (unsigned char)type, (unsigned char)(number >> 8),
		(unsigned char)number, (unsigned char)(n >> 8), (unsigned char)n, 0, 0 };

	memcpy(to, h, HEADER);
}

static bool
put(const struct listener *l, int type, struct str s)
{
	char record[HEADER + CONTENT_MAX];

	do {
		size_t part = s.n < CONTENT_MAX ? s.n : CONTENT_MAX;
		ssize_t sent;

		put_header(record, type, l->number, part);
		if (part > 0)
			memcpy(record + HEADER, s.s, part);
		sent = send(l->fd, record, HEADER + part, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent != (ssize_t)(HEADER + part))
			return false;
		s.s += part;
		s.n -= part;
	} while (s.n > 0);
	return true;
}

void
events_drop(struct hub *h, struct listener *l)
{
	if (l->fd < 0)
		return;
	close(l->fd); /* epoll forgets it too */
	l->fd = -1;
	h->n--;
}

void
events_send(struct hub *h, struct listener *l, struct str s)
{
	if (l->fd >= 0 && s.n > 0 && !put(l, STDOUT, s))
		events_drop(h, l);
}

void
events_end(struct hub *h, struct listener *l)
{
	if (l->fd >= 0 && put(l, STDOUT, STR("")))
		put(l, END_REQUEST, STR("\0\0\0\0\0\0\0\0"));
	events_drop(h, l);
}

struct listener *
events_join(struct hub *h, int fd, uint16_t number, int64_t agent, const char *hash)
{
	struct epoll_event want = { .events = EPOLLIN | EPOLLRDHUP };
	struct listener *l;
	size_t at = 0;

	while (at < h->top && h->listeners[at].fd >= 0)
		at++;
	want.data.u64 = at;
	if (at == h->max || epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &want) < 0)
		return NULL;
	if (at == h->top)
		h->top++;
	l = &h->listeners[at];
	*l = (struct listener){ .fd = fd, .number = number, .agent = agent };
	memcpy(l->hash, hash, SHA256_HEX);
	h->n++;
	return l;
}

static bool
holds(struct ids set, int64_t id)
{
	for (size_t i = 0; i < set.n; i++)
		if (set.v[i] == id)
			return true;
	return false;
}

static bool
share_one(struct ids a, struct ids b)
{
	for (size_t i = 0; i < a.n; i++)
		if (holds(b, a.v[i]))
			return true;
	return false;
}

/* What ticket_visible() decides in SQL, for the status the ticket has and the one it had: who loses sight
 * of a ticket must learn that too. */
bool
events_may(const struct hub *h, int64_t agent, const struct row_live_events *e)
{
	const struct row_live_sights *s = NULL;

	for (size_t i = 0; i < h->sights.n && s == NULL; i++)
		if (h->sights.v[i].agent == agent)
			s = &h->sights.v[i];
	if (s == NULL)
		return false;
	if (holds(s->statuses, e->status_id) || holds(s->statuses, e->old_status_id))
		return true;
	return (holds(s->own_statuses, e->status_id) || holds(s->own_statuses, e->old_status_id)) &&
	       share_one(s->keys, e->owner_ids);
}

void
events_put(struct buf *b, const struct row_live_events *e)
{
	buf_printf(b,
	    "event: change\ndata: "
	    "{\"ticket\":%lld,\"version\":%lld,\"kind\":\"%s\",\"message_id\":",
	    (long long)e->ticket_id, (long long)e->version, e->kind);
	if (e->message_id == 0)
		buf_puts(b, "null}\n\n");
	else
		buf_printf(b, "%lld}\n\n", (long long)e->message_id);
}
