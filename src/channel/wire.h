/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers as docket speaks to them: IMAP, POP3 and SMTP over verified TLS. Private to channel/.
 * A session lives in the arena it is opened in and ends with it at the latest. Calls answer false and
 * say why in *error; a session that answered false is closed, never used again. */
#ifndef CHANNEL_WIRE_H
#define CHANNEL_WIRE_H

#include <sys/types.h>

#include "base/base.h"

enum { WIRE_SECONDS = 30 };
enum wire_security { WIRE_TLS, WIRE_STARTTLS, WIRE_PLAIN /* loopback and conf.allow_plain only */ };

struct server {
	const char *host;
	int port;
	enum wire_security security;
	const char *user, *password; /* user NULL: SMTP without login */
	const char *token;           /* an OAuth2 access token instead of the password, or NULL */
	const char *ca;              /* PEM file instead of the system's certificates, or NULL */
	/* The one certificate (SHA-256 of its DER, in hex) that is trusted though nobody vouches for it
	 * or its name or time are wrong; NULL = none. */
	const char *pin;
	int seconds; /* the longest a command may take; 0 = WIRE_SECONDS */
	/* Which mailbox of the account it is: UIDs and UIDLs of one say nothing about another's. */
	int mailbox;
	/* What the server showed at the handshake, trusted or not; NULL = nobody wants to know. */
	struct wire_certificate *shown;
};

struct wire_certificate {
	char sha256[SHA256_HEX]; /* "" = no certificate was seen */
	char subject[200], issuer[200];
	char names[300];     /* what it is for, with commas between: names of hosts and addresses */
	int64_t from, until; /* microseconds */
	int chain;           /* how many certificates were sent */
	bool trusted, pinned;
};

/* What went wrong, for log, database and screen: a stable code and the server's or library's words
 * (UTF-8, one line). */
struct wire_error {
	/* name, connect, tls, certificate, login, token, protocol, timeout, refused or gone */
	const char *code;
	char words[300];
};
/* wire.c: set code and words; control characters and ill-formed UTF-8 in the words become harmless. Always
 * false, so that a caller can say: return wire_fail(...). */
bool wire_fail(struct wire_error *, const char *code, const char *fmt, ...) PRINTF(3, 4);

/* --- certificate.c: what one says, of its DER bytes; chain, trusted and pinned are the caller's --- */
void certificate_read(struct wire_certificate *, const void *der, size_t);

/* --- tls.c: a connection. Nothing is sent over it before the certificate's chain and name were
 * verified (RFC 9325), but for what has to be said in plain text to begin STARTTLS. --- */
struct tls;
/* Connect; with WIRE_TLS also shake hands. NULL = *error. Closed by tls_close or with the arena. */
struct tls *tls_open(struct arena *, const struct server *, struct wire_error *);
/* Shake hands on a plain connection after the server agreed to STARTTLS; what it sent ahead in plain
 * text is a failure (CVE-2020-15953). */
bool tls_start(struct tls *, struct wire_error *);
/* Until the next call everything must end within so many times the server's seconds, and 16 MiB. */
void tls_deadline(struct tls *, int times);
/* n bytes of a mail have come: move the deadline and the limit as far as that earns (32 KiB/s). */
void tls_progress(struct tls *, size_t n);
/* At least one byte or -1; the reason is kept for tls_why. */
ssize_t tls_read(struct tls *, void *, size_t);
bool tls_write(struct tls *, const void *, size_t);
/* Wait until something can be read or the connection has failed; false = not within ms, or a signal came. */
bool tls_ready(struct tls *, int ms);
/* Through a buffer of the connection's own: the next byte, -1 = it failed; a line without its end, cut
 * to fit. */
int tls_byte(struct tls *);
bool tls_line(struct tls *, char *, size_t size);
/* Send one line; CRLF is added, a CR or LF inside is a failure. */
bool tls_say(struct tls *, const char *fmt, ...) PRINTF(2, 3);
/* Why the connection failed: gone, timeout, tls or protocol; false, or true when it did not fail. */
bool tls_why(const struct tls *, struct wire_error *);
bool tls_is_safe(
    const struct tls *); /* a password may be sent: verified, or loopback by permission */
int tls_fd(const struct tls *);
void tls_close(struct tls *);

/* --- sasl.c: XOAUTH2, the same for all three --- */
/* What the client says, in base64; NULL = *error: user or token is missing or holds control characters. */
char *sasl_xoauth2(struct arena *, const struct server *, struct wire_error *);
/* The server refused the token: its last line and what it said before, in JSON behind base64, or NULL. Always
 * false. */
bool sasl_refused(struct arena *, const char *line, const char *challenge, struct wire_error *);

/* --- imap.c, by libetpan --- */
struct imap;
struct imap_mail {
	int64_t uid, size;
};
struct imap_fact {
	int64_t uid, size;
	int64_t at; /* when it came there */
};
struct imap *imap_open(struct arena *, const struct server *, struct wire_error *);
/* SELECT a folder. Names of folders are UTF-8; "/" stands for the server's separator. *uidvalidity has the
 * mailbox above the server's 32 bits (RFC 3501, 2.3.1.1): what is known of one is not known of the next. */
bool imap_select(struct imap *, const char *folder, int64_t *uidvalidity, struct wire_error *);
/* Mails with uid > last, ascending, at most max of them (the lowest); memory in the arena. */
bool imap_list(struct imap *, struct arena *, int64_t last, size_t max, struct imap_mail **,
    size_t *n, struct wire_error *);
/* Stream one mail's bytes (BODY.PEEK[], never sets \Seen): put returns false to abort. *found = false
 * when the mail is gone. header_only fetches BODY.PEEK[HEADER]. */
bool imap_fetch(struct imap *, int64_t uid, bool header_only,
    bool (*put)(void *, const void *, size_t), void *arg, bool *found, struct wire_error *);
/* Move (MOVE, or COPY + \Deleted + UID EXPUNGE); the folder is created when missing. Moving and
 * deleting a mail that is gone succeeds: after a crash it is said again. */
bool imap_move(struct imap *, int64_t uid, const char *folder, struct wire_error *);
/* \Deleted + UID EXPUNGE; without UIDPLUS the mail stays marked, as others' marks are not ours. */
bool imap_delete(struct imap *, int64_t uid, struct wire_error *);
bool imap_seen(struct imap *, int64_t uid, struct wire_error *);
/* The same for many with one command each. */
bool imap_move_all(struct imap *, struct ids uids, const char *folder, struct wire_error *);
bool imap_delete_all(struct imap *, struct ids uids, struct wire_error *);
bool imap_seen_all(struct imap *, struct ids uids, struct wire_error *);
void imap_close(struct imap *); /* NULL is fine */
/* imap_find.c: all folders that can be opened; UTF-8, "/" between their parts. */
bool imap_folders(struct imap *, struct arena *, struct texts *names, struct wire_error *);
/* Of the folder that was selected last: how many mails it held then, and the UID that the next one gets. */
int64_t imap_count(struct imap *);
int64_t imap_next(struct imap *);
/* The UIDs of mails that came on this day (YYYY-MM-DD) or later, ascending. */
bool imap_since(
    struct imap *, struct arena *, const char *day, struct ids *uids, struct wire_error *);
/* When these mails came and how large they are; those that are gone are left out. */
bool imap_facts(struct imap *, struct arena *, struct ids uids, struct imap_fact **, size_t *n,
    struct wire_error *);
/* A folder's name out of modified UTF-7, the server's separator as "/". */
char *imap_utf8(struct arena *, const char *, char separator);
/* imap_idle.c: let the server call (IDLE, RFC 2177) for so many seconds, or until *stop is set or mail has come into
 * the folder since it was selected; false = *error, whose code is "refused" or "protocol" when the server cannot. */
bool imap_idle(
    struct imap *, int seconds, const volatile int *stop, bool *mail, struct wire_error *);
/* utf7.c: the name of a folder in IMAP's modified UTF-7 (RFC 3501, 5.1.3). */
char *imap_utf7(struct arena *, const char *);

/* --- pop3.c: deletes take effect at pop3_quit only --- */
struct pop3;
struct pop3_mail {
	int64_t number, size;
	const char *
	    uidl; /* behind the mailbox and a blank, which no UIDL has (RFC 1939, 7), unless that is 0 */
};
struct pop3 *pop3_open(struct arena *, const struct server *, struct wire_error *);
bool pop3_list(struct pop3 *, struct arena *, struct pop3_mail **, size_t *n, struct wire_error *);
bool pop3_fetch(struct pop3 *, int64_t number, bool (*put)(void *, const void *, size_t), void *arg,
    struct wire_error *);
bool pop3_delete(struct pop3 *, int64_t number, struct wire_error *);
bool pop3_quit(struct pop3 *, struct wire_error *); /* commits the deletes, closes */
void pop3_close(struct pop3 *);                     /* drops the connection; NULL is fine */

/* --- smtp.c --- */
struct smtp;
struct smtp_result {
	int code; /* SMTP reply code; 0 = the connection failed before an answer */
	char words[300];
	/* The connection went away after the final dot: the mail may have been taken. */
	bool sent_unknown;
};
struct smtp *smtp_open(struct arena *, const struct server *, struct wire_error *);
struct smtp_mail {
	const char *from; /* "" = the null sender */
	struct texts to;
	struct str bytes;
	const char *envid; /* by which a delivery report names it (RFC 3461, 4.4), or NULL */
	/* Asked right before the final dot: false = it must not be handed over. Or NULL. */
	bool (*ready)(void *);
	void *arg;
};
/* One mail; true = accepted for all recipients. codes[i] is the answer per recipient; code and words
 * are those of the first recipient that was not accepted, else the answer to the mail. When the
 * connection failed, later calls answer 0 too. */
bool smtp_send(struct smtp *, const struct smtp_mail *, struct smtp_result *, int *codes);
void smtp_close(struct smtp *); /* NULL is fine */

#endif
