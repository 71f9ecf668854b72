/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IMAP by libetpan over our own connection: libetpan verifies no certificate and knows no deadline, so
 * it never opens a socket itself. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "channel/imap.h"

static ssize_t
low_read(mailstream_low *low, void *p, size_t n)
{
	return tls_read(low->data, p, n);
}

static ssize_t
low_write(mailstream_low *low, const void *p, size_t n)
{
	return tls_write(low->data, p, n) ? (ssize_t)n : -1;
}

static int
low_close(mailstream_low *low)
{
	tls_close(low->data);
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	return tls_fd(low->data);
}

static void
low_nothing(mailstream_low *low)
{
	(void)low;
}

static struct mailstream_cancel *
low_no_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static carray *
low_no_chain(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_fd,
	.mailstream_free = low_nothing, /* it lies inside struct imap */
	.mailstream_cancel = low_nothing,
	.mailstream_get_cancel = low_no_cancel,
	.mailstream_get_certificate_chain = low_no_chain,
};

bool
imap_is_no(int r)
{
	return r >= MAILIMAP_ERROR_APPEND && r <= MAILIMAP_ERROR_UID_STORE;
}

bool
imap_failed(struct imap *i, int r, struct wire_error *e)
{
	const char *words = i->m->imap_response;
	const char *code = imap_is_no(r) ? "refused" : "protocol";

	if (!tls_why(i->tls, e))
		return false;
	if (r == MAILIMAP_ERROR_LOGIN)
		code = "login";
	if (words == NULL || words[0] == '\0')
		words = "the server's answer was not understood";
	return wire_fail(e, code, "%s", words);
}

static bool
greet(struct imap *i, mailstream *stream, const struct server *s, struct wire_error *e)
{
	int r = mailimap_connect(i->m, stream);

	if (r != MAILIMAP_NO_ERROR_AUTHENTICATED && r != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return imap_failed(i, r, e);
	if (s->security != WIRE_STARTTLS)
		return true;
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return wire_fail(e, "tls", "the server lets everybody in before TLS");
	r = mailimap_starttls(i->m);
	if (r != MAILIMAP_NO_ERROR && tls_why(i->tls, e))
		return wire_fail(e, "tls", "the server offers no STARTTLS: %s",
		    i->m->imap_response != NULL ? i->m->imap_response : "");
	if (r != MAILIMAP_NO_ERROR)
		return false;
	if (stream->read_buffer_len > 0)
		return wire_fail(e, "tls", "the server sent data ahead of TLS");
	return tls_start(i->tls, e);
}

bool
imap_line(struct imap *i, MMAPString *line, struct wire_error *e)
{
	if (mailstream_read_line_remove_eol(i->m->imap_stream, line) != NULL)
		return true;
	return tls_why(i->tls, e) ? wire_fail(e, "protocol", "a line that cannot be read") : false;
}

/* XOAUTH2 line by line: libetpan sends the token ahead unasked, and drops what the server says of it. */
static bool
converse(struct imap *i, const char *token, MMAPString *line, struct wire_error *e)
{
	static const char tag[] = "token ";
	const char *challenge = NULL;
	bool sent = false;

	if (!tls_say(i->tls, "%sAUTHENTICATE XOAUTH2", tag))
		return tls_why(i->tls, e);
	while (imap_line(i, line, e)) {
		if (line->str[0] == '+') {
			if (sent)
				challenge = arena_strdup(i->arena, line->str + 1);
			if (!tls_say(i->tls, "%s", sent ? "" : token))
				return tls_why(i->tls, e);
			sent = true;
		} else if (text_starts(line->str, tag)) {
			const char *said = line->str + sizeof tag - 1;

			if (sent && strncasecmp(said, "OK", 2) == 0)
				return true;
			return sasl_refused(i->arena, said, challenge, e);
		} else if (strncasecmp(line->str, "* BYE", 5) == 0)
			return wire_fail(e, "gone", "%s", line->str);
	}
	return false;
}

static bool
log_in_by_token(struct imap *i, const struct server *s, struct wire_error *e)
{
	char *token = sasl_xoauth2(i->arena, s, e);
	MMAPString *line;
	bool ok;

	if (token == NULL)
		return false;
	line = mmap_string_new("");
	ok = converse(i, token, line, e);
	mmap_string_free(line);
	explicit_bzero(token, strlen(token));
	if (ok)
		i->m->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return ok;
}

static bool
login(struct imap *i, const struct server *s, struct wire_error *e)
{
	struct mailimap_capability_data *can = NULL;
	int r = MAILIMAP_NO_ERROR;

	if (!tls_is_safe(i->tls))
		return wire_fail(e, "tls", "no password without TLS");
	tls_deadline(i->tls, 1);
	if (s->token != NULL && i->m->imap_state != MAILIMAP_STATE_AUTHENTICATED &&
	    !log_in_by_token(i, s, e))
		return false;
	if (s->token == NULL &&
	    (s->user == NULL || s->password == NULL || strpbrk(s->user, "\r\n") != NULL ||
		strpbrk(s->password, "\r\n") != NULL))
		return wire_fail(e, "login", "user or password is missing or holds a line end");
	if (i->m->imap_state != MAILIMAP_STATE_AUTHENTICATED)
		r = mailimap_login(i->m, s->user, s->password);
	if (r == MAILIMAP_NO_ERROR)
		r = mailimap_capability(i->m, &can);
	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	mailimap_capability_data_free(can);
	i->moves = mailimap_has_extension(i->m, "MOVE") != 0;
	i->uidplus = mailimap_has_uidplus(i->m) != 0;
	i->idles = mailimap_has_idle(i->m) != 0;
	return true;
}

static void
close_it(void *arg)
{
	imap_close(arg);
}

struct imap *
imap_open(struct arena *a, const struct server *s, struct wire_error *e)
{
	struct imap *i = arena_alloc(a, sizeof *i);
	mailstream *stream;

	i->arena = a;
	i->mailbox = s->mailbox;
	i->tls = tls_open(a, s, e);
	if (i->tls == NULL)
		return NULL;
	/* What is not a mail's body is at most 16 MiB and stays out of files. */
	mmap_string_set_ceil(SIZE_MAX / 4);
	i->low = (mailstream_low){ .data = i->tls, .driver = &driver, .privacy = 1 };
	stream = mailstream_new(&i->low, 8192);
	i->m = mailimap_new(0, NULL);
	if (stream == NULL || i->m == NULL)
		BUG("out of memory");
	arena_defer(a, close_it, i);
	if (greet(i, stream, s, e) && login(i, s, e))
		return i;
	imap_close(i);
	return NULL;
}

void
imap_close(struct imap *i)
{
	if (i == NULL || i->m == NULL)
		return;
	tls_deadline(i->tls, 1);
	mailimap_free(i->m); /* says LOGOUT and closes the stream */
	i->m = NULL;
}

static bool
ask_separator(struct imap *i, struct wire_error *e)
{
	clist *list;
	int r = mailimap_list(i->m, "", "", &list);

	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	i->separator = '/';
	if (clist_begin(list) != NULL) {
		struct mailimap_mailbox_list *root = clist_content(clist_begin(list));

		if (root->mb_delimiter != '\0')
			i->separator = root->mb_delimiter;
	}
	mailimap_list_result_free(list);
	return true;
}

char *
imap_folder(struct imap *i, const char *folder, struct wire_error *e)
{
	char *name = arena_strdup(i->arena, folder);

	tls_deadline(i->tls, 1);
	if (strchr(name, '/') != NULL && i->separator == '\0' && !ask_separator(i, e))
		return NULL;
	for (char *p = name; *p != '\0'; p++)
		if (*p == '/')
			*p = i->separator;
	return imap_utf7(i->arena, name);
}

bool
imap_select(struct imap *i, const char *folder, int64_t *uidvalidity, struct wire_error *e)
{
	char *name = imap_folder(i, folder, e);
	int r;

	if (name == NULL)
		return false;
	r = mailimap_select(i->m, name);
	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	*uidvalidity = (int64_t)i->mailbox << 32 | i->m->imap_selection_info->sel_uidvalidity;
	i->exists = i->m->imap_selection_info->sel_exists;
	return true;
}

static struct mailimap_msg_att_static *
attribute(struct mailimap_msg_att *m, int type)
{
	for (clistiter *k = clist_begin(m->att_list); k != NULL; k = clist_next(k)) {
		struct mailimap_msg_att_item *item = clist_content(k);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static->att_type == type)
			return item->att_data.att_static;
	}
	return NULL;
}

int64_t
imap_uid(struct mailimap_msg_att *m)
{
	struct mailimap_msg_att_static *s = attribute(m, MAILIMAP_MSG_ATT_UID);

	return s != NULL ? s->att_data.att_uid : 0;
}

bool
imap_fetch_list(struct imap *i, bool by_uid, int64_t first, int64_t last,
    struct mailimap_fetch_att *att, clist **list, struct wire_error *e)
{
	struct mailimap_set *set = mailimap_set_new_interval((uint32_t)first, (uint32_t)last);
	struct mailimap_fetch_type *what = mailimap_fetch_type_new_fetch_att_list_empty();
	int r;

	mailimap_fetch_type_new_fetch_att_list_add(what, mailimap_fetch_att_new_uid());
	if (att != NULL)
		mailimap_fetch_type_new_fetch_att_list_add(what, att);
	*list = NULL;
	r = by_uid ? mailimap_uid_fetch(i->m, set, what, list)
		   : mailimap_fetch(i->m, set, what, list);
	mailimap_fetch_type_free(what);
	mailimap_set_free(set);
	return r == MAILIMAP_NO_ERROR || imap_failed(i, r, e);
}

static bool
uid_at(struct imap *i, int64_t number, int64_t *uid, struct wire_error *e)
{
	clist *list;

	*uid = 0;
	tls_deadline(i->tls, 1);
	if (!imap_fetch_list(i, false, number, number, NULL, &list, e))
		return false;
	for (clistiter *k = clist_begin(list); k != NULL; k = clist_next(k)) {
		struct mailimap_msg_att *m = clist_content(k);

		if (m->att_number == number && imap_uid(m) != 0)
			*uid = imap_uid(m);
	}
	mailimap_fetch_list_free(list);
	if (*uid == 0)
		return wire_fail(e, "protocol", "mail number %lld has no UID", (long long)number);
	return true;
}

/* The number of the first mail with a UID above last, from the end backwards in growing steps, then by
 * halves: "last+1:*" would answer with the last mail when there is none, or with a million. */
static bool
first_above(struct imap *i, int64_t last, int64_t *number, struct wire_error *e)
{
	int64_t below = 0, above = (int64_t)i->m->imap_selection_info->sel_exists + 1, step = 1,
		uid;

	while (below + 1 < above) {
		int64_t probe = below > 0 ? (below + above) / 2 : above - step;

		if (probe < 1)
			probe = 1;
		if (!uid_at(i, probe, &uid, e))
			return false;
		if (uid <= last)
			below = probe;
		else
			above = probe;
		step *= 2;
	}
	*number = above;
	return true;
}

static int
by_uid(const void *a, const void *b)
{
	const struct imap_mail *x = a, *y = b;

	return (x->uid > y->uid) - (x->uid < y->uid);
}

bool
imap_list(struct imap *i, struct arena *a, int64_t last, size_t max, struct imap_mail **mails,
    size_t *n, struct wire_error *e)
{
	int64_t first, end;
	clist *list;

	*n = 0;
	*mails = NULL;
	if (i->m->imap_selection_info == NULL)
		return wire_fail(e, "protocol", "no folder is selected");
	if (!first_above(i, last, &first, e))
		return false;
	end = i->m->imap_selection_info->sel_exists;
	if (first > end || max == 0)
		return true;
	if (end - first >= (int64_t)max)
		end = first + (int64_t)max - 1;
	tls_deadline(i->tls, 1);
	if (!imap_fetch_list(i, false, first, end, mailimap_fetch_att_new_rfc822_size(), &list, e))
		return false;
	*mails = arena_alloc(a, max * sizeof **mails);
	for (clistiter *k = clist_begin(list); k != NULL && *n < max; k = clist_next(k)) {
		struct mailimap_msg_att *m = clist_content(k);
		struct mailimap_msg_att_static *size = attribute(m, MAILIMAP_MSG_ATT_RFC822_SIZE);

		/* Servers may add answers nobody asked for, such as changed flags. */
		if (size != NULL && imap_uid(m) > last)
			(*mails)[(*n)++] =
			    (struct imap_mail){ imap_uid(m), size->att_data.att_rfc822_size };
	}
	mailimap_fetch_list_free(list);
	qsort(*mails, *n, sizeof **mails, by_uid);
	return true;
}

/* Called by libetpan in the middle of its parser: notes what happens, never leaves by fail(). */
static bool
take(int type, struct mailimap_msg_att_body_section *section, const char *s, size_t n, void *arg)
{
	struct imap *i = arg;

	(void)section;
	if (type != MAILIMAP_MSG_ATT_BODY_SECTION || i->stopped)
		return !i->stopped;
	tls_progress(i->tls, n);
	i->stopped = !i->put(i->arg, s, n);
	return !i->stopped;
}

bool
imap_fetch(struct imap *i, int64_t uid, bool header_only, bool (*put)(void *, const void *, size_t),
    void *arg, bool *found, struct wire_error *e)
{
	struct mailimap_section *section =
	    header_only ? mailimap_section_new_header() : mailimap_section_new(NULL);
	clist *list;
	bool ok;

	*found = false;
	i->put = put;
	i->arg = arg;
	i->stopped = false;
	tls_deadline(i->tls, 2);
	mailimap_set_msg_body_handler(i->m, take, i);
	ok = imap_fetch_list(
	    i, true, uid, uid, mailimap_fetch_att_new_body_peek_section(section), &list, e);
	mailimap_set_msg_body_handler(i->m, NULL, NULL);
	if (i->stopped)
		wire_fail(e, "protocol", "the mail was not wanted to its end");
	if (!ok)
		return false;
	for (clistiter *k = clist_begin(list); k != NULL; k = clist_next(k))
		if (imap_uid(clist_content(k)) == uid &&
		    attribute(clist_content(k), MAILIMAP_MSG_ATT_BODY_SECTION) != NULL)
			*found = true;
	mailimap_fetch_list_free(list);
	return !i->stopped;
}
