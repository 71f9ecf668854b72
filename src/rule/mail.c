/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail to a customer: rendered with a customer's eyes (role docket_render), composed whole, queued. */
#include <string.h>
#include <strings.h>

#include "rule/private.h"
#include "ticket/ident.h"

/* The build of the canary test asks for every word of the ticket: there the database alone keeps comments in. */
#ifdef DOCKET_TEST_NO_FILTER
#define WORDS(c, ticket, message) sql_render_unfiltered(c, ticket)
enum { UNFILTERED = true };
#else
#define WORDS(c, ticket, message) sql_render_message(c, message)
enum { UNFILTERED = false };
#endif

/* All of them, each once: what the mail server is told. */
static struct texts
everybody(struct ctx *c, const struct letter *l)
{
	const struct texts both[] = { l->recipients, l->copies };
	const char **v = arena_alloc(&c->arena, (both[0].n + both[1].n + 1) * sizeof *v);
	size_t n = 0;

	for (size_t k = 0; k < NELEM(both); k++)
		for (size_t i = 0; i < both[k].n; i++) {
			size_t at = 0;

			while (at < n && strcasecmp(v[at], both[k].v[i]) != 0)
				at++;
			if (at == n)
				v[n++] = both[k].v[i];
		}
	return (struct texts){ v, n };
}

/* Everything that comes from tickets and messages is read here, as docket_render. Quoted is only what the mail's
 * readers wrote or were sent. The thread of an automatic mail ends with the message it answers, whose files it does
 * not send back. */
static bool
read_for_customer(struct ctx *c, struct letter *l)
{
	const struct mail_order *o = l->order;
	int64_t until = o->message + (o->automatic != NULL);
	struct row_mail_readers readers;
	struct texts eyes;
	bool visible;

	sql_mail_readers(c, o->ticket, everybody(c, l), &readers);
	eyes = text_lines(&c->arena, readers.emails);
	sql_render_enter(c);
	visible = sql_render_ticket(c, o->ticket, &l->ticket);
	l->message = WORDS(c, o->ticket, o->message);
	l->history = sql_render_history(c, o->ticket, until, eyes, readers.is_customer,
	    l->agent.zone, l->text.language, UNFILTERED);
	l->thread = sql_render_thread(c, o->ticket, until);
	if (o->automatic == NULL) {
		l->html = sql_render_html(c, o->message);
		l->files = sql_render_files(c, o->message);
	}
	sql_render_leave(c);
	return visible && l->message != NULL;
}

/* RFC 5322 3.6.4: In-Reply-To names the customer's newest mail, References the whole thread. */
static const char *
references(struct ctx *c, const struct letter *l, struct texts *refs)
{
	const char **v = arena_alloc(&c->arena, (l->thread.n + 1) * sizeof *v);
	const char *answered = NULL;

	for (size_t i = 0; i < l->thread.n; i++) {
		v[i] = l->thread.v[i].ref;
		if (l->thread.v[i].received)
			answered = v[i];
	}
	*refs = (struct texts){ v, l->thread.n };
	return answered;
}

static struct attachment *
attachments(struct ctx *c, const struct letter *l)
{
	struct attachment *v = arena_alloc(&c->arena, (l->files.n + 1) * sizeof *v);

	for (size_t i = 0; i < l->files.n; i++)
		v[i] = (struct attachment){ .name = l->files.v[i].name,
			.type = l->files.v[i].type,
			.path = blob_path(&c->arena, l->files.v[i].sha256),
			.cid = l->inside[i] ? l->files.v[i].cid : NULL };
	return v;
}

/* Whom it goes to: as its writer said, else the customer. */
static void
address(struct ctx *c, struct letter *l)
{
	struct row_mail_people p = { 0 };

	/* An order of its own, such as a word to whoever wrote, goes to nobody else. */
	if (l->order->to == NULL && l->order->automatic == NULL)
		sql_mail_people(c, l->order->message, &p);
	l->recipients = text_lines(&c->arena, p.recipients);
	l->copies = text_lines(&c->arena, p.copies);
	if (l->recipients.n == 0)
		l->recipients = (struct texts){ &l->to.email, l->to.email != NULL };
}

/* A name as it may stand in a header; what a stranger calls himself must not keep an answer from leaving. */
static const char *
one_line(struct ctx *c, const char *name)
{
	return text_line(&c->arena, name, strlen(name));
}

static struct people
people(struct ctx *c, const struct letter *l, struct texts emails)
{
	struct person *v = arena_alloc(&c->arena, (emails.n + 1) * sizeof *v);

	for (size_t i = 0; i < emails.n; i++) {
		bool known = l->to.email != NULL && strcasecmp(emails.v[i], l->to.email) == 0;

		v[i] = (struct person){ known ? one_line(c, l->to.name) : NULL, emails.v[i] };
	}
	return (struct people){ v, emails.n };
}

static const char *
joined(struct ctx *c, struct texts t)
{
	struct buf b = { .arena = &c->arena };

	for (size_t i = 0; i < t.n; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", t.v[i]);
	return b.n > 0 ? b.s : "";
}

/* Where the customer's answers go: as its owner wants it, else where they are known by their address. */
static const char *
reply_address(struct ctx *c, const struct letter *l)
{
	if (l->to.reply_to != NULL && mime_address_ok(l->to.reply_to))
		return l->to.reply_to;
	return l->to.plus_proved ? ident_address(c, l->order->ticket, l->to.account, l->to.address)
				 : NULL;
}

static const char *
sender_name(const struct letter *l)
{
	if (*l->to.sender_name != '\0')
		return l->to.sender_name;
	return l->agent.name != NULL ? l->agent.name : "";
}

static char *
compose(struct ctx *c, struct letter *l)
{
	struct draft_mail d = {
		.from = { one_line(c, sender_name(l)), l->to.address },
		.reply_to.email = reply_address(c, l),
		.to = people(c, l, l->recipients),
		.cc = people(c, l, l->copies),
		.subject = l->subject,
		.message_id = l->ref,
		.docket_id = conf.host,
		.automatic = l->order->automatic,
		.text = l->body,
		.html = l->page,
		.files = attachments(c, l),
		.nfiles = l->files.n,
		.date = time_now(),
	};
	const char *error = NULL;
	struct str raw;

	d.in_reply_to = references(c, l, &d.references);
	raw = mime_compose(&c->arena, &d, &error);
	if (raw.s == NULL)
		fail(c, 422, "mail_unwritable", "the mail cannot be written: %s", error);
	return blob_store(c, raw.s, raw.n);
}

/* Who writes, and in whose time: the shop's where nobody does. */
static void
read_agent(struct ctx *c, struct letter *l, int64_t agent)
{
	if (agent != 0)
		sql_agent_mail(c, agent, &l->agent);
	if (l->agent.zone == NULL)
		l->agent.zone = "Europe/Berlin";
}

/* Why a mail cannot leave, or NULL. */
static const char *
hindrance(struct ctx *c, struct letter *l)
{
	if (!sql_mail_envelope(c, l->order->ticket, &l->to))
		return "no_account";
	read_agent(c, l, l->order->agent);
	if (l->order->to != NULL)
		l->to.email = l->order->to;
	address(c, l);
	if (l->recipients.n == 0 || !mime_address_ok(l->recipients.v[0]))
		return "no_address";
	if (!sql_template_text(c, l->order->template, l->to.language, &l->text))
		return "no_template";
	sql_mail_facts(c, l->order->ticket, l->agent.zone, l->text.language, &l->facts);
	return read_for_customer(c, l) ? NULL : "not_for_customers";
}

/* Where reports go (RFC 5321 MAIL FROM): of an automatic mail nowhere, so that none answers it, or to the ticket's own
 * address, where its fate is read. */
static const char *
return_path(struct ctx *c, const struct letter *l)
{
	if (l->order->automatic == NULL)
		return l->to.address;
	return l->to.plus_proved ? ident_address(c, l->order->ticket, l->to.account, l->to.address)
				 : "";
}

void
mail_skip(struct ctx *c, const struct mail_order *o, const char *why)
{
	sql_mail_skipped(c, o->ticket, o->message, o->rule, why);
}

void
mail_to_customer(struct ctx *c, const struct mail_order *o)
{
	struct letter l = { .order = o };
	const char *why = hindrance(c, &l);
	char *sha256;

	if (why != NULL) {
		mail_skip(c, o, why);
		return;
	}
	l.ref = ident_message(c, o->ticket, o->message, l.to.account);
	render_letter(c, &l);
	sha256 = compose(c, &l);
	if (o->automatic == NULL)
		sql_message_set_ref(c, o->message, l.ref, joined(c, l.recipients), l.body);
	sql_mail_queue(c, o->ticket, o->message, l.to.account, o->rule, return_path(c, &l),
	    everybody(c, &l), l.subject, sha256, l.ref, o->automatic != NULL && o->agent == 0);
}

struct str
mail_preview(struct ctx *c, const struct mail_trial *t)
{
	struct mail_order order = { .ticket = t->ticket, .agent = t->agent };
	struct letter l = { .order = &order, .text = { t->subject, t->body, t->language } };
	struct buf b = { .arena = &c->arena };

	if (!sql_mail_envelope(c, t->ticket, &l.to))
		fail(c, 422, "no_account", "no account can send");
	read_agent(c, &l, t->agent);
	sql_mail_facts(c, t->ticket, l.agent.zone, t->language, &l.facts);
	address(c, &l);
	order.message = sql_mail_newest(c, t->ticket, t->message != NULL);
	if (!read_for_customer(c, &l) && t->message == NULL)
		l.message = "...";
	if (l.ticket.id == 0)
		fail(c, 422, "ticket_confidential",
		    "this ticket is confidential: nothing leaves it");
	if (t->message != NULL) {
		l.message = t->message;
		l.html = NULL;
		l.files.n = 0;
	}
	render_letter(c, &l);
	buf_puts(&b, "{\"subject\":");
	buf_json(&b, l.subject, strlen(l.subject));
	buf_puts(&b, ",\"text\":");
	buf_json(&b, l.body, strlen(l.body));
	buf_puts(&b, ",\"html\":");
	buf_json(&b, l.page, strlen(l.page));
	buf_putc(&b, '}');
	return buf_str(&b);
}
