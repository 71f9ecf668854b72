/* SPDX-License-Identifier: GPL-3.0-or-later */
// Pictures between the words of an answer: in the draft "[cid:X]", as the server wants it; in the field their names.
import type { Upload } from './api-types';
import { L } from './i18n';

/** What the server shows in an answer. */
export const isPicture = (file: { type: string }) => /^image\/(png|jpeg|gif|webp)$/.test(file.type);

/** By Content-ID the name that stands in the field: of two files of one name the second is numbered. */
function labels(uploads: Upload[]): Map<string, string> {
	const made = new Map<string, string>();
	const used = new Set<string>();
	for (const u of uploads) {
		if (!u.cid)
			continue;
		const plain = u.name.replace(/[[\]]/g, '');
		let name = plain;
		for (let k = 2; used.has(name); k++)
			name = `${plain} ${k}`;
		used.add(name);
		made.set(u.cid, L.value.composer.picture(name));
	}
	return made;
}

/** How a picture stands in the field. */
export const labelOf = (uploads: Upload[], cid: string) => labels(uploads).get(cid) ?? '';

/** The words of a draft as the field shows them. */
export function shown(text: string, uploads: Upload[]): string {
	let s = text;
	for (const [cid, label] of labels(uploads))
		s = s.replaceAll(`[cid:${cid}]`, label);
	return s;
}

/** What stands in the field as words of a draft. */
export function meant(text: string, uploads: Upload[]): string {
	let s = text;
	for (const [cid, label] of labels(uploads))
		s = s.replaceAll(label, `[cid:${cid}]`);
	return s;
}

/** The words without a picture that is taken away. */
export const without = (text: string, cid: string) => text.replaceAll(`[cid:${cid}]`, '');
