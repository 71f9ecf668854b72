/* SPDX-License-Identifier: GPL-3.0-or-later */
// Run by remote.t: mails that load from the net, the strip over them, and who asked for what.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { accessible, figure, fits, is, ok, open, quiet, run, shot, until } from '../web/lib/page.mjs';

const { URL: url, PASSWORD: password, DOCKET: docket, ASKED, S, H } = process.env;
const questions = () => readFileSync(ASKED, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
const connections = () => readFileSync(`${ASKED}.connections`, 'utf8').length;

function docketCall(login, method, path, body) {
	const out = execFileSync(docket, ['call', '--agent', login, method, path, ...(body ? [JSON.stringify(body)] : [])], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
	return out.startsWith('{') || out.startsWith('[') ? JSON.parse(out) : out;
}

/** A mail of HTML becomes a ticket; its ticket's and its message's id. */
function arrive(from, subject, html) {
	const mail = [`From: Nora Neu <${from}>`, 'To: service@shop.test', `Subject: ${subject}`, `Message-ID: <${Math.random()}@post.example>`, `Date: ${new Date().toUTCString()}`,
		'MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64', '', Buffer.from(html).toString('base64').replace(/.{76}/g, '$&\r\n'), ''].join('\r\n');
	execFileSync(docket, ['ingest', '--account', 'service'], { input: mail, stdio: ['pipe', 'pipe', 'pipe'] });
	const t = docketCall('anna', 'GET', '/tickets?limit=1').tickets[0];
	return { ticket: t.id, message: t.last_message_id };
}

/** Every way to load something; @ becomes an address of its own on the web server. */
const LOADS = [
	'<img src="@">', '<img src=@ alt=x>', "<IMG SRC='@'>", '<img srcset="@ 1x, @ 2x" src="x:">', '<img src="x:" srcset="@">', '<img lowsrc="@">', '<img dynsrc="@">', '<img src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'><image href=\'@\'/></svg>">',
	'<picture><source srcset="@"><img src="x:"></picture>', '<image src="@">', '<input type="image" src="@">', '<button style="background:url(@)">x</button>',
	'<body background="@">', '<table background="@"><tr><td>x</td></tr></table>', '<table><tr><td background="@">x</td></tr></table>', '<table><tr background="@"><td>x</td></tr></table>',
	'<div style="background:url(@)">x</div>', '<div style="background-image:url(\'@\')">x</div>', '<div style="background:u\\72l(@)">x</div>', '<div style="background:URL(@)">x</div>', '<div style="--x:url(@);background:var(--x)">x</div>',
	'<div style="background:image-set(\'@\' 1x)">x</div>', '<div style="background:-webkit-image-set(url(@) 1x)">x</div>', '<div style="background:cross-fade(url(@),url(@),50%)">x</div>', '<div style="background:/**/url(@)">x</div>',
	'<ul style="list-style-image:url(@)"><li>x</li></ul>', '<ul style="list-style:url(@)"><li>x</li></ul>', '<div style="border-image:url(@) 1">x</div>', '<div style="cursor:url(@),auto">x</div>', '<div style="content:url(@)">x</div>',
	'<div style="mask-image:url(@)">x</div>', '<div style="clip-path:url(@#a)">x</div>', '<div style="filter:url(@#a)">x</div>', '<div style="shape-outside:url(@)">x</div>', '<div style="behavior:url(@)">x</div>', '<div style="src:url(@)">x</div>',
	'<style>@import "@";</style>x', '<style>@import url(@);</style>x', '<style>body{background:url(@)}</style>x', '<style>@font-face{font-family:f;src:url(@)}p{font-family:f}</style><p>x</p>', '<style>li::marker{content:url(@)}</style>x', '<style>@\\69mport "@";</style>x',
	'<link rel="stylesheet" href="@">', '<link rel="prefetch" href="@">', '<link rel="preload" as="image" href="@">', '<link rel="dns-prefetch" href="@"><link rel="preconnect" href="@">', '<link rel="icon" href="@">', '<link rel="modulepreload" href="@">',
	'<meta http-equiv="refresh" content="0;url=@">', '<base href="@"><img src="a.png">', '<iframe src="@"></iframe>', '<frameset><frame src="@"></frameset>', '<object data="@"></object>', '<embed src="@">', '<applet code="@"></applet>',
	'<video poster="@" src="@"></video>', '<audio src="@" autoplay></audio>', '<video><source src="@"><track src="@"></video>', '<svg><image href="@"/><use href="@#a"/><feImage href="@"/></svg>', '<svg><animate attributeName="href" values="@"/><image xlink:href="@"/></svg>',
	'<math><mtext><img src="@"></mtext></math>', '<script src="@"></script>', '<bgsound src="@">', '<isindex action="@">', '<xml src="@"></xml>', '<html manifest="@">', '<form action="@"><input autofocus></form>', '<a href="@" ping="@">x</a>', '<blockquote cite="@">x</blockquote>', '<noscript><img src="@"></noscript>',
];
const frameOf = (page) => page.frameLocator('.mailframe').first();

async function login(browser, opts = {}) {
	const page = await open(browser, url, { fresh: true, ...opts });
	await page.locator('input').first().fill('anna');
	await page.locator('input[type=password]').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.row').first().waitFor();
	return page;
}
async function show(page, ticket) {
	await page.goto(`${url}/f/inbox/${ticket}`);
	await page.locator('article.msg').first().waitFor();
	if (await page.locator('.mailframe').count() === 0)
		await page.getByRole('button', { name: 'Als HTML zeigen' }).first().click();
	await page.locator('.mailframe').first().waitFor();
	await frameOf(page).locator('body').waitFor();
}
/** The frame has everything that it will ever load; nothing is drawn by a script of its own, so the page's clock counts. */
const whole = (page) => until(() => page.evaluate(() => new Promise((done) => {
	const all = [...document.querySelectorAll('.mailframe')];
	requestAnimationFrame(() => requestAnimationFrame(() => done(all.length > 0 && all.every((f) => f.contentDocument?.readyState === 'complete'))));
})));
const drawn = (page) => frameOf(page).locator('img[src]').evaluateAll((all) => all.filter((i) => i.complete && i.naturalWidth > 0).length).catch(() => 0); // it may just be drawn anew
const strip = (page) => page.locator('.pictures').first();

async function loads(page) {
	let n = 0;
	const html = LOADS.map((l) => `<p>${l.replace(/@(?!\\69mport|import|font-face)/g, () => `${n % 2 ? S : H}/load/${++n}`)}</p>`).join('\n');
	const t = arrive('loads@shop.example', 'Alles auf einmal', html);
	await show(page, t.ticket);
	await strip(page).getByText('aus dem Netz').waitFor();
	await whole(page);
	is(`${questions().length} ${connections()}`, '0 0', `${LOADS.length} ways to load: 0 requests and 0 connections before the click`);
	await strip(page).getByRole('button', { name: 'Bilder anzeigen' }).click();
	await strip(page).getByText('nicht zu haben').waitFor();
	await whole(page);
	const asked = questions();
	ok(asked.length > 0 && asked.every((q) => q.headers['user-agent'] === 'docket'), `after it docket asks, ${asked.length} times, and the browser never`, JSON.stringify(asked.filter((q) => q.headers['user-agent'] !== 'docket').slice(0, 3)));
	is(asked.length, connections(), 'nor does it connect');
	ok(asked.every((q) => !q.headers.cookie && !q.headers.referer && q.method === 'GET'), 'without cookie and referrer');
	is(new Set(asked.map((q) => q.path)).size, asked.length, 'each address once');
	figure(`${LOADS.length} ways to load from the net (${n} addresses): 0 requests before the click, ${asked.length} by docket after it, 0 by the browser`);
	// That the capture works: the same browser, without docket's walls.
	const bare = await page.context().newPage();
	await bare.setContent(`<img src="${H}/control">`);
	ok(await until(() => questions().some((q) => q.path === '/control' && q.headers['user-agent'] !== 'docket')), 'a page without walls is seen to load');
	await bare.close();
}

const KINDS = [
	[`${'S'}/png/1`, 'here'], [`${'H'}/png/2`, 'here'], ['S/gif', 'here'], ['S/webp', 'here'], ['S/jpeg', 'here'], ['S/lying', 'here'], ['S/go?to=/png/3', 'here'],
	['S/dot', 'pixel'], ['S/svg', 'type'], ['S/html', 'type'], ['S/flood', 'type'], ['S/cut', 'type'], ['S/status/404', 'status'], ['S/status/500', 'status'], ['S/big?n=6000000', 'size'], ['S/drip', 'timeout'],
	['S/go?to=http://127.0.0.1:5432/', 'forbidden'], ['S/go?to=https://169.254.169.254/', 'forbidden'], ['S/go?to=file:///etc/passwd', 'url'], ['http://127.0.0.1/x.png', 'forbidden'], ['https://10.0.0.1/x.png', 'forbidden'], ['S/go?to=/go%3Fto%3D/go%253Fto%253D/go%25253Fto%25253D/png', 'hops'],
].map(([a, why]) => [a.replace(/^S/, S).replace(/^H/, H), why]);

async function kinds(page) {
	const t = arrive('arten@shop.example', 'Arten von Bildern', '<p>Alle Arten</p>' + KINDS.map(([a, why]) => `<img src="${a}" alt="${why}">`).join(' ') + `<img src="${S}/seen.gif" width="1" height="1">`);
	await show(page, t.ticket);
	ok(await until(async () => (await strip(page).innerText()).includes(`${KINDS.length} Bilder aus dem Netz`)), 'the strip counts them, without the pixel', await strip(page).innerText());
	ok((await strip(page).innerText()).includes('Zählpixel'), 'and says that it was left out');
	await accessible(page, 'blocked pictures');
	await shot(page, 'pictures-blocked');
	await strip(page).getByRole('button', { name: 'Bilder anzeigen' }).click();
	await strip(page).getByText('14 Bilder waren nicht zu haben').waitFor();
	ok(await until(async () => (await drawn(page)) >= 4), 'pictures are drawn', await frameOf(page).locator('body').innerHTML());
	await shot(page, 'pictures-shown');
	const rows = Object.fromEntries(execFileSync('psql', ['-AtXF', '\t', '-c', "select url, coalesce(reason, state) from picture"], { encoding: 'utf8' }).split('\n').filter(Boolean).map((l) => l.split('\t')));
	const wrong = KINDS.filter(([a, why]) => rows[a] !== why).map(([a, why]) => `${a}: ${rows[a]} instead of ${why}`);
	is(wrong.join('\n'), '', `${KINDS.length} kinds of answers: each is kept or refused as it should be`);
	ok(!questions().some((q) => q.path === '/seen.gif'), 'nobody asked for the pixel');
	is(execFileSync('psql', ['-AtXc', 'select count(*) from picture where state = \'here\' and size > 5 * 1048576'], { encoding: 'utf8' }).trim(), '0', 'nothing larger than 5 MiB is kept');

	const before = questions().length;
	await show(page, t.ticket);
	ok(await until(async () => (await drawn(page)) >= 4), 'opened again, they are shown without a click');
	is(questions().length, before, 'and nobody is asked again');
	// The frame's address of a picture is good for this picture of this message, and for who may see the ticket.
	const src = await frameOf(page).locator('img[src]').first().getAttribute('src');
	const status = (path) => page.evaluate(async (p) => (await fetch(p)).status, path);
	page.expected.push(/404/);
	is(await status(src), 200, 'a signed address of a picture');
	is(await status(src.replace(/sig=./, (x) => (x === 'sig=a' ? 'sig=b' : 'sig=a'))), 404, 'with another signature there is none');
	is(await status(src.replace(/pictures\/\d+/, 'pictures/1')), 404, 'nor for another picture');
	is(await status(src.replace(/messages\/\d+/, 'messages/1000000000')), 404, 'nor of another message');
	const head = await page.evaluate(async (p) => { const r = await fetch(p); return [r.headers.get('content-type'), r.headers.get('x-content-type-options'), r.headers.get('content-security-policy')].join('|'); }, src);
	is(head, "image/png|nosniff|sandbox; default-src 'none'", 'it comes with its own type and a policy');
}

async function always(page) {
	const mail = (k) => arrive('Brief@Shop.example', `Newsletter ${k}`, `<p>Ausgabe ${k}</p><img src="${S}/png/n${k}" width="40" height="30">`);
	const [one, two] = [mail(1), mail(2)];
	await show(page, one.ticket);
	await strip(page).getByRole('button', { name: 'Immer für diesen Absender' }).click();
	ok(await until(async () => (await drawn(page)) === 1), 'always for this sender: shown now');
	await show(page, two.ticket);
	ok(await until(async () => (await drawn(page)) === 1), 'and in his next mail without a click');
	await shot(page, 'pictures-always');
	await strip(page).getByRole('button', { name: 'Nicht mehr immer' }).click();
	await page.getByText('nur auf Wunsch').waitFor();
	const three = mail(3);
	await show(page, three.ticket);
	await strip(page).getByText('aus dem Netz').waitFor();
	is(questions().filter((q) => q.path === '/png/n3').length, 0, 'taken back: the next one waits for a click again');
	ok(docketCall('ben', 'GET', `/messages/${two.message}/html`).includes('data-blocked="0"'), 'what came is shown to colleagues too');
	ok(docketCall('ben', 'GET', `/messages/${three.message}/html`).includes('data-blocked="1"'), 'what was not asked for is not');
}

const NEWSLETTER = `<html><body bgcolor="#efefef" style="margin:0"><table width="100%" cellpadding="0" cellspacing="0" bgcolor="#efefef"><tr><td align="center">
<table width="640" cellpadding="0" cellspacing="0" bgcolor="#ffffff" style="border:1px solid #ddd"><tr><td style="background:#123a5c;color:#fff;padding:24px;font:bold 24px Georgia,serif">Haus Lindemann · Herbstlicht</td></tr>
<tr><td><img src="${S}/png/hero" width="640" height="200" alt="Lampen im Herbst"></td></tr>
<tr><td style="padding:24px;font:16px/1.5 Arial,sans-serif">Guten Tag,<br><br>unsere neuen Leuchten sind da. <a href="https://klick.versand.example/x?y=1" style="color:#1d4ed8">www.haus-lindemann.de/herbst</a></td></tr>
<tr><td><table width="100%"><tr><td width="50%" style="padding:12px"><img src="${S}/png/a" width="296" height="180" alt="Modell A"><br><b>Modell A</b> 79,00 €</td><td width="50%" style="padding:12px"><img src="${S}/status/404" width="296" height="180" alt="Modell B"><br><b>Modell B</b> 99,00 €</td></tr></table></td></tr>
<tr><td style="padding:16px;color:#777;font:12px Arial">Abmelden: <a href="https://haus-lindemann.de/weg">hier</a><img src="${S}/open.gif" width="1" height="1"></td></tr></table></td></tr></table>
<div class="gmail_quote">Am Montag schrieb der Kundendienst:<blockquote>Ein altes Zitat</blockquote></div></body></html>`;

async function looks(browser) {
	const t = arrive('herbst@shop.example', 'Herbstlicht', NEWSLETTER);
	for (const [name, opts] of Object.entries({ wide: {}, dark: { dark: true }, phone: { width: 390, height: 844, touch: true }, english: { lang: 'en' } })) {
		const page = await login(browser, opts);
		if (name === 'english')
			await page.goto(`${url}/f/inbox/${t.ticket}`).then(() => page.getByRole('button', { name: 'Show as HTML' }).first().click());
		else
			await show(page, t.ticket);
		await strip(page).waitFor();
		if (name === 'wide') {
			await shot(page, 'newsletter-blocked');
			await strip(page).getByRole('button').first().click();
			await strip(page).getByText('Ein Bild war', { exact: false }).or(strip(page).getByText('1 Bild war')).waitFor();
		}
		await until(async () => (await drawn(page)) === 2);
		const size = await frameOf(page).locator('html').evaluate((e) => [e.scrollWidth <= innerWidth + 1, e.getBoundingClientRect().height <= innerHeight + 1]);
		is(String(size), 'true,true', `${name}: the frame shows the whole mail without a bar to scroll by`);
		await fits(page, name);
		await accessible(page, `${name} newsletter`);
		ok(!(await frameOf(page).getByText('Ein altes Zitat').isVisible()), `${name}: the quote is folded`);
		await shot(page, `newsletter-${name}`);
		await page.locator('button.quote').first().click();
		ok(await until(() => frameOf(page).getByText('Ein altes Zitat').isVisible()), `${name}: and shown on demand`);
		if (name === 'wide') {
			const mark = await frameOf(page).locator('span[data-host]').evaluate((e) => getComputedStyle(e, '::after').content);
			ok(mark.includes('klick.versand.example'), 'a link whose words name another host shows the true one', mark);
		}
		quiet(page, name);
		await page.context().close();
	}
}

await run(async (browser) => {
	arrive('erste@shop.example', 'Erste Mail', '<p>Guten Tag</p>');
	const page = await login(browser);
	await loads(page);
	await kinds(page);
	await always(page);
	quiet(page, 'pictures');
	await page.context().close();
	await looks(browser);
});
