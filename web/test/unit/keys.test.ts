/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FORBIDDEN, isSingle, keyName, match, type Bound } from '../../src/keys';

const press = (key: string, mods: { ctrl?: boolean; shift?: boolean; alt?: boolean; meta?: boolean } = {}) =>
	keyName({ key, ctrlKey: mods.ctrl ?? false, metaKey: mods.meta ?? false, altKey: mods.alt ?? false, shiftKey: mods.shift ?? false });
const bound = (id: string, keys: string[], more: Partial<Bound> = {}): Bound => ({ id, keys, when: () => true, run: () => undefined, ...more });
const plain = { text: false, single: true };

test('keys have names that do not depend on the layout', () => {
	assert.equal(press('j'), 'j');
	assert.equal(press('?', { shift: true }), '?');
	assert.equal(press('K', { ctrl: true, shift: true }), 'Ctrl+Shift+k');
	assert.equal(press('k', { meta: true }), 'Ctrl+k');
	assert.equal(press('Enter', { ctrl: true, shift: true }), 'Ctrl+Shift+Enter');
	assert.equal(press('ArrowLeft', { alt: true }), 'Alt+ArrowLeft');
});

test('sequences begin, end and are forgotten', () => {
	const verbs = [bound('inbox', ['g i']), bound('assign', ['i'])];
	assert.equal(match(verbs, '', 'g', plain), 'more');
	assert.equal((match(verbs, 'g', 'i', plain) as Bound).id, 'inbox');
	assert.equal((match(verbs, '', 'i', plain) as Bound).id, 'assign');
	assert.equal(match(verbs, 'g', 'x', plain), null);
});

test('in a text field only what is meant for it works', () => {
	const verbs = [bound('reply', ['r']), bound('send', ['Ctrl+Enter'], { inText: true })];
	assert.equal(match(verbs, '', 'r', { text: true, single: true }), null);
	assert.equal((match(verbs, '', 'Ctrl+Enter', { text: true, single: true }) as Bound).id, 'send');
});

test('single keys can be switched off, the others stay', () => {
	const verbs = [bound('reply', ['r']), bound('inbox', ['g i']), bound('palette', ['Ctrl+k']), bound('open', ['Enter'])];
	const off = { text: false, single: false };
	assert.equal(match(verbs, '', 'r', off), null);
	assert.equal(match(verbs, '', 'g', off), null);
	assert.equal((match(verbs, '', 'Ctrl+k', off) as Bound).id, 'palette');
	assert.equal((match(verbs, '', 'Enter', off) as Bound).id, 'open');
	assert.ok(isSingle('g i') && !isSingle('Enter') && !isSingle('Ctrl+k'));
});

test('a verb that does not apply leaves the key to the next', () => {
	const verbs = [bound('a', ['e'], { when: () => false }), bound('b', ['e'])];
	assert.equal((match(verbs, '', 'e', plain) as Bound).id, 'b');
});

test('no verb is bound to a key of the browser, and none twice for the same place', () => {
	const source = readFileSync(`${process.cwd()}/src/verbs.ts`, 'utf8');
	// A screen beside the desk has its own.
	const place = (verb: string) => (verb.includes('beside.peek()') ? 'beside' : 'desk');
	const all = [...source.matchAll(/keys: \[([^\]]+)\].*/g)].flatMap((m) =>
		[...m[1]!.matchAll(/'([^']+)'/g)].map((k) => ({ key: k[1]!, at: place(m[0]) })));
	const keys = all.map((b) => b.key);
	assert.ok(keys.length > 25, 'the table was read');
	for (const k of keys)
		assert.ok(!FORBIDDEN.includes(k), `${k} belongs to the browser`);
	const places = all.map((b) => `${b.at} ${b.key}`);
	assert.deepEqual(places.filter((p, i) => places.indexOf(p) < i), [], 'a key stands twice');
});
