/* SPDX-License-Identifier: GPL-3.0-or-later */
// Over an answer: whom it goes to and who gets a copy, as chips; an address that never took part is marked.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { get } from '../api';
import type { CustomerRef, Detail } from '../api-types';
import { setPeople, type Draft } from '../drafts';
import { L } from '../i18n';
import { addressesIn, has, isAddress, takesPart, usualTo } from '../people';
import { sendingOf } from '../send';
import { Icon } from '../ui/icon';
import { words } from './waiting';

const NOTICED_AFTER = 500;
const ASK_AFTER = 150;

/** Known people whose name or address begins to be typed. */
function useKnown(text: string): CustomerRef[] {
	const [found, set] = useState<CustomerRef[]>([]);
	useEffect(() => {
		if (text.trim().length < 2 || isAddress(text.trim())) {
			set([]);
			return;
		}
		const stop = new AbortController();
		const t = setTimeout(() => get<CustomerRef[]>('/customers', { q: text.trim(), limit: 6 }, stop.signal).then(set, () => undefined), ASK_AFTER);
		return () => {
			clearTimeout(t);
			stop.abort();
		};
	}, [text]);
	return found;
}

interface RowProps {
	label: string;
	list: string[];
	known: string[];
	nameOf: (a: string) => string;
	set: (list: string[]) => void;
	autofocus?: boolean;
	/** What stands there instead of nobody. */
	none?: preact.ComponentChildren;
}

function Chip({ a, p }: { a: string; p: RowProps }) {
	const w = words().people;
	const out = !has(p.known, a);
	const name = p.nameOf(a);
	return (
		<span class={`rc ${out ? 'apart' : ''}`} title={out ? `${a} ${w.stranger}` : a}>
			{out && <Icon name="i-circle-alert" size="xs" />}
			{name && <b class="trunc">{name}</b>}<span class={`trunc ${out ? '' : 'muted'}`}>{a}</span>
			{out && <span class="vh">{w.stranger}</span>}
			<button type="button" class="drop" aria-label={w.remove(a)} onClick={() => p.set(p.list.filter((x) => x !== a))}><Icon name="i-x" size="xs" /></button>
		</span>
	);
}

function Row(p: RowProps & { children?: preact.ComponentChildren }) {
	const w = words().people;
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const [text, setText] = useState('');
	const [bad, setBad] = useState(false);
	const found = useKnown(text);
	useEffect(() => {
		if (p.autofocus)
			input.current?.focus();
	}, []);
	const add = (more: string[]) => {
		p.set([...p.list, ...more.filter((a, k) => !has(p.list, a) && !has(more.slice(0, k), a))]);
		setText('');
		setBad(false);
	};
	const take = () => {
		const all = addressesIn(text);
		if (all.length > 0)
			add(all);
		else
			setBad(text.trim() !== '');
	};
	return (
		<div class="to">
			<span class="an">{p.label}</span>
			<div class="chips">
				{p.list.map((a) => <Chip key={a} a={a} p={p} />)}
				{p.list.length === 0 && p.none}
				<input ref={input} class="rcin" type="text" inputMode="email" autocomplete="off" spellcheck={false} list={`${id}-l`} value={text} aria-label={w.add(p.label)} aria-invalid={bad}
					onInput={(e) => { setText(e.currentTarget.value); setBad(false); }} onBlur={take}
					onKeyDown={(e) => {
						if (e.key === 'Backspace' && text === '' && p.list.length > 0)
							p.set(p.list.slice(0, -1));
						else if ((e.key === 'Enter' && !e.ctrlKey || e.key === ',' || e.key === ';' || e.key === ' ' && isAddress(text)) && text !== '') {
							e.preventDefault();
							e.stopPropagation();
							take();
						}
					}}
					onPaste={(e) => {
						const all = addressesIn(e.clipboardData?.getData('text'));
						if (all.length > 1) {
							e.preventDefault();
							add(all);
						}
					}} />
			</div>
			<datalist id={`${id}-l`}>{found.map((c) => <option key={c.id} value={c.email}>{c.name}</option>)}</datalist>
			{p.children}
			{bad && <span class="err" role="alert">{w.bad(text.trim())}</span>}
		</div>
	);
}

/** The people of an answer. */
export function People({ d, draft }: { d: Detail; draft: Draft }) {
	const w = words().people;
	const id = d.ticket.id;
	const [open, setOpen] = useState(false);
	const usual = usualTo(d);
	const to = draft.to ?? usual;
	const known = takesPart(d);
	const nameOf = (a: string) => (has(usual, a) ? d.ticket.customer || d.ticket.from_name || '' : '');
	const setTo = (list: string[]) => setPeople(id, { to: list.length > 0 && list.join(' ') === usual.join(' ') ? null : list });
	const copies = open || draft.cc.length > 0;
	return (
		<div class="people">
			<Row label={w.to} list={to} known={known} nameOf={nameOf} set={setTo} none={<span class="rc apart"><Icon name="i-circle-alert" size="xs" />{L.value.composer.noAddress}</span>}>
				{!copies && <button type="button" class="btn bare sm push" onClick={() => setOpen(true)}>{w.addCc}</button>}
			</Row>
			{copies && <Row label={w.cc} list={draft.cc} known={known} nameOf={nameOf} set={(cc) => setPeople(id, { cc })} autofocus={open && draft.cc.length === 0} />}
		</div>
	);
}

/** Warns of strangers. It must have stood there for a moment before a key can send in spite of it. */
export function Strangers({ id, asking }: { id: number; asking: string[] }) {
	const w = words().people;
	const key = asking.join(' ');
	useEffect(() => {
		const t = setTimeout(() => { sendingOf(id).value = { ...sendingOf(id).peek(), known: key }; }, NOTICED_AFTER);
		return () => clearTimeout(t);
	}, [id, key]);
	return (
		<div class="guard" role="alert"><Icon name="i-circle-alert" />
			<div class="grow"><b class="strong">{asking.length === 1 ? w.asking(asking[0]!) : w.askingMany(asking.length)}</b><span>{w.askingText}</span></div>
		</div>
	);
}
