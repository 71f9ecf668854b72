/* SPDX-License-Identifier: GPL-3.0-or-later */
// The box of the search: fields, their values and words are offered while somebody types.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { get } from '../api';
import type { Completion } from '../api-types';
import { L } from '../i18n';
import { lang } from '../prefs';
import { Icon } from '../ui/icon';
import { F } from './find-words';

const PAUSE = 120;

function useCompletions(q: string, asked: boolean): Completion[] {
	const [items, set] = useState<Completion[]>([]);
	useEffect(() => {
		const end = q.split(/[\s()]/).at(-1) ?? '';
		if (!asked || !(end.includes(':') || end.length > 1)) {
			set([]);
			return;
		}
		const stop = new AbortController();
		const t = setTimeout(() => get<{ items: Completion[] }>('/search/complete', { q, language: lang.value }, stop.signal)
			.then((c) => set(c.items.filter((i) => i.q.trim() !== q.trim())), () => undefined), PAUSE);
		return () => {
			clearTimeout(t);
			stop.abort();
		};
	}, [q, asked]);
	return items;
}

function about(c: Completion): string {
	const f = F.value;
	if (c.kind === 'field')
		return f.fields[c.label ?? ''] ?? '';
	return c.kind === 'word' ? f.word : c.kind === 'date' ? f.date : c.kind === 'choice' ? '' : c.label ?? '';
}

interface Props {
	q: string;
	type: (q: string) => void;
	/** Enter, or down with nothing offered. */
	go: () => void;
}

export function SearchBox({ q, type, go }: Props) {
	const w = L.value.search;
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const [typed, setTyped] = useState(false);
	const [at, setAt] = useState(-1);
	const items = useCompletions(q, typed);
	const open = typed && items.length > 0;
	useEffect(() => setAt(-1), [items]);
	const take = (c: Completion) => {
		type(c.q);
		setTyped(c.kind === 'field');
		input.current?.focus();
	};
	const onKeyDown = (e: KeyboardEvent) => {
		const chosen = items[at];
		if (open && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
			e.preventDefault();
			const by = e.key === 'ArrowDown' ? 1 : -1;
			setAt((at + by + items.length + 1 + (at < 0 && by < 0 ? 1 : 0)) % (items.length + 1) === items.length ? -1 : (at + by + items.length + 1) % (items.length + 1));
		} else if (open && e.key === 'Escape') {
			e.preventDefault();
			e.stopPropagation();
			setTyped(false);
		} else if (open && chosen && (e.key === 'Enter' || e.key === 'Tab')) {
			e.preventDefault();
			take(chosen);
		} else if (e.key === 'Enter' || e.key === 'ArrowDown') {
			e.preventDefault();
			setTyped(false);
			go();
		}
	};
	return (
		<div class="combo">
			<label class="searchbox"><Icon name="i-search" />
				<input ref={input} type="search" value={q} placeholder={w.placeholder} aria-label={w.label} data-focus="search" autofocus autocomplete="off" spellcheck={false} maxLength={1000}
					role="combobox" aria-autocomplete="list" aria-expanded={open} aria-controls={`${id}-list`} aria-activedescendant={open && at >= 0 ? `${id}-${at}` : undefined}
					onInput={(e) => { setTyped(true); type(e.currentTarget.value); }} onBlur={() => setTyped(false)} onKeyDown={onKeyDown} />
				{q ? <button type="button" class="btn bare sm ico" aria-label={w.clear} title={w.clear} onClick={() => type('')}><Icon name="i-x" size="s" /></button> : <kbd aria-hidden="true">/</kbd>}
			</label>
			<div id={`${id}-list`} class="offers" role="listbox" aria-label={F.value.completions} hidden={!open}>
				{open && items.map((c, k) => (
					<div key={c.q} id={`${id}-${k}`} class={`mi ${k === at ? 'is-on' : ''}`} role="option" aria-selected={k === at}
						onPointerDown={(e) => { e.preventDefault(); take(c); }}>
						<span class="trunc">{c.kind === 'field' ? `${c.text}:` : c.text}</span><small class="push trunc">{about(c)}</small>
					</div>
				))}
			</div>
		</div>
	);
}
