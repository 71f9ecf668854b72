/* SPDX-License-Identifier: GPL-3.0-or-later */
// A shop in memory: tickets made from words.js, always the same for the same number and clock.
import { accounts, agents, answers, comments, customers, letters, quoted, replies, types } from './words.js';

const MIN = 60_000;

const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const all = new Map(types.flatMap((t) => t.statuses.map((s) => [s.id, s])));
export const closed = (statusId) => ['done', 'shut'].includes(all.get(statusId)?.category);

/** Small generator of repeatable chance. */
function chance(seed) {
	let x = seed;
	return (n) => {
		x = (x * 1103515245 + 12345) & 0x7fffffff;
		return (x >> 8) % n;
	};
}

export class Shop {
	constructor(count = 300, now = Date.now()) {
		this.now = now;
		this.ids = { message: 1_000_000_000, event: 1, file: 1, mail: 1, owner: 1, upload: 1 };
		this.tickets = new Map();
		this.drafts = new Map();
		this.scheduled = new Map();
		this.uploads = new Map();
		this.parked = [];
		this.rule = { id: 1, name: 'Antwort an Kunden' };
		for (let k = count - 1; k >= 0; k--)
			this.seed(k, chance(k * 7 + 3));
	}

	seed(k, pick) {
		const [subject, typeId, body] = letters[k % letters.length];
		const [name, email] = customers[k < customers.length ? k % customers.length : pick(customers.length)];
		const type = types.find((t) => t.id === typeId);
		const age = k < 9 ? k * 47 * MIN : k * 190 * MIN;
		const at = this.now - age - 9 * MIN;
		const state = k === 0 ? type.statuses[1] : k < 3 ? type.statuses[0] : type.statuses[pick(type.statuses.length)];
		const customer = customers.findIndex((c) => c[0] === name) + 1;
		const t = {
			id: 240_012 - k, version: 1, subject, type_id: typeId, status_id: state.id, priority: k === 0 ? 4 : pick(7) > 4 ? pick(5) + 1 : 0, source: k % 11 === 9 ? 'form' : 'mail',
			account_id: accounts[pick(5) ? 0 : 1].id, customer_id: customer, customer: name, from_name: name, from_email: email, snippet: '', last_kind: 'message', last_message_id: null,
			created_at: iso(at - 3 * 24 * 60 * MIN), updated_at: iso(at), deadline_at: k === 0 ? iso(this.now + 38 * MIN) : k === 2 ? iso(this.now - 130 * MIN) : k % 13 === 4 ? iso(this.now + 190 * MIN) : null,
			closed: closed(state.id), confidential: k % 29 === 8, unread: k > 0 && k < 3, draft: k === 4, files: 0, messages: 0, failed: false, owners: [],
		};
		const full = { t, messages: [], events: [], me: { customer_email: email, customer_phone: k % 3 ? null : '0561 208 4471', customer_note: k === 0 ? 'Stammkundin, bevorzugt Lieferung an die Packstation.' : null, customer_tickets: 1 + pick(6), customer_language: null, language: k === 3 ? 'en' : 'de', customer_since: iso(this.now - (400 + k * 9) * 24 * 60 * MIN) } };
		this.tickets.set(t.id, full);
		this.fill(full, k, pick, body, at);
		if (k > 2 && pick(4))
			t.owners.push(this.owner({ agent: 1 + pick(4) }, 1));
		if (k === 0)
			t.owners.push(this.owner({ agent: 1 }, 1), this.owner({ team: 1 }, 2));
		if (k === 4)
			this.drafts.set(t.id, { kind: 'message', body: 'Guten Tag Familie Oberhuber,\n\ndie vier Schrauben sind unterwegs.', version: t.version, updated_at: iso(at) });
	}

	fill(full, k, pick, body, at) {
		const { t } = full;
		const first = at - 3 * 24 * 60 * MIN;
		this.event(full, 'ticket.opened', { at: first });
		this.message(full, { kind: 'message', text: body, author: t.from_name, email: t.from_email, at: k % 5 === 1 || k === 2 ? at : first, html: k % 4 === 1, files: k === 0 || k % 9 === 3 ? 2 : 0 });
		if (k === 0)
			this.event(full, 'status.changed', { at: first + 5 * MIN, rule: { id: 3, name: 'Transportschaden' }, before: { status_id: 11 }, after: { status_id: 12 } });
		if (k % 5 === 1 || k === 2)
			return;
		const state = ['sent', 'sent', 'sent', 'deferred', 'failed'][k === 0 ? 0 : pick(5)];
		this.message(full, { kind: 'message', text: answers[k % 3], agent: 1 + (k % 4), at: at - 225 * MIN, mails: [state] });
		if (k % 2 === 0)
			this.message(full, { kind: 'comment', text: comments[k % 3], agent: 4, at: at - 190 * MIN });
		if (k % 3 === 0)
			for (let n = 0; n < (k === 0 ? 4 : k % 4); n++)
				this.message(full, { kind: 'message', text: n % 2 ? answers[1] : replies[2], agent: n % 2 ? 2 : 0, author: t.from_name, email: t.from_email, at: at - 170 * MIN + n * 5 * MIN, mails: n % 2 ? ['sent'] : [] });
		this.message(full, { kind: 'message', text: replies[k % 3], author: t.from_name, email: t.from_email, at, folded: quoted, files: k === 0 ? 2 : 0, html: k % 7 === 6 });
	}

	owner(who, role) {
		return { id: this.ids.owner++, agent_id: who.agent ?? null, team_id: who.team ?? null, role_id: role };
	}

	event(full, kind, e = {}) {
		const t = full.t;
		if (full.events.length > 0)
			t.version++;
		const made = { id: this.ids.event++, at: iso(e.at ?? Date.now()), kind, agent_id: e.agent ?? null, rule_id: e.rule?.id ?? null, rule: e.rule?.name ?? null,
			before: e.before ?? null, after: e.after ?? null, version: t.version, message_id: e.message ?? null };
		full.events.push(made);
		return made;
	}

	message(full, m) {
		const t = full.t;
		const at = m.at ?? Date.now();
		const id = this.ids.message++;
		const agent = agents.find((a) => a.id === m.agent);
		const names = ['karton-aussen.jpg', 'vase-bruch.jpg'];
		const files = m.uploads ?? Array.from({ length: m.files ?? 0 }, (_, n) => ({ id: this.ids.file++, name: names[n], type: 'image/jpeg', size: 1_820_000 + n * 300_000, inline: false }));
		const made = {
			id, kind: m.kind, created_at: iso(at), agent_id: agent?.id ?? null, author: agent?.name ?? m.author, email: agent ? null : m.email, subject: t.subject, text: m.text,
			raw: !agent && m.kind === 'message', folded: m.folded ?? null, html: m.html ?? false, remote: m.html ?? false, source: agent ? 'agent' : 'mail', automatic: null,
			evidence: agent || m.kind === 'comment' ? null : full.messages.length > 0 ? 'own_id' : 'new', maybe: [], warnings: [], trust: agent ? null : id % 3 ? 'verified' : 'unverified', trust_reason: null,
			cut: m.cut ?? false, crypto: m.crypto ?? null, calendar: m.calendar ?? null, attached: m.attached ?? [],
			to: agent && m.kind === 'message' ? t.from_email : null, files, mails: (m.mails ?? []).map((state) => this.mail(t, state, at)),
		};
		full.messages.push(made);
		t.messages++;
		t.files += files.length;
		t.failed = made.mails.some((x) => x.state === 'failed') || (t.failed && m.kind === 'comment');
		Object.assign(t, { last_message_id: id, last_kind: m.kind, snippet: m.text.replace(/\s+/g, ' ').slice(0, 140), updated_at: iso(at) });
		this.event(full, m.kind === 'comment' ? 'comment.added' : agent ? 'message.agent' : 'message.customer', { at, agent: agent?.id, message: id });
		return made;
	}

	/** An answer waits; after its time it is a message. */
	schedule(full, body, due, tell) {
		const id = full.t.id;
		const shown = { body: body.body, version: body.version, updated_at: iso(Date.now()), due_at: iso(due), to: body.to ?? [], cc: body.cc ?? [], files: (body.uploads ?? []).length, status_id: body.status ?? null };
		const row = { shown, body, timer: null };
		row.run = () => {
			this.scheduled.delete(id);
			tell(this.answer(full, body));
		};
		row.until = (ms) => {
			clearTimeout(row.timer);
			row.timer = ms < 86_400_000 ? setTimeout(row.run, ms) : null;
			row.timer?.unref();
		};
		this.scheduled.set(id, row);
		row.until(due - Date.now());
		return shown;
	}

	/** What waits is a draft again; nothing when it has left. */
	takeBack(id, returned = null) {
		const row = this.scheduled.get(id);
		if (!row)
			return null;
		clearTimeout(row.timer);
		this.scheduled.delete(id);
		const b = row.body;
		const draft = { kind: 'message', body: b.body, version: b.version, updated_at: iso(Date.now()), to: b.to ?? [], cc: b.cc ?? [], returned, resends: b.resends ?? null, status_id: b.status ?? null, uploads: (b.uploads ?? []).map((u) => this.uploads.get(u)) };
		this.drafts.set(id, draft);
		this.tickets.get(id).t.draft = true;
		return draft;
	}

	/** An answer becomes a message. */
	answer(f, body) {
		const uploads = (body.uploads ?? []).map((u) => ({ ...this.uploads.get(u), inline: false }));
		const m = this.message(f, { kind: body.kind, text: body.body, agent: 1, uploads, mails: body.kind === 'message' && this.rule ? ['queued'] : [] });
		Object.assign(m, { to: body.to?.join(', ') ?? m.to, cc: body.cc ?? [], resends: body.resends ?? null });
		if (body.status)
			f.t.status_id = body.status;
		f.t.closed = closed(f.t.status_id);
		return { ticket: f.t.id, version: f.t.version, kind: 'message.agent', message_id: m.id };
	}

	/** A mail goes to another ticket, or into a new one. */
	move(from, message, to) {
		const m = from.messages.find((x) => x.id === message);
		const target = this.tickets.get(to) ?? this.tickets.get(this.arrive({ subject: m.subject, text: '', name: m.author, email: m.email }).ticket);
		if (to === undefined)
			target.messages.length = 0;
		from.messages = from.messages.filter((x) => x !== m);
		target.messages.push(Object.assign(m, { evidence: 'hand', maybe: [{ id: from.t.id, subject: from.t.subject }] }));
		this.event(from, 'message.moved', { agent: 1, message, after: { ticket: target.t.id } });
		this.event(target, 'message.moved', { agent: 1, message, before: { ticket: from.t.id } });
		return target;
	}

	mail(t, state, at) {
		const said = { queued: [null, null], sent: [250, '2.0.0 Ok: queued as 4F2kq81'], deferred: [451, '4.7.1 Greylisted, please try again in 300 seconds'], failed: [550, '5.1.1 The address does not exist'] }[state] ?? [null, null];
		return { id: this.ids.mail++, state, to: t.from_email, attempts: state === 'queued' ? 0 : state === 'deferred' ? 3 : 1, next_at: state === 'deferred' ? iso(Date.now() + 6 * MIN) : null,
			code: said[0], reply: said[1], sent_at: state === 'sent' ? iso(at + 4_000) : null };
	}

	detail(id, agent) {
		const f = this.tickets.get(id);
		return f && { ticket: { held: false, follows: null, followed_by: null, address: null, ...f.t, ...f.me }, messages: f.messages.slice(-100).map((m) => (m.cut ? { ...m, text: m.text.slice(0, 40) } : m.text.length > 32_768 ? { ...m, text: m.text.slice(0, 32_768), cut: true } : m)), events: f.events, draft: this.drafts.get(id) ?? null, scheduled: this.scheduled.get(id)?.shown ?? null,
			sending: this.rule && { rule_id: this.rule.id, rule: this.rule.name, account: accounts[f.t.account_id - 1].address, to: [f.me.customer_email].filter(Boolean), signature: 'Haus Lindemann\nKundenservice', if_words: this.words ?? false }, agent };
	}

	list(fit) {
		return [...this.tickets.values()].map((f) => f.t).filter(fit).sort((a, b) => b.updated_at.localeCompare(a.updated_at) || b.id - a.id);
	}

	/** A mail comes in: to a ticket, or as a new one. */
	arrive({ ticket, subject = 'Frage zur Lieferung', text = 'Guten Tag, wann kommt mein Paket?', name = 'Nina Kowalski', email = 'nina.k@mail.example', mail = {}, state = {}, events = [] }) {
		let full = this.tickets.get(ticket);
		if (!full) {
			const id = Math.max(...this.tickets.keys()) + 1;
			const at = iso(Date.now());
			full = { t: { ...this.tickets.values().next().value.t, id, version: 1, subject, type_id: 1, status_id: 1, customer: name, from_name: name, from_email: email, customer_id: 18, owners: [], files: 0, messages: 0,
				closed: false, confidential: false, draft: false, failed: false, deadline_at: null, priority: 0, created_at: at, updated_at: at }, messages: [], events: [],
			me: { customer_email: email, customer_phone: null, customer_note: null, customer_tickets: 1, customer_language: null, language: 'de', customer_since: at } };
			this.tickets.set(id, full);
			this.event(full, 'ticket.opened');
		}
		const m = this.message(full, { kind: 'message', text, author: full.t.from_name, email: full.t.from_email });
		if (this.takeBack(full.t.id, 'ticket_changed'))
			this.event(full, 'draft.returned', { agent: 1 });
		Object.assign(m, mail);
		Object.assign(full.me, state);
		for (const [kind, more] of events)
			this.event(full, kind, { message: m.id, ...more });
		full.t.unread = true;
		return { ticket: full.t.id, version: full.t.version, kind: 'message.customer', message_id: m.id };
	}
}
