/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words by which mail programs of many languages introduce what they quote. */
#include "mime/private.h"

#include <string.h>
#include <strings.h>

static bool
has(struct str s, const char *part)
{
	return memmem(s.s, s.n, part, strlen(part)) != NULL;
}

static bool
starts(struct str s, const char *prefix)
{
	size_t n;

	if (s.n == 0 || ((s.s[0] ^ prefix[0]) & 0xdf) != 0)
		return false;
	n = strlen(prefix);
	return s.n >= n && strncasecmp(s.s, prefix, n) == 0;
}

/* A list of words, and which bytes they begin with: most lines begin with none of them. */
struct words {
	const char *const *v;
	size_t n;
	bool ready;
	bool first[256];
};
#define WORDS(list)                                                                                \
	{                                                                                          \
		list, NELEM(list), false,                                                          \
		{                                                                                  \
			false                                                                      \
		}                                                                                  \
	}

static bool
may_start(struct words *w, struct str s)
{
	for (size_t i = 0; !w->ready && i < w->n; i++) {
		unsigned char c = (unsigned char)w->v[i][0];

		w->first[c] = true;
		w->first[c ^ 32] = w->first[c ^ 32] || (c | 32) >= 'a';
	}
	w->ready = true;
	return s.n > 0 && w->first[(unsigned char)*s.s];
}

static bool
starts_any(struct str s, struct words *w)
{
	if (!may_start(w, s))
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (starts(s, w->v[i]))
			return true;
	return false;
}

static bool
ends_any(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = strlen(list[i]);

		if (s.n > k && memcmp(s.s + s.n - k, list[i], k) == 0)
			return true;
	}
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

/* "Sent from my iPhone", but not "Gesendet mit DHL am Montag". */
bool
mime_is_footer(struct str s)
{
	static const char *const words[] = { "Sent from ", "Sent via ", "Sent with ",
		"Get Outlook for ", "Von meinem ", "Von Samsung ", "Gesendet ",
		"Diese Nachricht wurde von mein", "Diese E-Mail wurde von mein",
		"Holen Sie sich Outlook", "Outlook für ", "Envoyé ", "Enviado ", "Inviato ",
		"Verzonden ", "Verstuurd ", "Skickat från ", "Sendt fra ", "Wysłane z ",
		"Odesláno z ", "Odoslané z ", "Lähetetty ", "Отправлено с ", "Отправлено из ",
		"Надіслано з ", "Trimis de pe ", "Στάλθηκε από ", "Poslano z ",
		"Diese Mail wurde von mein", "Diese E-Mail wurde von Avast", "Virenfrei.",
		"Virus-free.", "Von Yahoo ", "Télécharger Outlook ", "Obtenir Outlook ",
		"Obtener Outlook ", "Obter o Outlook ", "Scarica Outlook ", "Download Outlook ",
		"Hämta Outlook ", "Hent Outlook ", "Pobierz aplikację Outlook", "Hanki Outlook ",
		"Kom igång med Outlook" };
	static const char *const always[] = { "Sent from my ", "(Sent from ", "<<sent by ",
		"Sent from a phone", "Sent from Mailbox", "Sent from Windows Mail",
		"Sent with Airmail", "Sent via mobile", "From my iPhone", "Gesendet von meinem ",
		"從我的 iPhone", "发自我的", "iPhoneから送信" };
	static const char *const ends[] = { "küldve", "küldve.", "gönderildi", "gönderildi.",
		"herunterladen" };
	static const char *const things[] = { "iPhone", "iPad", "Android", "Samsung", "Galaxy",
		"Outlook", "Handy", "Smartphone", "smartphone", "Mobil", "mobil", "mobile",
		"Tablet", "BlackBerry", "Huawei", "HUAWEI", "Xiaomi", "Pixel", "Mail App",
		"Mail-App", "Mail app", "mail app", "Mail for Windows", "Mail für Windows",
		"Windows-Mail", "Yahoo", "GMX", "WEB.DE", "Telekom", "Proton", "Thunderbird",
		"unterwegs", "phone", "Telefon", "telefon", "móvil", "telefoon", "Nokia", "Sony",
		"Spark", "Gerät", "device", "AOL", "puhelim", "iPhon", "avast", "avg.com",
		"Sparrow", "telefón", "cihaz" };

	static struct words always_set = WORDS(always), set = WORDS(words);

	if (s.n > 8 && s.n < 120 && starts_any(s, &always_set))
		return true;
	return s.n > 8 && s.n < 160 && (starts_any(s, &set) || ends_any(s, ends, NELEM(ends))) &&
	       has_any(s, things, NELEM(things));
}

static bool
has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] >= '0' && s.s[i] <= '9')
			return true;
	return false;
}

bool
mime_is_forward(struct str s)
{
	static const char *const words[] = { "Forwarded message", "Forwarded Message",
		"Weitergeleitete Nachricht", "weitergeleiteten Nachricht", "forwarded message",
		"Forwarded by", "Message transféré", "Message transfere", "message réexpédié",
		"Mensaje reenviado", "mensaje reenviado", "Messaggio inoltrato",
		"messaggio inoltrato", "Doorgestuurd bericht", "Mensagem encaminhada",
		"Videresendt", "Vidarebefordrat", "Przekazana wiadomość", "Přeposlaná zpráva",
		"Пересылаемое сообщение", "Továbbított üzenet", "Edelleenlähetetty" };

	if (s.n <= 10 || s.n >= 150)
		return false;
	/* "Anfang der weitergeleiteten Nachricht:" names nobody and no date. */
	if (s.s[0] != '-' && s.s[0] != '=' &&
	    (s.s[s.n - 1] != ':' || memchr(s.s, '@', s.n) != NULL || has_digit(s)))
		return false;
	return has_any(s, words, NELEM(words));
}

/* "-----Original Message-----" */
bool
mime_is_original(struct str s)
{
	static const char *const words[] = { "Original Message", "Original message",
		"Ursprüngliche Nachricht", "Originalnachricht", "Original-Nachricht",
		"Original Nachricht", "Message d'origine", "Message original", "Mensaje original",
		"Messaggio originale", "Oorspronkelijk bericht", "Mensagem original",
		"Oprindelig meddelelse", "Opprinnelig melding", "Ursprungligt meddelande",
		"Alkuperäinen viesti", "Wiadomość oryginalna", "Původní zpráva",
		"Исходное сообщение", "Вихідне повідомлення", "Eredeti üzenet", "Orijinal mesaj",
		"Orijinal Mesaj", "Özgün İleti", "Orijinal İleti", "Pôvodná správa",
		"Αρχικό μήνυμα", "Mesaj original", "Mesajul original", "Oryginalna wiadomość",
		"Izvorna poruka", "ORIGINAL MESSAGE", "Reply Message", "Antwort Nachricht",
		"Ursprüngliche Mail", "Ursprüngliche E-Mail" };

	/* Samsung's text goes on in the same line. */
	return s.n > 10 && s.s[0] == '-' && has_any(s, words, NELEM(words)) &&
	       ((s.s[s.n - 1] == '-' && s.n < 120) ||
		   (has(s, " --------") && has((struct str){ s.s, 8 }, "--------")));
}

/* docket's own line, and what other help desks write for the same end. */
bool
mime_is_reply_line(struct str s)
{
	static const char *const words[] = { "oberhalb dieser", "über dieser Zeile",
		"above this line" };

	return s.n < 200 && s.s[0] == '#' && s.n > 2 && s.s[1] == '#' &&
	       has_any(s, words, NELEM(words));
}

bool
mime_is_opening(struct str s)
{
	static const char *const words[] = { "On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ",
		"No dia ", "Pe ", "În ", "Στις ", "Dňa ", "man.", "tir.", "ons.", "tor.", "fre.",
		"lør.", "søn.", "lau.", "ma ", "ti ", "ke ", "to ", "pe ", "la ", "su ", "pon",
		"wt.", "śr.", "czw", "pt.", "sob", "niedz", "št", "ut ", "ne ",
		"Wiadomość napisana ", "Den ", "På ", "W dniu ", "Dnia ", "Dne ", "Vào ", "Pada ",
		"Në ", "Na ", "A ", "La ", "Il giorno ", "Ter ", "Seg", "Qua", "Mo", "Tu", "We",
		"Th", "Fr", "Sa", "Su", "Di", "Mi", "Do", "So", "Lun", "Mar", "Mer", "Jeu", "Ven",
		"Sam", "Dim", "Mié", "Jue", "Vie", "Sáb", "Dom", "Po", "Út", "St", "Čt", "Pá", "Пн",
		"пн", "Вт", "вт", "Ср", "ср", "Чт", "чт", "Пт", "пт", "Сб", "сб", "Вс", "вс",
		"Quoting ", "Zitat von ", "Citando ", "Citando a ", "Ticket " };
	static struct words set = WORDS(words);

	while (s.n > 0 && (*s.s == '-' || *s.s == ' ')) { /* "--- On Wed" */
		s.s++;
		s.n--;
	}
	return s.n > 0 && ((s.s[0] >= '0' && s.s[0] <= '9') || starts_any(s, &set));
}

/* A verb stands at the beginning of a word. */
bool
mime_has_verb(struct str s)
{
	static const char *const words[] = { "wrote", "schrieb", "a écrit", "écrit", "escribió",
		"ha scritto", "scrisse", "schreef", "geschreven", "escreveu", "skrev", "napisał",
		"pisze", "napsal", "napísal", "írta", "kirjoitti", "пишет", "писал", "написал",
		"yazdı", "đã viết", "viết", "a scris", "menulis", "έγραψε", "写道", "Quoting",
		"Zitat von", "Citando", "geschrieben", "hat geschrieben", "napisana", "kirjutas",
		"rašė", "je napisao" };
	static const char first[] = "wsaeghnpkyvmrjQZC\xc3\xd0\xc4\xce\xe5";

	for (size_t i = 0; i < s.n; i++)
		if ((i == 0 || s.s[i - 1] == ' ' || (unsigned char)s.s[i] == 0xe5) &&
		    strchr(first, s.s[i]) != NULL)
			for (size_t k = 0; k < NELEM(words); k++)
				if (words[k][0] == s.s[i] &&
				    strncmp(words[k], s.s + i, strlen(words[k])) == 0)
					return true;
	return false;
}

static const struct {
	int kind;
	const char *word;
} fields[] = { { QUOTE_FROM, "From" }, { QUOTE_FROM, "Von" }, { QUOTE_FROM, "De" },
	{ QUOTE_FROM, "Da" }, { QUOTE_FROM, "Van" }, { QUOTE_FROM, "Fra" }, { QUOTE_FROM, "Från" },
	{ QUOTE_FROM, "Od" }, { QUOTE_FROM, "От" }, { QUOTE_FROM, "De la" }, { QUOTE_FROM, "Από" },
	{ QUOTE_FROM, "Від" }, { QUOTE_FROM, "Šalje" }, { QUOTE_FROM, "Remitente" },
	{ QUOTE_FROM, "Afzender" }, { QUOTE_FROM, "Avsändare" }, { QUOTE_FROM, "Afsender" },
	{ QUOTE_FROM, "Avsender" }, { QUOTE_FROM, "Lähettäjä" }, { QUOTE_FROM, "Feladó" },
	{ QUOTE_FROM, "Kimden" }, { QUOTE_FROM, "Expéditeur" }, { QUOTE_FROM, "Absender" },
	{ QUOTE_DATE, "Sent" }, { QUOTE_DATE, "Date" }, { QUOTE_DATE, "Gesendet" },
	{ QUOTE_DATE, "Datum" }, { QUOTE_DATE, "Envoyé" }, { QUOTE_DATE, "Enviado" },
	{ QUOTE_DATE, "Enviada" }, { QUOTE_DATE, "Fecha" }, { QUOTE_DATE, "Data" },
	{ QUOTE_DATE, "Inviato" }, { QUOTE_DATE, "Verzonden" }, { QUOTE_DATE, "Sendt" },
	{ QUOTE_DATE, "Dato" }, { QUOTE_DATE, "Skickat" }, { QUOTE_DATE, "Wysłano" },
	{ QUOTE_DATE, "Odesláno" }, { QUOTE_DATE, "Дата" }, { QUOTE_DATE, "Отправлено" },
	{ QUOTE_DATE, "Lähetetty" }, { QUOTE_DATE, "Küldve" }, { QUOTE_DATE, "Gönderilen" },
	{ QUOTE_DATE, "Gönderme Tarihi" }, { QUOTE_DATE, "Gönderildi" }, { QUOTE_DATE, "Tarih" },
	{ QUOTE_DATE, "Enviado el" }, { QUOTE_DATE, "Enviado em" }, { QUOTE_DATE, "Enviada em" },
	{ QUOTE_DATE, "Odoslané" }, { QUOTE_DATE, "Trimis" }, { QUOTE_DATE, "Στάλθηκε" },
	{ QUOTE_DATE, "Ημερομηνία" }, { QUOTE_DATE, "Надіслано" }, { QUOTE_DATE, "Elküldve" },
	{ QUOTE_DATE, "Dátum" }, { QUOTE_DATE, "Päivämäärä" }, { QUOTE_DATE, "Inviato il" },
	{ QUOTE_DATE, "Sendt den" }, { QUOTE_DATE, "Poslano" }, { QUOTE_TO, "Către" },
	{ QUOTE_TO, "Προς" }, { QUOTE_TO, "Prima" }, { QUOTE_TO, "Destinatario" },
	{ QUOTE_TO, "Pro" }, { QUOTE_TO, "To" }, { QUOTE_TO, "An" }, { QUOTE_TO, "À" },
	{ QUOTE_TO, "A" }, { QUOTE_TO, "Aan" }, { QUOTE_TO, "Til" }, { QUOTE_TO, "Para" },
	{ QUOTE_TO, "Till" }, { QUOTE_TO, "Do" }, { QUOTE_TO, "Komu" }, { QUOTE_TO, "Кому" },
	{ QUOTE_TO, "Vastaanottaja" }, { QUOTE_TO, "Címzett" }, { QUOTE_TO, "Kime" },
	{ QUOTE_TO, "Empfänger" }, { QUOTE_TO, "Pour" }, { QUOTE_SUBJECT, "Subject" },
	{ QUOTE_SUBJECT, "Betreff" }, { QUOTE_SUBJECT, "Objet" }, { QUOTE_SUBJECT, "Asunto" },
	{ QUOTE_SUBJECT, "Oggetto" }, { QUOTE_SUBJECT, "Onderwerp" }, { QUOTE_SUBJECT, "Assunto" },
	{ QUOTE_SUBJECT, "Emne" }, { QUOTE_SUBJECT, "Ämne" }, { QUOTE_SUBJECT, "Temat" },
	{ QUOTE_SUBJECT, "Předmět" }, { QUOTE_SUBJECT, "Тема" }, { QUOTE_SUBJECT, "Aihe" },
	{ QUOTE_SUBJECT, "Tárgy" }, { QUOTE_SUBJECT, "Konu" }, { QUOTE_SUBJECT, "Predmet" },
	{ QUOTE_SUBJECT, "Subiect" }, { QUOTE_SUBJECT, "Θέμα" } };

int
mime_field_kind(struct str s)
{
	static bool ready, first[256];

	while (
	    s.n > 0 && (*s.s == '*' || *s.s == ' ')) { /* *Von:* is bold in text made from HTML */
		s.s++;
		s.n--;
	}
	if (s.n < 3 || memchr(s.s, ':', s.n < 40 ? s.n : 40) == NULL)
		return 0;
	for (size_t i = 0; !ready && i < NELEM(fields); i++)
		first[(unsigned char)fields[i].word[0] & 0xdf] = true;
	ready = true;
	if (!first[(unsigned char)*s.s & 0xdf])
		return 0;
	for (size_t i = 0; i < NELEM(fields); i++) {
		size_t n = strlen(fields[i].word), k = n;

		if (!starts(s, fields[i].word))
			continue;
		while (k < s.n && (s.s[k] == ' ' || s.s[k] == '*'))
			k++;
		if (k < s.n && s.s[k] == ':')
			return fields[i].kind;
	}
	return 0;
}

/* "______ / riak-users mailing list": the first line is a rule, the second says whose footer it is. */
bool
mime_is_list_footer(struct str rule, struct str next)
{
	static const char *const words[] = { "mailing list", "Mailing List", "mailing-list",
		"Mailingliste", "Mailing-Liste", "mailinglist", "-- list", "unsubscribe",
		"Unsubscribe" };

	return rule.n >= 10 && strspn(rule.s, "_-=") >= rule.n &&
	       has_any(next, words, NELEM(words));
}

/* "Am 3. März schrieb ich Ihnen:" is prose. */
bool
mime_is_first_person(struct str s)
{
	return has(s, " ich ") || has(s, " I wrote") || has(s, " wir ") || has(s, " we wrote");
}
