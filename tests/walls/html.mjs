/* SPDX-License-Identifier: GPL-3.0-or-later */
// Run by html.t. A script that runs asks this server for /ran/NUMBER; one that reaches the page says so too.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOP, figure, is, ok, run, until } from '../web/lib/page.mjs';
import { vectors } from './vectors.mjs';

// The frame's own policy, as the server sends it.
const source = readFileSync(join(TOP, 'src/http/reply.c'), 'utf8');
const POLICY = [.../reply_frame\(struct[\s\S]*?"Content-Security-Policy",([\s\S]*?)\);/.exec(source)[1].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join('');
const SANDBOX = /SANDBOX = '([^']*)'/.exec(readFileSync(join(TOP, 'web/src/screens/frame.tsx'), 'utf8'))[1];
const PAGE = 120;
const TOGETHER = 20; // cleaned vectors share a frame: each is balanced, and its script says its own number

function clean(all) {
	const out = execFileSync(join(TOP, 'build/tests/walls/clean'), { input: all.map((v) => `${v.html}\0`).join(''), maxBuffer: 1 << 28 });
	return out.toString('utf8').split('\0').slice(0, -1);
}

/** Serves pages of frames, and remembers which vector ran where. */
function serve(cleaned) {
	const ran = new Map();
	const made = {};
	const server = createServer((req, res) => {
		const u = new URL(req.url, 'http://x');
		const [, kind, wall, n] = u.pathname.split('/');
		if (kind === 'ran') {
			ran.set(wall, (ran.get(wall) ?? new Set()).add(Number(n)));
			return res.writeHead(200, { 'Content-Type': 'image/gif' }).end();
		}
		if (kind === 'frame' && /^\d+$/.test(n)) {
			const v = (made[wall] ??= vectors(`/ran/${wall}/`))[Number(n)];
			res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...(wall === 'sandbox' ? { 'Content-Security-Policy': POLICY } : {}) });
			const body = wall === 'clean' ? cleaned.slice(Number(n), Number(n) + TOGETHER).join('\n') : v.html;
			return res.end(`<!doctype html><html><head><meta charset="utf-8"></head><body>${body}</body></html>`);
		}
		if (kind === 'page') {
			const from = Number(n);
			const count = (made[wall] ??= vectors(`/ran/${wall}/`)).length;
			const box = wall === 'sandbox' ? ` sandbox="${SANDBOX}"` : '';
			let frames = '';
			for (let k = from; k < Math.min(from + PAGE, count); k += wall === 'clean' ? TOGETHER : 1)
				frames += wall === 'none' && made[wall][k].kind === 'leaving' ? '' : `<iframe${box} data-n="${k}" src="/frame/${wall}/${k}" width="90" height="40"></iframe>`;
			res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
			return res.end(`<!doctype html><title>page</title><body data-secret="untouched">${frames}</body>`);
		}
		res.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>elsewhere</p>');
	});
	return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ ran, url: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } })));
}

/** Everything that a person could set off in a frame, at once: pointer, focus, keys, clicks on what is no link. */
const provoke = () => {
	for (const f of document.querySelectorAll('iframe')) {
		const doc = f.contentDocument;
		for (const e of doc?.querySelectorAll('*') ?? []) {
			for (const kind of ['mouseover', 'mouseenter', 'mousemove', 'pointerover', 'focus', 'focusin', 'blur', 'toggle', 'input', 'change', 'submit', 'keydown', 'wheel', 'error', 'load', 'animationstart', 'transitionend', 'beforetoggle', 'scroll'])
				e.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
			if (e.hasAttribute('href') && /^\s*javascript/i.test(e.getAttribute('href')) || e.matches('button, summary, input, details'))
				e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
		}
	}
};

async function walk(browser, s, wall, count) {
	const moved = [];
	for (let from = 0; from < count; from += PAGE) {
		const page = await browser.newPage();
		page.on('dialog', (d) => void d.dismiss());
		page.on('popup', (p) => moved.push(`a window: ${p.url()}`));
		page.setDefaultTimeout(60000);
		await page.goto(`${s.url}/page/${wall}/${from}`, { waitUntil: 'commit' });
		// Without walls some never come to an end: what ran until then counts.
		await until(() => page.evaluate(() => document.readyState === 'complete'), wall === 'none' ? 4000 : 30000);
		await page.evaluate(provoke);
		// Another question to the same server, after everything that these pages had to ask.
		await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => fetch('/end').then(done)))));
		if (page.url() !== `${s.url}/page/${wall}/${from}` || await page.title() !== 'page' || await page.evaluate(() => document.body?.dataset.secret) !== 'untouched')
			moved.push(`the page: ${page.url()}`);
		const gone = await page.evaluate(() => [...document.querySelectorAll('iframe')].filter((f) => {
			try { return f.contentWindow.location.pathname !== new URL(f.src).pathname; } catch { return true; }
		}).map((f) => f.dataset.n));
		moved.push(...gone.map((n) => `frame ${n}`));
		await page.close();
	}
	return { moved, ran: [...(s.ran.get(wall) ?? [])].sort((a, b) => a - b) };
}

await run(async (browser) => {
	const all = vectors('/ran/none/');
	const s = await serve(clean(vectors('/ran/clean/')));
	const name = (n) => `${all[n].kind}: ${all[n].html.slice(0, 200)}`;
	const names = (r) => [...r.ran.map(name), ...r.moved.map((m) => (/frame (\d+)/.test(m) ? `moved: ${name(Number(m.slice(6)))}` : m))].slice(0, 12).join('\n');
	const kinds = new Set(all.map((v) => v.kind));
	ok(all.length >= 400 && kinds.size >= 15, `${all.length} vectors in ${kinds.size} classes`);
	const [none, cleaned, boxed] = await Promise.all([walk(browser, s, 'none', all.length), walk(browser, s, 'clean', all.length), walk(browser, s, 'sandbox', all.length)]);
	ok(none.ran.length > 80, `without walls ${none.ran.length} of them run: they bite`);
	is(names(cleaned), '', 'the cleaner alone: 0 scripts, 0 navigations');
	is(names(boxed), '', 'the sandbox alone: 0 scripts, 0 navigations');
	figure(`${all.length} vectors in ${kinds.size} classes: ${none.ran.length} run without walls; 0 with the cleaner alone, 0 with the sandbox alone`);
	await s.close();
});
