/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which of the shop's languages words are written: told by the small words that no sentence does without, of which
 * only those count that the other language does not have. */
#include "mime/mime.h"

#include <stdlib.h>
#include <string.h>

enum { READ = 4000 /* bytes: a language shows at once */, WORD = 15 };

/* In order, in lower case. Left out are those that are words of both: am, an, also, all, bald, die, gift, hat, in,
 * man, so, war, was, will. */
static const char *const german[] = { "aber", "auch", "auf", "aus", "bei", "beim", "bestellt",
	"bestellung", "betreff", "bin", "bis", "bitte", "da", "damit", "danke", "das", "dass",
	"dem", "den", "der", "des", "dich", "dir", "doch", "du", "durch", "ein", "eine", "einem",
	"einen", "einer", "eines", "er", "es", "euch", "für", "geehrte", "geehrter", "gerne",
	"gibt", "grüße", "guten", "habe", "haben", "hallo", "herren", "ich", "ihnen", "ihr", "ihre",
	"ihren", "ihrer", "im", "ist", "ja", "jetzt", "kann", "kein", "keine", "können", "könnten",
	"leider", "lieferung", "mein", "meine", "meinen", "meiner", "mfg", "mich", "mir", "mit",
	"möchte", "nach", "nein", "nicht", "noch", "nun", "nur", "ob", "oder", "rechnung", "schon",
	"sehr", "seit", "sich", "sie", "sind", "und", "uns", "unser", "unsere", "vielen", "vom",
	"von", "wann", "warum", "wenn", "wie", "wir", "wird", "wo", "wurde", "wurden", "zu", "zum",
	"zur", "über" };
static const char *const english[] = { "about", "again", "and", "are", "arrived", "at", "be",
	"because", "been", "but", "by", "can", "could", "dear", "delivery", "did", "do", "does",
	"don't", "for", "from", "get", "good", "got", "had", "has", "have", "hello", "how", "i",
	"i'm", "i've", "if", "invoice", "is", "it", "it's", "just", "kind", "me", "much", "my",
	"no", "not", "now", "of", "on", "or", "our", "please", "received", "regards", "should",
	"sincerely", "still", "than", "thank", "thanks", "that", "the", "their", "them", "then",
	"there", "they", "this", "to", "us", "we", "were", "what", "when", "where", "which", "who",
	"why", "with", "would", "yes", "yet", "you", "your", "yours" };

static int
by_letters(const void *key, const void *word)
{
	return strcmp(key, *(const char *const *)word);
}

static bool
is_one_of(const char *word, const char *const *v, size_t n)
{
	return bsearch(word, v, n, sizeof *v, by_letters) != NULL;
}

/* Letters of any alphabet and what English writes inside a word. */
static bool
is_letter(unsigned char c)
{
	return (c | 32) >= 'a' ? (c | 32) <= 'z' || c >= 0x80 : c == '\'';
}

/* The next word in lower case, "" when it is longer than any that counts; where it ends. */
static const char *
next_word(const char *s, const char *end, char *word)
{
	size_t n = 0;

	while (s < end && !is_letter((unsigned char)*s))
		s++;
	for (; s < end && is_letter((unsigned char)*s); s++)
		if (n < WORD)
			word[n++] = *s >= 'A' && *s <= 'Z' ? (char)(*s | 32) : *s;
		else
			n = WORD + 1;
	word[n > WORD ? 0 : n] = '\0';
	return s;
}

const char *
mime_language(const char *text)
{
	const char *s = text, *end = text + strnlen(text, READ);
	size_t de = 0, en = 0;
	char word[WORD + 1];

	while (s < end) {
		s = next_word(s, end, word);
		de += is_one_of(word, german, NELEM(german));
		en += is_one_of(word, english, NELEM(english));
	}
	if (de == en)
		return NULL;
	return de > 2 * en ? "de" : en > 2 * de ? "en" : NULL;
}
