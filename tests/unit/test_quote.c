/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a mail was written now, and what is quote or signature. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "mime/mime.h"

#include <cmocka.h> /* last: it has a macro named fail */

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
check(const char *text, const char *visible)
{
	struct quote q = quote_split(&arena, text);

	assert_string_equal(q.visible, visible);
	assert_string_equal(
	    arena_printf(&arena, "%s%s", q.visible, q.folded == NULL ? "" : q.folded), text);
}

/* "Answer" above each way to introduce a quote, the quote marked and not. */
static void
test_attributions(void **state)
{
	static const char *const lines[] = {
		"On Mon, Nov 23, 2026 at 9:12 AM Shop <a@b.c> wrote:",
		"On 23/11/2026 09:12, Shop wrote:",
		"Am 23.11.2026 um 09:12 schrieb Shop:",
		"Am Mo., 23. Nov. 2026 um 09:12 Uhr schrieb Shop <a@b.c>:",
		"Am Montag, dem 23. November 2026 um 09:12 schrieb Hans Meier\n<hans@example.com>:",
		"Le lun. 23 nov. 2026 à 09:12, Shop <a@b.c> a écrit :",
		"El lun, 23 nov 2026 a las 9:12, Shop (<a@b.c>) escribió:",
		"Il giorno lun 23 nov 2026 alle ore 09:12 Shop <a@b.c> ha scritto:",
		"Op ma 23 nov. 2026 om 09:12 schreef Shop <a@b.c>:",
		"Em seg., 23 de nov. de 2026 às 09:12, Shop <a@b.c> escreveu:",
		"Den mån 23 nov. 2026 kl 09:12 skrev Shop <a@b.c>:",
		"Den 23. november 2026 kl. 09.12 skrev Shop:",
		"På 23 nov 2026 skrev Shop <a@b.c>:",
		"W dniu pon., 23 lis 2026 o 09:12 Shop <a@b.c> napisał(a):",
		"Dne po 23. 11. 2026 9:12 uživatel Shop <a@b.c> napsal:",
		"ma 23. marrask. 2026 klo 9.12 Shop (a@b.c) kirjoitti:",
		"Shop <a@b.c> ezt írta (időpont: 2026. nov. 23., H, 9:12):",
		"23.11.2026 09:12, Shop пишет:",
		"пн, 23 нояб. 2026 г. в 09:12, Shop <a@b.c>:",
		"23 Kas 2026 Pzt, saat 09:12 tarihinde Shop <a@b.c> şunu yazdı:",
		"Vào Th 2, 23 thg 11, 2026 vào lúc 09:12 Shop <a@b.c> đã viết:",
		"Hans Meier <hans@example.com> schrieb am Mo., 23. Nov. 2026, 09:12:",
		"2026-11-23 9:12 GMT+01:00 Shop <a@b.c>:",
		"Zitat von Shop <a@b.c>:",
	};

	(void)state;
	for (size_t i = 0; i < NELEM(lines); i++) {
		check(arena_printf(&arena, "Answer\n\n%s\n\n> old\n> text\n", lines[i]), "Answer");
		check(arena_printf(&arena, "Answer\n\n%s\nold\ntext\n", lines[i]), "Answer");
	}
}

static void
test_blocks(void **state)
{
	static const char *const blocks[] = {
		"-----Ursprüngliche Nachricht-----\nVon: x",
		"-----Original Message-----\nFrom: x",
		"----- Message d'origine -----\nx",
		"________________________________\nVon: Shop <a@b.c>\nGesendet: Montag, 23. "
		"November 2026 09:12\n"
		"An: Hans\nBetreff: Frage",
		"From: Shop <a@b.c>\nSent: Monday, November 23, 2026 9:12 AM\nTo: Hans\nSubject: "
		"Question",
		"Gesendet: Montag, 23. November 2026 um 09:12 Uhr\nVon: \"Shop\" <a@b.c>\nAn: "
		"Hans\nBetreff: Frage",
		"*Von:* Shop <a@b.c>\n*Gesendet:* Montag\n*An:* Hans\n*Cc:* Eva\n*Betreff:* Frage",
		"De : Shop <a@b.c>\nEnvoyé : lundi 23 novembre 2026\nÀ : Hans\nObjet : Question",
		"De: Shop <a@b.c>\nEnviado: lunes\nPara: Hans\nAsunto: x",
		"Da: Shop <a@b.c>\nInviato: lunedì\nA: Hans\nOggetto: x",
		"Van: Shop <a@b.c>\nVerzonden: maandag\nAan: Hans\nOnderwerp: x",
		"Från: Shop <a@b.c>\nSkickat: måndag\nTill: Hans\nÄmne: x",
		"Fra: Shop <a@b.c>\nSendt: mandag\nTil: Hans\nEmne: x",
		"Od: Shop <a@b.c>\nWysłano: poniedziałek\nDo: Hans\nTemat: x",
		"От: Shop <a@b.c>\nОтправлено: 23\nКому: Hans\nТема: x",
		"## Bitte oberhalb dieser Zeile antworten ##\nx",
		"##- Please type your reply above this line -##\nx",
	};

	(void)state;
	for (size_t i = 0; i < NELEM(blocks); i++)
		check(
		    arena_printf(&arena, "Answer\n\n%s\n\nold text\nmore\n", blocks[i]), "Answer");
}

static void
test_signatures(void **state)
{
	(void)state;
	check("Text\n-- \nHans\n", "Text");
	check("Text\n--\nHans\n", "Text");
	check("Text\n\nSent from my iPhone\n", "Text");
	check("Text\n\nVon meinem iPhone gesendet\n\n> old\n", "Text");
	check("Text\n-- \nHans\n\nOn 1.1.2026 a@b.c wrote:\n> old\n", "Text");
	check("Text\n\nOn 1.1.2026 a@b.c wrote:\n> old\n-- \nHans\n", "Text");
	check("Text\n> old\n\nanswer\n-- \nHans", "Text\n> old\n\nanswer");
}

/* Whatever the words look like: these are the sender's own. */
static void
test_stays(void **state)
{
	static const char *const texts[] = {
		"Von: Lager\nNach: Laden\nbitte liefern.",
		"Von: Köln\nAn: Bonn\n",
		"Am 3. März schrieb ich Ihnen schon:\nes ist eilig.",
		"On Monday I wrote to you:\nit is urgent",
		"> Frage?\n\nAntwort.\n\n> zweite?\n\nNein.",
		"Am 1.1.2026 um 10:00 schrieb a@b.c:\n> Frage?\nAntwort\n> noch eine?\nNein",
		"Siehe unten.\n\n---------- Forwarded message ---------\nFrom: a\nDate: "
		"b\nSubject: c\nTo: d\n\ntext",
		"Zur Info\n\nAnfang der weitergeleiteten Nachricht:\n\n> Von: a\n> Betreff: "
		"b\n>\n> text",
		"-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: y\nVon: z\nAn: "
		"a\n\ntext",
		"> alles nur zitiert\n> zweite Zeile",
		"-- \nnur eine Signatur",
		"Von: Shop <a@b.c>\nGesendet: heute\nAn: Hans\nBetreff: x\n\nkein eigenes Wort",
		"",
		"\n\n",
		"Die Preise: 10 -- 20 Euro\nGruß",
		"An: bitte nicht vergessen\nBetreff: ist falsch",
		"Subject: this is what I see\nFrom: the top of my screen",
		"Das Datum: 3.3.\nVon: mir\nist so richtig",
		"Gesendet wurde es gestern.\nMit DHL.",
		"On the 3rd of May the shop wrote nothing.",
		"Zitat: Das geht nicht",
		"Frage 1: Wann?\nFrage 2: Wie?",
		"---\nAbschnitt\n---\nText",
		"5 > 3 und\n3 < 5",
		"Der Kollege sagte:\nes geht.",
		"Sie schrieb mir am Montag:\nalles gut",
		"Text\n\nVon meinem Konto wurde abgebucht.",
		"Text\n\nGesendet mit DHL am Montag.",
		"Hallo,\n\nVon meiner Seite aus:\npasst.",
		"1. Punkt:\n2. Punkt:\nEnde",
		"Bestellung 4711 vom 23.11.2026:\nbitte stornieren",
		"Wie Herr Schmidt (schmidt@example.com) sagte:\nwir warten.",
	};

	(void)state;
	for (size_t i = 0; i < NELEM(texts); i++)
		check(texts[i], texts[i]);
}

/* Who answers below the quote. */
static void
test_below(void **state)
{
	struct quote q = quote_split(
	    &arena, "Am 1.1.2026 um 10:00 schrieb a@b.c:\n\n> Frage?\n> ja?\n\nAntwort\n-- \nHans");

	(void)state;
	assert_string_equal(q.visible, "Antwort");
	assert_string_equal(
	    q.folded, "Am 1.1.2026 um 10:00 schrieb a@b.c:\n\n> Frage?\n> ja?\n\n\n-- \nHans");
}

/* What the ticket says already: a repetition of it is a quote in any language, news is none. */
static void
test_known(void **state)
{
	static const char last[] =
	    "Guten Tag Frau Muster,\n\nIhre Lampe wurde heute an den Paketdienst "
	    "\xc3\xbc"
	    "bergeben.\nSie kommt am Freitag bei Ihnen an.\n\nViele Gr\xc3\xbc\xc3\x9f"
	    "e\nLena "
	    "Brandt\n";
	static const char *const earlier[] = { last };
	static const struct {
		const char *text, *visible;
	} v[] = {
		/* no mark at all, and a language that nobody knows */
		{ "Danke!\n\nShop rakstīja (23.11.) a@b.c:\nGuten Tag Frau Muster,\nIhre Lampe "
		  "wurde heute an den "
		  "Paketdienst \xc3\xbc"
		  "bergeben.\nSie kommt am Freitag bei Ihnen an.\nViele Gr\xc3\xbc\xc3\x9f"
		  "e\nLena Brandt",
		    "Danke!" },
		/* wrapped anew, marked in another way */
		{ "Ok\n| Guten Tag Frau Muster, Ihre Lampe\n| wurde heute an den Paketdienst "
		  "\xc3\xbc"
		  "bergeben. Sie\n| "
		  "kommt am Freitag bei Ihnen an.\n| Viele Gr\xc3\xbc\xc3\x9f"
		  "e Lena Brandt",
		    "Ok" },
		/* one sentence taken up in one's own words is no quote */
		{ "Sie kommt am Freitag bei Ihnen an, schreiben Sie.\nDas geht nicht.", NULL },
		{ "Danke\nLena Brandt", NULL },
		/* the whole would be gone */
		{ "Ihre Lampe wurde heute an den Paketdienst \xc3\xbc"
		  "bergeben.\nSie kommt am Freitag bei Ihnen an.",
		    NULL },
		/* an answer between lines that a mail program took for the older mail */
		{ "Siehe unten.\n\n-----Original Message-----\nGuten Tag Frau Muster,\nIhre Lampe "
		  "wurde heute an den "
		  "Paketdienst \xc3\xbc"
		  "bergeben.\nNein, die Lampe steht doch noch hier im Laden herum!\nSie kommt am "
		  "Freitag bei Ihnen an.",
		    NULL },
		/* the same below it */
		{ "Hallo\n-----Original Message-----\nFrom: Shop\nSubject: Lampe\n\nGuten Tag Frau "
		  "Muster,\nIhre Lampe wurde heute "
		  "an den Paketdienst \xc3\xbc"
		  "bergeben.\nBitte liefern Sie erst am Samstag, vorher ist keiner da.",
		    NULL },
		/* quoted is what somebody else said: it stays folded */
		{ "Hallo\n-----Original Message-----\nThe parcel was never given to anybody at "
		  "all.\nBest regards from us",
		    "Hallo" },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(v); i++) {
		const char *want = v[i].visible == NULL ? v[i].text : v[i].visible;
		struct quote q = quote_known(
		    &arena, quote_split(&arena, v[i].text), (struct texts){ earlier, 1 });

		assert_string_equal(q.visible, want);
		assert_string_equal(
		    arena_printf(&arena, "%s%s", q.visible, q.folded == NULL ? "" : q.folded),
		    v[i].text);
	}
}

/* A megabyte of any of these takes no time to speak of: nothing is looked at again and again. */
static void
test_linear(void **state)
{
	static const char *const attacks[] = { "On ", "Am 1 schrieb ", "On 1 wrote:\n", "> ", ">\n",
		"\n", "-- \n", "Von: a\n", "Von: a\nGesendet: b\n", "From: x\nTo: y\nDate: z\n",
		"Sent from my x\n", "____\n", "On 1\n2\n3\nwrote:\n", "-----\n", "a@b.c wrote 1:\n",
		":\n", " ", "\xc2\xa0", "##\n", "wrote", "On a@b 1 wrote:\nx\n", "> a\nx\n",
		"-- \n> a\n", "Sent from my x\n> a\n", "-", "-Original Message-\n", "Am 1\n",
		"<a@b>:\n", "1>\n", "Von: \n\n" };

	(void)state;
	for (size_t i = 0; i < NELEM(attacks); i++) {
		struct buf b = { .arena = &arena };
		clock_t start;

		buf_puts(&b, "x\n");
		while (b.n < 1 << 20)
			buf_puts(&b, attacks[i]);
		start = clock();
		quote_split(&arena, b.s);
		if (clock() - start > CLOCKS_PER_SEC)
			fail_msg("%s: %ld ms", attacks[i], (clock() - start) / 1000);
		arena_reset(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_attributions, teardown),
		cmocka_unit_test_teardown(test_blocks, teardown),
		cmocka_unit_test_teardown(test_signatures, teardown),
		cmocka_unit_test_teardown(test_stays, teardown),
		cmocka_unit_test_teardown(test_below, teardown),
		cmocka_unit_test_teardown(test_known, teardown),
		cmocka_unit_test_teardown(test_linear, teardown),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
