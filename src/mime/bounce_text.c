/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of programs that know no RFC 3464: qmail, Exim, old sendmail and Exchange, the large mail
 * providers. Each says with words of its own that, whom and why it could not deliver. */
#include "mime/private.h"

#include <string.h>

enum { LOOK = 16 << 10, WORDS = 500 };

/* Behind these stands who was not reached. */
static const char *const openings[] = { "Hi. This is the", "Hi! This is the",
	"could not be delivered to", "has not yet been delivered to", "couldn't be delivered",
	"wasn't delivered to", "has not been delivered to all of its",
	"following address(es) failed", "following address failed",
	"did not reach the following recipient", "Failed addresses follow",
	"addresses had permanent", "addresses had transient", "recipient failed permanently",
	"recipients failed permanently", "unable to deliver your message",
	"unable to deliver the message", "was undeliverable",
	"Delivery has failed to these recipients", "Delivery to the following recipient",
	"Delivery to these recipients", "not be delivered to the following", "I'm sorry to have to",
	"konnte nicht zugestellt werden", "nicht zugestellt werden konnte", "konnte an folgende",
	"Fehler bei der Zustellung", "Zustellung an folgende",
	"Fehler bei der Nachrichtenzustellung", "n'a pas pu être remis", "no se pudo entregar",
	"non è stato possibile recapitare", "kon niet worden bezorgd" };

/* From here on it is the mail that comes back. */
static const char *const copies[] = { "--- Below this line", "This is a copy of",
	"This is the original message", "----- Original message", "Message text follows",
	"Unsent message follows", "----- Message header follows",
	"Original message headers:", "The header of the original message", "Hier ist die Kopie",
	"Message header follows" };

static const char *
first_of(const char *text, const char *const *words, size_t n)
{
	const char *first = NULL, *p;

	for (size_t i = 0; i < n; i++)
		if ((p = strstr(text, words[i])) != NULL && (first == NULL || p < first))
			first = p;
	return first;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "5.1.1" (RFC 3463) somewhere in a text; NULL = there is none. */
const char *
mime_bounce_status(struct arena *a, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		size_t n = 2, k;

		if ((*p != '2' && *p != '4' && *p != '5') || p[1] != '.' ||
		    (p > text && (is_digit(p[-1]) || p[-1] == '.')))
			continue;
		for (k = 0; k < 3 && is_digit(p[n]); k++)
			n++;
		if (k == 0 || p[n++] != '.')
			continue;
		for (k = 0; k < 3 && is_digit(p[n]); k++)
			n++;
		if (k > 0 && !is_digit(p[n]) && (p[n] != '.' || !is_digit(p[n + 1])))
			return arena_dup(a, p, n);
	}
	return NULL;
}

/* The first address in a text. */
static const char *
address_in(struct arena *a, const char *text)
{
	static const char stops[] = " \t\n<>()[]\"',;:";

	for (const char *at = text; (at = strchr(at, '@')) != NULL; at++) {
		const char *start = at, *end = at + 1;

		while (start > text && strchr(stops, start[-1]) == NULL)
			start--;
		while (*end != '\0' && strchr(stops, *end) == NULL)
			end++;
		while (end > at && end[-1] == '.')
			end--;
		if (start < at && end > at + 1 && memchr(at, '.', (size_t)(end - at)) != NULL)
			return arena_dup(a, start, (size_t)(end - start));
	}
	return NULL;
}

/* "Message-ID: <...>" at the beginning of a line of the copy. */
static const char *
id_in(struct arena *a, const char *text)
{
	for (const char *p = text; (p = strchr(p, '\n')) != NULL;) {
		size_t skip = strspn(++p, " \t>");
		struct texts ids;
		bool cut = false;

		if (strncasecmp(p + skip, "message-id:", 11) != 0)
			continue;
		p += skip + 11;
		ids = mime_ids_read(a, (struct str){ p, strcspn(p, "\n") }, 2, &cut);
		return ids.n > 0 ? ids.v[0] : NULL;
	}
	return NULL;
}

/* What the server said: the first line with a code behind the address. */
static const char *
words_in(struct arena *a, const char *text)
{
	for (const char *p = text; *p != '\0'; p += strspn(p, "\n")) {
		size_t n = strcspn(p, "\n");
		char *line = text_line(a, p, n < LOOK ? n : LOOK);

		for (const char *d = line; *d != '\0'; d++)
			if ((*d == '4' || *d == '5') && is_digit(d[1]) && is_digit(d[2]) &&
			    (d[3] == ' ' || d[3] == '-') && (d == line || strchr(" :(<", d[-1])))
				return text_cut(a, d, WORDS);
		p += n;
	}
	return NULL;
}

static bool
is_delay(const char *text)
{
	static const char *const waiting[] = { "has not been delivered to all of its",
		"delivery attempts will continue", "will continue to be", "will keep trying",
		"transient non-fatal errors", "Delivery will continue to be attempted",
		"THIS IS A WARNING MESSAGE ONLY", "has not yet been delivered",
		"noch nicht zugestellt" };

	return first_of(text, waiting, NELEM(waiting)) != NULL;
}

bool
mime_bounce_text(struct arena *a, struct mail *m, struct bounce *b)
{
	char *text = arena_printf(a, "%s\n%s", m->visible, m->folded == NULL ? "" : m->folded);
	const char *begin, *copy, *reason;

	begin = first_of(text, openings, NELEM(openings));
	if (begin == NULL || begin - text > LOOK)
		return false;
	copy = first_of(begin, copies, NELEM(copies));
	if (b->message_id == NULL)
		b->message_id = id_in(a, copy != NULL ? copy : begin);
	reason = arena_dup(a, begin, copy == NULL ? strnlen(begin, LOOK) : (size_t)(copy - begin));
	if (b->recipient == NULL)
		b->recipient = address_in(a, strchrnul(reason, '\n'));
	if (b->recipient == NULL)
		b->recipient = address_in(a, reason);
	b->status = mime_bounce_status(a, reason);
	b->action = is_delay(reason) ? "delayed" : "failed";
	m->bounce_words = words_in(a, reason);
	return true;
}
