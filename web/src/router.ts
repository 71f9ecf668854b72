/* SPDX-License-Identifier: GPL-3.0-or-later */
// The address is the state: /f/inbox/1042, /a/3/1042, /t/1042, /s?q=words, /p/parked.
import { signal } from '@preact/signals';

export type Route =
	| { view: 'desk'; folder: string | null; account: number | null; ticket: number | null }
	| { view: 'search'; q: string; ticket: number | null }
	| { view: 'page'; page: PageName; ticket: null };

/** Pages beside the desk; app.tsx has what each shows. */
export const PAGES = ['accounts', 'parked', 'outbox'] as const;
export type PageName = (typeof PAGES)[number];

const num = (text: string | undefined): number | null => (text && /^\d{1,18}$/.test(text) ? Number(text) : null);

/** Reads an address; what it does not know is the default folder. */
export function parseRoute(url: URL): Route {
	const [kind, one, two] = url.pathname.split('/').filter(Boolean);
	switch (kind) {
	case 'f':
		return { view: 'desk', folder: one ? decodeURIComponent(one) : null, account: null, ticket: num(two) };
	case 'a':
		return { view: 'desk', folder: null, account: num(one), ticket: num(two) };
	case 't':
		return { view: 'desk', folder: null, account: null, ticket: num(one) };
	case 's':
		return { view: 'search', q: url.searchParams.get('q') ?? '', ticket: num(one) };
	case 'oauth': // where a provider sends the browser back to
		return { view: 'page', page: 'accounts', ticket: null };
	case 'p':
		return PAGES.some((x) => x === one) ? { view: 'page', page: one as PageName, ticket: null } : { view: 'desk', folder: null, account: null, ticket: null };
	default:
		return { view: 'desk', folder: null, account: null, ticket: null };
	}
}

/** Writes an address. */
export function routePath(r: Route): string {
	const tail = r.ticket ? `/${r.ticket}` : '';
	if (r.view === 'page')
		return `/p/${r.page}`;
	if (r.view === 'search')
		return `/s${tail}${r.q ? `?q=${encodeURIComponent(r.q)}` : ''}`;
	if (r.account)
		return `/a/${r.account}${tail}`;
	if (r.folder)
		return `/f/${encodeURIComponent(r.folder)}${tail}`;
	return r.ticket ? `/t/${r.ticket}` : '/';
}

export const route = signal<Route>(parseRoute(new URL(typeof location === 'undefined' ? 'http://x/' : location.href)));

/** Goes somewhere; `replace` leaves no step to come back to. */
export function go(to: Route, replace = false) {
	const path = routePath(to);
	if (path !== location.pathname + location.search)
		history[replace ? 'replaceState' : 'pushState'](null, '', path);
	route.value = to;
}

/** Follows the browser's back and forward. */
export function watchHistory() {
	addEventListener('popstate', () => { route.value = parseRoute(new URL(location.href)); });
}
