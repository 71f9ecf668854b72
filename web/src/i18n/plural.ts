/* SPDX-License-Identifier: GPL-3.0-or-later */

const rules: Record<string, Intl.PluralRules> = {};

/** The plural form of a number in a language. */
export function plural(lang: string, count: number): Intl.LDMLPluralRule {
	return (rules[lang] ??= new Intl.PluralRules(lang)).select(count);
}
