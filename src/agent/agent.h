/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents: who asks, how he proves it, what he may do. */
#ifndef AGENT_H
#define AGENT_H

#include "sql.h"

/* Every permission there is; PERM_PUBLIC and PERM_LOGIN are what routes need besides. */
#define PERMISSIONS(X)                                                                             \
	X(TICKET_READ, "ticket.read")                                                              \
	X(TICKET_WRITE, "ticket.write")                                                            \
	X(SETTINGS_READ, "settings.read")                                                          \
	X(SETTINGS_WRITE, "settings.write")                                                        \
	X(MAIL_ADMIN, "mail.admin")
#define PERM_ENUM(name, text) PERM_##name,
enum permission { PERM_PUBLIC, PERM_LOGIN, PERMISSIONS(PERM_ENUM) PERM_END };
#undef PERM_ENUM

struct agent {
	int64_t id;           /* 0 = nobody */
	uint32_t permissions; /* bit per enum permission */
	char csrf[40];        /* "" = not by a session */
	char zone[64];        /* IANA name, for dates in queries */
};
bool agent_may(const struct agent *, enum permission);
/* "ticket.read" of PERM_TICKET_READ; "public" and "login" too. */
const char *permission_name(enum permission);
/* The names of an agent's permissions as a JSON list. */
struct str agent_permissions(struct ctx *, const struct agent *);

/* Who has this session's secret or API token; id 0 = nobody (any more). fresh = no answer from memory,
 * which is at most a second old and forgotten when rights change. */
struct agent agent_of_session(struct ctx *, const char *secret, bool fresh);
struct agent agent_of_token(struct ctx *, const char *secret, bool fresh);
/* Read the database's notices before a request: rights that changed are forgotten, and a connection that
 * was lost meanwhile shows before anything depends on it. */
void agent_heed(struct ctx *);
/* The agent of a login, without a password: for docket call. */
struct agent agent_of_login(struct ctx *, const char *login);
/* A random secret's name in the database. */
char *agent_secret_hash(struct ctx *, const char *secret);

struct login {
	int64_t agent;
	const char *secret, *csrf;
};
/* Log in from an address; fails 401 login_wrong, 429 login_limit, 503 login_busy. */
struct login login_open(struct ctx *, const char *login, const char *password, const char *address);

/* An agent's new password: characters at least, bytes at most. */
enum { PASSWORD_MIN = 12, PASSWORD_MAX = 1024 };
struct password_new {
	int64_t agent;
	const char *old, *password;
	const char *address; /* who asks, for the limit of tries; NULL = this machine */
	const char *session; /* the secret of the session that goes on; NULL = none does */
};
/* Change an agent's own password; his other sessions end. false = the old one is wrong: the try counts, so the
 * unit has to be kept. Fails 422 input, 429 login_limit, 503 login_busy. */
bool login_password(struct ctx *, const struct password_new *);
/* Make what the processes of a pool share: two places to hash passwords in, and the mark that rights
 * changed. Call it before forking; without it a process shares with nobody. */
void agent_share(void);
/* Forget what is remembered of sessions, in all processes of the pool. */
void agent_forget(void);

#endif
