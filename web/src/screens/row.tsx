/* SPDX-License-Identifier: GPL-3.0-or-later */
import type { Signal } from '@preact/signals';
import { memo } from '../ui/memo';
import type { Ticket } from '../api-types';
import { openId, openTicket } from '../desk';
import { draftOf, textOf } from '../drafts';
import { L, named } from '../i18n';
import { exact, now, short, span } from '../i18n/format';
import { routePath } from '../router';
import { statusOf } from '../store';
import { Owners } from '../ui/avatar';
import { Icon, Mark } from '../ui/icon';

const HOUR = 3_600_000;

/** The time that is left until a ticket's deadline, or that it is late; words and icon beside the colour. */
export function Due({ at, long = false }: { at: string | null; long?: boolean }) {
	if (!at)
		return null;
	const left = Date.parse(at) - now.value;
	const w = L.value.list;
	const late = left < 0;
	const text = late ? w.late(span(left)) : long || left < HOUR ? w.left(span(left)) : span(left);
	return (
		<span class={`chip due ${late ? 'late' : left < HOUR * 2 ? 'soon' : ''}`} title={w.due(exact(at))}>
			<Icon name={late ? 'i-circle-alert' : 'i-timer'} size="xs" />{text}
		</span>
	);
}

/** Who a ticket is from, as a row says it. */
export const fromOf = (t: Ticket) => t.from_name || t.customer || t.from_email || L.value.list.unknown;

/** What the eye sees in a row's marks, in words. */
function marks(t: Ticket): string {
	const w = L.value.list;
	return [named(statusOf(t)?.name), t.unread ? w.unread : '', t.failed ? w.failed : '', t.confidential ? w.confidential : ''].filter(Boolean).join(', ');
}

function Snippet({ t }: { t: Ticket }) {
	const w = L.value.list;
	if (!t.draft)
		return <span class="snip trunc">{t.last_kind === 'comment' && <Icon name="i-lock" size="xs" class="in" />}{t.snippet}</span>;
	const text = textOf(draftOf(t.id).value); // of a draft that was begun elsewhere nothing is here yet
	return <span class="snip trunc"><span class="is-draft">{w.draft}{text ? ':' : ' ·'}</span> {text || t.snippet}</span>;
}

function Line(p: { t: Ticket }) {
	const t = p.t;
	const w = L.value.list;
	return (
		<>
			<span class="ln l1">
				<span class="from trunc">{fromOf(t)}</span>
				<span class="when">
					{t.failed && <span class="fail" title={w.failed}><Icon name="i-triangle-alert" size="xs" /></span>}
					{t.confidential && <span title={w.confidential}><Icon name="i-key-round" size="xs" /></span>}
					<time dateTime={t.updated_at} title={exact(t.updated_at)}>{short(t.updated_at)}</time>
				</span>
			</span>
			<span class="ln l2">
				<span class="subj trunc">{t.subject || w.noSubject}</span>
				<span class="sla">{!t.closed && <Due at={t.deadline_at} />}</span>
			</span>
			<span class="ln l3">
				<Snippet t={t} />
				<span class="end">
					{t.priority >= 4 && !t.closed && <span class="chip meta" title={L.value.ticket.prio(t.priority)}><Icon name="i-signal-high" size="xs" />{t.priority}</span>}
					{t.files > 0 && <span class="chip meta" title={w.files(t.files)}><Icon name="i-paperclip" size="xs" />{t.files}</span>}
					<Owners owners={t.owners} />
				</span>
			</span>
		</>
	);
}

interface Props {
	sig: Signal<Ticket>;
	top: number;
	at: number;
	total: number;
	cursor: boolean;
}

/** One row of the list. It draws itself anew when its own ticket changes, and no other row does. */
export const Row = memo(function Row({ sig, top, at, total, cursor }: Props) {
	const t = sig.value;
	const s = statusOf(t);
	const open = openId.value === t.id;
	const cls = ['row', t.unread && 'unread', t.closed && 'done', cursor && 'cursor', open && 'here'].filter(Boolean).join(' ');
	const away = (e: MouseEvent) => {
		e.preventDefault();
		window.open(routePath({ view: 'desk', folder: null, account: null, ticket: t.id }), '_blank', 'noopener');
	};
	return (
		<div id={`row-${t.id}`} role="option" class={cls} style={{ transform: `translateY(${top}px)` }}
			aria-selected={open} aria-posinset={at + 1} aria-setsize={total} data-id={t.id}
			onClick={(e) => { if (e.ctrlKey || e.metaKey) away(e); else openTicket(t.id); }}
			onAuxClick={(e) => { if (e.button === 1) away(e); }}>
			<span class="mk" title={named(s?.name)}><span class="vh">{marks(t)}</span><Mark category={s?.category} colour={s?.colour} /></span>
			<Line t={t} />
		</div>
	);
});
