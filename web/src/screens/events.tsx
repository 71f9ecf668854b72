/* SPDX-License-Identifier: GPL-3.0-or-later */
// One sentence for each event of a ticket's history.
import type { Event } from '../api-types';
import { L, named } from '../i18n';
import { exact, hour, short } from '../i18n/format';
import { lazy } from '../ui/lazy';
import { agentById, roleById, statusById, teamById, typeById } from '../store';

type Values = Record<string, unknown>;

const values = (v: unknown): Values => (v && typeof v === 'object' ? v as Values : {});

function pick(v: unknown, ...keys: string[]): unknown {
	if (v === null || typeof v !== 'object')
		return v ?? undefined;
	for (const k of keys)
		if (values(v)[k] !== undefined && values(v)[k] !== null)
			return values(v)[k];
	return undefined;
}

/** Who did it: a rule, a person, or docket itself. */
export function actor(e: Event): string {
	const w = L.value.event;
	if (e.rule)
		return w.rule(e.rule);
	return (e.agent_id && agentById.value.get(e.agent_id)?.name) || w.system;
}

function ownerName(v: unknown): string {
	const agent = Number(pick(values(v), 'agent_id', 'agent') ?? 0);
	const team = Number(pick(values(v), 'team_id', 'team') ?? 0);
	return agentById.value.get(agent)?.name ?? (named(teamById.value.get(team)?.name) || '?');
}

const roleName = (v: unknown) => named(roleById.value.get(Number(pick(values(v), 'role_id', 'role') ?? 0))?.name);

const nameIn = <T extends { name: { de: string; en: string } }>(map: Map<number, T>, v: unknown) => {
	const id = Number(v);
	return named(map.get(id)?.name) || (v === undefined ? '?' : String(v));
};

/** Events that a message already shows. */
const OF_MESSAGES = /^(message|comment|received|reply|mail)\b/;

/** Events of mails that the message does not show; their words come with the part that has them. */
const OF_FATE = /^(mail\.(skipped|complained)|message\.(twin|moved)|ticket\.(follow|held|released))/;
const FateText = lazy(() => import('./fate').then((m) => m.FateText));

/** Is it a line of the thread? */
export const isShown = (e: Event) => OF_FATE.test(e.kind) || eventSentence(e) !== null;

/** The sentence of an event in pieces, every second of them a value; null when a message shows it already. */
export function eventSentence(e: Event): string[] | null {
	const w = L.value.event;
	const t = L.value.ticket;
	const who = actor(e);
	const kind = e.kind.replace(/_/g, '.');
	if (/^(ticket\.)?opened|^created/.test(kind))
		return e.agent_id ? w.opened(who) : [w.openedMail];
	if (OF_MESSAGES.test(kind))
		return null;
	if (/^owner/.test(kind))
		return /remove|delete/.test(kind) ? w.ownerRemoved(who, ownerName(e.before ?? e.after)) : w.ownerAdded(who, ownerName(e.after), roleName(e.after));
	if (/^type/.test(kind))
		return w.set(who, t.type, nameIn(typeById.value, pick(e.after, 'type_id', 'type')));
	if (/^status/.test(kind))
		return w.set(who, t.status, nameIn(statusById.value, pick(e.after, 'status_id', 'status')));
	if (/^priority/.test(kind))
		return w.set(who, t.priority, String(pick(e.after, 'priority') ?? '0'));
	if (/^subject/.test(kind)) {
		const text = e.text_after ?? pick(e.after, 'subject', 'text');
		return text === undefined ? w.set(who, t.subject, '…') : w.subject(who, String(text));
	}
	if (/^deadline/.test(kind)) {
		const at = pick(e.after, 'deadline_at', 'deadline');
		return typeof at === 'string' && at ? w.deadline(who, short(at)) : w.deadlineOff(who);
	}
	if (/^confidential/.test(kind))
		return pick(e.after, 'confidential') === false ? w.confidentialOff(who) : w.confidentialOn(who);
	return w.other(who, e.kind);
}

/** An event as a line of the register. */
export function EventLine({ event }: { event: Event }) {
	const s = OF_FATE.test(event.kind) ? [] : eventSentence(event);
	if (!s)
		return null;
	return (
		<div class="reg event">
			<div class="gut"><time dateTime={event.at} title={exact(event.at)}>{hour(event.at)}</time></div>
			{s.length === 0 ? <FateText event={event} />
				: <p>{s.map((piece, k) => (k % 2 === (s.length === 1 ? 1 : 0) ? <b key={k}>{piece}</b> : piece))}</p>}
		</div>
	);
}
