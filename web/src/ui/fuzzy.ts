/* SPDX-License-Identifier: GPL-3.0-or-later */
// Finding a command by a few of its letters: words that begin so come first, then letters in order.

const plain = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Positions in `text` of the letters of `typed`; null when they do not all occur in order. */
function positions(typed: string, text: string): number[] | null {
	const t = plain(text);
	const want = plain(typed).replace(/\s+/g, ' ').trim();
	if (t.length !== text.length)
		return t.includes(want) ? [] : null;
	let at = t.indexOf(want);
	const word = t.search(new RegExp(`(^|[^\\p{L}\\p{N}])${want.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'u'));
	if (word >= 0)
		at = t.indexOf(want, word);
	if (at >= 0)
		return Array.from(want, (_, k) => at + k);
	const out: number[] = [];
	let from = 0;
	for (const c of want.replace(/ /g, '')) {
		const k = t.indexOf(c, from);
		if (k < 0)
			return null;
		out.push(k);
		from = k + 1;
	}
	return out;
}

/** How well a command fits what was typed; 0 when it does not. */
export function fuzzy(typed: string, text: string): number {
	const p = positions(typed, text);
	if (!p)
		return 0;
	if (p.length === 0)
		return 0.4;
	const whole = p.at(-1)! - p[0]! === p.length - 1;
	const begins = p[0] === 0 || /[^\p{L}\p{N}]/u.test(text[p[0]! - 1] ?? ' ');
	if (!whole)
		return p.length < 3 || p.length / (p.at(-1)! - p[0]! + 1) < 0.4 ? 0 : 0.2 * (p.length / (p.at(-1)! - p[0]! + 1));
	return (begins ? 1 : 0.5) + 0.2 * (p.length / text.length) - 0.1 * (p[0]! / text.length);
}

/** The text in pieces, with those that were typed marked. */
export function parts(typed: string, text: string): { text: string; hit: boolean }[] {
	const hits = new Set(typed.trim() && fuzzy(typed, text) > 0 ? positions(typed, text) ?? [] : []);
	const out: { text: string; hit: boolean }[] = [];
	for (let k = 0; k < text.length; k++) {
		const hit = hits.has(k);
		const last = out.at(-1);
		if (last && last.hit === hit)
			last.text += text[k];
		else
			out.push({ text: text[k]!, hit });
	}
	return out;
}
