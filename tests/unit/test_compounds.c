/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compounds: how many of 200 give the parts a reader sees in them, and how many of 100 words that are none are split
 * all the same. The words were written down before the splitter saw them; the nouns are those that any shop's mail has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/words.h"

#include <cmocka.h>

static struct arena a;

/* What the index has learnt from its messages. */
static const char learnt[] =
    "schrank tisch garten stuhl kinder zimmer wand spiegel bad dusche armatur hahn pumpe filter "
    "staub sauger beutel mixer "
    "toaster wecker uhr band armband gürtel leder sohle absatz schnürsenkel stiefel winter regen "
    "mantel kragen knopf ärmel "
    "hose bund saum naht bezug matratze latten rost bett gestell kopfkissen daunen füllung "
    "waschmaschine trommel schlauch "
    "anschluss spül geschirr korb besteck fach backofen blech herd platte kochfeld topf deckel "
    "pfanne griff stiel "
    "vorhang stange gardine teppich läufer fliesen kleber bohrer schrauben zieher hammer säge "
    "blatt akku ladegerät "
    "monteur termin montage anleitung bohrung dübel holz kiefer eiche buche lack farbe pinsel "
    "rolle tapete "
    "wolle mütze schal handschuh socken strumpf unterhemd schlaf anzug bade morgen "
    "fahrrad reifen sattel kette bremse licht klingel helm gepäck träger pedal "
    "kamera objektiv stativ speicherkarte drucker patrone toner scanner bildschirm tastatur maus "
    "lautsprecher kopfhörer radio fernseher antenne fernbedienung empfänger "
    "spielzeug eisenbahn puppe haus baustein würfel brett karten "
    "blumen erde dünger rasen mäher hecke schere gieß kanne schlauch wagen "
    "hund katze futter napf leine halsband käfig aquarium "
    "apfel birne kirsche marmelade honig brot käse wurst nudel suppe soße gewürz mühle salz "
    "pfeffer "
    "kaffee bohne milch aufschäumer tee kanne wasser kocher";

/* Word, then the parts that must be asked for to find it. */
static const char *const compounds[][2] = {
	{ "Rechnungskorrektur", "Rechnung Korrektur" },
	{ "Lieferadresse", "Adresse" },
	{ "Lieferscheinnummer", "Nummer" },
	{ "Kundennummer", "Kunde Nummer" },
	{ "Bestellbestätigung", "Bestätigung" },
	{ "Rücksendeetikett", "Etikett" },
	{ "Versandkostenpauschale", "Versand" },
	{ "Zahlungserinnerung", "Zahlung Erinnerung" },
	{ "Gutscheincode", "Gutschein Code" },
	{ "Ersatzteillieferung", "Ersatz Lieferung" },
	{ "Garantieverlängerung", "Garantie" },
	{ "Reparaturauftrag", "Reparatur Auftrag" },
	{ "Paketverfolgungsnummer", "Paket Nummer" },
	{ "Abholtermin", "Termin" },
	{ "Rechnungsanschrift", "Rechnung Anschrift" },
	{ "Widerrufsformular", "Widerruf" },
	{ "Umtauschfrist", "Umtausch Frist" },
	{ "Lieferverzögerung", "Lieferung" },
	{ "Kreditkartenabbuchung", "Kreditkarte Abbuchung" },
	{ "Kundenkonto", "Kunde Konto" },
	{ "Produktbeschreibung", "Produkt Beschreibung" },
	{ "Bedienungsanleitung", "Bedienung Anleitung" },
	{ "Artikelnummer", "Artikel Nummer" },
	{ "Transportschaden", "Transport Schaden" },
	{ "Verpackungsmaterial", "Verpackung Material" },
	{ "Kühlschranktür", "Kühlschrank" },
	{ "Gartentisch", "Garten Tisch" },
	{ "Gartenstühle", "Garten Stuhl" },
	{ "Kinderzimmerlampe", "Kinder Zimmer Lampe" },
	{ "Wandspiegel", "Wand Spiegel" },
	{ "Badezimmerschrank", "Zimmer Schrank" },
	{ "Duscharmatur", "Armatur" },
	{ "Wasserhahn", "Wasser Hahn" },
	{ "Wasserpumpe", "Wasser Pumpe" },
	{ "Staubsaugerbeutel", "Beutel" },
	{ "Staubfilter", "Staub Filter" },
	{ "Armbanduhr", "Armband" },
	{ "Lederarmband", "Leder Armband" },
	{ "Ledergürtel", "Leder Gürtel" },
	{ "Schuhsohle", "Schuh Sohle" },
	{ "Lederstiefel", "Leder Stiefel" },
	{ "Winterstiefel", "Winter Stiefel" },
	{ "Regenmantel", "Regen Mantel" },
	{ "Wintermantel", "Winter Mantel" },
	{ "Mantelknopf", "Mantel Knopf" },
	{ "Mantelkragen", "Mantel Kragen" },
	{ "Hosenbund", "Hose Bund" },
	{ "Hosensaum", "Hose Saum" },
	{ "Matratzenbezug", "Matratze Bezug" },
	{ "Lattenrost", "Latten" },
	{ "Bettgestell", "Bett Gestell" },
	{ "Kopfkissenbezug", "Kopfkissen Bezug" },
	{ "Daunenfüllung", "Daunen Füllung" },
	{ "Waschmaschinenschlauch", "Waschmaschine Schlauch" },
	{ "Wasseranschluss", "Wasser Anschluss" },
	{ "Geschirrkorb", "Geschirr Korb" },
	{ "Besteckkorb", "Besteck Korb" },
	{ "Gemüsefach", "Fach" },
	{ "Backofenblech", "Backofen Blech" },
	{ "Herdplatte", "Herd Platte" },
	{ "Topfdeckel", "Topf Deckel" },
	{ "Pfannenstiel", "Pfanne Stiel" },
	{ "Pfannengriff", "Pfanne Griff" },
	{ "Vorhangstange", "Vorhang Stange" },
	{ "Gardinenstange", "Gardine Stange" },
	{ "Teppichläufer", "Teppich Läufer" },
	{ "Fliesenkleber", "Fliesen Kleber" },
	{ "Schraubenzieher", "Schrauben Zieher" },
	{ "Sägeblatt", "Säge Blatt" },
	{ "Akkuladegerät", "Akku Ladegerät" },
	{ "Akkubohrer", "Akku Bohrer" },
	{ "Montageanleitung", "Montage Anleitung" },
	{ "Montagetermin", "Montage Termin" },
	{ "Monteurtermin", "Monteur Termin" },
	{ "Holzbohrer", "Holz Bohrer" },
	{ "Holzplatte", "Holz Platte" },
	{ "Kiefernholz", "Kiefer Holz" },
	{ "Eichenholztisch", "Eiche Holz Tisch" },
	{ "Buchenplatte", "Platte" },
	{ "Holzlack", "Holz Lack" },
	{ "Wandfarbe", "Wand Farbe" },
	{ "Farbrolle", "Rolle" },
	{ "Farbpinsel", "Pinsel" },
	{ "Tapetenrolle", "Tapete Rolle" },
	{ "Tapetenkleber", "Tapete Kleber" },
	{ "Wollmütze", "Mütze" },
	{ "Wintermütze", "Winter Mütze" },
	{ "Lederhandschuhe", "Leder Handschuh" },
	{ "Wollsocken", "Socken" },
	{ "Schlafanzug", "Schlaf Anzug" },
	{ "Badeanzug", "Anzug" },
	{ "Morgenmantel", "Morgen Mantel" },
	{ "Bademantel", "Mantel" },
	{ "Fahrradreifen", "Fahrrad Reifen" },
	{ "Fahrradsattel", "Fahrrad Sattel" },
	{ "Fahrradkette", "Fahrrad Kette" },
	{ "Fahrradlicht", "Fahrrad Licht" },
	{ "Fahrradklingel", "Fahrrad Klingel" },
	{ "Fahrradhelm", "Fahrrad Helm" },
	{ "Gepäckträger", "Gepäck Träger" },
	{ "Kinderfahrrad", "Kinder Fahrrad" },
	{ "Kinderhelm", "Kinder Helm" },
	{ "Kamerastativ", "Kamera Stativ" },
	{ "Kameraobjektiv", "Kamera Objektiv" },
	{ "Druckerpatrone", "Drucker Patrone" },
	{ "Tonerpatrone", "Toner Patrone" },
	{ "Farbdrucker", "Drucker" },
	{ "Bildschirmhalterung", "Bildschirm" },
	{ "Computermaus", "Computer Maus" },
	{ "Computertastatur", "Computer Tastatur" },
	{ "Lautsprecherkabel", "Lautsprecher Kabel" },
	{ "Kopfhörerkabel", "Kopfhörer Kabel" },
	{ "Radiowecker", "Radio Wecker" },
	{ "Fernsehantenne", "Antenne" },
	{ "Antennenkabel", "Antenne Kabel" },
	{ "Netzkabel", "Netz Kabel" },
	{ "Netzstecker", "Netz Stecker" },
	{ "Stromkabel", "Strom Kabel" },
	{ "Lichtschalter", "Licht Schalter" },
	{ "Puppenhaus", "Puppe Haus" },
	{ "Puppenkleid", "Puppe Kleid" },
	{ "Puppenwagen", "Puppe Wagen" },
	{ "Kinderwagen", "Kinder Wagen" },
	{ "Brettspiel", "Brett Spiel" },
	{ "Kartenspiel", "Karten Spiel" },
	{ "Würfelspiel", "Würfel Spiel" },
	{ "Blumenerde", "Blumen Erde" },
	{ "Blumendünger", "Blumen Dünger" },
	{ "Blumenvase", "Blumen Vase" },
	{ "Blumentopf", "Blumen Topf" },
	{ "Rasendünger", "Rasen Dünger" },
	{ "Rasenmäher", "Rasen Mäher" },
	{ "Heckenschere", "Hecke Schere" },
	{ "Gartenschere", "Garten Schere" },
	{ "Gartenschlauch", "Garten Schlauch" },
	{ "Schlauchwagen", "Schlauch Wagen" },
	{ "Hundefutter", "Futter" },
	{ "Hundeleine", "Leine" },
	{ "Katzenfutter", "Katze Futter" },
	{ "Futternapf", "Futter Napf" },
	{ "Hundehalsband", "Halsband" },
	{ "Aquariumfilter", "Aquarium Filter" },
	{ "Aquariumpumpe", "Aquarium Pumpe" },
	{ "Apfelbrot", "Apfel Brot" },
	{ "Kirschmarmelade", "Marmelade" },
	{ "Birnensaft", "Birne Saft" },
	{ "Apfelsaft", "Apfel Saft" },
	{ "Honigglas", "Honig Glas" },
	{ "Milchglas", "Milch Glas" },
	{ "Käsebrot", "Käse Brot" },
	{ "Brotkasten", "Brot Kasten" },
	{ "Brotmesser", "Brot Messer" },
	{ "Käsemesser", "Käse Messer" },
	{ "Nudelsuppe", "Nudel Suppe" },
	{ "Suppenteller", "Suppe Teller" },
	{ "Suppenlöffel", "Suppe Löffel" },
	{ "Gewürzmühle", "Gewürz Mühle" },
	{ "Pfeffermühle", "Pfeffer Mühle" },
	{ "Salzmühle", "Salz Mühle" },
	{ "Kaffeemühle", "Kaffee Mühle" },
	{ "Kaffeebohnen", "Kaffee Bohne" },
	{ "Kaffeemaschine", "Kaffee Maschine" },
	{ "Kaffeekanne", "Kaffee Kanne" },
	{ "Kaffeetasse", "Kaffee Tasse" },
	{ "Milchaufschäumer", "Milch Aufschäumer" },
	{ "Wasserkocher", "Wasser Kocher" },
	{ "Wasserkanne", "Wasser Kanne" },
	{ "Wasserschaden", "Wasser Schaden" },
	{ "Glasschaden", "Glas Schaden" },
	{ "Glasplatte", "Glas Platte" },
	{ "Tischplatte", "Tisch Platte" },
	{ "Schreibtisch", "Tisch" },
	{ "Schreibtischlampe", "Lampe" },
	{ "Tischdecke", "Tisch Decke" },
	{ "Bettdecke", "Bett Decke" },
	{ "Wolldecke", "Decke" },
	{ "Lampenschirm", "Lampe Schirm" },
	{ "Sonnenschirm", "Schirm" },
	{ "Regenschirm", "Regen Schirm" },
	{ "Schirmständer", "Schirm Ständer" },
	{ "Kleiderständer", "Kleid Ständer" },
	{ "Kleiderschrank", "Kleid Schrank" },
	{ "Kleiderhaken", "Kleid Haken" },
	{ "Schuhschrank", "Schuh Schrank" },
	{ "Bücherregal", "Buch Regal" },
	{ "Bücherschrank", "Buch Schrank" },
	{ "Handtuchhalter", "Handtuch Halter" },
	{ "Seifenspender", "Seife" },
	{ "Spiegelschrank", "Spiegel Schrank" },
	{ "Kettenöl", "Kette" },
	{ "Briefumschlag", "Brief Umschlag" },
	{ "Briefpapier", "Brief Papier" },
	{ "Geschenkpapier", "Geschenk Papier" },
	{ "Geschenkkarte", "Geschenk Karte" },
	{ "Geburtstagskarte", "Geburtstag Karte" },
	{ "Geburtstagsgeschenk", "Geburtstag Geschenk" },
	{ "Weihnachtsgeschenk", "Geschenk" },
	{ "Preisliste", "Preis Liste" },
	{ "Großhandelspreis", "Handel Preis" },
	{ "Mahngebühr", "Gebühr" },
	{ "Stornogebühr", "Storno Gebühr" },
	{ "Rückgabefrist", "Rückgabe Frist" },
	{ "Steuernummer", "Steuer Nummer" },
	{ "Telefonnummer", "Telefon Nummer" },
	{ "Kontonummer", "Konto Nummer" },
	{ "Postleitzahl", "Zahl" },
	{ "Bankverbindung", "Bank Verbindung" },
};

/* None of these is made of nouns, though it may look so. */
static const char whole[] = "Verstand Bestand Umstand Abstand Anstand Aufstand Widerstand Vorteil "
			    "Nachteil Urteil Anteil Gegenteil Abteilung "
			    "Verteiler Beteiligung Erteilung Zuteilung Vertrag Beitrag Eintrag "
			    "Betrag Ertrag Übertragung Abfahrt Erfahrung "
			    "Verfahren Gefahren Einfahrt Vorfahrt Begriff Angriff Eingriff Zugriff "
			    "Übergriff Verkäufer Einkäufer Ausverkauf Verlauf "
			    "Ablauf Einlauf Kreislauf Zulauf Anlauf Vorlauf Bezahlung Auszahlung "
			    "Einzahlung Nachzahlung Erzählung Verwendung Anwendung "
			    "Einwendung Zuwendung Entscheidung Unterscheidung Verabschiedung "
			    "Beschreibung Verschreibung Zuschreibung Ausschreibung "
			    "Vorschreibung Erscheinung Bescheinigung Beschleunigung Gesellschaft "
			    "Wissenschaft Mannschaft Verwandtschaft Freundschaft "
			    "Nachbarschaft Wirtschaft Herrschaft Eigenschaft Bereitschaft "
			    "Botschaft Landschaft Gemeinschaft Leidenschaft Elternschaft "
			    "Gesundheit Sicherheit Freiheit Krankheit Wahrheit Mehrheit Minderheit "
			    "Einheit Schönheit Dunkelheit Möglichkeit "
			    "Schwierigkeit Zuständigkeit Verantwortung Beantwortung Bearbeitung "
			    "Verarbeitung Überarbeitung Einarbeitung Mitarbeiterin "
			    "Versicherung Zusicherung Entsicherung Absicherung Verunsicherung "
			    "Besicherung Kontrolle Patrouille Parolen Kalender";

static bool
has_part(const struct stems *s, const char *part)
{
	struct stems want;
	struct term_word w;
	size_t at = 0;

	terms_next(part, strlen(part), &at, &w);
	terms_stems(w.plain, w.folded, &want);
	for (const char *p = NULL; (p = terms_part(s, p)) != NULL;)
		if (strcmp(p, want.de) == 0 || strcmp(p, want.en) == 0)
			return true;
	return false;
}

static struct stems
stems_of(const char *word)
{
	struct term_word w;
	struct stems s = { .nparts = 0 };
	size_t at = 0;

	terms_next(word, strlen(word), &at, &w);
	terms_stems(w.plain, w.folded, &s);
	return s;
}

static void
words(void **state)
{
	size_t asked = 0, found = 0, nwhole = 0, wrong = 0;
	char *save, *list;

	(void)state;
	terms_lexicon(learnt);
	for (size_t i = 0; i < NELEM(compounds); i++) {
		struct stems s = stems_of(compounds[i][0]);

		list = arena_strdup(&a, compounds[i][1]);
		for (char *p = strtok_r(list, " ", &save); p != NULL;
		     p = strtok_r(NULL, " ", &save)) {
			asked++;
			if (has_part(&s, p))
				found++;
			else
				printf("# %s is not found by %s\n", compounds[i][0], p);
		}
	}
	list = arena_strdup(&a, whole);
	for (char *p = strtok_r(list, " ", &save); p != NULL; p = strtok_r(NULL, " ", &save)) {
		struct stems s = stems_of(p);

		nwhole++;
		wrong += s.nparts > 0;
		if (s.nparts > 0)
			printf("# %s is split, beginning with %s\n", p, terms_part(&s, NULL));
	}
	printf("# figure: compounds: %zu words, recall of their parts %zu of %zu (%zu %%); %zu of "
	       "%zu whole "
	       "words split\n",
	    NELEM(compounds), found, asked, 100 * found / asked, wrong, nwhole);
	assert_true(100 * found / asked >= 90);
	assert_true(100 * wrong / nwhole <= 5);
	arena_reset(&a);
}

/* The same nouns give the same parts, others others; nothing but letters is needed for any of it. */
static void
lexicons(void **state)
{
	struct stems s;

	(void)state;
	terms_lexicon(NULL);
	assert_int_equal(stems_of("Zirbelbretter").nparts, 0);
	terms_lexicon("zirbel\nbrett\n");
	s = stems_of("Zirbelbretter");
	assert_int_equal(s.nparts, 2);
	assert_string_equal(terms_part(&s, NULL), "zirbel");
	assert_string_equal(terms_part(&s, terms_part(&s, NULL)), "brett");
	assert_int_equal(
	    stems_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").nparts,
	    0);
	assert_int_equal(
	    stems_of("brettbrettbrettbrettbrettbrettbrettbrettbrettbrettbrettbrett").nparts > 2, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(lexicons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
