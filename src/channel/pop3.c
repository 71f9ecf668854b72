/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POP3 (RFC 1939), spoken by hand: libetpan 1.9.4 uses message numbers of the server as array indices
 * unchecked, loses NUL bytes, keeps a whole mail in memory and reports a refused QUIT as success. */
#include <stdlib.h>
#include <string.h>

#include "channel/wire.h"

enum { LINE = 1024, MOST = 1000000, QUIT_TIMES = 4 /* it deletes then */ };

struct pop3 {
	struct tls *tls;
	int mailbox;
};

/* One command and its answer; what follows "+OK " or "-ERR " is left in line. */
static bool
answer(struct pop3 *p, char line[LINE], const char *code, struct wire_error *e)
{
	bool ok;

	if (!tls_line(p->tls, line, LINE))
		return tls_why(p->tls, e);
	ok = strncmp(line, "+OK", 3) == 0;
	if (!ok)
		wire_fail(e, strncmp(line, "-ERR", 4) == 0 ? code : "protocol", "%s", line);
	return ok;
}

#define COMMAND(p, line, code, e, ...)                                                             \
	(tls_say((p)->tls, __VA_ARGS__) ? answer(p, line, code, e) : tls_why((p)->tls, e))

static bool
ask(struct pop3 *p, const char *what, char line[LINE])
{
	return tls_say(p->tls, "%s", what) && tls_line(p->tls, line, LINE);
}

static bool
goes_on(const char *line)
{
	return line[0] == '+' && strncmp(line, "+OK", 3) != 0;
}

/* RFC 5034: the token goes in a line of its own, as it is longer than a command may be. */
static bool
log_in_by_token(struct pop3 *p, struct arena *a, const struct server *s, struct wire_error *e)
{
	char line[LINE], *token = sasl_xoauth2(a, s, e);
	const char *challenge = NULL;
	bool ok, sent = false;

	if (token == NULL)
		return false;
	ok = ask(p, "AUTH XOAUTH2", line);
	if (ok && goes_on(line)) {
		sent = true;
		ok = ask(p, token, line);
	}
	if (ok && sent && goes_on(line)) {
		challenge = arena_strdup(a, line + 1);
		ok = ask(p, "", line);
	}
	explicit_bzero(token, strlen(token));
	if (!ok)
		return tls_why(p->tls, e);
	return (sent && strncmp(line, "+OK", 3) == 0) || sasl_refused(a, line, challenge, e);
}

static bool
log_in(struct pop3 *p, struct arena *a, const struct server *s, struct wire_error *e)
{
	char line[LINE];

	if (!answer(p, line, "refused", e))
		return false;
	if (s->security == WIRE_STARTTLS &&
	    (!COMMAND(p, line, "tls", e, "STLS") || !tls_start(p->tls, e)))
		return false;
	if (!tls_is_safe(p->tls))
		return wire_fail(e, "tls", "no password without TLS");
	tls_deadline(p->tls, 1);
	if (s->token != NULL)
		return log_in_by_token(p, a, s, e);
	if (s->user == NULL || s->password == NULL)
		return wire_fail(e, "login", "user or password is missing");
	return COMMAND(p, line, "login", e, "USER %s", s->user) &&
	       COMMAND(p, line, "login", e, "PASS %s", s->password);
}

struct pop3 *
pop3_open(struct arena *a, const struct server *s, struct wire_error *e)
{
	struct pop3 *p = arena_alloc(a, sizeof *p);

	p->mailbox = s->mailbox;
	p->tls = tls_open(a, s, e);
	if (p->tls == NULL)
		return NULL;
	if (log_in(p, a, s, e))
		return p;
	pop3_close(p);
	return NULL;
}

/* One line "number rest" of a listing; *number = 0 at its end. */
static bool
row(struct pop3 *p, char line[LINE], int64_t *number, char **rest, struct wire_error *e)
{
	char *blank;

	*number = 0;
	if (!tls_line(p->tls, line, LINE))
		return tls_why(p->tls, e);
	tls_progress(p->tls, strlen(line));
	if (strcmp(line, ".") == 0)
		return true;
	blank = strchr(line, ' ');
	if (blank != NULL) {
		*blank = '\0';
		*rest = blank + 1;
		(*rest)[strcspn(*rest, " ")] = '\0';
		if (text_int(line, 1, INT32_MAX, number))
			return true;
	}
	return wire_fail(e, "protocol", "not a line of a listing: %s", line);
}

static bool
read_uidls(struct pop3 *p, struct arena *a, struct buf *mails, struct wire_error *e)
{
	char line[LINE], *rest;
	int64_t number;

	if (!COMMAND(p, line, "refused", e, "UIDL"))
		return false;
	while (row(p, line, &number, &rest, e)) {
		struct pop3_mail m = { number, 0, NULL };

		if (number == 0)
			return true;
		/* RFC 1939, 7: 1 to 70 characters from ! to ~; some servers write longer ones. */
		for (const char *c = rest; *c != '\0'; c++)
			if (*c < '!' || *c > '~')
				return wire_fail(e, "protocol", "not a unique id: %s", rest);
		if (rest[0] == '\0' || mails->n / sizeof m >= MOST)
			return wire_fail(e, "protocol", "an empty unique id, or too many of them");
		m.uidl = p->mailbox == 0 ? arena_strdup(a, rest)
					 : arena_printf(a, "%d %s", p->mailbox, rest);
		buf_add(mails, &m, sizeof m);
	}
	return false;
}

static int
by_number(const void *a, const void *b)
{
	const struct pop3_mail *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

bool
pop3_list(
    struct pop3 *p, struct arena *a, struct pop3_mail **mails, size_t *n, struct wire_error *e)
{
	struct buf found = { .arena = a };
	char line[LINE], *rest;
	struct pop3_mail key = { 0 }, *m;

	*mails = NULL;
	*n = 0;
	tls_deadline(p->tls, 2);
	if (!read_uidls(p, a, &found, e))
		return false;
	m = (void *)found.s;
	if (m == NULL)
		return true;
	qsort(m, found.n / sizeof *m, sizeof *m, by_number);

	tls_deadline(p->tls, 2);
	if (!COMMAND(p, line, "refused", e, "LIST"))
		return false;
	while (row(p, line, &key.number, &rest, e)) {
		struct pop3_mail *hit;

		if (key.number == 0) {
			*mails = m;
			*n = found.n / sizeof *m;
			return true;
		}
		hit = bsearch(&key, m, found.n / sizeof *m, sizeof *m, by_number);
		if (hit != NULL && !text_int(rest, 0, INT64_MAX, &hit->size))
			return wire_fail(e, "protocol", "not a size: %s", rest);
	}
	return false;
}

/* Hand on a mail's bytes to the line with a single dot, undoing the dots that were stuffed. */
static bool
body(struct pop3 *p, bool (*put)(void *, const void *, size_t), void *arg, struct wire_error *e)
{
	char chunk[16384];
	size_t n = 0;
	bool at_start = true;
	int c;

	while ((c = tls_byte(p->tls)) >= 0) {
		if (at_start && c == '.') {
			c = tls_byte(p->tls);
			if (c == '\r' || c == '\n') {
				if (c == '\r')
					c = tls_byte(p->tls);
				if (c != '\n')
					break;
				return n == 0 || put(arg, chunk, n) ||
				       wire_fail(
					   e, "protocol", "the mail was not wanted to its end");
			}
			if (c < 0)
				break;
		}
		chunk[n++] = (char)c;
		at_start = c == '\n';
		if (n == sizeof chunk) {
			if (!put(arg, chunk, n))
				return wire_fail(
				    e, "protocol", "the mail was not wanted to its end");
			tls_progress(p->tls, n);
			n = 0;
		}
	}
	wire_fail(e, "protocol", "a lone dot inside a mail");
	if (n > 0)
		put(arg, chunk, n); /* whoever wanted the header only may have it */
	return tls_why(p->tls, e) && false;
}

bool
pop3_fetch(struct pop3 *p, int64_t number, bool (*put)(void *, const void *, size_t), void *arg,
    struct wire_error *e)
{
	char line[LINE];

	tls_deadline(p->tls, 2);
	return COMMAND(p, line, "refused", e, "RETR %lld", (long long)number) &&
	       body(p, put, arg, e);
}

bool
pop3_delete(struct pop3 *p, int64_t number, struct wire_error *e)
{
	char line[LINE];
	bool ok;

	tls_deadline(p->tls, 1);
	crash_point("imap", "dele");
	ok = COMMAND(p, line, "refused", e, "DELE %lld", (long long)number);
	crash_point("imap", "deled");
	return ok;
}

bool
pop3_quit(struct pop3 *p, struct wire_error *e)
{
	char line[LINE];
	bool ok;

	tls_deadline(p->tls, QUIT_TIMES);
	crash_point("imap", "quit");
	ok = COMMAND(p, line, "refused", e, "QUIT");
	crash_point("imap", "quitted");
	tls_close(p->tls);
	return ok;
}

void
pop3_close(struct pop3 *p)
{
	if (p != NULL)
		tls_close(p->tls);
}
