/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being called when mail arrives. Spoken line by line: libetpan 1.9.4 crashes without a selected folder and takes any
 * line before the server's "+" for the end of the session. Afterwards its picture of the folder is old: who wants mails
 * selects anew. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "channel/imap.h"

enum { SLICE_MS = 1000 };

static const char tag[] = "idle ";

/* What the server tells unasked; *mail = there are more mails than before. */
static bool
hear(struct imap *i, const char *line, bool *mail, struct wire_error *e)
{
	char word[12] = "";
	long long n = 0;

	if (strncasecmp(line, "* BYE", 5) == 0)
		return wire_fail(e, "gone", "%s", line);
	if (sscanf(line, "* %lld %11s", &n, word) != 2)
		return true;
	if (strcasecmp(word, "EXPUNGE") == 0 && i->exists > 0)
		i->exists--;
	if (strcasecmp(word, "EXISTS") == 0) {
		*mail = *mail || n > i->exists;
		i->exists = n;
	}
	return true;
}

/* Read until a line that begins like this; what is told before is heard. */
static bool
until(struct imap *i, const char *wanted, MMAPString *line, bool *mail, struct wire_error *e)
{
	tls_deadline(i->tls, 1);
	while (imap_line(i, line, e)) {
		if (text_starts(line->str, wanted))
			return true;
		if (text_starts(line->str, tag))
			return wire_fail(e, "refused", "%s", line->str + sizeof tag - 1);
		if (line->str[0] != '*')
			return wire_fail(e, "protocol", "%s", line->str);
		if (!hear(i, line->str, mail, e))
			return false;
	}
	return false;
}

static bool
wait(struct imap *i, int64_t end, const volatile int *stop, MMAPString *line, bool *mail,
    struct wire_error *e)
{
	while (!*mail && *stop == 0 && time_mono() < end) {
		if (i->m->imap_stream->read_buffer_len == 0 && !tls_ready(i->tls, SLICE_MS))
			continue;
		tls_deadline(i->tls, 1);
		if (!imap_line(i, line, e) || !hear(i, line->str, mail, e))
			return false;
	}
	return true;
}

bool
imap_idle(struct imap *i, int seconds, const volatile int *stop, bool *mail, struct wire_error *e)
{
	int64_t end = time_mono() + (int64_t)seconds * 1000000;
	MMAPString *line;
	bool ok;

	*mail = false;
	if (!i->idles)
		return wire_fail(e, "refused", "the server does not offer IDLE");
	line = mmap_string_new("");
	ok = tls_say(i->tls, "%sIDLE", tag) ? until(i, "+", line, mail, e) : tls_why(i->tls, e);
	ok = ok && wait(i, end, stop, line, mail, e);
	if (ok)
		ok = tls_say(i->tls, "DONE") ? until(i, "idle OK", line, mail, e)
					     : tls_why(i->tls, e);
	mmap_string_free(line);
	return ok;
}
