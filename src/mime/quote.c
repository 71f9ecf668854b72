/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which end of a mail is quoted or a signature (mail.md 7). Every line gets one mark, then the end is walked
 * upwards; no regular expressions, no line is looked at more than a fixed number of times. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

enum { LINE_LOOK = 400, ATTRIBUTION_LINES = 4, BLOCK_LINES = 10, SIGNATURE_LINES = 15 };

enum mark {
	EMPTY,
	TEXT,
	QUOTED,    /* begins with > */
	SPLITTER,  /* "On ... X wrote:" */
	HARD,      /* all from here on is the older mail, marked or not */
	SIGNATURE, /* "-- " */
	FOOTER,    /* "Sent from my ..." */
};

/* A body may have two million of them. */
struct line {
	uint32_t at;
	unsigned n : 28;
	unsigned mark : 4;
};
struct lines {
	struct arena *arena;
	const char *text;
	struct line *v;
	size_t n;
	size_t forward; /* from this line on nothing is quoted: it was passed on to be read */
};

static size_t
skip_blank(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (s[i] == ' ' || s[i] == '\t')
			i++;
		else if (n - i > 1 && memcmp(s + i, "\xc2\xa0", 2) == 0)
			i += 2;
		else
			break;
	}
	return i;
}

static bool
has(struct str s, const char *part)
{
	return memmem(s.s, s.n, part, strlen(part)) != NULL;
}

static bool
starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && strncasecmp(s.s, prefix, n) == 0;
}

/* The line without blanks around it, at most so much as is worth looking at. */
static struct str
trimmed(const struct lines *l, size_t i)
{
	const char *s = l->text + l->v[i].at;
	size_t skip = skip_blank(s, l->v[i].n), n = l->v[i].n - skip;

	n = n < LINE_LOOK ? n : LINE_LOOK;
	while (n > 0 && (s[skip + n - 1] == ' ' || s[skip + n - 1] == '\t'))
		n--;
	return (struct str){ s + skip, n };
}

static bool
starts_any(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (starts(s, list[i]))
			return true;
	return false;
}

static bool
has_any(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has(s, list[i]))
			return true;
	return false;
}

/* --- single lines --- */
static bool
is_footer(struct str s)
{
	static const char *const words[] = { "Sent from my ", "Sent from Mail for ",
		"Sent from Outlook", "Sent from Yahoo", "Sent from Samsung", "Sent from Proton",
		"Sent from the ", "Sent via ", "Sent with ", "Get Outlook for ", "Von meinem ",
		"Von Samsung ", "Gesendet von meinem ", "Gesendet von Outlook", "Gesendet von Mail",
		"Gesendet mit der ", "Gesendet mit ", "Gesendet von Yahoo", "Gesendet über ",
		"Gesendet von unterwegs", "Diese Nachricht wurde von mein",
		"Holen Sie sich Outlook", "Outlook für Android", "Outlook für iOS",
		"Envoyé de mon ", "Envoyé depuis ", "Enviado desde ", "Enviado do meu ",
		"Enviado de mi ", "Inviato da ", "Inviato dal mio ", "Verzonden vanaf ",
		"Verstuurd vanaf ", "Skickat från ", "Sendt fra ", "Wysłane z ", "Odesláno z ",
		"Lähetetty ", "Отправлено с ", "Отправлено из " };

	return s.n < 120 && starts_any(s, words, NELEM(words));
}

static bool
is_forward(struct str s)
{
	static const char *const words[] = { "Forwarded message", "Forwarded Message",
		"Weitergeleitete Nachricht", "weitergeleiteten Nachricht", "forwarded message",
		"Forwarded by", "Message transféré", "Message transfere", "message réexpédié",
		"Mensaje reenviado", "mensaje reenviado", "Messaggio inoltrato",
		"messaggio inoltrato", "Doorgestuurd bericht", "Mensagem encaminhada",
		"Videresendt", "Vidarebefordrat", "Przekazana wiadomość", "Přeposlaná zpráva",
		"Пересылаемое сообщение", "Továbbított üzenet", "Edelleenlähetetty" };

	return s.n < 150 && (s.s[0] == '-' || s.s[0] == '=' || s.s[s.n - 1] == ':') &&
	       has_any(s, words, NELEM(words));
}

/* "-----Original Message-----" */
static bool
is_original(struct str s)
{
	static const char *const words[] = { "Original Message", "Original message",
		"Ursprüngliche Nachricht", "Originalnachricht", "Original-Nachricht",
		"Original Nachricht", "Message d'origine", "Message original", "Mensaje original",
		"Messaggio originale", "Oorspronkelijk bericht", "Mensagem original",
		"Oprindelig meddelelse", "Opprinnelig melding", "Ursprungligt meddelande",
		"Alkuperäinen viesti", "Wiadomość oryginalna", "Původní zpráva",
		"Исходное сообщение", "Eredeti üzenet", "Orijinal mesaj", "ORIGINAL MESSAGE",
		"Reply Message", "Ursprüngliche Mail" };

	return s.n < 120 && s.s[0] == '-' && s.s[s.n - 1] == '-' && has_any(s, words, NELEM(words));
}

/* docket's own line, and what other help desks write for the same end. */
static bool
is_reply_line(struct str s)
{
	static const char *const words[] = { "oberhalb dieser", "über dieser Zeile",
		"above this line" };

	return s.n < 200 && s.s[0] == '#' && s.n > 2 && s.s[1] == '#' &&
	       has_any(s, words, NELEM(words));
}

static enum mark
mark_of(struct str s)
{
	if (s.n == 0)
		return EMPTY;
	if (s.s[0] == '>' || starts(s, "&gt;"))
		return QUOTED;
	if (s.s[0] == QUOTE_MARK || is_original(s) || is_reply_line(s))
		return HARD;
	if (s.n == 2 && memcmp(s.s, "--", 2) == 0)
		return SIGNATURE;
	return is_footer(s) ? FOOTER : TEXT;
}

/* --- "On Mon, 23 Nov 2026, X wrote:", over up to four lines --- */
static bool
is_opening(struct str s)
{
	static const char *const words[] = { "On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ",
		"Den ", "På ", "W dniu ", "Dnia ", "Dne ", "Vào ", "Pada ", "Në ", "Na ", "A ",
		"La ", "Il giorno ", "Ter ", "Seg", "Qua", "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su",
		"Di", "Mi", "Do", "So", "Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim", "Mié",
		"Jue", "Vie", "Sáb", "Dom", "Po", "Út", "St", "Čt", "Pá", "Пн", "Вт", "Ср", "Чт",
		"Пт", "Сб", "Вс", "Quoting ", "Zitat von ", "Citando ", "Citando a ", "Ticket " };

	return s.n > 0 && ((s.s[0] >= '0' && s.s[0] <= '9') || starts_any(s, words, NELEM(words)));
}

static bool
has_verb(struct str s)
{
	static const char *const words[] = { "wrote", "schrieb", "a écrit", "écrit", "escribió",
		"ha scritto", "scrisse", "schreef", "geschreven", "escreveu", "skrev", "napisał",
		"pisze", "napsal", "napísal", "írta", "kirjoitti", "пишет", "писал", "написал",
		"yazdı", "đã viết", "viết", "a scris", "menulis", "έγραψε", "写道", "Quoting",
		"Zitat von", "Citando", "hat geschrieben", "kirjutas", "rašė", "je napisao" };

	return has_any(s, words, NELEM(words));
}

static bool
has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] >= '0' && s.s[i] <= '9')
			return true;
	return false;
}

/* Text around a verb can be prose ("Am 3. März schrieb ich Ihnen:"); a name has an address or stands
 * behind a clock time or year, and "ich" is nobody's name. */
static bool
is_attribution(struct str first, struct str all)
{
	bool address = memchr(all.s, '@', all.n) != NULL;

	if (all.n > 4 * LINE_LOOK || !has_verb(all))
		return is_opening(first) && address && has_digit(all) && all.s[all.n - 2] == '>' &&
		       first.s[0] >= '0' && first.s[0] <= '9';
	if (has(all, " ich ") || has(all, " I wrote") || has(all, " wir ") || has(all, " we wrote"))
		return false;
	return is_opening(first) ? has_digit(all) || address : address && has_digit(all);
}

static bool
ends_colon(struct str s)
{
	return s.n > 1 && (s.s[s.n - 1] == ':' || (s.n > 3 && memcmp(s.s + s.n - 3, "：", 3) == 0));
}

static void
mark_attribution(struct lines *l, size_t last)
{
	struct str s = trimmed(l, last), first, all;
	size_t i = last;

	if (l->v[last].mark != TEXT || !ends_colon(s))
		return;
	for (size_t k = 0; k < ATTRIBUTION_LINES; k++, i--) {
		if (l->v[i].mark != TEXT || l->v[i].n > LINE_LOOK)
			return;
		first = trimmed(l, i);
		all = (struct str){ first.s, (size_t)(s.s + s.n - first.s) };
		/* A line that runs to its end with the verb is whole; look no further up. */
		if (is_attribution(first, all) && (is_opening(first) || k == 0)) {
			for (; i <= last; i++)
				l->v[i].mark = SPLITTER;
			return;
		}
		if (i == 0)
			return;
	}
}

/* --- blocks like "From: / Sent: / To: / Subject:" --- */
enum { FROM = 1, DATE = 2, TO = 4, SUBJECT = 8 };

static int
field_kind(struct str s)
{
	static const struct {
		int kind;
		const char *word;
	} words[] = { { FROM, "From" }, { FROM, "Von" }, { FROM, "De" }, { FROM, "Da" },
		{ FROM, "Van" }, { FROM, "Fra" }, { FROM, "Från" }, { FROM, "Od" }, { FROM, "От" },
		{ FROM, "Lähettäjä" }, { FROM, "Feladó" }, { FROM, "Kimden" },
		{ FROM, "Expéditeur" }, { FROM, "Absender" }, { DATE, "Sent" }, { DATE, "Date" },
		{ DATE, "Gesendet" }, { DATE, "Datum" }, { DATE, "Envoyé" }, { DATE, "Enviado" },
		{ DATE, "Enviada" }, { DATE, "Fecha" }, { DATE, "Data" }, { DATE, "Inviato" },
		{ DATE, "Verzonden" }, { DATE, "Sendt" }, { DATE, "Dato" }, { DATE, "Skickat" },
		{ DATE, "Wysłano" }, { DATE, "Odesláno" }, { DATE, "Дата" }, { DATE, "Отправлено" },
		{ DATE, "Lähetetty" }, { DATE, "Küldve" }, { DATE, "Gönderilen" },
		{ DATE, "Gönderme Tarihi" }, { TO, "To" }, { TO, "An" }, { TO, "À" }, { TO, "A" },
		{ TO, "Aan" }, { TO, "Til" }, { TO, "Para" }, { TO, "Till" }, { TO, "Do" },
		{ TO, "Komu" }, { TO, "Кому" }, { TO, "Vastaanottaja" }, { TO, "Címzett" },
		{ TO, "Kime" }, { TO, "Empfänger" }, { TO, "Pour" }, { SUBJECT, "Subject" },
		{ SUBJECT, "Betreff" }, { SUBJECT, "Objet" }, { SUBJECT, "Asunto" },
		{ SUBJECT, "Oggetto" }, { SUBJECT, "Onderwerp" }, { SUBJECT, "Assunto" },
		{ SUBJECT, "Emne" }, { SUBJECT, "Ämne" }, { SUBJECT, "Temat" },
		{ SUBJECT, "Předmět" }, { SUBJECT, "Тема" }, { SUBJECT, "Aihe" },
		{ SUBJECT, "Tárgy" }, { SUBJECT, "Konu" } };

	while (
	    s.n > 0 && (*s.s == '*' || *s.s == ' ')) { /* *Von:* is bold in text made from HTML */
		s.s++;
		s.n--;
	}
	for (size_t i = 0; i < NELEM(words); i++) {
		size_t n = strlen(words[i].word), k = n;

		if (!starts(s, words[i].word))
			continue;
		while (k < s.n && (s.s[k] == ' ' || s.s[k] == '*'))
			k++;
		if (k < s.n && s.s[k] == ':')
			return words[i].kind;
	}
	return 0;
}

/* A block needs sender, subject and one more, within a few lines and with no other text between. */
static bool
is_block(struct lines *l, size_t at)
{
	int seen = 0, other = 0;

	for (size_t i = at; i < l->n && i < at + BLOCK_LINES; i++) {
		struct str s = trimmed(l, i);
		int kind;

		if (s.n == 0) {
			if (seen != 0 && (seen & (seen - 1)) != 0)
				break;
			continue;
		}
		kind = field_kind(s);
		if (kind == 0 && (memchr(s.s, ':', s.n < 30 ? s.n : 30) == NULL && ++other > 2))
			break;
		seen |= kind;
	}
	return (seen & FROM) != 0 && (seen & (DATE | TO)) != 0 &&
	       (seen & (SUBJECT | DATE)) == (SUBJECT | DATE);
}

static void
mark_block(struct lines *l, size_t at)
{
	struct str s;

	if (l->v[at].mark != TEXT || l->v[at].n > LINE_LOOK)
		return;
	s = trimmed(l, at);
	if ((field_kind(s) & (FROM | DATE)) == 0 || !is_block(l, at))
		return;
	l->v[at].mark = HARD;
	/* The rule or blank lines above belong to it. */
	while (at > 0 && l->v[at - 1].mark == EMPTY)
		at--;
	s = at > 0 ? trimmed(l, at - 1) : STR("");
	if (s.n >= 5 && strspn(s.s, "_-=*") >= s.n)
		l->v[at - 1].mark = HARD;
}

/* --- the whole --- */
static void
split_lines(struct lines *l, const char *text)
{
	size_t n = 1;

	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		n++;
	l->v = arena_alloc(l->arena, n * sizeof(*l->v));
	for (const char *p = text, *nl; *p != '\0'; p = *nl == '\0' ? nl : nl + 1) {
		struct line *line = &l->v[l->n++];

		nl = strchrnul(p, '\n');
		line->at = (uint32_t)(p - text);
		line->n = (unsigned)(nl - p) & 0xfffffff;
		line->mark = mark_of(trimmed(l, l->n - 1));
	}
}

static void
mark_lines(struct lines *l)
{
	l->forward = l->n;
	for (size_t i = 0; i < l->n; i++) {
		struct str s = trimmed(l, i);

		if (s.n > 0 && l->v[i].mark == TEXT && is_forward(s)) {
			l->forward = i;
			break;
		}
	}
	for (size_t i = 0; i < l->forward; i++)
		mark_attribution(l, i);
	for (size_t i = 0; i < l->forward; i++)
		mark_block(l, i);
}

/* The first line where the older mail begins whatever its lines look like. */
static size_t
hard_cut(const struct lines *l)
{
	bool text = false;

	for (size_t i = 0; i < l->forward; i++) {
		if (l->v[i].mark == HARD)
			return i;
		if (l->v[i].mark == SPLITTER && text) {
			size_t k = i;

			/* Nothing marked below it: all of the rest is the older mail. */
			while (k < l->n && l->v[k].mark != QUOTED)
				k++;
			if (k == l->n)
				return i;
		}
		text = text || l->v[i].mark == TEXT;
	}
	return l->n;
}

/* Where the signature in [0, end) begins, or end. */
static size_t
signature(const struct lines *l, size_t end)
{
	size_t i = end, n = 0;

	while (i > 0 && n < SIGNATURE_LINES && l->v[i - 1].mark != QUOTED &&
	       l->v[i - 1].mark != SPLITTER) {
		i--;
		n += l->v[i].mark != EMPTY;
		if (l->v[i].mark == SIGNATURE)
			return i;
	}
	for (i = end; i > 0 && (l->v[i - 1].mark == EMPTY || l->v[i - 1].mark == FOOTER); i--)
		if (l->v[i - 1].mark == FOOTER)
			end = i - 1;
	return end;
}

/* Quoted lines at the end, with the line that introduces them. */
static size_t
trailing_quote(const struct lines *l, size_t end)
{
	size_t i = end;
	bool quoted = false;

	while (i > 0 && (l->v[i - 1].mark == EMPTY || l->v[i - 1].mark == QUOTED)) {
		quoted = quoted || l->v[i - 1].mark == QUOTED;
		i--;
	}
	while (i > 0 && (l->v[i - 1].mark == SPLITTER || (l->v[i - 1].mark == EMPTY && quoted)) &&
	       i - 1 < l->forward)
		i--;
	return quoted || (i < end && l->v[i].mark == SPLITTER) ? i : end;
}

static size_t
find_end(struct lines *l)
{
	size_t end, before;

	if (l->forward < l->n)
		return l->n;
	end = hard_cut(l);
	do {
		before = end;
		end = signature(l, end);
		end = trailing_quote(l, end);
	} while (end < before && end > 0);
	while (end > 0 && l->v[end - 1].mark == EMPTY)
		end--;
	return end;
}

/* Without docket's own marks, which only text made of HTML has. */
static const char *
without_marks(struct arena *a, const char *s)
{
	struct buf b = { .arena = a };
	const char *p;

	if (strchr(s, QUOTE_MARK) == NULL)
		return s;
	while ((p = strchr(s, QUOTE_MARK)) != NULL) {
		buf_add(&b, s, (size_t)(p - s));
		s = p + 1 + (p[1] == '\n');
	}
	buf_puts(&b, s);
	return b.s;
}

static bool
says_something(const struct lines *l, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (l->v[i].mark != EMPTY)
			return true;
	return false;
}

struct quote
quote_split(struct arena *a, const char *text)
{
	struct lines l = { .arena = a, .text = text };
	size_t end, bytes;

	split_lines(&l, text);
	mark_lines(&l);
	end = find_end(&l);
	if (end == l.n || !says_something(&l, end))
		return (struct quote){ without_marks(a, text), NULL };
	bytes = l.v[end - 1].at + l.v[end - 1].n;
	return (struct quote){ without_marks(a, arena_dup(a, text, bytes)),
		without_marks(a, text + bytes) };
}
