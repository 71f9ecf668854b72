/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose secret a request carries. What was looked up is remembered for a second at most, so that reading
 * costs one statement; the pool's mark and the database's notice make it forget at once. */
#include <stdio.h>
#include <string.h>

#include "agent/private.h"

enum { PLACES = 256, KEEP = 1000000 };

static struct known {
	char hash[SHA256_HEX];
	bool is_token;
	struct agent agent;
	int64_t until;
	uint32_t rights;
} known[PLACES];

char *
agent_secret_hash(struct ctx *c, const char *secret)
{
	char *hex = arena_alloc(&c->arena, SHA256_HEX);

	crypt_sha256(secret, strlen(secret), hex);
	return hex;
}

static struct known *
place(const char *hash)
{
	unsigned at = 0;

	for (int i = 0; i < 8; i++)
		at = at * 31 + (unsigned char)hash[i];
	return &known[at % PLACES];
}

/* The database's notice that rights changed concerns every process of the pool. */
void
agent_heed(struct ctx *c)
{
	const char *channel;

	while ((channel = db_notice(c)) != NULL)
		if (strcmp(channel, "docket_rights") == 0)
			agent_forget();
}

static bool
recall(const char *hash, bool is_token, struct agent *a)
{
	const struct known *k = place(hash);

	if (k->is_token != is_token || k->until < time_mono() || k->rights != share_rights() ||
	    strcmp(k->hash, hash) != 0)
		return false;
	*a = k->agent;
	return true;
}

static void
keep(const char *hash, bool is_token, const struct agent *a, uint32_t rights)
{
	struct known *k = place(hash);

	*k = (struct known){
		.is_token = is_token, .agent = *a, .until = time_mono() + KEEP, .rights = rights
	};
	memcpy(k->hash, hash, SHA256_HEX);
}

struct agent
agent_of_session(struct ctx *c, const char *secret, bool fresh)
{
	const char *hash = agent_secret_hash(c, secret);
	uint32_t rights = share_rights();
	struct row_session_find row;
	struct agent a = { 0 };

	if (!fresh && recall(hash, false, &a))
		return a;
	if (!sql_session_find(c, hash, &row))
		return a;
	a.id = row.agent;
	a.permissions = permission_set(row.permissions);
	snprintf(a.zone, sizeof a.zone, "%s", row.zone);
	snprintf(a.csrf, sizeof a.csrf, "%s", row.csrf);
	if (row.stale)
		sql_session_seen(c, hash);
	keep(hash, false, &a, rights);
	return a;
}

struct agent
agent_of_token(struct ctx *c, const char *secret, bool fresh)
{
	const char *hash = agent_secret_hash(c, secret);
	uint32_t rights = share_rights();
	struct row_token_find row;
	struct agent a = { 0 };

	if (!fresh && recall(hash, true, &a))
		return a;
	if (!sql_token_find(c, hash, &row))
		return a;
	a.id = row.agent;
	a.permissions = permission_set(row.permissions);
	snprintf(a.zone, sizeof a.zone, "%s", row.zone);
	keep(hash, true, &a, rights);
	return a;
}

struct agent
agent_of_login(struct ctx *c, const char *login)
{
	struct row_agent_rights row;
	struct agent a = { 0 };

	if (sql_agent_rights(c, login, &row)) {
		a.id = row.agent;
		a.permissions = permission_set(row.permissions);
		snprintf(a.zone, sizeof a.zone, "%s", row.zone);
	}
	return a;
}
