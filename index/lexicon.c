/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nouns that this shop's messages use: learnt from the newest ones when a generation is begun, kept in its folder,
 * so that all of it, and every question to it, is read by the same words. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/index.h"
#include "index/words.h"
#include "sql.h"

enum {
	MESSAGES = 20000, /* that are looked at */
	PAGE = 200,
	OFTEN = 3,     /* times that a noun must have been seen */
	WORDS = 30000, /* the most frequent are kept */
	PLACES = 1 << 19,
	ROOM = PLACES / 2
};

struct seen {
	const char *word;
	unsigned n, capital; /* inside of sentences */
};
struct learning {
	struct arena kept;
	struct seen *v;
	size_t n, messages;
	int64_t before;
	bool is_over;
};

/* Polite German speaks to You in capitals. */
static const char polite[] = " ihre ihren ihrem ihrer ihres ihnen herr frau ";

static struct seen *
place_of(struct learning *l, const char *word)
{
	uint32_t h = 2166136261u;

	for (const char *s = word; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	while (l->v[h % PLACES].word != NULL && strcmp(l->v[h % PLACES].word, word) != 0)
		h++;
	return &l->v[h % PLACES];
}

static bool
is_capital(const char *s, size_t n)
{
	size_t used, next;
	uint32_t cp = text_next(s, n, &used), second;

	if (used >= n)
		return false;
	second = text_next(s + used, n - used, &next);
	return ((cp >= 'A' && cp <= 'Z') || cp == 0xc4 || cp == 0xd6 || cp == 0xdc) &&
	       !(second >= 'A' && second <= 'Z') && second != 0xc4 && second != 0xd6 &&
	       second != 0xdc;
}

/* Does a sentence or a line begin here? Then a capital says nothing. */
static bool
begins(const char *text, size_t at)
{
	while (at > 0 && strchr(" \t\"'(*>-", text[at - 1]) != NULL)
		at--;
	return at == 0 || strchr(".!?:\n\r", text[at - 1]) != NULL;
}

static bool
may_be_noun(const char *word)
{
	size_t n = strlen(word);

	return n >= 4 && n <= 20 && strspn(word, "abcdefghijklmnopqrstuvwxyz") == n;
}

static void
look_at(struct learning *l, const char *text)
{
	struct term_word w;

	for (size_t at = 0, n = strlen(text); terms_next(text, n, &at, &w);) {
		struct seen *s;

		if (!may_be_noun(w.folded) || begins(text, w.at))
			continue;
		s = place_of(l, w.folded);
		if (s->word == NULL) {
			if (l->n == ROOM)
				continue;
			l->n++;
			s->word = arena_strdup(&l->kept, w.folded);
		}
		s->n++;
		s->capital += is_capital(text + w.at, w.n);
	}
}

static void
read_page(struct ctx *c, void *arg)
{
	struct learning *l = arg;
	struct rows_index_source_below rows = sql_index_source_below(c, l->before, PAGE);

	for (size_t i = 0; i < rows.n; i++) {
		look_at(l, rows.v[i].text);
		l->before = rows.v[i].id;
	}
	l->messages += rows.n;
	l->is_over = rows.n < PAGE || l->messages >= MESSAGES;
}

static int
by_frequency(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->word, y->word);
}

/* The nouns, one a line, the most frequent first. */
static struct str
nouns(struct learning *l)
{
	struct buf b = { .arena = &l->kept };
	size_t n = 0;

	for (size_t i = 0; i < PLACES; i++) {
		struct seen s = l->v[i];

		if (s.word != NULL && s.capital >= OFTEN && 10 * s.capital >= 6 * s.n &&
		    strstr(polite, arena_printf(&l->kept, " %s ", s.word)) == NULL)
			l->v[n++] = s;
	}
	qsort(l->v, n, sizeof *l->v, by_frequency);
	for (size_t i = 0; i < n && i < WORDS; i++) {
		buf_puts(&b, l->v[i].word);
		buf_putc(&b, '\n');
	}
	return buf_str(&b);
}

static const char *
lexicon_of(struct arena *a, const char *path)
{
	return arena_printf(a, "%s/words", path);
}

bool
index_learn(struct ctx *c, const char *path)
{
	struct learning l = { .before = INT64_MAX };
	struct str words;
	bool ok = true;
	int fd;

	l.v = arena_alloc(&l.kept, PLACES * sizeof *l.v);
	while (ok && !l.is_over) {
		ok = unit_try(c, read_page, &l);
		arena_reset(&c->arena);
	}
	words = nouns(&l);
	fd = ok ? open(lexicon_of(&l.kept, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)
		: -1;
	ok = fd >= 0 && (words.n == 0 || write(fd, words.s, words.n) == (ssize_t)words.n);
	if (fd >= 0)
		close(fd);
	log_info(c, "index.words", "messages=%zu", l.messages);
	arena_reset(&l.kept);
	index_words(&c->arena, path);
	return ok;
}

void
index_words(struct arena *a, const char *path)
{
	terms_lexicon(file_read(a, lexicon_of(a, path)).s);
}
