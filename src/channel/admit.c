/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter becomes a message: in which ticket, by whom, how far to be believed, how loud. */
#include <string.h>

#include "channel/channel.h"
#include "ticket/ticket.h"

enum { ID_LENGTH = 990, PEOPLE = 4000, HOPS = 50, MANY = 10 };

static void
put_people(struct buf *b, const struct people *p)
{
	for (size_t i = 0; i < p->n && b->n < PEOPLE; i++) {
		buf_puts(b, b->n > 0 ? ", " : "");
		if (p->v[i].name != NULL)
			buf_printf(b, "%s <%s>", p->v[i].name, p->v[i].email);
		else
			buf_puts(b, p->v[i].email);
	}
}

static const char *
recipients(struct ctx *c, const struct mail *m)
{
	struct buf b = { .arena = &c->arena };

	put_people(&b, &m->to);
	put_people(&b, &m->cc);
	return b.n == 0 ? "" : text_cut(&c->arena, b.s, PEOPLE);
}

static const char *
body(struct ctx *c, const struct letter *l)
{
	const char *text = l->mail->visible;

	if (l->partial && l->size <= conf.mail_limit)
		text = arena_printf(&c->arena,
		    "(Diese Mail ließ sich nicht ganz vom Server holen, nur ihr Kopf ist da. / "
		    "This "
		    "mail could not be fetched whole, only its header is here.)\n\n%s",
		    text);
	else if (l->partial)
		text = arena_printf(&c->arena,
		    "(Diese Mail ist mit %lld MB zu groß und liegt noch auf dem Server, nur ihr "
		    "Kopf "
		    "wurde geholt. / This mail of %lld MB is too large and still on the server, "
		    "only "
		    "its header was fetched.)\n\n%s",
		    (long long)(l->size >> 20), (long long)(l->size >> 20), text);
	if (l->mail->abridged != NULL)
		text = arena_printf(
		    &c->arena, "%s\n\n(gekürzt / abridged: %s)", text, l->mail->abridged);
	return text;
}

static int64_t
open_ticket(struct ctx *c, const struct letter *l, const struct sender *s)
{
	struct row_account_intake a = { 0 };
	struct ticket_new n = { .subject = l->mail->subject,
		.source = "mail",
		.account = l->account,
		.name = s->name,
		.email = s->answer_to };

	if (l->account == 0 || !sql_account_intake(c, l->account, &a))
		a.type = sql_type_first(c);
	n.type = a.type;
	n.status = a.status;
	n.owner = a.owner;
	n.owner_role = a.owner_role;
	if (s->email != NULL)
		n.customer = sql_customer_of(c, s->email, s->name);
	return ticket_open(c, &n, (struct actor){ 0 });
}

/* A Message-ID as it is kept; NULL = none, or longer than any mail program writes. */
static const char *
kept_id(const char *id)
{
	return id != NULL && strlen(id) <= ID_LENGTH ? id : NULL;
}

/* What is known of a letter before its ticket is. */
struct view {
	struct sender sender;
	struct row_intake_look look;
	struct trust trust;
	struct match match;
	struct message_new message;
};

static bool
is_verified(const struct view *v)
{
	return v->trust.result == TRUST_VERIFIED;
}

/* The same mail to two of our addresses is one message: its ticket notes the second account. */
static bool
is_twin(struct ctx *c, struct letter *l, const struct message_new *m)
{
	struct row_match_twin t;
	struct str files = l->files.n > 0 ? l->files : (struct str){ "[]", 2 };

	if (m->ref == NULL ||
	    !sql_match_twin(c, l->account, m->ref, m->email, m->body, m->folded, files.s, &t))
		return false;
	l->ticket = t.ticket;
	l->message = t.message;
	sql_inbound_twin(c, l->inbound, t.ticket, t.message);
	return true;
}

/* The agent who answers by mail, 0 = nobody: a name in From is no proof. The mail must have come to the ticket's own
 * signed address, and the server must have proven its sender. */
static int64_t
writer(struct ctx *c, const struct letter *l, const struct view *v)
{
	const struct mail *m = l->mail;

	if (v->match.ticket == 0 || strcmp(v->match.evidence, "address") != 0 ||
	    v->message.automatic != NULL || m->from.n != 1 || v->trust.warnings.n > 0 ||
	    !is_verified(v))
		return 0;
	return sql_match_agent(c, v->match.ticket, m->from.v[0].email);
}

static struct trust
believe(struct ctx *c, const struct mail *m, const struct row_intake_look *look)
{
	struct rows_intake_domains own = sql_intake_domains(c);
	const char **v = arena_alloc(&c->arena, (own.n + 1) * sizeof *v);
	struct trust_ask ask = { .server = look->authserv_id };

	for (size_t i = 0; i < own.n; i++)
		v[i] = own.v[i].domain;
	ask.domains = (struct texts){ v, own.n };
	return mime_trust(&c->arena, m, &ask);
}

static void
describe(struct ctx *c, const struct letter *l, struct view *v)
{
	const struct mail *m = l->mail;

	v->sender = match_sender(c, m);
	sql_intake_look(c, l->account, v->sender.email, &v->look);
	v->trust = believe(c, m, &v->look);
	v->message = (struct message_new){ .author = v->sender.name,
		.email = v->sender.email,
		.recipients = recipients(c, m),
		.subject = m->subject == NULL ? NULL : text_cut(&c->arena, m->subject, PEOPLE),
		.body = body(c, l),
		.folded = m->folded,
		.html = m->page,
		.source = "mail",
		.automatic = match_is_own(c, l->account, m) ? "own" : m->automatic,
		.ref = kept_id(m->message_id),
		.inbound = l->inbound };
}

/* Find the ticket or open one, and make of a closed one what its type says. */
static void
settle_ticket(struct ctx *c, struct letter *l, struct view *v)
{
	struct match *f = &v->match;

	*f = match_find(c, l->account, l->mail, &v->sender, is_verified(v));
	l->ticket = f->ticket;
	v->message.by.agent = writer(c, l, v);
	if (l->ticket == 0)
		l->ticket = open_ticket(c, l, &v->sender);
	else if (v->message.automatic == NULL && v->message.by.agent == 0)
		ticket_reopen(c, l->ticket, (struct actor){ 0 });
	if (f->late)
		sql_intake_follow(c, l->ticket, f->named);
}

/* A flood from one sender still becomes tickets, held and silent. */
static void
watch_flood(struct ctx *c, const struct letter *l, const struct view *v)
{
	if (v->look.recent < MANY || v->message.by.agent != 0)
		return;
	if (sql_intake_hold(c, l->ticket) > 0)
		log_warn(c, "mail.flood", "ticket=%lld inbound=%lld reason=%s",
		    (long long)l->ticket, (long long)l->inbound,
		    "more than 10 mails in 10 minutes from one sender");
}

/* What repeats the ticket's earlier messages is a quote, however it is marked. */
static void
fold_known(struct ctx *c, struct message_new *m)
{
	struct rows_intake_earlier earlier = sql_intake_earlier(c, m->ticket);
	const char **v = arena_alloc(&c->arena, (earlier.n + 1) * sizeof *v);
	struct quote q = { m->body, m->folded };

	if (earlier.n == 0)
		return;
	for (size_t i = 0; i < earlier.n; i++)
		v[i] = earlier.v[i].body;
	q = quote_known(&c->arena, q, (struct texts){ v, earlier.n });
	m->body = q.visible;
	m->folded = q.folded;
}

void
admit_letter(struct ctx *c, struct letter *l)
{
	struct view v = { 0 };

	if (l->mail->hops > HOPS && !l->insisted) {
		sql_inbound_park(c, l->inbound,
		    arena_printf(&c->arena, "loop: it went through %d servers", l->mail->hops));
		return;
	}
	describe(c, l, &v);
	if (is_twin(c, l, &v.message))
		return;
	settle_ticket(c, l, &v);
	v.message.ticket = l->ticket;
	if (v.match.ticket != 0)
		fold_known(c, &v.message);
	l->message = message_add(c, &v.message);
	sql_intake_mark(c, l->message, v.match.evidence, v.match.maybe,
	    mime_trust_word(v.trust.result), v.trust.reason, v.trust.warnings);
	if (l->files.n > 0)
		sql_file_add_all(c, l->message, l->files.s);
	if (v.message.ref != NULL)
		sql_reference_add(c, v.message.ref, l->ticket);
	if (v.look.bounces > 0 && v.message.automatic == NULL && v.trust.result != TRUST_FAILED)
		sql_address_alive(c, v.sender.email);
	watch_flood(c, l, &v);
	if (v.match.signed_by_us)
		report_note(c, l->mail, l->ticket);
	sql_inbound_done(c, l->inbound, l->ticket, l->message);
}
