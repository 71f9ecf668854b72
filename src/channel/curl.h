/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The web as docket reaches it: one address, one answer, by libcurl. Whoever names the address (a mail, an
 * agent, an administrator) must not be able to use this process as a way into the house: which addresses a
 * connection may go to is judged at the socket, not by the text of the address. */
#ifndef CHANNEL_CURL_H
#define CHANNEL_CURL_H

#include "channel/wire.h"

enum { CURL_LIMIT = 1 << 20, CURL_SECONDS = 5 };

struct sockaddr;

struct curl_ask {
	const char *url;  /* https, port 443, no user in it */
	const char *form; /* POST these fields, as curl_field writes them; NULL = GET */
	const char
	    *allow;     /* as curl_is_named has it: these may be any port, any address; or NULL */
	const char *ca; /* PEM file instead of the system's certificates, or NULL */
	bool plain;     /* http (port 80) will do too */
	size_t limit;   /* bytes of the answer; 0 = CURL_LIMIT */
	int seconds;    /* for everything together; 0 = CURL_SECONDS */
	int hops;       /* redirections that are followed, each judged like the first address */
};

struct curl_answer {
	int status;      /* of HTTP; only 2xx is what was asked for */
	struct str body; /* NUL behind it */
};

/* Ask; memory in the arena. false = no whole answer, and the code of the error is one of: url (no address that is
 * asked), forbidden (it leads into the house), name, connect, tls, certificate, timeout, size, hops, protocol. */
bool curl_fetch(struct arena *, const struct curl_ask *, struct curl_answer *, struct wire_error *);
/* Add name=value to a form, "&" before it unless it is the first. */
void curl_field(struct buf *, const char *name, const char *value);
/* The address belongs to the public internet (RFC 6890): what a connection may go to unless it is allowed. */
bool curl_is_public(const struct sockaddr *);
/* Is it among the servers that the administrator of the machine named: "host:port", or "host" for any port, by
 * blanks? */
bool curl_is_named(const char *list, const char *host, int64_t port);

#endif
