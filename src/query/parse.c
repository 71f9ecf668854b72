/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes -> tree. What is no syntax is words: there are no errors, only what was understood. */
#include <string.h>

#include "query/private.h"

struct parser {
	struct arena *arena;
	const char *s; /* one line of valid UTF-8 */
	size_t i, leaves, depth;
	bool is_typing, cut;
	struct query_tree *tree;
};

static const struct query_node *parse_or(struct parser *);

void
query_add(struct query_list *l, const struct query_node *node)
{
	if (node == NULL)
		return;
	if (l->n == l->cap) {
		const struct query_node **v = l->v;

		l->cap = l->cap == 0 ? 4 : 2 * l->cap;
		l->v = arena_alloc(l->arena, l->cap * sizeof *v);
		if (l->n > 0)
			memcpy(l->v, v, l->n * sizeof *v);
	}
	l->v[l->n++] = node;
}

const struct query_node *
query_leaf(struct arena *a, struct query_node node)
{
	struct query_node *n = arena_alloc(a, sizeof *n);

	*n = node;
	return n;
}

const struct query_node *
query_join(struct query_list *l, enum query_op op)
{
	if (l->n == 1)
		return l->v[0];
	return query_leaf(l->arena, (struct query_node){ .op = op, .n = l->n, .v = l->v });
}

const struct query_node *
query_not(struct arena *a, const struct query_node *node)
{
	struct query_list l = { .arena = a };

	query_add(&l, node);
	return query_leaf(a, (struct query_node){ .op = QUERY_NOT, .n = 1, .v = l.v });
}

bool
query_has_word(const char *text)
{
	struct term_word w;
	size_t at = 0;

	return terms_next(text, strlen(text), &at, &w);
}

/* --- tokens --- */

static bool
is_end(char c)
{
	return c == '\0' || c == ' ';
}

static void
skip_blanks(struct parser *p)
{
	while (p->s[p->i] == ' ')
		p->i++;
}

/* Does one of these operators stand here, by itself? Its length. */
static size_t
operator_here(const struct parser *p, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);

		if (strncmp(p->s + p->i, *words, n) == 0 &&
		    (is_end(p->s[p->i + n]) || p->s[p->i + n] == '('))
			return n;
	}
	return 0;
}

static const char *const or_words[] = { "OR", "ODER", "|", "||", NULL };
static const char *const and_words[] = { "AND", "UND", "&", "&&", NULL };
static const char *const not_words[] = { "NOT", "NICHT", NULL };

/* An operator needs something behind it, else it is a word. */
static bool
has_operand(const struct parser *p, size_t n)
{
	const char *s = p->s + p->i + n;

	s += strspn(s, " ");
	return *s != '\0' && *s != ')';
}

/* The end of a bare token that begins at i: parentheses that open in it close in it. */
static size_t
token_end(const struct parser *p, size_t i)
{
	size_t open = 0;

	for (; !is_end(p->s[i]); i++) {
		if (p->s[i] == '(')
			open++;
		if (p->s[i] == ')' && open-- == 0)
			break;
	}
	return i;
}

static char *
take(struct parser *p, size_t end)
{
	char *s = arena_dup(p->arena, p->s + p->i, end - p->i);

	p->i = end;
	return s;
}

/* "..." from here on; the closing mark may be missing. */
static char *
take_quoted(struct parser *p)
{
	const char *begin = p->s + p->i + 1, *end = strchr(begin, '"');
	char *s = end == NULL ? arena_strdup(p->arena, begin)
			      : arena_dup(p->arena, begin, (size_t)(end - begin));

	p->i = end == NULL ? strlen(p->s) : (size_t)(end - p->s) + 1;
	return s;
}

/* --- leaves --- */

/* #1042 is a ticket's number, or stands in a text. */
static const struct query_node *
numbered(struct parser *p, const char *s, const struct query_node *text)
{
	struct query_list l = { .arena = p->arena };

	query_add(&l, query_value(p->arena, query_field_find(p->arena, "id"), s));
	if (l.n == 0)
		return text;
	query_add(&l, text);
	return query_join(&l, QUERY_OR);
}

static const struct query_node *
words(struct parser *p, char *s)
{
	size_t n = strlen(s);
	bool open = n > 1 && s[n - 1] == '*';

	if (!query_has_word(s))
		return NULL;
	if (p->tree != NULL && *s == '#' && strspn(s + 1, "0123456789") == n - 1)
		return numbered(p, s,
		    query_leaf(p->arena, (struct query_node){ .op = QUERY_WORDS, .value = s }));
	if (p->is_typing && p->s[p->i] == '\0')
		open = true;
	return query_leaf(p->arena,
	    (struct query_node){ .op = open ? QUERY_BEGINNING : QUERY_WORDS, .value = s });
}

static const struct query_node *
phrase(struct parser *p)
{
	char *s = take_quoted(p);

	if (!query_has_word(s))
		return NULL;
	return query_leaf(p->arena, (struct query_node){ .op = QUERY_PHRASE, .value = s });
}

/* The name of a field that stands here with its colon and a value; its length, 0 = none does. */
static size_t
field_here(const struct parser *p)
{
	const char *s = p->s + p->i;
	size_t n = strcspn(s, " :\"()<>=,/");

	return n > 0 && n <= 40 && s[n] == ':' && !is_end(s[n + 1]) && s[n + 1] != ')' ? n : 0;
}

/* neu,"In Bearbeitung",offen: values with commas between them, each of which may be quoted. */
static char *
take_list(struct parser *p)
{
	struct buf b = { .arena = p->arena };
	size_t end;

	for (;;) {
		end = token_end(p, p->i);
		if (p->s[p->i] == '"') {
			buf_puts(&b, take_quoted(p));
		} else {
			size_t n = strcspn(p->s + p->i, ",");

			buf_puts(&b, take(p, n < end - p->i ? p->i + n : end));
		}
		if (p->s[p->i] != ',')
			break;
		buf_putc(&b, ',');
		p->i++;
	}
	return b.n == 0 ? arena_strdup(p->arena, "") : b.s;
}

static const struct query_node *
field_value(struct parser *p, size_t name)
{
	const struct query_field *f =
	    query_field_find(p->arena, arena_dup(p->arena, p->s + p->i, name));
	const struct query_node *node;
	size_t begin = p->i;
	char *value, *all;

	if (f == NULL && p->s[p->i + name + 1] == '/')
		return words(p, take(p, token_end(p, p->i))); /* an address of the web */
	p->i += name + 1;
	if (f != NULL && f->kind != QUERY_TEXT) {
		node = query_value(p->arena, f, take_list(p));
	} else if (p->s[p->i] == '"') {
		value = take_quoted(p);
		node =
		    f == NULL ? NULL
		    : query_has_word(value)
			? query_leaf(p->arena,
			      (struct query_node){ .op = QUERY_PHRASE, .field = f, .value = value })
			: query_value(p->arena, f, value);
	} else {
		value = take(p, token_end(p, p->i));
		node = f == NULL ? NULL : query_value(p->arena, f, value);
	}
	if (node != NULL) {
		p->leaves += node->n;
		return node;
	}
	all = arena_dup(p->arena, p->s + begin, p->i - begin);
	query_remark(p->arena, p->tree, QUERY_AS_WORDS, all,
	    query_instead(p->arena, f, all + name + 1, all));
	return words(p, all);
}

static const struct query_node *
group(struct parser *p)
{
	const struct query_node *node;

	p->i++;
	if (p->depth >= QUERY_DEPTH) {
		p->cut = true;
		return NULL;
	}
	p->depth++;
	node = parse_or(p);
	p->depth--;
	if (p->s[p->i] == ')')
		p->i++;
	return node;
}

static const struct query_node *
parse_leaf(struct parser *p)
{
	size_t name = field_here(p);

	if (p->s[p->i] == '(')
		return group(p);
	if (p->leaves++ >= QUERY_LEAVES) {
		p->cut = true;
		p->i = strlen(p->s);
		return NULL;
	}
	if (p->s[p->i] == '"')
		return phrase(p);
	if (name > 0)
		return field_value(p, name);
	return words(p, take(p, token_end(p, p->i)));
}

static const struct query_node *
parse_unary(struct parser *p)
{
	size_t n = operator_here(p, not_words);
	const struct query_node *node;

	if (n > 0 && has_operand(p, n)) {
		p->i += n;
		skip_blanks(p);
	} else if (p->s[p->i] == '-' && !is_end(p->s[p->i + 1]) && p->s[p->i + 1] != '-') {
		p->i++;
	} else {
		return parse_leaf(p);
	}
	if (p->depth >= QUERY_DEPTH) {
		p->cut = true;
		return parse_leaf(p);
	}
	p->depth++;
	node = parse_unary(p);
	p->depth--;
	return node == NULL ? NULL : query_not(p->arena, node);
}

/* --- rows of leaves --- */

static bool
is_number(const struct query_node *n)
{
	return n->op == QUERY_WORDS && n->field == NULL &&
	       n->value[strspn(n->value, "0123456789-./ ")] == '\0';
}

/* Numbers with blanks between them may be one number: they are asked for together. */
static void
add_merged(struct query_list *l, const struct query_node *node)
{
	struct query_node both;

	if (node != NULL && l->n > 0 && is_number(l->v[l->n - 1]) && node->value != NULL &&
	    node->field == NULL && node->op != QUERY_PHRASE &&
	    node->value[strspn(node->value, "0123456789-./")] == '\0') {
		both = *node;
		both.value = arena_printf(l->arena, "%s %s", l->v[--l->n]->value, node->value);
		node = query_leaf(l->arena, both);
	}
	query_add(l, node);
}

/* Closing what is not open is a blank. */
static bool
row_ends(struct parser *p)
{
	for (skip_blanks(p); p->s[p->i] == ')' && p->depth == 0; skip_blanks(p))
		p->i++;
	return p->s[p->i] == '\0' || p->s[p->i] == ')';
}

static const struct query_node *
parse_and(struct parser *p)
{
	struct query_list l = { .arena = p->arena };
	size_t n;

	while (!row_ends(p)) {
		n = operator_here(p, or_words);
		if (n > 0 && l.n > 0 && has_operand(p, n))
			break;
		n = operator_here(p, and_words);
		if (n > 0 && l.n > 0 && has_operand(p, n))
			p->i += n;
		else
			add_merged(&l, parse_unary(p));
	}
	return l.n == 0 ? NULL : query_join(&l, QUERY_AND);
}

static const struct query_node *
parse_or(struct parser *p)
{
	struct query_list l = { .arena = p->arena };

	query_add(&l, parse_and(p));
	while (!row_ends(p)) {
		p->i += operator_here(p, or_words);
		query_add(&l, parse_and(p));
	}
	return l.n == 0 ? NULL : query_join(&l, QUERY_OR);
}

/* One line of valid UTF-8; quotation marks of any make are '"'. */
static char *
line(struct arena *a, const char *text, size_t n)
{
	struct buf b = { .arena = a };
	const char *s = text_line(a, text, n < QUERY_BYTES ? n : QUERY_BYTES);
	size_t left = strlen(s), used;

	for (; left > 0; s += used, left -= used) {
		uint32_t cp = text_next(s, left, &used);
		bool is_quote = (cp >= 0x201c && cp <= 0x201f) || cp == 0xab || cp == 0xbb;

		text_put(&b, is_quote ? '"' : cp);
	}
	return b.s != NULL ? b.s : arena_dup(a, "", 0);
}

static const struct query_node *
everything(struct arena *a)
{
	return query_leaf(a, (struct query_node){ .op = QUERY_AND });
}

struct query_tree *
query_parse(struct arena *a, const char *text, size_t n, bool is_typing)
{
	struct query_tree *t = arena_alloc(a, sizeof *t);
	struct parser p = { .arena = a, .s = line(a, text, n), .tree = t };

	p.is_typing = is_typing && n > 0 && text[n - 1] != ' ';
	t->root = parse_or(&p);
	if (t->root == NULL)
		t->root = everything(a);
	if (p.cut || n > QUERY_BYTES)
		query_remark(a, t, QUERY_TOO_LONG, NULL, NULL);
	return t;
}

const struct query_node *
query_plain(struct arena *a, const char *text, size_t n)
{
	struct parser p = { .arena = a, .s = line(a, text, n) };
	struct query_list l = { .arena = a };

	for (skip_blanks(&p); p.s[p.i] != '\0' && l.n < QUERY_LEAVES; skip_blanks(&p))
		query_add(&l, words(&p, take(&p, p.i + strcspn(p.s + p.i, " "))));
	return l.n == 0 ? everything(a) : query_join(&l, QUERY_AND);
}
