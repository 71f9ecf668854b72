/* SPDX-License-Identifier: GPL-3.0-or-later */
// The search against a made-up shop: completion, counts that narrow, order, slips, keeping and watching, help, managing
// folders, alerts; by keyboard; both languages and themes, narrow too; axe finds nothing.
import { serve } from '../../../web/test/fixture.js';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const W = {
	de: { keep: 'Als Ordner sichern', name: 'Name', save: 'Sichern', missing: 'Geben Sie dem Ordner', watch: 'Hinweis, wenn', help: 'Hilfe zur Suche', best: 'Beste zuerst', status: 'Erledigt', manage: 'Ordner verwalten', del: 'Löschen', undo: 'Rückgängig', seen: 'Alle gesehen', comment: 'in:kommentar', open: 'Offen' },
	en: { keep: 'Keep as folder', name: 'Name', save: 'Keep', missing: 'Give the folder', watch: 'Tell me when', help: 'Search help', best: 'Best first', status: 'Done', manage: 'Manage folders', del: 'Delete', undo: 'Undo', seen: 'All seen', comment: 'in:comment', open: 'Open' },
};
const box = (page) => page.locator('[data-focus=search]');
const asked = (page) => page.evaluate(() => new URL(location.href).searchParams.get('q') ?? '');

async function completes(page, lang) {
	await box(page).fill('');
	await page.keyboard.type('glasbruch sta');
	await page.locator('.offers .mi').first().waitFor();
	await accessible(page, `${lang} completion`);
	await shot(page, `search-offers-${lang}`);
	await page.keyboard.press('ArrowDown');
	is(await box(page).evaluate((e) => document.getElementById(e.getAttribute('aria-activedescendant'))?.textContent.startsWith('status:')), true, `${lang} down goes to the first offer`);
	await page.keyboard.press('Enter');
	is(await box(page).inputValue(), 'glasbruch status:', `${lang} Enter takes it`);
	await page.keyboard.type('er');
	await page.locator('.offers .mi', { hasText: 'Erledigt' }).waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Tab');
	is(await box(page).inputValue(), 'glasbruch status:Erledigt ', `${lang} Tab takes a value`);
	is(await box(page).getAttribute('aria-expanded'), 'false', `${lang} and the offers close`);
	await box(page).fill('glasbruch sta');
	await page.locator('.offers .mi').first().waitFor();
	await page.keyboard.press('Escape');
	await page.locator('.offers').waitFor({ state: 'hidden' });
	ok((await asked(page)).startsWith('glasbruch'), `${lang} Escape closes only the offers`);
}

/** While the index is being built the page says that not all can be found. */
async function rebuilds(page, lang) {
	await box(page).fill('wagen');
	await page.getByText(lang === 'de' ? 'noch nicht alles zu finden' : 'not everything can be found').waitFor();
	ok(true, `${lang} an index that is being built is told of`);
	await accessible(page, `${lang} rebuilding`);
	await shot(page, `search-rebuilding-${lang}`);
	await box(page).fill('glasbruch');
	ok(await until(async () => await page.getByText(lang === 'de' ? 'noch nicht alles zu finden' : 'not everything can be found').count() === 0), `${lang} and no longer when it is whole`);
}

async function narrows(page, lang) {
	await box(page).fill('glasbruch');
	const facet = page.locator('.facet').filter({ has: page.locator('.st') });
	const row = facet.locator('label.mi').first();
	await row.waitFor();
	const n = Number((await row.locator('.count').innerText()).replace(/\D/g, ''));
	await row.locator('input').check();
	ok(/^glasbruch status:/.test(await until(async () => ((await asked(page)) !== 'glasbruch' ? asked(page) : null))), `${lang} a box puts its value into the question`);
	ok(await until(async () => (await facet.locator('label.mi').count()) > 1), `${lang} the other values of the field stay`);
	await facet.locator('label.mi').nth(1).locator('input').check();
	ok(await until(async () => /status:[^ ]*("[^"]*")?,/.test(await asked(page))), `${lang} a second one is an alternative`);
	await facet.locator('input:checked').first().uncheck();
	await facet.locator('input:checked').first().uncheck();
	is(await until(async () => (await asked(page)) === 'glasbruch'), true, `${lang} both are taken out again`);
	ok(n > 0, `${lang} counts stand beside the boxes`);
	await page.locator('.facet input').first().check();
	ok(await until(async () => (await asked(page)).includes(W[lang].comment)), `${lang} where it hit`);
	await page.locator('.facet input').first().uncheck();
}

async function slips(page, lang) {
	const offer = (q) => page.locator('.found .link', { hasText: q });
	await box(page).fill('glasbruhc');
	await offer('glasbruch').click();
	ok(await until(async () => (await asked(page)) === 'glasbruch'), `${lang} "did you mean" asks it`);
	await box(page).fill('xyzzy:offen');
	await offer('status:offen').click();
	ok(await until(async () => (await asked(page)) === 'status:offen'), `${lang} and for a field that is none`);
	await box(page).fill('glasbruch');
	await page.getByRole('button', { name: W[lang].best }).click();
	is(await until(() => page.getByRole('button', { name: W[lang].best }).getAttribute('aria-pressed')), 'true', `${lang} best first`);
}

async function keeps(page, s, lang) {
	const w = W[lang];
	await page.getByRole('button', { name: w.watch }).click();
	await page.locator('dialog.dlg').waitFor();
	await accessible(page, `${lang} keeping`);
	await shot(page, `search-keep-${lang}`);
	await page.getByRole('button', { name: w.save, exact: true }).click();
	ok(await page.getByText(w.missing).isVisible(), `${lang} a folder needs a name`);
	await page.getByLabel(w.name, { exact: true }).fill('Glasbruch');
	await page.keyboard.press('Enter');
	await page.locator('.rail .fold', { hasText: 'Glasbruch' }).waitFor();
	ok(true, `${lang} the folder stands in the rail`);
	await page.getByRole('button', { name: w.manage }).click();
	const row = page.locator('.folders .own li').last();
	await row.waitFor();
	is(await row.locator('[aria-pressed]').getAttribute('aria-pressed'), 'true', `${lang} it is watched`);
	await accessible(page, `${lang} managing folders`);
	await shot(page, `folders-${lang}`);
	await row.locator('input').fill(`Bruch ${lang}`);
	await page.keyboard.press('Enter');
	await page.locator('.rail .fold', { hasText: `Bruch ${lang}` }).waitFor();
	ok(true, `${lang} renamed`);
	await page.locator('.folders .own li').last().getByRole('button', { name: w.del }).click();
	ok(await until(async () => !(await page.locator('.rail .fold', { hasText: `Bruch ${lang}` }).count())), `${lang} deleted`);
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: w.undo }).click();
	await page.locator('.rail .fold', { hasText: `Bruch ${lang}` }).waitFor();
	ok(true, `${lang} and back`);
	s.order({ alert: { ticket_id: 240012, message_id: 1, subject: 'Neue Glasvase' } });
	await page.locator('.toast', { hasText: 'Neue Glasvase' }).waitFor();
	await page.locator('.bell').click();
	await page.locator('.folders .news li').waitFor();
	await accessible(page, `${lang} alerts`);
	await shot(page, `alerts-${lang}`);
	await page.getByRole('button', { name: w.seen }).click();
	ok(await until(async () => !(await page.locator('.bell').count())), `${lang} looked at, the bell goes`);
}

async function helps(page, lang) {
	await page.getByRole('button', { name: W[lang].help }).click();
	await page.locator('.helps li').first().waitFor();
	await accessible(page, `${lang} help`);
	await shot(page, `search-help-${lang}`);
	const example = await page.locator('.helps .link').nth(3).innerText();
	await page.locator('.helps .link').nth(3).click();
	is(await until(async () => (await asked(page)) === example), true, `${lang} an example runs`);
}

await run(async (browser) => {
	for (const lang of ['de', 'en']) {
		const s = await serve({ loggedIn: true });
		const page = await open(browser, `${s.url}/s?q=glasbruch`, { lang, dark: lang === 'en' });
		await page.locator('.hit').first().waitFor();
		await page.locator('.facet .count').first().waitFor();
		await accessible(page, `${lang} search`);
		await shot(page, `search-page-${lang}`);
		await completes(page, lang);
		await rebuilds(page, lang);
		await narrows(page, lang);
		await slips(page, lang);
		await keeps(page, s, lang);
		await helps(page, lang);
		await box(page).fill('gibtesnicht');
		await page.locator('.results .blank').waitFor();
		await shot(page, `search-empty-${lang}`);
		s.order({ fail: { route: 'GET /search/(facets|complete)', status: 500 } });
		await box(page).fill('glasbruch eig');
		page.expected.push(/500/);
		await page.locator('.results').waitFor();
		await box(page).fill('glasbruch');
		ok(await until(async () => (await page.locator('.hit').count()) > 0), `${lang} without counts and offers it still finds`);
		await accessible(page, `${lang} without counts`);
		quiet(page, `${lang} search`);
		await page.context().close();
		const phone = await open(browser, `${s.url}/s?q=glasbruch`, { lang, width: 390, height: 844, touch: true, dark: lang === 'de' });
		await phone.locator('.hit').first().waitFor();
		await fits(phone, `${lang} narrow`);
		await accessible(phone, `${lang} narrow`);
		await shot(phone, `search-narrow-${lang}`);
		await phone.context().close();
		await s.close();
	}
});
