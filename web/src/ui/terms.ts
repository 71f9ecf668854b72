/* SPDX-License-Identifier: GPL-3.0-or-later */
// Terms of the query language in the search box: there or not, in and out.

/** Splits a query at blanks, leaving quoted parts whole. */
export function terms(q: string): string[] {
	return q.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** The names of a field in both languages; the first is written. */
export type Field = readonly string[];

const quoted = (text: string) => (/[\s"():,<>=]/.test(text) ? `"${text.replace(/"/g, '')}"` : text);
const folded = (text: string) => text.replace(/"/g, '').toLowerCase();

function split(term: string, field: Field): string[] | null {
	const at = term.indexOf(':');
	if (at <= 0 || !field.includes(term.slice(0, at).toLowerCase()))
		return null;
	return term.slice(at + 1).match(/(?:[^,"]|"[^"]*"?)+/g) ?? [];
}

/** The values that the query asks of a field, as they are compared. */
export function valuesOf(q: string, field: Field): string[] {
	return terms(q).flatMap((t) => split(t, field) ?? []).map(folded);
}

/** The query without anything about a field. */
export const without = (q: string, field: Field) => terms(q).filter((t) => split(t, field) === null).join(' ');

/** Puts a value of a field into the query, beside others as an alternative, or takes it out. */
export function toggleValue(q: string, field: Field, value: string): string {
	const all = terms(q);
	const at = all.findIndex((t) => split(t, field) !== null);
	if (at < 0)
		return [...all, `${field[0]}:${quoted(value)}`].join(' ');
	const values = split(all[at]!, field)!;
	const left = values.filter((v) => folded(v) !== folded(value));
	if (left.length === values.length)
		left.push(quoted(value));
	all[at] = left.length > 0 ? `${all[at]!.slice(0, all[at]!.indexOf(':'))}:${left.join(',')}` : '';
	return all.filter(Boolean).join(' ');
}
