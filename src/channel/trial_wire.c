/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a trial that speak to mail servers: name, connection, certificate, login, folders. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel/curl.h"
#include "channel/oauth.h"
#include "channel/trial.h"

enum { CONNECT_MS = 10000, FOLDERS_SHOWN = 200 };

static void
put(struct buf *b, const char *key, const char *value)
{
	buf_key(b, key);
	buf_json(b, value, value == NULL ? 0 : strlen(value));
}

/* Knock at one address and go away again. */
static bool
knock(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
	struct pollfd p = { fd, POLLOUT, 0 };
	socklen_t n = sizeof error;

	if (fd < 0)
		return false;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0)
		error = errno;
	if (error == EINPROGRESS) {
		error = poll(&p, 1, CONNECT_MS) == 1 ? 0 : ETIMEDOUT;
		if (error == 0)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
	}
	close(fd);
	errno = error;
	return error == 0;
}

/* Is the name known, does anything listen there? */
static bool
reach(struct trial *t, const char *part, const struct server *s)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG }, *all;
	char port[12], address[64] = "";
	bool ok = false, named = curl_is_named(conf.mail_allow, s->host, s->port);
	int r;

	snprintf(port, sizeof port, "%d", s->port);
	r = getaddrinfo(s->host, port, &hints, &all);
	if (r != 0) {
		wire_fail(&t->error, "name", "%s: %s", s->host, gai_strerror(r));
		return trial_bad(t, part, "name", NULL);
	}
	getnameinfo(
	    all->ai_addr, all->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST);
	trial_well(t, part, "name", arena_printf(&t->memory, "{\"address\":\"%s\"}", address));
	r = EACCES;
	for (const struct addrinfo *a = all; a != NULL && !ok; a = a->ai_next)
		if (named || curl_is_public(a->ai_addr)) {
			ok = knock(a);
			r = errno;
		}
	freeaddrinfo(all);
	if (ok) {
		trial_well(t, part, "connect", arena_printf(&t->memory, "{\"port\":%d}", s->port));
		return true;
	}
	if (r == EACCES)
		wire_fail(&t->error, "private", "%s", s->host);
	else
		wire_fail(&t->error, r == ETIMEDOUT ? "timeout" : "connect", "%s port %d: %s",
		    s->host, s->port, strerror(r));
	return trial_bad(t, part, "connect", NULL);
}

static const char *
certificate_facts(struct trial *t)
{
	const struct wire_certificate *w = &t->shown;
	struct buf b = { .arena = &t->memory };

	if (w->sha256[0] == '\0')
		return NULL;
	buf_putc(&b, '{');
	put(&b, "subject", w->subject);
	put(&b, "issuer", w->issuer);
	put(&b, "names", w->names);
	put(&b, "from", time_rfc3339(&t->memory, w->from));
	put(&b, "until", time_rfc3339(&t->memory, w->until));
	put(&b, "sha256", w->sha256);
	buf_printf(&b, ",\"chain\":%d,\"trusted\":%s,\"pinned\":%s}", w->chain,
	    w->trusted ? "true" : "false", w->pinned ? "true" : "false");
	return b.s;
}

/* What exactly is wrong with a certificate. */
static const char *
certificate_code(const struct trial *t)
{
	int64_t now = time_now();

	if (t->shown.sha256[0] == '\0')
		return "certificate";
	if (t->shown.until < now)
		return "certificate_expired";
	if (t->shown.from > now)
		return "certificate_early";
	if (strstr(t->error.words, "name") != NULL || strstr(t->error.words, "owner") != NULL)
		return "certificate_name";
	if (strstr(t->error.words, "issuer") != NULL || strstr(t->error.words, "trusted") != NULL)
		return "certificate_unknown";
	return "certificate";
}

/* Why a password is not taken, when the server's words tell. */
static const char *
login_code(const struct server *s, const char *words)
{
	if (strcasestr(words, "application-specific") != NULL ||
	    strcasestr(words, "app password") != NULL ||
	    strcasestr(words, "application password") != NULL)
		return "login_app";
	if (strcasestr(words, "basic authentication") != NULL || strstr(words, "5.7.30") != NULL ||
	    strcasestr(s->host, "office365.com") != NULL)
		return "login_oauth";
	return "login";
}

/* Certificate and login from one attempt: what failed, and what had to be well before it. */
static bool
judge_login(struct trial *t, const char *part, const struct server *s, bool ok)
{
	const char *facts = certificate_facts(t), *code = t->error.code;
	bool plain = s->security == WIRE_PLAIN;

	if (!ok && (strcmp(code, "certificate") == 0 || strcmp(code, "tls") == 0)) {
		if (strcmp(code, "certificate") == 0)
			t->error.code = certificate_code(t);
		return trial_bad(t, part, "certificate", facts);
	}
	if (!ok && facts == NULL && !plain)
		return trial_bad(t, part, "certificate", NULL);
	if (!plain) {
		struct wire_error kept = t->error;

		trial_well(t, part, "certificate", facts);
		t->error = kept;
	}
	if (!ok && strcmp(t->error.code, "login") == 0)
		t->error.code = login_code(s, t->error.words);
	if (!ok)
		return trial_bad(t, part, "login", NULL);
	return true;
}

static bool
by_token(const char *auth, const struct server *s)
{
	return auth != NULL && strcmp(auth, "oauth") == 0 && s->user != NULL;
}

/* Whoever signs in by OAuth needs a token first: one that was had for another server is not shown to this one. */
static bool
get_token(struct trial *t, const char *auth, bool is_saved, struct server *s)
{
	if (!by_token(auth, s))
		return true;
	if (!is_saved)
		return wire_fail(&t->error, "sign_in", "the sign-in was for another server");
	s->token = oauth_token(t->c, &t->memory, t->s.account, &t->error);
	return s->token != NULL;
}

static bool
sign_in(struct trial *t, const char *part, const char *auth, bool is_saved, struct server *s)
{
	if (!by_token(auth, s))
		return true;
	if (!get_token(t, auth, is_saved, s))
		return trial_bad(t, part, "token", NULL);
	trial_well(t, part, "token", NULL);
	return true;
}

static void
put_names(struct buf *b, const char *key, struct texts names)
{
	buf_key(b, key);
	buf_putc(b, '[');
	for (size_t i = 0; i < names.n && i < FOLDERS_SHOWN; i++) {
		if (i > 0)
			buf_putc(b, ',');
		buf_json(b, names.v[i], strlen(names.v[i]));
	}
	buf_putc(b, ']');
}

/* Are the folders there that are to be fetched? Names those that are. */
static bool
look_at_folders(struct trial *t, struct imap *i)
{
	struct buf facts = { .arena = &t->memory };
	struct texts names;
	int64_t mails = 0, validity;
	bool ok = true;

	if (!imap_folders(i, &t->memory, &names, &t->error))
		return trial_bad(t, "in", "folders", NULL);
	buf_putc(&facts, '{');
	put_names(&facts, "names", names);
	for (const char *at = t->s.folders; ok && at != NULL && *at != '\0';) {
		size_t n = strcspn(at, "\n");
		const char *name = arena_dup(&t->memory, at, n);

		ok = n == 0 || imap_select(i, name, &validity, &t->error);
		if (!ok) {
			if (strcmp(t->error.code, "refused") == 0)
				t->error.code = "folder";
			put(&facts, "missing", name);
		} else if (n > 0)
			mails += imap_count(i);
		at += n + (at[n] == '\n');
	}
	buf_printf(&facts, ",\"mails\":%lld}", (long long)mails);
	if (!ok)
		return trial_bad(t, "in", "folders", facts.s);
	trial_well(t, "in", "folders", facts.s);
	return true;
}

static bool
try_imap(struct trial *t)
{
	struct imap *i = imap_open(&t->memory, &t->from, &t->error);
	bool ok = judge_login(t, "in", &t->from, i != NULL);

	if (ok) {
		trial_well(t, "in", "login", NULL);
		ok = look_at_folders(t, i);
	}
	imap_close(i);
	return ok;
}

static bool
try_pop3(struct trial *t)
{
	struct pop3 *p = pop3_open(&t->memory, &t->from, &t->error);
	bool ok = judge_login(t, "in", &t->from, p != NULL);
	struct pop3_mail *mails;
	size_t n;

	if (ok) {
		trial_well(t, "in", "login", NULL);
		ok = pop3_list(p, &t->memory, &mails, &n, &t->error);
		if (ok)
			trial_well(
			    t, "in", "folders", arena_printf(&t->memory, "{\"mails\":%zu}", n));
		else
			trial_bad(t, "in", "folders", NULL);
	}
	pop3_close(p);
	return ok;
}

bool
trial_in(struct trial *t)
{
	memset(&t->shown, 0, sizeof t->shown);
	if (!reach(t, "in", &t->from) || !sign_in(t, "in", t->s.auth, t->s.is_saved, &t->from))
		return false;
	return t->s.mail_kind != NULL && strcmp(t->s.mail_kind, "pop3") == 0 ? try_pop3(t)
									     : try_imap(t);
}

bool
trial_out(struct trial *t)
{
	struct smtp *s;
	bool ok;

	memset(&t->shown, 0, sizeof t->shown);
	if (!reach(t, "out", &t->to) ||
	    !sign_in(t, "out", t->s.smtp_auth, t->s.smtp_is_saved, &t->to))
		return false;
	s = smtp_open(&t->memory, &t->to, &t->error);
	ok = judge_login(t, "out", &t->to, s != NULL);
	if (ok)
		trial_well(t, "out", "login", NULL);
	smtp_close(s);
	return ok;
}

/* One folder's mails since the day; the oldest's time. */
static bool
count_folder(struct trial *t, struct imap *i, const char *folder, int64_t *count, int64_t *oldest)
{
	struct imap_fact *mails;
	int64_t validity;
	struct ids uids;
	size_t n;

	if (!imap_select(i, folder, &validity, &t->error) ||
	    !imap_since(i, &t->memory, t->s.since, &uids, &t->error))
		return false;
	*count += (int64_t)uids.n;
	if (uids.n == 0)
		return true;
	if (!imap_facts(i, &t->memory, (struct ids){ uids.v, 1 }, &mails, &n, &t->error))
		return false;
	if (n > 0 && (*oldest == 0 || mails[0].at < *oldest))
		*oldest = mails[0].at;
	return true;
}

bool
trial_count(struct trial *t)
{
	int64_t count = 0, oldest = 0;
	struct imap *i = NULL;
	bool ok;

	if (t->s.host == NULL || t->s.since == NULL || strcmp(t->s.mail_kind, "imap") != 0)
		wire_fail(&t->error, "protocol", "only IMAP tells what came when");
	else if (get_token(t, t->s.auth, t->s.is_saved, &t->from))
		i = imap_open(&t->memory, &t->from, &t->error);
	ok = i != NULL;
	for (const char *at = t->s.folders; ok && *at != '\0';) {
		size_t n = strcspn(at, "\n");

		ok = n == 0 || count_folder(t, i, arena_dup(&t->memory, at, n), &count, &oldest);
		at += n + (at[n] == '\n');
	}
	imap_close(i);
	if (!ok)
		return trial_bad(t, "in", "count", NULL);
	trial_well(t, "in", "count",
	    oldest == 0
		? arena_printf(&t->memory, "{\"count\":%lld,\"oldest\":null}", (long long)count)
		: arena_printf(&t->memory, "{\"count\":%lld,\"oldest\":\"%s\"}", (long long)count,
		      time_rfc3339(&t->memory, oldest)));
	return true;
}
