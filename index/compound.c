/* SPDX-License-Identifier: GPL-3.0-or-later */
/* German compounds: "Rechnungskorrektur" is found by "Korrektur", too. A word is split where its last part is a noun
 * that this index knows and what stands before it is made of such nouns or their stems. */
#include <stdio.h>
#include <string.h>

#include "index/words.h"

enum {
	SHORTEST = 4,     /* letters of a part */
	LONGEST = 20,     /* ... */
	COMPOUND = 8,     /* letters of the shortest compound */
	PLACES = 1 << 17, /* of the table; more than twice as many as there are words and stems */
	FULL = PLACES / 2
};

/* What shops write about, for an index that has learnt nothing yet. */
static const char seed[] =
    "abbuchung abholung absender adresse akku angebot anhang ankunft anleitung anschrift "
    "ansprechpartner antrag antwort "
    "anzahlung anzeige artikel arbeit aufkleber auftrag ausgabe auskunft ausland auswahl bank "
    "batterie bearbeitung becher "
    "bedarf bedienung beleg bereich berechnung beschaedigung beschreibung beschwerde bestaetigung "
    "bestand bestellung besteck "
    "besuch betrag betreff bett bezahlung bezug bild bildschirm blatt blume boden brief buch "
    "buchung buero code daten datum "
    "decke dienst differenz druck drucker eingang einkauf einlage einzug empfang empfaenger "
    "erfassung ergebnis erinnerung "
    "ersatz erstattung etikett fach faden fall farbe fehler fenster fest filiale firma flasche "
    "foto frage frist fuss garantie "
    "garten gebuehr geburtstag gegenstand geld geraet geschaeft geschenk geschirr gesellschaft "
    "gewicht glas griff groesse "
    "grund gutschein gutschrift haken halter hals hand handel handtuch haus heim hemd hersteller "
    "hilfe hinweis hose hotel "
    "information inhalt jacke jahr karte kasse kasten kauf kette kinder kissen kleid kleidung "
    "klasse konto kontakt kopf korb "
    "korrektur kosten kreditkarte kuche kueche kuehlschrank kunde kupplung kurier kurs laden lager "
    "lampe land lauf leder "
    "leistung leitung leuchte licht lieferant lieferung liste loeffel luft mangel mantel marke "
    "maschine mass material meldung "
    "menge messe messer mitarbeiter mittel mobel moebel monat motor muster nachname nachricht "
    "nachweis name nummer objekt "
    "ofen option ordner original packung paket papier partner person pfand pflege plan platte "
    "platz post postfach preis "
    "problem produkt programm prospekt protokoll prozess pruefung puppe quittung rabatt rad rahmen "
    "raum rechner rechnung regal "
    "reifen reinigung reklamation reparatur reservierung rest retoure ring rock rolle saft satz "
    "schaden schale schein schiff "
    "schirm schloss schluessel schrank schreiben schrift schuh schutz schwester seife seite "
    "sendung service sessel shop "
    "sicherheit sofa software sommer speicher spiegel spiel sprache stadt stand staender status "
    "stelle steuer stiefel stift "
    "stock stoff storno strasse stueck stuhl system tabelle tafel tage tasche tasse taste tausch "
    "team technik teil telefon teller "
    "teppich termin text tier tisch topf transport tuch tuete umschlag umtausch unterlagen "
    "unterschrift ursache urlaub vase "
    "verbindung verkauf verpackung versand versicherung versuch vertrag verwendung vorgang vorhang "
    "vorkasse vorlage wagen wand "
    "ware warnung wasche waesche wasser wechsel welle werk werkzeug wert widerruf winter woche "
    "wohnung wolle wunsch zahl zahlung "
    "zange zeichen zeit zeitung zentrale zettel ziel zimmer zubehoer zucker zugang zusage zustand "
    "zusteller zustellung zweck "
    "frau herren damen baby sport reise auto kaffee fisch fleisch brot obst milch holz metall "
    "kunststoff baumwolle computer "
    "kabel netz strom stecker schalter leiter mahnung bewertung anfrage eingabe ausdruck ausfuhr "
    "einfuhr zoll "
    "schlauch beutel filter pumpe verzoegerung dose eimer leine hebel folie rohr "
    "rueckgabe ruecksendung rueckruf ruecknahme rueckzahlung rueckfrage rueckmeldung";

/* What stands before a noun without being one. */
static const char forms[] =
    "ruck haupt sonder gesamt gross klein neu alt hoch weiss schwarz rot blau grun einzel mehr "
    "fehl doppel halb schnell voll wieder selbst eigen sende";

/* What inflection and linking put behind a noun. */
static const char *const endings[] = { "", "s", "n", "e", "en", "es", "er", "ern" };

enum { NOUN = 1, STEM = 2, FORM = 4 };

static struct {
	struct arena arena;
	struct place {
		const char *word;
		size_t n;
		int is;
	} * v;
	size_t n;
	uint8_t begins
	    [8192]; /* a bit for the first letters of each word: most places of a word begin none */
} lexicon;

static bool
begins(const char *s, size_t letters, bool note)
{
	uint32_t h = 0;

	for (size_t i = 0; i < letters; i++)
		h = h * 31 + (unsigned char)s[i];
	h = (h ^ h >> 13) % (8 * sizeof lexicon.begins);
	if (note)
		lexicon.begins[h / 8] |= (uint8_t)(1 << h % 8);
	return (lexicon.begins[h / 8] >> h % 8 & 1) != 0;
}

static struct place *
place_of(const char *s, size_t n)
{
	uint32_t h = 2166136261u;
	struct place *p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	for (;; h++) {
		p = &lexicon.v[(h ^ h >> 15) % PLACES];
		if (p->word == NULL || (p->n == n && memcmp(p->word, s, n) == 0))
			return p;
	}
}

static void
learn(const char *s, size_t n, int what)
{
	struct place *p = place_of(s, n);

	if (p->word == NULL) {
		if (lexicon.n == FULL)
			return;
		lexicon.n++;
		p->word = arena_dup(&lexicon.arena, s, n);
		p->n = n;
	}
	p->is |= what;
	begins(s, n < SHORTEST ? n : SHORTEST, true);
	if (what == FORM)
		begins(s, 3, true);
}

static void
learn_noun(const char *s, size_t n)
{
	char stem[TERMS_WORD];

	xap_stem(XAP_GERMAN, s, n, stem, sizeof stem);
	learn(s, n, NOUN);
	if (strlen(stem) >= SHORTEST)
		learn(stem, strlen(stem), STEM);
}

static void
learn_all(const char *text, void (*take)(const char *, size_t))
{
	struct term_word w;

	for (size_t at = 0, n = strlen(text); terms_next(text, n, &at, &w);)
		take(w.folded, strlen(w.folded));
}

static void
learn_form(const char *s, size_t n)
{
	learn(s, n, FORM);
}

void
terms_lexicon(const char *nouns)
{
	arena_reset(&lexicon.arena);
	lexicon.v = arena_alloc(&lexicon.arena, PLACES * sizeof *lexicon.v);
	lexicon.n = 0;
	memset(lexicon.begins, 0, sizeof lexicon.begins);
	learn_all(seed, learn_noun);
	learn_all(forms, learn_form);
	if (nouns != NULL)
		learn_all(nouns, learn_noun);
	terms_forget_stems();
}

static bool
is(const char *s, size_t n, int what)
{
	return (place_of(s, n)->is & what) != 0;
}

static bool
is_noun(const char *s, size_t n)
{
	if (n < SHORTEST || !begins(s, SHORTEST, false))
		return false;
	for (size_t i = 0; i < NELEM(endings); i++) {
		size_t k = strlen(endings[i]);

		if (n >= SHORTEST + k && memcmp(s + n - k, endings[i], k) == 0 &&
		    is(s, n - k, NOUN))
			return true;
	}
	return false;
}

static bool
is_first(const char *s, size_t n)
{
	if (n < 3 || n > LONGEST)
		return false;
	if (n >= SHORTEST && begins(s, SHORTEST, false) && (is(s, n, STEM) || is_noun(s, n)))
		return true;
	return begins(s, 3, false) && is(s, n, FORM);
}

/* How many first parts s[0..n) is made of; 0 = it is not. */
static unsigned
firsts(const char *s, size_t n)
{
	unsigned char best[TERMS_WORD] = { [0] = 1 }; /* 1 + the fewest parts up to here */

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 3; best[i] != 0 && k <= n; k++)
			if ((best[k] == 0 || best[k] > best[i] + 1) && is_first(s + i, k - i))
				best[k] = (unsigned char)(best[i] + 1);
	return best[n] == 0 ? 0 : best[n] - 1u;
}

/* Where the last part begins: fewest parts, then the longest head; 0 = it is no compound. */
static size_t
head_of(const char *s, size_t n)
{
	unsigned fewest = 99;
	size_t at = 0;

	for (size_t i = 3; i + SHORTEST <= n; i++) {
		unsigned k = is_noun(s + i, n - i) ? firsts(s, i) : 0;

		if (k > 0 && k < fewest) {
			fewest = k;
			at = i;
		}
	}
	return at;
}

/* A part is asked for by its stem; what is the stem of a noun already stays. */
static void
add_part(struct stems *out, const char *s, size_t n)
{
	char *to = out->parts;
	char stem[TERMS_WORD];

	if (is(s, n, STEM))
		snprintf(stem, sizeof stem, "%.*s", (int)n, s);
	else
		xap_stem(XAP_GERMAN, s, n, stem, sizeof stem);
	for (size_t i = 0; i < out->nparts; i++)
		to += strlen(to) + 1;
	if ((size_t)(to - out->parts) + strlen(stem) + 1 > sizeof out->parts)
		return;
	memcpy(to, stem, strlen(stem) + 1);
	out->nparts++;
}

static void
split(struct stems *out, const char *s, size_t n)
{
	size_t head = n < COMPOUND ? 0 : head_of(s, n), at = 0;

	if (head == 0)
		return;
	while (at < head) {
		size_t end = at;

		/* The longest part that leaves the rest whole. */
		for (size_t k = at + 3; k <= head; k++)
			if (is_first(s + at, k - at) && (k == head || firsts(s + k, head - k) > 0))
				end = k;
		add_part(out, s + at, end - at);
		split(out, s + at, end - at);
		at = end;
	}
	add_part(out, s + head, n - head);
	split(out, s + head, n - head);
}

void
terms_split(const char *folded, struct stems *out)
{
	out->nparts = 0;
	if (lexicon.v == NULL)
		terms_lexicon(NULL);
	if (strlen(folded) >= COMPOUND)
		split(out, folded, strlen(folded));
}
