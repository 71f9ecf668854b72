/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SMTP sink's connections, and what becomes of a mail: its fate, its files, its way to LMTP. Part of
 * sink.c, which is one program. */
#ifndef SINK_STORE_H
#define SINK_STORE_H

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "channel/wire.h"

enum { CONNS = 64, RCPTS = 200, LINE = 2048, OUT = 8192, SECOND = 1000000 };
enum state { FREE, HANDSHAKE, COMMAND, DATA, STALLED, CLOSING };
enum dots { START, DOT, DOT_CR, INSIDE, CR };

struct rcpt {
	char address[320], rest[200];
	const char *fate;
};
struct conn {
	int fd;
	enum state state;
	gnutls_session_t tls;
	char line[LINE], out[OUT];
	size_t nline, nout;
	bool slow, starttls;
	int64_t spoke_at; /* when slow */
	char from[600];
	struct rcpt rcpt[RCPTS];
	size_t nrcpt;
	FILE *file;
	long size;
	int number;
	enum dots dots;
};

static struct conn conns[CONNS];
static struct options {
	const char *dir, *port_file, *cert, *key, *local, *control, *auth;
	int64_t port, lmtp, size;
	bool tls, no_dsn;
} opt = { .size = 64 << 20 };
static void PRINTF(2, 3) say(struct conn *c, const char *fmt, ...)
{
	size_t room = sizeof c->out - c->nout;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(c->out + c->nout, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n + 2 >= room) {
		c->state = CLOSING;
		return;
	}
	c->nout += (size_t)n;
	c->out[c->nout++] = '\r';
	c->out[c->nout++] = '\n';
}

static char *
name_of(const struct conn *c, const char *end)
{
	static char name[2][40];
	static int k;

	k = !k;
	snprintf(name[k], sizeof name[k], "%s%d.%s", end[0] == '.' ? "." : "", c->number, end);
	return name[k];
}

static void
forget_mail(struct conn *c)
{
	if (c->file != NULL) {
		fclose(c->file);
		unlink(name_of(c, ".eml"));
	}
	c->file = NULL;
	c->from[0] = '\0';
	c->nrcpt = 0;
}

/* What the control file says about a local part: lines "LOCALPART FATE", "*" for every recipient. It
 * is read anew each time, so that a test can change it. */
static const char *
fate_of(const char *who, size_t n, bool rest)
{
	static const char *const fates[] = { "refuse", "later", "data-refuse", "data-later",
		"stall", "stall-data", "drop", "cut", "slow", "close" };
	FILE *f = opt.control != NULL ? fopen(opt.control, "r") : NULL;
	const char *found = NULL;
	char name[200], fate[40];

	while (f != NULL && found == NULL && fscanf(f, "%199s %39s", name, fate) == 2)
		if ((rest && strcmp(name, "*") == 0) ||
		    (strlen(name) == n && strncasecmp(name, who, n) == 0))
			for (size_t i = 0; i < NELEM(fates); i++)
				if (strcmp(fate, fates[i]) == 0)
					found = fates[i];
	if (f != NULL)
		fclose(f);
	return found;
}

static bool
has_fate(const struct conn *c, const char *fate)
{
	for (size_t i = 0; i < c->nrcpt; i++)
		if (c->rcpt[i].fate != NULL && strcmp(c->rcpt[i].fate, fate) == 0)
			return true;
	return false;
}

static bool
is_local(const struct rcpt *r)
{
	const char *at = strrchr(r->address, '@');

	return opt.lmtp != 0 && at != NULL && strcasecmp(at + 1, opt.local) == 0;
}

/* The next answer of the LMTP server begins with this code. */
static bool
answers(struct tls *t, const char *code)
{
	char line[LINE];

	do
		if (!tls_line(t, line, sizeof line))
			return false;
	while (line[0] != '\0' && line[3] == '-');
	return strncmp(line, code, 3) == 0;
}

static bool
lmtp(struct conn *c, struct tls *t)
{
	char line[LINE];
	bool ok, start = true;
	size_t n = 0;

	ok = answers(t, "220") && tls_say(t, "LHLO sink") && answers(t, "250") &&
	     tls_say(t, "MAIL FROM:%.*s", (int)strcspn(c->from, " "), c->from) && answers(t, "250");
	for (size_t i = 0; ok && i < c->nrcpt; i++)
		if (is_local(&c->rcpt[i])) {
			ok = tls_say(t, "RCPT TO:<%s>", c->rcpt[i].address) && answers(t, "250");
			n++;
		}
	ok = ok && tls_say(t, "DATA") && answers(t, "354");
	rewind(c->file);
	while (ok && fgets(line, sizeof line, c->file) != NULL) {
		ok = (!start || line[0] != '.' || tls_write(t, ".", 1)) &&
		     tls_write(t, line, strlen(line));
		start = strchr(line, '\n') != NULL;
	}
	ok = ok && tls_say(t, ".");
	while (ok && n-- > 0)
		ok = answers(t, "250");
	return ok;
}

/* Hand the mail on to the mailboxes of its local recipients. */
static bool
deliver(struct conn *c)
{
	struct server s = { .host = "127.0.0.1", .port = (int)opt.lmtp, .security = WIRE_PLAIN };
	struct arena arena = { 0 };
	struct wire_error e;
	struct tls *t = tls_open(&arena, &s, &e);
	bool ok = t != NULL && lmtp(c, t);

	arena_reset(&arena);
	return ok;
}

static bool
store(struct conn *c)
{
	FILE *env = fopen(name_of(c, ".env"), "w");
	size_t n = 0;

	if (env == NULL)
		return false;
	fprintf(env, "MAIL FROM:%s\n", c->from);
	for (size_t i = 0; i < c->nrcpt; i++)
		if (!is_local(&c->rcpt[i])) {
			fprintf(env, "RCPT TO:<%s>%s\n", c->rcpt[i].address, c->rcpt[i].rest);
			n++;
		}
	if (fclose(env) != 0 || fflush(c->file) != 0)
		return false;
	if (n == 0)
		return unlink(name_of(c, ".env")) == 0;
	return rename(name_of(c, ".env"), name_of(c, "env")) == 0 &&
	       rename(name_of(c, ".eml"), name_of(c, "eml")) == 0;
}

/* The final dot: the mail is complete. */
static void
complete(struct conn *c)
{
	bool local = false;

	c->state = COMMAND;
	for (size_t i = 0; i < c->nrcpt; i++)
		local = local || is_local(&c->rcpt[i]);
	if (c->size > opt.size)
		say(c, "552 5.3.4 too large");
	else if (has_fate(c, "data-refuse"))
		say(c, "554 5.7.1 refused after the mail was seen");
	else if (has_fate(c, "data-later"))
		say(c, "451 4.3.0 not now");
	else if ((local && !deliver(c)) || !store(c))
		say(c, "451 4.3.0 the mail could not be delivered");
	else if (has_fate(c, "drop"))
		c->state = CLOSING;
	else if (has_fate(c, "stall"))
		c->state = STALLED;
	else
		say(c, "250 2.0.0 taken as %d", c->number);
	forget_mail(c);
}

#endif
