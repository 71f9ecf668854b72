/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docket.conf: key = value, one row of the table per key. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

struct conf conf;

enum kind { TEXT, NUMBER, SWITCH };

static const struct key {
	const char *name;
	enum kind kind;
	size_t at;
	const char *standard; /* NULL = it may stay unset */
	int64_t min, max;
	const char *sentence;
} keys[] = {
	{ "database", TEXT, offsetof(struct conf, database), "host=/run/postgresql dbname=docket",
	    0, 0,
	    "Where PostgreSQL is, in libpq's keywords; each process adds its own role as user." },
	{ "blobs", TEXT, offsetof(struct conf, blobs), "/var/lib/docket/blobs", 0, 0,
	    "Folder of the blob store: raw mails and files, named by their SHA-256." },
	{ "index", TEXT, offsetof(struct conf, index), "/var/lib/docket/index", 0, 0,
	    "Folder of the search index of this host." },
	{ "sockets", TEXT, offsetof(struct conf, sockets), "/run/docket", 0, 0,
	    "Folder of the FastCGI sockets where systemd passes none." },
	{ "secret", TEXT, offsetof(struct conf, secret), "/etc/docket/secret.key", 0, 0,
	    "File of the private key that opens sealed passwords; only poll and send read it." },
	{ "reply_key", TEXT, offsetof(struct conf, reply_key), "/etc/docket/reply.key", 0, 0,
	    "File of the key that signs message ids and reply addresses." },
	{ "mail_ca", TEXT, offsetof(struct conf, mail_ca), NULL, 0, 0,
	    "PEM file of the authority of a private mail server; unset = the system's." },
	{ "web_ca", TEXT, offsetof(struct conf, web_ca), NULL, 0, 0,
	    "PEM file of the authority of private https servers; unset = the system's." },
	{ "mail_allow", TEXT, offsetof(struct conf, mail_allow), NULL, 0, 0,
	    "Mail servers (host or host:port, by blanks) that are in a private network or on this "
	    "machine; accounts reach no others there." },
	{ "picture_allow", TEXT, offsetof(struct conf, picture_allow), NULL, 0, 0,
	    "Servers (host:port, by blanks) whose pictures are fetched although they are in a "
	    "private "
	    "network or have another port than 443." },
	{ "base_url", TEXT, offsetof(struct conf, base_url), "https://localhost", 0, 0,
	    "Address under which agents reach docket, without a slash at its end." },
	{ "host", TEXT, offsetof(struct conf, host), "docket.localhost", 0, 0,
	    "Right side of the message ids of docket's own mail." },
	{ "node", TEXT, offsetof(struct conf, node), "main", 0, 0,
	    "Name of this host among those that keep a search index." },
	{ "file_seconds", NUMBER, offsetof(struct conf, file_seconds), "10", 1, 600,
	    "Seconds of computing that reading one attachment for the search may take." },
	{ "read_pictures", SWITCH, offsetof(struct conf, read_pictures), "no", 0, 0,
	    "Read the words in attached pictures too, with tesseract." },
	{ "workers", NUMBER, offsetof(struct conf, workers), "4", 1, 256,
	    "How many worker processes answer requests." },
	{ "mail_limit", NUMBER, offsetof(struct conf, mail_limit), "157286400", 1 << 20, 1 << 30,
	    "A mail larger than this many bytes stays on its server." },
	{ "mail_seconds", NUMBER, offsetof(struct conf, mail_seconds), "30", 1, 300,
	    "Seconds that a mail server may take for a command; ten times that after a whole "
	    "mail." },
	{ "stuck_after", NUMBER, offsetof(struct conf, stuck_after), "60", 1, 3600,
	    "Seconds after which a worker that is still at one request is killed." },
	{ "allow_http", SWITCH, offsetof(struct conf, allow_http), "no", 0, 0,
	    "Let agents log in without https; for trying docket on one machine only." },
	{ "allow_plain", SWITCH, offsetof(struct conf, allow_plain), "no", 0, 0,
	    "Let mail accounts on loopback go without TLS; for tests only." },
};

static struct arena memory; /* lives as long as the process */

static const char *
set(const struct key *k, const char *value)
{
	void *to = (char *)&conf + k->at;

	switch (k->kind) {
	case TEXT:
		if (*value == '\0')
			return "is empty";
		*(const char **)to = arena_strdup(&memory, value);
		return NULL;
	case NUMBER:
		if (!text_int(value, k->min, k->max, to))
			return arena_printf(&memory, "must be a whole number from %lld to %lld",
			    (long long)k->min, (long long)k->max);
		return NULL;
	case SWITCH:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			return "must be yes or no";
		*(bool *)to = value[0] == 'y';
		return NULL;
	}
	return NULL;
}

static const struct key *
find(const char *name)
{
	for (size_t i = 0; i < NELEM(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static char *
trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && strchr(" \t\r", end[-1]) != NULL)
		*--end = '\0';
	return s + strspn(s, " \t");
}

/* One line of the file; NULL or what is wrong with it. */
static const char *
read_line(char *line, bool seen[])
{
	char *name = trim(line), *value = strchr(name, '=');
	const struct key *k;
	const char *wrong;

	if (*name == '\0' || *name == '#')
		return NULL;
	if (value == NULL)
		return "holds no '='; write key = value";
	*value++ = '\0';
	name = trim(name);
	k = find(name);
	if (k == NULL)
		return arena_printf(&memory, "key '%s' is not known; see docket.conf(5)", name);
	if (seen[k - keys])
		return arena_printf(&memory, "key '%s' stands there twice; remove one", name);
	seen[k - keys] = true;
	wrong = set(k, trim(value));
	return wrong == NULL ? NULL : arena_printf(&memory, "key '%s' %s", name, wrong);
}

/* A key that systemd hands over (LoadCredential=) lies in a folder of this unit alone. */
static void
use_credential(const char **path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY"), *name = strrchr(*path, '/'), *there;

	if (dir == NULL || name == NULL)
		return;
	there = arena_printf(&memory, "%s%s", dir, name);
	if (access(there, R_OK) == 0)
		*path = there;
}

const char *
conf_read(const char *path)
{
	bool seen[NELEM(keys)] = { false };
	struct str text = file_read(&memory, path);
	int why = errno;
	char *line = (char *)text.s, *next;
	int number = 1;

	for (size_t i = 0; i < NELEM(keys); i++)
		if (keys[i].standard != NULL)
			set(&keys[i], keys[i].standard);
	if (text.s == NULL)
		return arena_printf(
		    &memory, "%s: %s; name another file with --config", path, strerror(why));
	if (strlen(text.s) != text.n)
		return arena_printf(&memory, "%s: holds a NUL byte; it must be a text file", path);
	for (; line != NULL; line = next, number++) {
		const char *wrong;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		wrong = read_line(line, seen);
		if (wrong != NULL)
			return arena_printf(&memory, "%s:%d: %s", path, number, wrong);
	}
	use_credential(&conf.secret);
	use_credential(&conf.reply_key);
	return NULL;
}

void
conf_document(void)
{
	for (size_t i = 0; i < NELEM(keys); i++)
		printf(".TP\n.B %s\n%s\nDefault: %s.\n", keys[i].name, keys[i].sentence,
		    keys[i].standard == NULL ? "unset" : keys[i].standard);
}
