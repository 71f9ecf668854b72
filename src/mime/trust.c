/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May the From of a mail be believed? Judged by what the account's own server found out (RFC 8601) and
 * nothing else: every other such field was written by whoever sent the mail (mail.md 8, battery.md B-29). */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

/* What one server says of a mail. */
struct found {
	const char *from; /* the domain in From, lower case */
	bool any, dmarc_pass, dmarc_fail, dkim_pass, spf_pass, spf_fail, dkim_fail, arc_pass,
	    compauth_fail;
};

/* --- domains --- */
static const char *
domain_of(struct arena *a, const char *address)
{
	const char *at = strrchr(address, '@');
	char *d = text_lower(a, at == NULL ? address : at + 1);
	size_t n = strlen(d);

	while (n > 0 && strchr(".>\" ", d[n - 1]) != NULL)
		d[--n] = '\0';
	return d;
}

/* "co.uk" and the like belong to nobody. */
static bool
is_public(const char *d)
{
	static const char *const second[] = { "co", "com", "org", "net", "gov", "ac", "edu", "or",
		"ne", "go", "gv", "asso", "gob", "nom", "ltd", "plc", "me" };
	const char *dot = strchr(d, '.');

	if (dot == NULL)
		return true;
	if (strchr(dot + 1, '.') != NULL || strlen(dot + 1) != 2)
		return false;
	for (size_t i = 0; i < NELEM(second); i++)
		if (strlen(second[i]) == (size_t)(dot - d) &&
		    memcmp(d, second[i], (size_t)(dot - d)) == 0)
			return true;
	return false;
}

static bool
is_below(const char *d, const char *parent)
{
	size_t n = strlen(d), k = strlen(parent);

	return n > k && d[n - k - 1] == '.' && strcmp(d + n - k, parent) == 0 && !is_public(parent);
}

/* Relaxed alignment without a list of public suffixes: the same domain, or one below the other. Two
 * sisters under one roof count as strangers: too little trust is the lesser mistake. */
static bool
is_aligned(const char *d, const char *from)
{
	return *d != '\0' && (strcmp(d, from) == 0 || is_below(d, from) || is_below(from, d));
}

/* --- one field --- */

/* Without comments and quotes; a blank on neither side of "=". */
static char *
plain(struct arena *a, const char *s)
{
	struct buf b = { .arena = a };
	int depth = 0;
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0' && (quoted || depth > 0)) {
			s++;
			continue;
		}
		if (depth == 0 && *s == '"')
			quoted = !quoted;
		else if (!quoted && *s == '(')
			depth++;
		else if (!quoted && *s == ')')
			depth -= depth > 0;
		else if (depth > 0 || (*s == ' ' && b.n > 0 && strchr("=; ", b.s[b.n - 1]) != NULL))
			continue;
		else if (quoted && strchr("; =", *s) != NULL)
			buf_putc(&b, '_'); /* what is quoted ends nothing */
		else {
			while ((*s == '=' || *s == ';') && b.n > 0 && b.s[b.n - 1] == ' ')
				b.n--;
			buf_putc(&b, *s);
		}
	}
	return text_lower(a, b.n == 0 ? "" : arena_dup(a, b.s, b.n));
}

/* The value of " name=" in one result; NULL = not there. */
static const char *
property(struct arena *a, const char *result, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = result; (p = strstr(p, name)) != NULL; p += n)
		if (p > result && p[-1] == ' ' && p[n] == '=')
			return arena_dup(a, p + n + 1, strcspn(p + n + 1, " "));
	return NULL;
}

static bool
names_aligned(struct arena *a, const char *result, const char *name, const char *from)
{
	const char *v = property(a, result, name);

	return v != NULL && is_aligned(domain_of(a, v), from);
}

/* "dkim=pass header.d=example.com" */
static void
read_result(struct arena *a, struct found *f, const char *r)
{
	size_t n = strcspn(r, "=/");
	const char *is = strchr(r, '=');
	bool pass, fail;

	if (is == NULL)
		return;
	f->any = true;
	pass = strncmp(is, "=pass", 5) == 0 && (is[5] == ' ' || is[5] == '\0');
	fail = strncmp(is, "=fail", 5) == 0 && (is[5] == ' ' || is[5] == '\0');
	if (n == 5 && memcmp(r, "dmarc", 5) == 0) {
		const char *v = property(a, r, "header.from");
		bool mine = v == NULL || is_aligned(domain_of(a, v), f->from);

		f->dmarc_pass = f->dmarc_pass || (pass && mine);
		f->dmarc_fail = f->dmarc_fail || fail;
	} else if (n == 4 && memcmp(r, "dkim", 4) == 0) {
		bool mine = names_aligned(a, r, "header.d", f->from) ||
			    (property(a, r, "header.d") == NULL &&
				names_aligned(a, r, "header.i", f->from));

		f->dkim_pass = f->dkim_pass || (pass && mine);
		f->dkim_fail = f->dkim_fail || (fail && mine);
	} else if (n == 3 && memcmp(r, "spf", 3) == 0) {
		bool mine = names_aligned(a, r, "smtp.mailfrom", f->from);

		f->spf_pass = f->spf_pass || (pass && mine);
		f->spf_fail = f->spf_fail || (fail && mine);
	} else if (n == 3 && memcmp(r, "arc", 3) == 0) {
		f->arc_pass = pass;
	} else if (n == 8 && memcmp(r, "compauth", 8) == 0) {
		f->compauth_fail = fail;
	}
}

/* Is the field from that server? Then its results follow *rest. "microsoft" stands for Microsoft 365, which
 * names no server but says compauth. */
static bool
is_from(char *v, const char *server, char **rest)
{
	size_t n = strcspn(v, "; ");

	*rest = v;
	if (memchr(v, '=', n) != NULL)
		return strcasecmp(server, "microsoft") == 0 && strstr(v, "compauth=") != NULL;
	*rest = v + strcspn(v, ";");
	return strlen(server) == n && strncasecmp(v, server, n) == 0;
}

static void
read_results(struct arena *a, struct found *f, char *rest)
{
	while (*rest != '\0') {
		size_t n;

		rest += strspn(rest, "; ");
		n = strcspn(rest, ";");
		if (n > 0)
			read_result(a, f, arena_dup(a, rest, n));
		rest += n;
	}
}

/* The topmost fields of that server, as long as no other server's Received stands between them. */
static void
read_own(struct arena *a, struct found *f, const struct mail *m, const char *server)
{
	int hop = -1;

	for (size_t i = 0; i < m->nclaims; i++) {
		const struct claim *c = &m->claims[i];
		char *rest;

		if (c->kind != CLAIM_RESULTS || (hop >= 0 && c->hop != hop) ||
		    !is_from(plain(a, c->value), server, &rest))
			continue;
		hop = c->hop;
		read_results(a, f, rest);
	}
}

/* --- ARC: somebody who passes mail on and is trusted says what he saw (RFC 8617) --- */
static bool
is_listed(struct texts list, const char *d)
{
	for (size_t i = 0; d != NULL && i < list.n; i++)
		if (text_same(list.v[i], d))
			return true;
	return false;
}

static bool
arc_says_pass(struct arena *a, const struct mail *m, const struct trust_ask *ask, const char *from)
{
	struct found f = { .from = from };
	size_t seals = 0;

	for (size_t i = 0; i < m->nclaims; i++) {
		char *v = plain(a, m->claims[i].value), *rest;

		if (m->claims[i].kind == CLAIM_SEAL) {
			seals++;
			v = arena_printf(a, " %s", v);
			for (char *p = v; *p != '\0'; p++)
				*p = *p == ';' ? ' ' : *p;
			if (!is_listed(ask->forwarders, property(a, v, "d")))
				return false;
		} else if (m->claims[i].kind == CLAIM_ARC && text_starts(v, "i=1;")) {
			rest = v + 4 + strcspn(v + 4, ";");
			read_results(a, &f, rest);
		}
	}
	return seals > 0 && (f.dmarc_pass || f.dkim_pass);
}

/* --- what a reader should be warned of --- */
struct warned {
	struct arena *arena;
	const char *v[8];
	size_t n;
};

static void
warn(struct warned *w, bool is, const char *what)
{
	if (is && w->n < NELEM(w->v))
		w->v[w->n++] = what;
}

/* "chef@bank.example" <x@evil.example> */
static bool
name_has_address(struct arena *a, const struct person *p)
{
	const char *at = p->name == NULL ? NULL : strchr(p->name, '@'), *start, *other;

	if (at == NULL || at == p->name || strchr(at, '.') == NULL)
		return false;
	for (start = at; start > p->name && strchr(" <(\"'", start[-1]) == NULL;)
		start--;
	other = arena_dup(a, start, strcspn(start, " >)\"',"));
	return !text_same(other, p->email);
}

static bool
reply_elsewhere(struct arena *a, const struct mail *m, const char *from)
{
	for (size_t i = 0; i < m->reply_to.n; i++) {
		const char *d = domain_of(a, m->reply_to.v[i].email);

		if (*d != '\0' && !is_aligned(d, from))
			return true;
	}
	return false;
}

static void
warn_all(struct warned *w, const struct mail *m, const struct trust_ask *ask, const char *from)
{
	bool named = false;

	for (size_t i = 0; i < m->from.n; i++)
		named = named || name_has_address(w->arena, &m->from.v[i]);
	warn(w, m->from.n > 1, "several-from");
	warn(w, named, "name-has-address");
	warn(w, reply_elsewhere(w->arena, m, from), "reply-elsewhere");
	warn(w, mime_domain_looks_like(w->arena, from, ask->domains), "lookalike");
}

/* --- the judgement --- */
static struct trust
judge(struct arena *a, const struct mail *m, const struct trust_ask *ask, const char *from)
{
	struct found f = { .from = from };

	if (m->from.n == 0 || *from == '\0' || strchr(m->from.v[0].email, '@') == NULL)
		return (struct trust){ TRUST_UNVERIFIED, "no-from", { NULL, 0 } };
	if (ask->server == NULL || *ask->server == '\0')
		return (struct trust){ TRUST_UNVERIFIED, "no-server", { NULL, 0 } };
	read_own(a, &f, m, ask->server);
	if (f.dmarc_fail && f.arc_pass && arc_says_pass(a, m, ask, from))
		return (struct trust){ TRUST_VERIFIED, "arc", { NULL, 0 } };
	if (f.dmarc_fail)
		return (struct trust){ TRUST_FAILED, "dmarc", { NULL, 0 } };
	if (f.compauth_fail)
		return (struct trust){ TRUST_FAILED, "compauth", { NULL, 0 } };
	if (f.spf_fail && f.dkim_fail)
		return (struct trust){ TRUST_FAILED, "spf-dkim", { NULL, 0 } };
	if (m->from.n > 1)
		return (struct trust){ TRUST_UNVERIFIED, "several-from", { NULL, 0 } };
	if (f.dmarc_pass || f.dkim_pass || f.spf_pass)
		return (struct trust){ TRUST_VERIFIED,
			f.dmarc_pass  ? "dmarc"
			: f.dkim_pass ? "dkim"
				      : "spf",
			{ NULL, 0 } };
	return (struct trust){ TRUST_UNVERIFIED, f.any ? "unaligned" : "no-results", { NULL, 0 } };
}

struct trust
mime_trust(struct arena *a, const struct mail *m, const struct trust_ask *ask)
{
	const char *from = m->from.n == 0 ? "" : domain_of(a, m->from.v[0].email), **v;
	struct trust t = judge(a, m, ask, from);
	struct warned w = { .arena = a };

	warn_all(&w, m, ask, from);
	v = arena_alloc(a, sizeof(w.v));
	memcpy(v, w.v, sizeof(w.v));
	t.warnings = (struct texts){ v, w.n };
	return t;
}

const char *
mime_trust_word(enum trust_result r)
{
	return r == TRUST_VERIFIED ? "verified" : r == TRUST_FAILED ? "failed" : "unverified";
}
