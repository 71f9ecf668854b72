/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests of agents: from what nginx passes on to a handler's input struct, and its answer back.
 * README.md tells the order of steps. libfcgi is known to fcgi.c alone. */
#ifndef HTTP_H
#define HTTP_H

#include "agent/agent.h"

/* --- the contract: build/api.c is made from src/api --- */
enum field_kind {
	FIELD_ID = 1,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_TEXT,
	FIELD_IDS,
	FIELD_TEXTS,
	FIELD_BLOB
};
struct field {
	const char *name;
	enum field_kind kind;
	bool optional;        /* absent: id 0, int and bool ABSENT, text NULL, ids .v NULL */
	int64_t min, max;     /* of a number; of a text's code points; of a list's entries */
	const char *standard; /* what an absent field is, as text, or NULL */
	const char *choices;  /* a|b|c: nothing else is allowed, or NULL */
	size_t at;            /* in the input struct */
};
struct req;
struct route {
	const char *method, *path, *name;
	enum permission permission;
	const struct field *input;
	size_t size;
	void (*handle)(struct req *, const void *in);       /* NULL = the query is all */
	struct str (*answer)(struct req *, const void *in); /* NULL = handle() replies */
	const char *answers;                                /* "list QUERY" or "object QUERY" */
	const char *shape;                                  /* of an answer that C composes */
};
extern const struct route routes[]; /* method NULL at the end */

/* A body that was streamed into the blob store before its handler runs. */
struct stored {
	const char *sha256;
	int64_t size;
};

/* --- what comes in, whoever brings it: FastCGI or docket call --- */
struct request {
	const char *method, *path, *query; /* path as sent, without the query; none is NULL */
	const char *type;                  /* Content-Type */
	const char *cookie, *authorization, *csrf, *origin, *fetch_site, *host, *address, *id;
	const char *resume; /* Last-Event-ID */
	bool https;
	int64_t length; /* of the body; -1 = unknown */
	const struct agent
	    *as_agent; /* docket call acts as this agent, without a login; else NULL */
	bool local;    /* docket call: no browser could have been tricked into it */
	/* Up to n bytes of the body; 0 = its end, -1 = it broke off. */
	long (*read)(void *body, char *to, size_t n);
	void *body;
};
/* What goes out. A blob is sent by nginx (X-Accel-Redirect), or by docket call itself. */
struct response {
	int status;
	struct str headers; /* "Name: value\r\n" each, Status and Content-Type among them */
	struct str body;
	const char *blob; /* sha256, or NULL */
};
/* Answer one request: match, session, CSRF, permission, input, unit, reply, log. Everything lies in the
 * arena of c, which the caller resets when the answer is out. Never fails. */
void http_answer(struct ctx *c, const struct request *, struct response *);

/* --- for handlers: a request whose route is found, whose agent may do it, whose input is valid --- */
struct req {
	struct ctx *c;
	const struct agent *agent; /* who asks; id 0 on public routes without a login */
	const struct request *from;
	const struct route *route;
	const char *id;       /* of the request: in its answer and its log line */
	const char *found[8]; /* the path's values in order */
	struct stored stored;
	int status; /* 0 = no reply yet */
	const char *type;
	struct str body;
	const char *blob;
	struct buf headers;
};
/* Answer with JSON (an object or a list as it is). */
void reply(struct req *, int status, struct str json);
/* 204: done, nothing to say. */
void reply_none(struct req *);
/* The file sha256 of the blob store. Shown in the browser only if is_inline and it is a raster image. */
void reply_blob(
    struct req *, const char *sha256, const char *name, const char *type, bool is_inline);
/* A cleaned mail for its sandboxed frame: text/html under its own Content-Security-Policy. */
void reply_frame(struct req *, struct str html);
/* One more header; fails 500 when the value holds a control character. */
void reply_header(struct req *, const char *name, const char *value);
/* Refuse, and keep what the unit did: a problem as fail() would answer it, after which the handler returns. */
void reply_refusal(struct req *, int status, const char *code, const char *detail);
/* The failure in c as problem JSON: {status, code, detail, request} and what fail_extra() added. */
void reply_problem(struct req *);
/* Status line and headers of the reply as it goes out. */
struct str reply_headers(struct req *);

/* --- between the files of http/ --- */
/* The route of method and path, path values in req->found; fails 404 route_unknown or 405. */
void route_find(struct req *);
/* Path, query string and body as the input struct of the route; fails 400, 413, 415 or 422. */
const void *input_read(struct req *);
/* Percent-decode n bytes; plus = a + is a blank; NULL = malformed, not UTF-8 or with a NUL. */
char *input_decode(struct arena *, const char *s, size_t n, bool plus);
/* The body of a request of at most limit bytes; fails 413 too_large or 400 body_short. */
struct str input_body(struct req *, size_t limit);
/* Stream the body into the blob store; fails 413, 415 or 507. */
struct stored upload_read(struct req *);
/* The value of docket's cookie in the request, or NULL. */
const char *cookie_read(struct req *);
/* Set the cookie to a session's secret; NULL takes it away. Fails 403 https_required. */
void cookie_write(struct req *, const char *secret);
/* Fails 403 csrf unless the change was made by docket's own page: Origin, Sec-Fetch-Site, and on a
 * session the header X-Docket-CSRF. */
void cookie_guard(struct req *, const char *csrf);

/* --- fcgi.c: one FastCGI connection at a time on a listening socket --- */
struct fcgi;
struct fcgi *fcgi_open(int listener);
/* 1 = a request is there, 0 = somebody else took it or it broke off, -1 = the listener is of no use. */
int fcgi_accept(struct fcgi *);
/* The request as http_answer wants it; false = its parameters are beyond all limits. */
bool fcgi_request(struct fcgi *, struct arena *, struct request *);
/* Send and close. */
void fcgi_respond(struct fcgi *, const struct response *);
/* Take the connection out of libfcgi's hands: its descriptor and the request's number. What fcgi_request
 * gave is gone with it. */
int fcgi_steal(struct fcgi *, uint16_t *number);

/* --- master.c: processes --- */
/* The listening socket NAME.sock: systemd's (LISTEN_FDS) or an own one of mode 0660; -1 = no, said why. */
int socket_listen(struct ctx *, const char *name);
/* Tell systemd (NOTIFY_SOCKET); nothing without it. */
void socket_notify(const char *state);
/* Run conf.workers processes of work(listener, number) until SIGTERM; the exit code. */
int master_run(struct ctx *, int listener, void (*work)(struct ctx *, int listener, int number));
/* The worker loop of docket serve. */
void worker_run(struct ctx *, int listener, int number);
/* docket live's loop: holds the streams of events until *stop. */
void live_run(struct ctx *, int listener, volatile int *stop);
/* A worker says that it begins / has ended a request: the watchdog's clock. */
void master_begin(int number);
void master_end(int number);

#endif
