/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes a mailbox: moving, deleting and marking a mail. */
#include <string.h>

#include "channel/imap.h"

static bool
is_deleted(struct mailimap_msg_att *m)
{
	for (clistiter *k = clist_begin(m->att_list); k != NULL; k = clist_next(k)) {
		struct mailimap_msg_att_item *item = clist_content(k);
		clist *flags = item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC
				   ? item->att_data.att_dyn->att_list
				   : NULL;

		for (clistiter *f = flags != NULL ? clist_begin(flags) : NULL; f != NULL;
		     f = clist_next(f)) {
			struct mailimap_flag *flag =
			    ((struct mailimap_flag_fetch *)clist_content(f))->fl_flag;

			if (flag != NULL && flag->fl_type == MAILIMAP_FLAG_DELETED)
				return true;
		}
	}
	return false;
}

enum presence { GONE, MARKED, THERE };

static bool
look(struct imap *i, int64_t uid, enum presence *is, struct wire_error *e)
{
	clist *list;

	*is = GONE;
	tls_deadline(i->tls, 1);
	if (!imap_fetch_list(i, true, uid, uid, mailimap_fetch_att_new_flags(), &list, e))
		return false;
	for (clistiter *k = clist_begin(list); k != NULL; k = clist_next(k))
		if (imap_uid(clist_content(k)) == uid)
			*is = is_deleted(clist_content(k)) ? MARKED : THERE;
	mailimap_fetch_list_free(list);
	return true;
}

static int
transfer(struct imap *i, int64_t uid, const char *name, bool *done)
{
	struct mailimap_set *set = mailimap_set_new_single((uint32_t)uid), *from = NULL, *to = NULL;
	uint32_t validity;
	int r;

	tls_deadline(i->tls, 1);
	r = i->moves ? mailimap_uidplus_uid_move(i->m, set, name, &validity, &from, &to)
		     : mailimap_uidplus_uid_copy(i->m, set, name, &validity, &from, &to);
	*done = r == MAILIMAP_NO_ERROR && from != NULL;
	mailimap_set_free(set);
	if (from != NULL)
		mailimap_set_free(from);
	if (to != NULL)
		mailimap_set_free(to);
	return r;
}

static int
transfer_or_create(struct imap *i, int64_t uid, const char *name, bool *done)
{
	int r = transfer(i, uid, name, done);

	if (!imap_is_no(r))
		return r;
	crash_point("imap", "create");
	if (mailimap_create(i->m, name) != MAILIMAP_NO_ERROR)
		return r;
	crash_point("imap", "created");
	mailimap_subscribe(i->m, name);
	return transfer(i, uid, name, done);
}

bool
imap_move(struct imap *i, int64_t uid, const char *folder, struct wire_error *e)
{
	char *name = imap_folder(i, folder, e);
	struct wire_error no;
	enum presence is = THERE;
	bool done;
	int r;

	if (name == NULL || (!i->moves && !look(i, uid, &is, e)))
		return false;
	if (is != THERE) /* copied before, when a crash came in between or no UIDPLUS is there */
		return is == GONE || imap_delete(i, uid, e);
	crash_point("imap", "move");
	r = transfer_or_create(i, uid, name, &done);
	crash_point("imap", "moved");
	if (r != MAILIMAP_NO_ERROR) {
		imap_failed(i, r, &no);
		*e = no;
		if (!imap_is_no(r))
			return false;
	}
	/* COPYUID proves it. Without it all is well when the mail is gone, or when a server that
	 * tells no UIDs copied it. */
	if (!done) {
		if (!look(i, uid, &is, e))
			return false;
		if (is == GONE)
			return true;
		if (r != MAILIMAP_NO_ERROR)
			return wire_fail(e, no.code, "%s", no.words);
		if (i->moves || i->uidplus)
			return wire_fail(e, "protocol", "the server moved nothing to %s", folder);
	}
	return i->moves || imap_delete(i, uid, e);
}

static struct mailimap_set *
set_of(struct ids uids)
{
	struct mailimap_set *set = mailimap_set_new_empty();

	for (size_t k = 0; k < uids.n; k++)
		mailimap_set_add_single(set, (uint32_t)uids.v[k]);
	return set;
}

static size_t
count(const struct mailimap_set *set)
{
	size_t n = 0;

	for (clistiter *k = clist_begin(set->set_list); k != NULL; k = clist_next(k)) {
		const struct mailimap_set_item *item = clist_content(k);

		if (item->set_last >= item->set_first)
			n += (size_t)(item->set_last - item->set_first) + 1;
	}
	return n;
}

/* MOVE many with one command; *all = COPYUID proves every one of them. */
static bool
move_set(struct imap *i, struct ids uids, const char *name, bool *all, struct wire_error *e)
{
	struct mailimap_set *set = set_of(uids), *from = NULL, *to = NULL;
	uint32_t validity;
	int r;

	tls_deadline(i->tls, 4);
	crash_point("imap", "move");
	r = mailimap_uidplus_uid_move(i->m, set, name, &validity, &from, &to);
	crash_point("imap", "moved");
	*all = r == MAILIMAP_NO_ERROR && from != NULL && count(from) == uids.n;
	mailimap_set_free(set);
	if (from != NULL)
		mailimap_set_free(from);
	if (to != NULL)
		mailimap_set_free(to);
	return r == MAILIMAP_NO_ERROR || imap_is_no(r) || imap_failed(i, r, e);
}

bool
imap_move_all(struct imap *i, struct ids uids, const char *folder, struct wire_error *e)
{
	char *name = imap_folder(i, folder, e);
	bool all = false;

	if (name == NULL)
		return false;
	if (i->moves && uids.n > 1 && !move_set(i, uids, name, &all, e))
		return false;
	/* One by one what the set left open: the folder is not there yet, or some mail is gone. */
	for (size_t k = 0; !all && k < uids.n; k++)
		if (!imap_move(i, uids.v[k], folder, e))
			return false;
	return true;
}

static bool
flag(struct imap *i, struct ids uids, struct mailimap_flag *which, struct wire_error *e)
{
	struct mailimap_set *set = set_of(uids);
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store;
	int r;

	mailimap_flag_list_add(flags, which);
	store = mailimap_store_att_flags_new_add_flags_silent(flags);
	tls_deadline(i->tls, 1);
	crash_point("imap", "store");
	r = mailimap_uid_store(i->m, set, store);
	crash_point("imap", "stored");
	mailimap_store_att_flags_free(store);
	mailimap_set_free(set);
	return r == MAILIMAP_NO_ERROR || imap_failed(i, r, e);
}

bool
imap_delete_all(struct imap *i, struct ids uids, struct wire_error *e)
{
	struct mailimap_set *set;
	int r;

	if (uids.n == 0)
		return true;
	if (!flag(i, uids, mailimap_flag_new_deleted(), e))
		return false;
	if (!i->uidplus)
		return true;
	set = set_of(uids);
	tls_deadline(i->tls, 4);
	crash_point("imap", "expunge");
	r = mailimap_uid_expunge(i->m, set);
	crash_point("imap", "expunged");
	mailimap_set_free(set);
	return r == MAILIMAP_NO_ERROR || imap_failed(i, r, e);
}

bool
imap_delete(struct imap *i, int64_t uid, struct wire_error *e)
{
	return imap_delete_all(i, (struct ids){ &uid, 1 }, e);
}

bool
imap_seen_all(struct imap *i, struct ids uids, struct wire_error *e)
{
	return uids.n == 0 || flag(i, uids, mailimap_flag_new_seen(), e);
}

bool
imap_seen(struct imap *i, int64_t uid, struct wire_error *e)
{
	return imap_seen_all(i, (struct ids){ &uid, 1 }, e);
}
