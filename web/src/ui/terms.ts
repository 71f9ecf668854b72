/* SPDX-License-Identifier: GPL-3.0-or-later */
// Terms of the query language in the search box: there or not, in and out.

/** Splits a query at blanks, leaving quoted parts whole. */
export function terms(q: string): string[] {
	return q.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** True when the query has the term. */
export const hasTerm = (q: string, term: string) => terms(q).includes(term);

/** Puts a term into the query, or takes it out. */
export function toggleTerm(q: string, term: string): string {
	const all = terms(q);
	return (all.includes(term) ? all.filter((t) => t !== term) : [...all, term]).join(' ');
}
