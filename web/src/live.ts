/* SPDX-License-Identifier: GPL-3.0-or-later */
// Live updates: the server says which ticket changed, the page fetches it and patches one row. Nothing moves by itself.
import { signal } from '@preact/signals';
import { reachable } from './api';
import type { Change } from './api-types';
import { list, openId, openTicket, seenSoon } from './desk';
import { holdFresh, peek, placeOnTop } from './lists';
import { alerts, detailOf, loadDetail, markAllStale, markStale, me, refreshAlerts, refreshCounts, ticketOf } from './store';
import { L, named } from './i18n';
import { toast } from './toasts';

/** True while events arrive. */
export const connected = signal(false);
/** True when the server runs a newer version than the page. */
export const outdated = signal(false);

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const GATHER = 120;

let source: EventSource | null = null;
let wait = FIRST_WAIT;
let opened = false;
/** The id that the browser names when it connects again by itself; without one nobody knows what was missed. */
let lastId = '';
let gathered: Change[] = [];
let gathering = 0;
let counting = 0;

/** True when rows may be put on top at once: the list stands at its top, and nobody points at or works in it. */
export let listIsIdle: () => boolean = () => false;
export function setListIdle(f: () => boolean) {
	listIsIdle = f;
}

function open() {
	source = new EventSource('/api/v1/events');
	source.addEventListener('open', () => {
		connected.value = true;
		reachable.value = true;
		if (!opened)
			void refreshAlerts();
		if (opened && (wait > FIRST_WAIT || !lastId))
			resync();
		opened = true;
		wait = FIRST_WAIT;
	});
	source.addEventListener('change', (e) => gather(e as MessageEvent<string>));
	source.addEventListener('alert', () => void tell());
	source.addEventListener('resync', resync);
	source.addEventListener('release', () => { outdated.value = true; });
	source.addEventListener('error', () => {
		connected.value = false;
		if (source?.readyState !== EventSource.CLOSED)
			return;
		source.close();
		setTimeout(open, wait * (0.75 + Math.random() / 2));
		wait = Math.min(wait * 2, LONGEST_WAIT);
	});
}

/** Connects, once. */
export function startLive() {
	if (!source)
		open();
}

/** Ends the connection (on logging out). */
export function stopLive() {
	source?.close();
	source = null;
	connected.value = false;
}

function gather(e: MessageEvent<string>) {
	let c: Change;
	lastId = e.lastEventId;
	try {
		c = JSON.parse(e.data) as Change;
	} catch {
		return;
	}
	if (typeof c?.ticket !== 'number')
		return;
	gathered.push(c);
	if (!gathering)
		gathering = window.setTimeout(() => { gathering = 0; void apply(); }, GATHER);
}

/** Reloads what is shown: after a lost connection nobody knows what was missed. */
export function resync() {
	markAllStale();
	const id = openId.peek();
	if (id !== null)
		void loadDetail(id, true);
	void look(new Map());
	void refreshCounts();
	void refreshAlerts();
}

/** Something new matches a watched folder: what it is, with one way to it. */
async function tell() {
	const known = alerts.peek()[0]?.id ?? 0;
	await refreshAlerts();
	const a = alerts.peek()[0];
	if (a && a.id > known)
		toast({ text: L.value.nav.alert(named(a.folder)), strong: a.subject, action: { label: L.value.nav.open, run: () => openTicket(a.ticket_id) } });
}

/** An answer came back unsent, because somebody else wrote first: its writer is told, wherever he is. */
function tellReturned(ticket: number) {
	import('./screens/waiting').then((m) => m.tellReturned(ticket), () => undefined);
}

/** Whoever wrote a mail that came back or failed for good is told, wherever he is. */
function tellLost(ticket: number, message: number, mine: number) {
	import('./screens/fate').then((m) => m.tellLost(ticket, message, mine), () => undefined);
}

async function apply() {
	const changes = new Map<number, Change>();
	for (const c of gathered) {
		if ((c.kind === 'mail.bounced' || c.kind === 'mail.failed') && c.message_id !== null && me.value)
			tellLost(c.ticket, c.message_id, me.value.id);
		if (c.kind === 'draft.returned')
			tellReturned(c.ticket);
		changes.set(c.ticket, { ...c, message_id: c.message_id ?? changes.get(c.ticket)?.message_id ?? null });
	}
	gathered = [];
	const open = openId.peek();
	for (const [id, c] of changes) {
		markStale(id);
		if (id === open)
			void loadDetail(id, true).then(() => seenSoon(id));
		else if (c.message_id === null && ticketOf(id))
			void loadDetail(id, true);
	}
	await look(changes);
	clearTimeout(counting);
	counting = window.setTimeout(() => void refreshCounts(), 400);
}

/** Looks what the changes mean for the list that is shown. */
async function look(changes: Map<number, Change>) {
	const l = list.peek();
	if (!l)
		return;
	const open = openId.peek();
	const moved = new Set([...changes.values()].filter((c) => c.message_id !== null && c.ticket !== open).map((c) => c.ticket));
	let fresh: number[];
	try {
		fresh = await peek(l, moved);
	} catch {
		return;
	}
	for (const id of moved)
		if (ticketOf(id) && !fresh.includes(id) && detailOf(id).peek().stale)
			void loadDetail(id, true);
	if (fresh.length === 0 || list.peek() !== l)
		return;
	const own = fresh.filter((id) => ticketOf(id)?.peek().owners.some((o) => o.agent_id === me.value?.id));
	if (listIsIdle())
		placeOnTop(l, fresh);
	else
		holdFresh(l, [...own, ...fresh.filter((id) => !own.includes(id))]);
}
