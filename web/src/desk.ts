/* SPDX-License-Identifier: GPL-3.0-or-later */
// Where somebody is at the desk: which list, which ticket, and the ways between them.
import { batch, computed, effect, signal } from '@preact/signals';
import { call } from './api';
import type { Folder } from './api-types';
import { listOf, loadMore, neighbour, type List } from './lists';
import { go, route, type Route } from './router';
import { detailOf, folders, loadDetail, patchTicket, ready, ticketOf } from './store';

/** The filter chips of the list, as query words. */
export const filters = signal<string[]>([]);

/** How an address names a folder: those of the product by their key, the others by number. */
export const folderKey = (f: Folder) => f.key ?? String(f.id);

/** The folder that the route names, else the first. */
export const folder = computed(() => {
	const r = route.value;
	if (r.view !== 'desk' || r.account)
		return null;
	return folders.value.find((f) => folderKey(f) === r.folder) ?? folders.value[0] ?? null;
});

/** The list beside the reading pane; null until the folders are known. */
export const list = computed<List | null>(() => {
	const r = route.value;
	if (!ready.value || r.view !== 'desk')
		return null;
	const q = filters.value.join(' ') || undefined;
	return listOf(r.account ? { account: r.account, q } : { folder: folder.value?.id, q });
});

/** The ticket in the reading pane. */
export const openId = computed(() => route.value.ticket);

/** The tickets that the search shows, for the step to the next one. */
export const foundIds = signal<number[]>([]);

/** What keys do on a page beside the desk that shows a list of its own. */
export const beside = signal<{ step: (by: 1 | -1) => void; open?: () => void; retry?: () => void; edit?: () => void; cancel?: () => void } | null>(null);

/** Entries of the thread that somebody unfolded or folded by hand: all, none, or the plan. */
export const unfoldAll = signal<{ ticket: number; all: boolean } | null>(null);

/** True below 800 px, where one pane is shown at a time. */
export const narrow = signal(false);

export function watchWidth() {
	const media = matchMedia('(max-width: 799px)');
	narrow.value = media.matches;
	media.addEventListener('change', () => { narrow.value = media.matches; });
}

/** Shows a ticket; in the desk the address is replaced, so that back leaves the list and not each ticket. */
export function openTicket(id: number) {
	const r = route.peek();
	const first = r.ticket === null;
	batch(() => {
		list.peek()?.cursor && (list.peek()!.cursor.value = id);
		go(r.view === 'page' ? { view: 'desk', folder: null, account: null, ticket: id } : { ...r, ticket: id }, !first && !narrow.peek() && r.view === 'desk');
	});
}

/** Leaves the ticket for its list. */
export function closeTicket() {
	const r = route.peek();
	if (r.ticket !== null)
		go({ ...r, ticket: null } as Route);
}

/** Shows a folder or an account's list. */
export function openFolder(key: string) {
	filters.value = [];
	go({ view: 'desk', folder: key, account: null, ticket: narrow.peek() ? null : null });
}

export function openAccount(id: number) {
	filters.value = [];
	go({ view: 'desk', folder: null, account: id, ticket: null });
}

/** The ticket one step away in what is shown; null at the end. */
export function stepFrom(id: number | null, step: 1 | -1): number | null {
	if (route.peek().view === 'search') {
		const ids = foundIds.peek();
		return ids[id === null ? 0 : ids.indexOf(id) + step] ?? null;
	}
	const l = list.peek();
	return l ? neighbour(l, id, step) : null;
}

/** Moves the cursor by one row and opens what it stands on; on a phone only the cursor moves. */
export function step(by: 1 | -1) {
	if (beside.peek()) {
		beside.peek()!.step(by);
		return;
	}
	const l = list.peek();
	const at = openId.peek() ?? l?.cursor.peek() ?? null;
	const to = stepFrom(at, by);
	if (to === null)
		return;
	if (narrow.peek() && openId.peek() === null && l)
		l.cursor.value = to;
	else
		openTicket(to);
}

/** Goes to the ticket after this one, else to the one before, else to the list. */
export function nextAfter(id: number) {
	const to = stepFrom(id, 1) ?? stepFrom(id, -1);
	if (to !== null && to !== id)
		openTicket(to);
	else
		closeTicket();
}

function prefetch(id: number) {
	for (const by of [1, -1] as const) {
		const near = stepFrom(id, by);
		if (near !== null && !detailOf(near).peek().data)
			void loadDetail(near);
	}
}

const SEEN_AFTER = 800;

async function seen(id: number) {
	const t = ticketOf(id)?.peek();
	const last = detailOf(id).peek().data?.messages.at(-1);
	if (!t?.unread || !last || document.visibilityState !== 'visible')
		return;
	patchTicket(id, { unread: false });
	try {
		await call('PUT', `/tickets/${id}/seen`, { body: { message: last.id } });
	} catch {
		patchTicket(id, { unread: true });
	}
}

/** Loads what the desk shows, when it changes; the neighbours of a ticket follow when it has been looked at. */
export function watchDesk() {
	effect(() => {
		const l = list.value;
		if (l && !l.loaded.peek())
			void loadMore(l);
	});
	let timer = 0;
	effect(() => {
		const id = openId.value;
		clearTimeout(timer);
		if (!ready.value || id === null)
			return;
		const l = list.peek();
		if (l && l.cursor.peek() !== id)
			l.cursor.value = id;
		const known = detailOf(id).peek();
		timer = window.setTimeout(() => {
			void loadDetail(id).then(() => {
				if (openId.peek() !== id)
					return;
				timer = window.setTimeout(() => void seen(id), SEEN_AFTER);
				prefetch(id);
			});
		}, known.data && !known.stale ? 0 : 60);
	});
}

/** Marks the open ticket as seen after a live message, if somebody is looking. */
export function seenSoon(id: number) {
	setTimeout(() => { if (openId.peek() === id) void seen(id); }, SEEN_AFTER);
}
