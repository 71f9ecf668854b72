/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every unit of work stands on: memory, failure, text, time, configuration, secrets, files. */
#ifndef BASE_H
#define BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <string.h>

#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define NELEM(a)     (sizeof(a) / sizeof((a)[0]))
#define ABSENT       INT64_MIN /* an optional number or switch that was not given */
#define STR(lit)     ((struct str){ "" lit, sizeof(lit) - 1 })

struct str {
	const char *s;
	size_t n;
};
struct ids {
	const int64_t *v;
	size_t n;
};
struct texts {
	const char *const *v;
	size_t n;
};

/* --- arena.c: memory that lives exactly as long as one unit of work --- */
struct arena {
	struct block *top;
	struct cleanup *cleanups;
};
/* Zeroed, 16-byte aligned, never NULL: out of memory aborts the process. */
void *arena_alloc(struct arena *, size_t);
/* A copy of n bytes with a NUL behind it. */
char *arena_dup(struct arena *, const void *, size_t);
/* A copy of a text; NULL stays NULL. */
char *arena_strdup(struct arena *, const char *);
char *arena_printf(struct arena *, const char *, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *, const char *, va_list) PRINTF(2, 0);
/* Run fn(arg) when the arena is reset, last registered first: for memory of foreign libraries. */
void arena_defer(struct arena *, void (*fn)(void *), void *arg);
/* Run the clean-ups and free everything but one block kept for the next unit. */
void arena_reset(struct arena *);
/* The same, and nothing of what was in it stays in memory. */
void arena_wipe(struct arena *);
/* For libraries that read passwords: what is given back is overwritten first. */
void *arena_lend(size_t);
void arena_take_back(void *);

/* --- unit.c: one unit of work, its transaction and its one way out --- */
struct ctx;
/* What opens and closes a transaction; db_open() sets it (base knows no database). */
struct tx {
	void (*begin)(struct ctx *);
	void (*commit)(struct ctx *);
	void (*rollback)(struct ctx *);
};
struct ctx {
	struct arena arena;
	struct db *db;       /* the process's connection, or NULL */
	const struct tx *tx; /* NULL where there is no database */
	jmp_buf *home;       /* where fail() lands */
	bool in_unit;        /* a transaction is open */
	bool unsettled;      /* an event was recorded that rule_settle() has not seen */
	bool again;          /* serialization failure or deadlock: the unit may run again */
	uint64_t unit;       /* number of the unit, in every log line */
	int status;          /* what fail() said: HTTP status, code, sentence */
	char code[64], detail[512];
	char cause[512];     /* for the log only, or "" */
	struct str extra[2]; /* name and JSON value that the answer to the failure carries too */
};
/* Give up this unit: roll back and answer status with a stable code and one sentence. */
noreturn void fail(struct ctx *, int status, const char *code, const char *fmt, ...) PRINTF(4, 5);
/* Add what only the log may show to the failure that follows. */
void fail_cause(struct ctx *, const char *fmt, ...) PRINTF(2, 3);
/* Give the failure that follows one more member: its name and its JSON value, in the unit's arena. */
void fail_extra(struct ctx *, const char *name, struct str json);
/* Run work(c, arg) in one transaction, again up to 3 times on serialization failures; true =
 * committed, false = c->status, code, detail say why not. The arena stays until its owner resets it. */
bool unit_run(struct ctx *, void (*work)(struct ctx *, void *), void *arg);
/* The same without a transaction. */
bool unit_try(struct ctx *, void (*work)(struct ctx *, void *), void *arg);
/* A broken invariant: log, backtrace, abort. */
noreturn void bug(const char *file, int line, const char *fmt, ...) PRINTF(3, 4);
#define BUG(...) bug(__FILE__, __LINE__, __VA_ARGS__)

/* --- crash.c: places where the tests kill a process; nothing in a release build --- */
#ifdef DOCKET_CRASH_POINTS
/* Count a step that changes state; SIGKILL oneself at the one DOCKET_CRASH names ("sql:7", "any:31"). */
void crash_point(const char *kind, const char *what);
/* The first write of one piece of work is about to happen / its last has happened. */
void crash_begin(void);
void crash_end(void);
#else
#define crash_point(kind, what) ((void)0)
#define crash_begin()           ((void)0)
#define crash_end()             ((void)0)
#endif

/* --- sandbox.c: walls around what reads the words of strangers --- */
/* From here on this process can compute and answer, nothing else. */
void sandbox_enter(void);
/* From here on this process, and the program that it becomes, reads the system's files and this one, writes no file,
 * and has no network. */
void sandbox_tool(int file);

/* --- buf.c: bytes that grow in an arena --- */
struct buf {
	struct arena *arena;
	char *s; /* always NUL-terminated once something was added; NULL before */
	size_t n, cap;
};
/* Make room for n more bytes at once, where they are known. */
void buf_reserve(struct buf *, size_t n);
static inline void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (b->cap - b->n <= n)
		buf_reserve(b, n);
	if (n > 0)
		memcpy(b->s + b->n, p, n);
	b->n += n;
	b->s[b->n] = '\0';
}
static inline void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}
void buf_puts(struct buf *, const char *);
void buf_printf(struct buf *, const char *, ...) PRINTF(2, 3);
/* A JSON string with quotes; what is no UTF-8 becomes U+FFFD. NULL becomes null. */
void buf_json(struct buf *, const char *, size_t);
/* "name":, with a comma before it unless it is the first of its object. */
void buf_key(struct buf *, const char *name);
struct str buf_str(const struct buf *);

/* --- text.c: UTF-8 --- */
/* The next code point of s[0..n); *used = its bytes. Ill-formed input gives 0xfffd and 1. */
uint32_t text_next(const char *s, size_t n, size_t *used);
/* Append a code point as UTF-8. */
void text_put(struct buf *, uint32_t);
bool text_valid(const char *s, size_t n);
/* UTF-8 for certain: ill-formed bytes become U+FFFD, NUL and U+FEFF go, CR LF and CR become LF, other
 * C0 controls but tab and LF become blanks. */
char *text_clean(struct arena *, const char *, size_t);
/* The same on one line: every control character is a blank, runs of blanks are one, ends trimmed. */
char *text_line(struct arena *, const char *, size_t);
/* The lines of a text, without their ends; none of "" or NULL. */
struct texts text_lines(struct arena *, const char *);
/* At most max code points, never inside one; "…" behind a cut. */
char *text_cut(struct arena *, const char *, size_t max);
/* Code points in s. */
size_t text_length(const char *);
/* For comparing addresses and logins: ASCII lower case. */
char *text_lower(struct arena *, const char *);
bool text_same(const char *, const char *); /* ASCII, without case; NULL equals only NULL */
bool text_starts(const char *s, const char *prefix);
/* A whole number in decimal between min and max; false = it is none. */
bool text_int(const char *s, int64_t min, int64_t max, int64_t *out);

/* --- time.c: microseconds since 1970 UTC --- */
int64_t time_now(void);
int64_t time_mono(void);                     /* for deadlines */
char *time_rfc3339(struct arena *, int64_t); /* 2026-11-23T21:39:50.123456Z */
char *time_rfc5322(struct arena *, int64_t); /* for mail headers, in UTC */
bool time_parse(const char *, int64_t *out); /* RFC 3339 or PostgreSQL's ISO form */

/* --- log.c: one line to stderr: level event key=value ... --- */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
extern enum log_level log_level;
void log_line(struct ctx *, enum log_level, const char *event, const char *fmt, ...) PRINTF(4, 5);
#define log_error(c, ...) log_line(c, LOG_ERROR, __VA_ARGS__)
#define log_warn(c, ...)  log_line(c, LOG_WARN, __VA_ARGS__)
#define log_info(c, ...)  log_line(c, LOG_INFO, __VA_ARGS__)
#define log_debug(c, ...) log_line(c, LOG_DEBUG, __VA_ARGS__)

/* --- conf.c: docket.conf, read once; conf.c's table names every key --- */
struct conf {
	const char *database;   /* libpq keywords without user */
	const char *blobs;      /* directory of the blob store */
	const char *index;      /* directory of the search index */
	const char *sockets;    /* directory of the FastCGI sockets when systemd passes none */
	const char *secret;     /* file of the private key that opens sealed secrets */
	const char *reply_key;  /* file of the key of message ids and reply addresses */
	const char *mail_ca;    /* PEM file instead of the system's certificates, or NULL */
	const char *web_ca;     /* the same for https servers of pictures */
	const char *mail_allow, /* the same for mail servers, whatever their port */
	    *picture_allow;     /* host:port, by blanks, that are fetched from wherever they are */
	const char *base_url;   /* where agents reach docket; without a slash at its end */
	const char *host;       /* right side of docket's own message ids */
	const char *node;       /* name of this host in index_node */
	int64_t workers;
	int64_t file_seconds; /* of computing for the text of one file */
	bool read_pictures;   /* ... of pictures too */
	int64_t mail_limit;   /* bytes; a larger mail stays on the server */
	int64_t mail_seconds; /* the longest that a mail server may take for a command */
	int64_t stuck_after;  /* seconds until the master kills a worker that answers no more */
	bool allow_http;
	bool allow_plain; /* mail servers without TLS on loopback, for tests */
};
extern struct conf conf;
/* Read the file; NULL = fine, else one line that names file, line, key and remedy. */
const char *conf_read(const char *path);
/* Print the table as the section of docket.conf(5). */
void conf_document(void);

/* --- crypt.c: libsodium --- */
#define SHA256_HEX 65
void crypt_init(void);
void crypt_sha256(const void *, size_t, char hex[SHA256_HEX]);
/* n random bytes in base32 (lower case, no padding). */
char *crypt_random(struct arena *, size_t n);
/* First 128 bits of HMAC-SHA256(key, text) in base32, 26 characters. */
char *crypt_tag(struct arena *, struct str key, const char *text);
bool crypt_equal(const char *, const char *);               /* in constant time */
char *crypt_password(struct arena *, const char *password); /* argon2id */
bool crypt_password_ok(const char *hash, const char *password);
/* Seal to the public key / open with the private one (both 64 hex digits); NULL = not for this key. */
struct str crypt_seal(struct arena *, const char *public_hex, const char *text);
char *crypt_open(struct arena *, const char *secret_hex, struct str box);
void crypt_keypair(char public_hex[65], char secret_hex[65]);
/* The public key that belongs to a private one; false = that is none. */
bool crypt_public(const char *secret_hex, char public_hex[65]);
char *crypt_base64(struct arena *, const void *, size_t);
/* The bytes, with a NUL behind them; s = NULL: it is no base64. */
struct str crypt_unbase64(struct arena *, const char *);

/* --- file.c: files and the blob store (content-addressed, written durably) --- */
/* The whole file, NUL behind it; .s = NULL and errno when it cannot be read. */
struct str file_read(struct arena *, const char *path);
/* Write all of it, also to a pipe or a socket; false = no, errno says why. */
bool file_write(int fd, const void *, size_t);
/* Map a file read-only until the arena is reset; .s = NULL and errno on failure. */
struct str file_map(struct arena *, const char *path);
struct blob {
	int fd;
	int64_t size;
	void *state;
	char sha256[SHA256_HEX];
	const char *error; /* first failure, or NULL */
};
/* Stream bytes into the store: open, write any number of times, then keep (fsync, link, fsync of
 * the folder; sha256 and size are set) or drop. false = ->error says why; nothing is kept. */
bool blob_open(struct blob *);
bool blob_write(struct blob *, const void *, size_t);
bool blob_keep(struct blob *);
void blob_drop(struct blob *);
/* Many blobs with two flushes of the whole file system instead of four of files and folders each: finish every
 * one (sha256 is set, the bytes have no name yet), then keep them all. false = v[0]->error; a name without
 * its row is harmless. */
bool blob_finish(struct blob *);
bool blob_keep_all(struct blob *const *v, size_t n);
/* All at once: the sha256 in hex; fails 507 when it cannot be stored. */
char *blob_store(struct ctx *, const void *, size_t);
/* conf.blobs/ab/cd/abcd... */
char *blob_path(struct arena *, const char *sha256);

#endif
