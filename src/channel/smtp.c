/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SMTP (RFC 5321) with DSN (RFC 3461), spoken by hand: libetpan 1.9.4 hangs for ever on a tab in an
 * AUTH line of EHLO, names itself by gethostname() only and cuts commands at 512 bytes. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "channel/wire.h"
#include "mime/mime.h"

enum {
	LINE = 1024,
	REPLY_LINES = 200,
	FAREWELL = 5,
	DATA = 60,
	AFTER_DOT = 10 /* times a command's */
};

struct smtp {
	struct arena *arena;
	struct tls *tls;
	bool starttls, dsn, plain, login, xoauth2, takes_size;
	int64_t size; /* the largest mail it takes; 0 = it does not say */
	bool dead;
	int code; /* of the last reply; 0 = there was none */
	char words[300];
};

/* What EHLO offers, keyword by keyword. */
static void
offer(struct smtp *s, const char *line)
{
	static const char blanks[] = " \t=";
	size_t n = strcspn(line, blanks);

	if (n == 8 && strncasecmp(line, "STARTTLS", n) == 0)
		s->starttls = true;
	else if (n == 3 && strncasecmp(line, "DSN", n) == 0)
		s->dsn = true;
	else if (n == 4 && strncasecmp(line, "SIZE", n) == 0) {
		s->takes_size = true;
		if (line[n] != '\0' && !text_int(line + n + 1, 0, INT64_MAX, &s->size))
			s->size = 0;
	} else if (n == 4 && strncasecmp(line, "AUTH", n) == 0)
		for (const char *p = line + n; *p != '\0'; p += n) {
			p += strspn(p, blanks);
			n = strcspn(p, blanks);
			s->plain = s->plain || (n == 5 && strncasecmp(p, "PLAIN", n) == 0);
			s->login = s->login || (n == 5 && strncasecmp(p, "LOGIN", n) == 0);
			s->xoauth2 = s->xoauth2 || (n == 7 && strncasecmp(p, "XOAUTH2", n) == 0);
		}
}

/* The connection is of no use any more. */
static int
lost(struct smtp *s, const char *why)
{
	struct wire_error e;

	if (tls_why(s->tls, &e))
		wire_fail(&e, "protocol", "%s", why);
	snprintf(s->words, sizeof s->words, "%s", e.words);
	s->dead = true;
	return s->code = 0;
}

/* Read a reply of any number of lines: its code; words become "code all the lines". */
static int
reply(struct smtp *s, bool ehlo)
{
	char line[LINE], text[sizeof s->words] = "";
	struct wire_error clean;
	int64_t code = 0;
	char after = '-';

	for (int i = 0; after == '-'; i++) {
		size_t n;

		if (i == REPLY_LINES || !tls_line(s->tls, line, sizeof line))
			return lost(s, "a reply without end");
		n = strlen(line);
		after = n > 3 ? line[3] : ' ';
		line[n < 3 ? n : 3] = '\0';
		if (!text_int(line, 200, 599, &code) || (after != '-' && after != ' '))
			return lost(s, "an answer that is no SMTP reply");
		if (n < 4)
			line[4] = '\0';
		if (ehlo && i > 0 && code == 250)
			offer(s, line + 4);
		n = strlen(text);
		snprintf(text + n, sizeof text - n, " %s", line + 4);
	}
	wire_fail(&clean, "", "%d%s", (int)code, text);
	snprintf(s->words, sizeof s->words, "%s", clean.words);
	return s->code = (int)code;
}

/* One command and its reply's code, 0 = the connection failed. */
#define COMMAND(s, ...) (tls_say((s)->tls, __VA_ARGS__), reply(s, false))

/* Say why the session could not be had: the connection's own reason first. */
static bool
no(struct smtp *s, const char *code, struct wire_error *e)
{
	if (s->dead && !tls_why(s->tls, e))
		return false;
	return wire_fail(e, s->dead ? "protocol" : code, "%s", s->words);
}

static bool
hello(struct smtp *s, struct wire_error *e)
{
	s->starttls = s->dsn = s->plain = s->login = s->xoauth2 = s->takes_size = false;
	s->size = 0;
	tls_deadline(s->tls, 1);
	tls_say(s->tls, "EHLO %s", conf.host != NULL ? conf.host : "localhost");
	return reply(s, true) == 250 || no(s, "refused", e);
}

/* In a line of its own, as it is longer than a command may be (RFC 4954, 4). */
static bool
log_in_by_token(struct smtp *s, const struct server *server, struct wire_error *e)
{
	const char *challenge = NULL;
	char *token;

	if (!s->xoauth2)
		return wire_fail(e, "token", "the server does not offer AUTH XOAUTH2");
	token = sasl_xoauth2(s->arena, server, e);
	if (token == NULL)
		return false;
	if (COMMAND(s, "AUTH XOAUTH2") == 334 && COMMAND(s, "%s", token) == 334) {
		challenge = arena_strdup(s->arena, strchr(s->words, ' '));
		COMMAND(s, "%s", "");
	}
	explicit_bzero(token, strlen(token));
	if (s->code == 235)
		return true;
	return s->dead || s->code / 100 == 4 ? no(s, "refused", e)
					     : sasl_refused(s->arena, s->words, challenge, e);
}

static bool
authenticate(struct smtp *s, const struct server *server, struct wire_error *e)
{
	const char *user = server->user, *password = server->password;
	struct buf both = { .arena = s->arena };

	if (user == NULL)
		return true;
	if (!tls_is_safe(s->tls))
		return wire_fail(e, "tls", "no password without TLS");
	if (server->token != NULL)
		return log_in_by_token(s, server, e);
	if (password == NULL)
		return wire_fail(e, "login", "the password is missing");
	if (s->plain) {
		buf_putc(&both, '\0');
		buf_puts(&both, user);
		buf_putc(&both, '\0');
		buf_puts(&both, password);
		COMMAND(s, "AUTH PLAIN %s", crypt_base64(s->arena, both.s, both.n));
	} else if (s->login) {
		if (COMMAND(s, "AUTH LOGIN") == 334 &&
		    COMMAND(s, "%s", crypt_base64(s->arena, user, strlen(user))) == 334)
			COMMAND(s, "%s", crypt_base64(s->arena, password, strlen(password)));
	} else
		return wire_fail(e, "login", "the server offers neither AUTH PLAIN nor LOGIN");
	/* 4xx: the server cannot say now (RFC 4954, 4.7.x). */
	return s->code == 235 || no(s, s->code / 100 == 4 ? "refused" : "login", e);
}

static bool
begin(struct smtp *s, const struct server *server, struct wire_error *e)
{
	if (reply(s, false) != 220)
		return no(s, "refused", e);
	if (!hello(s, e))
		return false;
	if (server->security == WIRE_STARTTLS) {
		if (!s->starttls)
			return wire_fail(e, "tls", "the server offers no STARTTLS");
		if (COMMAND(s, "STARTTLS") != 220)
			return no(s, "tls", e);
		if (!tls_start(s->tls, e) || !hello(s, e))
			return false;
	}
	return authenticate(s, server, e);
}

struct smtp *
smtp_open(struct arena *a, const struct server *server, struct wire_error *e)
{
	struct smtp *s = arena_alloc(a, sizeof *s);

	s->arena = a;
	s->tls = tls_open(a, server, e);
	if (s->tls == NULL)
		return NULL;
	if (begin(s, server, e))
		return s;
	tls_close(s->tls);
	return NULL;
}

/* RFC 3461, 4: xtext. */
static char *
xtext(struct arena *a, const char *address)
{
	struct buf out = { .arena = a };

	for (const char *p = address; *p != '\0'; p++)
		if (*p == '+' || *p == '=')
			buf_printf(&out, "+%02X", *p);
		else
			buf_putc(&out, *p);
	return out.s;
}

static int
recipient(struct smtp *s, const char *to)
{
	if (!mime_address_ok(to)) {
		snprintf(s->words, sizeof s->words, "553 this is no mail address");
		return 553;
	}
	tls_deadline(s->tls, 1);
	if (s->dsn)
		return COMMAND(s, "RCPT TO:<%s> NOTIFY=FAILURE,DELAY ORCPT=rfc822;%s", to,
		    xtext(s->arena, to));
	return COMMAND(s, "RCPT TO:<%s>", to);
}

static int
sender(struct smtp *s, const struct smtp_mail *m)
{
	const char *from = m->from;
	size_t size = m->bytes.n;
	char length[40] = "", envid[100] = "";

	if (from[0] != '\0' && !mime_address_ok(from)) {
		snprintf(s->words, sizeof s->words, "553 the sender is no mail address");
		return 553;
	}
	if (s->size > 0 && (int64_t)size > s->size) {
		snprintf(s->words, sizeof s->words, "552 the server takes at most %lld bytes",
		    (long long)s->size);
		return 552;
	}
	if (s->takes_size)
		snprintf(length, sizeof length, " SIZE=%zu", size);
	if (s->dsn && m->envid != NULL)
		snprintf(envid, sizeof envid, " ENVID=%s", xtext(s->arena, m->envid));
	tls_deadline(s->tls, 1);
	return COMMAND(s, "MAIL FROM:<%s>%s%s%s", from, s->dsn ? " RET=HDRS" : "", envid, length);
}

/* The mail with every kind of line end as CRLF and dots stuffed: what is no line end to us must be
 * none to any server behind this one (SMTP smuggling). */
static bool
put_mail(struct smtp *s, struct str mail)
{
	char out[16384];
	size_t n = 0;
	bool at_start = true;

	for (size_t i = 0; i < mail.n; i++) {
		char c = mail.s[i];

		if (n > sizeof out - 4) {
			if (!tls_write(s->tls, out, n))
				return false;
			tls_progress(s->tls, n);
			n = 0;
		}
		if (at_start && c == '.')
			out[n++] = '.';
		at_start = c == '\r' || c == '\n';
		if (!at_start) {
			out[n++] = c;
			continue;
		}
		if (c == '\r' && i + 1 < mail.n && mail.s[i + 1] == '\n')
			i++;
		out[n++] = '\r';
		out[n++] = '\n';
	}
	if (!at_start) {
		out[n++] = '\r';
		out[n++] = '\n';
	}
	return tls_write(s->tls, out, n);
}

/* The mail itself, after at least one recipient was accepted: the code of the final answer. */
static int
data(struct smtp *s, const struct smtp_mail *m, bool *unknown)
{
	bool dotted;
	int code;

	tls_deadline(s->tls, 1);
	crash_point("smtp", "data");
	code = COMMAND(s, "DATA");
	if (code / 100 == 2)
		return lost(s, "DATA was answered as if the mail were there");
	if (code != 354)
		return code;
	tls_deadline(s->tls, 2);
	if (!put_mail(s, m->bytes))
		return lost(s, "");
	if (m->ready != NULL && !m->ready(m->arg))
		return lost(s, "not handed over: that it was could not be noted");
	/* RFC 5321, 4.5.3.2.6: here the server may take its time; to give up means a double. */
	tls_deadline(s->tls, AFTER_DOT);
	crash_point("smtp", "dot");
	dotted = tls_say(s->tls, ".");
	crash_point("smtp", "dotted");
	code = reply(s, false);
	*unknown = dotted && code == 0;
	return code;
}

/* The first answer that is kept is the one that counts. */
static void
note(struct smtp *s, int code, struct smtp_result *result)
{
	if (result->words[0] != '\0')
		return;
	result->code = code;
	snprintf(result->words, sizeof result->words, "%s", s->words);
}

/* MAIL and RCPT: how many recipients were accepted. */
static size_t
envelope(struct smtp *s, const struct smtp_mail *m, struct smtp_result *result, int *codes)
{
	int code = sender(s, m);
	struct texts to = m->to;
	size_t accepted = 0;

	if (code / 100 != 2)
		note(s, code, result);
	for (size_t i = 0; i < to.n; i++) {
		codes[i] = code;
		if (code / 100 == 2 && !s->dead) {
			codes[i] = recipient(s, to.v[i]);
			if (codes[i] / 100 != 2)
				note(s, codes[i], result);
		}
		accepted += codes[i] / 100 == 2;
	}
	return accepted;
}

bool
smtp_send(struct smtp *s, const struct smtp_mail *mail, struct smtp_result *result, int *codes)
{
	struct texts to = mail->to;
	size_t accepted, taken = 0;
	int code = 0;

	*result = (struct smtp_result){ 0 };
	accepted = envelope(s, mail, result, codes);
	if (accepted > 0 && !s->dead)
		code = data(s, mail, &result->sent_unknown);
	note(s, code, result);
	for (size_t i = 0; i < to.n; i++) {
		if (s->dead && codes[i] / 100 == 2)
			codes[i] = 0;
		else if (codes[i] / 100 == 2)
			codes[i] = code;
		taken += codes[i] / 100 == 2;
	}
	if (!s->dead && code / 100 != 2) {
		tls_deadline(s->tls, 1);
		COMMAND(s, "RSET");
	}
	return to.n > 0 && taken == to.n;
}

void
smtp_close(struct smtp *s)
{
	if (s == NULL)
		return;
	tls_deadline(s->tls, 1);
	if (!s->dead)
		COMMAND(s, "QUIT");
	tls_close(s->tls);
}
