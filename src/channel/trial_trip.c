/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way there and back: a mail to the account's own address and one to a plus-address of it. Back is what
 * stands in the mailbox, or what docket poll fetched and docket work knew again; both take it out of the way. */
#include <stdio.h>
#include <string.h>

#include "channel/trial.h"
#include "mime/mime.h"

enum { LOOK_MS = 700, PATIENCE = 90, PLUS_PATIENCE = 10, LARGEST = 64 << 10, AT_ONCE = 50 };

struct trip {
	struct trial *t;
	const char *token[2], *address[2]; /* plain, plus */
	bool sent[2], back[2];
	const char *seen; /* the token that was found */
	const char *folders[20];
	int64_t last[20];
	size_t nfolders;
	struct texts known; /* POP3: what was there before */
};

static void
add_rows(struct ctx *c, void *arg)
{
	struct trip *p = arg;

	for (int i = 0; i < 2; i++)
		sql_trial_mail_add(c, p->token[i], p->t->id, p->address[i], i == 1);
}

static void
mark_seen(struct ctx *c, void *arg)
{
	sql_trial_mail_seen(c, ((struct trip *)arg)->seen);
}

static void
look_at_rows(struct ctx *c, void *arg)
{
	struct trip *p = arg;

	for (int i = 0; i < 2; i++)
		p->back[i] = p->back[i] || sql_trial_mail_back(c, p->t->id, i == 1);
}

static void
prove(struct ctx *c, void *arg)
{
	struct trip *p = arg;

	sql_account_prove_plus(c, p->t->s.account, p->address[0]);
}

/* local+WORD@domain */
static const char *
plus(struct arena *a, const char *address, const char *word)
{
	const char *at = strrchr(address, '@');

	return arena_printf(a, "%.*s+%s%s", (int)(at - address), address, word, at);
}

static struct str
compose(struct trip *p, int i)
{
	struct buf b = { .arena = &p->t->memory };

	buf_printf(&b,
	    "From: docket <%s>\r\nTo: <%s>\r\nSubject: docket: Testnachricht / test mail\r\n"
	    "Message-ID: <dk-trial.%s@%s>\r\nDate: %s\r\nAuto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
	    "charset=us-ascii\r\n\r\n"
	    "Mit dieser Nachricht an sich selbst prueft docket, ob Senden und Abrufen gehen.\r\n"
	    "docket tries with this mail to itself whether sending and fetching work.\r\n",
	    p->address[0], p->address[i], p->token[i], conf.host,
	    time_rfc5322(&p->t->memory, time_now()));
	return buf_str(&b);
}

/* Both mails over one connection; only the plain one has to be taken. */
static bool
send_both(struct trip *p)
{
	struct trial *t = p->t;
	struct smtp *s = smtp_open(&t->memory, &t->to, &t->error);
	struct smtp_result r = { 0 };
	int code;

	for (int i = 0; i < 2 && s != NULL && (i == 0 || p->sent[0]); i++) {
		const char *to[] = { p->address[i] };

		p->sent[i] = smtp_send(s,
		    &(struct smtp_mail){
			.from = p->address[0], .to = { to, 1 }, .bytes = compose(p, i) },
		    &r, &code);
		if (i == 0 && !p->sent[0])
			wire_fail(&t->error, r.code == 0 ? "gone" : "recipient", "%s", r.words);
	}
	smtp_close(s);
	return p->sent[0];
}

static bool
put_bytes(void *arg, const void *bytes, size_t n)
{
	struct buf *b = arg;

	if (b->n + n > LARGEST)
		return false;
	buf_add(b, bytes, n);
	return true;
}

/* Which of the two mails these bytes are; -1 = neither. */
static int
which(const struct trip *p, const struct buf *b)
{
	for (int i = 0; i < 2; i++)
		if (b->n > 0 &&
		    strstr(b->s, arena_printf(&p->t->memory, "<dk-trial.%s@", p->token[i])) != NULL)
			return i;
	return -1;
}

static void
found(struct trip *p, int i)
{
	p->back[i] = true;
	p->seen = p->token[i];
	unit_run(p->t->c, mark_seen, p);
}

/* New mails of one folder; ours are taken out of the way. */
static bool
look_in_folder(struct trip *p, struct imap *imap, size_t k)
{
	struct trial *t = p->t;
	struct imap_mail *mails;
	int64_t validity;
	size_t n;

	if (!imap_select(imap, p->folders[k], &validity, &t->error) ||
	    !imap_list(imap, &t->memory, p->last[k], AT_ONCE, &mails, &n, &t->error))
		return false;
	for (size_t m = 0; m < n; m++) {
		struct buf header = { .arena = &t->memory };
		bool there;
		int i;

		if (!imap_fetch(imap, mails[m].uid, true, put_bytes, &header, &there, &t->error))
			return false;
		i = which(p, &header);
		if (i >= 0 && !imap_delete(imap, mails[m].uid, &t->error))
			return false;
		if (i >= 0)
			found(p, i);
		p->last[k] = mails[m].uid;
	}
	return true;
}

/* Where the folders end before the mails are sent. */
static bool
mark_ends(struct trip *p, struct imap *imap)
{
	struct trial *t = p->t;
	int64_t validity;

	for (const char *at = t->s.folders; *at != '\0' && p->nfolders < NELEM(p->folders);) {
		size_t n = strcspn(at, "\n");

		if (n > 0) {
			p->folders[p->nfolders] = arena_dup(&t->memory, at, n);
			if (!imap_select(imap, p->folders[p->nfolders], &validity, &t->error))
				return false;
			p->last[p->nfolders++] = imap_next(imap) - 1;
		}
		at += n + (at[n] == '\n');
	}
	return true;
}

static bool
was_known(const struct trip *p, const char *uidl)
{
	for (size_t i = 0; i < p->known.n; i++)
		if (strcmp(p->known.v[i], uidl) == 0)
			return true;
	return false;
}

/* A POP3 mailbox shows what came only to who logs in anew. first = note what is there. */
static bool
look_by_pop3(struct trip *p, bool first)
{
	struct trial *t = p->t;
	struct pop3 *s = pop3_open(&t->memory, &t->from, &t->error);
	struct pop3_mail *mails;
	const char **uidls;
	size_t n = 0;
	bool ok = s != NULL && pop3_list(s, &t->memory, &mails, &n, &t->error);

	uidls = arena_alloc(&t->memory, (n + 1) * sizeof *uidls);
	for (size_t m = 0; ok && m < n; m++) {
		struct buf b = { .arena = &t->memory };
		int i;

		uidls[m] = mails[m].uidl;
		if (first || was_known(p, mails[m].uidl) || mails[m].size > LARGEST / 2)
			continue;
		ok = pop3_fetch(s, mails[m].number, put_bytes, &b, &t->error);
		i = ok ? which(p, &b) : -1;
		ok = ok && (i < 0 || pop3_delete(s, mails[m].number, &t->error));
		if (i >= 0)
			found(p, i);
	}
	if (ok)
		p->known = (struct texts){ uidls, n };
	return s != NULL && (ok ? pop3_quit(s, &t->error) : (pop3_close(s), false));
}

/* Until both are back or the time is over; plus-addresses get less of it once the plain one is there. */
static void
wait_for_both(struct trip *p, struct imap *imap, bool pop3)
{
	struct trial *t = p->t;
	int64_t until = time_mono() + (int64_t)PATIENCE * 1000000;

	while (time_mono() < until && !(p->back[0] && (p->back[1] || !p->sent[1]))) {
		bool before = p->back[0], ok = true;

		for (size_t k = 0; imap != NULL && ok && k < p->nfolders; k++)
			ok = look_in_folder(p, imap, k);
		if (imap != NULL && !ok) {
			imap_close(imap);
			imap = NULL; /* what docket poll sees still counts */
		}
		if (pop3)
			look_by_pop3(p, false);
		unit_try(t->c, look_at_rows, p);
		if (p->back[0] && !before)
			until = time_mono() + (int64_t)PLUS_PATIENCE * 1000000;
		if (!p->back[0] || (!p->back[1] && p->sent[1]))
			db_wait(t->c, LOOK_MS);
	}
	imap_close(imap);
}

static bool
judge(struct trip *p)
{
	struct trial *t = p->t;

	if (!p->back[0]) {
		wire_fail(&t->error, "lost", "%s", p->address[0]);
		return trial_bad(t, "trip", "trip", NULL);
	}
	trial_well(t, "trip", "trip", NULL);
	if (p->back[1] && t->s.account != 0)
		unit_run(t->c, prove, p);
	/* Not to have them is no fault: answers then go without. */
	if (p->back[1])
		trial_well(t, "trip", "plus", NULL);
	else
		trial_skip(t, "trip", "plus");
	return true;
}

bool
trial_trip(struct trial *t)
{
	struct trip p = { .t = t };
	bool pop3 = t->s.host != NULL && strcmp(t->s.mail_kind, "pop3") == 0;
	struct imap *imap = NULL;
	bool ok = true;

	if (t->s.address == NULL || !mime_address_ok(t->s.address)) {
		wire_fail(&t->error, "recipient", "the account has no address");
		return trial_bad(t, "trip", "send", NULL);
	}
	for (int i = 0; i < 2; i++)
		p.token[i] = crypt_random(&t->memory, 16);
	p.address[0] = t->s.address;
	p.address[1] = plus(&t->memory, t->s.address, "dk-trial");
	db_listen(t->c, "docket_trial");
	if (t->s.host != NULL && !pop3) {
		imap = imap_open(&t->memory, &t->from, &t->error);
		ok = imap != NULL && mark_ends(&p, imap);
	} else if (pop3) {
		ok = look_by_pop3(&p, true);
	}
	ok = ok && unit_run(t->c, add_rows, &p);
	if (ok && send_both(&p)) {
		trial_well(t, "trip", "send", NULL);
		wait_for_both(&p, imap, pop3);
		return judge(&p);
	}
	imap_close(imap);
	return trial_bad(t, "trip", "send", NULL);
}
