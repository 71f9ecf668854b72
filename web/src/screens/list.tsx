/* SPDX-License-Identifier: GPL-3.0-or-later */
// The list: virtual, rows of one height, the cursor's row always in the page, its place kept per folder.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { filters, folder, list, narrow } from '../desk';
import { L, named } from '../i18n';
import { group, now, number } from '../i18n/format';
import { loadMore, reload, takeFresh, type List } from '../lists';
import { setListIdle } from '../live';
import { dialog } from '../popups';
import { density, lang } from '../prefs';
import { route } from '../router';
import { accountById, can, ticketOf } from '../store';
import { sentence } from '../toasts';
import { Icon } from '../ui/icon';
import { HEAD_H, headAt, plan, rowAt, type Plan } from '../ui/rows';
import { Row } from './row';

const AHEAD = 40;
const OVER = 400;

const rowHeight = () => (narrow.value ? 76 : density.value === 'compact' ? 44 : 68);

/** True after a wait: what loads faster shows no skeleton. */
function useLate(is: boolean): boolean {
	const [late, set] = useState(false);
	useEffect(() => {
		set(false);
		if (!is)
			return;
		const t = setTimeout(() => set(true), 300);
		return () => clearTimeout(t);
	}, [is]);
	return is && late;
}

function Skeleton() {
	return (
		<div aria-hidden="true">
			{[0, 1, 2, 3, 4, 5, 6].map((k) => (
				<div class="row ghost-row" key={k}>
					<span class="mk"><i class="skel dot" /></span>
					<span class="ln"><i class="skel w3" /></span><span class="ln"><i class="skel w5" /></span><span class="ln"><i class="skel w4" /></span>
				</div>
			))}
		</div>
	);
}

function Empty({ l }: { l: List }) {
	const w = L.value.list;
	const filtered = filters.value.length > 0;
	const error = l.error.value;
	if (error)
		return (
			<div class="blank" role="alert">
				<Icon name="i-triangle-alert" /><h2>{w.error}</h2><p>{sentence(error)}</p>
				<button type="button" class="btn" onClick={() => void loadMore(l)}>{L.value.fail.retry}</button>
			</div>
		);
	return (
		<div class="blank">
			<Icon name="i-inbox" /><h2>{w.emptyTitle}</h2><p>{filtered ? w.emptyFilter : w.emptyText}</p>
			{filtered && <button type="button" class="btn" onClick={() => { filters.value = []; }}>{w.clear}</button>}
		</div>
	);
}

/** Keeps the row of the cursor in sight, and the list where it was when the folder comes back. */
function usePlace(l: List, p: Plan, rowH: number) {
	const box = useRef<HTMLDivElement>(null);
	const [view, setView] = useState({ top: l.top, height: 900 });
	const cursor = l.cursor.value;
	const sought = useRef<number | null>(null);

	useLayoutEffect(() => {
		const e = box.current!;
		e.scrollTop = l.top;
		setView({ top: e.scrollTop, height: e.clientHeight });
		sought.current = l.cursor.peek();
		const seen = new ResizeObserver(() => setView({ top: e.scrollTop, height: e.clientHeight }));
		seen.observe(e);
		setListIdle(() => e.scrollTop === 0 && !e.matches(':hover') && !e.contains(document.activeElement));
		return () => seen.disconnect();
	}, [l]);

	useLayoutEffect(() => {
		if (cursor === sought.current || cursor === null)
			return;
		const at = l.ids.peek().indexOf(cursor);
		const e = box.current!;
		if (at < 0)
			return;
		sought.current = cursor;
		const y = p.tops[at]!;
		if (y - HEAD_H < e.scrollTop)
			e.scrollTop = Math.max(0, y - HEAD_H);
		else if (y + rowH > e.scrollTop + e.clientHeight)
			e.scrollTop = y + rowH - e.clientHeight;
	});

	const onScroll = () => {
		const e = box.current!;
		l.top = e.scrollTop;
		setView({ top: e.scrollTop, height: e.clientHeight });
	};
	return { box, view, onScroll };
}

function Rows({ l, name, busy }: { l: List; name: string; busy: boolean }) {
	const ids = l.ids.value;
	const rowH = rowHeight();
	const today = Math.floor(now.value / 3_600_000);
	const p = useMemo(() => plan(ids.map((id) => group(l.placed.get(id) ?? '')), rowH), [ids, rowH, lang.value, today]);
	const { box, view, onScroll } = usePlace(l, p, rowH);
	const first = rowAt(p, view.top - OVER);
	const last = Math.min(ids.length - 1, rowAt(p, view.top + view.height + OVER));
	const cursor = l.cursor.value;
	const at = cursor === null ? -1 : ids.indexOf(cursor);
	const shown: number[] = [];
	for (let k = first; k <= last; k++)
		shown.push(k);
	if (at >= 0 && (at < first || at > last))
		shown.push(at);

	useEffect(() => {
		if (last >= ids.length - AHEAD && l.loaded.peek() && !l.error.peek())
			void loadMore(l);
	}, [last, ids.length, l.error.value]);

	const sticky = headAt(p, view.top);
	return (
		<div ref={box} class="rows scroll" onScroll={onScroll}>
			{ids.length > 0 && <div class="ghead" aria-hidden="true">{sticky?.label}</div>}
			<div class="canvas" role="listbox" tabIndex={0} aria-label={name} aria-busy={busy} data-focus="list"
				aria-activedescendant={at >= 0 ? `row-${cursor}` : undefined} style={{ height: `${Math.max(0, p.height - HEAD_H)}px` }}>
				{p.heads.slice(1).map((h) => h.top > view.top - OVER && h.top < view.top + view.height + OVER &&
					<div key={`h${h.at}`} class="ghead in" role="presentation" style={{ transform: `translateY(${h.top - HEAD_H}px)` }}>{h.label}</div>)}
				{shown.map((k) => {
					const id = ids[k]!;
					const sig = ticketOf(id);
					return sig && <Row key={id} sig={sig} top={p.tops[k]! - HEAD_H} at={k} total={l.end.value ? ids.length : -1} cursor={id === cursor} />;
				})}
			</div>
			{ids.length > 0 && <Foot l={l} />}
		</div>
	);
}

function Foot({ l }: { l: List }) {
	const w = L.value.list;
	const error = l.error.value;
	if (error)
		return <p class="list-foot bad" role="alert">{sentence(error)} <button type="button" class="link" onClick={() => void loadMore(l)}>{L.value.fail.retry}</button></p>;
	return <p class="list-foot">{l.end.value ? w.end(l.ids.value.length) : `${L.value.word.loading} …`}</p>;
}

const CHIPS = [
	{ q: 'is:unread', text: () => L.value.list.filterUnread },
	{ q: 'is:mine', text: () => L.value.list.filterMine },
	{ q: 'is:overdue', text: () => L.value.list.filterOverdue },
	{ q: 'has:file', text: () => L.value.list.filterFiles },
];

function Filters() {
	const on = filters.value;
	const toggle = (q: string) => { filters.value = on.includes(q) ? on.filter((x) => x !== q) : [...on, q]; };
	const press = (e: MouseEvent, q: string) => {
		toggle(q);
		if (e.detail > 0) // by the pointer: the next Enter opens a ticket
			(e.currentTarget as HTMLElement).blur();
	};
	return (
		<div class="filters" role="group" aria-label={L.value.list.filters}>
			{CHIPS.map((c) => (
				<button type="button" key={c.q} class={`fchip ${on.includes(c.q) ? 'on' : ''}`} aria-pressed={on.includes(c.q)} onClick={(e) => press(e, c.q)}>
					{c.text()}{on.includes(c.q) && <Icon name="i-x" size="xs" class="x" />}
				</button>
			))}
		</div>
	);
}

function Body({ l, name }: { l: List; name: string }) {
	const waiting = useLate(!l.loaded.value && l.error.value === null);
	if (!l.loaded.value)
		return <div class="rows" aria-busy="true">{waiting ? <Skeleton /> : l.error.value && <Empty l={l} />}</div>;
	if (l.ids.value.length === 0)
		return <div class="rows"><Empty l={l} /></div>;
	return <Rows key={l.key} l={l} name={name} busy={l.loading.value} />;
}

/** The pane of the list. */
export function ListPane() {
	const l = list.value;
	const w = L.value.list;
	const r = route.value;
	const account = r.view === 'desk' && r.account ? accountById.value.get(r.account) : undefined;
	const name = account ? account.address : named(folder.value?.name);
	const count = account ? account.open : folder.value?.count;
	const Tag = narrow.value ? 'main' : 'section';
	const fresh = l?.fresh.value.length ?? 0;
	return (
		<Tag class="list" aria-label={w.label}>
			<div class="list-head">
				<h1 class="trunc">{name}</h1><span class="count">{count ? number(Math.min(count, 1000)) + (count > 1000 ? '+' : '') : ''}</span>
				<button type="button" class="btn bare ico" aria-label={w.refresh} title={w.refresh} onClick={() => l && void reload(l)}>
					<Icon name="i-rotate-ccw" />
				</button>
				{can('ticket.write') && (
					<button type="button" class="btn bare ico" aria-label={`${w.create} (N)`} title={`${w.create} (N)`} onClick={() => { dialog.value = 'create'; }}>
						<Icon name="i-square-pen" />
					</button>
				)}
			</div>
			<Filters />
			{l && fresh > 0 && (
				<button type="button" class="pill-new" title={w.freshHint} onClick={() => {
					takeFresh(l);
					l.top = 0;
					document.querySelector('.rows')?.scrollTo({ top: 0 });
				}}>
					<Icon name="i-chevrons-up" size="xs" />{w.fresh(fresh)}
				</button>
			)}
			{l && <Body l={l} name={name} />}
		</Tag>
	);
}
