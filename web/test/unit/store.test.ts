/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { effect } from '@preact/signals';
import type { Page, Ticket } from '../../src/api-types';
import { holdFresh, listOf, loadMore, neighbour, peek, takeFresh } from '../../src/lists';
import { initialsOf, patchTicket, putTicket, ticketOf } from '../../src/store';

const row = (id: number, more: Partial<Ticket> = {}): Ticket => ({
	id, version: 1, subject: `T${id}`, type_id: 1, status_id: 1, priority: 0, source: 'mail', account_id: 1, customer_id: null, customer: null,
	from_name: null, from_email: null, snippet: null, last_kind: null, last_message_id: null, created_at: '2026-01-01T00:00:00Z',
	updated_at: new Date(1_700_000_000_000 + id * 60_000).toISOString(), deadline_at: null, closed: false, confidential: false, unread: false,
	draft: false, files: 0, messages: 1, failed: false, owner_ids: [], owners: [], ...more,
});

let pages: Page[] = [];
let asked: string[] = [];
beforeEach(() => { pages = []; asked = []; });
globalThis.fetch = (async (url: string) => {
	asked.push(url);
	return new Response(JSON.stringify(pages.shift() ?? { tickets: [], next: null }), { status: 200 });
}) as typeof fetch;

test('an older version never replaces a newer one', () => {
	putTicket(row(1, { version: 5, subject: 'new' }));
	putTicket(row(1, { version: 4, subject: 'old' }));
	assert.equal(ticketOf(1)!.peek().subject, 'new');
	putTicket(row(1, { version: 5, unread: true }));
	assert.equal(ticketOf(1)!.peek().unread, true);
});

test('a change of one ticket wakes only its own signal', () => {
	putTicket(row(2));
	putTicket(row(3));
	let drawn = 0;
	const stop = effect(() => { ticketOf(3)!.value; drawn++; });
	patchTicket(2, { priority: 5 });
	assert.equal(drawn, 1);
	patchTicket(3, { priority: 5 });
	assert.equal(drawn, 2);
	stop();
});

test('windows follow each other by cursor and no ticket stands twice', async () => {
	const list = listOf({ folder: 7 });
	pages = [{ tickets: [row(30), row(29)], next: 'c1' }, { tickets: [row(29), row(28)], next: null }];
	await loadMore(list);
	await loadMore(list);
	await loadMore(list);
	assert.deepEqual(list.ids.peek(), [30, 29, 28]);
	assert.equal(asked.length, 2);
	assert.ok(asked[1]!.includes('after=c1'));
	assert.ok(list.end.peek());
});

test('what is new waits, and is taken newest first', async () => {
	const list = listOf({ folder: 8 });
	pages = [{ tickets: [row(40), row(39)], next: null }, { tickets: [row(42), row(41), row(40), row(39)], next: null }];
	await loadMore(list);
	const fresh = await peek(list, new Set());
	assert.deepEqual(fresh, [42, 41]);
	holdFresh(list, fresh);
	holdFresh(list, fresh);
	assert.deepEqual(list.ids.peek(), [40, 39], 'nothing moved');
	assert.equal(list.fresh.peek().length, 2);
	takeFresh(list);
	assert.deepEqual(list.ids.peek(), [42, 41, 40, 39]);
	assert.equal(list.fresh.peek().length, 0);
});

test('steps through a list end at its ends', async () => {
	const list = listOf({ folder: 9 });
	pages = [{ tickets: [row(52), row(51)], next: null }];
	await loadMore(list);
	assert.equal(neighbour(list, null, 1), 52);
	assert.equal(neighbour(list, 52, 1), 51);
	assert.equal(neighbour(list, 51, 1), null);
	assert.equal(neighbour(list, 52, -1), null);
	assert.equal(neighbour(list, 999, 1), 52);
});

test('a failed window says so and can be asked for again', async () => {
	const list = listOf({ folder: 10 });
	const good = globalThis.fetch;
	globalThis.fetch = (async () => new Response('{"status":500,"code":"internal","detail":"x","request":"r1"}', { status: 500 })) as typeof fetch;
	await loadMore(list);
	assert.equal(list.error.peek()?.code, 'internal');
	assert.equal(list.loading.peek(), false);
	globalThis.fetch = good;
	pages = [{ tickets: [row(60)], next: null }];
	await loadMore(list);
	assert.deepEqual(list.ids.peek(), [60]);
	assert.equal(list.error.peek(), null);
});

test('initials are two letters of whatever a name is', () => {
	assert.equal(initialsOf('Anna Vogt'), 'AV');
	assert.equal(initialsOf('Zoohandlung Müller GmbH & Co. KG'), 'ZK');
	assert.equal(initialsOf('mailer-daemon'), 'MD');
	assert.equal(initialsOf(''), '?');
	assert.equal(initialsOf('Ö'), 'Ö');
});
