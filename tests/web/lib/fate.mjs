/* SPDX-License-Identifier: GPL-3.0-or-later */
// Evidence, sender trust, bounces, floods and parked mails in the page, both languages, both themes, wide and narrow; what a
// click on "split off" or "join" does; axe finds nothing, the console stays quiet.
import { serve } from '../../../web/test/fixture.js';
import { accessible, fits, is, ok, open, quiet, run, shot, until } from './page.mjs';

const FIRST = 240012;
const W = {
	de: { forged: 'wohl gefälscht', tag: 'wegen der Nummer im Betreff', join: /zuordnen/, split: 'Abtrennen', back: 'Zurück zu', held: 'Angehalten', release: 'Freigeben', bounced: 'Zurückgekommen von',
		came: 'kam zurück', failed: 'wurde nicht zugestellt', why: 'die E-Mail kam von einer Maschine', twin: 'Dieselbe E-Mail kam auch an', parked: 'Zurückgestellte E-Mails', loop: 'Lief im Kreis', again: 'Erneut lesen', none: 'Nichts ist zurückgestellt', invitation: 'Einladung', attached: 'Re: Rechnung 4711', sealed: 'Mit S/MIME signiert', when: /Freitag, 27\. November 2026 um 14:00 – 15:00 \(Europe\/Berlin\)/ },
	en: { forged: 'probably forged', tag: 'because of the number in its subject', join: /^Join ticket/, split: 'Split off', back: 'Back to', held: 'Held', release: 'Release', bounced: 'Came back from',
		came: 'came back', failed: 'was not delivered', why: 'the mail came from a machine', twin: 'The same mail came to', parked: 'Parked mails', loop: 'Went in circles', again: 'Read again', none: 'Nothing is parked', invitation: 'Invitation', attached: 'Re: Rechnung 4711', sealed: 'Signed with S/MIME', when: /Friday.? 27 November 2026 at 14:00 – 15:00 \(Europe\/Berlin\)/ },
};

/** A ticket with everything that can be wrong with a mail. */
function troubled(s) {
	s.order({ arrive: { subject: 'Ihr Konto', name: 'Bank', email: 'service@bank.example', text: 'Bitte bestätigen Sie Ihr Passwort.',
		mail: { evidence: 'new', maybe: [{ id: FIRST, subject: 'Vase' }], trust: 'failed', trust_reason: 'dmarc', warnings: ['reply-elsewhere'] },
		state: { held: true, follows: FIRST, address: { email: 'service@bank.example', bounces: 2, bounced_at: null, status: '5.1.1', complained_at: '2026-11-20T10:00:00Z' } },
		events: [['ticket.held', {}], ['mail.skipped', { rule: { id: 3, name: 'Eingang' }, after: { reason: 'machine' } }], ['message.twin', { after: { account: 2 } }]] } });
	const id = Math.max(...s.shop.tickets.keys());
	s.order({ arrive: { ticket: id, text: 'Und noch etwas.', mail: { evidence: 'tag' } } });
	return id;
}

async function reads(page, lang, id) {
	const w = W[lang];
	await page.locator('.msg').first().waitFor();
	await page.getByText(w.forged).waitFor();
	for (const [text, what] of [[w.tag, 'why a mail is here'], [w.why, 'why nothing was sent'], [w.twin, 'a second account'], [w.held, 'a flood']])
		ok(await page.getByText(text).first().isVisible(), `${lang} it shows ${what}`);
	ok(await page.locator('.cautions .guard').count() === 4, `${lang} over the composer: held, bounces, complaint, what it follows`);
	await accessible(page, `${lang} troubled`);
	await fits(page, `${lang} troubled`);
	await shot(page, `fate-${lang}`);
	await page.getByRole('button', { name: w.release }).click();
	ok(await until(async () => await page.locator('.cautions .guard').count() === 3), `${lang} released by a click`);
	await page.getByRole('button', { name: w.split }).first().click();
	await page.getByRole('button', { name: w.back }).waitFor();
	const own = await page.evaluate(() => Number(location.pathname.split('/').at(-1)));
	ok(own !== id && await until(async () => await page.locator('.msg').count() === 1), `${lang} one click makes a mail a ticket of its own`);
	await page.getByRole('button', { name: w.back }).click();
	ok(await until(async () => (await page.evaluate(() => Number(location.pathname.split('/').at(-1)))) === id && await page.locator('.msg').count() === 2),
		`${lang} and one more brings it back`);
	await page.getByRole('button', { name: w.join }).first().click();
	ok(await until(async () => (await page.evaluate(() => Number(location.pathname.split('/').at(-1)))) === FIRST), `${lang} a suggestion is taken with one click`);
}

/** What a mail brings beside its words: an invitation, a mail inside, a seal. */
async function cards(s, page, lang, picture) {
	const w = W[lang];
	s.order({ arrive: { subject: 'Termin', name: 'Erika Muster', email: 'erika@post.example', text: 'Passt Ihnen Freitag?', mail: {
		crypto: 'smime-signed',
		calendar: { method: 'request', summary: 'Übergabe der Lampe', start: '2026-11-27T14:00:00', end: '2026-11-27T15:00:00', zone: 'Europe/Berlin', place: 'Musterweg 1, Berlin', organiser: 'Muster, Erika' },
		attached: [{ number: 4, subject: 'Re: Rechnung 4711', from: [{ name: 'Max Groß', address: 'max@post.example' }], date: '2026-11-20T10:00:00+01:00', text: 'Die Rechnung ist bezahlt.' }],
	} } });
	await page.goto(`${s.url}/f/inbox/${Math.max(...s.shop.tickets.keys())}`);
	const card = page.getByRole('region', { name: w.invitation });
	await card.waitFor();
	const said = (await card.innerText()).replace(/\s+/g, ' ');
	ok(/Übergabe der Lampe/.test(said) && /Musterweg 1, Berlin/.test(said) && w.when.test(said), `${lang} an invitation says what, when and where`, said);
	ok(await page.getByText(w.sealed).isVisible(), `${lang} the seal on a mail is shown`);
	ok(!(await page.getByText('Die Rechnung ist bezahlt.').count()), `${lang} a mail inside is folded`);
	await page.getByRole('button', { name: w.attached }).click();
	ok(await page.getByText('Die Rechnung ist bezahlt.').isVisible(), `${lang} and opens with a click`);
	await accessible(page, `${lang} cards`);
	await fits(page, `${lang} cards`);
	await shot(page, `cards-${picture}`);
}

async function bounces(s, page, lang) {
	const w = W[lang];
	const f = s.shop.tickets.get(FIRST);
	const m = f.messages.findLast((x) => x.agent_id !== null && x.mails.length > 0 && x.kind === 'message');
	m.agent_id = 1;
	Object.assign(m.mails[0], { state: 'sent', bounced: 'failed', bounce_status: '5.1.1', bounce_words: '550 unknown user' });
	await page.goto(`${s.url}/f/inbox`);
	await page.locator(`#row-${FIRST}`).waitFor();
	await until(() => page.locator('.live:not(.off)').count());
	const state = { ...m.mails[0] };
	Object.assign(m.mails[0], { state: 'failed', bounced: null, code: 550, reply: 'no such mailbox' });
	s.order({ tell: { ticket: FIRST, version: ++f.t.version, kind: 'mail.failed', message_id: m.id } });
	await page.locator('.toast.bad', { hasText: w.failed }).waitFor();
	ok(true, `${lang} who wrote a mail that failed for good is told`);
	m.mails[0] = state;
	s.order({ tell: { ticket: FIRST, version: ++f.t.version, kind: 'mail.bounced', message_id: m.id } });
	await page.locator('.toast.bad', { hasText: w.came }).waitFor();
	ok(true, `${lang} who wrote it is told that it came back`);
	await page.locator('.toast.bad .btn').first().click();
	await page.getByText(w.bounced).first().waitFor();
	ok(await page.getByText('5.1.1 550 unknown user').first().isVisible(), `${lang} the message shows it, with the server's words`);
}

async function parked(s, page, lang) {
	const w = W[lang];
	s.shop.parked = [
		{ id: 9, account_id: 1, account: 'Service', state: 'parked', reason: 'loop: it went through 51 servers', size: 4210, fetched_at: new Date().toISOString(), ticket_id: null, message_id: null, tries: 1 },
		{ id: 7, account_id: null, account: null, state: 'parked', reason: 'something went wrong in the database; nothing was changed: message_add: 23514 test_poison', size: 1_804_210, fetched_at: '2026-11-20T10:00:00Z', ticket_id: null, message_id: null, tries: 3 },
	];
	await page.locator('button.who').click();
	await page.getByText(w.parked).first().click();
	await page.getByText(w.loop).waitFor();
	is(await page.evaluate(() => location.pathname), '/p/parked', `${lang} parked mails have an address`);
	is(await page.locator('a[download]').first().getAttribute('href'), '/api/v1/inbound/9/raw', `${lang} their originals can be had`);
	await accessible(page, `${lang} parked`);
	await fits(page, `${lang} parked`);
	await shot(page, `parked-${lang}`);
	for (let k = 0; k < 2; k++) {
		await page.getByRole('button', { name: w.again }).first().click();
		await until(async () => await page.locator('li.parked').count() === 1 - k);
	}
	await page.getByText(w.none).waitFor();
	ok(true, `${lang} read once more they leave the list`);
	await accessible(page, `${lang} nothing parked`);
	await shot(page, `parked-none-${lang}`);
}

await run(async (browser) => {
	for (const [lang, dark, width] of [['de', false, 1440], ['en', true, 1440], ['de', true, 390]]) {
		const s = await serve({ loggedIn: true });
		const id = troubled(s);
		const page = await open(browser, `${s.url}/t/${id}`, { lang, dark, width });
		if (width === 390) {
			await page.getByText(W[lang].forged).waitFor();
			await accessible(page, 'narrow');
			await fits(page, 'narrow');
			await shot(page, 'fate-narrow');
			await cards(s, page, lang, 'narrow');
		} else {
			await reads(page, lang, id);
			await cards(s, page, lang, lang);
			await bounces(s, page, lang);
			await parked(s, page, lang);
		}
		quiet(page, `${lang} ${width}`);
		await page.context().close();
		await s.close();
	}
});
