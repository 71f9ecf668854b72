/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces } from '../../src/excerpt';

const flat = (s: string) => pieces(s).map((p) => (p.mark ? `[${p.text}]` : p.text)).join('');

test('marks and entities become pieces of text', () => {
	assert.deepEqual(pieces('der <mark>Glas</mark>bruch &amp; &lt;b&gt; &quot;x&quot; &#39;y&#39;'), [
		{ text: 'der ', mark: false }, { text: 'Glas', mark: true }, { text: 'bruch & <b> "x" \'y\'', mark: false },
	]);
});

test('whatever is neither stays as it stands', () => {
	assert.equal(flat('<script>alert(1)</script> &copy; <mark class=x>'), '<script>alert(1)</script> &copy; <mark class=x>');
	assert.equal(flat('&amp;lt;mark&amp;gt;'), '&lt;mark&gt;');
});

test('unbalanced marks and empty text do no harm', () => {
	assert.equal(flat('a <mark>b'), 'a [b]');
	assert.equal(flat('a</mark> b'), 'a b');
	assert.deepEqual(pieces(''), []);
	assert.deepEqual(pieces('<mark></mark>'), []);
});
