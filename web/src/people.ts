/* SPDX-License-Identifier: GPL-3.0-or-later */
// Whom an answer goes to: the customer by itself, others by hand; and who of them never took part in the ticket.
import type { Detail } from './api-types';
import type { Draft } from './drafts';
import { accounts, agents } from './store';

const ADDRESS = /[^\s<>,;:()[\]"]+@[^\s<>,;:()[\]"]+\.[^\s<>,;:()[\]"]+/g;

/** The addresses of a text. */
export const addressesIn = (text: string | null | undefined): string[] => text?.match(ADDRESS) ?? [];

/** True for one address and nothing else. */
export const isAddress = (text: string) => addressesIn(text)[0] === text;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
export const has = (list: readonly string[], a: string) => list.some((x) => same(x, a));

/** Whom an answer goes to when nobody says otherwise. */
export function usualTo(d: Detail): string[] {
	const one = d.ticket.customer_email ?? d.ticket.from_email;
	return d.sending?.to.length ? d.sending.to : one ? [one] : [];
}

/** True when an answer to these (null = to whom it goes by itself) leaves the house. */
export const leaves = (d: Detail, to: string[] | null | undefined) => d.sending !== null && (to ?? usualTo(d)).length > 0;

/** Everybody who has taken part: the customer, who wrote, whom mails went to, the team. */
export function takesPart(d: Detail): string[] {
	const own = [...accounts.value.map((a) => a.address), ...agents.value.map((a) => a.email)].filter((a): a is string => Boolean(a));
	return [...usualTo(d), d.ticket.customer_email, d.ticket.from_email, ...d.messages.flatMap((m) => [m.email, ...addressesIn(m.to), ...m.cc ?? []]), ...own]
		.filter((a): a is string => Boolean(a));
}

/** Those of an answer's people who never took part in the ticket. */
export function strangers(d: Detail | null, draft: Draft): string[] {
	const known = d ? takesPart(d) : [];
	return d ? [...draft.to ?? [], ...draft.cc].filter((a) => !has(known, a)) : [];
}

/** Everybody of the newest mail from outside but oneself, for an answer to all. */
export function othersOf(d: Detail): string[] {
	const last = d.messages.filter((m) => m.kind === 'message' && m.agent_id === null && !m.automatic).at(-1);
	const ours = accounts.value.map((a) => a.address ?? '');
	const all = [...addressesIn(last?.email), ...addressesIn(last?.to), ...last?.cc ?? []];
	return all.filter((a, k) => !has(ours, a) && !has(usualTo(d), a) && !has(all.slice(0, k), a));
}
