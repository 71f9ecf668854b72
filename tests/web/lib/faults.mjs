/* SPDX-License-Identifier: GPL-3.0-or-later */
// Every call of the page is made to fail once: offline, 401, 409, 500, 5 s late. What was typed is still there, the
// page says what to do, and when the fault is gone the work goes on. A picture of each lies in $TEST_DIR/shots.
// node faults.mjs CALL...: which of the calls below.
import { serve } from '../../../web/test/fixture.js';
import { accessible, is, ok, open, run, shot, until } from './page.mjs';

const FIRST = 240012;
const AT_ONCE = 3;
const TEXT = 'Sehr geehrte Frau Vogt, diese Worte dürfen nicht verloren gehen.';
const FAULTS = { offline: { status: 0 }, 401: { status: 401, code: 'login_needed' }, 409: { status: 409, code: 'ticket_changed', events: [] }, 500: { status: 500, code: 'internal' }, late: { delay: 5000 } };
const composer = (page) => page.locator('textarea.editor');
const says = async (page) => (await page.locator('[role=alert], .toast, dialog.over, .banner').allInnerTexts()).join(' | ').replace(/\s+/g, ' ');

// Each call: how it comes about, by which sign it has worked in the end, and whether somebody waits for its answer.
const row = (n) => (p) => p.locator('.row').nth(n).click();
const calls = [
	{ name: 'message', route: '^POST /tickets/\\d+/messages', act: (p) => p.keyboard.press('Control+Shift+Enter'), again: (p) => p.keyboard.press('Control+Shift+Enter'), done: (s) => s.shop.tickets.get(FIRST).messages.at(-1).text === TEXT, text: true },
	{ name: 'draft', route: '^PUT /tickets/\\d+/draft', act: (p) => p.keyboard.type(' '), again: (p) => p.keyboard.type(' '), done: (s) => s.shop.drafts.get(FIRST)?.body.startsWith(TEXT), silent: true, text: true },
	{ name: 'status', route: '^PATCH /tickets/\\d+', act: status, again: status, done: (s) => s.shop.tickets.get(FIRST).t.status_id === 14 },
	{ name: 'owner', route: '^POST /tickets/\\d+/owners', act: owner, again: owner, done: (s) => s.shop.tickets.get(FIRST).t.owners.some((o) => o.agent_id === 3) },
	{ name: 'owner-away', route: '^DELETE /tickets/\\d+/owners', act: disown, again: disown, done: (s) => !s.shop.tickets.get(FIRST).t.owners.some((o) => o.team_id === 1) },
	{ name: 'ticket', route: '^GET /tickets/\\d+$', act: row(5), again: retry, done: (s, p) => p.locator('.msg').count() },
	{ name: 'list', route: '^GET /tickets$', act: (p) => p.locator('.rail .fold', { hasText: 'Wartend' }).click(), again: retry, done: (s, p) => p.locator('.list h1', { hasText: 'Wartend' }).count().then((n) => n && p.locator('.row').count()) },
	{ name: 'search', route: '^GET /search', act: search, again: retry, done: (s, p) => p.locator('.hit').count() },
	{ name: 'retry', route: '^POST /outbox', prepare: failedMail, act: (p) => p.getByRole('button', { name: 'Erneut senden' }).click(), again: (p) => p.getByRole('button', { name: 'Erneut senden' }).click(), done: (s) => s.shop.tickets.get(FIRST).messages.some((m) => m.mails.some((x) => x.state === 'queued')) },
	{ name: 'upload', route: '^POST /uploads', act: upload, again: upload, done: (s, p) => p.locator('.composer .file:not(.going)').count() },
	{ name: 'create', route: '^POST /tickets$', act: create, again: (p) => p.locator('dialog.create button[type=submit]').click(), done: (s) => [...s.shop.tickets.values()].some((f) => f.t.subject === 'Ganz neu') },
	{ name: 'folders', route: '^GET /folders', act: (p, s) => s.order({ arrive: { ticket: 240006 } }), again: (p, s) => s.order({ arrive: { ticket: 240006 } }), done: () => true, silent: true },
	{ name: 'counts', route: '^GET /outbox/counts', act: (p, s) => s.order({ arrive: { ticket: 240006 } }), again: (p, s) => s.order({ arrive: { ticket: 240006 } }), done: () => true, silent: true },
	{ name: 'outbox', route: '^GET /outbox$', act: outbox, again: retry, done: (s, p) => p.locator('.out').count() },
	{ name: 'cancel', route: '^POST /outbox/\\d+/cancel', prepare: queuedMail, before: outboxed, act: cancel, again: (p) => p.locator('.out.queued .btn', { hasText: 'Abbrechen' }).first().click(), done: (s) => s.shop.tickets.get(FIRST).messages.some((m) => m.mails.some((x) => x.state === 'cancelled')) },
	{ name: 'again', route: '^POST /messages/\\d+/uploads', asksFirst: true, prepare: failedMail, act: again, again: (p) => p.locator('.state .btn', { hasText: 'Bearbeiten' }).first().click(), done: (s, p) => p.locator('.composer .file', { hasText: 'plan.pdf' }).count() },
	{ name: 'undo', route: '^DELETE /tickets/\\d+/scheduled', prepare: waitingAnswer, act: (p) => p.locator('.waiting .btn', { hasText: 'Zurückholen' }).click(), again: (p) => p.locator('.waiting .btn', { hasText: 'Zurückholen' }).click(), done: (s) => s.shop.drafts.get(FIRST)?.body === TEXT, waits: true },
	{ name: 'sendNow', route: '^PUT /tickets/\\d+/scheduled', prepare: waitingAnswer, act: (p) => p.locator('.waiting .btn', { hasText: 'Jetzt senden' }).click(), again: (p) => p.locator('.waiting .btn', { hasText: 'Jetzt senden' }).click(), done: (s) => s.shop.tickets.get(FIRST).messages.at(-1).text === TEXT, waits: true },
	{ name: 'seconds', route: '^PATCH /me', act: seconds, again: (p) => p.locator('.setting .seg button', { hasText: '20 s' }).click(), done: (s) => s.state.undo === 20 },
	{ name: 'signature', route: '^PATCH /me', act: signature, again: (p) => p.getByRole('button', { name: 'Signatur speichern' }).click(), done: (s) => s.state.signature === 'Lena' },
	{ name: 'password', route: '^PUT /me/password', act: password, again: (p) => p.getByRole('button', { name: 'Passwort ändern' }).click(), done: (s) => s.state.password === 'ein neues Passwort' },
	{ name: 'whole', route: '^GET /messages/\\d+$', prepare: longMessage, act: whole, again: whole, done: (s, p) => p.getByText('Schluss.').count() },
	{ name: 'older', route: '^GET /tickets/\\d+/messages$', prepare: longThread, act: older, again: older, done: async (s, p) => (await p.getByRole('button', { name: 'Früheren Verlauf laden' }).count()) === 0 },
	{ name: 'seen', route: '^PUT /tickets/\\d+/seen', act: row(1), again: row(2), done: () => true, silent: true },
	{ name: 'language', route: '^PATCH /customers/\\d+', act: language, again: language, done: (s) => s.shop.tickets.get(FIRST).me.customer_language === 'en' },
	{ name: 'customer', route: '^GET /customers', act: row(3), again: row(5), done: () => true, silent: true },
];

async function menu(p, key, text) {
	if (await p.locator('.menu:popover-open').count() === 0)
		await p.keyboard.press(key);
	await p.locator('.menu:popover-open input').fill(text);
	await p.keyboard.press('Enter');
}
async function leaveText(p) {
	if (await p.evaluate(() => document.activeElement?.matches('textarea')))
		await p.keyboard.press('Escape');
}
async function status(p) { await leaveText(p); await menu(p, 's', 'dhl'); }
async function language(p) { await leaveText(p); await p.locator('.side select').selectOption('en'); }
async function owner(p) { await leaveText(p); await menu(p, 'i', 'aylin'); }
async function disown(p) { await p.locator('.prop.owner', { hasText: 'Versand' }).locator('.drop').click({ force: true }); }
async function search(p) { await leaveText(p); await p.keyboard.press('/'); await p.locator('[data-focus=search]').fill('glasbruch'); }
async function retry(p) { await p.getByRole('button', { name: 'Erneut versuchen' }).first().click(); }
async function upload(p) { await p.locator('.composer input[type=file]').first().setInputFiles({ name: 'lieferschein.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') }); }
async function create(p) {
	await leaveText(p);
	await p.keyboard.press('n');
	await p.locator('dialog.create').waitFor();
	await p.getByLabel('Betreff').last().fill('Ganz neu');
	await p.getByLabel('Text', { exact: true }).last().fill(TEXT);
	await p.locator('dialog.create button[type=submit]').click();
}
async function outbox(p) { await leaveText(p); await p.locator('.rail .fold', { hasText: 'Postausgang' }).click(); }
async function outboxed(p) { await outbox(p); await p.locator('.out.queued').first().waitFor(); }
async function cancel(p) { await p.locator('.out.queued .btn', { hasText: 'Abbrechen' }).first().click(); }
async function again(p) { await leaveText(p); await p.locator('.state .btn', { hasText: 'Bearbeiten' }).first().click(); }
async function seconds(p) {
	await leaveText(p);
	await p.locator('button.who').click();
	await p.locator('.setting .seg button', { hasText: '20 s' }).click();
}
async function own(p) {
	await leaveText(p);
	await p.locator('button.who').click();
	await p.locator('.menu:popover-open').getByText('Signatur und Passwort').click();
	await p.locator('dialog.own').waitFor();
}
async function signature(p) {
	await own(p);
	await p.getByLabel('Signatur', { exact: true }).fill('Lena');
	await p.getByRole('button', { name: 'Signatur speichern' }).click();
}
async function password(p) {
	await own(p);
	await p.getByLabel('Bisheriges Passwort').fill('docket');
	await p.getByLabel('Neues Passwort', { exact: true }).fill('ein neues Passwort');
	await p.getByRole('button', { name: 'Passwort ändern' }).click();
}
async function whole(p) { await p.getByRole('button', { name: 'Ganze Nachricht zeigen' }).click(); }
async function older(p) { await p.getByRole('button', { name: 'Früheren Verlauf laden' }).click(); }
function longMessage(s) {
	Object.assign(s.shop.tickets.get(FIRST).messages.at(-1), { cut: true, text: `Anfang ${'und so weiter '.repeat(30)} Schluss.` });
}
function longThread(s) {
	const { messages } = s.shop.tickets.get(FIRST);
	messages.unshift(...Array.from({ length: 120 }, (_, k) => ({ ...messages[0], id: k + 1, created_at: '2026-01-05T10:00:00Z', mails: [], files: [] })));
}
function queuedMail(s) {
	Object.assign(s.shop.tickets.get(FIRST).messages.findLast((x) => x.mails.length > 0).mails[0], { state: 'queued' });
}
function waitingAnswer(s) {
	const f = s.shop.tickets.get(FIRST);
	s.shop.schedule(f, { kind: 'message', body: TEXT, version: f.t.version }, Date.now() + 3_600_000, () => undefined);
}
function failedMail(s) {
	const m = s.shop.tickets.get(FIRST).messages.findLast((x) => x.mails.length > 0);
	Object.assign(m.mails[0], { state: 'failed', code: 550, reply: '5.1.1 No such user' });
	m.files = [{ id: 900, name: 'plan.pdf', type: 'application/pdf', size: 900, inline: false }];
}

let looked = false;
async function relogin(page) {
	const over = page.locator('dialog.over');
	await over.waitFor();
	if (!looked && (looked = true))
		await accessible(page, 'login over the page');
	await over.locator('input').first().fill('lena');
	await over.locator('input[type=password]').fill('docket');
	await page.keyboard.press('Enter');
	return until(async () => (await over.count()) === 0);
}

/** One call with one fault. The page is used again for the next one: its server has another port, so nothing is left over. */
async function one(page, c, fault) {
	const s = await serve({ loggedIn: true });
	c.prepare?.(s);
	await page.goto(`${s.url}/f/inbox/${FIRST}`);
	await page.locator('.msg').first().waitFor();
	if (c.waits)
		await page.locator('.waiting').waitFor();
	else {
		await composer(page).waitFor();
		await page.keyboard.press('r');
		await page.keyboard.insertText(TEXT);
	}
	if (!c.waits && c.name !== 'draft' && (c.name !== 'message' || fault === '401')) // its own 401 would put the login over the keys
		await until(() => s.shop.drafts.has(FIRST));
	await c.before?.(page);
	const what = `${c.name} ${fault}`;
	const times = fault === '401' ? 1 : undefined;
	if (fault !== '401' || !c.asksFirst) // another call of it meets the lost session
		s.order({ fail: { route: c.route, times, ...FAULTS[fault] } });
	if (fault === '401')
		s.order({ logout: true });
	if (fault === 'late')
		await page.evaluate(hearSlow);
	await c.act(page, s);
	if (fault === '401') {
		ok(await relogin(page), `${what}: the login lies over the page and goes away`);
	} else if (fault !== 'late' && !c.silent) {
		const said = await until(async () => { const t = await says(page); return t.trim() ? t : null; });
		ok(said !== null, `${what}: the page says what to do`, said);
	} else if (fault === 'late' && !c.silent) {
		ok(await until(() => page.evaluate(() => window.saidSlow)), `${what}: the page says that the server is slow`);
	}
	await shot(page, `fault-${c.name}-${fault}`);
	if (!c.waits && !(c.asksFirst && (fault === '401' || fault === 'late')) && (c.name !== 'message' || fault === 'offline' || fault === '500' || fault === '409'))
		await kept(page, s, what);
	s.order({ heal: true });
	if (fault === 'late' || fault === '401')
		ok(await until(() => c.done(s, page)), `${what}: goes on by itself`);
	else {
		await c.again(page, s);
		ok(await until(async () => await c.done(s, page) || (c.name === 'message' && await c.again(page, s))), `${what}: works when it is tried again`, await says(page));
	}
	if (c.name === 'message')
		is(s.shop.tickets.get(FIRST).messages.filter((m) => m.text === TEXT).length, 1, `${what}: arrived once`);
	await s.close();
}

/** In the page: it need not be looked at in the very seconds in which it says that the server is slow. */
function hearSlow() {
	const look = () => {
		for (const e of document.querySelectorAll('[role=alert], .toast, dialog.over, .banner'))
			window.saidSlow ||= /länger als sonst/.test(e.textContent);
	};
	new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
	look();
}

/** The words are in the field, or, when another ticket is shown, in the browser and on the server. */
async function kept(page, s, what) {
	const shown = await composer(page).count() ? await composer(page).inputValue() : '';
	const stored = await page.evaluate((id) => localStorage.getItem(`docket.draft.1.${id}`) ?? '', FIRST);
	ok(shown.startsWith(TEXT) || stored.includes(TEXT), `${what}: the words are still there`, `${shown} | ${stored}`);
}

/** The answer of the server is lost after it took the message: it must not be sent twice. */
async function lost(browser, text = TEXT, what = 'lost answer') {
	const s = await serve({ loggedIn: true });
	const page = await open(browser, `${s.url}/f/inbox/${FIRST}`);
	await page.locator('.msg').first().waitFor();
	await composer(page).waitFor();
	await page.route('**/messages', async (route) => {
		if (route.request().method() !== 'POST')
			return route.continue();
		await route.fetch();
		await route.abort();
	}, { times: 1 });
	await page.keyboard.press('r');
	await page.keyboard.insertText(text);
	await page.keyboard.press('Control+Shift+Enter');
	await until(async () => (await page.locator('.guard.bad').count()) > 0 || (await composer(page).inputValue()) === '');
	if (await composer(page).inputValue())
		await page.keyboard.press('Control+Shift+Enter');
	ok(await until(async () => (await composer(page).inputValue()) === ''), `${what}: the page sees that the message arrived`);
	is(s.shop.tickets.get(FIRST).messages.filter((m) => m.text === text).length, 1, `${what}: arrived once`);
	await page.context().close();
	await s.close();
}

/** The same with words of which a thread shows the beginning only. */
const lostLong = (browser) => lost(browser, `${TEXT} ${'Und so weiter. '.repeat(2400)}Schluss.`, 'lost long answer');

/** A customer writes while an answer is being written. */
async function newer(browser) {
	const s = await serve({ loggedIn: true });
	const page = await open(browser, `${s.url}/f/inbox/${FIRST}`);
	await page.locator('.msg').first().waitFor();
	await composer(page).waitFor();
	await page.keyboard.press('r');
	await page.keyboard.insertText(TEXT);
	s.order({ arrive: { ticket: FIRST, text: 'Bitte doch an die Arbeitsadresse.', silent: true } });
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.guard q', { hasText: 'Arbeitsadresse' }).waitFor();
	is(await composer(page).inputValue(), TEXT, 'conflict: the words are still there, and what is new is shown');
	ok(await page.getByRole('button', { name: 'Trotzdem senden' }).isVisible(), 'conflict: the button says so');
	await accessible(page, 'conflict');
	await shot(page, 'conflict');
	is(s.shop.tickets.get(FIRST).messages.filter((m) => m.text === TEXT).length, 0, 'conflict: nothing was sent');
	ok(await until(async () => { await page.keyboard.press('Control+Shift+Enter'); return s.shop.tickets.get(FIRST).messages.some((m) => m.text === TEXT); }), 'conflict: the next Ctrl+Enter sends');
	await page.context().close();
	await s.close();
}

/** Signing out: only what the server confirms is over, and then nothing that was typed is left in the browser. */
async function signOut(browser) {
	const s = await serve({ loggedIn: true });
	const page = await open(browser, `${s.url}/f/inbox/${FIRST}`);
	await page.locator('.msg').first().waitFor();
	await composer(page).waitFor();
	await page.keyboard.press('r');
	await page.keyboard.insertText(TEXT);
	await page.keyboard.press('Escape');
	const out = async () => {
		await page.locator('button.who').click();
		await page.locator('.menu:popover-open').getByText('Abmelden').click();
	};
	s.order({ fail: { route: '^DELETE /session', status: 500 } });
	await out();
	ok(await until(async () => (await says(page)).trim() !== ''), 'sign out failed: the page says so', await says(page));
	ok(await page.locator('.msg').count() > 0 && await composer(page).inputValue() === TEXT, 'sign out failed: one is still there, and so are the words');
	await shot(page, 'fault-logout');
	s.order({ heal: true });
	await out();
	await page.locator('input[type=password]').waitFor();
	ok(!s.state.loggedIn && s.shop.drafts.get(FIRST).body === TEXT, 'signed out: the server has the words');
	is(await page.evaluate(() => JSON.stringify(localStorage).includes('verloren')), false, 'signed out: the browser has them no more');
	await page.context().close();
	await s.close();
}

async function deadStart(browser) {
	const s = await serve({ loggedIn: true });
	s.order({ fail: { route: '^GET /session', status: 500 } });
	const page = await open(browser, `${s.url}/`);
	await page.getByRole('button', { name: 'Erneut versuchen' }).waitFor();
	await accessible(page, 'start failed');
	await shot(page, 'fault-start');
	s.order({ heal: true });
	await page.getByRole('button', { name: 'Erneut versuchen' }).click();
	await page.locator('.row').first().waitFor();
	ok(true, 'start failed: trying again helps');
	await page.context().close();
	await s.close();
}

const chosen = process.argv.slice(2);
await run(async (browser) => {
	const cases = calls.filter((c) => chosen.includes(c.name)).flatMap((c) => Object.keys(FAULTS).map((fault) => [c, fault]));
	const work = async () => {
		const page = await open(browser, 'about:blank');
		for (let next = cases.shift(); next; next = cases.shift()) {
			const [c, fault] = next;
			await one(page, c, fault).catch((e) => ok(false, `${c.name} ${fault} runs to its end`, e.message.slice(0, 600)));
		}
		await page.context().close();
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	for (const [name, more] of Object.entries({ lost, lostLong, newer, signOut, deadStart }))
		if (chosen.includes(name))
			await more(browser);
});
