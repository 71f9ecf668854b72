/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which servers an address has: by the provider that its domain's MX record names, by SRV records (RFC 6186),
 * else by knocking at the usual names. */
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "channel/provider.h"
#include "channel/trial.h"

enum { ANSWER = 8192, PATIENCE = 5 };

struct found {
	char host[256];
	int port;
	const char *security;
};

/* The first record of a type: of MX the exchange, of SRV target and port; false = none. */
static bool
ask_dns(const char *name, int type, char host[256], int *port)
{
	unsigned char answer[ANSWER];
	int n = res_query(name, ns_c_in, type, answer, sizeof answer), at = type == ns_t_mx ? 2 : 6;
	ns_msg m;
	ns_rr r;

	if (n <= 0 || ns_initparse(answer, n < ANSWER ? n : ANSWER, &m) < 0)
		return false;
	for (int i = 0; i < ns_msg_count(m, ns_s_an); i++) {
		if (ns_parserr(&m, ns_s_an, i, &r) < 0 || (int)ns_rr_type(r) != type ||
		    ns_rr_rdlen(r) <= at)
			continue;
		if (dn_expand(ns_msg_base(m), ns_msg_end(m), ns_rr_rdata(r) + at, host, 256) < 0)
			continue;
		if (type == ns_t_srv)
			*port = ns_get16(ns_rr_rdata(r) + 4);
		if (host[0] != '\0' && strcmp(host, ".") != 0)
			return true;
	}
	return false;
}

static bool
by_srv(const char *domain, const char *service, const char *security, struct found *f)
{
	char name[300];

	snprintf(name, sizeof name, "%s.%s", service, domain);
	f->security = security;
	return ask_dns(name, ns_t_srv, f->host, &f->port);
}

/* Does a server with a proven certificate answer there? */
static bool
answers(struct trial *t, const char *host, int port)
{
	struct server s = { .host = host,
		.port = port,
		.security = WIRE_TLS,
		.ca = conf.mail_ca,
		.seconds = PATIENCE };
	struct wire_error e;
	struct tls *tls = tls_open(&t->memory, &s, &e);

	tls_close(tls);
	return tls != NULL;
}

static bool
by_knocking(
    struct trial *t, const char *domain, const char *const names[3], int port, struct found *f)
{
	for (int i = 0; i < 3; i++) {
		snprintf(f->host, sizeof f->host, "%s%s", names[i], domain);
		f->port = port;
		f->security = "tls";
		if (answers(t, f->host, port))
			return true;
	}
	return false;
}

bool
trial_discover(struct trial *t)
{
	static const char *const in_names[] = { "imap.", "mail.", "" }, *const out_names[] = {
		"smtp.", "mail.", ""
	};
	const char *domain = t->s.address == NULL ? NULL : strrchr(t->s.address, '@');
	const struct provider *p = domain == NULL ? NULL : provider_of(t->s.address);
	struct found in = { 0 }, out = { 0 };
	char exchange[256];
	bool has_in, has_out;

	domain = domain == NULL ? "" : domain + 1;
	/* Somebody is looking on: one try of two seconds each is all that DNS gets. */
	res_init();
	_res.retrans = 2;
	_res.retry = 1;
	if (p == NULL && ask_dns(domain, ns_t_mx, exchange, NULL))
		p = provider_of_mx(exchange);
	if (p != NULL && p->imap != NULL) {
		trial_well(t, "in", "servers", provider_json(&t->memory, p).s);
		return true;
	}
	has_in =
	    by_srv(domain, "_imaps._tcp", "tls", &in) || by_knocking(t, domain, in_names, 993, &in);
	has_out = by_srv(domain, "_submissions._tcp", "tls", &out) ||
		  by_srv(domain, "_submission._tcp", "starttls", &out) ||
		  by_knocking(t, domain, out_names, 465, &out);
	if (!has_in && !has_out) {
		wire_fail(&t->error, "nothing_found", "%s", domain);
		return trial_bad(t, "in", "servers", NULL);
	}
	trial_well(t, "in", "servers",
	    arena_printf(&t->memory,
		"{\"known\":false,\"host\":\"%s\",\"port\":%d,\"security\":\"%s\",\"smtp_host\":\"%"
		"s\",\"smtp_port\":"
		"%d,\"smtp_security\":\"%s\"}",
		has_in ? in.host : "", has_in ? in.port : 993, has_in ? in.security : "tls",
		has_out ? out.host : "", has_out ? out.port : 465, has_out ? out.security : "tls"));
	return true;
}
