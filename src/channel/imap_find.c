/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mailbox holds: its folders, the mails since a day, when each of them came. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel/imap.h"

enum { FOLDERS = 1000 };

/* The UTF-16 behind "&" up to "-" in base64; what is none is left out. */
static const char *
get_base64(struct buf *out, const char *p)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	uint32_t bits = 0, high = 0;
	int have = 0;

	for (; *p != '\0' && *p != '-'; p++) {
		const char *at = strchr(digits, *p);

		if (at == NULL)
			return p;
		bits = bits << 6 | (uint32_t)(at - digits);
		have += 6;
		if (have >= 16) {
			uint32_t unit = bits >> (have - 16) & 0xffff;

			have -= 16;
			if (unit >> 10 == 0x36)
				high = unit;
			else if (unit >> 10 == 0x37 && high != 0)
				text_put(out, 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
			else if (unit != 0)
				text_put(out, unit);
		}
	}
	return *p == '-' ? p + 1 : p;
}

char *
imap_utf8(struct arena *a, const char *name, char separator)
{
	struct buf out = { .arena = a };

	for (const char *p = name; *p != '\0';) {
		if (*p == '&' && p[1] == '-') {
			buf_putc(&out, '&');
			p += 2;
		} else if (*p == '&') {
			p = get_base64(&out, p + 1);
		} else {
			buf_putc(&out, separator != '\0' && *p == separator ? '/' : *p);
			p++;
		}
	}
	return out.s == NULL ? arena_strdup(a, "") : text_line(a, out.s, out.n);
}

bool
imap_folders(struct imap *i, struct arena *a, struct texts *names, struct wire_error *e)
{
	const char **v = arena_alloc(a, FOLDERS * sizeof *v);
	clist *list = NULL;
	size_t n = 0;
	int r = mailimap_list(i->m, "", "*", &list);

	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	for (clistiter *at = clist_begin(list); at != NULL && n < FOLDERS; at = clist_next(at)) {
		const struct mailimap_mailbox_list *m = clist_content(at);

		if (m->mb_flag != NULL && m->mb_flag->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
		    m->mb_flag->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
			continue;
		v[n++] = imap_utf8(a, m->mb_name, m->mb_delimiter);
	}
	mailimap_list_result_free(list);
	*names = (struct texts){ v, n };
	return true;
}

int64_t
imap_count(struct imap *i)
{
	return i->m->imap_selection_info->sel_exists;
}

int64_t
imap_next(struct imap *i)
{
	return i->m->imap_selection_info->sel_uidnext;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool
imap_since(struct imap *i, struct arena *a, const char *day, struct ids *uids, struct wire_error *e)
{
	struct mailimap_search_key *key;
	clist *list = NULL;
	int64_t *v, y, m, d;
	size_t n = 0;
	int r;

	if (!text_int(arena_dup(a, day, 4), 1970, 9999, &y) ||
	    !text_int(arena_dup(a, day + 5, 2), 1, 12, &m) ||
	    !text_int(arena_dup(a, day + 8, 2), 1, 31, &d))
		return wire_fail(e, "protocol", "'%s' is no day", day);
	key = mailimap_search_key_new_since(mailimap_date_new((int)d, (int)m, (int)y));
	r = mailimap_uid_search(i->m, NULL, key, &list);
	mailimap_search_key_free(key);
	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	v = arena_alloc(a, (size_t)(clist_count(list) + 1) * sizeof *v);
	for (clistiter *at = clist_begin(list); at != NULL; at = clist_next(at))
		v[n++] = *(const uint32_t *)clist_content(at);
	mailimap_search_result_free(list);
	qsort(v, n, sizeof *v, compare);
	*uids = (struct ids){ v, n };
	return true;
}

/* Microseconds since 1970 of an INTERNALDATE. */
static int64_t
arrived(const struct mailimap_date_time *t)
{
	struct tm tm = { .tm_mday = t->dt_day,
		.tm_mon = t->dt_month - 1,
		.tm_year = t->dt_year - 1900,
		.tm_hour = t->dt_hour,
		.tm_min = t->dt_min,
		.tm_sec = t->dt_sec };
	int zone = t->dt_zone / 100 * 3600 + t->dt_zone % 100 * 60;

	return ((int64_t)timegm(&tm) - zone) * 1000000;
}

/* One mail's answer; false = it has no UID. */
static bool
read_facts(struct mailimap_msg_att *m, struct imap_fact *mail)
{
	*mail = (struct imap_fact){ .uid = imap_uid(m) };
	for (clistiter *at = clist_begin(m->att_list); at != NULL; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		if (item->att_data.att_static->att_type == MAILIMAP_MSG_ATT_INTERNALDATE)
			mail->at = arrived(item->att_data.att_static->att_data.att_internal_date);
		else if (item->att_data.att_static->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
			mail->size = item->att_data.att_static->att_data.att_rfc822_size;
	}
	return mail->uid != 0;
}

bool
imap_facts(struct imap *i, struct arena *a, struct ids uids, struct imap_fact **mails, size_t *n,
    struct wire_error *e)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	struct mailimap_fetch_type *what = mailimap_fetch_type_new_fetch_att_list_empty();
	clist *list = NULL;
	int r;

	for (size_t k = 0, from = 0; k < uids.n; k++)
		if (k + 1 == uids.n || uids.v[k + 1] != uids.v[k] + 1) {
			mailimap_set_add_interval(set, (uint32_t)uids.v[from], (uint32_t)uids.v[k]);
			from = k + 1;
		}
	mailimap_fetch_type_new_fetch_att_list_add(what, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(what, mailimap_fetch_att_new_internaldate());
	mailimap_fetch_type_new_fetch_att_list_add(what, mailimap_fetch_att_new_rfc822_size());
	r = mailimap_uid_fetch(i->m, set, what, &list);
	mailimap_fetch_type_free(what);
	mailimap_set_free(set);
	if (r != MAILIMAP_NO_ERROR)
		return imap_failed(i, r, e);
	*mails = arena_alloc(a, (uids.n + 1) * sizeof **mails);
	*n = 0;
	for (clistiter *at = clist_begin(list); at != NULL && *n < uids.n; at = clist_next(at))
		*n += read_facts(clist_content(at), &(*mails)[*n]);
	mailimap_fetch_list_free(list);
	return true;
}
