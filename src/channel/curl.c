/* SPDX-License-Identifier: GPL-3.0-or-later */
/* https by libcurl with the guard against being used as a way into the house (SSRF). Callbacks run inside
 * libcurl: they note what happened and never leave by fail(). */
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "channel/curl.h"

/* One address on its way; a redirection makes another. */
struct hop {
	const struct curl_ask *ask;
	CURL *curl;
	CURLU *url;
	struct curl_slist *headers;
	bool allowed;   /* the administrator named this host and port */
	bool forbidden; /* an address of it lies in the house */
	bool connected; /* a socket was opened */
	bool large;
	size_t limit;
	struct buf body;
	char error[CURL_ERROR_SIZE];
};

static bool
is_public4(uint32_t a)
{
	/* Network and length: RFC 6890 and the registry it made. */
	static const struct {
		uint32_t net;
		int bits;
	} inside[] = { { 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 }, { 0x7f000000, 8 },
		{ 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
		{ 0xc0586300, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 },
		{ 0xcb007100, 24 }, { 0xe0000000, 3 } };

	for (size_t i = 0; i < NELEM(inside); i++)
		if ((a ^ inside[i].net) >> (32 - inside[i].bits) == 0)
			return false;
	return true;
}

/* Only 2000::/3 is global unicast. What lies outside (mapped and translated IPv4, local, multicast) is not
 * listed, it is simply not in it; what lies inside and is no host of the internet is. */
static bool
is_public6(const uint8_t a[16])
{
	bool protocols =
	    a[0] == 0x20 && a[1] == 0x01 && a[2] < 2; /* 2001::/23: Teredo, ORCHID ... */
	bool examples = a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8;
	bool more_examples = a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10;
	bool sixtofour = a[0] == 0x20 && a[1] == 0x02;

	return a[0] >> 5 == 1 && !protocols && !examples && !more_examples && !sixtofour;
}

bool
curl_is_public(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return is_public4(ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr));
	return a->sa_family == AF_INET6 &&
	       is_public6(((const struct sockaddr_in6 *)a)->sin6_addr.s6_addr);
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct hop *h = arg;
	int fd;

	if (purpose != CURLSOCKTYPE_IPCXN || (!h->allowed && !curl_is_public(&a->addr))) {
		h->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	h->connected = h->connected || fd >= 0;
	return fd;
}

static size_t
take(char *s, size_t size, size_t n, void *arg)
{
	struct hop *h = arg;

	n *= size;
	if (n > h->limit - h->body.n) {
		h->large = true;
		return 0;
	}
	buf_add(&h->body, s, n);
	return n;
}

bool
curl_is_named(const char *list, const char *host, int64_t port)
{
	char want[300];
	size_t n;

	if (list == NULL ||
	    snprintf(want, sizeof want, "%s:%lld", host, (long long)port) >= (int)sizeof want)
		return false;
	for (; *list != '\0'; list += n) {
		list += strspn(list, " ,\t");
		n = strcspn(list, " ,\t");
		if ((n == strlen(want) || n == strlen(host)) && strncasecmp(list, want, n) == 0)
			return true;
	}
	return false;
}

/* Read the address and judge what can be judged before its name is looked up. */
static bool
judge(struct hop *h, const char *address, struct wire_error *e)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	int64_t number = 0;
	bool plain, ok;

	h->url = curl_url();
	if (curl_url_set(h->url, CURLUPART_URL, address, CURLU_DISALLOW_USER) != CURLUE_OK ||
	    curl_url_get(h->url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(h->url, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl_url_get(h->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK) {
		ok = wire_fail(e, "url", "this is no address of the web");
	} else {
		plain = strcmp(scheme, "http") == 0;
		text_int(port, 1, 65535, &number);
		h->allowed = curl_is_named(h->ask->allow, host, number);
		ok = h->allowed || number == (plain ? 80 : 443);
		if (strcmp(scheme, "https") != 0 && !(plain && h->ask->plain))
			ok = wire_fail(e, "url", "only https addresses are asked");
		else if (!ok)
			wire_fail(e, "forbidden", "port %lld is not asked", (long long)number);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return ok;
}

static void
set_guard(struct hop *h)
{
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, h->ask->plain ? "http,https" : "https");
	curl_easy_setopt(h->curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(h->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(h->curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETDATA, h);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(h->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

static void
set_question(struct hop *h, int64_t milliseconds)
{
	curl_easy_setopt(h->curl, CURLOPT_CURLU, h->url);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, "docket");
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, (long)milliseconds);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->error);
	if (h->ask->ca != NULL) {
		curl_easy_setopt(h->curl, CURLOPT_CAINFO, h->ask->ca);
		curl_easy_setopt(h->curl, CURLOPT_CAPATH, NULL);
	}
	if (h->ask->form != NULL) {
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, h->ask->form);
		/* Without waiting for "100 Continue". */
		h->headers = curl_slist_append(NULL, "Expect:");
		curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, h->headers);
	}
}

/* What libcurl says, as a code of ours. */
static bool
say_why(const struct hop *h, CURLcode r, struct wire_error *e)
{
	const char *words = h->error[0] != '\0' ? h->error : curl_easy_strerror(r);

	if (h->large)
		return wire_fail(e, "size", "the answer is larger than %zu bytes", h->limit);
	/* Some of its addresses may be public and dead: what was forbidden is what must be told. */
	if (h->forbidden)
		return wire_fail(e, "forbidden", "this address leads to a private network");
	switch (r) {
	case CURLE_OPERATION_TIMEDOUT:
		return wire_fail(e, h->connected ? "timeout" : "name", "%s", words);
	case CURLE_COULDNT_RESOLVE_HOST: return wire_fail(e, "name", "%s", words);
	case CURLE_COULDNT_CONNECT: return wire_fail(e, "connect", "%s", words);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE: return wire_fail(e, "certificate", "%s", words);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER: return wire_fail(e, "tls", "%s", words);
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL: return wire_fail(e, "url", "%s", words);
	default: return wire_fail(e, "protocol", "%s", words);
	}
}

static void
end_hop(struct hop *h)
{
	curl_easy_cleanup(h->curl);
	curl_url_cleanup(h->url);
	curl_slist_free_all(h->headers);
}

/* One address; *next = where it sends on to, in the arena, or NULL. */
static bool
ask_one(struct arena *a, const struct curl_ask *ask, const char *address, int64_t until,
    struct curl_answer *answer, const char **next, struct wire_error *e)
{
	struct hop h = { .ask = ask, .body.arena = a };
	int64_t left = (until - time_mono()) / 1000;
	char *target = NULL;
	long status = 0;
	bool ok = judge(&h, address, e);
	CURLcode r;

	h.limit = ask->limit == 0 ? CURL_LIMIT : ask->limit;
	h.curl = curl_easy_init();
	if (ok && left <= 0)
		ok = wire_fail(e, "timeout", "no answer within the time given");
	if (ok) {
		set_guard(&h);
		set_question(&h, left);
		r = curl_easy_perform(h.curl);
		ok = r == CURLE_OK || say_why(&h, r, e);
	}
	if (ok) {
		curl_easy_getinfo(h.curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(h.curl, CURLINFO_REDIRECT_URL, &target);
		buf_add(&h.body, "", 0);
		*answer = (struct curl_answer){ (int)status, buf_str(&h.body) };
		*next = target == NULL ? NULL : arena_strdup(a, target);
	}
	end_hop(&h);
	return ok;
}

bool
curl_fetch(
    struct arena *a, const struct curl_ask *ask, struct curl_answer *answer, struct wire_error *e)
{
	static bool begun;
	int seconds = ask->seconds == 0 ? CURL_SECONDS : ask->seconds;
	int64_t until = time_mono() + (int64_t)seconds * 1000000;
	const char *address = ask->url;

	if (!begun)
		curl_global_init(CURL_GLOBAL_DEFAULT);
	begun = true;
	for (int hop = 0; hop <= ask->hops; hop++) {
		const char *next = NULL;

		if (!ask_one(a, ask, address, until, answer, &next, e))
			return false;
		if (next == NULL || ask->form != NULL)
			return true;
		address = next;
	}
	return ask->hops == 0 || wire_fail(e, "hops", "it sends on too often");
}

void
curl_field(struct buf *b, const char *name, const char *value)
{
	static const char hex[] = "0123456789ABCDEF", plain[] = "-._~";

	if (b->n > 0)
		buf_putc(b, '&');
	buf_puts(b, name);
	buf_putc(b, '=');
	for (const unsigned char *p = (const unsigned char *)value; *p != '\0'; p++) {
		bool safe = (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z');

		if (safe || (*p != '\0' && strchr(plain, *p) != NULL)) {
			buf_putc(b, (char)*p);
		} else {
			buf_putc(b, '%');
			buf_putc(b, hex[*p >> 4]);
			buf_putc(b, hex[*p & 15]);
		}
	}
}
