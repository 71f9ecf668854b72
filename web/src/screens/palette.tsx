/* SPDX-License-Identifier: GPL-3.0-or-later */
// Ctrl+K: every verb, folder and mailbox by a few letters; what is no command is searched for.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { folderKey, openAccount, openFolder, openTicket } from '../desk';
import { L, named } from '../i18n';
import { ahead, dialog } from '../popups';
import { go, route } from '../router';
import { accounts, folders } from '../store';
import { Dialog } from '../ui/dialog';
import { fuzzy, parts } from '../ui/fuzzy';
import { Icon, Keys, type IconName } from '../ui/icon';
import { verbName, verbs } from '../verbs';

interface Entry {
	key: string;
	group: string;
	icon: IconName;
	text: string;
	note?: string;
	keys?: string;
	run: () => void;
}

function entries(): Entry[] {
	const w = L.value.palette;
	const group = { list: w.ticket, ticket: w.ticket, write: w.ticket, go: w.go, app: w.app };
	const gone = new Set<string>();
	const acts = verbs.filter((v) => !v.keyOnly && v.group !== 'go' && v.when() && !gone.has(v.id) && gone.add(v.id))
		.map((v): Entry => ({ key: v.id, group: group[v.group], icon: v.icon, text: verbName(v), keys: v.keys?.[0], run: v.run }));
	const keyOf = (key: string) => verbs.find((v) => v.group === 'go' && v.id.toLowerCase() === `go${key}`)?.keys?.[0];
	const places = folders.value.map((f): Entry => ({
		key: `f${f.id}`, group: w.go, icon: 'i-folder', text: named(f.name), note: f.count ? String(Math.min(f.count, 1000)) : '', keys: keyOf(f.key ?? ''), run: () => openFolder(folderKey(f)),
	}));
	const boxes = accounts.value.map((a): Entry => ({ key: `a${a.id}`, group: w.go, icon: 'i-mail', text: a.address, note: a.name, run: () => openAccount(a.id) }));
	const order = [w.ticket, w.go, w.app];
	return [...acts, ...places, ...boxes].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

function found(text: string): Entry[] {
	const w = L.value.palette;
	const all = entries();
	const scored = text ? all.map((e) => ({ e, s: fuzzy(text, e.text) })).filter((x) => x.s > 0) : all.map((e) => ({ e, s: 1 }));
	if (text) {
		const best = new Map<string, number>();
		for (const x of scored)
			best.set(x.e.group, Math.max(best.get(x.e.group) ?? 0, x.s));
		scored.sort((a, b) => best.get(b.e.group)! - best.get(a.e.group)! || b.s - a.s);
	}
	const out = scored.slice(0, 40).map((x) => x.e);
	const number = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
	if (number)
		out.unshift({ key: 'number', group: w.go, icon: 'i-list', text: w.openTicket(number), run: () => openTicket(Number(number)) });
	if (text.trim())
		out.push({ key: 'search', group: L.value.search.label, icon: 'i-search', text: w.searchFor(text.trim()), run: () => go({ view: 'search', q: text.trim(), ticket: null }) });
	return out;
}

/** The palette. */
export function Palette() {
	const w = L.value.palette;
	const id = useId();
	const [text, setText] = useState(() => {
		const typed = ahead.text;
		ahead.text = '';
		return typed;
	});
	const [at, setAt] = useState(0);
	const box = useRef<HTMLDivElement>(null);
	const list = found(text);
	const close = () => { dialog.value = null; };
	const run = (e: Entry | undefined) => {
		close();
		if (e)
			setTimeout(e.run);
	};
	useLayoutEffect(() => { box.current?.querySelector('.is-on')?.scrollIntoView({ block: 'nearest' }); }, [at, text]);
	const onKey = (e: KeyboardEvent) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (by)
			setAt((at + by + list.length) % Math.max(1, list.length));
		else if (e.key === 'Enter')
			run(list[at]);
		else if (e.key === '?' && !text)
			dialog.value = 'keys';
		else
			return;
		e.preventDefault();
	};
	const ticket = route.value.ticket;
	return (
		<Dialog label={w.label} class="pal" onClose={close}>
			<label class="q">
				<Icon name="i-command" class="l" />
				<input autofocus value={text} placeholder={w.placeholder} role="combobox" aria-label={w.label} aria-expanded="true" aria-controls={`${id}-l`}
					aria-activedescendant={list[at] ? `${id}-${at}` : undefined} autocomplete="off" spellcheck={false}
					onInput={(e) => { setText(e.currentTarget.value); setAt(0); }} onKeyDown={onKey} />
				{ticket !== null && <span class="chip">#{ticket}</span>}
			</label>
			<div ref={box} class="res scroll" id={`${id}-l`} role="listbox" aria-label={w.label} tabIndex={-1}>
				{list.map((e, k) => (
					<div key={e.key}>
						{e.group !== list[k - 1]?.group && <div class="ttl" role="presentation">{e.group}</div>}
						<div id={`${id}-${k}`} role="option" aria-selected={k === at} class={`mi ${k === at ? 'is-on' : ''}`}
							onPointerMove={() => { if (k !== at) setAt(k); }} onClick={() => run(e)}>
							<Icon name={e.icon} />
							<span class="trunc">{parts(text, e.text).map((p, n) => (p.hit ? <mark key={n}>{p.text}</mark> : p.text))}</span>
							{e.note && <small class="num">{e.note}</small>}{e.keys && <span class="push"><Keys keys={e.keys} /></span>}
						</div>
					</div>
				))}
				{list.length === 0 && <p class="nothing">{w.none}</p>}
			</div>
			<footer aria-hidden="true">
				<span><kbd>↵</kbd> {w.run}</span><span><kbd>↑</kbd> <kbd>↓</kbd> {w.move}</span><span class="push"><kbd>?</kbd> {w.all}</span>
			</footer>
		</Dialog>
	);
}
