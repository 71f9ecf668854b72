/* SPDX-License-Identifier: GPL-3.0-or-later */
// The page of mail accounts in Chromium on the real server, German and English.
import { execFileSync } from 'node:child_process';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const { URL: url, PASSWORD: password, IMAPS: imaps, SMTP: smtp, DOCKET: docket } = process.env;
const W = {
	de: { title: 'Postfächer', connect: 'Postfach verbinden', address: 'E-Mail-Adresse', password: 'Passwort oder App-Passwort', find: 'Server suchen', server: 'Server', port: 'Port', security: 'Verschlüsselung', check: 'Verbindung prüfen', again: 'Noch einmal prüfen', save: 'Speichern', well: 'Alles in Ordnung', trip: 'Rundlauf', login: 'Anmeldung abgelehnt', remedy: 'Geben Sie das Passwort neu ein', hint: 'POP3/IMAP', modeOn: 'Testbetrieb einschalten', modeOff: 'Testbetrieb beenden', strip: 'Testbetrieb: E-Mails', allowed: 'Erlaubte Adressen', until: 'gültig bis', off: 'Ausschalten', isOff: 'ausgeschaltet', trust: 'Diesem Zertifikat vertrauen', issued: 'Ausgestellt für', existing: 'Vorhandene Mails', since: 'Seit dem Tag', count: 'Zählen', counted: '113 Mails, die älteste vom', brought: 'übernommen: 93 Mails', bring: 'Ältere Mails übernehmen', now: 'Übernehmen', cancel: 'Abbrechen', reopen: 'Anfrage', older: 'Früheren Verlauf laden', whole: 'Ganze Nachricht zeigen', folded: /weitere/, progress: 'Übernahme seit dem' },
	en: { title: 'Mail accounts', connect: 'Connect an account', address: 'Mail address', password: 'Password or app password', find: 'Find servers', server: 'Server', port: 'Port', security: 'Encryption', check: 'Test the connection', again: 'Test again', save: 'Save', well: 'Everything is fine', trip: 'Round trip', login: 'Login refused', remedy: 'enter the password again', hint: 'POP3 & IMAP', modeOn: 'Switch test mode on', modeOff: 'End test mode', strip: 'Test mode: mail leaves', allowed: 'Allowed addresses', until: 'valid until', off: 'Switch off', isOff: 'switched off', trust: 'Trust this certificate', issued: 'Issued for', existing: 'Mail that is there', since: 'Since the day', count: 'Count', counted: '113 mails, the oldest of', brought: '93 mails', bring: 'Bring in older mail', now: 'Bring it in', cancel: 'Cancel', reopen: 'Enquiry', older: 'Load earlier history', progress: 'Bringing in mail since' },
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
	const cert = page.locator('.certificate', { hasText: w.issued });
	await cert.waitFor();
	const told = await cert.innerText();
	ok(told.includes('mail.docket.test, localhost') && /([0-9A-F]{2}:){31}[0-9A-F]{2}/.test(told), `${lang} a certificate nobody vouches for: names and fingerprint`, told);
	await accessible(page, `${lang} a certificate`);
	await cert.scrollIntoViewIfNeeded();
	await shot(page, `accounts-trust-${lang}${dark ? '-dark' : ''}`);
	await page.getByRole('button', { name: w.trust }).click();
	await page.locator('.checklist', { hasText: w.well }).waitFor({ timeout: 60000 });
	ok((await page.locator('.checks li.ok').allInnerTexts()).some((t) => t.includes(w.trip)), `${lang} every step is well, there and back`);
	await shot(page, `accounts-well-${lang}${dark ? '-dark' : ''}`);
	await field(page, w.existing).selectOption('import');
	await field(page, w.since).fill('2024-01-01');
	await page.getByRole('textbox', { name: lang === 'de' ? 'Ordner, einer je Zeile' : 'Folders, one per line' }).fill('INBOX\nKunden\nArchiv');
	await page.getByRole('button', { name: w.count, exact: true }).click();
	const counted = page.locator('.since [role=status]', { hasText: w.counted });
	await counted.waitFor();
	ok(true, `${lang} how many mails there are is told before`);
	await accessible(page, `${lang} what is there already`);
	await shot(page, `accounts-since-${lang}${dark ? '-dark' : ''}`);
	await page.getByRole('button', { name: w.save, exact: true }).click();
	await page.locator('.account', { hasText: address }).waitFor();
	await page.locator('.account .import', { hasText: w.brought }).waitFor({ timeout: 60000 });
	ok(api('GET', '/tickets?q=source:import&limit=200').tickets.length > 0, `${lang} older mail was brought in, and the page says when it is done`);
	await page.locator('.account', { hasText: address }).getByRole('button', { name: w.bring }).click();
	await page.locator('.bring').waitFor();
	await accessible(page, `${lang} bringing in more`);
	await shot(page, `accounts-bring-${lang}${dark ? '-dark' : ''}`);
	await page.locator('.bring').getByRole('button', { name: w.cancel }).click();
	// The second mailbox holds the first one's mails: they are there already.
	const saved = api('GET', '/mail/accounts').find((a) => a.address === address);
	ok(saved?.host === 'localhost' && saved.has_password && saved.has_smtp_password && saved.smtp_pin && !saved.pin && saved.import.done === 113 && saved.import.brought === (lang === 'de' ? 93 : 0), `${lang} saved`, JSON.stringify(saved));
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

/** How far an import is, as the page shows it while it runs: a state that ends too soon to be met by chance. */
async function progress(page, lang) {
	const w = W[lang];
	const all = api('GET', '/mail/accounts');
	all[0].import = { ...all[0].import, state: 'running', total: 12400, done: 3100, eta: 900, brought: null };
	await page.route('**/api/v1/mail/accounts', (r) => r.fulfill({ json: all }));
	await page.reload();
	await page.locator('.import progress').waitFor();
	const said = await page.locator('.import').first().innerText();
	ok(said.includes(w.progress) && /3[.,]100 (von|of) 12[.,]400/.test(said) && /15 min/.test(said), `${lang} how far it is, and how long it still takes`, said);
	await accessible(page, `${lang} progress`);
	await shot(page, `accounts-progress-${lang}`);
	await page.unroute('**/api/v1/mail/accounts');
	await page.reload();
}

async function reopening(page, lang) {
	const days = page.getByLabel(W[lang].reopen, { exact: true });
	await days.fill('30');
	await days.blur();
	ok(await until(async () => api('GET', '/types')[0].reopen_days === 30), `${lang} how many days an answer opens a ticket again`);
	await days.fill('');
	await days.blur();
	ok(await until(async () => api('GET', '/types')[0].reopen_days === null), `${lang} or always`);
}

async function history(page, lang) {
	await page.goto(`${url}/t/1001`);
	const more = page.getByRole('button', { name: W[lang].older });
	await more.waitFor();
	const before = api('GET', '/tickets/1001').events.length;
	ok(!(await page.getByText('Schluss.').count()), `${lang} of a very long message the beginning is shown`);
	await page.getByRole('button', { name: W[lang].whole }).click();
	ok(await until(() => page.getByText('Schluss.').count()), `${lang} and the rest with a click`);
	for (let k = 0; k < 2; k++) {
		await until(async () => !(await more.isDisabled()));
		await more.click();
	}
	ok(await until(async () => (await more.count()) === 0), `${lang} all of a history of 620 events can be loaded, ${before} came at once`);
	await page.getByRole('button', { name: W[lang].folded }).click();
	ok(await until(() => page.getByText('Hallo 1', { exact: true }).count()), `${lang} and of a thread of 250 messages the first`);
	await shot(page, `history-${lang}`);
}

await run(async (browser) => {
	const de = await wizard(browser, 'de', false);
	await mode(de, 'de');
	await reopening(de, 'de');
	await progress(de, 'de');
	await de.setViewportSize({ width: 390, height: 844 });
	await de.locator('.account').waitFor();
	await fits(de, 'narrow');
	await shot(de, 'accounts-narrow');
	await de.setViewportSize({ width: 1440, height: 900 });
	await history(de, 'de');
	quiet(de, 'de');
	const en = await wizard(browser, 'en', true);
	quiet(en, 'en');
});
