/* SPDX-License-Identifier: GPL-3.0-or-later */
// Run by keeps.t. Each mail stands in two frames, without scripts and without a net: as sent, and cleaned in the
// server's own frame. PICTURES=1 also writes both side by side into SHOTS.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOP, figure, is, ok, run, until } from '../web/lib/page.mjs';
import { newsletters } from './newsletters.mjs';

const WIDE = 1000;
// The style of the frame stands under both, so that only the mails differ.
const FRAME = [.../static const char style\[\] =([\s\S]*?);\n\n/.exec(readFileSync(join(TOP, 'src/api/picture.c'), 'utf8'))[1].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join('');
const BASE = `<style>${FRAME}</style>`;

const cleaned = execFileSync(join(TOP, 'build/tests/walls/clean'), { input: newsletters.map(([, html]) => `${html}\0`).join('') }).toString('utf8').split('\0').slice(0, -1);
const sent = (html) => `<!doctype html>${BASE}${html.replace(/^\s*<!doctype[^>]*>/i, '')}`;
const shown = (html) => `<!doctype html><html data-open><head><meta charset="utf-8">${BASE}</head><body>${html}</body></html>`;

/** In the page: text, and for each piece of it the styles that the mail gave it, as sent and as shown. */
function compare(n) {
	const OWN = ['color', 'font-family', 'font-size', 'font-style', 'font-variant', 'font-weight', 'letter-spacing', 'line-height', 'text-align', 'text-indent', 'text-transform', 'text-shadow', 'text-decoration-line', 'white-space', 'word-spacing', 'word-break', 'direction', 'visibility', 'list-style-type', 'opacity'];
	const BOX = ['background-color', 'display', 'float', 'vertical-align', 'box-shadow', 'max-width', 'border-collapse', ...['top', 'right', 'bottom', 'left'].flatMap((s) => [`padding-${s}`, `margin-${s}`, `border-${s}-width`, `border-${s}-style`, `border-${s}-color`]), 'border-top-left-radius'];
	const [a, b] = ['sent', 'shown'].map((k) => document.querySelector(`iframe[data-n="${n}"].${k}`).contentDocument);
	const words = (doc) => doc.body.innerText.replace(/[\s\u00a0]+/g, ' ').trim();
	const letters = (doc) => {
		const all = [];
		const walk = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
		for (let t; (t = walk.nextNode());)
			if (!t.parentElement.closest('script,style,title') && t.parentElement.getClientRects().length > 0)
				for (const c of t.data.replace(/[\s\u00a0]+/g, ''))
					all.push([c, t.parentElement]);
		return all;
	};
	// The next box around: what has padding, border and ground.
	const box = (e) => {
		while (getComputedStyle(e).display.startsWith('inline') && e.parentElement && e.localName !== 'body' && getComputedStyle(e).display !== 'inline-block')
			e = e.parentElement;
		return e;
	};
	const ground = (e) => {
		for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (c !== 'rgba(0, 0, 0, 0)')
				return c;
		}
		return '';
	};
	const read = (e) => {
		const own = getComputedStyle(e), around = getComputedStyle(box(e));
		return { ...Object.fromEntries(OWN.map((p) => [p, own.getPropertyValue(p)])), ...Object.fromEntries(BOX.map((p) => [`box ${p}`, around.getPropertyValue(p)])), ground: ground(e) };
	};
	const texts = [words(a), words(b)];
	const from = letters(a), to = letters(b);
	const seen = new Map(), pairs = [];
	from.forEach(([, e], k) => {
		if (to[k] && seen.get(e) !== to[k][1]) {
			seen.set(e, to[k][1]);
			pairs.push({ e, as: read(e), is: read(to[k][1]), words: e.textContent.trim().slice(0, 30) });
		}
	});
	// The same without anything that styles: what differs from that is what the mail has given.
	a.querySelectorAll('style').forEach((s, k) => k > 0 && s.remove());
	for (const e of a.querySelectorAll('*'))
		for (const name of ['style', 'class', 'bgcolor', 'color', 'face', 'size', 'align', 'valign', 'border', 'cellpadding', 'cellspacing', 'text', 'link', 'background', 'dir', 'hidden', 'width', 'nowrap'])
			e.removeAttribute(name);
	let given = 0;
	const lost = [];
	for (const p of pairs) {
		const bare = read(p.e);
		for (const name of Object.keys(bare)) {
			if (p.as[name] === bare[name])
				continue;
			given++;
			if (p.as[name] !== p.is[name])
				lost.push(`${name} of "${p.words}": ${p.as[name]} became ${p.is[name]}`);
		}
	}
	return { texts, letters: [from.map(([c]) => c).join(''), to.map(([c]) => c).join('')], given, lost };
}

await run(async (browser) => {
	const context = await browser.newContext({ viewport: { width: 2 * WIDE + 20, height: 900 }, offline: true });
	const page = await context.newPage();
	await page.setContent(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>iframe{border:0;width:${WIDE}px;height:700px}div{white-space:nowrap}</style>`);
	await page.evaluate((all) => all.forEach((pair, n) => {
		const row = document.body.appendChild(document.createElement('div'));
		['sent', 'shown'].forEach((kind, k) => {
			const f = row.appendChild(document.createElement('iframe'));
			f.setAttribute('sandbox', 'allow-same-origin');
			f.className = kind;
			f.dataset.n = n;
			f.srcdoc = pair[k];
		});
	}), newsletters.map(([, html], n) => [sent(html), shown(cleaned[n])]));
	await until(() => page.evaluate(() => [...document.querySelectorAll('iframe')].every((f) => f.contentDocument?.URL === 'about:srcdoc' && f.contentDocument.readyState === 'complete')));
	if (process.env.PICTURES)
		for (const [n, row] of (await page.$$('div')).entries())
			await row.screenshot({ path: join(process.env.SHOTS, `${n}.png`) });
	let same = 0, given = 0, lost = 0;
	const differ = [];
	for (const [n, [who]] of newsletters.entries()) {
		const r = await page.evaluate(compare, n);
		if (r.texts[0] === r.texts[1] && r.letters[0] === r.letters[1] && r.texts[0] !== '')
			same++;
		else
			differ.push(`${who}\nas sent:  ${r.texts[0]}\nas shown: ${r.texts[1]}`);
		given += r.given;
		lost += r.lost.length;
		if (r.lost.length > 0)
			console.log(`# ${who}: ${r.lost.length} of ${r.given} styles lost\n${r.lost.slice(0, Number(process.env.LOST ?? 4)).map((l) => `#   ${l}`).join('\n')}`);
	}
	is(newsletters.length, 40, 'forty mails');
	is(differ.join('\n'), '', 'the visible text of each is the same as sent and as shown');
	ok(given > 1500 && (given - lost) / given >= 0.95, `of ${given} styles that mails give to their text at least 95 % are kept`, `${lost} lost`);
	figure(`${newsletters.length} newsletters and shop mails: visible text the same in ${same}; ${given - lost} of ${given} styles of their text kept (${(100 * (given - lost) / given).toFixed(1)} %)`);
});
