/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fetching by IMAP and by POP3 share. Private to channel/. */
#ifndef CHANNEL_FETCH_H
#define CHANNEL_FETCH_H

#include "channel/channel.h"
#include "channel/wire.h"

enum {
	FETCH_BATCH = 50,
	FETCH_BYTES = 32 << 20,
	FETCH_BROKEN = 16, /* mails that may break the connection in one round */
	WHOLE_TRIES = 3,   /* then only its header is asked for */
	HEADER_TRIES = 5   /* then it is set aside */
};
#define TROUBLE_FOLDER "docket/error"

/* One mail on the server. */
struct original {
	int64_t uid, number, size;
	const char *uidl;
	struct blob blob;
	bool known;   /* its row is committed */
	bool partial; /* only its header was fetched: it stays where it is */
	bool gone;    /* somebody else took it away */
	bool fetched; /* its bytes are whole and lie here, durable once the batch is kept */
	bool skipped; /* not now: it broke the connection in this round, or comes last */
	bool aside;   /* a note stands for it: the server does not give it out */
	/* Of an import, whose batches go across folders: */
	const char *folder;
	int64_t uidvalidity, at, tries;
};

/* A mail that broke the connection: how often, and whether in this round. */
struct trouble {
	const char *mail;
	int64_t tries;
	bool now;
};

struct fetch {
	struct ctx *c;
	struct lease lease;
	struct arena memory; /* as long as the account is fetched */
	struct row_account_fetch a;
	int64_t import; /* what is fetched belongs to it, and comes silently; 0 = live mail */
	struct server server;
	struct wire_error error;
	struct original v[FETCH_BATCH];
	size_t n;
	const char *folder; /* NULL for POP3 */
	int64_t uidvalidity;
	int64_t stored, seen;
	struct buf troubles;    /* of the folder */
	size_t broken;          /* how many in this round */
	struct wire_error sick; /* what was wrong with the last of them */
};

/* --- account.c --- */
/* A server from the columns of an account's row, its password opened; fails 500 secret_key when that
 * cannot be. Forget the password after the login. */
struct server account_server(struct ctx *, struct arena *, const char *host, int64_t port,
    const char *security, const char *login, struct str box);
void account_forget(struct server *);
/* Sealed words of the table secret, opened; fails 500 secret_key. */
char *account_open(struct ctx *, struct arena *, struct str box);
/* Words as a sealed box of that table; fails 500 secret_key. */
struct str account_seal(struct ctx *, const char *words);
/* An account that signs in by OAuth gets its token; others go on as they are. false = *error. Not to be
 * called in a unit. */
bool account_sign_in(struct ctx *, struct arena *, int64_t account, const char *auth,
    struct server *, struct wire_error *);
/* After an error of the wire: a token that the mail server refused is not used again. */
void account_token_refused(struct ctx *, int64_t account, const struct wire_error *);
/* What an error of the wire means, in words for whoever looks after the account. */
const char *account_words(struct arena *, const struct wire_error *);

/* --- mode.c --- */
enum { MODE_BLOCKED = 599 };
/* Whom test mode lets mail go to: the others get the code MODE_BLOCKED. false = the database cannot be asked:
 * nothing may leave. */
bool mode_filter(struct ctx *, struct texts to, int *codes, struct texts *allowed);

/* --- fetch.c --- */
/* Where an account's mail is fetched, ready to log in; fails like account_server. */
struct server fetch_server(struct ctx *, struct arena *, const struct row_account_fetch *);
/* Begin to take one mail's bytes / they are whole. false = the disk says no, in f->error. */
bool fetch_open(struct fetch *, struct original *);
bool fetch_keep(struct fetch *, struct original *);
bool fetch_put(void *blob, const void *, size_t);
/* All of that for one mail of the selected folder: then o->fetched, or o->gone if somebody took it away.
 * false = f->error; *broke = it was the connection's, not the disk's. */
bool fetch_by_imap(struct fetch *, struct imap *, struct original *o, bool *broke);
/* Make durable what was fetched, then commit its rows; false = c or f->error says why not: nothing may be
 * touched at the server. */
bool fetch_commit(struct fetch *);
/* The disk, not the server, was the reason. */
bool fetch_is_full(const struct fetch *);

/* --- trouble.c: mails are named UIDVALIDITY:UID or by UIDL --- */
/* Read what is known of the folder's. */
bool trouble_load(struct fetch *);
int64_t trouble_tries(struct fetch *, const char *mail);
bool trouble_now(struct fetch *, const char *mail); /* already in this round */
/* f->error came while this mail was fetched. */
bool trouble_count(struct fetch *, const char *mail);
bool trouble_forget(struct fetch *, const char *mail);
/* After the last try: put a note in the mail's place; fetch_commit parks it with its reason. */
bool trouble_write(struct fetch *, struct original *, const char *mail);

/* --- poll_imap.c, poll_pop3.c: false = f->error --- */
bool poll_imap(struct fetch *);
bool poll_pop3(struct fetch *);

/* --- import.c --- */
/* List what an import of this account is to bring over, and where live mail begins; false = live mail cannot go on
 * without, f->error says why not. */
bool import_list(struct fetch *);
/* The UID before the first mail of the selected folder that came at this time or later. */
bool import_floor(struct imap *, struct arena *, int64_t at, int64_t *uid, struct wire_error *);

#endif
