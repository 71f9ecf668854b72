/* SPDX-License-Identifier: GPL-3.0-or-later */
// Beside the results: what the hits come to, as boxes that put a value into the question and take it out again.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api';
import type { Counted, Facets as Counts } from '../api-types';
import { L, named } from '../i18n';
import { number } from '../i18n/format';
import { lang } from '../prefs';
import { agentById, statusById, teamById, typeById } from '../store';
import { Mark } from '../ui/icon';
import { toggleValue, valuesOf, without, type Field } from '../ui/terms';
import { F } from './find-words';

type Kind = 'status' | 'type' | 'owner' | 'tag' | 'source' | 'year';
const NAMES: Record<Kind | 'in' | 'has', [en: string, de: string]> = {
	status: ['status', 'status'], type: ['type', 'typ'], owner: ['owner', 'eigner'], tag: ['tag', 'schlagwort'], source: ['source', 'quelle'],
	year: ['created', 'erstellt'], in: ['in', 'in'], has: ['has', 'hat'],
};
const KINDS: Kind[] = ['status', 'type', 'owner', 'tag', 'source', 'year'];
const SHOWN = 7;

const fieldOf = (kind: keyof typeof NAMES): Field => (lang.value === 'de' ? [...NAMES[kind]].reverse() : NAMES[kind]);

/** What the hits of a question come to; a field that is asked for is counted without itself, so that its other values stay. */
export function useCounts(q: string, all: boolean): Counts | null {
	const [counts, set] = useState<Counts | null>(null);
	useEffect(() => {
		if (!q.trim()) {
			set(null);
			return;
		}
		const stop = new AbortController();
		const ask = (query: string) => (query.trim() ? get<Counts>('/search/facets', { q: query, all }, stop.signal) : Promise.resolve(null));
		const t = setTimeout(() => {
			const held = KINDS.filter((k) => valuesOf(q, fieldOf(k)).length > 0);
			Promise.all([ask(q), ...held.map((k) => ask(without(q, fieldOf(k))))]).then(([whole, ...parts]) => {
				if (!whole)
					return;
				const facets = { ...whole.facets };
				held.forEach((k, n) => { if (parts[n]) Object.assign(facets, { [k]: parts[n]!.facets[k] }); });
				set({ ...whole, facets });
			}, () => { if (!stop.signal.aborted) set(null); });
		}, 220);
		return () => {
			clearTimeout(t);
			stop.abort();
		};
	}, [q, all]);
	return counts;
}

interface Choice {
	key: string | number;
	value: string;
	n: number | null;
	text: ComponentChildren;
}

/** Statuses and types of the same name are one choice: a query asks by name. */
function byName(rows: Counted<number>[], name: (id: number) => string, mark?: (id: number) => ComponentChildren): Choice[] {
	const out = new Map<string, Choice>();
	for (const r of rows) {
		const value = name(r.id);
		const known = out.get(value);
		if (known)
			known.n! += r.n;
		else if (value)
			out.set(value, { key: value, value, n: r.n, text: <>{mark?.(r.id)}<span class="trunc">{value}</span></> });
	}
	return [...out.values()].sort((a, b) => b.n! - a.n!);
}

function choicesOf(kind: Kind, c: Counts['facets']): Choice[] {
	const f = F.value;
	const plain = (value: string, n: number, text = value) => ({ key: value, value, n, text: <span class="trunc">{text}</span> });
	switch (kind) {
	case 'status': return byName(c.status, (id) => named(statusById.value.get(id)?.name), (id) => <Mark category={statusById.value.get(id)?.category} colour={statusById.value.get(id)?.colour} />);
	case 'type': return byName(c.type, (id) => named(typeById.value.get(id)?.name));
	case 'owner': return c.owner.map((o) => {
		const name = o.id > 0 ? agentById.value.get(o.id)?.name : named(teamById.value.get(-o.id)?.name);
		return o.id === 0 ? plain(lang.value === 'de' ? 'niemand' : 'none', o.n, f.nobody) : plain(name ?? '', o.n);
	}).filter((x) => x.value);
	case 'tag': return c.tag.map((t) => plain(t.name ?? '', t.n));
	case 'source': return c.source.map((s) => plain(s.id, s.n, f.sources[s.id] ?? s.id));
	case 'year': return c.year.map((y) => plain(String(y.id), y.n));
	}
}

function Box(p: { on: boolean; n: number | null; toggle: () => void; children: ComponentChildren }) {
	return (
		<label class="mi">
			<input type="checkbox" class="box" checked={p.on} onChange={p.toggle} />{p.children}
			{p.n !== null && <span class="count num">{number(p.n)}</span>}
		</label>
	);
}

function Facet({ kind, title, q, set, counts }: { kind: Kind; title: string; q: string; set: (q: string) => void; counts: Counts }) {
	const field = fieldOf(kind);
	const on = valuesOf(q, field);
	const [open, setOpen] = useState(false);
	const all = choicesOf(kind, counts.facets);
	const is = (c: Choice) => on.includes(c.value.toLowerCase());
	const shown = open ? all : all.filter((c, k) => k < SHOWN || is(c));
	if (all.length === 0 || all.length === 1 && on.length === 0 && kind !== 'status')
		return null;
	return (
		<fieldset class="facet"><legend>{title}</legend>
			{shown.map((c) => <Box key={c.key} on={is(c)} n={c.n} toggle={() => set(toggleValue(q, field, c.value))}>{c.text}</Box>)}
			{all.length > shown.length && <button type="button" class="link" onClick={() => setOpen(true)}>{F.value.more(all.length - shown.length)}</button>}
		</fieldset>
	);
}

/** The ways to narrow a search down. */
export function Facets({ q, set, counts, countOn }: { q: string; set: (q: string) => void; counts: Counts | null; countOn: (() => void) | null }) {
	const w = L.value.search;
	const f = F.value;
	const titles: Record<Kind, string> = { status: L.value.ticket.status, type: f.type, owner: L.value.ticket.owner, tag: f.tag, source: f.source, year: f.year };
	const where = fieldOf('in');
	const has = fieldOf('has');
	const comment = lang.value === 'de' ? 'kommentar' : 'comment';
	const file = lang.value === 'de' ? 'anhang' : 'file';
	return (
		<aside class="facets scroll" aria-label={w.narrow} tabIndex={0}>
			<fieldset class="facet"><legend>{w.where}</legend>
				<Box on={valuesOf(q, where).some((v) => v === 'comment' || v === 'kommentar')} n={null} toggle={() => set(toggleValue(q, where, comment))}>{f.comments}</Box>
				<Box on={valuesOf(q, has).some((v) => v === 'file' || v === 'anhang')} n={counts?.facets.file ?? null} toggle={() => set(toggleValue(q, has, file))}>{f.file}</Box>
			</fieldset>
			{counts && KINDS.map((k) => <Facet key={k} kind={k} title={titles[k]} q={q} set={set} counts={counts} />)}
			{counts?.more && <p class="hint">{f.estimated} {countOn && <button type="button" class="link" onClick={countOn}>{f.countMore}</button>}</p>}
		</aside>
	);
}
