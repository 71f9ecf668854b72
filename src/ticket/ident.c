/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed Message-IDs and reply addresses (shared by whoever queues mail and whoever matches it). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ticket/ident.h"

enum { TAG = 26 };

/* The key, read once; it lives as long as the process. */
static struct str
key(struct ctx *c)
{
	static struct arena memory;
	static struct str k;

	if (k.s != NULL)
		return k;
	k = file_read(&memory, conf.reply_key);
	if (k.s == NULL) {
		fail_cause(c, "%s: %s", conf.reply_key, strerror(errno));
		fail(c, 500, "reply_key",
		    "the key that signs message ids cannot be read; make one with 'docket key "
		    "init'");
	}
	while (k.n > 0 && strchr("\r\n ", k.s[k.n - 1]) != NULL)
		k.n--;
	if (k.n < 32) {
		k.s = NULL;
		fail(c, 500, "reply_key", "%s holds no key; make one with 'docket key init'",
		    conf.reply_key);
	}
	return k;
}

static char *
tag(struct ctx *c, int64_t ticket, int64_t account)
{
	const char *text =
	    arena_printf(&c->arena, "%lld:%lld", (long long)ticket, (long long)account);

	return crypt_tag(&c->arena, key(c), text);
}

char *
ident_sign(struct ctx *c, const char *text)
{
	return crypt_tag(&c->arena, key(c), text);
}

char *
ident_message(struct ctx *c, int64_t ticket, int64_t message, int64_t account)
{
	return arena_printf(&c->arena, "dk.%lld.%lld.%s.%s@%s", (long long)ticket,
	    (long long)message, crypt_random(&c->arena, 8), tag(c, ticket, account), conf.host);
}

char *
ident_address(struct ctx *c, int64_t ticket, int64_t account, const char *address)
{
	const char *at = strrchr(address, '@');
	int local = at == NULL ? 0 : (int)(at - address);

	return arena_printf(&c->arena, "%.*s+t%lld-%s%s", local, address, (long long)ticket,
	    tag(c, ticket, account), at == NULL ? "" : at);
}

/* The decimal number at s, ended by stop; 0 = there is none. */
static int64_t
number(struct ctx *c, const char *s, char stop)
{
	const char *end = strchr(s, stop);
	int64_t n = 0;

	if (end == NULL || end - s > 18 ||
	    !text_int(arena_dup(&c->arena, s, (size_t)(end - s)), 1, INT64_MAX, &n))
		return 0;
	return n;
}

/* Where the ticket's number begins in s, and what ends it; NULL = nothing of ours. */
static const char *
find_number(const char *s, char *stop)
{
	const char *at = strrchr(s, '@'), *plus;

	if (text_starts(s, "dk.")) {
		*stop = '.';
		return s + 3;
	}
	*stop = '-';
	for (plus = at; plus != NULL && plus > s && *plus != '+'; plus--)
		;
	return plus != NULL && *plus == '+' && (plus[1] == 't' || plus[1] == 'T') ? plus + 2 : NULL;
}

int64_t
ident_ticket(struct ctx *c, int64_t account, const char *id)
{
	const char *at = strrchr(id, '@'), *from;
	int64_t ticket;
	char stop;

	from = at == NULL ? NULL : find_number(id, &stop);
	ticket = from == NULL || at - from < TAG + 2 ? 0 : number(c, from, stop);
	/* Servers may change the case of an address; the tag is base32 and has none. */
	if (ticket == 0 || (at[-TAG - 1] != '-' && at[-TAG - 1] != '.') ||
	    !crypt_equal(text_lower(&c->arena, arena_dup(&c->arena, at - TAG, TAG)),
		tag(c, ticket, account)))
		return 0;
	return ticket;
}
