/* SPDX-License-Identifier: GPL-3.0-or-later */
// A stand-in for the server: the API's answers from memory, the strict headers of nginx, failures on demand.
// node test/fixture.js [port]; tests import `serve` and use /__fixture to make calls fail or mail arrive.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { accounts, agents, customers, roles, teams, types } from './words.js';
import { Shop, closed } from './shop.js';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; "
	+ "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const FRAME = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
	+ "form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const MIME = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const alike = [[240003, 'Heizkissen bleibt kalt', 'Bitte halten Sie die Taste am Thermostat zehn Sekunden lang gedrückt, bis die Anzeige blinkt. Bleibt das Kissen danach kalt, tauschen wir es um.'],
	[240002, 'Heizkissen heizt nur eine Seite', 'Bitte schicken Sie uns ein Foto des Etiketts auf der Rückseite.']]
	.map(([id, subject, text]) => ({ id, subject, type_id: 1, status_id: 6, updated_at: '2026-11-20T09:30:00Z', message_id: id, author: 'Jonas Weber', created_at: '2026-11-20T09:30:00Z', text }));
const folder = (id, key, de, en, icon, fit, query) => ({ id, key, name: { de, en }, icon, query, parent_id: null, position: id, own: false, watched: false, fit });
const folders = [
	folder(1, 'inbox', 'Eingang', 'Inbox', 'inbox', (t) => !t.closed, 'is:open'),
	folder(2, 'mine', 'Meine', 'Mine', 'user', (t) => !t.closed && t.owners.some((o) => o.agent_id === 1), 'owner:me is:open'),
	folder(3, 'unassigned', 'Ohne Eigner', 'Unassigned', 'circle-dashed', (t) => !t.closed && t.owners.length === 0, 'owner:none is:open'),
	folder(4, 'waiting', 'Wartend', 'Waiting', 'clock', (t) => [3, 13, 14].includes(t.status_id), 'status:wait'),
	folder(5, 'drafts', 'Entwürfe', 'Drafts', 'pencil', (t) => t.draft, 'is:draft'),
	folder(6, 'failed', 'Nicht zugestellt', 'Not delivered', 'triangle-alert', (t) => t.failed, 'is:failed'),
	folder(7, 'complaints', 'Reklamationen', 'Complaints', 'folder', (t) => t.type_id === 2 && !t.closed, 'type:reklamation is:open'),
	folder(8, 'done', 'Erledigt', 'Done', 'check', (t) => t.closed, 'is:closed'),
	folder(9, 'empty', 'Großkundschaft', 'Key accounts', 'folder', () => false, 'tag:gross'),
];

const words = {
	'is:unread': (t) => t.unread, 'is:overdue': (t) => !t.closed && t.deadline_at && Date.parse(t.deadline_at) < Date.now(), 'is:mine': (t) => t.owners.some((o) => o.agent_id === 1), 'has:file': (t) => t.files > 0,
	'is:unassigned': (t) => t.owners.length === 0, 'in:comment': () => true,
};
const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

class Fault extends Error {
	constructor(status, code, detail, more) {
		super(detail);
		Object.assign(this, { status, code, more });
	}
}

function excerpt(text, terms) {
	const at = Math.max(0, Math.min(...terms.map((w) => text.toLowerCase().indexOf(w)).filter((k) => k >= 0)) - 60);
	const cut = escape((at > 0 ? '… ' : '') + text.slice(at, at + 220).replace(/\s+/g, ' ') + (text.length > at + 220 ? ' …' : ''));
	const rx = new RegExp(`(${terms.map((w) => escape(w).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})[\\p{L}\\p{N}]*`, 'giu');
	return cut.replace(rx, '<mark>$&</mark>');
}

/** Makes a server; close() ends it. Options: tickets, port, loggedIn, empty. */
export function serve({ tickets = 300, port = 0, loggedIn = false, readOnly = false, undo = 0 } = {}) {
	const shop = new Shop(tickets);
	const state = { loggedIn, fails: [], streams: new Set(), log: [], live: true, alerts: [], pictures: new Map(), always: false, undo, signature: '', password: 'docket' };

	const tell = (change) => {
		for (const s of state.streams)
			s.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
	};
	const ticket = (id) => shop.tickets.get(Number(id)) ?? (() => { throw new Fault(404, 'ticket_unknown', 'there is no such ticket'); })();
	const mails = () => [...shop.tickets.values()].flatMap((f) => f.messages.flatMap((m) => m.mails.map((x) => ({ f, m, x }))));
	const gone = () => { throw new Fault(409, 'scheduled_gone', 'no answer waits any more'); };
	const page = (rows, q) => {
		const limit = Number(q.get('limit') ?? 50);
		const from = q.get('after') ? rows.findIndex((t) => `${t.updated_at}.${t.id}` === q.get('after')) + 1 : 0;
		const cut = rows.slice(from, from + limit);
		const last = cut.at(-1);
		return { tickets: cut, next: last && from + limit < rows.length ? `${last.updated_at}.${last.id}` : null };
	};
	const session = () => ({ agent: { id: 1, login: 'lena', name: 'Lena Brandt', email: agents[0].email, language: 'de', zone: 'Europe/Berlin', signature: state.signature, undo_seconds: state.undo }, csrf: 'fixture-csrf',
		permissions: readOnly ? ['ticket.read'] : ['ticket.read', 'ticket.write', 'settings.read', 'mail.admin'] });
	const changed = (f, kind, before, after) => {
		const e = shop.event(f, kind, { agent: 1, before, after });
		tell({ ticket: f.t.id, version: f.t.version, kind, message_id: null });
		return e;
	};
	const clash = (f, version, fit) => {
		const events = f.events.filter((e) => e.version > version && fit(e));
		if (events.length > 0)
			throw new Fault(409, 'ticket_changed', 'someone else changed the ticket', { events });
	};

	/** Pictures of a mail: none asked for, or on their way for one more question, or here. */
	const pictures = (id) => {
		const left = state.pictures.get(id) ?? 0;
		if (left > 0)
			state.pictures.set(id, left - 1);
		return { waiting: left > 1 ? 2 : 0, here: left > 1 ? 0 : 2, gone: left > 0 ? 1 : 0, always: state.always };
	};

	const routes = {
		'GET /meta': () => ({ name: 'Haus Lindemann', version: '1.0.0', languages: ['de', 'en'], https: false }),
		'GET /session': () => session(),
		'POST /session': ({ body }) => {
			if (body.password !== state.password)
				throw new Fault(401, 'login_wrong', 'login and password do not match');
			state.loggedIn = true;
			return session();
		},
		'PATCH /me': ({ body }) => { state.undo = body.undo_seconds ?? state.undo; state.signature = body.signature ?? state.signature; return session().agent; },
		'PUT /me/password': ({ body }) => {
			if (body.old !== state.password)
				throw new Fault(422, 'password_wrong', 'the old password is wrong');
			state.password = body.password;
		},
		'DELETE /session': () => { state.loggedIn = false; },
		'GET /agents': () => agents, 'GET /teams': () => teams, 'GET /roles': () => roles, 'GET /types': () => types,
		'GET /accounts': () => accounts.map((a) => ({ ...a, open: shop.list((t) => t.account_id === a.id && !t.closed).length })),
		'GET /folders': () => folders.map(({ fit, ...f }) => ({ ...f, count: shop.list(fit).length, capped: false })),
		'GET /tickets': ({ q }) => {
			const f = folders.find((x) => String(x.id) === q.get('folder'));
			const more = (q.get('q') ?? '').split(' ').filter(Boolean).map((w) => words[w] ?? (() => true));
			const fit = (t) => (f ? f.fit(t) : true) && (!q.get('account') || t.account_id === Number(q.get('account')) && !t.closed) && more.every((m) => m(t));
			return page(shop.list(fit), q);
		},
		'POST /tickets': ({ body }) => {
			const c = shop.arrive({ subject: body.subject, text: body.body ?? '', name: body.name ?? body.email ?? 'Unbekannt', email: body.email ?? '' });
			tell(c);
			return shop.detail(c.ticket);
		},
		'GET /tickets/:id': ({ id }) => (ticket(id), shop.detail(Number(id))),
		'PATCH /tickets/:id': ({ id, body }) => {
			const f = ticket(id);
			const names = { subject: 'subject', type: 'type_id', status: 'status_id', priority: 'priority', confidential: 'confidential', deadline: 'deadline_at' };
			clash(f, body.version, (e) => Object.keys(names).some((k) => k in body && e.kind.startsWith(k)));
			for (const [k, column] of Object.entries(names))
				if (k in body) {
					const before = { [column]: f.t[column] };
					f.t[column] = k === 'deadline' ? body[k] || null : body[k];
					changed(f, `${k}.changed`, before, { [column]: f.t[column] });
				}
			f.t.closed = closed(f.t.status_id);
			return { ticket: f.t };
		},
		'PATCH /customers/:id': ({ id, body }) => {
			for (const f of shop.tickets.values())
				if (f.t.customer_id === Number(id))
					f.me.customer_language = body.language === 'auto' ? null : body.language;
		},
		'POST /tickets/:id/owners': ({ id, body }) => {
			const f = ticket(id);
			if (f.t.owners.some((o) => o.role_id === body.role && o.agent_id === (body.agent ?? null) && o.team_id === (body.team ?? null)))
				throw new Fault(409, 'owner_taken', 'already an owner');
			f.t.owners = [...f.t.owners, shop.owner(body, body.role)];
			changed(f, 'owner.added', null, f.t.owners.at(-1));
			return { ticket: f.t };
		},
		'DELETE /tickets/:id/owners/:o': ({ id, o }) => {
			const f = ticket(id);
			const gone = f.t.owners.find((x) => x.id === Number(o));
			f.t.owners = f.t.owners.filter((x) => x !== gone);
			changed(f, 'owner.removed', gone, null);
			return { ticket: f.t };
		},
		'POST /tickets/:id/messages': ({ id, body }) => {
			const f = ticket(id);
			if (body.kind === 'message')
				clash(f, body.version, (e) => e.kind.startsWith('message.') || body.status && /^(status|type)\./.test(e.kind));
			if (body.kind === 'message' && shop.scheduled.has(f.t.id))
				throw new Fault(409, 'draft_scheduled', 'another answer waits');
			shop.drafts.delete(f.t.id);
			f.t.draft = false;
			const due = body.at ? Date.parse(body.at) : Date.now() + (body.delay ?? 0) * 1000;
			if (body.kind === 'message' && due > Date.now())
				return { message: null, scheduled: shop.schedule(f, body, due, tell), ticket: f.t };
			const c = shop.answer(f, body);
			tell(c);
			return { message: f.messages.find((m) => m.id === c.message_id), scheduled: null, ticket: f.t };
		},
		'PUT /tickets/:id/scheduled': ({ id, body }) => {
			const row = shop.scheduled.get(Number(id)) ?? gone();
			const due = body.at === 'now' ? Date.now() : Date.parse(body.at);
			row.shown.due_at = new Date(due).toISOString();
			row.until(due - Date.now());
			return { scheduled: row.shown };
		},
		'DELETE /tickets/:id/scheduled': ({ id }) => ({ draft: shop.takeBack(Number(id)) ?? gone() }),
		'GET /scheduled': () => [...shop.scheduled].map(([id, { shown }]) => ({ ...shown, ticket_id: id, subject: ticket(id).t.subject, customer: ticket(id).t.customer })),
		'POST /tickets/:id/messages/:m/move': ({ id, m, body }) => {
			const f = ticket(id);
			clash(f, body.version, (e) => e.kind === 'message.moved');
			const to = shop.move(f, Number(m), body.to);
			for (const x of [f, to])
				tell({ ticket: x.t.id, version: x.t.version, kind: 'message.moved', message_id: Number(m) });
			return { ticket: to.t };
		},
		'POST /tickets/:id/release': ({ id }) => {
			const f = ticket(id);
			f.me.held = false;
			changed(f, 'ticket.released', null, null);
			return { ticket: f.t };
		},
		'GET /inbound': () => shop.parked,
		'POST /inbound/:id/retry': ({ id }) => { shop.parked = shop.parked.filter((x) => x.id !== Number(id)); },
		'PUT /tickets/:id/draft': ({ id, body }) => {
			const f = ticket(id);
			if (body.kind === 'message' && shop.scheduled.has(f.t.id))
				throw new Fault(409, 'draft_scheduled', 'it waits to be sent');
			if (body.body)
				shop.drafts.set(f.t.id, { ...body, to: body.to ?? [], cc: body.cc ?? [], returned: null, uploads: (body.uploads ?? []).map((u) => shop.uploads.get(u)), updated_at: new Date().toISOString() });
			else
				shop.drafts.delete(f.t.id);
			f.t.draft = body.body !== '';
			return { updated_at: new Date().toISOString() };
		},
		'DELETE /tickets/:id/draft': ({ id }) => { shop.drafts.delete(Number(id)); ticket(id).t.draft = false; },
		'PUT /tickets/:id/seen': ({ id }) => { ticket(id).t.unread = false; },
		'GET /outbox': ({ q }) => {
			const want = { waiting: ['queued', 'sending', 'deferred'], trouble: ['failed', 'returned', 'deferred'] }[q.get('state')] ?? [q.get('state') ?? 'failed'];
			const part = (x) => (x.state === 'sent' && x.bounced === 'failed' && q.get('state') !== 'sent' ? 'returned' : x.state);
			return mails().filter(({ x, m }) => want.includes(part(x)) && (!q.get('mine') || m.agent_id === 1)).sort((a, b) => b.x.id - a.x.id).slice(0, Number(q.get('limit') ?? 50))
				.map(({ f, m, x }) => ({ subject: `Re: ${f.t.subject}`, ticket_id: f.t.id, message_id: m.id, created_at: m.created_at, results: null, replaced: false, account: accounts[0].address, agent_id: m.agent_id, ...x }));
		},
		'GET /outbox/counts': () => {
			const n = (...want) => mails().filter(({ x }) => want.includes(x.state)).length;
			return { queued: n('queued', 'sending'), deferred: n('deferred'), failed: n('failed'), returned: mails().filter(({ x }) => x.state === 'sent' && x.bounced === 'failed').length, scheduled: shop.scheduled.size };
		},
		'POST /outbox/:id/cancel': ({ id }) => {
			const { f, m, x } = mails().find((y) => y.x.id === Number(id));
			x.state = 'cancelled';
			tell({ ticket: f.t.id, version: f.t.version, kind: 'mail.cancelled', message_id: m.id });
		},
		'POST /messages/:id/uploads': ({ id }) => mails().find(({ m }) => m.id === Number(id)).m.files.map((file) => {
			const u = { id: shop.ids.upload++, name: file.name, type: file.type, size: file.size };
			shop.uploads.set(u.id, u);
			return u;
		}),
		'POST /outbox/:id/retry': ({ id }) => {
			for (const f of shop.tickets.values())
				for (const m of f.messages)
					for (const x of m.mails)
						if (x.id === Number(id)) {
							Object.assign(x, { state: 'queued', next_at: null });
							f.t.failed = false;
							tell({ ticket: f.t.id, version: f.t.version, kind: 'mail.queued', message_id: m.id });
						}
		},
		'POST /uploads': ({ q, bytes }) => {
			const u = { id: shop.ids.upload++, name: q.get('name'), type: q.get('type') ?? 'application/octet-stream', size: bytes, cid: q.get('is_inline') ? `p${shop.ids.upload}@shop.test` : null };
			shop.uploads.set(u.id, u);
			return u;
		},
		'GET /search': ({ q }) => {
			const all = q.get('q').match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
			const facts = all.filter((w) => w.includes(':')).map((w) => words[w] ?? (() => true));
			const terms = all.filter((w) => !w.includes(':')).map((w) => w.replace(/"/g, '').toLowerCase());
			const hits = [];
			for (const t of shop.list((x) => facts.every((f) => f(x))))
				for (const m of [...shop.tickets.get(t.id).messages].reverse()) {
					const text = `${m.text}`;
					const inText = terms.length && terms.every((w) => text.toLowerCase().includes(w));
					const inSubject = terms.every((w) => t.subject.toLowerCase().includes(w));
					if (inText || inSubject)
						hits.push({ message_id: m.id, ticket: t, excerpts: [{ message_id: m.id, kind: m.kind, file: null, where: inText ? m.kind : 'subject', at: m.created_at, author: m.author, excerpt: inText ? excerpt(text, terms) : excerpt(t.subject, terms.length ? terms : ['\u0000']) }] });
					if (inText || inSubject)
						break;
				}
			const from = Number(q.get('after') ?? 0);
			const limit = Number(q.get('limit') ?? 30);
			return { hits: hits.slice(from, from + limit), next: from + limit < hits.length ? String(from + limit) : null, searched_to: null, notes: /^xyzzy:/.test(q.get('q')) ? [{ what: 'words', text: q.get('q'), instead: 'status:offen' }] : [],
				instead: q.get('q') === 'glasbruhc' ? 'glasbruch' : null, order: q.get('order') ?? 'newest', rebuilding: q.get('q') === 'wagen' };
		},
		'GET /search/facets': ({ q }) => {
			const found = routes['GET /search']({ q: new URLSearchParams({ q: q.get('q'), limit: '10000' }) }).hits.map((h) => h.ticket);
			const count = (ids) => [...found.flatMap(ids).reduce((n, id) => n.set(id, (n.get(id) ?? 0) + 1), new Map())].map(([id, n]) => ({ id, n })).sort((x, y) => y.n - x.n);
			return { tickets: found.length, hits: found.length, more: false, down_to: null, facets: {
				status: count((t) => t.status_id), type: count((t) => t.type_id), owner: count((t) => (t.owners.length ? t.owners.map((o) => o.agent_id ?? -o.team_id) : 0)), tag: [],
				source: count((t) => t.source), year: count((t) => Number(t.created_at.slice(0, 4))), file: found.filter((t) => t.files > 0).length } };
		},
		'GET /search/complete': ({ q }) => {
			const text = q.get('q');
			const end = text.split(' ').at(-1);
			const at = text.slice(0, text.length - end.length);
			const value = /^(?:status):(.*)$/.exec(end);
			const items = value ? ['Neu', 'Offen', 'Erledigt'].filter((n) => n.toLowerCase().startsWith(value[1].toLowerCase())).map((n) => ({ kind: 'status', text: n, label: '', q: `${at}status:${n} ` }))
				: [['status', 'status'], ['betreff', 'subject'], ['eigner', 'owner']].filter(([n]) => n.startsWith(end)).map(([n, label]) => ({ kind: 'field', text: n, label, q: `${at}${n}:` }));
			return { items };
		},
		'POST /folders': ({ body }) => {
			const f = { ...folder(100 + folders.length, null, body.name, body.name, 'folder', (t) => !t.closed, body.query), own: !body.shared, watched: body.watched };
			folders.push(f);
			const { fit, ...plain } = f;
			return plain;
		},
		'PATCH /folders/:id': ({ id, body }) => {
			const f = folders.find((x) => x.id === Number(id));
			Object.assign(f, body.name ? { name: { de: body.name, en: body.name } } : {}, 'watched' in body ? { watched: body.watched } : {});
			return { ...f, fit: undefined };
		},
		'DELETE /folders/:id': ({ id }) => { folders.splice(folders.findIndex((x) => x.id === Number(id)), 1); },
		'PUT /folders': ({ body }) => { body.folders.forEach((id, k) => { folders.find((x) => x.id === id).position = 100 + k; }); },
		'GET /alerts': () => state.alerts,
		'PUT /alerts': ({ body }) => { state.alerts = state.alerts.filter((a) => a.id > body.alert); },
		'GET /messages/:id': ({ id }) => ({ ...[...shop.tickets.values()].flatMap((f) => f.messages).find((m) => m.id === Number(id)), cut: false }),
		'GET /tickets/:id/messages': ({ id, q }) => ({ messages: shop.tickets.get(Number(id)).messages.filter((m) => m.id < Number(q.get('before'))).slice(-Number(q.get('limit'))) }),
		'GET /messages/:id/pictures': ({ id }) => pictures(Number(id)),
		'POST /messages/:id/pictures': ({ id }) => { state.pictures.set(Number(id), 2); return pictures(Number(id)); },
		'PUT /messages/:id/pictures': ({ id, body }) => { state.always = body.always; return pictures(Number(id)); },
		'GET /customers': ({ q }) => customers.map(([name, email], k) => ({ id: k + 1, name, email, tickets: 1 + k % 4 })).filter((c) => `${c.name} ${c.email}`.toLowerCase().includes(q.get('q').toLowerCase())).slice(0, 10),
		'GET /tickets/:id/alike': ({ id }) => ({ alike: alike.filter((t) => t.id !== Number(id)) }),
		'GET /customers/:id/tickets': ({ id }) => ({ tickets: shop.list((t) => t.customer_id === Number(id)).slice(0, 10) }),
	};
	const table = Object.entries(routes).map(([k, run]) => {
		const [method, path] = k.split(' ');
		const names = [];
		return { method, run, names, rx: new RegExp(`^${path.replace(/:(\w+)/g, (_, n) => (names.push(n), '([^/]+)'))}$`) };
	});

	function reply(res, status, value) {
		res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
		res.end(value === undefined ? '' : JSON.stringify(value));
	}

	/** A mail with two pictures on the net, one that cannot be had, and a counting pixel; the long one has a quote and is wide. */
	function html(res, id) {
		let found;
		for (const f of shop.tickets.values())
			found ??= f.messages.find((m) => m.id === id);
		const here = state.pictures.has(id);
		const lines = escape(found?.text ?? '').split('\n\n').map((p) => `<p>${p.replace(/\n/g, '<br>')}</p>`).join('');
		const picture = (k) => `<img alt="Bild ${k}" width="180" height="60" ${here ? 'src="/api/v1/files/1?show=true"' : `data-remote="https://x.example/${k}.png"`}>`;
		res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': FRAME, 'Cache-Control': 'no-store' });
		res.end(`<!doctype html><html data-blocked="${here ? 0 : 3}" data-waiting="0" data-gone="${here ? 1 : 0}" data-pixels="1" data-always="${state.always}"><head><base target="_blank">`
			+ '<style>html:not([data-open]) [data-quote]{display:none!important}body{margin:0;font:14px/21px sans-serif}</style></head><body>'
			+ `${lines}<table style="border-collapse:collapse;margin-top:8px;min-width:600px"><tr><td style="background:#e9f1ff;padding:8px">Auftrag</td><td style="padding:8px">778034</td></tr></table>`
			+ `<p>${picture(1)} ${picture(2)}</p><blockquote data-quote="1">Am Montag schrieben wir Ihnen.</blockquote></body></html>`);
	}

	function statics(res, path) {
		const safe = normalize(path).replace(/^(\.\.[/\\])+/, '');
		const file = extname(safe) ? safe : '/index.html';
		try {
			const data = readFileSync(join(dist, file));
			res.writeHead(200, { 'Content-Type': MIME[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer',
				'Cache-Control': file.startsWith('/assets') ? 'public, max-age=31536000, immutable' : 'no-cache' });
			res.end(data);
		} catch {
			res.writeHead(404).end();
		}
	}

	function events(req, res) {
		if (!state.live || !state.loggedIn)
			return reply(res, state.loggedIn ? 503 : 401, { status: 401, code: 'login_needed', detail: '' });
		res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
		res.write(': hello\n\n');
		state.streams.add(res);
		res.on('close', () => state.streams.delete(res));
	}

	/** A picture of two colours, as a file that an agent opens. */
	function picture(res) {
		const bmp = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGPQWFXDwMDAxAAGDAwMABQcAXrkB0QTAAAAAElFTkSuQmCC', 'base64');
		res.writeHead(200, { 'Content-Type': 'image/png', 'X-Content-Type-Options': 'nosniff' });
		res.end(bmp);
	}

	async function api(req, res, url, body) {
		const path = url.pathname.slice(7);
		const failing = state.fails.find((f) => f.rx.test(`${req.method} ${path}`));
		if (failing) {
			if (failing.times && --failing.times === 0)
				state.fails.splice(state.fails.indexOf(failing), 1);
			if (failing.delay)
				await new Promise((done) => setTimeout(done, failing.delay));
			if (failing.status === 0)
				return req.socket.destroy();
			if (failing.status)
				return reply(res, failing.status, { status: failing.status, code: failing.code ?? 'made_to_fail', detail: failing.detail ?? 'made to fail', events: failing.events, request: 'f1x7u2e' });
		}
		const m = /^\/messages\/(\d+)\/html$/.exec(path);
		if (m && req.method === 'GET')
			return html(res, Number(m[1]));
		if (/^\/files\/\d+$/.test(path))
			return picture(res);
		if (path === '/events')
			return events(req, res);
		const row = table.find((r) => r.method === req.method && r.rx.test(path));
		if (!row)
			return reply(res, 404, { status: 404, code: 'route_unknown', detail: path });
		if (!state.loggedIn && !['/session', '/meta'].includes(path) || path === '/session' && req.method === 'GET' && !state.loggedIn)
			return reply(res, 401, { status: 401, code: 'login_needed', detail: 'log in first', request: 'f1x7u2e' });
		if (req.method !== 'GET' && path !== '/session' && req.headers['x-docket-csrf'] !== 'fixture-csrf')
			return reply(res, 403, { status: 403, code: 'csrf_wrong', detail: 'csrf' });
		const args = Object.fromEntries(row.names.map((n, k) => [n, row.rx.exec(path)[k + 1]]));
		try {
			const bytes = body.length;
			const json = req.headers['content-type'] === 'application/json' && bytes ? JSON.parse(body) : {};
			const value = row.run({ ...args, q: url.searchParams, body: json, bytes });
			reply(res, value === undefined ? 204 : req.method === 'POST' ? 201 : 200, value);
		} catch (e) {
			reply(res, e.status ?? 500, { status: e.status ?? 500, code: e.code ?? 'internal', detail: e.message, request: 'f1x7u2e', ...e.more });
		}
	}

	/** Orders from a test: fail, heal, arrive, logout, live, rule, resync. */
	function order(o) {
		if (o.fail)
			state.fails.unshift({ ...o.fail, rx: new RegExp(o.fail.route) });
		if (o.heal)
			state.fails = [];
		if (o.logout)
			state.loggedIn = false;
		if ('rule' in o)
			shop.rule = o.rule;
		if ('words' in o)
			shop.words = o.words;
		if (o.alert) {
			state.alerts = [{ id: state.alerts.length + 1, at: new Date().toISOString(), folder_id: 7, folder: { de: 'Reklamationen', en: 'Complaints' }, ...o.alert }, ...state.alerts];
			for (const s of state.streams)
				s.write('event: alert\ndata: {}\n\n');
		}
		if (o.resync)
			for (const s of state.streams)
				s.write('event: resync\ndata: {}\n\n');
		if ('live' in o) {
			state.live = o.live;
			if (!o.live) {
				state.streams.forEach((s) => s.end());
				state.streams.clear();
			}
		}
		if (o.change) {
			const f = shop.tickets.get(o.change.ticket);
			f.t.status_id = o.change.status;
			f.t.closed = closed(o.change.status);
			shop.event(f, 'status.changed', { agent: 2, after: { status_id: o.change.status } });
			tell({ ticket: f.t.id, version: f.t.version, kind: 'status.changed', message_id: null });
		}
		if (o.tell)
			tell(o.tell);
		if (o.arrive) {
			const c = shop.arrive(o.arrive);
			if (o.arrive.silent !== true) {
				tell(c);
				if (shop.tickets.get(c.ticket).events.at(-1).kind === 'draft.returned')
					tell({ ...c, kind: 'draft.returned', message_id: null });
			}
			return c;
		}
		return { ok: true };
	}

	const server = createServer((req, res) => {
		const url = new URL(req.url, 'http://x');
		const parts = [];
		req.on('data', (d) => parts.push(d));
		req.on('end', () => {
			const body = Buffer.concat(parts);
			if (url.pathname === '/__fixture')
				return reply(res, 200, order(JSON.parse(body.toString() || '{}')));
			if (url.pathname.startsWith('/api/v1/'))
				return void api(req, res, url, body);
			return statics(res, url.pathname);
		});
	});
	return new Promise((done) => server.listen(port, '127.0.0.1', () => done({
		url: `http://127.0.0.1:${server.address().port}`, order, shop, state,
		close: () => { state.streams.forEach((s) => s.end()); server.closeAllConnections?.(); return new Promise((end) => server.close(end)); },
	})));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const s = await serve({ port: Number(process.argv[2] ?? 8090) });
	console.log(`${s.url}  login: any name, password "docket"`);
}
