/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in with a password: slow on purpose, equally slow for everybody, and not too often. */
#include <arpa/inet.h>
#include <string.h>

#include "agent/private.h"

enum { TRIES = 10, WAIT_MS = 2000 };

/* The hash of nobody's password, with the parameters of crypt_password: what unknown logins are held
 * against, so that they take as long as known ones. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=3,p=1$2MabLKtvc650B5M5wwhC5w$3z4E+"
			     "Vnn3dvHmeijDbhwpGABRweNCfNmiorxIjlgyUY";

/* The network that tries are counted for: /24, /64, or the text itself. */
static char *
net_of(struct ctx *c, const char *address)
{
	struct in_addr v4;
	struct in6_addr v6;
	char *s = arena_alloc(&c->arena, INET6_ADDRSTRLEN);

	if (address == NULL)
		return arena_strdup(&c->arena, "local");
	if (inet_pton(AF_INET, address, &v4) == 1) {
		v4.s_addr &= htonl(0xffffff00);
		return (char *)inet_ntop(AF_INET, &v4, s, INET6_ADDRSTRLEN);
	}
	if (inet_pton(AF_INET6, address, &v6) != 1)
		return text_cut(&c->arena, text_line(&c->arena, address, strlen(address)), 64);
	memset(v6.s6_addr + 8, 0, 8);
	return (char *)inet_ntop(AF_INET6, &v6, s, INET6_ADDRSTRLEN);
}

static int
hash_begin(struct ctx *c)
{
	int place = share_hash_begin(WAIT_MS);

	if (place < 0)
		fail(c, 503, "login_busy", "too many people log in at this moment; try again");
	return place;
}

static bool
password_fits(struct ctx *c, const char *hash, const char *password)
{
	int place = hash_begin(c);
	bool ok = crypt_password_ok(hash, password);

	share_hash_end(place);
	return ok;
}

static void
check_size(struct ctx *c, const char *password)
{
	if (strlen(password) > PASSWORD_MAX)
		fail(c, 422, "input", "password is longer than %d bytes", PASSWORD_MAX);
}

/* Count a try before its hash is computed. */
static void
count_try(struct ctx *c, const char *login, const char *net)
{
	if (sql_login_try(c, login, net) > TRIES)
		fail(c, 429, "login_limit",
		    "too many tries from here; wait a quarter of an hour and try again");
}

struct login
login_open(struct ctx *c, const char *login, const char *password, const char *address)
{
	char *net = net_of(c, address), *name = text_lower(&c->arena, login);
	struct row_login_find found;
	struct login l = { 0 };
	bool known, fits;

	check_size(c, password);
	count_try(c, name, net);
	known = sql_login_find(c, name, &found) && found.password != NULL;
	fits = password_fits(c, known ? found.password : nobody, password);
	if (!known || !fits)
		fail(c, 401, "login_wrong", "login or password is wrong");
	l.agent = found.agent;
	l.secret = crypt_random(&c->arena, 32);
	l.csrf = crypt_random(&c->arena, 16);
	sql_session_add(c, l.agent, agent_secret_hash(c, l.secret), l.csrf, name, net);
	return l;
}

bool
login_password(struct ctx *c, const struct password_new *p)
{
	char *net = net_of(c, p->address), *hash;
	const char *keep = p->session == NULL ? "" : agent_secret_hash(c, p->session);
	struct row_password_get now;
	int place;

	check_size(c, p->old);
	check_size(c, p->password);
	if (!sql_password_get(c, p->agent, &now) || now.password == NULL)
		return false;
	count_try(c, now.login, net);
	if (!password_fits(c, now.password, p->old))
		return false;
	place = hash_begin(c);
	hash = crypt_password(&c->arena, p->password);
	share_hash_end(place);
	if (!sql_password_set(c, p->agent, now.password, hash, keep))
		return false;
	sql_login_forget(c, now.login, net);
	return true;
}
