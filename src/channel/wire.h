/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers as docket speaks to them: IMAP, POP3 and SMTP by libetpan over verified TLS. Private to
 * channel/. Every call returns 0 or sets wire->error; a wire that failed is closed, never used again. */
#ifndef CHANNEL_WIRE_H
#define CHANNEL_WIRE_H

#include "base/base.h"

enum wire_security { WIRE_TLS, WIRE_STARTTLS, WIRE_PLAIN /* loopback and conf.allow_plain only */ };

struct server {
	const char *host;
	int port;
	enum wire_security security;
	const char *user, *password;
	const char *ca; /* PEM file instead of the system's certificates, or NULL */
};

/* What went wrong, for log, database and screen: a stable code and the server's or library's words. */
struct wire_error {
	const char
	    *code; /* name, connect, tls, certificate, login, protocol, timeout, refused, gone */
	char words[300];
};

/* tls.c: a connected, verified stream for libetpan (mailstream *), NULL = *error. The password is
 * never sent before the certificate's chain and name were verified (RFC 9325; libetpan checks none). */
struct mailstream *tls_stream(const struct server *, int seconds, struct wire_error *);
/* Turn a plain stream into a verified TLS one after STARTTLS / STLS was answered; false = *error. */
bool tls_start(struct mailstream *, const struct server *, int seconds, struct wire_error *);
/* Move the absolute deadline of a stream: everything until the next call ends within seconds. */
void tls_deadline(struct mailstream *, int seconds);

/* imap.c */
struct imap;
struct imap_mail {
	int64_t uid, size;
};
struct imap *imap_open(const struct server *, struct wire_error *);
/* EXAMINE/SELECT a folder. */
bool imap_select(struct imap *, const char *folder, int64_t *uidvalidity, struct wire_error *);
/* Mails with uid > last, ascending, at most max; memory in the arena. */
bool imap_list(struct imap *, struct arena *, int64_t last, size_t max, struct imap_mail **,
    size_t *n, struct wire_error *);
/* Stream one mail's bytes (BODY.PEEK[], never sets \Seen): put returns false to abort. *found = 0
 * when the mail is gone. header_only fetches BODY.PEEK[HEADER]. */
bool imap_fetch(struct imap *, int64_t uid, bool header_only,
    bool (*put)(void *, const void *, size_t), void *arg, bool *found, struct wire_error *);
/* Move (MOVE, or COPY + \Deleted + UID EXPUNGE); the folder is created when missing. */
bool imap_move(struct imap *, int64_t uid, const char *folder, struct wire_error *);
bool imap_delete(struct imap *, int64_t uid, struct wire_error *);
bool imap_seen(struct imap *, int64_t uid, struct wire_error *);
void imap_close(struct imap *); /* NULL is fine */

/* pop3.c: deletes take effect at pop3_quit only. */
struct pop3;
struct pop3_mail {
	int number;
	int64_t size;
	const char *uidl;
};
struct pop3 *pop3_open(const struct server *, struct wire_error *);
bool pop3_list(struct pop3 *, struct arena *, struct pop3_mail **, size_t *n, struct wire_error *);
bool pop3_fetch(struct pop3 *, int number, bool (*put)(void *, const void *, size_t), void *arg,
    struct wire_error *);
bool pop3_delete(struct pop3 *, int number, struct wire_error *);
bool pop3_quit(struct pop3 *, struct wire_error *); /* commits the deletes, closes */
void pop3_close(struct pop3 *);                     /* drops the connection; NULL is fine */

/* smtp.c */
struct smtp;
struct smtp_result {
	int code; /* SMTP reply code; 0 = the connection failed before an answer */
	char words[300];
	bool
	    sent_unknown; /* the connection went away after the final dot: it may have been taken */
};
struct smtp *smtp_open(const struct server *, struct wire_error *);
/* One mail; true = accepted for all recipients. codes[i] is the answer per recipient. */
bool smtp_send(struct smtp *, const char *from, struct texts to, struct str mail,
    struct smtp_result *, int *codes);
void smtp_close(struct smtp *);

#endif
