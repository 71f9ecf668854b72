/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOf, meant, shown, without } from '../../src/pictures';

const one = { id: 1, name: 'riss.png', type: 'image/png', size: 10, cid: 'a1@shop' };
const two = { id: 2, name: 'riss.png', type: 'image/png', size: 10, cid: 'b2@shop' };
const odd = { id: 3, name: 'a]b[.png', type: 'image/png', size: 10, cid: 'c3@shop' };
const file = { id: 4, name: 'plan.pdf', type: 'application/pdf', size: 10, cid: null };

test('pictures have names in the field and Content-IDs in the draft', () => {
	const all = [one, file, two, odd];
	const draft = 'Oben [cid:a1@shop] und [cid:b2@shop], [cid:c3@shop].\nEnde [cid:fremd]';
	const field = shown(draft, all);
	assert.ok(!/cid:(a1|b2|c3)/.test(field) && field.includes('[cid:fremd]'), field);
	assert.notEqual(labelOf(all, 'a1@shop'), labelOf(all, 'b2@shop'));
	assert.equal(meant(field, all), draft);
});

test('a name that was changed is a word like others', () => {
	const field = shown('x [cid:a1@shop] y', [one]).replace('riss', 'ris');
	assert.equal(meant(field, [one]), field);
});

test('a picture that is taken away leaves no trace', () => {
	assert.equal(without('x [cid:a1@shop] y', 'a1@shop'), 'x  y');
});
