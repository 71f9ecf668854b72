/* SPDX-License-Identifier: GPL-3.0-or-later */
// The desk against a made-up shop: logging in, reading, answering, properties, search, keys, both languages and
// themes, narrow and wide; axe finds nothing, the console stays quiet.
import { serve } from '../../../web/test/fixture.js';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const W = {
	de: { login: 'Anmelden', inbox: 'Eingang', send: 'Senden', comment: 'Kommentieren', done: 'Erledigt', wrong: 'passen nicht zusammen', status: 'Status suchen', store: 'Nur speichern', none: 'Keine Regel sendet' },
	en: { login: 'Sign in', inbox: 'Inbox', send: 'Send', comment: 'Comment', done: 'Done', wrong: 'do not match', status: 'Find status', store: 'Store only', none: 'No rule sends' },
};
const FIRST = 240012;
const here = (page) => page.evaluate(() => Number(location.pathname.split('/').at(-1)) || null);
const composer = (page) => page.locator('textarea.editor');

async function login(browser, lang) {
	const s = await serve();
	const page = await open(browser, s.url, { lang, fresh: true });
	const w = W[lang];
	await page.getByRole('heading', { name: w.login }).waitFor();
	await accessible(page, `${lang} login`);
	await page.locator('input').first().fill('lena');
	page.expected.push(/401/);
	await page.locator('input[type=password]').fill('wrong');
	await page.keyboard.press('Enter');
	await page.getByText(w.wrong).waitFor();
	is(await page.locator('input').first().inputValue(), 'lena', `${lang} a wrong password keeps the name`);
	await accessible(page, `${lang} login refused`);
	await shot(page, `login-${lang}`);
	await page.locator('input[type=password]').fill('docket');
	await page.keyboard.press('Enter');
	await page.locator(`#row-${FIRST}`).waitFor();
	ok(true, `${lang} logged in, the list is there`);
	await accessible(page, `${lang} list`);
	return { s, page, w };
}

/** One's own signature and password; the signature stands under the answer that is being written. */
async function ownThings({ s, page }, lang) {
	const [title, save, change, old, fresh, short, wrong] = lang === 'de'
		? ['Signatur und Passwort', 'Signatur speichern', 'Passwort ändern', 'Bisheriges Passwort', 'Neues Passwort', 'mindestens 12 Zeichen', 'stimmt nicht']
		: ['Signature and password', 'Save signature', 'Change password', 'Present password', 'New password', 'At least 12 characters, please', 'password is wrong'];
	const dialog = page.locator('dialog.own');
	await page.locator('.composer .sig', { hasText: 'Kundenservice' }).waitFor();
	await page.locator('button.who').click();
	await page.locator('.menu:popover-open').getByText(title).click();
	await dialog.locator('textarea').fill('Viele Grüße\nLena Brandt');
	await accessible(page, `${lang} own signature and password`);
	await shot(page, `own-${lang}`);
	await dialog.getByRole('button', { name: save }).click();
	ok(await until(() => s.state.signature === 'Viele Grüße\nLena Brandt'), `${lang} the signature is kept`);
	await dialog.getByLabel(old).fill('falsch');
	await dialog.getByLabel(fresh, { exact: true }).fill('kurz');
	await dialog.getByRole('button', { name: change }).click();
	await dialog.getByRole('alert').filter({ hasText: short }).waitFor();
	await dialog.getByLabel(fresh, { exact: true }).fill('ein neues Passwort');
	page.expected.push(/422/);
	await dialog.getByRole('button', { name: change }).click();
	await dialog.getByRole('alert').filter({ hasText: wrong }).waitFor();
	await shot(page, `own-wrong-${lang}`);
	await dialog.getByLabel(old).fill('docket');
	await dialog.getByRole('button', { name: change }).click();
	ok(await until(() => s.state.password === 'ein neues Passwort'), `${lang} the password is changed`);
	ok(await until(async () => (await dialog.getByLabel(old).inputValue()) === ''), `${lang} and no field holds one any more`);
	await page.keyboard.press('Escape');
	await until(async () => (await dialog.count()) === 0);
	is((await page.locator('.composer .sig').innerText()).replace(/^.*:\s/, ''), 'Viele Grüße\nLena Brandt', `${lang} what stands under the answer is said while one writes`);
	await shot(page, `signature-${lang}`);
}

async function answer({ s, page, w }, lang) {
	await page.locator(`#row-${FIRST}`).click();
	await page.locator('.msg').first().waitFor();
	is(await here(page), FIRST, `${lang} a click opens the ticket and the address says so`);
	await page.keyboard.press('r');
	await page.keyboard.type('Guten Tag, der Ersatz geht heute noch hinaus. Änderung é.');
	is(await composer(page).inputValue(), 'Guten Tag, der Ersatz geht heute noch hinaus. Änderung é.', `${lang} R and at once typing loses no letter`);
	ok(await until(() => s.shop.drafts.get(FIRST)?.kind === 'message'), `${lang} the draft reaches the server`);
	await page.keyboard.press('Escape');
	await page.keyboard.press('c');
	await page.keyboard.type('Nur für uns.');
	is(await composer(page).inputValue(), 'Nur für uns.', `${lang} a comment has words of its own`);
	ok(await page.locator('.composer.comment .lockline').isVisible() && !(await page.locator('.composer .rc').isVisible()), `${lang} a comment shows a lock and no recipient`);
	await accessible(page, `${lang} comment`);
	await shot(page, `comment-${lang}`);
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.comment .msg', { hasText: 'Nur für uns.' }).waitFor();
	is(await here(page), FIRST, `${lang} Ctrl+Shift+Enter stays`);
	is(await composer(page).inputValue(), 'Guten Tag, der Ersatz geht heute noch hinaus. Änderung é.', `${lang} the answer's words are still there after the comment was stored`);
	await page.reload();
	await page.locator('.msg').first().waitFor();
	ok(await until(async () => (await composer(page).inputValue()).includes('Änderung é')), `${lang} the draft survives a reload`);
	const next = await page.evaluate((id) => Number(document.getElementById(`row-${id}`).nextElementSibling?.dataset.id), FIRST);
	await composer(page).focus();
	await page.keyboard.press('Control+Enter');
	ok(await until(async () => (await here(page)) === next), `${lang} Ctrl+Enter sends and goes to the next`);
	const sent = s.shop.tickets.get(FIRST).messages.at(-1);
	is(`${sent.kind} ${sent.text}`, 'message Guten Tag, der Ersatz geht heute noch hinaus. Änderung é.', `${lang} the server has exactly these words`);
	ok(await until(() => !s.shop.drafts.has(FIRST)), `${lang} the draft is gone`);
	await page.locator(`#row-${FIRST}`).click();
	await page.locator('.agent .state', { hasText: /Wartet auf den Versand|Waiting to be sent/ }).waitFor();
	ok(true, `${lang} the message says that its mail waits`);
}

/** Closed tickets about the same: by keys from the composer, the answer into it, what was written stays. */
async function alike({ page }, lang) {
	const strip = page.locator('.alike > button');
	await strip.waitFor();
	await composer(page).focus();
	await page.keyboard.type('Guten Tag,');
	await page.keyboard.press('Shift+Tab');
	ok(await strip.evaluate((e) => e === document.activeElement), `${lang} what is alike is one step from the composer`);
	await page.keyboard.press('Enter');
	await page.locator('.alike li').first().waitFor();
	await accessible(page, `${lang} alike`);
	await shot(page, `alike-${lang}`);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	ok(await until(async () => (await composer(page).inputValue()).startsWith('Guten Tag,\n\nBitte halten Sie die Taste')), `${lang} its answer stands behind what was written`);
	await strip.focus();
	await page.keyboard.press('Escape');
	ok(await page.locator('.alike li').count() === 0 && await composer(page).evaluate((e) => e === document.activeElement), `${lang} Escape closes it and goes back to the words`);
	await composer(page).fill('');
	await page.keyboard.press('Escape');
}

async function properties({ s, page, w }, lang) {
	await page.keyboard.press('Escape');
	await page.keyboard.press('s');
	await page.getByPlaceholder(w.status).waitFor();
	await accessible(page, `${lang} status menu`);
	await page.keyboard.type(lang === 'de' ? 'dhl' : 'waiting for d');
	await page.keyboard.press('Enter');
	ok(await until(() => s.shop.tickets.get(FIRST).t.status_id === 14), `${lang} S, some letters and Enter set the status`);
	await page.locator('.event').filter({ hasText: 'DHL' }).waitFor();
	ok(true, `${lang} the thread tells it`);
	await page.keyboard.press('z');
	ok(await until(() => s.shop.tickets.get(FIRST).t.status_id === 12), `${lang} Z takes it back`);
	const before = s.shop.tickets.get(FIRST).t.owners.length;
	await page.keyboard.press('i');
	await page.locator('.menu:popover-open input').waitFor();
	await page.keyboard.type('aylin');
	await page.keyboard.press('Enter');
	ok(await until(() => s.shop.tickets.get(FIRST).t.owners.length === before + 1), `${lang} I adds an owner`);
	const drop = page.locator('.prop.owner', { hasText: 'Aylin' }).locator('.drop');
	await drop.focus();
	await page.keyboard.press('Enter');
	ok(await until(() => s.shop.tickets.get(FIRST).t.owners.length === before), `${lang} and its cross removes it`);
	await page.locator('.thead .edit').focus();
	await page.keyboard.press('Enter');
	await page.locator('textarea.subject').fill('Neuer Betreff <b>&amp;</b>');
	await page.keyboard.press('Enter');
	ok(await until(() => s.shop.tickets.get(FIRST).t.subject === 'Neuer Betreff <b>&amp;</b>'), `${lang} the subject is changed in place`);
	ok((await page.locator('.thead h1').innerText()).includes('<b>&amp;</b>'), `${lang} and is shown as text`);
	await page.keyboard.press('e');
	ok(await until(() => s.shop.tickets.get(FIRST).t.closed), `${lang} E closes`);
	ok(await until(async () => (await here(page)) !== FIRST), `${lang} and goes on`);
}

async function searching({ page }, lang) {
	await page.keyboard.press('/');
	await page.locator('[data-focus=search]').waitFor();
	await page.keyboard.type('glasbruch');
	await page.locator('.hit mark').first().waitFor();
	is(await page.locator('.hit mark').first().innerText(), 'Glasbruch', `${lang} a hit is marked`);
	is(await page.evaluate(() => document.querySelector('.ex').querySelectorAll('*:not(mark)').length), 0, `${lang} an excerpt is text and marks only`);
	await accessible(page, `${lang} search`);
	await shot(page, `search-${lang}`);
	const n = await page.locator('.hit').count();
	await page.locator('.results').evaluate((e) => e.scrollTo(0, e.scrollHeight));
	ok(await until(async () => (await page.locator('.hit').count()) > n), `${lang} the next page follows`);
	await accessible(page, `${lang} search after scrolling`);
	const ids = await page.locator('.hit').evaluateAll((e) => e.map((x) => x.dataset.id));
	is(new Set(ids).size, ids.length, `${lang} no ticket stands twice`);
	await page.locator('.facet input').first().check();
	ok((await page.locator('[data-focus=search]').inputValue()).includes('in:'), `${lang} a box puts its word into the question`);
	await page.locator('[data-focus=search]').fill('glasbruch');
	await page.locator('.hit a').first().click();
	await page.locator('.msg').first().waitFor();
	ok(await page.locator('.hit').first().isVisible(), `${lang} a result opens beside the results`);
	await accessible(page, `${lang} search with a ticket`);
	await page.goBack();
	await page.goBack();
}

async function scrolled(page, what) {
	await page.locator('.rows').evaluate((e) => e.scrollTo(0, 6000));
	await until(() => page.locator('.rows').evaluate((e) => e.scrollTop > 5000 && [...e.querySelectorAll('.row')].some((r) => r.getBoundingClientRect().top > 100 && r.getBoundingClientRect().top < 700)));
	const { rows, active } = await page.evaluate(() => ({ rows: document.querySelectorAll('.row').length, active: document.querySelector('.canvas').getAttribute('aria-activedescendant') }));
	ok(rows < 60, `${what}: ${rows} rows are in the page`);
	ok(!active || await page.evaluate((id) => document.getElementById(id) !== null, active), `${what}: the row of the cursor is in the page`);
	await accessible(page, `${what} after scrolling`);
}

async function keyboard({ page }, lang) {
	await page.keyboard.press('Control+k');
	await page.keyboard.type('eig');
	await page.locator('dialog.pal .mi.is-on').waitFor();
	is(await page.locator('dialog.pal input').inputValue(), 'eig', `${lang} Ctrl+K and at once typing loses no letter`);
	await accessible(page, `${lang} palette`);
	await shot(page, `palette-${lang}`);
	await page.keyboard.press('Escape');
	await page.keyboard.press('?');
	await page.locator('dialog.sheet').waitFor();
	await accessible(page, `${lang} keys`);
	await page.keyboard.press('Escape');
	await page.keyboard.press('g');
	await page.keyboard.press('m');
	ok(await until(() => page.evaluate(() => location.pathname === '/f/mine')), `${lang} G M goes to one's own`);
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	await until(() => page.evaluate(() => location.pathname === '/f/inbox'));
	await page.keyboard.press('j');
	const one = await until(() => here(page));
	await page.keyboard.press('j');
	const two = await until(async () => ((await here(page)) !== one ? here(page) : null));
	await page.keyboard.press('k');
	ok(one && two && await until(async () => (await here(page)) === one), `${lang} J and K walk through the list`);
	await page.keyboard.press('n');
	await page.locator('dialog.create').waitFor();
	await page.keyboard.type('anna');
	await page.locator('.suggest button').first().waitFor();
	await accessible(page, `${lang} new ticket`);
	await shot(page, `create-${lang}`);
	await page.keyboard.press('Escape');
}

async function looks(browser) {
	const s = await serve({ loggedIn: true });
	// What is looked at whole is each screen once for each look; the languages take turns there.
	const looks = { light: {}, dark: { dark: true }, small: { width: 1024, height: 700 }, zoomed: { width: 720, height: 450 }, phone: { width: 390, height: 844, touch: true } };
	for (const [k, [name, opts]] of Object.entries(looks).entries()) {
		for (const lang of ['de', 'en']) {
			const look = (lang === 'de') === (k % 2 === 0) ? accessible : () => {};
			const page = await open(browser, `${s.url}/f/inbox/${FIRST}`, { ...opts, lang });
			await page.locator('.msg').first().waitFor();
			await fits(page, `${name} ${lang} ticket`);
			await look(page, `${name} ${lang} ticket`);
			await shot(page, `ticket-${name}-${lang}`);
			await page.goto(`${s.url}/f/inbox`);
			await page.locator('.row').first().waitFor();
			await fits(page, `${name} ${lang} list`);
			if (look === accessible)
				await scrolled(page, `${name} list`);
			await page.goto(`${s.url}/s?q=glasbruch`);
			await page.locator('.hit').first().waitFor();
			await fits(page, `${name} ${lang} search`);
			ok(await page.locator('.ex').first().evaluate((e) => e.parentElement.getBoundingClientRect().width > Math.min(320, innerWidth * 0.8)), `${name} ${lang} search: excerpts have room`);
			await look(page, `${name} ${lang} search`);
			await page.goto(`${s.url}/f/empty`);
			await page.locator('.blank').first().waitFor();
			await look(page, `${name} ${lang} empty`);
			quiet(page, `${name} ${lang}`);
			await page.context().close();
		}
	}
	s.order({ rule: null });
	const page = await open(browser, `${s.url}/f/inbox/${FIRST}`);
	await page.getByText(W.de.none).waitFor();
	ok(await page.getByRole('button', { name: W.de.store }).isVisible(), 'without a rule the button does not promise to send');
	await accessible(page, 'no rule');
	await page.context().close();
	await s.close();
	const n = await serve({ loggedIn: true });
	const nobody = n.shop.tickets.get(FIRST);
	nobody.me.customer_email = nobody.t.from_email = null;
	const lonely = await open(browser, `${n.url}/f/inbox/${FIRST}`);
	await lonely.getByText('Kein Empfänger').waitFor();
	ok(await lonely.getByRole('button', { name: W.de.store }).isVisible(), 'without a recipient neither, and the rule is not blamed');
	await shot(lonely, 'no-recipient');
	await lonely.locator('.people .rcin').first().fill('neu@post.example');
	await lonely.keyboard.press('Enter');
	ok(await until(() => lonely.getByRole('button', { name: W.de.send, exact: false }).first().isVisible()), 'with one it does');
	await lonely.context().close();
	await n.close();
	const r = await serve({ loggedIn: true, readOnly: true });
	const reader = await open(browser, `${r.url}/f/inbox/${FIRST}`);
	await reader.locator('.readonly').waitFor();
	ok(await reader.locator('.composer').count() === 0 && await reader.locator('.readonly').isVisible(), 'who may not write sees no composer');
	await accessible(reader, 'read only');
	await reader.context().close();
	await r.close();
}

await run(async (browser) => {
	for (const lang of ['de', 'en']) {
		const t = await login(browser, lang);
		await answer(t, lang);
		await alike(t, lang);
		await ownThings(t, lang);
		await properties(t, lang);
		await searching(t, lang);
		await keyboard(t, lang);
		quiet(t.page, lang);
		await t.page.context().close();
		await t.s.close();
	}
	await looks(browser);
});
