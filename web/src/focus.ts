/* SPDX-License-Identifier: GPL-3.0-or-later */
// Places that verbs put the focus on; each is marked with data-focus in the page.
import { ahead } from './popups';

export type Place = 'list' | 'thread' | 'composer' | 'search' | 'subject';

const PATIENCE = 5_000;

let wanted: Place | null = null;

/** True while a place that should have the focus is not drawn yet: keys belong to it and to nothing else. */
export const focusComing = () => wanted !== null;

/** Whoever clicks or presses Escape meanwhile wants something else. */
export function watchFocus() {
	addEventListener('pointerdown', () => { wanted = null; }, true);
	addEventListener('keydown', (e) => {
		if (e.key === 'Escape')
			wanted = null;
	}, true);
}

/** What was typed before the field was there goes into it. */
function catchUp(e: HTMLElement | null) {
	if (ahead.text && (e instanceof HTMLTextAreaElement || e instanceof HTMLInputElement)) {
		e.setRangeText(ahead.text, e.selectionStart ?? 0, e.selectionEnd ?? 0, 'end');
		e.dispatchEvent(new Event('input', { bubbles: true }));
	}
	ahead.text = '';
}

/** Puts the focus on a place, at once or as soon as the page has drawn it. */
export function focus(place: Place): void {
	const until = performance.now() + PATIENCE;
	const put = () => {
		if (wanted !== place)
			return;
		const e = document.querySelector<HTMLElement>(`[data-focus="${place}"]`);
		e?.focus({ preventScroll: place === 'list' || place === 'thread' });
		if (e || performance.now() > until) {
			wanted = null;
			catchUp(e);
		} else
			requestAnimationFrame(put);
	};
	wanted = place;
	ahead.text = '';
	put();
}
