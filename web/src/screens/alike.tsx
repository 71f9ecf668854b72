/* SPDX-License-Identifier: GPL-3.0-or-later */
// In the composer: closed tickets about the same, whose answers can be put into this one. Loaded when a ticket is open.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api';
import { openTicket } from '../desk';
import { draftOf, textOf, write } from '../drafts';
import { focus } from '../focus';
import { alike as de } from '../i18n/de/alike';
import { alike as en } from '../i18n/en/alike';
import { short } from '../i18n/format';
import { lang } from '../prefs';
import { Icon } from '../ui/icon';

interface Found { id: number; subject: string; updated_at: string; author: string; text: string }

function useAlike(id: number): Found[] {
	const [found, set] = useState<Found[]>([]);
	useEffect(() => {
		const stop = new AbortController();
		set([]);
		get<{ alike: Found[] }>(`/tickets/${id}/alike`, {}, stop.signal).then((a) => set(a.alike), () => undefined);
		return () => stop.abort();
	}, [id]);
	return found;
}

function insert(id: number, words: string) {
	const written = textOf(draftOf(id).peek());
	write(id, written.trim() ? `${written.trimEnd()}\n\n${words}` : words);
	focus('composer');
}

function One({ id, t }: { id: number; t: Found }) {
	const w = lang.value === 'en' ? en : de;
	return (
		<li>
			<div class="hstack"><b class="strong trunc">{t.subject}</b><span class="muted num">#{t.id}</span><span class="muted push">{t.author}, {short(t.updated_at)}</span></div>
			<p>{t.text}</p>
			<div class="hstack">
				<button type="button" class="btn sm" aria-label={w.insertOf(t.subject)} onClick={() => insert(id, t.text)}><Icon name="i-reply" size="s" />{w.insert}</button>
				<button type="button" class="btn bare sm" aria-label={w.openIt(t.id)} onClick={() => openTicket(t.id)}>{w.open}</button>
			</div>
		</li>
	);
}

/** Nothing is shown when nothing is alike. */
export function Alike({ id }: { id: number }) {
	const w = lang.value === 'en' ? en : de;
	const found = useAlike(id);
	const [open, setOpen] = useState(false);
	useEffect(() => setOpen(false), [id]);
	if (found.length === 0)
		return null;
	const key = (e: KeyboardEvent) => {
		if (e.key !== 'Escape' || !open)
			return;
		e.stopPropagation();
		setOpen(false);
		focus('composer');
	};
	return (
		<div class="alike" onKeyDown={key}>
			<button type="button" class="btn bare sm" aria-expanded={open} onClick={() => setOpen(!open)}>
				<Icon name="i-history" size="s" />{w.found(found.length)}<Icon name="i-chevron-down" size="s" />
			</button>
			{open && <ul class="scroll" tabIndex={0} aria-label={w.found(found.length)}>{found.map((t) => <One key={t.id} id={id} t={t} />)}</ul>}
		</div>
	);
}
