/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket live's open requests: who listens, what he may know, bytes to him. */
#ifndef HTTP_EVENTS_H
#define HTTP_EVENTS_H

#include "http/http.h"

/* A browser that listens. Thousands of them in one process: an entry holds no buffer. */
struct listener {
	int fd;          /* -1 = free */
	uint16_t number; /* of its FastCGI request */
	int64_t agent;
	char hash[SHA256_HEX]; /* of its session */
};
struct hub {
	struct ctx *c;
	int epoll, socket, database; /* descriptors; database -1 = away */
	struct fcgi *fcgi;
	struct listener *listeners; /* room for max; those below top may be taken, n are */
	size_t n, top, max;
	struct arena sights_memory;
	struct rows_live_sights sights;
	char position[24];     /* events below it have been sent */
	struct arena *sent_in; /* of the two, the one that holds sent */
	struct arena sent_memory[2];
	struct ids sent; /* events at or above it that have been sent too, ascending */
	int64_t alert;   /* the last one that was told of */
	int64_t database_try, sessions_due, beat_due;
};

/* A new listener takes over the connection; NULL = there are too many. */
struct listener *events_join(
    struct hub *, int fd, uint16_t number, int64_t agent, const char *hash);
/* Send text/event-stream bytes; who cannot take them at once is dropped. */
void events_send(struct hub *, struct listener *, struct str);
void events_drop(struct hub *, struct listener *);
/* End the request properly, so that the browser asks again. */
void events_end(struct hub *, struct listener *);
/* May this agent know of an event? */
bool events_may(const struct hub *, int64_t agent, const struct row_live_events *);
/* Add one event as it goes out. */
void events_put(struct buf *, const struct row_live_events *);

#endif
