/* SPDX-License-Identifier: GPL-3.0-or-later */
// The outbox: what has not left, why, in the servers' words, and what can be done about each of it.
import { useEffect, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { OutMail, Waiting } from '../api-types';
import { beside, openTicket } from '../desk';
import { L } from '../i18n';
import { outbox as de } from '../i18n/de/outbox';
import { outbox as en } from '../i18n/en/outbox';
import { exact, moment, short } from '../i18n/format';
import { lang } from '../prefs';
import { go } from '../router';
import { takeBack } from '../scheduled';
import { agentById, can, outboxCounts, refreshOutbox } from '../store';
import { failed, sentence, toast } from '../toasts';
import { Icon, Keys, type IconName } from '../ui/icon';
import { editAgain } from './resend';

type Part = 'failed' | 'returned' | 'waiting' | 'scheduled' | 'sent';
type Line = { key: string; ticket: number } & ({ mail: OutMail } | { answer: Waiting });

const PAGE = 50;
const PARTS: readonly Part[] = ['failed', 'returned', 'waiting', 'scheduled'];
const ICON: Record<string, IconName> = { queued: 'i-clock', sending: 'i-send', deferred: 'i-clock', failed: 'i-circle-alert', sent: 'i-check', cancelled: 'i-x' };

async function load(part: Part, mine: boolean, before?: number): Promise<Line[]> {
	if (part === 'scheduled')
		return (await get<Waiting[]>('/scheduled', { limit: 200 })).map((answer) => ({ key: `a${answer.ticket_id}`, ticket: answer.ticket_id, answer }));
	const rows = await get<OutMail[]>('/outbox', { state: part, mine: mine || undefined, before, limit: PAGE });
	return rows.filter((m) => !m.replaced).map((mail) => ({ key: `m${mail.id}`, ticket: mail.ticket_id, mail }));
}

/** What can be done with a line; undefined = not this. */
function acts(l: Line, done: () => void) {
	const w = lang.value === 'en' ? en : de;
	const ask = (path: string, text: string) => async () => {
		try {
			await call('POST', path);
			toast({ text });
		} catch (e) {
			failed(e);
		}
		void refreshOutbox();
		done();
	};
	if (!can('ticket.write'))
		return {};
	if ('answer' in l)
		return { edit: () => void takeBack(l.ticket) };
	const { id, state, message_id: message } = l.mail;
	const missed = state === 'failed' || hasReturned(l.mail);
	return {
		retry: state === 'failed' || state === 'deferred' ? ask(`/outbox/${id}/retry`, w.retried) : undefined,
		edit: missed && message !== null ? () => void editAgain(l.ticket, message, hasReturned(l.mail) ? null : l.mail.results) : undefined,
		cancel: state === 'queued' || state === 'deferred' ? ask(`/outbox/${id}/cancel`, w.cancelled) : undefined,
	};
}

/** It was taken by a server, and came back. */
const hasReturned = (m: OutMail) => m.state === 'sent' && m.bounced === 'failed';

/** Several people, and answers of their servers. */
const several = (m: OutMail) => (m.to?.includes(',') ?? false) && Object.keys(m.results ?? {}).length > 0;

/** Who had which answer, when a mail goes to several. */
function Results({ m }: { m: OutMail }) {
	const w = lang.value === 'en' ? en : de;
	const all = Object.entries(m.results ?? {});
	return (
		<ul class="results" aria-label={w.results}>
			{all.map(([who, r]) => (
				<li key={who} class={r.code < 300 ? '' : 'bad'}><Icon name={r.code < 300 ? 'i-check' : 'i-circle-alert'} size="xs" /><b>{who}</b> <span>{r.code < 300 ? w.took : w.refused}</span> <code class="said">{r.words}</code></li>
			))}
		</ul>
	);
}

function MailText({ m }: { m: OutMail }) {
	const w = lang.value === 'en' ? en : de;
	const who = m.agent_id ? agentById.value.get(m.agent_id)?.name : w.rule;
	const back = hasReturned(m);
	const said = (back ? [m.bounce_status, m.bounce_words] : [m.code, m.reply]).filter((x) => x !== null && x !== '').join(' ').replace(/^(\d{3}) \1\b/, '$1');
	return (
		<>
			<span class={`strong ${m.state === 'failed' || back ? 'bad' : ''}`}>{back ? w.returned(m.bounced_at ? short(m.bounced_at) : '') : w.states[m.state]}{m.state === 'deferred' && <>, {w.next(moment(m.next_at))}</>}{m.state === 'sent' && !back && m.sent_at && <> {short(m.sent_at)}</>}</span>
			{said && (back || !several(m)) && <code class="said">{said}</code>}
			{several(m) && !back && <Results m={m} />}
			<span class="muted">{[m.account && w.from(m.account), who && w.by(who), m.attempts > 0 && w.tries(m.attempts)].filter(Boolean).join(' · ')}</span>
		</>
	);
}

function Row({ l, on, choose, done }: { l: Line; on: boolean; choose: () => void; done: () => void }) {
	const w = lang.value === 'en' ? en : de;
	const a = acts(l, done);
	const mail = 'mail' in l ? l.mail : null;
	const answer = 'answer' in l ? l.answer : null;
	const at = mail ? mail.created_at : answer!.updated_at;
	const to = mail ? mail.to ?? '' : [...answer!.to, ...answer!.cc].join(', ') || answer!.customer || '';
	const act = (run: (() => void) | undefined, icon: IconName, label: string, key: string) => run && (
		<button type="button" class="btn sm" onClick={run}><Icon name={icon} size="xs" />{label}{on && <Keys keys={key} />}</button>
	);
	return (
		<li id={`out-${l.key}`} class={`out ${on ? 'is-on' : ''} ${mail && hasReturned(mail) ? 'failed' : mail?.state ?? 'scheduled'}`} aria-current={on ? 'true' : undefined} onClick={choose}>
			<Icon name={!mail ? 'i-clock' : hasReturned(mail) ? 'i-circle-alert' : ICON[mail.state] ?? 'i-mail'} size="s" />
			<div class="grow">
				<div class="top"><b class="trunc" title={to}>{w.to(to)}</b><time class="num push muted" dateTime={at} title={exact(at)}>{short(at)}</time></div>
				<a class="trunc" href={`/t/${l.ticket}`} onClick={(e) => { if (!e.ctrlKey && !e.metaKey) { e.preventDefault(); openTicket(l.ticket); } }}>{(mail ?? answer)!.subject} <span class="muted">#{l.ticket}</span></a>
				{mail ? <MailText m={mail} /> : <><span class="strong">{w.leaves(moment(answer!.due_at))}</span><span class="muted words">{answer!.body}</span></>}
				<div class="acts">
					{act(a.retry, 'i-rotate-ccw', w.retry, 'r')}{act(a.edit, 'i-pencil', answer ? w.takeBack : w.edit, 'e')}{act(a.cancel, 'i-x', w.cancel, 'x')}
					{mail && <a class="btn sm" href={`/api/v1/outbox/${mail.id}/raw`} download><Icon name="i-download" size="xs" />{w.raw}</a>}
				</div>
			</div>
		</li>
	);
}

interface Shown {
	part: Part;
	lines: Line[];
	more: boolean;
}

/** Loads what the filter asks for, and once more whenever the counts say that something has changed. */
function useParts(only: Part | null, mine: boolean) {
	const [shown, setShown] = useState<Shown[] | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [round, again] = useState(0);
	const counts = outboxCounts.value;
	useEffect(() => {
		let gone = false;
		const parts = only ? [only] : PARTS;
		Promise.all(parts.map((p) => load(p, mine))).then((all) => {
			if (gone)
				return;
			setShown(all.map((lines, k) => ({ part: parts[k]!, lines, more: parts[k] !== 'scheduled' && lines.length === PAGE })));
			setError(null);
		}, (e: unknown) => { if (!gone) setError(e); });
		return () => { gone = true; };
	}, [only, mine, round, counts]);
	const more = async (part: Part) => {
		const s = shown?.find((x) => x.part === part);
		const last = s?.lines.at(-1);
		if (!s || !last || !('mail' in last))
			return;
		try {
			const next = await load(part, mine, last.mail.id);
			setShown((was) => (was ?? []).map((x) => (x.part === part ? { ...x, lines: [...x.lines, ...next], more: next.length === PAGE } : x)));
		} catch (e) {
			failed(e, () => void more(part));
		}
	};
	return { shown, error, again: () => again(round + 1), more };
}

function Filters(p: { only: Part | null; setOnly: (v: Part | null) => void; mine: boolean; setMine: (v: boolean) => void }) {
	const w = lang.value === 'en' ? en : de;
	const c = outboxCounts.value;
	const n: Record<Part, number> = { failed: c?.failed ?? 0, returned: c?.returned ?? 0, waiting: (c?.queued ?? 0) + (c?.deferred ?? 0), scheduled: c?.scheduled ?? 0, sent: 0 };
	const chip = (value: Part | null, text: string, count: number) => (
		<button type="button" class={`fchip ${p.only === value ? 'on' : ''}`} aria-pressed={p.only === value} onClick={() => p.setOnly(value)}>{text}{count > 0 && <b class="num"> {count}</b>}</button>
	);
	return (
		<div class="chips" role="group" aria-label={w.filter}>
			{chip(null, w.all, 0)}{PARTS.map((x) => chip(x, w.parts[x], n[x]))}{chip('sent', w.parts.sent, 0)}
			<label class="mine"><input type="checkbox" class="box" checked={p.mine} onChange={(e) => p.setMine(e.currentTarget.checked)} />{w.mine}</label>
		</div>
	);
}

/** The page of the outbox. */
export function Outbox() {
	const w = lang.value === 'en' ? en : de;
	const [only, setOnly] = useState<Part | null>(null);
	const [mine, setMine] = useState(false);
	const [cursor, setCursor] = useState<string | null>(null);
	const { shown, error, again, more } = useParts(only, mine);
	const lines = shown?.flatMap((s) => s.lines) ?? [];
	const at = lines.findIndex((l) => l.key === cursor);
	const here = at >= 0 ? lines[at] : undefined;
	useEffect(() => {
		beside.value = {
			step: (by) => {
				const to = lines[Math.max(0, Math.min(lines.length - 1, at + by))];
				setCursor(to?.key ?? null);
				if (to)
					document.getElementById(`out-${to.key}`)?.scrollIntoView({ block: 'nearest' });
			},
			open: here && (() => openTicket(here.ticket)),
			...here ? acts(here, again) : {},
		};
		return () => { beside.value = null; };
	});
	return (
		<main class="page outbox" aria-label={w.title}>
			<div class="page-head"><h1 class="h2">{w.title}</h1>
				<button type="button" class="btn bare push" onClick={() => go({ view: 'desk', folder: null, account: null, ticket: null })}><Icon name="i-arrow-left" size="xs" />{w.back}</button></div>
			<Filters only={only} setOnly={setOnly} mine={mine} setMine={setMine} />
			<div class="scroll parked-list" tabIndex={0} role="region" aria-label={w.title}>
				{error !== null && <p class="bad" role="alert">{w.error} {sentence(error)} <button type="button" class="btn sm" onClick={again}>{L.value.fail.retry}</button></p>}
				{shown?.filter((s) => s.lines.length > 0).map((s) => (
					<section key={s.part} aria-label={w.parts[s.part]}>
						<h2>{w.parts[s.part]}</h2>
						<ul>{s.lines.map((l) => <Row key={l.key} l={l} on={l.key === cursor} choose={() => setCursor(l.key)} done={again} />)}</ul>
						{s.more && <button type="button" class="btn" onClick={() => void more(s.part)}>{w.more}</button>}
					</section>
				))}
				{shown && lines.length === 0 && !error && <div class="blank"><Icon name="i-circle-check" /><h2>{w.none}</h2><p>{w.noneText}</p></div>}
			</div>
		</main>
	);
}
