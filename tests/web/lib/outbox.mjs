/* SPDX-License-Identifier: GPL-3.0-or-later */
// What leaves, in both languages: an answer taken back, one that comes back by itself, one for later, its people, the outbox.
import { serve } from '../../../web/test/fixture.js';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const FIRST = 240012;
const TEXT = 'Guten Tag, der Ersatz geht heute hinaus.';
const W = {
	de: { undo: 'Senden rückgängig', returned: 'Der Kunde hat inzwischen geschrieben.', notSent: 'ist nicht hinausgegangen', nonsense: 'irgendwann', unknown: 'keine Zeit in der Zukunft', typed: 'fr 14:30', meant: 'Freitag', change: 'Andere Zeit', hour: 'In 1 Stunde', back: 'Zurückholen', called: 'Zurückgeholt: Ihre Antwort ist wieder ein Entwurf.', outbox: 'Postausgang', again: 'Bearbeiten und neu senden', replaces: 'Ersetzt eine Nachricht', retry: 'Jetzt versuchen', cancel: 'Abbrechen', waits: 'Wartet auf Kundschaft', done: 'Erledigt', words: 'wenn Ihre Worte', bad: 'ist keine E-Mail-Adresse', asking: 'noch nicht beteiligt', anyway: 'Trotzdem senden', large: 'zusammen größer als 26 MB. Schicken' },
	en: { undo: 'Undo send', returned: 'The customer has written meanwhile.', notSent: 'has not left', nonsense: 'sometime', unknown: 'no time in the future', typed: 'fri 14:30', meant: 'Friday', change: 'Another time', hour: 'In 1 hour', back: 'Take back', called: 'Taken back: your answer is a draft again.', outbox: 'Outbox', again: 'Edit and send again', replaces: 'Takes the place', retry: 'Try now', cancel: 'Cancel', waits: 'Waiting for customer', done: 'Done', words: 'if your words', bad: 'is no e-mail address', asking: 'has not taken part', anyway: 'Send anyway', large: 'larger than 26 MB together. Send' },
};
const composer = (page) => page.locator('textarea.editor');
const sent = (s, text = TEXT) => s.shop.tickets.get(FIRST).messages.filter((m) => m.text === text).length;

async function begin(browser, { undo = 600, lang = 'de', path = `/f/inbox/${FIRST}`, ...more } = {}) {
	const s = await serve({ loggedIn: true, undo });
	const page = await open(browser, `${s.url}${path}`, { lang, ...more });
	await page.locator(/\d{6}/.test(path) ? '.msg' : '.row, .page').first().waitFor();
	await until(() => page.locator('.live:not(.off)').count());
	return { s, page };
}
async function end({ s, page }, what) {
	if (what)
		quiet(page, what);
	await page.context().close();
	await s.close();
}
async function write(page, text = TEXT) {
	await composer(page).waitFor();
	await page.keyboard.press('r');
	await page.keyboard.insertText(text);
}

async function undo(browser, lang) {
	const on = await begin(browser, { lang, dark: lang === 'en' });
	const { s, page } = on;
	await write(page);
	await page.keyboard.press('Control+Enter');
	const note = page.locator('.toast', { hasText: W[lang].undo });
	await note.waitFor();
	ok(/\d+ s/.test(await note.innerText()), `${lang} after sending the page counts down and offers to take it back`);
	await shot(page, `undo-${lang}`);
	await accessible(page, `${lang} undo`);
	ok(!page.url().includes(FIRST) && sent(s) === 0, `${lang} the next ticket is shown, nothing has left`);
	await page.keyboard.press('z');
	ok(await until(async () => page.url().includes(FIRST) && await composer(page).count() && await composer(page).inputValue() === TEXT), `${lang} Z brings the answer back into its composer`);
	ok(s.shop.scheduled.size === 0 && s.shop.drafts.get(FIRST)?.body === TEXT && sent(s) === 0, `${lang} it is a draft again, and no message`);
	is(await note.count(), 0, `${lang} the offer is gone`);
	await page.reload();
	ok(await until(async () => await composer(page).count() && await composer(page).inputValue() === TEXT), `${lang} and still is after a reload`);

	await composer(page).focus();
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.waiting', { hasText: TEXT }).waitFor();
	ok(await composer(page).count() === 0, `${lang} while it waits it is shown over the composer, and no second one can be begun`);
	await accessible(page, `${lang} waiting`);
	await shot(page, `waiting-${lang}`);
	s.order({ arrive: { ticket: FIRST, text: 'Es hat sich erledigt, danke.' } });
	await page.locator('.guard', { hasText: W[lang].returned }).waitFor();
	ok(await page.locator('.guard q', { hasText: 'Es hat sich erledigt' }).isVisible() && await page.locator('.guard', { hasText: W[lang].notSent }).isVisible(),
		`${lang} the customer writes first: the page says so and shows what is new`);
	is(await composer(page).inputValue(), TEXT, `${lang} the answer is in the composer again`);
	ok(await until(() => page.locator('.toast.bad', { hasText: W[lang].returned }).count()) && await note.count() === 0, `${lang} and a note says so, wherever one is`);
	await accessible(page, `${lang} returned`);
	await shot(page, `returned-${lang}`);
	await fits(page, `${lang} returned`);
	ok(await page.getByRole('button', { name: W[lang].anyway }).isVisible(), `${lang} it needs one more word to be sent`);
	await end(on, `${lang} undo`);
}

/** After its time taking it back comes too late, and the page says so; with no time to think it leaves at once. */
async function late(browser) {
	const on = await begin(browser);
	const { s, page } = on;
	await write(page);
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.waiting').waitFor();
	s.shop.scheduled.get(FIRST).run();
	ok(await until(async () => await page.locator('.msg', { hasText: TEXT }).count() === 1 && await page.locator('.waiting').count() === 0), 'when its time has come it stands in the thread');
	page.expected.push(/409/);
	await page.locator('.toast .btn', { hasText: W.de.undo }).click();
	await page.locator('.toast.bad', { hasText: 'Zu spät' }).waitFor();
	is(sent(s), 1, 'taken back too late: the page says so, it has left once');
	await page.locator('button.who').click();
	await page.locator('.setting', { hasText: W.de.undo }).getByRole('button', { name: '0 s', exact: true }).click();
	ok(await until(() => s.state.undo === 0), 'the seconds are a setting of each agent');
	await accessible(page, 'settings');
	await page.keyboard.press('Escape');
	await write(page, 'Ohne Bedenkzeit.');
	await page.keyboard.press('Control+Shift+Enter');
	ok(await until(() => sent(s, 'Ohne Bedenkzeit.') === 1) && await page.locator('.waiting').count() === 0, 'with none it leaves at once');
	await end(on, 'late');
}

/** For a time that is typed or chosen; changed, and called off. */
async function later(browser, lang) {
	const on = await begin(browser, { lang, undo: 0, width: lang === 'en' ? 390 : 1440, dark: lang === 'en' });
	const { s, page } = on;
	const w = W[lang];
	const due = () => s.shop.scheduled.get(FIRST)?.shown.due_at;
	await write(page);
	await page.keyboard.press('Control+Alt+Enter');
	const box = page.locator('dialog.later input');
	await box.waitFor();
	await box.fill(w.nonsense);
	await page.keyboard.press('Enter');
	await page.getByText(w.unknown).waitFor();
	await box.fill(w.typed);
	ok(await page.locator('dialog.later .hint b', { hasText: w.meant }).isVisible(), `${lang} a typed time is read back in full`);
	await accessible(page, `${lang} later`);
	await fits(page, `${lang} later`);
	await shot(page, `later-${lang}`);
	await page.keyboard.press('Enter');
	ok(await until(due), `${lang} the answer waits`);
	const at = new Date(due());
	ok(at > Date.now() && at - Date.now() < 8 * 86_400_000 && new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' }).format(at) === '14:30', `${lang} until that time`, due());
	is(sent(s), 0, `${lang} nothing has left`);
	await page.goto(`${s.url}/f/inbox/${FIRST}`);
	await page.locator('.waiting', { hasText: TEXT }).waitFor();
	ok(await page.locator('.waiting', { hasText: '14:30' }).isVisible(), `${lang} the ticket shows it with its time`);
	await accessible(page, `${lang} scheduled`);
	await fits(page, `${lang} scheduled`);
	await shot(page, `scheduled-${lang}`);
	await page.locator('.waiting .btn', { hasText: w.change }).click();
	await page.locator('dialog.later .mi', { hasText: w.hour }).click();
	ok(await until(() => Math.abs(new Date(due()) - Date.now() - 3_600_000) < 120_000), `${lang} another time is one click away`);
	const shows = async () => await composer(page).count() && await composer(page).inputValue() === TEXT;
	await page.route('**/scheduled', async (route) => { // news of the ticket bring the draft before the answer to calling it off does
		const response = await route.fetch();
		s.order({ change: { ticket: FIRST, status: 4 } });
		await until(shows);
		await route.fulfill({ response });
	}, { times: 1 });
	await page.locator('.waiting .btn', { hasText: w.back }).click();
	await page.locator('.toast', { hasText: w.called }).waitFor();
	ok(await until(shows) && !due(), `${lang} called off, it is in the composer`);
	await end(on, `${lang} later`);
}

/** Whom it goes to: others beside the customer, and a word about those who never took part. */
async function people(browser, lang) {
	const on = await begin(browser, { lang, undo: 0, dark: lang === 'en', width: lang === 'en' ? 390 : 1440 });
	const { s, page } = on;
	const w = W[lang];
	s.shop.tickets.get(FIRST).messages.at(-1).to = 'Service <service@haus-lindemann.example>, Bernd Vogt <bernd.vogt@posteo.example>';
	await page.reload();
	await composer(page).waitFor();
	await page.locator('.thread').focus();
	await page.keyboard.press('a');
	await page.keyboard.insertText(TEXT);
	ok(await page.locator('.people .rc', { hasText: 'bernd.vogt@posteo.example' }).isVisible() && await page.locator('.people .rc').count() === 2, `${lang} A answers all whom the mail names, but not oneself`);
	const to = page.locator('.rcin').first();
	await to.fill('keine Adresse');
	await page.keyboard.press('Enter');
	await page.getByText(w.bad).waitFor();
	await to.fill('chef@fremd.example');
	await page.keyboard.press('Enter');
	const chip = page.locator('.rc.apart', { hasText: 'chef@fremd.example' });
	await chip.waitFor();
	ok(await page.locator('.rc.apart').count() === 1, `${lang} an address that never took part is marked, the others are not`);
	await accessible(page, `${lang} people`);
	await fits(page, `${lang} people`);
	ok(await until(() => s.shop.drafts.get(FIRST)?.to?.includes('chef@fremd.example')), `${lang} its people are kept with the draft`);
	await page.reload();
	await chip.waitFor();
	await composer(page).focus();
	await page.keyboard.press('Control+Shift+Enter');
	await page.locator('.guard', { hasText: w.asking }).waitFor();
	ok(sent(s) === 0 && await page.getByRole('button', { name: w.anyway }).isVisible(), `${lang} before it leaves, the page warns of the stranger`);
	await accessible(page, `${lang} stranger`);
	await shot(page, `people-${lang}`);
	await chip.locator('.drop').click();
	ok(await until(async () => await page.locator('.guard').count() === 0), `${lang} without him there is nothing to warn of`);
	await to.fill('chef@fremd.example,');
	await composer(page).focus();
	ok(await until(async () => { await page.keyboard.press('Control+Shift+Enter'); return sent(s); }), `${lang} sent in spite of it`);
	const m = s.shop.tickets.get(FIRST).messages.at(-1);
	is(`${m.to} | ${m.cc}`, 'anna.vogt@posteo.example, chef@fremd.example | bernd.vogt@posteo.example', `${lang} it goes to all of them`);
	await end(on, `${lang} people`);
}

/** The status that the ticket gets with the answer; and honest words where the words of the answer decide whether it leaves. */
async function status(browser, lang) {
	const on = await begin(browser, { lang, undo: 0, path: '/f/inbox/240011', dark: lang === 'en', width: lang === 'en' ? 390 : 1440 });
	const { s, page } = on;
	const w = W[lang];
	const f = s.shop.tickets.get(240011);
	await write(page);
	ok(await page.locator('.after', { hasText: w.waits }).isVisible(), `${lang} a new ticket will wait for the customer once it is answered, and the page says so beforehand`);
	await shot(page, `status-${lang}`);
	await page.keyboard.press('Control+Shift+Enter');
	ok(await until(async () => f.t.status_id === 3 && await composer(page).inputValue() === ''), `${lang} and it does`);
	await write(page, 'Noch etwas.');
	await page.keyboard.press('Alt+Enter');
	await page.locator('.menu:popover-open input').fill(w.done);
	await accessible(page, `${lang} status`);
	await page.keyboard.press('Enter');
	ok(await until(() => page.evaluate(() => document.activeElement?.matches('textarea'))), `${lang} Alt+Enter chooses another, and one writes on`);
	await page.locator('.after', { hasText: w.done }).waitFor();
	s.order({ change: { ticket: 240011, status: 2 } });
	await page.keyboard.press('Control+Shift+Enter');
	ok(await until(() => f.messages.at(-1).text === 'Noch etwas.') && f.t.status_id === 2, `${lang} a status that somebody has set meanwhile stays, the answer leaves`);
	s.order({ words: true });
	await page.reload();
	await composer(page).waitFor();
	ok(await page.locator('.why', { hasText: w.words }).count() === 1, `${lang} where a rule asks for words, the page does not promise that the answer leaves`);
	page.expected.push(/409/);
	await end(on);
	ok(page.said.every((x) => /409/.test(x)), `${lang} status: no other word in the console`, page.said.join('\n'));
}

/** The outbox: what failed, waits or is scheduled, with the servers' words; by keys and by mouse. */
async function outbox(browser, lang) {
	const on = await begin(browser, { lang, undo: 0, path: '/f/inbox', dark: lang === 'en', width: lang === 'en' ? 390 : 1440 });
	const { s, page } = on;
	const w = W[lang];
	const f = s.shop.tickets.get(FIRST);
	const mine = f.messages.find((m) => m.mails.length > 0);
	Object.assign(mine.mails[0], { state: 'failed', code: 550, reply: '5.1.1 No such user here', to: 'anna.vogt@posteo.example, zwei@post.example', sent_at: null,
		results: { 'anna.vogt@posteo.example': { code: 550, words: '550 5.1.1 No such user here' }, 'zwei@post.example': { code: 250, words: '250 taken' } } });
	Object.assign(mine, { text: TEXT, to: 'anna.vogt@posteo.example, zwei@post.example', files: [{ id: 900, name: 'plan.pdf', type: 'application/pdf', size: 900, inline: false }] });
	const came = s.shop.tickets.get(240010).messages.at(-1);
	came.mails = [{ id: 990, state: 'sent', to: 'weg@post.example', code: 250, reply: '250 taken', attempts: 1, next_at: null, sent_at: new Date().toISOString(),
		bounced: 'failed', bounced_at: new Date().toISOString(), bounce_status: '5.1.1', bounce_words: 'Nobody of that name' }];
	const late = s.shop.tickets.get(240011);
	s.shop.schedule(late, { kind: 'message', body: 'Am Montag mehr.', version: late.t.version }, Date.now() + 3 * 86_400_000, () => undefined);
	await page.goto(`${s.url}/f/inbox`);
	await page.locator('.row').first().waitFor();
	if (lang === 'de') {
		await page.locator('.rail .fold.alarm', { hasText: w.outbox }).waitFor();
		ok(true, `${lang} the rail says that something failed`);
	}
	await page.keyboard.press('g');
	await page.keyboard.press('o');
	const failed = page.locator('.out.failed', { hasText: 'No such user here' });
	await failed.waitFor();
	ok(await page.locator('.out.deferred', { hasText: 'Greylisted' }).count() > 0 && await page.locator('.out.scheduled', { hasText: 'Am Montag mehr.' }).count() === 1, `${lang} what failed, waits and is scheduled, each with its words`);
	const back = page.locator('.out.failed', { hasText: '5.1.1 Nobody of that name' });
	ok(await back.count() === 1 && await back.locator('.btn', { hasText: w.again }).isVisible(), `${lang} what came back, with its words, to be sent anew`);
	ok(await failed.locator('.results', { hasText: 'zwei@post.example' }).isVisible(), `${lang} and who of several has it`);
	ok(/^\/api\/v1\/outbox\/\d+\/raw$/.test(await failed.locator('a[download]').getAttribute('href')), `${lang} its bytes can be had`);
	await accessible(page, `${lang} outbox`);
	await fits(page, `${lang} outbox`);
	await shot(page, `outbox-${lang}`);
	const state = () => mine.mails[0].state;
	for (let k = 0; k < 60 && !(await failed.evaluate((e) => e.classList.contains('is-on'))); k++)
		await page.keyboard.press('j');
	ok(await failed.evaluate((e) => e.classList.contains('is-on')), `${lang} J goes through it`);
	await page.keyboard.press('e');
	ok(await until(async () => await composer(page).count() && await composer(page).inputValue() === TEXT), `${lang} E brings its words into the composer`);
	ok(await page.locator('.guard', { hasText: w.replaces }).isVisible() && await page.locator('.composer .file', { hasText: 'plan.pdf' }).isVisible(), `${lang} with its file, and says what it replaces`);
	is((await page.locator('.people .rc').allInnerTexts()).join().includes('zwei@'), false, `${lang} and only to whom it did not reach`);
	await accessible(page, `${lang} edited`);
	await shot(page, `edited-${lang}`);
	await composer(page).focus();
	await page.keyboard.press('Control+Shift+Enter');
	ok(await until(() => f.messages.at(-1).resends === mine.id), `${lang} sent anew in its place`);
	await page.goto(`${s.url}/p/outbox`);
	await failed.locator('.btn', { hasText: w.retry }).click();
	ok(await until(() => state() === 'queued'), `${lang} tried once more with one click`);
	const waiting = page.locator('.out.queued').first();
	await waiting.waitFor();
	const id = await waiting.getAttribute('id');
	await page.locator(`#${id} .btn`, { hasText: w.cancel }).click();
	ok(await until(async () => await page.locator(`#${id}`).count() === 0), `${lang} and called off with another`);
	await page.locator('.out.scheduled .btn', { hasText: w.back }).click();
	ok(await until(async () => await composer(page).count() && await composer(page).inputValue() === 'Am Montag mehr.') && s.shop.scheduled.size === 0, `${lang} what is scheduled is taken back from here`);
	await end(on, `${lang} outbox`);
}

/** An answer without end that failed, and stands far above in its thread: all of its words are edited, not those that are shown. */
async function long(browser) {
	const on = await begin(browser, { undo: 0, path: '/f/inbox' });
	const { s, page } = on;
	const f = s.shop.tickets.get(FIRST);
	const mine = f.messages.find((m) => m.mails.length > 0);
	const text = `Guten Tag ${'und so weiter '.repeat(2600)}Schluss.`;
	Object.assign(mine.mails[0], { state: 'failed', code: 550, reply: '5.1.1 No such user here' });
	mine.text = text;
	f.messages.push(...Array.from({ length: 110 }, (_, k) => ({ ...f.messages.at(-1), id: f.messages.at(-1).id + k + 1, mails: [], files: [] })));
	await page.goto(`${s.url}/p/outbox`);
	await page.locator('.out.failed', { hasText: 'No such user here' }).locator('.btn', { hasText: W.de.again }).click();
	ok(await until(async () => await composer(page).count() && await composer(page).inputValue() === text), 'all words of a long answer from far above are edited');
	await end(on, 'long');
}

/** Files that are too much for one mail are refused before they are sent to the server; a comment keeps them. */
async function large(browser, lang) {
	const on = await begin(browser, { lang, path: `/f/inbox/240003`, dark: lang === 'en', width: lang === 'en' ? 390 : 1440 });
	const { s, page } = on;
	const f = s.shop.tickets.get(240003);
	s.shop.drafts.set(240003, { kind: 'message', body: TEXT, html: null, version: f.t.version, updated_at: new Date().toISOString(), to: [], cc: [], returned: null, resends: null, status_id: null,
		uploads: [{ id: 900, name: 'katalog.pdf', type: 'application/pdf', size: 25 << 20, cid: null }] });
	await page.reload();
	const files = page.locator('.composer .file:not(.going)');
	await files.first().waitFor();
	const pick = () => page.locator('.composer input[type=file]').first().setInputFiles({ name: 'preise.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
	await pick();
	const note = page.locator('.toast.bad', { hasText: W[lang].large });
	await note.waitFor();
	ok((await note.innerText()).includes('preise.pdf') && await files.count() === 1 && s.shop.uploads.size === 0, `${lang} more than one mail carries is refused where it is added, by its name`);
	ok(await note.locator('.trunc').evaluate((e) => e.scrollWidth <= e.clientWidth), `${lang} and one reads to the end what to do`);
	await accessible(page, `${lang} large`);
	await shot(page, `large-${lang}`);
	await page.locator('.composer .tabs2 [role=radio]').nth(1).click();
	await pick();
	ok(await until(async () => await files.count() === 2), `${lang} a comment takes it`);
	await end(on, `${lang} large`);
}

/** Who was away when an answer of his failed is told at the next login, once. */
async function missed(browser) {
	const on = await begin(browser, { undo: 0, path: '/f/inbox', told: false });
	const { page } = on;
	const note = page.locator('.toast.bad', { hasText: /Ihrer Antworten wurden? nicht zugestellt/ });
	await note.locator('.btn', { hasText: W.de.outbox }).click();
	ok(await until(async () => await page.locator('.out.failed').count() > 0), 'who was away is told that answers of his failed, with the way to them');
	await page.reload();
	await page.locator('.out.failed').first().waitFor();
	is(await note.count(), 0, 'once');
	await end(on, 'missed');
}

const parts = { missed, long, largeDe: (b) => large(b, 'de'), largeEn: (b) => large(b, 'en'),  outboxDe: (b) => outbox(b, 'de'), outboxEn: (b) => outbox(b, 'en'),  statusDe: (b) => status(b, 'de'), statusEn: (b) => status(b, 'en'),  peopleDe: (b) => people(b, 'de'), peopleEn: (b) => people(b, 'en'),  laterDe: (b) => later(b, 'de'), laterEn: (b) => later(b, 'en'),  undoDe: (b) => undo(b, 'de'), undoEn: (b) => undo(b, 'en'), late };
const chosen = process.argv.slice(2);
await run(async (browser) => {
	const left = Object.entries(parts).filter(([name]) => chosen.length === 0 || chosen.includes(name));
	const work = async () => {
		for (let next = left.shift(); next; next = left.shift())
			await next[1](browser).catch((e) => ok(false, `${next[0]} runs to its end`, e.stack.slice(0, 900)));
	};
	await Promise.all([work(), work()]);
});
