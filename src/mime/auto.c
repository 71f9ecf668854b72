/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a mail from a machine? Then nothing is answered by itself (mail.md 4, RFC 3834). */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

/* A field's value as one line in lower case; "" = not there. */
static const char *
value(struct arena *a, const struct head *h, enum field f)
{
	struct str raw = h->v[f];

	if (raw.s == NULL)
		return "";
	raw.n = raw.n < 500 ? raw.n : 500;
	return text_lower(a, mime_words_line(a, raw));
}

static bool
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || strchr(" ,;", p[-1]) != NULL) && strchr(" ,;", p[n]) != NULL)
			return true;
	return false;
}

static bool
suppresses(const char *v)
{
	static const char *const words[] = { "all", "autoreply", "oof", "dr", "rn", "nrn" };

	for (size_t i = 0; i < NELEM(words); i++)
		if (has_word(v, words[i]))
			return true;
	return false;
}

/* "AUTO: Hans Meier ist außer Haus (Rückkehr am 23.11.)" of Lotus Notes; "Auto: Ersatzteil" is no such. */
static bool
is_notes(const char *subject)
{
	static const char *const words[] = { "out of", "außer haus", "abwesend", "nicht im",
		"returning", "rückkehr", "retour", "absent" };

	for (size_t i = 0; i < NELEM(words); i++)
		if (strstr(subject, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_away(const char *subject)
{
	static const char *const starts[] = { "automatische antwort", "automatic reply",
		"autoreply", "auto-reply", "auto reply", "out of office", "abwesenheit", "abwesend",
		"réponse automatique", "respuesta automática", "risposta automatica",
		"automatisch antwoord", "autosvar", "automatiskt svar", "away from my mail",
		"away from the office" };
	static const char *const inside[] = { "out of office", "abwesenheitsnotiz",
		"abwesenheitsmeldung", "abwesenheitsassistent", "nicht im büro" };

	for (size_t i = 0; i < NELEM(starts); i++)
		if (text_starts(subject, starts[i]))
			return true;
	if (text_starts(subject, "auto: ") && is_notes(subject))
		return true;
	for (size_t i = 0; i < NELEM(inside); i++)
		if (strstr(subject, inside[i]) != NULL)
			return true;
	return false;
}

static bool
is_robot(struct arena *a, const char *email)
{
	static const char *const names[] = { "mailer-daemon", "postmaster", "noreply", "no-reply",
		"no_reply", "donotreply", "do-not-reply", "do_not_reply" };
	const char *lower = text_lower(a, email), *at = strchr(lower, '@');
	size_t n = at == NULL ? strlen(lower) : (size_t)(at - lower);

	for (size_t i = 0; i < NELEM(names); i++)
		if (n == strlen(names[i]) && memcmp(lower, names[i], n) == 0)
			return true;
	return text_starts(lower, "noreply-") || text_starts(lower, "no-reply-") ||
	       text_starts(lower, "bounce");
}

static const char *
by_header(struct arena *a, const struct head *h)
{
	const char *v = value(a, h, F_AUTO_SUBMITTED), *p = value(a, h, F_PRECEDENCE);

	if (*v != '\0' && strcmp(v, "no") != 0 && !text_starts(v, "no;") && !text_starts(v, "no "))
		return text_starts(v, "auto-replied") || strstr(v, "vacation") != NULL
			   ? "auto-replied"
			   : "auto-submitted";
	if (h->v[F_AUTOREPLY].s != NULL || h->v[F_AUTORESPOND].s != NULL ||
	    h->v[F_AUTOREPLY_FROM].s != NULL || strcmp(p, "auto_reply") == 0)
		return "auto-replied";
	if (h->v[F_RULES_LOOP].s != NULL)
		return "exchange-rule";
	if (h->v[F_LIST_ID].s != NULL || h->v[F_LIST_UNSUBSCRIBE].s != NULL ||
	    h->v[F_LIST_POST].s != NULL || strcmp(p, "list") == 0)
		return "list";
	if (strcmp(p, "bulk") == 0 || strcmp(p, "junk") == 0)
		return "bulk";
	if (h->v[F_LOOP].s != NULL)
		return "loop";
	if (h->v[F_FEEDBACK_ID].s != NULL)
		return "bulk";
	if (suppresses(value(a, h, F_SUPPRESS)))
		return "suppress";
	return text_starts(value(a, h, F_SPAM_FLAG), "yes") ? "spam" : NULL;
}

const char *
mime_auto_reason(struct arena *a, const struct head *h, const struct mail *m, const char *type)
{
	const char *why;

	if (strcmp(type, "multipart/report") == 0 || h->v[F_IS_NDR].s != NULL ||
	    h->v[F_FAILED_RECIPIENTS].s != NULL)
		return "report";
	if (m->subject != NULL && is_away(text_lower(a, m->subject)))
		return "vacation";
	why = by_header(a, h);
	if (why != NULL)
		return why;
	if (m->sender != NULL && *m->sender == '\0')
		return "null-sender";
	if (m->from.n > 0 && is_robot(a, m->from.v[0].email))
		return "robot";
	return NULL;
}
