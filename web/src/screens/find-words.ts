/* SPDX-License-Identifier: GPL-3.0-or-later */
// The words that are loaded with the search.
import { computed } from '@preact/signals';
import { find as de } from '../i18n/de/find';
import { find as en } from '../i18n/en/find';
import { lang } from '../prefs';

export const F = computed(() => (lang.value === 'en' ? en : de));
