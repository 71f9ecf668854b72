/* SPDX-License-Identifier: GPL-3.0-or-later */
// Live updates: a row within a second; scroll position, selection and focus unchanged to the pixel; what was missed
// while the connection was gone is there afterwards.
import { serve } from '../../../web/test/fixture.js';
import { figure, is, ok, open, quiet, run, shot, until } from './page.mjs';

const FIRST = 240012;

/** Everything on the screen that must not move. */
const still = (page) => page.evaluate(() => JSON.stringify({
	rows: [...document.querySelectorAll('.row')].map((r) => [r.id, r.getBoundingClientRect().top]),
	list: document.querySelector('.rows').scrollTop, thread: document.querySelector('.thread')?.scrollTop,
	msgs: [...document.querySelectorAll('.msg')].map((m) => m.getBoundingClientRect().top).slice(0, 4),
	focus: document.activeElement?.className, caret: document.activeElement?.selectionStart, here: location.pathname,
	current: document.querySelector('.row.here')?.id,
}));

async function timed(what, fn) {
	const began = performance.now();
	const found = await until(fn);
	ok(found, `${what} by itself`);
	figure(`${what}: ${Math.round(performance.now() - began)} ms`);
}

/** Older messages come on top of those that somebody reads, who sees nothing move. */
async function older(browser) {
	const s = await serve({ loggedIn: true });
	const { messages } = s.shop.tickets.get(FIRST);
	const first = 150 + messages.length;
	messages.unshift(...Array.from({ length: 250 }, (_, k) => ({ ...messages[0], id: k + 1, text: `Zeile ${k}.`, created_at: '2026-01-05T10:00:00Z', mails: [], files: [] })));
	const page = await open(browser, `${s.url}/f/inbox/${FIRST}`);
	await page.locator('.msg').first().waitFor();
	await page.locator('.thread .more .btn', { hasText: 'weitere' }).click();
	const thread = page.locator('.thread');
	const top = (words) => page.locator('.entries .reg', { hasText: words }).last().evaluate((e) => Math.round(e.getBoundingClientRect().top));
	const button = page.getByRole('button', { name: 'Früheren Verlauf laden' });
	for (const [line, next] of [[first, first - 100], [first - 100, 0]].map((x) => x.map((k) => `Zeile ${k}.`))) {
		await thread.evaluate((e) => { e.dispatchEvent(new WheelEvent('wheel')); e.scrollTop = 0; });
		const before = await top(line);
		await button.click();
		await until(async () => await page.locator('.entries .reg', { hasText: next }).count() > 0);
		is(await top(line), before, `${line} stays where it was while older ones come on top`);
	}
	is(await button.count(), 0, 'at the beginning of the thread there is nothing more to load');
	await shot(page, 'live-older');
	quiet(page, 'older');
	await s.close();
}

await run(async (browser) => {
	const s = await serve({ loggedIn: true });
	const page = await open(browser, `${s.url}/f/inbox`);
	await page.locator('.row').first().waitFor();
	await until(() => s.state.streams.size === 1);
	await page.mouse.move(1000, 400);

	const n = s.order({ arrive: { subject: 'Ganz neue Frage' } });
	await timed('a new row in an idle list', () => page.locator(`#row-${n.ticket}`).count());
	is(await page.locator('.row').first().getAttribute('id'), `row-${n.ticket}`, 'it stands at the top');

	await page.locator(`#row-${FIRST}`).click();
	await page.locator('.msg').first().waitFor();
	await page.waitForFunction(() => document.querySelectorAll('.others li').length > 0);
	await page.locator('.thread').evaluate((e) => { e.dispatchEvent(new WheelEvent('wheel')); e.scrollTop -= 60; });
	await page.locator('.rows').evaluate((e) => e.scrollTo(0, 137));
	await page.keyboard.press('r');
	await page.keyboard.type('Ein angefangener Satz');
	await page.keyboard.press('ArrowLeft');
	await until(async () => (await page.locator('.saved').innerText()) === 'Entwurf gesichert');
	const before = await still(page);
	s.order({ arrive: { subject: 'Noch eine' } });
	await timed('the pill for a new ticket', () => page.locator('.pill-new').count());
	s.order({ change: { ticket: 240008, status: 4 } });
	await timed('a changed status in its row', () => page.locator('#row-240008.done').count());
	s.order({ arrive: { ticket: 240007, text: 'Ich noch einmal.' } });
	await timed('a customer\'s answer in its row', () => page.locator('#row-240007.unread').count());
	await until(async () => (await page.locator('.pill-new').innerText()).includes('2'));
	is(await still(page), before, 'scroll position, rows, selection, focus and caret are unchanged to the pixel');
	await shot(page, 'live-pill');

	const held = await still(page);
	s.order({ arrive: { ticket: FIRST, text: 'Noch etwas von mir.' } });
	await timed('the message in the open thread', () => page.locator('.msg', { hasText: 'Noch etwas von mir.' }).count());
	const after = JSON.parse(await still(page));
	is(after.thread, JSON.parse(held).thread, 'the open thread did not scroll');
	is(after.focus, JSON.parse(held).focus, 'and the focus stayed in the composer');
	ok(await page.locator('.jump').isVisible(), 'a button leads to the new message');
	ok(await page.locator('.guard').isVisible(), 'and the composer says that the customer has written');

	await page.locator('.pill-new').click();
	ok(await until(async () => (await page.locator('.pill-new').count()) === 0 && (await page.locator('.rows').evaluate((e) => e.scrollTop)) === 0), 'the pill brings what is new to the top');

	s.order({ live: false });
	page.expected.push(/503|ERR_|EventSource/);
	const deaf = s.order({ arrive: { subject: 'Während der Stille' } });
	await page.waitForTimeout(1500);
	is(await page.locator(`#row-${deaf.ticket}`).count() + await page.locator('.pill-new').count(), 0, 'without the connection nothing arrives');
	s.order({ live: true });
	ok(await until(async () => (await page.locator('.pill-new').count()) + (await page.locator(`#row-${deaf.ticket}`).count()) > 0, 20000), 'after it is back nothing is missing');
	quiet(page, 'live');
	await s.close();
	await older(browser);
});
