/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LISTEN: a notice only says "look"; what there is to see is read from tables. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "db/private.h"

void
db_listen(struct ctx *c, const char *channel)
{
	struct db *db = c->db;

	if (db->nchannels == NELEM(db->channels))
		BUG("more than %zu channels", NELEM(db->channels));
	db->channels[db->nchannels++] = channel;
	if (PQstatus(db->conn) == CONNECTION_OK)
		PQclear(PQexec(db->conn, arena_printf(&c->arena, "listen %s", channel)));
}

int
db_socket(struct ctx *c)
{
	return db_ready(c) ? PQsocket(c->db->conn) : -1;
}

const char *
db_notice(struct ctx *c)
{
	PGnotify *n;
	char *name;

	if (PQstatus(c->db->conn) != CONNECTION_OK || !PQconsumeInput(c->db->conn))
		return NULL;
	n = PQnotifies(c->db->conn);
	if (n == NULL)
		return NULL;
	name = arena_strdup(&c->arena, n->relname);
	PQfreemem(n);
	return name;
}

bool
db_wait(struct ctx *c, int ms)
{
	struct pollfd p = { .events = POLLIN };
	bool noticed = false;

	p.fd = db_socket(c);
	if (p.fd >= 0 && db_notice(c) != NULL)
		noticed = true;
	else if (poll(&p, 1, p.fd < 0 && ms > 500 ? 500 : ms) < 0 && errno == EINTR)
		return false;
	while (p.fd >= 0 && db_notice(c) != NULL)
		noticed = true;
	return noticed || c->db->away;
}

bool
db_was_away(struct ctx *c)
{
	bool away = c->db->away;

	if (PQstatus(c->db->conn) == CONNECTION_OK)
		c->db->away = false;
	return away;
}
