/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to a mail server: resolve, connect, verified TLS, an absolute deadline and a limit of
 * bytes on everything that is read. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel/curl.h"
#include "channel/wire.h"

enum { ANSWER = 16 << 20, SLOWEST = 32 << 10 };

struct tls {
	struct server server;
	int fd;
	gnutls_session_t session; /* NULL while plain */
	gnutls_certificate_credentials_t cred;
	int64_t deadline; /* time_mono() */
	int64_t allowed;  /* bytes that may still be read before the next tls_deadline */
	bool loopback;
	unsigned faults;         /* why the certificate is not to be trusted */
	char sha256[SHA256_HEX]; /* of the certificate */
	struct wire_error why;   /* first failure; .code NULL = none */
	size_t at, end;          /* what of the buffer was not handed out yet */
	char buffer[16384];
};

bool
tls_why(const struct tls *t, struct wire_error *e)
{
	if (t->why.code == NULL)
		return true;
	*e = t->why;
	return false;
}

/* Keep the first reason: what follows it is only its echo. */
#define BROKEN(t, ...) ((t)->why.code == NULL ? wire_fail(&(t)->why, __VA_ARGS__) : false)

void
tls_deadline(struct tls *t, int times)
{
	t->deadline = time_mono() + (int64_t)times * t->server.seconds * 1000000;
	t->allowed = ANSWER;
}

void
tls_progress(struct tls *t, size_t n)
{
	t->deadline += (int64_t)n * 1000000 / SLOWEST;
	t->allowed += (int64_t)n;
}

static bool
late(struct tls *t)
{
	return BROKEN(
	    t, "timeout", "%s port %d did not answer in time", t->server.host, t->server.port);
}

static bool
await(struct tls *t, short events)
{
	for (;;) {
		int64_t left = t->deadline - time_mono();
		struct pollfd p = { t->fd, events, 0 };
		int r;

		if (left <= 0)
			return late(t);
		r = poll(&p, 1, (int)(left / 1000) + 1);
		if (r > 0)
			return true;
		if (r < 0 && errno != EINTR)
			return BROKEN(t, "gone", "%s", strerror(errno));
	}
}

/* GnuTLS says whether it wants to read or to write before it can go on. */
static bool
await_tls(struct tls *t)
{
	return await(t, gnutls_record_get_direction(t->session) != 0 ? POLLOUT : POLLIN);
}

static bool
is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
	return a->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

static bool
connect_to(struct tls *t, const struct addrinfo *a, struct wire_error *e)
{
	socklen_t n = sizeof(int);
	int error = 0;

	t->why.code = NULL;
	tls_deadline(t, 1);
	t->fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return wire_fail(e, "connect", "%s", strerror(errno));
	if (connect(t->fd, a->ai_addr, a->ai_addrlen) != 0) {
		error = errno;
		if (error == EINPROGRESS) {
			if (!await(t, POLLOUT))
				return tls_why(t, e);
			getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n);
		}
	}
	if (error != 0)
		return wire_fail(e, "connect", "%s port %d: %s", t->server.host, t->server.port,
		    strerror(error));
	t->loopback = is_loopback(a->ai_addr);
	return true;
}

static bool
connect_any(struct tls *t, struct wire_error *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG }, *all;
	bool plain = t->server.security == WIRE_PLAIN, ok = false, tried = false;
	bool named = curl_is_named(conf.mail_allow, t->server.host, t->server.port);
	char port[12];
	int r;

	snprintf(port, sizeof port, "%d", t->server.port);
	r = getaddrinfo(t->server.host, port, &hints, &all);
	if (r != 0)
		return wire_fail(e, "name", "%s: %s", t->server.host, gai_strerror(r));
	wire_fail(e, "tls", "a connection without TLS is for loopback and allow_plain only");
	for (const struct addrinfo *a = all; a != NULL && !ok; a = a->ai_next) {
		if (plain && (!conf.allow_plain || !is_loopback(a->ai_addr)))
			continue;
		if (!named && !curl_is_public(a->ai_addr)) {
			if (!tried)
				wire_fail(e, "private", "%s", t->server.host);
			continue;
		}
		tried = true;
		ok = connect_to(t, a, e);
		if (!ok && t->fd >= 0) {
			close(t->fd);
			t->fd = -1;
		}
	}
	freeaddrinfo(all);
	return ok;
}

/* Called by GnuTLS in the middle of the handshake, before a byte of ours is sent: chain, name, time and purpose
 * must hold, or it is the one certificate that was pinned. 0 = go on. */
static int
judge(gnutls_session_t session)
{
	struct tls *t = gnutls_session_get_ptr(session);
	gnutls_typed_vdata_st must[] = {
		{ .type = GNUTLS_DT_DNS_HOSTNAME, .data = (void *)t->server.host },
		{ .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (void *)GNUTLS_KP_TLS_WWW_SERVER },
	};
	unsigned n = 0;
	const gnutls_datum_t *der = gnutls_certificate_get_peers(session, &n);
	bool trusted, pinned;

	if (der == NULL || n == 0)
		return GNUTLS_E_NO_CERTIFICATE_FOUND;
	crypt_sha256(der->data, der->size, t->sha256);
	trusted = gnutls_certificate_verify_peers(session, must, NELEM(must), &t->faults) >= 0 &&
		  t->faults == 0;
	pinned = t->server.pin != NULL && strcasecmp(t->server.pin, t->sha256) == 0;
	if (t->server.shown != NULL) {
		certificate_read(t->server.shown, der->data, der->size);
		t->server.shown->chain = (int)n;
		t->server.shown->trusted = trusted;
		t->server.shown->pinned = pinned;
	}
	return trusted || pinned ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* Trust, name and protocol versions: nothing of this is left to defaults. */
static bool
prepare(struct tls *t, struct wire_error *e)
{
	static const char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
	const char *host = t->server.host;
	struct in6_addr address;
	int r;

	gnutls_certificate_allocate_credentials(&t->cred);
	r = t->server.ca != NULL
		? gnutls_certificate_set_x509_trust_file(t->cred, t->server.ca, GNUTLS_X509_FMT_PEM)
		: gnutls_certificate_set_x509_system_trust(t->cred);
	if (r <= 0)
		return wire_fail(e, "tls", "no trusted certificates in %s",
		    t->server.ca != NULL ? t->server.ca : "the system's store");
	gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	r = gnutls_priority_set_direct(t->session, versions, NULL);
	if (r < 0)
		return wire_fail(e, "tls", "%s", gnutls_strerror(r));
	gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->cred);
	/* RFC 6066, 3: an address is no server name. */
	if (inet_pton(AF_INET, host, &address) != 1 && inet_pton(AF_INET6, host, &address) != 1)
		gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, host, strlen(host));
	gnutls_session_set_ptr(t->session, t);
	gnutls_session_set_verify_function(t->session, judge);
	gnutls_transport_set_int(t->session, t->fd);
	return true;
}

static bool
refused(struct tls *t, int r, struct wire_error *e)
{
	gnutls_datum_t text = { 0 };

	if (r != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		return wire_fail(e, "tls", "%s", gnutls_strerror(r));
	gnutls_certificate_verification_status_print(t->faults, GNUTLS_CRT_X509, &text, 0);
	wire_fail(e, "certificate", "%s: %s%s SHA-256 %s", t->server.host, text.data,
	    t->server.pin != NULL ? " It is not the one that was pinned either." : "", t->sha256);
	gnutls_free(text.data);
	return false;
}

bool
tls_start(struct tls *t, struct wire_error *e)
{
	int r;

	if (t->at != t->end)
		return wire_fail(e, "tls", "the server sent data ahead of TLS");
	if (!prepare(t, e))
		return false;
	tls_deadline(t, 1);
	while ((r = gnutls_handshake(t->session)) != 0) {
		if (gnutls_error_is_fatal(r) != 0)
			return refused(t, r, e);
		if (r == GNUTLS_E_AGAIN && !await_tls(t))
			return tls_why(t, e);
		if (time_mono() > t->deadline && !late(t))
			return tls_why(t, e);
	}
	return true;
}

static void
close_it(void *arg)
{
	tls_close(arg);
}

struct tls *
tls_open(struct arena *a, const struct server *s, struct wire_error *e)
{
	struct tls *t = arena_alloc(a, sizeof *t);

	t->server = *s;
	t->server.host = arena_strdup(a, s->host);
	t->server.ca = arena_strdup(a, s->ca);
	t->server.pin = arena_strdup(a, s->pin);
	t->server.user = t->server.password = t->server.token = NULL; /* not for this file */
	if (s->seconds <= 0)
		t->server.seconds = WIRE_SECONDS;
	t->fd = -1;
	arena_defer(a, close_it, t);
	if (connect_any(t, e) && (s->security != WIRE_TLS || tls_start(t, e)))
		return t;
	tls_close(t);
	return NULL;
}

bool
tls_is_safe(const struct tls *t)
{
	return t->session != NULL || (t->server.security == WIRE_PLAIN && t->loopback);
}

int
tls_fd(const struct tls *t)
{
	return t->fd;
}

static ssize_t
receive(struct tls *t, void *p, size_t n)
{
	ssize_t r;

	if (t->session != NULL)
		return gnutls_record_recv(t->session, p, n);
	r = recv(t->fd, p, n, 0);
	if (r < 0)
		return errno == EAGAIN || errno == EINTR ? GNUTLS_E_AGAIN : GNUTLS_E_PULL_ERROR;
	return r;
}

ssize_t
tls_read(struct tls *t, void *p, size_t n)
{
	ssize_t r;

	if (t->fd < 0 || t->why.code != NULL)
		return -1;
	if (t->at < t->end && p != t->buffer) {
		r = (ssize_t)(t->end - t->at < n ? t->end - t->at : n);
		memcpy(p, t->buffer + t->at, (size_t)r);
		t->at += (size_t)r;
		return r;
	}
	for (;;) {
		r = receive(t, p, n);
		if (r > 0)
			break;
		if (r == 0 || gnutls_error_is_fatal((int)r) != 0) {
			BROKEN(t, "gone", "the server closed the connection%s%s",
			    r == 0 ? "" : ": ", r == 0 ? "" : gnutls_strerror((int)r));
			return -1;
		}
		if (!(t->session != NULL ? await_tls(t) : await(t, POLLIN)))
			return -1;
	}
	t->allowed -= r;
	if (t->allowed < 0)
		BROKEN(t, "protocol", "the server's answer does not end");
	else if (time_mono() > t->deadline)
		late(t);
	return t->why.code != NULL ? -1 : r;
}

bool
tls_ready(struct tls *t, int ms)
{
	struct pollfd p = { t->fd, POLLIN, 0 };
	ssize_t r;

	if (t->fd < 0 || t->why.code != NULL || t->at < t->end)
		return true;
	if ((t->session == NULL || gnutls_record_check_pending(t->session) == 0) &&
	    poll(&p, 1, ms) <= 0)
		return false;
	/* What is there may be a word of TLS itself. */
	r = receive(t, t->buffer, sizeof t->buffer);
	if (r < 0 && gnutls_error_is_fatal((int)r) == 0)
		return false;
	t->at = 0;
	t->end = r > 0 ? (size_t)r : 0;
	t->allowed -= r > 0 ? r : 0;
	if (r <= 0)
		BROKEN(t, "gone", "the server closed the connection");
	else if (t->allowed < 0)
		BROKEN(t, "protocol", "the server's answer does not end");
	return true;
}

static ssize_t
transmit(struct tls *t, const void *p, size_t n)
{
	ssize_t r;

	if (t->session != NULL)
		return gnutls_record_send(t->session, p, n);
	r = send(t->fd, p, n, MSG_NOSIGNAL);
	if (r < 0)
		return errno == EAGAIN || errno == EINTR ? GNUTLS_E_AGAIN : GNUTLS_E_PUSH_ERROR;
	return r;
}

bool
tls_write(struct tls *t, const void *p, size_t n)
{
	const char *s = p;
	ssize_t r;

	if (t->fd < 0 || t->why.code != NULL)
		return false;
	while (n > 0) {
		r = transmit(t, s, n);
		if (r >= 0) {
			s += r;
			n -= (size_t)r;
			continue;
		}
		if (gnutls_error_is_fatal((int)r) != 0)
			return BROKEN(t, "gone", "the server closed the connection: %s",
			    gnutls_strerror((int)r));
		if (!(t->session != NULL ? await_tls(t) : await(t, POLLOUT)))
			return false;
	}
	return true;
}

int
tls_byte(struct tls *t)
{
	if (t->at == t->end) {
		ssize_t r = tls_read(t, t->buffer, sizeof t->buffer);

		if (r < 0)
			return -1;
		t->at = 0;
		t->end = (size_t)r;
	}
	return (unsigned char)t->buffer[t->at++];
}

bool
tls_line(struct tls *t, char *line, size_t size)
{
	size_t n = 0;
	int byte;

	while ((byte = tls_byte(t)) != '\n') {
		if (byte < 0)
			return false;
		if (n + 1 < size)
			line[n++] = (char)byte;
	}
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return true;
}

bool
tls_say(struct tls *t, const char *fmt, ...)
{
	char line[16384]; /* tokens are long */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line - 2, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof line - 2 || strpbrk(line, "\r\n") != NULL)
		return BROKEN(t, "protocol", "a command is too long or holds a line end");
	line[n] = '\r';
	line[n + 1] = '\n';
	return tls_write(t, line, (size_t)n + 2);
}

void
tls_close(struct tls *t)
{
	if (t->session != NULL) {
		/* One attempt: a peer that does not read must not hold us. */
		if (t->fd >= 0)
			gnutls_bye(t->session, GNUTLS_SHUT_WR);
		gnutls_deinit(t->session);
		t->session = NULL;
	}
	if (t->cred != NULL)
		gnutls_certificate_free_credentials(t->cred);
	t->cred = NULL;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
