/* SPDX-License-Identifier: GPL-3.0-or-later */
// Short notes about what was done or could not be done, each with one way on.
import { signal } from '@preact/signals';
import { ApiError } from './api';
import { L } from './i18n';

export interface Toast {
	id: number;
	text: string;
	strong?: string;
	bad?: boolean;
	/** It counts down to this time and stays beside other notes until then. */
	until?: number;
	action?: { label: string; run: () => void; key?: string };
}

export const toasts = signal<Toast[]>([]);

let last = 0;
const LASTS = 6_000;
const LASTS_BAD = 12_000;

/** Shows a note in the place of the one before; a bad one stays longer and beside the next, one that counts down to its end. */
export function toast(t: Omit<Toast, 'id'>): number {
	const id = ++last;
	const stays = (x: Toast) => x.until !== undefined;
	toasts.value = [...toasts.value.filter(stays), ...toasts.value.filter((x) => x.bad && !stays(x)).slice(-1), { ...t, id }];
	setTimeout(() => dropToast(id), t.until ? t.until - Date.now() : t.bad ? LASTS_BAD : LASTS);
	return id;
}

export function dropToast(id: number) {
	toasts.value = toasts.value.filter((t) => t.id !== id);
}

/** The sentence for a failure: what happened and what to do, in the language that is on. */
export function sentence(e: unknown): string {
	const f = L.value.fail;
	if (!(e instanceof ApiError))
		return f.server;
	const known = f.codes[e.code];
	if (known)
		return known;
	switch (e.status) {
	case 0: return f.offline;
	case 403: return f.forbidden;
	case 404: return f.missing;
	case 413: return f.large;
	case 429: return f.limit;
	case 503: return f.away;
	}
	if (e.status >= 500)
		return e.request ? `${f.server} (${f.request(e.request)})` : f.server;
	return e.detail || f.server;
}

/** Shows a failure with a way to try again. */
export function failed(e: unknown, again?: () => void) {
	toast({ text: sentence(e), bad: true, action: again && { label: L.value.fail.retry, run: again } });
}
