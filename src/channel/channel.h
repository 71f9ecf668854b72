/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in and out: mail is fetched and stored (poll), read and made tickets (work), and leaves
 * from the outbox (send). README.md tells the order in which things become durable. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "mime/mime.h"
#include "sql.h"

/* --- lease.c: what only one process may do at a time --- */
enum { LEASE_SECONDS = 60 };
struct lease {
	char name[64], holder[128];
	/* Its last holder is known to be dead, or was oneself: what is left half done is ours. */
	bool inherited;
};
/* Take it or prolong it, in a unit; false = a living process has it. A dead process of this host
 * loses it at once, any other when its time is over. */
bool lease_take(struct ctx *, struct lease *, const char *name);
/* In the transaction of the work: fails 409 lease_lost unless it is still ours; prolongs it. */
void lease_hold(struct ctx *, const struct lease *);
void lease_drop(struct ctx *, const struct lease *);

/* --- parse.c: the child that reads mail; child.c is its own side --- */
/* Read a stored mail in the child; NULL = it did not survive it and *why says how. The mail lives in
 * the unit's arena. Fails 507 when the original cannot be opened. */
struct mail *parse_read(struct ctx *, const char *sha256, const char **why);
/* Stream the decoded bytes of a part of the mail read last to put; false = *why or put said no. */
bool parse_part(struct ctx *, int number, bool (*put)(void *, const void *, size_t), void *arg,
    const char **why);
/* End the child; the next mail starts a new one. */
void parse_stop(void);
/* The child: serve the socket that is its standard input until it closes. */
int child_serve(void);

/* --- ingest.c: originals become messages --- */
enum { WORK_BATCH = 32, WORK_TRIES = 3, WORK_DEATHS = 20 };
/* Read and ingest up to WORK_BATCH originals that wait; how many left the queue. -1 = the database
 * or the disk is away or another process holds the lease: wait. */
int ingest_waiting(struct ctx *, struct lease *);
/* The same for one original, by whoever brought it; false = it waits for docket work. */
bool ingest_one(struct ctx *, int64_t inbound);

/* --- letter.c: an original that was read and waits for its unit --- */
struct letter {
	int64_t inbound, account, tries, size;
	bool partial, insisted; /* insisted: a person had it read again */
	int64_t import,
	    dated; /* of what was there before: silently, and when it came there; 0 = live */
	const char *sha256;
	const struct mail *mail; /* never NULL: of what cannot be read, what its header says */
	const char *trouble;     /* why it cannot be read, or NULL */
	struct str files;        /* its attachments, stored: a JSON array */
	int64_t ticket, message; /* what became of it */
};
/* Fill mail, trouble and files; fails 507 when there is no room. */
void letter_read(struct ctx *, struct letter *);

/* --- admit.c: a letter becomes a message --- */
/* In a unit that holds the letter's row: find or open its ticket, add the message, note what it
 * reports. own: admit_domains(). true = ticket and message say what became of it, which is to be noted in its
 * row; false = the row says so already (the same mail came before, or it goes in circles). */
bool admit_letter(struct ctx *, struct letter *, struct texts own);
/* The domains of the shop's own addresses, in the unit's arena. */
struct texts admit_domains(struct ctx *);
/* --- report.c --- */
/* A mail of ours came back, waits or was called spam: mark it, tell its ticket, count for the
 * address. Only of a mail that names an id or address signed by us. */
void report_note(struct ctx *, const struct mail *, int64_t ticket);

/* --- match.c --- */
/* Who wrote it, to whom an answer goes: email NULL = no address that could be answered. */
struct sender {
	const char *name, *email, *answer_to;
};
struct sender match_sender(struct ctx *, const struct mail *);
/* Which ticket a mail belongs to, and on what evidence (a word of message.evidence). */
struct match {
	int64_t ticket; /* 0 = a new one */
	const char *evidence;
	int64_t named; /* the ticket that was found, also when it is closed for too long (late) */
	bool late;     /* a new ticket follows the one named */
	bool signed_by_us; /* by an address or id of ours, not by what anybody may claim */
	struct ids maybe;  /* of a new one: tickets it may belong to */
};
/* mail.md: signed address, own ids; foreign ids and subject tags only of those who take part; what a machine says by
 * itself needs one of ours, or a proven sender. */
struct match match_find(
    struct ctx *, int64_t account, const struct mail *, const struct sender *, bool proven);
/* The ids of what a mail answers, the strongest first. */
struct texts match_references(struct ctx *, const struct mail *);
/* The mail is one that this account, or another of this installation, sent. */
bool match_is_own(struct ctx *, int64_t account, const struct mail *);

/* --- intake.c: bytes become durable --- */
/* Store the mail on standard input and their inbound row in one unit; 0 = c says why not. */
int64_t intake_pipe(struct ctx *, int64_t account);

/* --- fetch.c, account.c: fetching --- */
/* Fetch the mail of one account; false = it ended early, which its row says. */
bool fetch_account(struct ctx *, int64_t account);
/* Fetch whenever its server calls, until *stop is set; false = it ended by itself, as its log says. */
bool idle_account(struct ctx *, int64_t account, const volatile int *stop);
/* The server may be asked again to call, after that went wrong. */
void idle_again(struct ctx *, int64_t account);
/* Go on with bringing over what lay in a mailbox; false = it ended early, which its row says. */
bool import_run(struct ctx *, int64_t import);
/* Try an account's servers step by step and print what is seen; false = something is wrong. */
bool account_try(struct ctx *, int64_t account, bool german);
/* The same for how many mails there are since a day, in these folders (one per line; NULL = the account's). */
bool account_count(
    struct ctx *, int64_t account, const char *since, const char *folders, bool german);
/* trial.c: carry out a trial that is this process's; says = print each step too. false = a step failed. */
bool trial_run(struct ctx *, int64_t trial, bool says, bool german);

/* --- due.c: answers that wait for their time --- */
/* Make messages of answers that are due; how many were dealt with, -1 = wait. */
int due_send(struct ctx *, struct lease *);
/* Milliseconds until the next is due, at most so many. */
int due_in(struct ctx *, int most);

/* --- picture.c: pictures that mails name on the net --- */
/* Fetch what agents asked for until nothing waits; how many were dealt with, -1 = the database or the store is
 * away. Any number of processes may do it at a time. */
int picture_fetch(struct ctx *, const volatile int *stop);
/* How many wait; -1 = the database is away. */
int64_t picture_count(struct ctx *);

/* --- outbox.c: mail leaves --- */
/* Accounts with mails that are due; orphans: also those whose sender may have died over one. false =
 * the database is away. */
bool outbox_waiting(struct ctx *, struct arena *, bool orphans, struct ids *accounts);
/* Send what is due of one account until nothing is left; how many mails were dealt with, 0 also while
 * another process sends for it, -1 = the database is away or a mail's fate could not be kept. Ends early
 * when *stop is set. */
int outbox_send(struct ctx *, int64_t account, const volatile int *stop);

#endif
