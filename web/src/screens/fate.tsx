/* SPDX-License-Identifier: GPL-3.0-or-later */
// What became of a mail: why it is here and where it may belong, whether its sender is to be believed, what came back.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Detail, Event, Message, OutMail, Ticket } from '../api-types';
import { openTicket } from '../desk';
import { fate as de } from '../i18n/de/fate';
import { fate as en } from '../i18n/en/fate';
import { keep, kept, lang } from '../prefs';
import { go } from '../router';
import { accountById, can, detailOf, loadDetail, putTicket } from '../store';
import { failed, toast } from '../toasts';
import { Icon, type IconName } from '../ui/icon';
import { actor } from './events';

const words = () => (lang.value === 'en' ? en : de);

/** Moves a mail into another ticket, or into one of its own, and offers the way back. */
async function move(m: Message, from: number, to: number | null) {
	const w = words();
	const version = detailOf(from).peek().data?.ticket.version;
	try {
		const { ticket } = await call<{ ticket: Ticket }>('POST', `/tickets/${from}/messages/${m.id}/move`, { body: to ? { version, to } : { version } });
		putTicket(ticket);
		await Promise.all([loadDetail(from, true), loadDetail(ticket.id, true)]);
		openTicket(ticket.id);
		toast({ text: to ? w.joined(ticket.id) : w.splitDone(ticket.id), action: { label: w.back(from), run: () => void move(m, ticket.id, from) } });
	} catch (e) {
		failed(e, () => void loadDetail(from, true));
	}
}

function Line(p: { icon: IconName; cls?: string; children: ComponentChildren }) {
	return <div class={`state ${p.cls ?? ''}`}><Icon name={p.icon} size="xs" /><span>{p.children}</span></div>;
}

/** Beneath a mail: whether to believe it, why it is here, and what to do when it should not be. */
export function Fate({ m, ticket, first }: { m: Message; ticket: number; first: boolean }) {
	const w = words();
	const [busy, setBusy] = useState(false);
	const why = m.evidence ? w.because[m.evidence] : undefined;
	const go = (to: number | null) => {
		setBusy(true);
		void move(m, ticket, to).finally(() => setBusy(false));
	};
	const others = m.maybe.filter((t) => t.id !== ticket);
	const may = can('ticket.write');
	return (
		<>
			{m.trust === 'failed' && <Line icon="i-triangle-alert" cls="bad">{w.trust.failed} <span class="said">{w.by[m.trust_reason ?? '']}</span></Line>}
			{m.warnings.map((x) => <Line key={x} icon="i-triangle-alert" cls="warn">{w.warnings[x] ?? x}</Line>)}
			{others.length > 0 && (
				<div class="state"><Icon name="i-link" size="xs" /><span>{w.maybe}</span>
					{others.map((t) => (
						<span class="maybe" key={t.id}>
							<button type="button" class="link" title={t.subject} onClick={() => openTicket(t.id)}>#{t.id}</button>
							{may && <button type="button" class="btn sm" disabled={busy} aria-label={w.joinTo(t.id, t.subject)} onClick={() => go(t.id)}>{w.join}</button>}
						</span>
					))}
				</div>
			)}
			{why && !(first && others.length > 0) && (
				<div class="state because"><Icon name="i-link" size="xs" /><span>{why}</span>
					{may && !first && <button type="button" class="btn bare sm" disabled={busy} title={w.splitHint} onClick={() => go(null)}>{w.split}</button>}
				</div>
			)}
		</>
	);
}

/** The badge of a sender with what it stands for. */
export function trustTitle(m: Message): string {
	const w = words();
	return [w.trust[m.trust ?? ''], m.trust_reason && w.by[m.trust_reason]].filter(Boolean).join(': ');
}

function Release({ id }: { id: number }) {
	const w = words();
	const run = async () => {
		try {
			await call('POST', `/tickets/${id}/release`);
			toast({ text: w.released });
			await loadDetail(id, true);
		} catch (e) {
			failed(e);
		}
	};
	return <button type="button" class="btn sm" onClick={() => void run()}>{w.release}</button>;
}

/** Over the composer: what speaks against writing, and where the matter began or goes on. */
export function Cautions({ d }: { d: Detail }) {
	const w = words();
	const t = d.ticket;
	const a = t.address;
	const guard = (icon: IconName, cls: string, text: ComponentChildren, more: ComponentChildren = null) => (
		<div class={`guard ${cls}`}><Icon name={icon} /><div class="grow">{text}</div>{more}</div>
	);
	const other = (id: number) => <button type="button" class="btn sm" onClick={() => openTicket(id)}>{w.show(id)}</button>;
	return (
		<div class="cautions">
			{t.follows !== null && guard('i-link', 'info', `${w.follows} #${t.follows}`, other(t.follows))}
			{t.followed_by !== null && guard('i-link', 'info', `${w.followed} #${t.followed_by}`, other(t.followed_by))}
			{t.held && guard('i-circle-alert', '', w.held, can('ticket.write') && <Release id={t.id} />)}
			{a && a.bounces > 0 && guard('i-triangle-alert', 'bad', w.bounces(a.email, a.bounces, a.status))}
			{a && a.complained_at !== null && guard('i-triangle-alert', 'bad', w.complained(a.email))}
		</div>
	);
}

const idIn = (v: unknown) => `#${String((v as { ticket?: number } | null)?.ticket ?? '?')}`;

/** What happened to a mail, as a sentence in pieces, every second of them a value. */
export function fateSentence(e: Event): string[] {
	const w = words();
	const s = w.event;
	const after = (e.after ?? {}) as { reason?: string; account?: number };
	switch (e.kind) {
	case 'message.twin': return s.twin(accountById.value.get(after.account ?? 0)?.address ?? '?');
	case 'message.moved': return e.after ? s.movedOut(actor(e), idIn(e.after)) : s.movedIn(actor(e), idIn(e.before));
	case 'ticket.follows': return s.follows(idIn(e.before));
	case 'ticket.followed': return s.followed(idIn(e.after));
	case 'ticket.held': return s.held;
	case 'ticket.released': return s.released(actor(e));
	case 'mail.complained': return s.complained;
	default: return s.skipped(e.rule ?? '', w.why[after.reason ?? ''] ?? after.reason ?? '?');
	}
}

/** The line of such an event: from the second piece on, every other one is a value. */
export function FateText({ event }: { event: Event }) {
	const s = fateSentence(event);
	const values = /^(message\.moved|ticket\.released)$/.test(event.kind) ? 0 : 1;
	return <p>{s.map((piece, k) => (k % 2 === values ? <b key={k}>{piece}</b> : piece))}</p>;
}

/** The newest failed mail that its writer was told of, kept in this browser. */
const TOLD = 'failed';
const told = (id: number) => keep(TOLD, String(Math.max(id, Number(kept(TOLD) ?? 0))));

/** Tells who wrote a mail that it came back, or failed for good. */
export async function tellLost(ticket: number, message: number, mine: number) {
	await loadDetail(ticket, true);
	const m = detailOf(ticket).peek().data?.messages.find((x) => x.id === message);
	const mail = m?.mails.filter((x) => x.bounced === 'failed' || x.state === 'failed').at(-1);
	if (m?.agent_id !== mine || !mail)
		return;
	if (mail.state === 'failed')
		told(mail.id);
	toast({ text: mail.state === 'failed' ? words().failed(mail.to) : words().bounced(mail.to), bad: true, action: { label: words().show(ticket), run: () => openTicket(ticket) } });
}

/** Tells who logs in which of his answers failed for good while he was away. */
export async function tellMissed() {
	const rows = (await get<OutMail[]>('/outbox', { state: 'failed', mine: true, limit: 50 })).filter((m) => !m.replaced);
	const fresh = rows.filter((m) => m.id > Number(kept(TOLD) ?? 0));
	if (fresh.length === 0)
		return;
	told(fresh[0]!.id);
	toast({ text: words().missed(fresh.length), bad: true, action: { label: words().outbox, run: () => go({ view: 'page', page: 'outbox', ticket: null }) } });
}
