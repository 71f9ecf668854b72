/* SPDX-License-Identifier: GPL-3.0-or-later */
// The words of the language that is on. L.value.x inside a component redraws it when the language changes.
import { computed } from '@preact/signals';
import type { Words } from '../api-types';
import { lang } from '../prefs';
import { de } from './de';
import { en } from './en';

export type { Catalog } from './de';

/** Each in its own words. */
export const LANGUAGES = { de: 'Deutsch', en: 'English' };
export const L = computed(() => (lang.value === 'en' ? en : de));

/** A name that the server keeps in both languages, in the one that is on. */
export function named(words: Words | undefined): string {
	if (!words)
		return '';
	return words[lang.value] || words.de || words.en;
}
