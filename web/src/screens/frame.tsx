/* SPDX-License-Identifier: GPL-3.0-or-later */
// A mail's HTML in a sandboxed document of its own: as high as what it holds, scaled where it is too wide, its quote folded,
// and a strip over it that says which pictures are not shown and why. Only docket is ever asked for a picture.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Message, PictureState } from '../api-types';
import { frame as de } from '../i18n/de/frame';
import { frame as en } from '../i18n/en/frame';
import { lang } from '../prefs';
import { failed, toast } from '../toasts';
import { Icon, type IconName } from '../ui/icon';

const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';
const TALLEST = 30_000;
const NARROWEST = 0.4;
const PATIENCE = 20_000;

/** What the server says of a frame on its root. */
interface Counts {
	blocked: number;
	waiting: number;
	gone: number;
	pixels: number;
	always: boolean;
}

/** Pictures of this ticket came: every frame of it is drawn anew. */
const came = signal({ ticket: 0, round: 0 });

function countsOf(doc: Document): Counts {
	const d = doc.documentElement.dataset;
	return { blocked: Number(d.blocked ?? 0), waiting: Number(d.waiting ?? 0), gone: Number(d.gone ?? 0), pixels: Number(d.pixels ?? 0), always: d.always === 'true' };
}

/** As wide as there is room, without a bar to scroll by: a mail made for a wide window becomes smaller. */
function fit(f: HTMLIFrameElement) {
	const doc = f.contentDocument;
	if (!doc?.body)
		return;
	const body = doc.body;
	body.style.setProperty('zoom', '1');
	const ratio = f.clientWidth / Math.max(body.scrollWidth, 1);
	if (ratio < 0.999)
		body.style.setProperty('zoom', String(Math.max(NARROWEST, ratio)));
	f.style.height = `${Math.min(TALLEST, Math.max(24, Math.ceil(doc.documentElement.getBoundingClientRect().height)))}px`;
}

/** Is there a quote, and are there words beside it? */
function quoteOf(doc: Document): boolean {
	if (!doc.querySelector('[data-quote]'))
		return false;
	if (doc.body.innerText.trim() !== '')
		return true;
	doc.documentElement.dataset.open = '';
	return false;
}

function Frame({ m, title, open, onRead }: { m: Message; title: string; open: boolean; onRead: (doc: Document) => void }) {
	const ref = useRef<HTMLIFrameElement>(null);
	useEffect(() => {
		const f = ref.current!;
		let seen: ResizeObserver | undefined;
		const loaded = () => {
			seen?.disconnect();
			const doc = f.contentDocument;
			if (!doc?.body || doc.URL === 'about:blank')
				return;
			onRead(doc);
			fit(f);
			let width = f.clientWidth;
			seen = new ResizeObserver(() => {
				// Its height is our own doing.
				const now = f.clientWidth;
				if (now !== width || Math.abs(f.clientHeight - doc.documentElement.getBoundingClientRect().height) > 1)
					fit(f);
				width = now;
			});
			seen.observe(doc.body);
			seen.observe(f);
		};
		f.addEventListener('load', loaded);
		loaded();
		return () => {
			f.removeEventListener('load', loaded);
			seen?.disconnect();
		};
	}, []);
	useEffect(() => {
		const f = ref.current!;
		f.contentDocument?.documentElement.toggleAttribute('data-open', open);
		fit(f);
	}, [open]);
	return <iframe ref={ref} class="mailframe" sandbox={SANDBOX} title={title} loading="lazy" referrerpolicy="no-referrer" src={`/api/v1/messages/${m.id}/html`} />;
}

/** Asks until nothing waits any more, or for as long as somebody would wait. */
async function arrival(id: number, state: PictureState) {
	const end = Date.now() + PATIENCE;
	for (let pause = 150; state.waiting > 0 && Date.now() < end; pause = Math.min(pause * 1.5, 1500)) {
		await new Promise((done) => setTimeout(done, pause));
		state = await get<PictureState>(`/messages/${id}/pictures`);
	}
}

function usePictures(m: Message, ticket: number) {
	const [busy, setBusy] = useState(false);
	const w = lang.value === 'en' ? en : de;
	const fetchAll = async () => {
		setBusy(true);
		try {
			await arrival(m.id, await call<PictureState>('POST', `/messages/${m.id}/pictures`));
			came.value = { ticket, round: came.peek().round + 1 };
		} catch (e) {
			failed(e, () => void fetchAll());
		}
		setBusy(false);
	};
	const always = async (on: boolean) => {
		try {
			await call('PUT', `/messages/${m.id}/pictures`, { body: { always: on } });
		} catch (e) {
			return failed(e, () => void always(on));
		}
		toast({ text: on ? w.alwaysOn(m.author) : w.alwaysOff(m.author), action: { label: w.undo, run: () => void always(!on) } });
		if (on)
			await fetchAll();
		else
			came.value = { ticket, round: came.peek().round + 1 };
	};
	return { busy, fetchAll, always };
}

/** The mail of a message as its sender made it. */
export function MailFrame({ m, ticket }: { m: Message; ticket: number }) {
	const w = lang.value === 'en' ? en : de;
	const [counts, setCounts] = useState<Counts | null>(null);
	const [quoted, setQuoted] = useState(false);
	const [open, setOpen] = useState(false);
	const asked = useRef(false);
	const { busy, fetchAll, always } = usePictures(m, ticket);
	const round = came.value.ticket === ticket ? came.value.round : 0;
	const read = (doc: Document) => {
		const c = countsOf(doc);
		setCounts(c);
		setQuoted(quoteOf(doc));
		// Once for each time it is opened: what is not to be had must not be asked for again and again.
		if (c.always && c.blocked > 0 && !asked.current) {
			asked.current = true;
			void fetchAll();
		}
	};
	const strip = (icon: IconName, text: string, ...buttons: (preact.ComponentChild)[]) => (
		<div class="state strip pictures" role="status"><Icon name={icon} size="xs" />
			<span>{text}{counts && counts.pixels > 0 && <span class="said"> {w.pixels(counts.pixels)}</span>}</span>
			<span class="does">{buttons}</span></div>
	);
	const button = (label: string, run: () => void) => <button key={label} type="button" class="btn sm" onClick={run}>{label}</button>;
	const bar = () => {
		if (busy)
			return strip('i-clock', w.loading);
		if (!counts)
			return null;
		if (counts.blocked > 0)
			return strip('i-shield-check', w.blocked(counts.blocked), button(w.show, () => void fetchAll()), m.email && !counts.always ? button(w.always, () => void always(true)) : null);
		if (counts.waiting > 0)
			return strip('i-clock', w.waiting(counts.waiting), button(w.look, () => void fetchAll()));
		if (counts.gone > 0)
			return strip('i-circle-alert', w.gone(counts.gone), button(w.again, () => void fetchAll()));
		if (counts.always)
			return strip('i-shield-check', w.isAlways, button(w.stop, () => void always(false)));
		return counts.pixels > 0 ? strip('i-shield-check', '') : null;
	};
	return (
		<>
			{bar()}
			<div class="paper"><Frame key={round} m={m} title={w.title(m.author)} open={open} onRead={read} /></div>
			{quoted && (
				<div class="body"><button type="button" class="quote" aria-expanded={open} aria-label={open ? w.unquote : w.quote} title={open ? w.unquote : w.quote}
					onClick={() => setOpen(!open)}>···</button></div>
			)}
		</>
	);
}
