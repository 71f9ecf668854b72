/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { parseRoute, routePath, type Route } from '../../src/router';
import { fuzzy, parts } from '../../src/ui/fuzzy';
import { headAt, plan, rowAt } from '../../src/ui/rows';
import { terms, toggleValue, valuesOf, without } from '../../src/ui/terms';

function paths(o: object, at = ''): string[] {
	return Object.entries(o).flatMap(([k, v]) => (v && typeof v === 'object' ? paths(v as object, `${at}${k}.`) : [`${at}${k}:${typeof v}`]));
}

test('both languages have the same keys of the same kind, and no empty words', () => {
	assert.deepEqual(paths(en).sort(), paths(de).sort());
	const words = (o: object): string[] => Object.values(o).flatMap((v) => (typeof v === 'string' ? [v] : v && typeof v === 'object' ? words(v as object) : []));
	for (const w of [...words(de), ...words(en)])
		assert.ok(w.trim() !== '' && !w.includes('!'), w);
});

test('numbers take the right form', () => {
	assert.equal(de.list.end(1), '1 Ticket, das sind alle');
	assert.equal(de.list.end(2), '2 Tickets, das sind alle');
	assert.equal(en.thread.fresh(1), '1 new message');
	assert.equal(en.thread.fresh(3), '3 new messages');
});

test('an address and its state are the same thing', () => {
	const all: Route[] = [
		{ view: 'desk', folder: 'inbox', account: null, ticket: 1042 }, { view: 'desk', folder: null, account: 3, ticket: null },
		{ view: 'desk', folder: null, account: null, ticket: 7 }, { view: 'search', q: 'größe & "ganz neu"', ticket: null }, { view: 'search', q: 'a', ticket: 9 }, { view: 'page', page: 'parked', ticket: null },
	];
	for (const r of all)
		assert.deepEqual(parseRoute(new URL(routePath(r), 'http://x')), r);
	assert.equal(parseRoute(new URL('http://x/f/inbox/12x')).ticket, null);
});

test('rows and headings stand where they should', () => {
	const p = plan(['Heute', 'Heute', 'Gestern'], 68);
	assert.deepEqual([...p.tops], [26, 94, 188]);
	assert.equal(p.height, 256);
	assert.equal(rowAt(p, 0), 0);
	assert.equal(rowAt(p, 100), 1);
	assert.equal(rowAt(p, 9999), 2);
	assert.equal(headAt(p, 10)?.label, 'Heute');
	assert.equal(headAt(p, 170)?.label, 'Gestern');
	assert.equal(plan([], 68).height, 0);
});

test('commands are found by a few letters', () => {
	assert.ok(fuzzy('eig', 'Eigner zuweisen') > fuzzy('eig', 'Mir als Eigner zuweisen'));
	assert.ok(fuzzy('prio', 'Priorität setzen') > 0);
	assert.equal(fuzzy('xyz', 'Eigner zuweisen'), 0);
	assert.deepEqual(parts('eig', 'Mir als Eigner').filter((p) => p.hit), [{ text: 'Eig', hit: true }]);
	assert.equal(parts('(', 'Typ').length, 1);
});

test('terms go into a query and out of it, quotes stay whole', () => {
	assert.deepEqual(terms('glas status:"Wartet auf Kunde" "ganze Wendung"'), ['glas', 'status:"Wartet auf Kunde"', '"ganze Wendung"']);
	const field = ['status', 'zustand'] as const;
	const q = toggleValue('glas', field, 'Wartet auf Kunde');
	assert.equal(q, 'glas status:"Wartet auf Kunde"');
	assert.deepEqual(valuesOf(q, field), ['wartet auf kunde']);
	const two = toggleValue(q.replace('status', 'zustand'), field, 'offen');
	assert.equal(two, 'glas zustand:"Wartet auf Kunde",offen', 'another value is an alternative, in the words that stand there');
	assert.equal(toggleValue(two, field, 'offen'), 'glas zustand:"Wartet auf Kunde"');
	assert.equal(toggleValue(q, field, 'Wartet auf Kunde'), 'glas');
	assert.equal(without(two, field), 'glas');
});
