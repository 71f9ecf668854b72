/* SPDX-License-Identifier: GPL-3.0-or-later */
// What a mail brings beside its words: the seal on it, an invitation, mails inside.
import { useState } from 'preact/hooks';
import type { Calendar, Inside, Message } from '../api-types';
import { cards as de } from '../i18n/de/cards';
import { cards as en } from '../i18n/en/cards';
import { exact, written } from '../i18n/format';
import { lang } from '../prefs';
import { Icon } from '../ui/icon';
import { Prose } from '../ui/prose';

const words = () => (lang.value === 'en' ? en : de);

/** When an event is: a time of the world in the agent's zone, one of its own zone as it was written. */
function span(c: Calendar): string {
	const [from, to] = [c.start, c.end].map((x) => (x === null ? '' : /Z$/.test(x) ? exact(x) : written(x)));
	const zone = c.start && /T.*\d$/.test(c.start) && c.zone ? ` (${c.zone})` : '';
	const sameDay = from && to?.slice(0, -5) === from.slice(0, -5);
	return [from, to !== from ? (sameDay ? to.slice(-5) : to) : ''].filter(Boolean).join(' – ') + zone;
}

function Invitation({ c }: { c: Calendar }) {
	const w = words();
	const when = span(c);
	const row = (name: string, value: string | null) => value && <><dt>{name}</dt><dd>{value}</dd></>;
	return (
		<section class={`invite ${c.method === 'cancel' ? 'off' : ''}`} aria-label={w.methods[c.method ?? ''] ?? w.event}>
			<p class="muted"><Icon name="i-calendar-clock" size="xs" />{w.methods[c.method ?? ''] ?? w.event}</p>
			<p class="title">{c.summary || w.untitled}</p>
			<dl class="kv">{row(w.when, when)}{row(w.where, c.place)}{row(w.who, c.organiser)}</dl>
		</section>
	);
}

function Attached({ m }: { m: Inside }) {
	const w = words();
	const [open, setOpen] = useState(false);
	const from = m.from.map((p) => p.name || p.address).join(', ');
	return (
		<section class="inside" aria-label={w.attached}>
			<button type="button" class="fold1" aria-expanded={open} title={open ? w.hide : w.show} onClick={() => setOpen(!open)}>
				<Icon name="i-mail" size="xs" /><b>{m.subject || w.noSubject}</b>
				<span class="trunc">{[from, m.date && exact(m.date)].filter(Boolean).join(' · ')}</span>
				<Icon name="i-chevron-down" size="xs" class="push" />
			</button>
			{open && <div class="body"><Prose text={m.text ?? ''} /></div>}
		</section>
	);
}

/** Beneath the words of a mail. */
export function Cards({ m }: { m: Message }) {
	const w = words();
	return (
		<>
			{m.calendar && <Invitation c={m.calendar} />}
			{m.attached.map((x) => <Attached key={x.number} m={x} />)}
			{m.crypto && (
				<div class="state" title={/signed/.test(m.crypto) ? w.unproved : undefined}>
					<Icon name={/signed/.test(m.crypto) ? 'i-key-round' : 'i-lock'} size="xs" /><span>{w.crypto[m.crypto]}</span>
				</div>
			)}
		</>
	);
}
