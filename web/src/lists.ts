/* SPDX-License-Identifier: GPL-3.0-or-later */
// Lists hold ids only, loaded in keyset windows. What is new waits behind a pill; a row never moves by itself.
import { batch, signal, type Signal } from '@preact/signals';
import { ApiError, get, isAbort } from './api';
import type { Page } from './api-types';
import { putTicket, ticketOf } from './store';

export interface Source {
	folder?: number;
	account?: number;
	q?: string;
}

export interface List {
	key: string;
	source: Source;
	ids: Signal<number[]>;
	/** Sort time of each row when it was placed: groups stay as they were while rows change. */
	placed: Map<number, string>;
	fresh: Signal<number[]>;
	cursor: Signal<number | null>;
	loaded: Signal<boolean>;
	loading: Signal<boolean>;
	end: Signal<boolean>;
	error: Signal<ApiError | null>;
	next: string | null;
	/** Scroll position, kept while another folder is shown. */
	top: number;
}

const WINDOW = 100;
const PEEK = 50;
const lists = new Map<string, List>();

/** The list of a source, made on first use and kept with its place. */
export function listOf(source: Source): List {
	const key = JSON.stringify([source.folder ?? 0, source.account ?? 0, source.q ?? '']);
	let list = lists.get(key);
	if (!list) {
		list = {
			key, source, ids: signal([]), placed: new Map(), fresh: signal([]), cursor: signal(null), loaded: signal(false),
			loading: signal(false), end: signal(false), error: signal(null), next: null, top: 0,
		};
		lists.set(key, list);
	}
	return list;
}

const query = (list: List, limit: number, after: string | null) => ({ ...list.source, limit, after });

function place(list: List, page: Page): number[] {
	for (const t of page.tickets) {
		putTicket(t);
		if (!list.placed.has(t.id))
			list.placed.set(t.id, t.updated_at);
	}
	return page.tickets.map((t) => t.id);
}

/** Loads the next window; at most one is under way. */
export async function loadMore(list: List) {
	if (list.loading.peek() || list.end.peek())
		return;
	list.loading.value = true;
	list.error.value = null;
	try {
		const page = await get<Page>('/tickets', query(list, WINDOW, list.next));
		batch(() => {
			const known = new Set(list.ids.peek());
			const more = place(list, page).filter((id) => !known.has(id));
			list.ids.value = [...list.ids.peek(), ...more];
			list.next = page.next;
			list.end.value = page.next === null;
			list.loaded.value = true;
		});
	} catch (e) {
		if (!isAbort(e))
			list.error.value = e as ApiError;
	} finally {
		list.loading.value = false;
	}
}

/** Starts the list over from its top. */
export async function reload(list: List) {
	try {
		const page = await get<Page>('/tickets', query(list, WINDOW, null));
		batch(() => {
			list.placed.clear();
			list.ids.value = place(list, page);
			list.next = page.next;
			list.end.value = page.next === null;
			list.fresh.value = [];
			list.loaded.value = true;
			list.error.value = null;
			list.top = 0;
		});
	} catch (e) {
		list.error.value = e as ApiError;
	}
}

/** Looks at the first window again: patches its rows, and returns the ids that the list does not show yet or that got mail. */
export async function peek(list: List, moved: ReadonlySet<number>): Promise<number[]> {
	if (!list.loaded.peek())
		return [];
	const page = await get<Page>('/tickets', query(list, PEEK, null));
	const known = new Set(list.ids.peek());
	const fresh: number[] = [];
	batch(() => {
		for (const t of page.tickets) {
			putTicket(t);
			if (!known.has(t.id) || (moved.has(t.id) && t.unread))
				fresh.push(t.id);
		}
	});
	if (page.tickets.length === PEEK && fresh.length === PEEK)
		list.next = null;
	return fresh;
}

/** Lets new rows wait behind the pill. */
export function holdFresh(list: List, ids: number[]) {
	const held = new Set(list.fresh.peek());
	const more = ids.filter((id) => !held.has(id));
	if (more.length > 0)
		list.fresh.value = [...more, ...list.fresh.peek()];
}

/** Places the given tickets at the top of the list. */
export function placeOnTop(list: List, ids: number[]) {
	const top = new Set(ids);
	batch(() => {
		for (const id of ids) {
			const t = ticketOf(id)?.peek();
			if (t)
				list.placed.set(id, t.updated_at);
		}
		list.ids.value = [...ids, ...list.ids.peek().filter((id) => !top.has(id))];
		list.fresh.value = list.fresh.peek().filter((id) => !top.has(id));
	});
}

/** Takes what waits behind the pill into the list, newest first. */
export function takeFresh(list: List) {
	const newest = (id: number) => ticketOf(id)?.peek().updated_at ?? '';
	placeOnTop(list, [...list.fresh.peek()].sort((a, b) => newest(b).localeCompare(newest(a)) || b - a));
}

/** The ticket after (step 1) or before (step -1) another in the list; null at either end. */
export function neighbour(list: List, id: number | null, step: 1 | -1): number | null {
	const ids = list.ids.peek();
	if (id === null)
		return ids[0] ?? null;
	const at = ids.indexOf(id);
	if (at < 0)
		return ids[0] ?? null;
	return ids[at + step] ?? null;
}
