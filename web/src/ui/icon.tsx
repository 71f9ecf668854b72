/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { Category } from '../api-types';
import type { ICONS } from './icon-names';

export type IconName = (typeof ICONS)[number];

/** An icon of the sprite; alone it says nothing, the control around it carries the name. */
export function Icon({ name, size = '', class: extra = '' }: { name: IconName; size?: '' | 's' | 'xs' | 'l'; class?: string }) {
	return <svg class={`i ${size} ${extra}`} aria-hidden="true"><use href={`#${name}`} /></svg>;
}

const HUES = new Set(['grey', 'red', 'orange', 'green', 'teal', 'violet', 'pink', 'blue']);

/** The class of a colour that the server names. */
export const hue = (colour: string | undefined) => `c-${colour && HUES.has(colour) ? colour : 'grey'}`;

/** The mark of a status: its category's shape in its own colour. */
export function Mark({ category = 'open', colour }: { category?: Category; colour?: string }) {
	return <svg class={`st ${hue(colour)}`} viewBox="0 0 16 16" aria-hidden="true"><use href={`#st-${category}`} /></svg>;
}

/** docket's own sign. */
export function Brand() {
	return (
		<svg viewBox="0 0 20 20" aria-hidden="true">
			<path fill="currentColor" d="M4 1h12a2 2 0 0 1 2 2v4.6a2.4 2.4 0 0 0 0 4.8V17a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-4.6a2.4 2.4 0 0 0 0-4.8V3a2 2 0 0 1 2-2Z" />
			<path d="M7 7.2h6M7 10h6M7 12.8h3.4" stroke="var(--desk)" stroke-width="1.5" stroke-linecap="round" />
		</svg>
	);
}

/** Keys as they are pressed. */
export function Keys({ keys }: { keys: string }) {
	const shown = (k: string) => k.replace('Ctrl+', 'Ctrl ').replace('Shift+', '⇧ ').replace('Enter', '↵')
		.replace('Escape', 'Esc').replace('ArrowDown', '↓').replace('ArrowUp', '↑');
	return (
		<span class="keys" aria-hidden="true">
			{keys.split(' ').map((k) => <kbd>{k.length === 1 ? k.toUpperCase() : shown(k.length > 1 ? k.replace(/\+(\w)$/, (_, c: string) => `+${c.toUpperCase()}`) : k)}</kbd>)}
		</span>
	);
}
