/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be set about a mail account, for whoever sets it: the API, the shell, a test of what is not
 * saved yet. */
#ifndef CHANNEL_SETTINGS_H
#define CHANNEL_SETTINGS_H

#include "sql.h"

/* NULL, 0 or ABSENT = it stays as it is; "" takes a text away, 0 an owner or role. */
struct mail_settings {
	const char *name, *address, *kind; /* imap, pop3 or pipe */
	const char *host, *security, *login, *password, *auth;
	const char *after, *after_folder, *folders; /* folders: one per line */
	const char *reports;                        /* of unknown mails: ticket, closed or none */
	const char *sender_name, *reply_to, *signature, *authserv_id;
	const char *smtp_host, *smtp_security, *smtp_login, *smtp_password, *smtp_auth;
	const char *pin,
	    *smtp_pin; /* SHA-256 of the one certificate that is trusted all the same */
	int64_t port, smtp_port, every; /* seconds */
	int64_t type, status, owner, owner_role;
	int64_t active;
	bool idle_again; /* its server may be asked again to call when mail comes */
	bool keeps;      /* a password stays though its server becomes another */
	/* Of a new one, what becomes of the mail that is there: fetch (NULL; it is new mail like any other), leave or
	 * import (silently, since a day). */
	const char *existing, *since;
	int64_t import_status, agent; /* of the import's tickets, 0 = closed; who asks for it */
};
/* Save it: account 0 = a new one. Its id; fails 404, 409 or 422. Passwords are sealed. */
int64_t settings_save(struct ctx *, int64_t account, const struct mail_settings *);
/* Ask for a trial (test, discover, count): of the account as it is saved with these over it, account 0 = of one
 * that is not saved. The trial's id. */
int64_t settings_try(struct ctx *, const char *kind, int64_t account, const struct mail_settings *,
    const char *since, int64_t agent);
/* What an import is to bring over. */
struct import_settings {
	const char *since;   /* YYYY-MM-DD; NULL = nothing: live mail begins now */
	const char *folders; /* one per line; NULL or "" = those of the account */
	int64_t status;      /* of its tickets; 0 = closed */
	int64_t agent;
	bool begins; /* made with the account: live mail begins behind it */
};
/* Bring over what lies in an IMAP account since a day; its id. Fails 404, 409 mail_import_taken or 422. */
int64_t settings_import(struct ctx *, int64_t account, const struct import_settings *);
/* Seal words that only poll and send may read; the row's id, 0 for NULL or "". Fails 409 key_missing. */
int64_t settings_seal(struct ctx *, const char *kind, const char *words);
/* The usual port of imap, pop3 or smtp with tls, starttls or plain. */
int settings_port(const char *protocol, const char *security);

/* How an account gets tokens instead of passwords. */
struct oauth_settings {
	const char *provider, *flow; /* google, microsoft or other; consent or client */
	const char *client_id, *client_secret;
	const char *tenant;                            /* of Microsoft 365; NULL = common */
	const char *authorize_url, *token_url, *scope; /* NULL = the provider's */
};
/* Keep it; what was signed in for another client is forgotten. Fails 404 or 422. */
void oauth_save(struct ctx *, int64_t account, const struct oauth_settings *);
/* The address where somebody consents, for this session (NULL = the shell); fails 404, 409 or 422. */
const char *oauth_consent_url(struct ctx *, int64_t account, const char *session);
/* The code or error the provider sent the browser back with: the trial that tells what becomes of it, and its
 * account. Fails 422 when the state is unknown, too old or another session's. */
int64_t oauth_take_code(struct ctx *, const char *session, const char *state, const char *code,
    const char *error, int64_t agent, int64_t *account);
/* Where the provider sends the browser back to. */
const char *oauth_redirect(struct arena *);

#endif
