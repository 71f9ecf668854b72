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
	unsigned mark : 4;
	unsigned field : 4; /* of mime_field_kind() */
	unsigned verb : 1, address : 1, colon : 1, bracket : 1;
	unsigned numbers : 3; /* at most 7 */
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

/* Lines end where the next begins; a last one of no length stands behind them. */
static size_t
line_length(const struct lines *l, size_t i)
{
	return l->v[i + 1].at - l->v[i].at - 1;
}

/* The line without blanks around it, at most so much as is worth looking at. */
static struct str
trimmed(const struct lines *l, size_t i)
{
	const char *s = l->text + l->v[i].at;
	size_t skip = skip_blank(s, line_length(l, i)), n = line_length(l, i) - skip;

	n = n < LINE_LOOK ? n : LINE_LOOK;
	while (n > 0 && (s[skip + n - 1] == ' ' || s[skip + n - 1] == '\t'))
		n--;
	return (struct str){ s + skip, n };
}

/* --- single lines --- */

/* "> ## Bitte oberhalb dieser Zeile antworten ##" */
static bool
is_marked_line(struct str s)
{
	while (s.n > 0 && (*s.s == '>' || *s.s == ' ')) {
		s.s++;
		s.n--;
	}
	return s.n > 0 && (*s.s == QUOTE_MARK || mime_is_reply_line(s));
}

static enum mark
mark_of(struct str s)
{
	if (s.n == 0)
		return EMPTY;
	if (s.s[0] == '>')
		return is_marked_line(s) ? HARD : QUOTED;
	if (s.s[0] == SIGNATURE_MARK)
		return SIGNATURE;
	if (s.s[0] == QUOTE_MARK || mime_is_original(s) || mime_is_reply_line(s))
		return HARD;
	if (s.n == 2 && memcmp(s.s, "--", 2) == 0)
		return SIGNATURE;
	return mime_is_footer(s) ? FOOTER : TEXT;
}

/* --- "On Mon, 23 Nov 2026, X wrote:", over up to four lines --- */
static unsigned
count_numbers(struct str s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.n && n < 7; i++)
		if (s.s[i] >= '0' && s.s[i] <= '9' &&
		    (i == 0 || s.s[i - 1] < '0' || s.s[i - 1] > '9'))
			n++;
	return n;
}

enum { DATE_TIME = 5 }; /* numbers in a date with its time */

/* Text around a verb can be prose ("Am 3. März schrieb ich Ihnen:"); a name has an address or stands
 * beside a date, and "ich" is nobody's name. have = what the lines together have. */
static bool
is_attribution(struct str first, struct str all, struct line have)
{
	if (all.n > 4 * LINE_LOOK)
		return false;
	/* Google in some languages: "пн, 23 нояб. 2026 г. в 09:12, Shop <a@b.c>:" */
	if (!have.verb)
		return have.address && have.numbers > 0 && all.s[all.n - 2] == '>' &&
		       mime_is_opening(first);
	if ((!have.address && have.numbers == 0) || mime_is_first_person(all))
		return false;
	return (have.address && have.numbers > 0) || have.numbers >= DATE_TIME ||
	       mime_is_opening(first);
}

static bool
ends_colon(struct str s)
{
	return s.n > 1 && (s.s[s.n - 1] == ':' || (s.n > 3 && memcmp(s.s + s.n - 3, "：", 3) == 0));
}

static bool
quote_follows(const struct lines *l, size_t i)
{
	for (i++; i < l->n && l->v[i].mark == EMPTY; i++)
		;
	return i < l->n && l->v[i].mark == QUOTED;
}

/* Without the colon: a date and "wrote" or an address, and a quote right below. */
static bool
is_bare_attribution(const struct lines *l, size_t i)
{
	const struct line *v = &l->v[i];

	return !v->colon && v->numbers >= 3 &&
	       (v->address || (v->verb && v->numbers >= DATE_TIME)) &&
	       line_length(l, i) <= LINE_LOOK && mime_is_opening(trimmed(l, i)) &&
	       quote_follows(l, i);
}

/* Yahoo goes on behind it: "Am Mo., Nov. 23, 2026 at 9:12 schrieb Shop<a@b.c>:   Guten Tag" */
static bool
is_run_on(const struct lines *l, size_t i)
{
	const struct line *v = &l->v[i];

	return v->bracket && v->verb && v->numbers >= 4 && mime_is_opening(trimmed(l, i));
}

/* The lines [first, last] introduce a quote, and so does a name that was broken off before them. */
static void
set_attribution(struct lines *l, size_t first, size_t last)
{
	struct str s = trimmed(l, first);

	if (*s.s == '<' && first > 0 && l->v[first - 1].mark == TEXT &&
	    line_length(l, first - 1) < 80 && !l->v[first - 1].colon &&
	    (first == 1 || l->v[first - 2].mark == EMPTY))
		first--;
	for (; first <= last; first++)
		l->v[first].mark = SPLITTER;
}

static void
mark_attribution(struct lines *l, size_t last)
{
	struct line have = { 0 };
	struct str s, first, all;
	size_t i = last;

	if (l->v[last].mark != TEXT)
		return;
	if (is_bare_attribution(l, last))
		l->v[last].mark = SPLITTER;
	else if (is_run_on(l, last))
		l->v[last].mark = HARD;
	if (!l->v[last].colon || l->v[last].mark != TEXT)
		return;
	s = trimmed(l, last);
	for (size_t k = 0; k < ATTRIBUTION_LINES; k++, i--) {
		if (l->v[i].mark != TEXT || line_length(l, i) > LINE_LOOK)
			return;
		first = trimmed(l, i);
		all = (struct str){ first.s, (size_t)(s.s + s.n - first.s) };
		have.verb |= l->v[i].verb;
		have.address |= l->v[i].address;
		have.numbers =
		    have.numbers + l->v[i].numbers > 7 ? 7 : (have.numbers + l->v[i].numbers) & 7;
		if (is_attribution(first, all, have) &&
		    (k == 0 || have.numbers >= DATE_TIME || mime_is_opening(first))) {
			set_attribution(l, i, last);
			return;
		}
		if (i == 0)
			return;
	}
}

/* --- blocks like "From: / Sent: / To: / Subject:" --- */
/* A block needs sender, subject and one more, within a few lines and with no other text between. */
static bool
is_block(struct lines *l, size_t at)
{
	int seen = 0, other = 0;
	bool address = false;

	for (size_t i = at; i < l->n && i < at + BLOCK_LINES; i++) {
		struct str s = trimmed(l, i);
		int kind;

		if (s.n == 0) {
			if (seen != 0 && (seen & (seen - 1)) != 0)
				break;
			continue;
		}
		kind = l->v[i].field;
		if (kind == 0 && (memchr(s.s, ':', s.n < 30 ? s.n : 30) == NULL && ++other > 2))
			break;
		seen |= kind;
		address = address || l->v[i].address;
	}
	if ((seen & (QUOTE_FROM | QUOTE_DATE)) != (QUOTE_FROM | QUOTE_DATE))
		return false;
	return (seen & QUOTE_SUBJECT) != 0 || ((seen & QUOTE_TO) != 0 && address);
}

static void
mark_block(struct lines *l, size_t at)
{
	struct str s;

	if (l->v[at].mark != TEXT || line_length(l, at) > LINE_LOOK)
		return;
	if ((l->v[at].field & (QUOTE_FROM | QUOTE_DATE)) == 0 || !is_block(l, at))
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
look_at(struct lines *l, size_t i)
{
	struct line *line = &l->v[i];
	struct str s = trimmed(l, i);

	line->mark = mark_of(s);
	if (line->mark != TEXT)
		return;
	line->field = (unsigned)mime_field_kind(s) & 15;
	line->verb = mime_has_verb(s);
	line->address = memchr(s.s, '@', s.n) != NULL;
	line->numbers = count_numbers(s) & 7;
	line->colon = ends_colon(s);
	line->bracket = line->address && !line->colon && memmem(s.s, s.n, ">: ", 3) != NULL;
}

static void
split_lines(struct lines *l)
{
	size_t n = 1, total = strlen(l->text);

	for (const char *p = l->text; (p = strchr(p, '\n')) != NULL; p++)
		n++;
	l->v = arena_alloc(l->arena, (n + 1) * sizeof(*l->v));
	for (size_t at = 0; at < total; l->n++) {
		l->v[l->n].at = (uint32_t)at;
		at = (size_t)(strchrnul(l->text + at, '\n') - l->text) + 1;
		l->v[l->n + 1].at = (uint32_t)at;
	}
	for (size_t i = 0; i < l->n; i++)
		look_at(l, i);
}

static void
mark_lines(struct lines *l)
{
	l->forward = l->n;
	for (size_t i = 0; i < l->n; i++) {
		struct str s = trimmed(l, i);

		if (s.n > 0 && l->v[i].mark == TEXT && mime_is_forward(s)) {
			l->forward = i;
			break;
		}
	}
	for (size_t i = 0; i < l->forward; i++)
		mark_attribution(l, i);
	for (size_t i = 0; i < l->forward; i++)
		mark_block(l, i);
	for (size_t i = 0; i + 1 < l->forward; i++)
		if (l->v[i].mark == TEXT && line_length(l, i) >= 10 &&
		    mime_is_list_footer(trimmed(l, i), trimmed(l, i + 1)))
			l->v[i].mark = SIGNATURE;
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

			while (k < l->n && (l->v[k].mark == SPLITTER || l->v[k].mark == EMPTY))
				k++;
			/* Nothing is marked below it: all of the rest is the older mail. */
			if (k == l->n || l->v[k].mark != QUOTED)
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
find_end(struct lines *l, bool forwarded)
{
	size_t end, before;

	end = hard_cut(l);
	if (forwarded || (l->forward < l->n && end == l->n))
		return l->n;
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
	static const char marks[] = { QUOTE_MARK, SIGNATURE_MARK, '\0' };
	struct buf b = { .arena = a };
	const char *p;

	if (strpbrk(s, marks) == NULL)
		return s;
	while ((p = strpbrk(s, marks)) != NULL) {
		buf_add(&b, s, (size_t)(p - s));
		s = p + 1 + (p[1] == '\n');
	}
	buf_puts(&b, s);
	return b.s;
}

static bool
says_something(const struct lines *l, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		if (l->v[i].mark != EMPTY)
			return true;
	return false;
}

/* Who answers below: one quote with its introduction at the top, then nothing but own words. 0 = it is not so. */
static size_t
leading_quote(const struct lines *l, size_t end)
{
	size_t i = 0, k;

	while (i < end && l->v[i].mark == EMPTY)
		i++;
	k = i;
	while (i < end && l->v[i].mark == SPLITTER)
		i++;
	if (i == k || !quote_follows(l, i - 1))
		return 0;
	while (i < end && (l->v[i].mark == EMPTY || l->v[i].mark == QUOTED))
		i++;
	for (k = i; k < end; k++)
		if (l->v[k].mark != TEXT && l->v[k].mark != EMPTY)
			return 0;
	return i;
}

struct quote
mime_quote(struct arena *a, const char *text, bool forwarded)
{
	struct lines l = { .arena = a, .text = text };
	size_t begin, end, from, to, n = strlen(text);

	split_lines(&l);
	mark_lines(&l);
	end = find_end(&l, forwarded);
	begin = forwarded ? 0 : leading_quote(&l, end);
	if (!says_something(&l, begin, end))
		return (struct quote){ without_marks(a, text), NULL };
	from = l.v[begin].at;
	to = end == l.n ? n : l.v[end].at - 1;
	if (from == 0 && to == n)
		return (struct quote){ without_marks(a, text), NULL };
	return (struct quote){ without_marks(a, arena_dup(a, text + from, to - from)),
		without_marks(a, arena_printf(a, "%.*s%s", (int)from, text, text + to)) };
}

struct quote
quote_split(struct arena *a, const char *text)
{
	return mime_quote(a, text, false);
}
