/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers of providers that many people have. */
#ifndef CHANNEL_PROVIDER_H
#define CHANNEL_PROVIDER_H

#include "base/base.h"

struct provider {
	const char *name;
	const char *domains;   /* of addresses, with blanks between */
	const char *exchanges; /* where MX records of its customers' domains lead */
	const char *imap;      /* NULL = each customer has another */
	int imap_port;
	const char *imap_security;
	const char *smtp;
	int smtp_port;
	const char *smtp_security;
	const char *oauth;   /* google or microsoft: passwords are not taken, or soon no more */
	const char *de, *en; /* what to know before, or NULL */
};
/* The provider of an address; NULL = none that is known. */
const struct provider *provider_of(const char *address);
/* The provider that takes mail at this host, which an MX record named; NULL = none that is known. */
const struct provider *provider_of_mx(const char *exchange);
/* {known, provider, host, port, security, smtp_host, smtp_port, smtp_security, oauth, hint}. */
struct str provider_json(struct arena *, const struct provider *);

#endif
