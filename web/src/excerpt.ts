/* SPDX-License-Identifier: GPL-3.0-or-later */
// An excerpt is text with <mark> and five entities; anything else in it is shown as it stands.

export interface Piece {
	text: string;
	mark: boolean;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'" };
const TOKEN = /<(\/?)mark>|&(amp|lt|gt|quot|#39|apos);/g;

/** Splits an excerpt into marked and plain pieces. */
export function pieces(excerpt: string): Piece[] {
	const out: Piece[] = [];
	let text = '';
	let mark = false;
	let from = 0;
	const flush = () => {
		if (text)
			out.push({ text, mark });
		text = '';
	};
	for (const m of excerpt.matchAll(TOKEN)) {
		text += excerpt.slice(from, m.index);
		from = m.index! + m[0].length;
		if (m[2]) {
			text += ENTITIES[m[2]];
			continue;
		}
		flush();
		mark = m[1] === '';
	}
	text += excerpt.slice(from);
	flush();
	return out;
}
