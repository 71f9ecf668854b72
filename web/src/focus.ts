/* SPDX-License-Identifier: GPL-3.0-or-later */
// Places that verbs put the focus on; each is marked with data-focus in the page.

export type Place = 'list' | 'thread' | 'composer' | 'search' | 'subject';

/** Puts the focus on a place, after the page has drawn it; false when it is not there. */
export function focus(place: Place): void {
	const put = () => {
		const e = document.querySelector<HTMLElement>(`[data-focus="${place}"]`);
		e?.focus({ preventScroll: place === 'list' || place === 'thread' });
		return e !== null;
	};
	if (!put())
		requestAnimationFrame(() => requestAnimationFrame(put));
}
