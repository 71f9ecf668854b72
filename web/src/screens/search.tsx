/* SPDX-License-Identifier: GPL-3.0-or-later */
// Search: answers while somebody types, the newest question wins, hits with their excerpt, pages without end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get, isAbort } from '../api';
import type { Excerpt as Place, Facets as Counts, Found, Hit, Note } from '../api-types';
import { foundIds, openId, openTicket } from '../desk';
import { pieces } from '../excerpt';
import { L, named } from '../i18n';
import { date, exact, number } from '../i18n/format';
import { go, route } from '../router';
import { keep, kept } from '../prefs';
import { can, ownerFace, putTicket, statusOf, ticketOf } from '../store';
import { sentence } from '../toasts';
import { Icon, Mark, type IconName } from '../ui/icon';
import { rememberQuery } from '../verbs';
import { Facets, useCounts } from './facets';
import { F } from './find-words';
import { Help, Keep } from './keep';
import { SearchBox } from './searchbox';

type Order = 'newest' | 'best';

interface State {
	q: string;
	hits: Hit[];
	next: string | null;
	searched: string | null;
	notes: Note[];
	instead: string | null;
	order: Order;
	rebuilding: boolean;
	took: number;
	busy: boolean;
	error: unknown;
}

const BLANK: State = { q: '', hits: [], next: null, searched: null, notes: [], instead: null, order: 'newest', rebuilding: false, took: 0, busy: false, error: null };
const PAUSE = 110;

/** The last answer, kept while a ticket is read, so that coming back finds it and its place. */
let last: State = BLANK;
let lastTop = 0;

const WHERE: Record<Place['where'], IconName> = { message: 'i-message-square-text', comment: 'i-lock', subject: 'i-mail', file: 'i-paperclip', attached: 'i-paperclip', people: 'i-user' };

function useSearch(q: string, order: Order) {
	const [s, setState] = useState<State>(last.q === q && last.order === order ? last : BLANK);
	const set = (next: State) => {
		last = next;
		setState(next);
		foundIds.value = [...new Set(next.hits.map((h) => h.ticket.id))];
	};
	const stop = useRef<AbortController | null>(null);
	const ask = async (after: string | null) => {
		stop.current?.abort();
		const mine = new AbortController();
		stop.current = mine;
		const began = performance.now();
		set({ ...last, busy: true, error: null });
		try {
			const f = await get<Found>('/search', { q, after, limit: 30, order }, mine.signal);
			f.hits.forEach((h) => putTicket(h.ticket));
			set({
				q, hits: after ? [...last.hits, ...f.hits] : f.hits, next: f.next, searched: f.searched_to, notes: f.notes, instead: after ? last.instead : f.instead, order, rebuilding: f.rebuilding,
				took: after ? last.took : Math.round(performance.now() - began), busy: false, error: null,
			});
		} catch (e) {
			if (!isAbort(e) && stop.current === mine)
				set({ ...last, q, busy: false, error: e });
		}
	};
	useEffect(() => {
		rememberQuery(q);
		if (!q.trim()) {
			stop.current?.abort();
			set(BLANK);
			return;
		}
		if (last.q === q && last.order === order && !last.error && (last.hits.length > 0 || last.took > 0))
			return;
		const t = setTimeout(() => void ask(null), PAUSE);
		return () => clearTimeout(t);
	}, [q, order]);
	useEffect(() => () => stop.current?.abort(), []);
	return { s, ask };
}

function Excerpt({ text, file }: { text: string; file: string | null }) {
	return <p class="ex">{file && `${file}: `}{pieces(text).map((p, k) => (p.mark ? <mark key={k}>{p.text}</mark> : p.text))}</p>;
}

function Result({ hit, here }: { hit: Hit; here: boolean }) {
	const t = hit.ticket;
	const st = statusOf(t);
	const w = L.value.search;
	const people = [t.from_name || t.customer || t.from_email, ...(ticketOf(t.id)?.value.owners ?? []).map((o) => ownerFace(o).name)].filter(Boolean);
	return (
		<article class="hit" aria-current={here ? 'true' : undefined} data-id={t.id}>
			<div class="reg"><div class="gut"><Mark category={st?.category} colour={st?.colour} /><span class="vh">{named(st?.name)}</span></div>
				<h2><a class="trunc cover" href={`/t/${t.id}`} onClick={(e) => { if (!e.ctrlKey && !e.metaKey && e.button === 0) { e.preventDefault(); openTicket(t.id); } }}>{t.subject || L.value.list.noSubject}</a>
					<span class="code">#{t.id}</span></h2></div>
			{hit.excerpts.map((h) => (
				<div class={`reg ${h.where === 'comment' || h.kind === 'comment' ? 'inner' : ''}`} key={`${h.message_id} ${h.where}`}>
					<div class="gut"><Icon name={WHERE[h.kind === 'comment' ? 'comment' : h.where]} size="xs" />{w.wheres[h.kind === 'comment' ? 'comment' : h.where]}</div>
					<Excerpt text={h.excerpt} file={h.where === 'attached' ? h.file : null} />
				</div>
			))}
			<div class="reg"><div class="gut" /><p class="sub trunc">{people.join(' · ')} · <time dateTime={hit.excerpts[0]!.at} title={exact(hit.excerpts[0]!.at)}>{date(hit.excerpts[0]!.at)}</time></p></div>
		</article>
	);
}

function Blank({ s, q }: { s: State; q: string }) {
	const w = L.value.search;
	if (s.error || s.hits.length > 0)
		return null;
	if (!q.trim())
		return (
			<div class="blank"><Icon name="i-search" /><h2>{w.start}</h2><p>{w.startText}</p></div>
		);
	return s.busy || s.q !== q ? null : <div class="blank" role="status"><Icon name="i-search" /><h2>{w.none}</h2><p>{w.noneText}</p></div>;
}

function Results({ s, q, more }: { s: State; q: string; more: () => void }) {
	const w = L.value.search;
	const box = useRef<HTMLDivElement>(null);
	const foot = useRef<HTMLDivElement>(null);
	useEffect(() => { if (box.current) box.current.scrollTop = lastTop; }, []);
	useEffect(() => {
		const f = foot.current;
		if (!f || !s.next || s.busy || s.error)
			return;
		const seen = new IntersectionObserver((e) => { if (e[0]?.isIntersecting) more(); }, { root: box.current, rootMargin: '600px' });
		seen.observe(f);
		return () => seen.disconnect();
	}, [s.next, s.busy, s.error]);
	return (
		<div ref={box} class="scroll results" tabIndex={0} role="region" aria-label={w.results} onScroll={(e) => { lastTop = e.currentTarget.scrollTop; }}>
			{s.hits.map((h) => <Result key={h.message_id} hit={h} here={openId.value === h.ticket.id} />)}
			<Blank s={s} q={q} />
			<div ref={foot} class="results-foot">
				{s.error !== null && <p class="bad" role="alert">{isAway(s.error) ? F.value.away : <>{w.error} {sentence(s.error)}</>} <button type="button" class="btn sm" onClick={more}>{L.value.fail.retry}</button></p>}
				{s.hits.length > 0 && !s.error && <p class="muted">{s.next ? (s.searched ? w.back(date(s.searched)) : `${w.busy}`) : w.end}</p>}
			</div>
		</div>
	);
}

/** There is no index at all: it is being built from the first message on. */
const isAway = (e: unknown) => e instanceof ApiError && e.code === 'index_away';

/** How many tickets: counted where the counting came to an end, else what it came to at least. */
function Total({ s, counts }: { s: State; counts: Counts | null }) {
	const w = L.value.search;
	const all = !s.next && s.hits.length > 0;
	const n = all ? s.hits.length : counts?.tickets ?? s.hits.length;
	const over = !all && (!counts || counts.more);
	return <span><b class="num">{over && n > 0 ? F.value.over(number(n)) : number(n)}</b> {F.value.tickets(n === 1 && !over)}{s.took > 0 && <span class="muted num"> {w.took(s.took)}</span>}</span>;
}

/** What was not taken as it was meant, and what may have been: one click asks it. */
function Meant({ s, type }: { s: State; type: (q: string) => void }) {
	const w = L.value.search;
	const again = (q: string) => <button type="button" class="link" onClick={() => type(q)}>{q}</button>;
	return (
		<>
			{s.notes.map((n) => (
				<span class="muted trunc" key={`${n.what} ${n.text}`}>{w.notes[n.what](n.text ?? '')}{n.instead && n.text && <> {F.value.meant} {again(s.q.replace(n.text, n.instead))}?</>}</span>
			))}
			{s.rebuilding && <span class="muted" role="status">{F.value.rebuilding}</span>}
			{s.instead && <span class="muted trunc">{F.value.meant} {again(s.instead)}?</span>}
		</>
	);
}

function Tools({ q, open }: { q: string; open: (what: 'keep' | 'watch' | 'help') => void }) {
	const f = F.value;
	const asks = q.trim() !== '';
	return (
		<>
			<button type="button" class="btn wide keep" aria-label={f.keep} title={f.keep} disabled={!asks} onClick={() => open('keep')}><Icon name="i-folder-plus" /><span>{f.keep}</span></button>
			<button type="button" class="btn bare ico" disabled={!asks} aria-label={f.watched} title={f.watched} onClick={() => open('watch')}><Icon name="i-bell" /></button>
			<button type="button" class="btn bare ico" aria-label={f.help} title={f.help} onClick={() => open('help')}><Icon name="i-circle-help" /></button>
		</>
	);
}

function Sort({ order, set }: { order: Order; set: (o: Order) => void }) {
	const f = F.value;
	return (
		<span class="seg push" role="group" aria-label={f.order}>
			{(['newest', 'best'] as const).map((o) => <button type="button" key={o} aria-pressed={order === o} onClick={() => set(o)}>{f[o]}</button>)}
		</span>
	);
}

/** The search page. */
export function Search() {
	const r = route.value;
	const w = L.value.search;
	const [q, setQ] = useState(r.view === 'search' ? r.q : '');
	const [order, setOrder] = useState<Order>(kept('order') === 'best' ? 'best' : 'newest');
	const [all, setAll] = useState(false);
	const [over, setOver] = useState<'keep' | 'watch' | 'help' | null>(null);
	const { s, ask } = useSearch(q, order);
	const counts = useCounts(q, all);
	useEffect(() => {
		if (r.view === 'search' && r.q !== q)
			setQ(r.q);
	}, [r]);
	const type = (text: string) => {
		setQ(text);
		setAll(false);
		lastTop = 0;
		go({ view: 'search', q: text, ticket: null }, true);
	};
	const Tag = openId.value === null ? 'main' : 'section';
	return (
		<Tag class="page searchpage" aria-label={w.label}>
			<h1 class="vh">{w.label}</h1>
			<div class="page-head" role="search">
				<SearchBox q={q} type={type} go={() => document.querySelector<HTMLElement>('.hit a')?.focus()} />
				{can('ticket.read') && <Tools q={q} open={setOver} />}
			</div>
			<div class="found">
				<span class="hstack" role="status">
					{q.trim() && !s.error && <Total s={s} counts={counts} />}
					<Meant s={s} type={type} />
					{s.busy && <span class="muted">{w.busy}</span>}
				</span>
				<Sort order={order} set={(o) => { keep('order', o); lastTop = 0; setOrder(o); }} />
			</div>
			<div class="search-grid">
				<Facets q={q} set={type} counts={counts} countOn={all ? null : () => setAll(true)} />
				<Results s={s} q={q} more={() => void ask(s.next)} />
			</div>
			{over === 'help' && <Help run={type} close={() => setOver(null)} />}
			{(over === 'keep' || over === 'watch') && <Keep q={q} watch={over === 'watch'} close={() => setOver(null)} />}
		</Tag>
	);
}
