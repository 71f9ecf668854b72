/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter becomes a message: in which ticket, by whom, how far to be believed, how loud. */
#include <string.h>

#include "channel/admit.h"

enum {
	ID_LENGTH = 990,
	PEOPLE = 4000,
	HOPS = 50,
	MANY = 10,
	ATTACHED = 8000 /* bytes of an attached mail's text; the rest is in its file */
};

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

/* A Message-ID as it is kept; NULL = none, or longer than any mail program writes. */
static const char *
kept_id(const char *id)
{
	return id != NULL && strlen(id) <= ID_LENGTH ? id : NULL;
}

static int64_t
open_ticket(struct ctx *c, const struct letter *l, const struct view *v)
{
	const struct sender *s = &v->sender;
	struct ticket_new n = { .subject = l->mail->subject,
		.language = v->message.language,
		.type = v->look.type,
		.status = l->mail->bounce != NULL && strcmp(v->look.reports, "closed") == 0
			      ? v->look.closed
			      : v->look.status,
		.owner = v->look.owner,
		.owner_role = v->look.owner_role,
		.source = "mail",
		.account = l->account,
		.stranger = s->email,
		.name = s->name,
		.email = s->answer_to };

	return ticket_open(c, &n, (struct actor){ 0 });
}

static bool
is_verified(const struct view *v)
{
	return v->trust.result == TRUST_VERIFIED;
}

/* What the database knows of account and sender, and whether the same mail came to another of our addresses. */
static struct rows_match_twin
look_up(struct ctx *c, const struct letter *l, struct view *v)
{
	const struct message_new *m = &v->message;
	struct str files = l->files.n > 0 ? l->files : (struct str){ "[]", 2 };
	struct rows_intake_look look;
	struct rows_match_twin twins;
	struct asks asks = { 0 };

	sql_intake_look_ask(c, &asks, &look, l->account, v->sender.email);
	sql_match_twin_ask(
	    c, &asks, &twins, l->account, m->ref, m->email, m->body, m->folded, files.s);
	db_gather(c, &asks);
	v->look = look.v[0];
	return twins;
}

/* The same mail to two of our addresses is one message: its ticket notes the second account. */
static bool
is_twin(struct ctx *c, struct letter *l, const struct rows_match_twin *twins)
{
	if (twins->n == 0)
		return false;
	l->ticket = twins->v[0].ticket;
	l->message = twins->v[0].message;
	sql_inbound_twin(c, l->inbound, l->ticket, l->message);
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

struct texts
admit_domains(struct ctx *c)
{
	struct rows_intake_domains own = sql_intake_domains(c);
	const char **v = arena_alloc(&c->arena, (own.n + 1) * sizeof *v);

	for (size_t i = 0; i < own.n; i++)
		v[i] = own.v[i].domain;
	return (struct texts){ v, own.n };
}

static void
describe(struct ctx *c, const struct letter *l, struct view *v)
{
	const struct mail *m = l->mail;

	v->sender = match_sender(c, m);
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
		.language = mime_language(m->visible),
		.inbound = l->inbound };
	if (v->message.language == NULL && m->subject != NULL)
		v->message.language = mime_language(m->subject);
}

/* Find the ticket or open one, and make of a closed one what its type says. false = it is a report on a mail that is
 * not ours, and the account wants no ticket of it. */
static bool
settle_ticket(struct ctx *c, struct letter *l, struct view *v)
{
	struct match *f = &v->match;

	*f = match_find(c, l->account, l->mail, &v->sender, is_verified(v));
	l->ticket = f->ticket;
	if (l->ticket == 0 && l->mail->bounce != NULL && strcmp(v->look.reports, "none") == 0)
		return false;
	v->message.by.agent = writer(c, l, v);
	if (l->ticket == 0)
		l->ticket = open_ticket(c, l, v);
	else if (v->message.automatic == NULL && v->message.by.agent == 0)
		ticket_reopen(c, l->ticket, (struct actor){ 0 });
	if (f->late)
		sql_intake_follow(c, l->ticket, f->named);
	return true;
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

void
admit_cards(struct ctx *c, const struct letter *l)
{
	const struct mail *m = l->mail;
	const char *calendar = mime_calendar_json(&c->arena, m->calendar),
		   *attached = mime_nested_json(&c->arena, m, ATTACHED);

	if (m->crypto != NULL || calendar != NULL || attached != NULL)
		sql_message_cards(c, l->message, m->crypto, calendar, attached);
}

void
admit_fold(struct ctx *c, struct message_new *m)
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
admit_expect(struct ctx *c, const struct letter *l)
{
	struct texts refs = match_references(c, l->mail);
	const char **v = arena_alloc(&c->arena, (refs.n + 1) * sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < refs.n; i++)
		if (kept_id(refs.v[i]) != NULL)
			v[n++] = refs.v[i];
	if (n > 0)
		sql_reference_expect(
		    c, (struct texts){ v, n }, l->ticket, l->account, l->import != 0);
}

bool
admit_letter(struct ctx *c, struct letter *l, struct texts own)
{
	struct view v = { 0 };
	struct rows_match_twin twins;

	if (l->mail->hops > HOPS && !l->insisted) {
		sql_inbound_park(c, l->inbound,
		    arena_printf(&c->arena, "loop: it went through %d servers", l->mail->hops));
		return false;
	}
	describe(c, l, &v);
	twins = look_up(c, l, &v);
	v.trust = mime_trust(&c->arena, l->mail,
	    &(struct trust_ask){ .server = v.look.authserv_id, .domains = own });
	if (l->import != 0)
		return admit_old(c, l, &v);
	if (is_twin(c, l, &twins))
		return false;
	if (!settle_ticket(c, l, &v)) {
		log_info(c, "mail.report", "inbound=%lld reason=%s", (long long)l->inbound,
		    "it names no mail of ours");
		return true;
	}
	v.message.ticket = l->ticket;
	if (v.match.ticket != 0)
		admit_fold(c, &v.message);
	v.message.origin = (struct origin){ v.match.evidence, mime_trust_word(v.trust.result),
		v.trust.reason, v.match.maybe, v.trust.warnings };
	l->message = message_add(c, &v.message);
	admit_cards(c, l);
	if (l->files.n > 0)
		sql_file_add_all(c, l->message, l->files.s);
	if (v.match.ticket == 0)
		admit_expect(c, l);
	if (v.look.bounces > 0 && v.message.automatic == NULL && v.trust.result != TRUST_FAILED)
		sql_address_alive(c, v.sender.email);
	watch_flood(c, l, &v);
	if (v.match.signed_by_us)
		report_note(c, l->mail, l->ticket);
	return true;
}
