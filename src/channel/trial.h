/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a trial share. Private to channel/. */
#ifndef CHANNEL_TRIAL_H
#define CHANNEL_TRIAL_H

#include "channel/fetch.h"

struct trial {
	struct ctx *c;
	int64_t id;
	struct arena memory; /* as long as the trial */
	struct row_trial_settings s;
	struct server from, to;
	bool says;        /* each step also on standard output */
	bool german;      /* in this language */
	struct buf steps; /* a JSON array without its end */
	bool bad;         /* a step failed */
	int64_t began;    /* of the step at hand, time_mono() */
	struct wire_error error;
	struct wire_certificate shown;
};

/* --- trial.c --- */
/* A step ended: part is in, out or trip. facts is a JSON object or NULL. Says it, keeps it, begins the next. */
void trial_well(struct trial *, const char *part, const char *step, const char *facts);
/* The same for one that failed by t->error; always false. */
bool trial_bad(struct trial *, const char *part, const char *step, const char *facts);
/* One that could not be tried because of what failed before. */
void trial_skip(struct trial *, const char *part, const char *step);

/* --- trial_wire.c: false = a step failed --- */
/* Name, connection, certificate, login; for fetching also the folders. */
bool trial_in(struct trial *);
bool trial_out(struct trial *);
/* How many mails there are since a day. */
bool trial_count(struct trial *);
/* Which servers an address has. */
bool trial_discover(struct trial *);

/* --- trial_trip.c --- */
/* Mails to oneself, until they are back. */
bool trial_trip(struct trial *);

#endif
