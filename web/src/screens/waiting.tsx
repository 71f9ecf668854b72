/* SPDX-License-Identifier: GPL-3.0-or-later */
// An answer that waits for its time: what it says, when it leaves, and the ways to stop it.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api';
import type { Detail, Scheduled } from '../api-types';
import { openTicket } from '../desk';
import { L } from '../i18n';
import { sending as de } from '../i18n/de/sending';
import { sending as en } from '../i18n/en/sending';
import { moment } from '../i18n/format';
import { dialog } from '../popups';
import { lang } from '../prefs';
import { putScheduled, stopCounting, takeBack } from '../scheduled';
import { detailOf, loadDetail, me } from '../store';
import { failed, toast } from '../toasts';
import { Icon } from '../ui/icon';
import { Countdown } from '../ui/notes';

export const words = () => (lang.value === 'en' ? en : de);

const SOON = 60_000;
const LOOK_AFTER = 1_500;
const LOOK_AGAIN = 5_000;

async function sendNow(id: number) {
	stopCounting(id);
	try {
		const { scheduled } = await call<{ scheduled: Scheduled }>('PUT', `/tickets/${id}/scheduled`, { body: { at: 'now' } });
		putScheduled(id, scheduled);
	} catch (e) {
		failed(e, () => void sendNow(id));
		void loadDetail(id, true);
	}
}

/** Looks whether the answer has left once its time is over; the events say so too, when they arrive. */
function useLeaving(id: number, due: number): boolean {
	const [over, set] = useState(Date.now() >= due);
	useEffect(() => {
		set(Date.now() >= due);
		let timer = 0;
		const look = () => {
			set(true);
			void loadDetail(id, true);
			timer = window.setTimeout(look, LOOK_AGAIN);
		};
		const wait = Math.max(0, due - Date.now()) + LOOK_AFTER;
		if (wait < 86_400_000)
			timer = window.setTimeout(look, wait);
		return () => clearTimeout(timer);
	}, [id, due]);
	return over;
}

/** Between thread and composer: the answer that waits. */
export function Waiting({ d, s }: { d: Detail; s: Scheduled }) {
	const w = words().waiting;
	const id = d.ticket.id;
	const due = Date.parse(s.due_at);
	const over = useLeaving(id, due);
	const soon = due - Date.now() < SOON;
	const to = [...s.to.length ? s.to : d.sending?.to ?? [], ...s.cc];
	return (
		<section class="waiting" aria-label={w.label}>
			<header>
				<Icon name="i-clock" size="s" />
				<b class="strong">{over ? w.now : soon ? w.soon : w.at(moment(s.due_at))}</b>
				{!over && soon && <Countdown until={due} />}
				<span class="acts push">
					<button type="button" class="btn sm" onClick={() => void takeBack(id)}><Icon name="i-undo-2" size="xs" />{w.back}</button>
					{!over && !soon && <button type="button" class="btn sm" onClick={() => { dialog.value = 'later'; }}><Icon name="i-clock" size="xs" />{w.change}</button>}
					{!over && <button type="button" class="btn sm" onClick={() => void sendNow(id)}><Icon name="i-send" size="xs" />{w.send}</button>}
				</span>
			</header>
			<p class="words">{s.body}</p>
			<p class="muted">{[to.length > 0 && w.to(to.join(', ')), s.files > 0 && w.files(s.files), !over && !soon && w.onlyIf].filter(Boolean).join(' · ')}</p>
		</section>
	);
}

/** Tells who wrote an answer that it came back unsent, and why. */
export async function tellReturned(ticket: number) {
	const data = await loadDetail(ticket, true) ?? detailOf(ticket).peek().data;
	const mine = data?.events.filter((e) => e.kind === 'draft.returned').at(-1);
	if (!data?.draft?.returned || mine?.agent_id !== me.peek()?.id)
		return;
	stopCounting(ticket);
	const w = words();
	const text = w.notSent(data.ticket.customer || data.ticket.from_name || L.peek().composer.customer);
	toast({ text: `${data.draft.returned === 'ticket_changed' ? `${whoWrote(data)} ` : ''}${text}`, bad: true, action: { label: w.open, run: () => openTicket(ticket) } });
}

/** Who wrote while an answer waited or was being written. */
export function whoWrote(d: Detail): string {
	const w = words();
	const last = d.messages.filter((m) => m.kind === 'message' && m.agent_id !== me.peek()?.id && !m.automatic).at(-1);
	return last && last.agent_id ? w.wrote(last.author) : w.wroteCustomer;
}
