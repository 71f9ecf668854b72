/* SPDX-License-Identifier: GPL-3.0-or-later */
// The main job in Chromium on the real server: mails come in and appear, are found, answered in both languages, and the
// answers leave; two who answer at once; live updates; the policy of nginx holds and the console stays quiet.
import { execFileSync, spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, figure, is, ok, open, quiet, run, shot, until } from './page.mjs';

const { URL: url, PASSWORD: password, SENT: sent, DOCKET: docket, CANARY: canary = 'kanarienvogel' } = process.env;
const composer = (page) => page.locator('textarea.editor');
const WORD = { de: { waits: /Wartet auf den Versand|Wird gesendet|Gesendet/, sent: /^Gesendet/, found: 'Lampenschirm', now: 'Jetzt senden' }, en: { waits: /Waiting|Being sent|Sent/, sent: /^Sent/, found: 'lampshade', now: 'Send now' } };

function arrive(name, subject, text, more = []) {
	const mail = [`From: ${name} <${name.toLowerCase().replace(/[^a-z]/g, '.')}@post.example>`, 'To: service@shop.test', `Subject: ${subject}`,
		`Message-ID: <${Math.random()}@post.example>`, `Date: ${new Date().toUTCString()}`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', ...more, '', text, ''].join('\r\n');
	execFileSync(docket, ['ingest', '--account', 'service'], { input: mail, stdio: ['pipe', 'pipe', 'pipe'] });
}
function api(login, method, path, body) {
	const out = execFileSync(docket, ['call', '--agent', login, method, path, ...(body ? [JSON.stringify(body)] : [])], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
	return out ? JSON.parse(out) : null;
}
const left = (word) => readdirSync(sent).filter((f) => f.endsWith('.eml')).map((f) => readFileSync(join(sent, f), 'utf8')).find((m) => m.includes(word));

async function login(browser, name, lang) {
	const page = await open(browser, url, { lang, fresh: true });
	await page.locator('input').first().fill(name);
	await page.locator('input[type=password]').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.row').first().waitFor();
	return page;
}

async function mainJob(browser, name, lang) {
	const page = await login(browser, name, lang);
	ok(true, `${lang} ${name} logs in and sees the list`);
	await page.mouse.move(1100, 500);
	await until(() => page.locator('.live:not(.off)').count());
	const subject = lang === 'de' ? `Wo bleibt meine Lampe? ${lang}` : `Where is my lamp? ${lang}`;
	const began = Date.now();
	arrive(lang === 'de' ? 'Erika Muster' : 'Oliver Whitfield', subject, lang === 'de' ? 'Guten Tag,\n\nder Lampenschirm fehlt. <script>alert(1)</script>' : 'Hello,\n\nthe lampshade is missing. <script>alert(1)</script>');
	await page.locator('.row.unread', { hasText: subject }).waitFor();
	figure(`${lang} a mail is in the list by itself ${Date.now() - began} ms after its arrival`);
	ok(true, `${lang} a mail appears by itself`);
	await page.locator('.row', { hasText: subject }).click();
	await page.locator('article.msg').first().waitFor();
	await accessible(page, `${lang} ticket`);
	await page.keyboard.press('r');
	await page.keyboard.type(`Antwort ${lang}: der Schirm geht heute hinaus, Größe 40 cm.`);
	await until(async () => /gesichert|saved/.test(await page.locator('.saved').innerText()));
	await page.reload();
	ok(await until(async () => (await composer(page).count()) && (await composer(page).inputValue()).startsWith(`Antwort ${lang}`)), `${lang} the draft is there after a reload`);
	await page.keyboard.press('c');
	await page.keyboard.type(`${canary} bleibt hier ${lang}`);
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.comment .msg', { hasText: canary }).waitFor();
	await page.keyboard.press('r');
	await page.keyboard.press('Control+Shift+Enter');
	await undone(page, name, lang);
	await page.locator('.agent .state span', { hasText: WORD[lang].waits }).first().waitFor();
	ok(await until(async () => (await page.locator('.agent .state span').allInnerTexts()).some((t) => WORD[lang].sent.test(t)), 20000), `${lang} the message says by itself that it was sent`);
	const mail = await until(() => left(`Antwort ${lang}`));
	ok(mail && !mail.includes(canary), `${lang} the answer left, the comment did not`);
	await shot(page, `real-ticket-${lang}`);
	await page.keyboard.press('/');
	await page.locator('[data-focus=search]').waitFor();
	await page.keyboard.type(WORD[lang].found);
	ok(await until(async () => (await page.locator('.hit mark').count()) > 0, 15000), `${lang} the mail is found by its word`);
	await accessible(page, `${lang} search`);
	await shot(page, `real-search-${lang}`);
	await page.keyboard.press('Escape');
	quiet(page, `${lang} real`);
	return { page, subject };
}

/** The answer was sent: it is taken back in time, and sent at once the second time. */
async function undone(page, name, lang) {
	const id = Number(new URL(page.url()).pathname.split('/').at(-1));
	const text = `Antwort ${lang}`;
	const there = () => api(name, 'GET', `/tickets/${id}`);
	await page.locator('.waiting', { hasText: text }).waitFor();
	await page.keyboard.press('z');
	ok(await until(async () => (await composer(page).count()) && (await composer(page).inputValue()).startsWith(text)), `${lang} Z takes the answer back`);
	const t = there();
	ok(t.draft.body.startsWith(text) && t.scheduled === null && !t.messages.some((m) => m.text.startsWith(text)) && !t.events.some((e) => e.kind === 'message.agent'),
		`${lang} of what was taken back there is a draft and nothing else`, JSON.stringify(t.events.map((e) => e.kind)));
	await composer(page).focus();
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.waiting .btn', { hasText: WORD[lang].now }).click();
	ok(await until(() => there().messages.filter((m) => m.text.startsWith(text)).length === 1), `${lang} sent once more, and at once`);
}

async function properties({ page, subject }) {
	api('anna', 'PATCH', '/me', { undo_seconds: 0 });
	await page.goto(`${url}/f/inbox`);
	await page.locator('.row', { hasText: subject }).click();
	await page.locator('article.msg').first().waitFor();
	const id = Number(new URL(page.url()).pathname.split('/').at(-1));
	const ticket = () => api('anna', 'GET', `/tickets/${id}`).ticket;
	ok(ticket().status_id !== 1, 'an answered ticket is not new any more');
	const before = ticket().status_id;
	await page.keyboard.press('s');
	await page.keyboard.type('offen');
	await page.keyboard.press('Enter');
	ok(await until(() => ticket().status_id !== before), 'S sets the status');
	await page.keyboard.press('z');
	ok(await until(() => ticket().status_id === before), 'Z takes it back');
	await page.keyboard.press('m');
	ok(await until(() => ticket().owners.length === 1), 'M makes oneself an owner');
	await page.keyboard.press('y');
	await page.keyboard.type('reklamation');
	await page.keyboard.press('Enter');
	ok(await until(() => ticket().type_id === 2), 'Y sets the type, with a status of it');
	await page.keyboard.press('h');
	await page.keyboard.press('Enter');
	ok(await until(() => ticket().deadline_at), 'H sets a deadline');
	await page.locator('.composer input[type=file]').first().setInputFiles({ name: 'Lieferschein März.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 hallo') });
	await page.locator('.composer .file:not(.going)').waitFor();
	await page.keyboard.press('r');
	await page.keyboard.type('Anbei.');
	await page.keyboard.press('Control+Shift+Enter');
	const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.agent .file').first().click()]);
	is(file.suggestedFilename(), 'Lieferschein März.pdf', 'a file goes with the answer and comes back by its name');
	return id;
}

/** A picture between the words: in the field by its name, in the mail where it belongs, kept with the draft. */
async function pictured(page, id) {
	const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
	await page.keyboard.press('r');
	await page.keyboard.type('So sieht der Riss aus: ');
	await page.locator('.composer input[type=file]').nth(1).setInputFiles({ name: 'riss.png', mimeType: 'image/png', buffer: png });
	ok(await until(async () => (await composer(page).inputValue()) === 'So sieht der Riss aus: [Bild riss.png]'), 'a picture stands between the words by its name', await composer(page).inputValue());
	await page.keyboard.type(' Er geht durch.');
	await page.locator('.composer .file img').waitFor();
	await accessible(page, 'picture in the composer');
	await shot(page, 'real-picture-composer');
	await until(async () => /gesichert|saved/.test(await page.locator('.saved').innerText()));
	await page.reload();
	ok(await until(async () => (await composer(page).count()) && (await composer(page).inputValue()) === 'So sieht der Riss aus: [Bild riss.png] Er geht durch.'), 'and after a reload');
	await page.keyboard.press('r');
	await page.keyboard.press('Control+Shift+Enter');
	const raw = await until(() => left('Riss aus'), 20000);
	const mail = JSON.parse(execFileSync(docket, ['parse'], { input: raw ?? '', encoding: 'utf8' }));
	const [file] = mail.attachments;
	ok(file?.filename === 'riss.png' && file.inline && /So sieht der Riss aus: *\[riss\.png\]/.test(mail.body_text.replace(/\s+/g, ' ')) && mail.body_html.includes(`src="cid:${file.cid}"`),
		'it left between the words of the HTML, by its name in the text', JSON.stringify(mail).slice(0, 800));
	ok(await until(() => page.frames().find((f) => f !== page.mainFrame())?.locator('img').count()), 'and the thread shows it');
	ok(!(await page.locator('.row').first().innerText()).includes('cid:'), 'the list shows words only');
	await shot(page, 'real-picture');
	const message = api('anna', 'GET', `/tickets/${id}`).messages.at(-1);
	const again = api('anna', 'POST', `/messages/${message.id}/uploads`);
	ok(again.length === 1 && message.text.includes(`[cid:${again[0].cid}]`), 'sent anew it would be there again', JSON.stringify(again));
}

async function together(page, id) {
	await page.keyboard.press('r');
	await page.keyboard.type('Meine Antwort zur gleichen Zeit.');
	const other = api('ben', 'GET', `/tickets/${id}`).ticket;
	await page.route('**/events', (r) => r.abort());
	api('ben', 'POST', `/tickets/${id}/messages`, { version: other.version, body: 'Ben war schneller.' });
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.guard q', { hasText: 'Ben war schneller' }).waitFor();
	is(await composer(page).inputValue(), 'Meine Antwort zur gleichen Zeit.', 'two answers at once: the second sees the first and keeps its words');
	const count = () => api('anna', 'GET', `/tickets/${id}`).messages.filter((m) => m.text.startsWith('Meine Antwort')).length;
	is(count(), 0, 'two answers at once: nothing went');
	ok(await until(async () => { await page.keyboard.press('Control+Shift+Enter'); return count() === 1; }), 'two answers at once: once more sends it');
	is(count(), 1, 'two answers at once: and only once');
}

/** docket live ends under the page: nothing comes by itself and the page says so; it is back: nothing is missing. */
async function deaf({ page }) {
	await page.goto(`${url}/f/inbox`);
	await page.locator('.live:not(.off)').waitFor();
	page.expected.push(/50[23]|ERR_|EventSource/);
	process.kill(Number(process.env.LIVE_PID));
	ok(await until(() => page.locator('.live.off').count()), 'without docket live the page says that nothing comes by itself');
	arrive('Rosemary Hart', 'While it was silent', 'Is anybody there?');
	const row = page.locator('.row', { hasText: 'While it was silent' });
	await page.waitForTimeout(1500);
	is(await row.count(), 0, 'and nothing does');
	const live = spawn(docket, ['live'], { stdio: ['ignore', 'ignore', openSync(join(process.env.TEST_DIR, 'live-again.log'), 'a')] });
	try {
		ok(await until(() => row.count(), 20000), 'after docket live is back nothing is missing');
		arrive('Rosemary Hart', 'And once more', 'Hello again.');
		ok(await until(() => page.locator('.row', { hasText: 'And once more' }).count()), 'and what comes then comes by itself');
	} finally {
		live.kill();
	}
}

await run(async (browser) => {
	for (let k = 0; k < 30; k++)
		arrive(['Anna Vogt', 'Mehmet Yildiz', 'Rosemary Hart'][k % 3], `Frage Nummer ${k}`, k % 2 ? 'Guten Tag, wann kommt das Paket?' : 'Hello, when does my parcel arrive?');
	await until(() => api('anna', 'GET', '/tickets?limit=100').tickets.length >= 30, 60000);
	const de = await mainJob(browser, 'anna', 'de');
	const id = await properties(de);
	await pictured(de.page, id);
	await together(de.page, id);
	const en = await mainJob(browser, 'ben', 'en');
	await deaf(en);
	await en.page.context().close();
});
