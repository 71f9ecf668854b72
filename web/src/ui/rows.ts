/* SPDX-License-Identifier: GPL-3.0-or-later */
// Where each row of the list stands: rows of one height, a heading where the day changes.

export interface Head {
	label: string;
	top: number;
	/** Index of the first row below it. */
	at: number;
}

export interface Plan {
	tops: Float64Array;
	heads: Head[];
	height: number;
}

export const HEAD_H = 26;

/** Plans all rows; the first heading stands at 0. */
export function plan(labels: readonly string[], rowH: number): Plan {
	const tops = new Float64Array(labels.length);
	const heads: Head[] = [];
	let y = 0;
	labels.forEach((label, k) => {
		if (heads.at(-1)?.label !== label) {
			heads.push({ label, top: y, at: k });
			y += HEAD_H;
		}
		tops[k] = y;
		y += rowH;
	});
	return { tops, heads, height: y };
}

/** Index of the last row that begins at or above y; 0 when there is none. */
export function rowAt(p: Plan, y: number): number {
	let lo = 0;
	let hi = p.tops.length - 1;
	while (lo < hi) {
		const mid = (lo + hi + 1) >> 1;
		if (p.tops[mid]! <= y)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

/** The heading that holds at y. */
export function headAt(p: Plan, y: number): Head | undefined {
	let found = p.heads[0];
	for (const h of p.heads) {
		if (h.top > y)
			break;
		found = h;
	}
	return found;
}
