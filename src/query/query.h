/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one query language (docket-query(7)): search box, folders, lists, rules and reports. Any bytes
 * parse; nothing here fails, knows a database or a clock. */
#ifndef QUERY_H
#define QUERY_H

#include "base/base.h"
#include "index/terms.h"

enum {
	QUERY_BYTES = 4000, /* of a query that are read */
	QUERY_LEAVES = 100, /* words and facts; what lies beyond is left out, and said */
	QUERY_DEPTH = 30,   /* of parentheses and minuses */
	QUERY_BRANCHES = 8,
	QUERY_VALUES =
	    512 /* bound values of one condition: two for each leaf and value of a list */
};

enum query_kind {
	QUERY_TEXT,   /* words in one field of the index */
	QUERY_MARK,   /* is true of a message: in:comment */
	QUERY_NAME,   /* a name, or the number of what it names */
	QUERY_NUMBER, /* with < <= > >= and ranges */
	QUERY_DATE,   /* the same */
	QUERY_CHOICE, /* one of a list of words */
	QUERY_KEPT    /* a kept query by its name or number: query_expand() puts it in its place */
};
enum query_rel { QUERY_IS, QUERY_BELOW, QUERY_UPTO, QUERY_ABOVE, QUERY_FROM };
enum query_serves { QUERY_SCAN, QUERY_SERVED, QUERY_SERVED_OPEN };

/* One word that a field takes. */
struct query_choice {
	const char *word, *german;
	const char *aliases; /* folded, with blanks between; the German one is among them */
	const char *clause;  /* of a fact */
	enum term_mark mark;
	enum query_serves serves;
};
/* A row of the field table. In clauses, $v is the value, $a the agent and $z his time zone. */
struct query_field {
	const char *name, *german, *aliases;
	enum query_kind kind;
	enum query_rel rel;    /* QUERY_DATE: what a bare date means */
	const char *clause;    /* QUERY_NAME: by name; QUERY_NUMBER, QUERY_DATE: the column */
	const char *by_number; /* QUERY_NAME: the same by number */
	const struct query_choice *choices;
	enum term_field text;
	enum query_serves serves; /* an index finds the tickets (of open ones) */
};
extern const struct query_field query_fields[]; /* NULL name at the end */

/* A moment of the reader's calendar: a date, or the present one shifted. */
struct query_date {
	const char *day;   /* "2026-01-15", or NULL = today */
	const char *trunc; /* QUERY_UNITS: what the present moment is cut to, or NULL */
	const char *unit;  /* how long it lasts: "day", "week", "month", "year"; NULL = a moment */
	int64_t shift;     /* days, or what shift_unit says */
	const char *shift_unit;
};

enum query_op {
	QUERY_AND, /* without children: everything */
	QUERY_OR,
	QUERY_NOT,
	QUERY_WORDS, /* value in field (NULL = anywhere) */
	QUERY_PHRASE,
	QUERY_BEGINNING, /* the last word of value may be the beginning of one */
	QUERY_FACT,      /* of the ticket; or a mark of the message */
	QUERY_NESTED     /* a kept query: value is its name, or (QUERY_FROM) its number */
};
struct query_node {
	enum query_op op;
	const struct query_field *field;
	enum query_rel rel;
	const char *value;
	const struct query_choice *choice;
	struct query_date date;
	size_t n;
	const struct query_node *const *v;
};
/* What was not taken as it was meant. */
enum query_trouble {
	QUERY_AS_WORDS, /* text is no syntax: its words are searched */
	QUERY_UNKNOWN,  /* there is nothing of the name in text: nothing is found by it */
	QUERY_TOO_LONG, /* the first part was used */
	QUERY_TOO_MANY  /* alternatives of words and conditions: all of it is searched as words */
};
struct query_note {
	enum query_trouble what;
	const char *text;    /* the part, as it was typed, or NULL */
	const char *instead; /* what may have been meant, or NULL */
	struct query_note *next;
};
struct query_tree {
	const struct query_node *root;
	struct query_note *notes; /* NULL = all was understood */
};

/* Read a query. is_typing: its last word may be unfinished. Never NULL. */
struct query_tree *query_parse(struct arena *, const char *text, size_t n, bool is_typing);
/* The first note as a sentence, NULL = all was understood. */
const char *query_sentence(struct arena *, const struct query_tree *);
/* Add a note behind the others, unless there are many already. */
void query_remark(
    struct arena *, struct query_tree *, enum query_trouble, const char *text, const char *instead);
/* The same with every word searched as a word. */
const struct query_node *query_plain(struct arena *, const char *text, size_t n);

/* Put in the place of every kept query what find() gives for it (NULL = it is not known: nothing, and a note
 * says so). */
struct query_kept {
	const struct query_node *(*find)(struct query_kept *, const char *name, int64_t number);
	struct arena *arena;
	struct query_tree *tree; /* whose notes are added to */
};
void query_expand(struct query_kept *);

/* Is the subtree about messages only (words, marks), about tickets only (facts), or mixed? An empty
 * QUERY_AND is both: QUERY_FACTS. */
enum query_sort { QUERY_MESSAGES, QUERY_FACTS, QUERY_MIXED };
enum query_sort query_sort(const struct query_node *);

/* The query as at most QUERY_BRANCHES of (text AND facts), either may be NULL; none = more than that:
 * search query_plain() and say so. */
struct query_branch {
	const struct query_node *text, *facts;
};
struct query_branches {
	struct query_branch v[QUERY_BRANCHES];
	size_t n;
};
bool query_branches(struct arena *, const struct query_node *, struct query_branches *);

/* Text and marks as a question to the index; NULL = there is no word in it. */
const struct xap_node *query_text(struct arena *, const struct query_node *);

/* Who asks: $a and $z. */
struct query_who {
	int64_t agent;
	const char *zone; /* IANA name; NULL = UTC */
};
/* An SQL condition on the ticket t, composed of the field table's constant clauses; its values are
 * bound: the first one added gets the number v.n + 1. */
struct query_sql {
	struct buf text;
	const char *values[QUERY_VALUES];
	size_t n;
	size_t agent, zone; /* the numbers they are bound as, 0 = not yet */
	struct query_who who;
};
void query_sql(struct query_sql *, const struct query_node *facts);
/* Bind one more value: its number. */
size_t query_bind(struct query_sql *, const char *value);
/* The frame with its markers replaced by the condition so far. */
const char *query_frame(struct query_sql *, const char *frame, const char *marker);

/* Can an index find the tickets of these facts? */
bool query_is_served(const struct query_node *facts);

/* What stands at the end of an unfinished query: a field's value that is being typed (field != NULL), else
 * what may become a field or a word. */
struct query_tail {
	size_t at; /* bytes before it: what a completion replaces begins here */
	const struct query_field *field;
	const char *part; /* of the value, of its last one where commas stand, or of the word */
	bool is_quoted;
};
struct query_tail query_tail(struct arena *, const char *text, size_t n);
/* Words that a date can be, in the language, one after the other; NULL = no more. */
const char *query_spoken(size_t i, bool german);
/* Does the folded text begin a word of the folded list? */
bool query_begins(const char *list, const char *part);

#endif
