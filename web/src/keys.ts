/* SPDX-License-Identifier: GPL-3.0-or-later */
// Keys to verbs: sequences such as "g i", by e.key, safe for the browser's own keys and for people who dictate.

/** Keys of the browser that a page must leave alone. */
export const FORBIDDEN = [
	'Ctrl+t', 'Ctrl+n', 'Ctrl+w', 'Ctrl+Shift+t', 'Ctrl+Shift+n', 'Ctrl+l', 'Ctrl+r', 'Ctrl+p', 'Ctrl+f',
	'Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+ArrowUp', 'Alt+ArrowDown',
];

export interface Bound {
	id: string;
	keys?: readonly string[];
	/** Works while a text field has the focus. */
	inText?: boolean;
	when: () => boolean;
	run: () => void;
}

interface KeyLike {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
	shiftKey: boolean;
}

const PAUSE = 1_200;

/** The name of a key press: "j", "Ctrl+k", "Ctrl+Shift+Enter", "?". Shift shows only where the character does not. */
export function keyName(e: KeyLike): string {
	const key = e.key.length === 1 && (e.ctrlKey || e.metaKey || e.altKey) ? e.key.toLowerCase() : e.key;
	const shift = e.shiftKey && (key.length > 1 || e.ctrlKey || e.metaKey);
	return `${e.ctrlKey || e.metaKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** True when a key is a single character, which WCAG 2.1.4 wants to be switched off. */
export function isSingle(binding: string): boolean {
	return binding.split(' ').every((k) => k.length === 1);
}

/** Finds the verb for a key press, with the keys pressed just before it. "more" says that a sequence has begun. */
export function match(verbs: readonly Bound[], before: string, name: string, opts: { text: boolean; single: boolean }): Bound | 'more' | null {
	const typed = before ? `${before} ${name}` : name;
	let more = false;
	for (const v of verbs)
		for (const k of v.keys ?? []) {
			if ((opts.text && !v.inText) || (!opts.single && isSingle(k)))
				continue;
			if (k === typed && v.when())
				return v;
			if (k.startsWith(`${typed} `))
				more = true;
		}
	return more ? 'more' : null;
}

const TEXTUAL = 'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]';

/** Listens to the keyboard for the table of verbs. While `held` is true something that will take the keys is about to
 *  appear, so they must not do anything else: they are handed to `ahead`. */
export function listen(verbs: readonly Bound[], single: () => boolean, held: () => boolean, ahead: (char: string) => void) {
	let before = '';
	let timer = 0;
	addEventListener('keydown', (e) => {
		if (e.defaultPrevented || e.isComposing || e.key === 'Control' || e.key === 'Shift' || e.key === 'Alt' || e.key === 'Meta')
			return;
		const target = e.target as Element;
		const name = keyName(e);
		if (document.querySelector('dialog[open], [popover]:popover-open') && name !== 'Ctrl+k')
			return;
		if (held() && name !== 'Ctrl+k') {
			if (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey) {
				e.preventDefault();
				ahead(e.key);
			}
			return;
		}
		const text = target.matches?.(TEXTUAL) ?? false;
		if (name === 'Enter' && target.matches?.('button, a, summary'))
			return;
		const found = match(verbs, before, name, { text, single: single() });
		clearTimeout(timer);
		before = '';
		if (found === 'more') {
			before = name;
			timer = window.setTimeout(() => { before = ''; }, PAUSE);
			e.preventDefault();
		} else if (found) {
			e.preventDefault();
			found.run();
		}
	});
}
