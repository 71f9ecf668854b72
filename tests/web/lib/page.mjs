/* SPDX-License-Identifier: GPL-3.0-or-later */
// What tests of the page share: TAP, Chromium, axe, a watch on the console, and waiting for conditions.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TOP = process.env.TOP ?? join(dirname(fileURLToPath(import.meta.url)), '../../..');
const need = createRequire(join(TOP, 'web/package.json'));
const { chromium } = need('playwright-core');
const axeSource = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

// Pages live for seconds here: compiling their scripts costs more than it saves.
const ARGS = ['--js-flags=--jitless', '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
const SHOTS = process.env.SHOTS ?? join(process.env.TEST_DIR ?? '/tmp', 'shots');

let count = 0;
let bad = 0;

/** One line of TAP. */
export function ok(is, what, more = '') {
	count++;
	if (!is)
		bad++;
	console.log(`${is ? 'ok' : 'not ok'} ${count} - ${what}`);
	if (!is && more)
		console.log(String(more).split('\n').map((l) => `# ${l}`).join('\n'));
	return is;
}
export const is = (got, want, what) => ok(got === want, what, `got:  ${JSON.stringify(got)}\nwant: ${JSON.stringify(want)}`);
export const figure = (text) => console.log(`# figure: ${text}`);

/** Waits until a function gives something true; what it gave, or null after the time. */
export async function until(fn, ms = 30000) {
	const end = Date.now() + ms;
	for (let pause = 15; ; pause = Math.min(90, pause * 1.3)) {
		const value = await fn();
		if (value)
			return value;
		if (Date.now() > end)
			return null;
		await new Promise((done) => setTimeout(done, pause));
	}
}

/** Starts Chromium, runs the test, prints the plan, ends everything. */
export async function run(test) {
	const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ARGS });
	mkdirSync(SHOTS, { recursive: true });
	try {
		await test(browser);
	} catch (e) {
		ok(false, 'the test runs to its end', e.stack ?? e);
	}
	await browser.close();
	console.log(`1..${count}`);
	process.exit(bad > 0 ? 1 : 0);
}

/** A page with its own storage; `said` gathers what the console had to complain about. */
export async function open(browser, url, { width = 1440, height = 900, dark = false, lang = 'de', touch = false, fresh = false, told = true } = {}) {
	const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: lang === 'de' ? 'de-DE' : 'en-GB', hasTouch: touch, reducedMotion: 'reduce' });
	await context.addInitScript(([l, known, old]) => {
		localStorage.getItem('docket.lang') ?? localStorage.setItem('docket.lang', l);
		if (known)
			localStorage.setItem('docket.in', '1');
		if (old) // what failed long ago in the made-up shop
			localStorage.setItem('docket.failed', '999999');
	}, [lang, !fresh, told]);
	context.setDefaultTimeout(60000);
	const page = await context.newPage();
	page.said = [];
	page.expected = [];
	page.on('console', (m) => {
		if (['error', 'warning'].includes(m.type()) && !page.expected.some((rx) => rx.test(m.text())))
			page.said.push(m.text());
	});
	page.on('pageerror', (e) => page.said.push(e.stack ?? String(e)));
	await page.goto(url);
	return page;
}

export const quiet = (page, what) => ok(page.said.length === 0, `${what}: no word in the console`, page.said.join('\n'));

/** Holds what is shown against WCAG 2.2 AA. The scanner is put in by the test and not by the page. A look at a whole page
 *  costs two seconds of computing: one for each screen, and not where only the words are others. */
export async function accessible(page, what) {
	if (!await page.evaluate(() => 'axe' in window))
		await page.evaluate(axeSource);
	const { violations } = await page.evaluate(() => window.axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false, resultTypes: ['violations'],
	}));
	ok(violations.length === 0, `${what}: axe finds nothing`,
		violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 160)} ${n.failureSummary?.replace(/\s+/g, ' ').slice(0, 240)}`).join('\n  ')}`).join('\n'));
}

export const shot = (page, name) => page.screenshot({ path: join(SHOTS, `${name}.png`) });

/** Nothing is wider than the window. */
export async function fits(page, what) {
	const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth);
	ok(!wide, `${what}: no sideways scroll`);
}
