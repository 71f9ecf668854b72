/* SPDX-License-Identifier: GPL-3.0-or-later */
// The thread: a dated register, oldest first, older entries folded. What arrives is announced and moves nothing.
import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api';
import type { Detail, Event, Message } from '../api-types';
import { unfoldAll } from '../desk';
import { setMode } from '../drafts';
import { focus } from '../focus';
import { L } from '../i18n';
import { day } from '../i18n/format';
import { can, me } from '../store';
import { failed } from '../toasts';
import { Icon } from '../ui/icon';
import { EventLine, isShown } from './events';
import { Entry, Folded } from './message';

type Line = { at: string; message: Message } | { at: string; event: Event };

const OPEN_AT_END = 3;
const FOLDED_MOST = 4;

function lines(messages: Message[], events: Event[]): Line[] {
	const all: Line[] = [
		...events.filter(isShown).map((event) => ({ at: event.at, event })),
		...messages.map((message) => ({ at: message.created_at, message })),
	];
	return all.map((l, k) => ({ l, k, ms: Date.parse(l.at) })).sort((a, b) => a.ms - b.ms || a.k - b.k).map((x) => x.l);
}

/** The messages that begin unfolded: the last few, and every one that is unread. */
function planned(d: Detail): Set<number> {
	return new Set(d.messages.slice(-OPEN_AT_END).map((m) => m.id));
}

/** Opens at the newest entry, stays with it while frames grow, until somebody scrolls. */
function useEnd(id: number, ready: boolean) {
	const box = useRef<HTMLDivElement>(null);
	const inner = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const e = box.current;
		if (!e || !ready)
			return;
		let held = true;
		const settle = () => {
			if (!held)
				return;
			const last = [...inner.current!.querySelectorAll<HTMLElement>('[data-message]')].at(-1);
			const tall = last && last.offsetHeight > e.clientHeight;
			e.scrollTop = tall ? last.offsetTop - 8 : e.scrollHeight;
		};
		const free = () => { held = false; };
		settle();
		const grown = new ResizeObserver(settle);
		grown.observe(inner.current!);
		grown.observe(e);
		for (const kind of ['wheel', 'pointerdown', 'keydown', 'touchstart'])
			e.addEventListener(kind, free, { passive: true });
		const t = setTimeout(free, 4_000);
		return () => {
			clearTimeout(t);
			grown.disconnect();
			for (const kind of ['wheel', 'pointerdown', 'keydown', 'touchstart'])
				e.removeEventListener(kind, free);
		};
	}, [id, ready]);
	return { box, inner };
}

/** Counts messages of others that came while the thread was open and lie below what is seen. */
function useArrivals(d: Detail, box: { current: HTMLDivElement | null }) {
	const known = useRef<{ id: number; seen: Set<number> }>({ id: 0, seen: new Set() });
	const [fresh, setFresh] = useState<number[]>([]);
	useLayoutEffect(() => {
		const was = known.current;
		const ids = d.messages.map((m) => m.id);
		if (was.id !== d.ticket.id) {
			setFresh([]);
		} else {
			const more = d.messages.filter((m) => !was.seen.has(m.id));
			const e = box.current;
			if (more.some((m) => m.agent_id === me.peek()?.id) && e)
				e.scrollTop = e.scrollHeight;
			else if (more.length > 0)
				setFresh((f) => [...f, ...more.map((m) => m.id)]);
		}
		known.current = { id: d.ticket.id, seen: new Set(ids) };
	}, [d]);
	useEffect(() => {
		const e = box.current;
		if (!e || fresh.length === 0)
			return;
		const look = () => {
			if (e.scrollTop + e.clientHeight >= e.scrollHeight - 24)
				setFresh([]);
		};
		look();
		e.addEventListener('scroll', look, { passive: true });
		return () => e.removeEventListener('scroll', look);
	}, [fresh]);
	return fresh;
}

const PAGE = 100;

/** What comes on top of the thread moves nothing: it keeps its distance to the end. The browser anchors nothing that is scrolled to its top. */
function useAnchor(box: { current: HTMLDivElement | null }) {
	const left = useRef<number | null>(null);
	useLayoutEffect(() => {
		const e = box.current;
		if (e && left.current !== null)
			e.scrollTop = e.scrollHeight - left.current;
		left.current = null;
	});
	return () => { left.current = box.current && box.current.scrollHeight - box.current.scrollTop; };
}

/** Thread and history as far as they were loaded: the newest come with the ticket, older ones when somebody asks. */
function useHistory(d: Detail, box: { current: HTMLDivElement | null }) {
	const id = d.ticket.id;
	const known = useRef<{ id: number; events: Map<number, Event>; messages: Message[]; whole: boolean }>({ id, events: new Map(), messages: [], whole: false });
	const [busy, setBusy] = useState(false);
	const anchor = useAnchor(box);
	if (known.current.id !== id)
		known.current = { id, events: new Map(), messages: [], whole: false };
	for (const e of d.events)
		known.current.events.set(e.id, e);
	const events = [...known.current.events.values()].sort((a, b) => a.id - b.id);
	const newest = d.messages[0]?.id ?? 0;
	const messages = [...known.current.messages.filter((m) => m.id < newest), ...d.messages];
	const firstEvent = events[0];
	// Versions count the events of a ticket from 1 on.
	const more = { events: firstEvent !== undefined && firstEvent.version > 1, messages: !known.current.whole && d.messages.length >= PAGE };
	const load = async () => {
		setBusy(true);
		try {
			const [es, ms] = await Promise.all([
				more.events ? get<{ events: Event[] }>(`/tickets/${id}/events`, { before: String(firstEvent!.id), limit: '500' }) : { events: [] },
				more.messages ? get<{ messages: Message[] }>(`/tickets/${id}/messages`, { before: String(messages[0]!.id), limit: String(PAGE) }) : null,
			]);
			if (known.current.id !== id)
				return;
			for (const e of es.events)
				known.current.events.set(e.id, e);
			if (ms) {
				known.current.messages = [...ms.messages, ...messages];
				known.current.whole = ms.messages.length < PAGE;
			}
			anchor();
		} catch (e) {
			failed(e, () => void load());
		} finally {
			setBusy(false);
		}
	};
	return { events, messages, busy, older: more.events || more.messages ? () => void load() : undefined, begins: !more.messages };
}

function Day({ at }: { at: string }) {
	return <div class="reg day"><div class="gut"><h2>{day(at)}</h2></div><span /></div>;
}

interface Shown {
	line: Line;
	folded: boolean;
}

/** Decides what is shown of long threads: folded lines beyond a few hide behind one button. */
function arrange(all: Line[], open: ReadonlySet<number>, everything: boolean): { before: Shown[]; hidden: number; after: Shown[] } {
	const shown = all.map((line) => ({ line, folded: 'message' in line && !open.has(line.message.id) }));
	const firstOpen = shown.findIndex((s) => 'message' in s.line && !s.folded);
	if (everything || firstOpen <= FOLDED_MOST)
		return { before: [], hidden: 0, after: shown };
	return { before: shown.slice(0, 1), hidden: firstOpen - 2, after: shown.slice(firstOpen - 1) };
}

/** The conversation of a ticket. */
export function Thread({ d }: { d: Detail }) {
	const id = d.ticket.id;
	const w = L.value.thread;
	const [opened, setOpened] = useState<{ id: number; open: Set<number>; all: boolean }>({ id, open: planned(d), all: false });
	const state = opened.id === id ? opened : { id, open: planned(d), all: false };
	const { box, inner } = useEnd(id, true);
	const history = useHistory(d, box);
	const forced = unfoldAll.value?.ticket === id ? unfoldAll.value.all : null;
	const newest = d.messages.slice(-OPEN_AT_END).map((m) => m.id);
	const open = forced === true ? new Set(history.messages.map((m) => m.id)) : forced === false ? new Set(newest.slice(-1)) : new Set([...state.open, ...newest.slice(-1)]);
	const fresh = useArrivals(d, box);
	const unfold = (m: number) => {
		unfoldAll.value = null;
		setOpened({ ...state, open: new Set([...open, m]) });
	};
	const reply = can('ticket.write') ? () => { setMode(id, 'message'); focus('composer'); } : undefined;
	const plan = arrange(lines(history.messages, history.events), open, state.all || forced === true);
	let last = '';
	const draw = (s: Shown) => {
		const label = day(s.line.at);
		const head = label !== last && <Day at={s.line.at} />;
		last = label;
		const body = 'event' in s.line ? <EventLine event={s.line.event} />
			: s.folded ? <Folded m={s.line.message} onOpen={() => unfold((s.line as { message: Message }).message.id)} />
				: <Entry m={s.line.message} ticket={id} first={history.begins && s.line.message.id === history.messages[0]?.id} onReply={reply} />;
		return <Fragment key={'event' in s.line ? `e${s.line.event.id}` : `m${s.line.message.id}`}>{head}{body}</Fragment>;
	};
	return (
		<div class="threadbox">
			<div ref={box} class="thread scroll" tabIndex={0} role="region" aria-label={w.label} data-focus="thread">
				<div ref={inner} class="entries">
					{history.older && (
						<div class="reg more"><div class="gut" />
							<button type="button" class="btn bare sm" disabled={history.busy} onClick={history.older}><Icon name="i-history" size="xs" />{w.older}</button>
						</div>
					)}
					{plan.before.map(draw)}
					{plan.hidden > 0 && (
						<div class="reg more"><div class="gut" />
							<button type="button" class="btn bare sm" onClick={() => setOpened({ ...state, all: true })}>
								<Icon name="i-chevron-down" size="xs" />{w.more(plan.hidden)}
							</button>
						</div>
					)}
					{plan.after.map(draw)}
					{d.messages.length === 0 && <p class="blank">{w.empty}</p>}
				</div>
			</div>
			{fresh.length > 0 && (
				<button type="button" class="jump" onClick={() => {
					document.getElementById(`m-${fresh[0]}`)?.scrollIntoView({ block: 'nearest' });
					box.current?.focus({ preventScroll: true });
				}}>
					<Icon name="i-chevron-down" size="xs" />{w.fresh(fresh.length)}
				</button>
			)}
		</div>
	);
}
