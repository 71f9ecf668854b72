/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What imap.c and imap_change.c share; everybody else includes wire.h. */
#ifndef CHANNEL_IMAP_H
#define CHANNEL_IMAP_H

#include <libetpan/libetpan.h>

#include "channel/wire.h"

struct imap {
	struct arena *arena;
	struct tls *tls;
	mailstream_low low;
	mailimap *m; /* NULL = closed */
	int mailbox;
	bool moves, uidplus, idles;
	int64_t exists; /* mails in the folder, as far as imap_idle has heard */
	char separator; /* between the parts of a folder's name; 0 = not asked yet */
	bool (*put)(void *, const void *, size_t);
	void *arg;
	bool stopped; /* put wanted no more */
};

/* The server said NO, and the session goes on. */
bool imap_is_no(int r);
/* Why a command of libetpan's ended with r; always false. */
bool imap_failed(struct imap *, int r, struct wire_error *);
/* The next line of the server, past libetpan's parser. */
bool imap_line(struct imap *, MMAPString *, struct wire_error *);
/* The name as the server wants it: its own separator, modified UTF-7. NULL = *error. */
char *imap_folder(struct imap *, const char *folder, struct wire_error *);
/* FETCH or UID FETCH first:last of UID and one more attribute (NULL = none). The caller frees *list. */
bool imap_fetch_list(struct imap *, bool by_uid, int64_t first, int64_t last,
    struct mailimap_fetch_att *, clist **list, struct wire_error *);
/* The UID in one answer to FETCH, 0 = it has none. */
int64_t imap_uid(struct mailimap_msg_att *);

#endif
