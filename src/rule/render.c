/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mail says: the values of a template's variables, as text and as HTML. All that comes from tickets and messages
 * was read with a customer's eyes (mail.c). */
#include <string.h>

#include "rule/private.h"
#include "ticket/ident.h"

enum { QUOTED = 100000, HISTORY = 300000 /* characters */ };

static const struct words {
	const char *language, *marker, *wrote, *greeting;
} words[] = {
	{ "de", "## Bitte oberhalb dieser Zeile antworten ##", "Am %s schrieb %s:", "Guten Tag" },
	{ "en", "## Please reply above this line ##", "On %s %s wrote:", "Hello" },
};

static const struct words *
words_of(const struct letter *l)
{
	for (size_t i = 0; i < NELEM(words); i++)
		if (strcmp(words[i].language, l->text.language) == 0)
			return &words[i];
	return &words[0];
}

static const char *
line(struct ctx *c, const char *s)
{
	return s == NULL ? "" : text_line(&c->arena, s, strlen(s));
}

static const char *
shop_name(const struct letter *l)
{
	return *l->to.sender_name != '\0' ? l->to.sender_name : l->to.address;
}

/* --- the message itself --- */
struct look {
	struct ctx *c;
	struct letter *l;
};

/* A picture that the message brings along goes with the HTML; whatever else it names stays away. */
static const char *
show_file(void *arg, const char *cid)
{
	struct look *k = arg;

	for (size_t i = 0; i < k->l->files.n; i++)
		if (k->l->files.v[i].cid != NULL && strcmp(k->l->files.v[i].cid, cid) == 0) {
			k->l->inside[i] = true;
			return arena_printf(&k->c->arena, "cid:%s", cid);
		}
	return NULL;
}

static const char *
message_html(struct ctx *c, struct letter *l)
{
	struct look k = { c, l };
	struct str clean;

	if (l->html == NULL)
		return html_make_text(&c->arena, l->message, show_file, &k);
	clean =
	    html_clean(&c->arena, (struct str){ l->html, strlen(l->html) }, show_file, &k, NULL);
	return arena_printf(&c->arena, "<div>%.*s</div>\n", (int)clean.n, clean.s);
}

/* In the text a picture is its name. */
static const char *
message_text(struct ctx *c, const struct letter *l)
{
	struct buf b = { .arena = &c->arena };
	const char *s = l->message, *p, *end;

	while ((p = strstr(s, "[cid:")) != NULL && (end = strchr(p, ']')) != NULL) {
		const char *cid = arena_dup(&c->arena, p + 5, (size_t)(end - p) - 5);
		size_t i = 0;

		while (i < l->files.n &&
		       (l->files.v[i].cid == NULL || strcmp(l->files.v[i].cid, cid) != 0))
			i++;
		buf_add(&b, s, (size_t)(p - s));
		if (i < l->files.n)
			buf_printf(&b, "[%s]", l->files.v[i].name);
		else
			buf_add(&b, p, (size_t)(end - p) + 1);
		s = end + 1;
	}
	buf_puts(&b, s);
	return b.s == NULL ? "" : b.s;
}

/* --- quotes --- */
static const char *
attribution(struct ctx *c, const struct letter *l, const struct row_render_history *m)
{
	const char *who = m->received ? line(c, m->who) : shop_name(l);
	const char *form = words_of(l)->wrote, *at = strstr(form, "%s"),
		   *name = strstr(at + 2, "%s");

	return arena_printf(&c->arena, "%.*s%s%.*s%s%s", (int)(at - form), form, m->at,
	    (int)(name - at - 2), at + 2, who, name + 2);
}

/* RFC 3676, 4.5: a mark and a blank; no blank before what is quoted already. */
static void
put_quoted(struct buf *b, const char *text)
{
	for (const char *p = text, *nl; *p != '\0'; p = *nl == '\0' ? nl : nl + 1) {
		nl = strchrnul(p, '\n');
		buf_puts(b, *p == '>' ? ">" : nl == p ? ">" : "> ");
		buf_add(b, p, (size_t)(nl - p));
		buf_putc(b, '\n');
	}
}

static const char *
cut(struct ctx *c, const char *body)
{
	const char *s = text_cut(&c->arena, body, QUOTED);
	size_t n = strlen(s);

	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return arena_dup(&c->arena, s, n);
}

/* As text and as HTML; marker "" = it follows another one. */
static void
add_quote(struct ctx *c, const struct letter *l, const struct row_render_history *m,
    const char *marker, struct buf *text, struct buf *html)
{
	const char *who = attribution(c, l, m), *body = cut(c, m->body);
	const char *id =
	    ident_sign(c, arena_printf(&c->arena, "quote:%lld", (long long)l->order->ticket));

	if (text->n > 0)
		buf_putc(text, '\n');
	if (*marker != '\0')
		buf_printf(text, "%s\n", marker);
	buf_printf(text, "%s\n", who);
	put_quoted(text, body);
	buf_puts(html, html_make_quote(&c->arena, id, marker, who, body));
}

/* What the customer wrote last, not what his machine answered. */
static void
last_quote(struct ctx *c, const struct letter *l, struct buf *text, struct buf *html)
{
	const struct row_render_history *found = NULL;

	for (size_t i = 0; i < l->history.n; i++) {
		const struct row_render_history *m = &l->history.v[i];

		if (m->received && (found == NULL || !m->automatic))
			found = m;
		if (found != NULL && !found->automatic)
			break;
	}
	if (found != NULL)
		add_quote(c, l, found, words_of(l)->marker, text, html);
}

static void
whole_history(struct ctx *c, const struct letter *l, struct buf *text, struct buf *html)
{
	for (size_t i = 0; i < l->history.n && text->n < HISTORY; i++)
		add_quote(c, l, &l->history.v[i], i == 0 ? words_of(l)->marker : "", text, html);
}

/* --- the whole --- */
static const char *
greeting(struct ctx *c, const struct letter *l)
{
	const char *name = line(c, l->to.name), *word = words_of(l)->greeting;

	return *name == '\0' ? arena_printf(&c->arena, "%s,", word)
			     : arena_printf(&c->arena, "%s %s,", word, name);
}

/* A variable that stood for nothing leaves no empty lines behind. */
static char *
without_end(struct ctx *c, const char *s)
{
	size_t n = strlen(s);

	for (;;)
		if (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
			n--;
		else if (n > 4 && memcmp(s + n - 4, "<br>", 4) == 0)
			n -= 4;
		else
			return arena_dup(&c->arena, s, n);
}

static const char *
page(struct ctx *c, const struct letter *l, const char *body)
{
	return arena_printf(&c->arena,
	    "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"></head><body>\n"
	    "<div style=\"font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5\">"
	    "%s</div>\n</body></html>\n",
	    words_of(l)->language, without_end(c, body));
}

void
render_letter(struct ctx *c, struct letter *l)
{
	struct buf b[4] = { { .arena = &c->arena }, { .arena = &c->arena }, { .arena = &c->arena },
		{ .arena = &c->arena } };
	const char *signature = l->agent.signature != NULL && *l->agent.signature != '\0'
				    ? l->agent.signature
				    : l->to.signature;
	const char *template;

	l->inside = arena_alloc(&c->arena, (l->files.n + 1) * sizeof *l->inside);
	last_quote(c, l, &b[0], &b[1]);
	whole_history(c, l, &b[2], &b[3]);
	const struct variable v[] = {
		{ "TicketID", arena_printf(&c->arena, "%lld", (long long)l->ticket.id), NULL },
		{ "TicketTitle", line(c, l->ticket.subject), NULL },
		{ "TicketType", l->facts.type, NULL },
		{ "TicketStatus", l->facts.status, NULL },
		{ "TicketPriority", arena_printf(&c->arena, "%lld", (long long)l->facts.priority),
		    NULL },
		{ "TicketDate", l->facts.opened, NULL },
		{ "TicketLastMessage", message_text(c, l), message_html(c, l) },
		{ "TicketQuote", b[0].s, b[1].s },
		{ "TicketHistory", b[2].s, b[3].s },
		{ "Greeting", greeting(c, l), NULL },
		{ "CustomerName", line(c, l->to.name), NULL },
		{ "CustomerEmail", l->to.email, NULL },
		{ "AgentName", l->agent.name != NULL ? l->agent.name : shop_name(l), NULL },
		{ "ShopName", shop_name(l), NULL },
		{ "ShopEmail", l->to.address, NULL },
		{ "Date", l->facts.today, NULL },
		{ "SignatureText", signature, NULL },
		{ "SignatureHTML", signature, NULL },
	};

	l->subject = line(c, template_fill(&c->arena, l->text.subject, v, NELEM(v)));
	template = text_clean(&c->arena, l->text.body, strlen(l->text.body));
	l->body = without_end(c, template_fill(&c->arena, template, v, NELEM(v)));
	l->page = page(c, l, template_html(&c->arena, template, v, NELEM(v)));
}
