/* SPDX-License-Identifier: GPL-3.0-or-later */
// What somebody has chosen for this browser: language, colours, density, single keys. Kept in localStorage.
import { effect, signal } from '@preact/signals';
import type { Lang } from './api-types';

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'comfortable' | 'compact';

/** Reads a kept value; null when there is none or the browser keeps nothing. */
export function kept(key: string): string | null {
	try {
		return localStorage.getItem(`docket.${key}`);
	} catch {
		return null;
	}
}

/** The names of kept values that begin so. */
export function keptNames(start: string): string[] {
	try {
		return Object.keys(localStorage).filter((k) => k.startsWith(`docket.${start}`)).map((k) => k.slice('docket.'.length));
	} catch {
		return [];
	}
}

/** Keeps a value; null removes it. A full or forbidden store is no failure of the page. */
export function keep(key: string, value: string | null): boolean {
	try {
		if (value === null)
			localStorage.removeItem(`docket.${key}`);
		else
			localStorage.setItem(`docket.${key}`, value);
		return true;
	} catch {
		return false;
	}
}

function oneOf<T extends string>(key: string, all: readonly T[], other: T): T {
	const value = kept(key) as T | null;
	return value && all.includes(value) ? value : other;
}

const browser: Lang = navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';

export const lang = signal<Lang>(oneOf('lang', ['de', 'en'] as const, browser));
export const theme = signal<Theme>(oneOf('theme', ['light', 'dark', 'system'] as const, 'system'));
export const density = signal<Density>(oneOf('density', ['comfortable', 'compact'] as const, 'comfortable'));
export const singleKeys = signal(kept('keys') !== 'off');

/** True when this browser has a language of its own, which then goes before the profile's. */
export const langChosen = () => kept('lang') !== null;

/** Lets the document follow the choices from now on. */
export function applyPrefs() {
	const root = document.documentElement;
	effect(() => { root.lang = lang.value; });
	effect(() => {
		if (theme.value === 'system')
			delete root.dataset.theme;
		else
			root.dataset.theme = theme.value;
		keep('theme', theme.value === 'system' ? null : theme.value);
	});
	effect(() => {
		root.dataset.density = density.value;
		keep('density', density.value === 'comfortable' ? null : density.value);
	});
	effect(() => { keep('keys', singleKeys.value ? null : 'off'); });
}

/** Sets the language for this browser. */
export function chooseLang(value: Lang) {
	lang.value = value;
	keep('lang', value);
}
