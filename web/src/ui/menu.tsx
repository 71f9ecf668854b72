/* SPDX-License-Identifier: GPL-3.0-or-later */
// A menu beside its button: filter on top when it is long, arrows and Enter, closed by Escape or a click elsewhere.
import { Fragment, type ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { L } from '../i18n';
import { menu, type MenuName } from '../popups';
import { Icon } from './icon';

export interface Item {
	key: string;
	text: string;
	/** Words that the filter finds it by, beside its text. */
	also?: string;
	icon?: ComponentChildren;
	note?: ComponentChildren;
	group?: string;
	on?: boolean;
	kill?: boolean;
	run: () => void;
}

interface Props {
	name: MenuName;
	label: string;
	items: Item[];
	find?: string;
	foot?: ComponentChildren;
	align?: 'start' | 'end';
	up?: boolean;
	button: ComponentChildren;
	buttonClass: string;
	/** The name of a button that shows only an icon. */
	buttonLabel?: string;
	/** The tooltip of a button that shows words. */
	buttonTitle?: string;
}

const folded = (s: string) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function fit(pop: HTMLElement, anchor: HTMLElement, align: 'start' | 'end', up: boolean) {
	const a = anchor.getBoundingClientRect();
	const w = pop.offsetWidth;
	const h = pop.offsetHeight;
	const left = align === 'end' ? a.right - w : a.left;
	const above = up || (a.bottom + 4 + h > innerHeight - 8 && a.top - h - 4 > 8);
	pop.style.left = `${Math.max(8, Math.min(left, innerWidth - w - 8))}px`;
	pop.style.top = `${above ? Math.max(8, a.top - h - 4) : a.bottom + 4}px`;
	pop.style.maxHeight = `${above ? a.top - 12 : innerHeight - a.bottom - 16}px`;
}

/** A button with its menu. */
export function Menu(p: Props) {
	const open = menu.value === p.name;
	const anchor = useRef<HTMLButtonElement>(null);
	return (
		<>
			<button ref={anchor} type="button" class={p.buttonClass} aria-haspopup="dialog" aria-expanded={open}
				aria-label={p.buttonLabel} title={p.buttonTitle ?? p.buttonLabel} onClick={() => { menu.value = open ? null : p.name; }}>
				{p.button}
			</button>
			{open && <Body {...p} anchor={anchor.current} />}
		</>
	);
}

function Body(p: Props & { anchor: HTMLElement | null }) {
	const pop = useRef<HTMLDivElement>(null);
	const input = useRef<HTMLInputElement>(null);
	const id = useId();
	const [text, setText] = useState('');
	const words = folded(text).split(/\s+/).filter(Boolean);
	const shown = p.items.filter((i) => words.every((w) => folded(`${i.text} ${i.also ?? ''}`).includes(w)));
	const [at, setAt] = useState(() => Math.max(0, p.items.findIndex((i) => i.on)));

	useLayoutEffect(() => {
		const e = pop.current;
		if (!e)
			return;
		e.showPopover?.();
		if (p.anchor)
			fit(e, p.anchor, p.align ?? 'start', p.up ?? false);
		(input.current ?? e).focus({ preventScroll: true });
		const closed = (ev: Event) => {
			if ((ev as ToggleEvent).newState === 'closed' && menu.peek() === p.name)
				menu.value = null;
		};
		e.addEventListener('toggle', closed);
		return () => {
			e.removeEventListener('toggle', closed);
			if (e.contains(document.activeElement) || document.activeElement === document.body)
				p.anchor?.focus({ preventScroll: true });
		};
	}, []);
	useLayoutEffect(() => {
		pop.current?.querySelector('.mi.is-on')?.scrollIntoView({ block: 'nearest' });
	});

	const choose = (i: Item | undefined) => {
		if (!i)
			return;
		menu.value = null;
		i.run();
	};
	const onKey = (e: KeyboardEvent) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (by)
			setAt((at + by + shown.length) % Math.max(1, shown.length));
		else if (e.key === 'Enter' && !(e.target as Element).matches('.foot *'))
			choose(shown[at]);
		else if (e.key === 'Escape' || e.key === 'Tab' && !p.foot)
			menu.value = null;
		else
			return;
		e.preventDefault();
		e.stopPropagation();
	};
	const active = shown[at] ? `${id}-${at}` : undefined;
	return (
		<div ref={pop} class="menu" popover="auto" role="dialog" aria-label={p.label} tabIndex={-1} onKeyDown={onKey}>
			{p.find !== undefined && (
				<label class="find">
					<Icon name="i-search" size="s" />
					<input ref={input} value={text} placeholder={p.find} role="combobox" aria-expanded="true" aria-label={p.find}
						aria-controls={`${id}-list`} aria-activedescendant={active} autocomplete="off" spellcheck={false}
						onInput={(e) => { setText(e.currentTarget.value); setAt(0); }} />
				</label>
			)}
			<div id={`${id}-list`} class="options" role="listbox" aria-label={p.label} tabIndex={p.find === undefined ? 0 : -1}
				aria-activedescendant={p.find === undefined ? active : undefined}>
				{shown.map((i, k) => (
					<Fragment key={i.key}>
						{i.group && i.group !== shown[k - 1]?.group && <div class="ttl" role="presentation">{i.group}</div>}
						<div id={`${id}-${k}`} role="option" aria-selected={i.on ?? false}
							class={`mi ${k === at ? 'is-on' : ''} ${i.kill ? 'kill' : ''}`}
							onPointerMove={() => { if (k !== at) setAt(k); }} onClick={() => choose(i)}>
							{i.icon}<span class="trunc">{i.text}</span>{i.note}
							{i.on && <Icon name="i-check" size="s" class="push" />}
						</div>
					</Fragment>
				))}
				{shown.length === 0 && <p class="nothing">{L.value.ticket.nothing}</p>}
			</div>
			{p.foot && <div class="foot">{p.foot}</div>}
		</div>
	);
}
