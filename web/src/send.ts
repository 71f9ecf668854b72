/* SPDX-License-Identifier: GPL-3.0-or-later */
// Sending an answer or a comment: what it takes with it, what a refusal shows, and that no word is lost or sent twice.
import { signal, type Signal } from '@preact/signals';
import { ApiError, call, get } from './api';
import type { Detail, Kind, Message, Scheduled, Ticket, Upload } from './api-types';
import { nextAfter, openId } from './desk';
import { addUpload, clearDraft, draftOf, holdSaving, idsOf, peopleOf, rebase, saveAgain, setMode, USUAL, write, type Draft } from './drafts';
import { statusFor } from './edit';
import { focus } from './focus';
import { L } from './i18n';
import { moment } from './i18n/format';
import { leaves, strangers } from './people';
import { isPicture, labelOf } from './pictures';
import { countDown, putScheduled, takeBack, undoSeconds } from './scheduled';
import { detailOf, loadDetail, me, putDetail, putTicket, statusById, ticketOf, typeOf } from './store';
import { sentence, toast } from './toasts';

export interface Sending {
	busy: boolean;
	/** What went wrong, in words; the text stays. */
	error: string | null;
	/** The server refused because of what is new; the next sending goes by the newest version. */
	conflict: boolean;
	/** The version up to which the banner about what is new has been on the screen long enough to be seen. */
	warned: number;
	/** The strangers among its people that the page warned of long enough to be seen, and those it warns of now. */
	known: string;
	asking: string[];
	uploading: string[];
}

/** What the files of one answer may have together. */
const MOST_BYTES = 25 * 1024 * 1024;

const QUIET: Sending = { busy: false, error: null, conflict: false, warned: 0, known: '', asking: [], uploading: [] };

const states = new Map<number, Signal<Sending>>();
/** True for a ticket whose last sending ended without an answer, so that nobody knows whether it arrived. */
const unsure = new Set<number>();

/** How the sending of a ticket's composer stands. */
export function sendingOf(id: number): Signal<Sending> {
	let s = states.get(id);
	if (!s) {
		s = signal({ ...QUIET });
		states.set(id, s);
	}
	return s;
}

/** Customer's messages that came after the writing began. */
export function newerThan(data: Detail | null, base: number): Message[] {
	if (!data || base === 0 || data.ticket.version <= base)
		return [];
	const ids = new Set(data.events.filter((e) => e.version > base && e.message_id !== null).map((e) => e.message_id));
	const my = me.peek()?.id;
	return data.messages.filter((m) => m.kind === 'message' && ids.has(m.id) && m.agent_id !== my);
}

async function arrivedAlready(data: Detail | null, kind: Kind, body: string): Promise<boolean> {
	const my = me.peek()?.id;
	if (kind === 'message' && data?.scheduled?.body.trim() === body.trim())
		return true;
	const mine = data?.messages.filter((m) => m.agent_id === my && m.kind === kind).at(-1);
	if (mine === undefined || Date.now() - Date.parse(mine.created_at) >= 3_600_000)
		return false;
	const { text } = mine.cut ? await get<Message>(`/messages/${mine.id}`) : mine;
	return text.trim() === body.trim();
}

/** Forgets what was sent; what was typed while it was on its way stays. */
function forget(id: number, kind: Kind, body: string, scheduled: boolean) {
	const now = draftOf(id).peek()[kind];
	clearDraft(id, kind, scheduled);
	if (now === body)
		return;
	setMode(id, kind);
	write(id, now.startsWith(body) ? now.slice(body.length) : now);
}

function finish(id: number, kind: Kind, body: string, text: string, next: boolean, scheduled: Scheduled | null = null, later = false) {
	unsure.delete(id);
	forget(id, kind, body, scheduled !== null);
	sendingOf(id).value = { ...QUIET };
	if (scheduled && later)
		toast({ text, action: { label: L.value.composer.takeBack, run: () => void takeBack(id) } });
	else if (scheduled)
		countDown(id, text);
	else
		toast({ text });
	if (openId.peek() !== id)
		return;
	if (next)
		nextAfter(id);
	else
		focus('thread');
}

function told(id: number, kind: Kind, to: string[] | null | undefined, waits: Scheduled | null): string {
	const c = L.value.composer;
	const data = detailOf(id).peek().data;
	if (kind === 'comment')
		return c.commented;
	if (!data?.sending || !leaves(data, to))
		return waits ? c.storing : c.stored;
	if (data.sending.if_words)
		return c.maybe(data.sending.rule);
	const who = data.ticket.customer ?? data.ticket.from_name ?? to?.[0] ?? data.sending.to[0] ?? c.customer;
	if (waits && Date.parse(waits.due_at) > Date.now() + 60_000)
		return c.leavesAt(who, moment(waits.due_at));
	return (waits ? c.leaving : c.sent)(who);
}

async function refused(id: number, kind: Kind, body: string, e: unknown, next: boolean) {
	const s = sendingOf(id);
	const clash = e instanceof ApiError && e.status === 409;
	const waits = e instanceof ApiError && e.code === 'draft_scheduled';
	const doubtful = e instanceof ApiError && (e.offline || e.status >= 500);
	if (doubtful)
		unsure.add(id);
	if (clash) {
		const data = await loadDetail(id, true);
		if (unsure.has(id) && await arrivedAlready(data, kind, body).catch(() => false)) {
			finish(id, kind, body, L.value.composer.twice, next, data?.scheduled ?? null);
			return;
		}
	}
	saveAgain(id);
	s.value = { ...s.peek(), busy: false, conflict: clash && !waits, error: clash && !waits ? null : `${sentence(e)} ${L.value.fail.keep}` };
}

/** False when the answer has nobody it goes to, or goes to strangers of whom the page must warn first. */
function knowsAll(id: number, d: Draft): boolean {
	const s = sendingOf(id);
	if (d.to?.length === 0) {
		s.value = { ...s.peek(), error: L.value.fail.codes.recipient_none! };
		return false;
	}
	const asking = strangers(detailOf(id).peek().data, d);
	if (asking.length === 0 || s.peek().known === asking.join(' '))
		return true;
	s.value = { ...s.peek(), asking };
	return false;
}

/** The status that an answered ticket gets by itself: it waits for the customer, if nobody has begun with it yet. */
function usualStatus(d: Detail, draft: Draft): number | undefined {
	const { base } = draft;
	const now = statusById.value.get(d.ticket.status_id)?.category;
	if (!leaves(d, draft.to) || now !== 'new' && now !== 'open' || base > 0 && d.events.some((e) => e.version > base && /^(status|type)\./.test(e.kind)))
		return undefined;
	return statusFor(typeOf(d.ticket), 'wait');
}

/** The status that a ticket gets with what its composer holds; undefined = it keeps its own. */
export function statusWith(d: Detail, draft: Draft): number | undefined {
	if (draft.mode === 'comment')
		return undefined;
	const chosen = draft.status === USUAL ? usualStatus(d, draft) : typeOf(d.ticket)?.statuses.find((s) => s.id === draft.status)?.id;
	return chosen === d.ticket.status_id ? undefined : chosen;
}

interface Made {
	message: Message | null;
	scheduled: Scheduled | null;
	ticket: Ticket;
}

/** Posts it. A status that somebody else has set meanwhile stays: the answer goes without one. */
async function post(id: number, body: { status?: number; [field: string]: unknown }): Promise<Made> {
	try {
		return await call<Made>('POST', `/tickets/${id}/messages`, { body });
	} catch (e) {
		const other = body.status !== undefined && e instanceof ApiError && e.code === 'ticket_changed' && e.events.length > 0
			&& !e.events.some((x) => x.kind.startsWith('message.'));
		if (!other)
			throw e;
		return call<Made>('POST', `/tickets/${id}/messages`, { body: { ...body, status: undefined } });
	}
}

/** Sends what the composer holds; false when there was nothing to send or it was refused. */
export async function send(id: number, opts: { next: boolean; at?: string }): Promise<void> {
	const d = draftOf(id).peek();
	const s = sendingOf(id);
	const kind = opts.at ? 'message' : d.mode;
	const body = d[kind];
	if (s.peek().busy || s.peek().uploading.length > 0)
		return;
	if (!body.trim()) {
		focus('composer');
		return;
	}
	if (kind === 'message' && (newerThan(detailOf(id).peek().data, d.base).length > 0 || s.peek().conflict)) {
		if (s.peek().warned < (ticketOf(id)?.peek().version ?? 0))
			return;
		rebase(id);
	}
	if (kind === 'message' && !knowsAll(id, d))
		return;
	s.value = { ...s.peek(), busy: true, error: null };
	holdSaving(id);
	const version = kind === 'comment' ? ticketOf(id)?.peek().version ?? d.base : draftOf(id).peek().base;
	try {
		const now = unsure.has(id) ? await fresh(id) : null;
		if (now && await arrivedAlready(now, kind, body)) {
			finish(id, kind, body, L.value.composer.twice, opts.next, now.scheduled);
			return;
		}
		const delay = kind === 'message' && !opts.at ? undoSeconds() || undefined : undefined;
		const data = detailOf(id).peek().data;
		const status = data && kind === 'message' ? statusWith(data, { ...d, mode: kind }) : undefined;
		const made = await post(id, { version, kind, body, status, uploads: idsOf(d), delay, at: opts.at, ...kind === 'message' ? peopleOf(d) : {} });
		putTicket(made.ticket);
		if (made.message)
			showAtOnce(id, made.message, made.ticket);
		else
			putScheduled(id, made.scheduled);
		finish(id, kind, body, told(id, kind, d.to, made.scheduled), opts.next, made.scheduled, opts.at !== undefined);
		void loadDetail(id, true);
	} catch (e) {
		await refused(id, kind, body, e, opts.next);
	}
}

async function fresh(id: number): Promise<Detail> {
	const data = await call<Detail>('GET', `/tickets/${id}`);
	putDetail(id, data);
	return data;
}

function showAtOnce(id: number, message: Message, ticket: Ticket) {
	const data = detailOf(id).peek().data;
	if (data && !data.messages.some((m) => m.id === message.id))
		putDetail(id, { ...data, ticket: { ...data.ticket, ...ticket }, messages: [...data.messages, message] });
}

/** Would an answer's files be more than leaves with one mail? */
function tooMuch(id: number, file: File): boolean {
	const d = draftOf(id).peek();
	return d.mode === 'message' && d.uploads.reduce((n, u) => n + u.size, file.size) > MOST_BYTES;
}

/** Uploads one file; null = it could not be, and the page says why. */
async function upload(id: number, file: File, inline: boolean, again: () => void): Promise<Upload | null> {
	const s = sendingOf(id);
	if (tooMuch(id, file)) {
		toast({ text: `${file.name}: ${L.value.fail.codes.files_large!}`, bad: true });
		return null;
	}
	s.value = { ...s.peek(), uploading: [...s.peek().uploading, file.name] };
	try {
		const made = await call<Upload>('POST', '/uploads', { query: { name: file.name, type: file.type || undefined, is_inline: inline ? 'true' : undefined }, bytes: file });
		addUpload(id, made);
		return made;
	} catch (e) {
		toast({ text: `${L.value.composer.uploadFailed(file.name)}: ${sentence(e)}`, bad: true, action: { label: L.value.fail.retry, run: again } });
		return null;
	} finally {
		s.value = { ...s.peek(), uploading: s.peek().uploading.filter((n) => n !== file.name) };
	}
}

/** Uploads files beside the text. */
export async function attach(id: number, files: Iterable<File>) {
	for (const file of files)
		await upload(id, file, false, () => void attach(id, [file]));
}

/** Uploads files into an answer: pictures between its words, where put() places their names, others beside. */
export async function insert(id: number, files: Iterable<File>, put: (label: string) => void) {
	for (const file of files) {
		const inline = draftOf(id).peek().mode === 'message' && isPicture(file);
		const made = await upload(id, file, inline, () => void insert(id, [file], put));
		if (made?.cid)
			put(labelOf(draftOf(id).peek().uploads, made.cid));
	}
}
