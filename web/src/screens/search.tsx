/* SPDX-License-Identifier: GPL-3.0-or-later */
// Search: answers while somebody types, the newest question wins, hits with their excerpt, pages without end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, isAbort } from '../api';
import type { Excerpt as Place, Found, Hit, Note } from '../api-types';
import { foundIds, openId, openTicket } from '../desk';
import { pieces } from '../excerpt';
import { L, named } from '../i18n';
import { date, exact, number } from '../i18n/format';
import { go, route } from '../router';
import { ownerFace, putTicket, statusOf, ticketOf } from '../store';
import { sentence } from '../toasts';
import { Icon, Mark, type IconName } from '../ui/icon';
import { rememberQuery } from '../verbs';
import { Facets } from './facets';

interface State {
	q: string;
	hits: Hit[];
	next: string | null;
	searched: string | null;
	notes: Note[];
	took: number;
	busy: boolean;
	error: unknown;
}

const BLANK: State = { q: '', hits: [], next: null, searched: null, notes: [], took: 0, busy: false, error: null };
const PAUSE = 110;

/** The last answer, kept while a ticket is read, so that coming back finds it and its place. */
let last: State = BLANK;
let lastTop = 0;

const WHERE: Record<Place['where'], IconName> = { message: 'i-message-square-text', comment: 'i-lock', subject: 'i-mail', file: 'i-paperclip', people: 'i-user' };

function useSearch(q: string) {
	const [s, setState] = useState<State>(last.q === q ? last : BLANK);
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
			const f = await get<Found>('/search', { q, after, limit: 30 }, mine.signal);
			f.hits.forEach((h) => putTicket(h.ticket));
			set({
				q, hits: after ? [...last.hits, ...f.hits] : f.hits, next: f.next, searched: f.searched_to, notes: f.notes,
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
		if (last.q === q && !last.error && (last.hits.length > 0 || last.took > 0))
			return;
		const t = setTimeout(() => void ask(null), PAUSE);
		return () => clearTimeout(t);
	}, [q]);
	useEffect(() => () => stop.current?.abort(), []);
	return { s, ask };
}

function Excerpt({ text }: { text: string }) {
	return <p class="ex">{pieces(text).map((p, k) => (p.mark ? <mark key={k}>{p.text}</mark> : p.text))}</p>;
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
					<Excerpt text={h.excerpt} />
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
				{s.error !== null && <p class="bad" role="alert">{w.error} {sentence(s.error)} <button type="button" class="btn sm" onClick={more}>{L.value.fail.retry}</button></p>}
				{s.hits.length > 0 && !s.error && <p class="muted">{s.next ? (s.searched ? w.back(date(s.searched)) : `${w.busy}`) : w.end}</p>}
			</div>
		</div>
	);
}

/** The search page. */
export function Search() {
	const r = route.value;
	const w = L.value.search;
	const [q, setQ] = useState(r.view === 'search' ? r.q : '');
	const { s, ask } = useSearch(q);
	useEffect(() => {
		if (r.view === 'search' && r.q !== q)
			setQ(r.q);
	}, [r]);
	const type = (text: string) => {
		setQ(text);
		lastTop = 0;
		go({ view: 'search', q: text, ticket: null }, true);
	};
	const Tag = openId.value === null ? 'main' : 'section';
	const tickets = new Set(s.hits.map((h) => h.ticket.id)).size;
	return (
		<Tag class="page searchpage" aria-label={w.label}>
			<h1 class="vh">{w.label}</h1>
			<div class="page-head" role="search">
				<label class="searchbox"><Icon name="i-search" />
					<input type="search" value={q} placeholder={w.placeholder} aria-label={w.label} data-focus="search" autofocus autocomplete="off" spellcheck={false} maxLength={1000}
						onInput={(e) => type(e.currentTarget.value)}
						onKeyDown={(e) => { if ((e.key === 'Enter' || e.key === 'ArrowDown') && s.hits[0]) { e.preventDefault(); document.querySelector<HTMLElement>('.hit a')?.focus(); } }} />
					{q ? <button type="button" class="btn bare sm ico" aria-label={w.clear} title={w.clear} onClick={() => type('')}><Icon name="i-x" size="s" /></button> : <kbd aria-hidden="true">/</kbd>}
				</label>
			</div>
			<div class="found" role="status">
				{q.trim() && !s.error && <span><b class="num">{w.hits(tickets, s.next !== null).replace(/\d+/, (x) => number(Number(x)))}</b>{s.took > 0 && <span class="muted num"> {w.took(s.took)}</span>}</span>}
				{s.notes.map((n) => <span class="muted trunc" key={`${n.what} ${n.text}`}>{w.notes[n.what](n.text ?? '')}</span>)}
				{s.busy && <span class="muted push">{w.busy}</span>}
			</div>
			<div class="search-grid">
				<Facets q={q} set={type} />
				<Results s={s} q={q} more={() => void ask(s.next)} />
			</div>
		</Tag>
	);
}
