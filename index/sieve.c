/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To read a word (fold it, take its stems, split it) costs a hundred times what a look at its letters does,
 * and most words of a text are not what was asked for. What a term begins with, a word of it holds as it is
 * written: at its beginning, or anywhere if it is long enough for a compound. Not so where an e may be dots
 * ("aerger", "arger"), in "dying" ("die") and "cry" ("cri"), and beyond ASCII: such words are read, as are
 * those with digits and those that a hyphen or a dot ties to another. */
#include "index/sieve.h"

enum {
	LONG = 8, /* letters of a word that may be a compound (compound.c) */
	FREE = 0, /* between words; 1 to LETTERS are letters */
	LETTERS = 26,
	TIE = 32, /* between words, and when it is alone makes one of them */
	READ      /* it takes the analyser to tell */
};
#define BOTH(c, v) [c] = (v), [(c) - 'a' + 'A'] = (v)
static const unsigned char kind[256] = { BOTH('a', 1), BOTH('b', 2), BOTH('c', 3), BOTH('d', 4),
	BOTH('e', 5), BOTH('f', 6), BOTH('g', 7), BOTH('h', 8), BOTH('i', 9), BOTH('j', 10),
	BOTH('k', 11), BOTH('l', 12), BOTH('m', 13), BOTH('n', 14), BOTH('o', 15), BOTH('p', 16),
	BOTH('q', 17), BOTH('r', 18), BOTH('s', 19), BOTH('t', 20), BOTH('u', 21), BOTH('v', 22),
	BOTH('w', 23), BOTH('x', 24), BOTH('y', 25), BOTH('z', 26), ['-'] = TIE, ['.'] = TIE,
	['/'] = TIE, ['_'] = TIE, ['@'] = TIE, ['+'] = TIE, ['\''] = TIE, ['0' ... '9'] = READ,
	[128 ... 255] = READ };
enum { A = 1, E = 5, O = 15, U = 21, Y = 25 };

static unsigned
kind_at(const char *text, size_t n, size_t at)
{
	return at < n ? kind[(unsigned char)text[at]] : FREE;
}

static bool
is_letter(unsigned k)
{
	return k > 0 && k <= LETTERS;
}

/* The number of a letter, 0 = it is none. */
static unsigned
letter(char c)
{
	unsigned k = kind[(unsigned char)c];

	return is_letter(k) ? k : 0;
}

void
sieve_want(struct sieve *s, const char *term)
{
	unsigned first, second;

	while (*term >= 'A' && *term <= 'Z')
		term++;
	first = letter(term[0]);
	second = first == 0 ? 0 : letter(term[1]);
	if (first == 0)
		return;
	for (unsigned k = 0; k <= LETTERS && term[1] == '\0'; k++)
		s->third[first][k] = ~0u;
	if (second != 0 && term[2] == '\0')
		s->third[first][second] = ~0u;
	if (second != 0 && letter(term[2]) != 0)
		s->third[first][second] |= 1u << letter(term[2]);
	if (second != 0 && term[2] == 'y') /* "skies" */
		s->third[first][second] |= 1u << letter('i');
}

/* Letters from `at` on: their end; *read = the word may be one that is asked for. */
static size_t
look_at_letters(const struct sieve *s, const char *text, size_t n, size_t at, bool *read)
{
	unsigned a = 0, b = kind_at(text, n, at), c, begins = 0, any = 0;
	size_t i = at + 1;

	for (; is_letter(c = kind_at(text, n, i)); i++, a = b, b = c) {
		any |= s->third[a][b] >> c & (i > at + 1);
		any |= c == E && (b == A || b == O || b == U);
		if (i <= at + 2)
			begins = any | (c == Y);
	}
	if (i == at + 2)
		begins |= s->third[a][b] & 1;
	*read = i == at + 1 || begins != 0 || (i - at >= LONG && any != 0);
	return i;
}

/* Does what stands between words from `at` on end a word? */
static bool
is_end(const char *text, size_t n, size_t at)
{
	unsigned k = kind_at(text, n, at), next = kind_at(text, n, at + 1);

	return k == FREE || (k == TIE && (next == FREE || next == TIE));
}

bool
sieve_pass(const struct sieve *s, const char *text, size_t n, size_t *at)
{
	bool passed = false, read;

	for (;;) {
		size_t begin = *at, end;
		unsigned k;

		while (begin < n && ((k = kind_at(text, n, begin)) == FREE || k == TIE))
			begin++;
		if (!is_letter(kind_at(text, n, begin)) ||
		    (*at > 0 && begin == *at + 1 && kind_at(text, n, *at) == TIE))
			return passed;
		end = look_at_letters(s, text, n, begin, &read);
		if (read || !is_end(text, n, end))
			return passed;
		*at = end;
		passed = true;
	}
}
