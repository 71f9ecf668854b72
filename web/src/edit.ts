/* SPDX-License-Identifier: GPL-3.0-or-later */
// Changes of a ticket's properties: shown at once, taken back when the server refuses, undone with Z.
import { ApiError, call } from './api';
import type { Event, Ticket, Type } from './api-types';
import { L, named } from './i18n';
import { agentById, loadDetail, me, patchTicket, putTicket, roles, statusById, ticketOf, typeById } from './store';
import { failed, toast } from './toasts';

/** What a PATCH of a ticket may name. */
export interface Patch {
	subject?: string;
	type?: number;
	status?: number;
	priority?: number;
	confidential?: boolean;
	deadline?: string;
}

type Doing = () => Promise<{ ticket: Ticket }>;

interface Undo {
	run: () => void;
	/** After this time (in ms) it cannot be taken back any more. */
	until?: number;
}

const undoable: Undo[] = [];
const queues = new Map<number, Promise<unknown>>();

/** One change of a ticket after the other, so that each names the version that the one before made. */
function inTurn<T>(id: number, fn: () => Promise<T>): Promise<T> {
	const turn = (queues.get(id) ?? Promise.resolve()).then(fn, fn);
	queues.set(id, turn.catch(() => undefined));
	return turn;
}

function asRow(p: Patch): Partial<Ticket> {
	const row: Partial<Ticket> = {};
	if (p.subject !== undefined)
		row.subject = p.subject;
	if (p.type !== undefined)
		row.type_id = p.type;
	if (p.status !== undefined) {
		row.status_id = p.status;
		const category = statusById.value.get(p.status)?.category;
		row.closed = category === 'done' || category === 'shut';
	}
	if (p.priority !== undefined)
		row.priority = p.priority;
	if (p.confidential !== undefined)
		row.confidential = p.confidential;
	if (p.deadline !== undefined)
		row.deadline_at = p.deadline || null;
	return row;
}

function inverse(t: Ticket, p: Patch): Patch {
	const back: Patch = {};
	if (p.subject !== undefined)
		back.subject = t.subject;
	if (p.type !== undefined)
		back.type = t.type_id;
	if (p.status !== undefined || p.type !== undefined)
		back.status = t.status_id;
	if (p.priority !== undefined)
		back.priority = t.priority;
	if (p.confidential !== undefined)
		back.confidential = t.confidential;
	if (p.deadline !== undefined)
		back.deadline = t.deadline_at ?? '';
	return back;
}

/** Says in a few words what a change set. */
function told(p: Patch): { text: string; strong?: string } {
	const w = L.value;
	if (p.type !== undefined)
		return { text: w.ticket.type, strong: named(typeById.value.get(p.type)?.name) };
	if (p.status !== undefined)
		return { text: w.ticket.status, strong: named(statusById.value.get(p.status)?.name) };
	if (p.priority !== undefined)
		return { text: w.ticket.priority, strong: p.priority ? String(p.priority) : w.ticket.prioNone };
	if (p.subject !== undefined)
		return { text: w.changed.subject };
	return { text: p.deadline !== undefined ? w.changed.deadline : w.changed.confidential };
}

/** Who made the newest of the events that a 409 lists. */
function whoWas(events: Event[]): string {
	const e = events.at(-1);
	if (!e)
		return L.value.event.system;
	if (e.rule)
		return L.value.event.rule(e.rule);
	return (e.agent_id && agentById.value.get(e.agent_id)?.name) || L.value.event.system;
}

function refused(e: unknown, id: number, again: () => void) {
	void loadDetail(id, true);
	if (e instanceof ApiError && e.code === 'ticket_changed')
		toast({ text: L.value.changed.faster(whoWas(e.events)), bad: true, action: { label: L.value.changed.again, run: again } });
	else
		failed(e, again);
}

/** Changes properties of a ticket; true when the server has taken it. */
export async function change(id: number, patch: Patch, opts: { quiet?: boolean; noUndo?: boolean } = {}): Promise<boolean> {
	const before = ticketOf(id)?.peek();
	if (!before)
		return false;
	const back = inverse(before, patch);
	patchTicket(id, asRow(patch));
	try {
		const { ticket } = await inTurn(id, () => call<{ ticket: Ticket }>('PATCH', `/tickets/${id}`,
			{ body: { version: ticketOf(id)!.peek().version, ...patch } }));
		putTicket(ticket);
	} catch (e) {
		patchTicket(id, asRow(back));
		refused(e, id, () => void loadDetail(id, true).then(() => change(id, patch, opts)));
		return false;
	}
	if (!opts.noUndo)
		undoable.push({ run: () => void putBack(id, back) });
	if (!opts.quiet)
		toast({ ...told(patch), action: { label: L.value.changed.undo, key: 'Z', run: undo } });
	void loadDetail(id, true);
	return true;
}

async function putBack(id: number, patch: Patch) {
	if (await change(id, patch, { quiet: true, noUndo: true }))
		toast({ text: L.value.changed.undone });
}

/** Puts something else on top of what Z takes back; calling what it gives takes it away again. */
export function undoWith(u: Undo): () => void {
	undoable.push(u);
	return () => {
		const at = undoable.indexOf(u);
		if (at >= 0)
			undoable.splice(at, 1);
	};
}

/** Takes back what was done last. */
export function undo() {
	let last = undoable.pop();
	while (last?.until !== undefined && Date.now() > last.until)
		last = undoable.pop();
	if (last)
		last.run();
	else
		toast({ text: L.value.changed.nothing });
}

async function owners(id: number, doing: Doing) {
	try {
		const { ticket } = await inTurn(id, doing);
		putTicket(ticket);
		toast({ text: L.value.changed.owner });
		void loadDetail(id, true);
	} catch (e) {
		refused(e, id, () => void loadDetail(id, true).then(() => owners(id, doing)));
	}
}

const version = (id: number) => ticketOf(id)?.peek().version ?? 1;

/** Makes an agent or a team an owner with a role. */
export function addOwner(id: number, who: { agent?: number; team?: number }, role: number) {
	return owners(id, () => call('POST', `/tickets/${id}/owners`, { body: { version: version(id), role, ...who } }));
}

/** Takes an owner from a ticket. */
export function removeOwner(id: number, owner: number) {
	return owners(id, () => call('DELETE', `/tickets/${id}/owners/${owner}`, { query: { version: version(id) } }));
}

/** Makes whoever is logged in an owner with the first role, unless they are one. */
export function takeOver(id: number) {
	const my = me.value?.id;
	const role = roles.value[0];
	const t = ticketOf(id)?.peek();
	if (!my || !role || !t || t.owners.some((o) => o.agent_id === my && o.role_id === role.id))
		return;
	void addOwner(id, { agent: my }, role.id);
}

/** The status of a type that a verb means: the first of a category. */
export function statusFor(type: Type | undefined, category: string): number | undefined {
	return type?.statuses.find((s) => s.category === category)?.id;
}

/** Sets another type, and with it the status that means the same there. */
export function changeType(id: number, to: Type) {
	const t = ticketOf(id)?.peek();
	const category = t ? statusById.value.get(t.status_id)?.category : undefined;
	const status = statusFor(to, category ?? 'open') ?? statusFor(to, 'open') ?? to.statuses[0]?.id;
	return change(id, { type: to.id, status });
}
