/* SPDX-License-Identifier: GPL-3.0-or-later */
// Words that were typed are kept: in this browser after 400 ms, on the server after 2 s, until they are sent.
import { signal, type Signal } from '@preact/signals';
import { call } from './api';
import type { Kind, ServerDraft, Upload } from './api-types';
import { without } from './pictures';
import { keep, kept, keptNames } from './prefs';
import { me, patchTicket, ticketOf } from './store';

export type Saved = 'none' | 'local' | 'saving' | 'server';

export interface Draft {
	mode: Kind;
	message: string;
	comment: string;
	/** The version of the ticket that was seen when the writing began; 0 while nothing is written. */
	base: number;
	/** Time of the last key, in ms. */
	at: number;
	uploads: Upload[];
	/** Whom the answer goes to; null = the customer. */
	to: string[] | null;
	cc: string[];
	/** The status that the ticket gets with the answer: USUAL, KEEP, or one of its type. */
	status: number;
	/** The message that did not arrive and that this one is sent in place of. */
	resends: number | null;
	/** Why an answer that waited came back unsent: a code of the API. */
	returned: string | null;
	saved: Saved;
	/** A newer draft from another device. */
	other: ServerDraft | null;
}

/** What an answer does to the status when nobody has chosen: as its type has it, or nothing. */
export const USUAL = -1;
export const KEEP = 0;

const LOCAL_AFTER = 400;
const SERVER_AFTER = 2_000;

const drafts = new Map<number, Signal<Draft>>();
const localTimers = new Map<number, number>();
const serverTimers = new Map<number, number>();

const key = (id: number) => `draft.${me.peek()?.id ?? 0}.${id}`;
const blank = (): Draft => ({ mode: 'message', message: '', comment: '', base: 0, at: 0, uploads: [], to: null, cc: [], status: USUAL, resends: null, returned: null, saved: 'none', other: null });

/** The text of the mode that is on. */
export const textOf = (d: Draft) => d[d.mode];
const hasWords = (d: Draft) => d.message !== '' || d.comment !== '' || d.uploads.length > 0;

function parsed(name: string): Partial<Draft> | null {
	try {
		return JSON.parse(kept(name) ?? 'null') as Partial<Draft> | null;
	} catch {
		return null;
	}
}

function read(id: number): Draft {
	const d = parsed(key(id));
	return d ? { ...blank(), ...d, saved: d.saved === 'server' ? 'server' : 'local', other: null } : blank();
}

/** The draft of a ticket, with what this browser has kept. */
export function draftOf(id: number): Signal<Draft> {
	let d = drafts.get(id);
	if (!d) {
		d = signal(read(id));
		drafts.set(id, d);
	}
	return d;
}

/** Takes the server's draft over when this browser has none, or offers it when it is newer. */
export function meetServerDraft(id: number, s: ServerDraft | null) {
	const d = draftOf(id);
	if (!s || !s.body || serverTimers.has(id))
		return;
	const mine = d.peek();
	const theirs = Date.parse(s.updated_at);
	if (!hasWords(mine))
		takeDraft(id, s);
	else if (theirs > mine.at + SERVER_AFTER * 2 && s.body !== mine[s.kind])
		d.value = { ...mine, other: s };
}

/** Puts the server's draft into the composer. */
export function takeDraft(id: number, s: ServerDraft) {
	const d = draftOf(id);
	d.value = {
		...d.peek(), mode: s.kind, [s.kind]: s.body, base: s.version, at: Date.parse(s.updated_at), uploads: s.uploads ?? [], returned: s.returned,
		...s.kind === 'message' ? { to: s.to?.length ? s.to : null, cc: s.cc ?? [], status: s.status_id ?? d.peek().status, resends: s.resends } : {},
		other: null, saved: 'server',
	};
	saveLocal(id);
	patchTicket(id, { draft: true });
}

/** Puts the other device's draft in the place of this one. */
export function takeOther(id: number) {
	const s = draftOf(id).peek().other;
	if (s)
		takeDraft(id, s);
}

/** Follows each key: the words of the mode that is on. */
export function write(id: number, text: string) {
	const d = draftOf(id);
	const was = d.peek();
	const base = was.base || ticketOf(id)?.peek().version || 0;
	d.value = { ...was, returned: null, [was.mode]: text, base: text === '' && !hasWords({ ...was, [was.mode]: '' }) ? 0 : base, at: Date.now(), saved: 'none' };
	later(id);
}

/** Changes between answer and comment; each keeps its own words. */
export function setMode(id: number, mode: Kind) {
	const d = draftOf(id);
	if (d.peek().mode === mode)
		return;
	d.value = { ...d.peek(), mode };
	if (hasWords(d.peek()))
		later(id);
}

/** A ticket that is opened with nothing written begins with an answer. */
export function beginDraft(id: number) {
	const d = draftOf(id);
	if (!hasWords(d.peek()) && d.peek().mode !== 'message')
		d.value = { ...d.peek(), mode: 'message' };
}

/** Says that what came in since has been read: the next sending goes by the newest version. */
export function rebase(id: number) {
	const d = draftOf(id);
	const version = ticketOf(id)?.peek().version;
	if (d.peek().base && version)
		d.value = { ...d.peek(), base: version, returned: null };
}

export function addUpload(id: number, u: Upload) {
	const d = draftOf(id);
	d.value = { ...d.peek(), uploads: [...d.peek().uploads, u], at: Date.now() };
	later(id);
}

export function removeUpload(id: number, upload: number) {
	const d = draftOf(id);
	const { uploads, message } = d.peek();
	const cid = uploads.find((u) => u.id === upload)?.cid;
	d.value = { ...d.peek(), uploads: uploads.filter((u) => u.id !== upload), message: cid ? without(message, cid) : message, at: Date.now() };
	later(id);
}

function later(id: number) {
	clearTimeout(localTimers.get(id));
	clearTimeout(serverTimers.get(id));
	localTimers.set(id, window.setTimeout(() => saveLocal(id), LOCAL_AFTER));
	serverTimers.set(id, window.setTimeout(() => void saveServer(id), SERVER_AFTER));
}

function saveLocal(id: number) {
	localTimers.delete(id);
	const d = draftOf(id);
	const { mode, message, comment, base, at, uploads, to, cc, status, resends, returned, saved } = d.peek();
	const ok = keep(key(id), hasWords(d.peek()) ? JSON.stringify({ mode, message, comment, base, at, uploads, to, cc, status, resends, returned, saved }) : null);
	if (ok && d.peek().saved === 'none' && hasWords(d.peek()))
		d.value = { ...d.peek(), saved: 'local' };
}

/** While an answer is on its way its words are not saved beside it; afterwards, if it did not arrive, they are again. */
export function holdSaving(id: number) {
	clearTimeout(serverTimers.get(id));
	serverTimers.delete(id);
}
export const saveAgain = (id: number) => later(id);

async function saveServer(id: number, keepalive = false) {
	serverTimers.delete(id);
	const d = draftOf(id);
	const sent = d.peek();
	const body = textOf(sent);
	d.value = { ...sent, saved: body ? 'saving' : sent.saved };
	try {
		await call('PUT', `/tickets/${id}/draft`, { body: { kind: sent.mode, body, version: sent.base, uploads: idsOf(sent), ...sent.mode === 'message' ? { ...peopleOf(sent), resends: undefined } : {} }, keepalive });
		if (d.peek().at === sent.at)
			d.value = { ...d.peek(), saved: body ? 'server' : 'none' };
		saveLocal(id);
		patchTicket(id, { draft: body !== '' });
	} catch {
		if (d.peek().at === sent.at)
			d.value = { ...d.peek(), saved: hasWords(sent) ? 'local' : 'none' };
	}
}

/** Uploads as a request names them; undefined when there are none. */
export const idsOf = (d: Draft) => (d.uploads.length > 0 ? d.uploads.map((u) => u.id) : undefined);

/** Its people and what it is sent in place of, as a request names them; undefined = the customer, no copies. */
export const peopleOf = (d: Draft) => ({ resends: d.resends ?? undefined, to: d.to?.length ? d.to : undefined, cc: d.cc.length > 0 ? d.cc : undefined });

/** Chooses the status that the ticket gets with the answer. */
export function setStatus(id: number, status: number) {
	const d = draftOf(id);
	d.value = { ...d.peek(), status };
	saveLocal(id);
}

/** Says whom an answer goes to. */
export function setPeople(id: number, people: { to?: string[] | null; cc?: string[] }) {
	const d = draftOf(id);
	d.value = { ...d.peek(), ...people, at: Date.now() };
	if (hasWords(d.peek()))
		later(id);
}

/** Forgets a mode's words, because they were sent or thrown away; the other mode's stay. Scheduled: the server keeps them
 *  until their time, so it is not told to forget them. */
export function clearDraft(id: number, mode: Kind, scheduled = false) {
	const d = draftOf(id);
	clearTimeout(localTimers.get(id));
	clearTimeout(serverTimers.get(id));
	serverTimers.delete(id);
	const left = { ...d.peek(), ...mode === 'message' ? { to: null, cc: [], status: USUAL, resends: null } : {}, [mode]: '', uploads: [], returned: null, saved: 'none' as Saved, other: null };
	const words = hasWords(left);
	const other = mode === 'message' ? 'comment' : 'message';
	d.value = { ...left, base: words ? left.base : 0, mode: left[mode] === '' && left[other] !== '' ? other : left.mode };
	saveLocal(id);
	patchTicket(id, { draft: words });
	if (!scheduled)
		void call('DELETE', `/tickets/${id}/draft`, { query: { kind: mode } }).catch(() => undefined);
	if (words)
		void saveServer(id);
}

/** Saves at once what still waits: the page is about to go, or the connection has come back. Ends when all of it was tried. */
export function flushDrafts(keepalive = false): Promise<unknown> {
	const saving: Promise<void>[] = [];
	for (const id of [...localTimers.keys()]) {
		clearTimeout(localTimers.get(id));
		saveLocal(id);
	}
	for (const id of [...serverTimers.keys()]) {
		clearTimeout(serverTimers.get(id));
		saving.push(saveServer(id, keepalive));
	}
	return Promise.all(saving);
}

/** Takes the words that the server has out of this browser: whoever uses it next is somebody else. */
export function forgetDrafts() {
	for (const name of keptNames(`draft.${me.peek()?.id ?? 0}.`)) {
		const d = parsed(name);
		if (d?.saved === 'server' && (d.message === '' || d.comment === ''))
			keep(name, null);
	}
}

/** Sends drafts that reached this browser only, after the connection has come back. */
export function saveUnsent() {
	for (const [id, d] of drafts)
		if (d.peek().saved === 'local' && hasWords(d.peek()) && !serverTimers.has(id))
			void saveServer(id);
}

export function watchLeaving() {
	addEventListener('pagehide', () => void flushDrafts(true));
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'hidden')
			void flushDrafts(true);
	});
}
