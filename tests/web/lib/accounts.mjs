/* SPDX-License-Identifier: GPL-3.0-or-later */
// The page of mail accounts in Chromium on the real server, German and English.
import { execFileSync } from 'node:child_process';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const { URL: url, PASSWORD: password, IMAPS: imaps, SMTP: smtp, DOCKET: docket } = process.env;
const W = {
	de: { title: 'Postfächer', connect: 'Postfach verbinden', address: 'E-Mail-Adresse', password: 'Passwort oder App-Passwort', find: 'Server suchen', server: 'Server', port: 'Port', security: 'Verschlüsselung', check: 'Verbindung prüfen', again: 'Noch einmal prüfen', save: 'Speichern', well: 'Alles in Ordnung', trip: 'Rundlauf', login: 'Anmeldung abgelehnt', remedy: 'Geben Sie das Passwort neu ein', hint: 'POP3/IMAP', modeOn: 'Testbetrieb einschalten', modeOff: 'Testbetrieb beenden', strip: 'Testbetrieb: E-Mails', allowed: 'Erlaubte Adressen', until: 'gültig bis', off: 'Ausschalten', isOff: 'ausgeschaltet' },
	en: { title: 'Mail accounts', connect: 'Connect an account', address: 'Mail address', password: 'Password or app password', find: 'Find servers', server: 'Server', port: 'Port', security: 'Encryption', check: 'Test the connection', again: 'Test again', save: 'Save', well: 'Everything is fine', trip: 'Round trip', login: 'Login refused', remedy: 'enter the password again', hint: 'POP3 & IMAP', modeOn: 'Switch test mode on', modeOff: 'End test mode', strip: 'Test mode: mail leaves', allowed: 'Allowed addresses', until: 'valid until', off: 'Switch off', isOff: 'switched off' },
};
const api = (method, path) => JSON.parse(execFileSync(docket, ['call', '--agent', 'anna', method, path], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }));

async function login(browser, lang, more = {}) {
	const page = await open(browser, `${url}/p/accounts`, { lang, fresh: true, ...more });
	await page.locator('input').first().fill('anna');
	await page.locator('input[type=password]').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.accounts').waitFor();
	return page;
}

const field = (page, name, k = 0) => page.getByLabel(name, { exact: true }).nth(k);

async function wizard(browser, lang, dark) {
	const w = W[lang];
	const page = await login(browser, lang, { dark });
	const address = `shop-${lang}@docket.test`;
	await page.getByRole('heading', { name: w.title, exact: true }).waitFor();
	await accessible(page, `${lang} the list`);
	await page.getByRole('button', { name: w.connect }).click();
	await field(page, w.address).fill(`jemand@gmx.de`);
	await page.getByRole('button', { name: w.find }).click();
	await page.locator('.note-line', { hasText: w.hint }).waitFor();
	is(await field(page, w.server).inputValue(), 'imap.gmx.net', `${lang} a big provider: its servers are there`);
	await accessible(page, `${lang} the form`);
	await shot(page, `accounts-form-${lang}${dark ? '-dark' : ''}`);
	await field(page, w.address).fill(address);
	await field(page, w.password).fill('falsch');
	await field(page, w.server).fill('localhost');
	await field(page, w.port).fill(imaps);
	await field(page, w.server, 1).fill('localhost');
	await field(page, w.port, 1).fill(smtp);
	await field(page, w.security, 1).selectOption('starttls');
	await page.getByRole('button', { name: w.check }).click();
	const bad = page.locator('.checks li.bad').first();
	await bad.waitFor();
	const said = await bad.innerText();
	ok(said.includes(w.login) && said.includes(w.remedy) && /Authentication failed/i.test(said), `${lang} a fault opens in place: what, what to do, the server's words`, said);
	ok((await page.locator('.checks li.ok').allInnerTexts()).some((t) => t.includes(w.until)), `${lang} the certificate with its end`);
	await accessible(page, `${lang} a fault`);
	await shot(page, `accounts-fault-${lang}${dark ? '-dark' : ''}`);
	await field(page, w.password).fill('secret');
	await page.getByRole('button', { name: w.again }).click();
	await page.locator('.checklist', { hasText: w.well }).waitFor({ timeout: 60000 });
	ok((await page.locator('.checks li.ok').allInnerTexts()).some((t) => t.includes(w.trip)), `${lang} every step is well, there and back`);
	await shot(page, `accounts-well-${lang}${dark ? '-dark' : ''}`);
	await page.getByRole('button', { name: w.save, exact: true }).click();
	await page.locator('.account', { hasText: address }).waitFor();
	const saved = api('GET', '/mail/accounts').find((a) => a.address === address);
	ok(saved?.host === 'localhost' && saved.has_password && saved.has_smtp_password, `${lang} saved`, JSON.stringify(saved));
	const row = page.locator('.account', { hasText: address });
	await row.getByRole('button', { name: w.off }).click();
	await row.getByText(w.isOff).waitFor();
	ok(!api('GET', '/mail/accounts').find((a) => a.address === address).active, `${lang} switched off`);
	return page;
}

async function mode(page, lang) {
	const w = W[lang];
	await field(page, `${w.allowed}, ${lang === 'de' ? 'eine je Zeile' : 'one per line'}`).fill('anna@shop.test');
	await page.getByRole('button', { name: w.modeOn }).click();
	await page.locator('.banner', { hasText: w.strip }).waitFor();
	ok(api('GET', '/mail/mode').testing, `${lang} test mode is on and says so on top`);
	await accessible(page, `${lang} test mode`);
	await shot(page, `accounts-mode-${lang}`);
	await page.reload();
	await page.locator('.banner', { hasText: w.strip }).waitFor();
	ok(true, `${lang} also after a reload`);
	await page.getByRole('button', { name: w.modeOff }).click();
	ok(await until(async () => (await page.locator('.banner').count()) === 0), `${lang} and off again`);
}

await run(async (browser) => {
	const de = await wizard(browser, 'de', false);
	await mode(de, 'de');
	await de.setViewportSize({ width: 390, height: 844 });
	await fits(de, 'narrow');
	await shot(de, 'accounts-narrow');
	quiet(de, 'de');
	const en = await wizard(browser, 'en', true);
	quiet(en, 'en');
});
