/* SPDX-License-Identifier: GPL-3.0-or-later */
// A message whose mail failed or came back, once more as a draft: its words, its files, and those who did not get it.
import { call, get } from '../api';
import type { Message, Results, Upload } from '../api-types';
import { openTicket } from '../desk';
import { draftOf, takeDraft } from '../drafts';
import { focus } from '../focus';
import { addressesIn, usualTo } from '../people';
import { loadDetail } from '../store';
import { failed, toast } from '../toasts';
import { words } from './waiting';
import { L } from '../i18n';

/** Puts it into the composer of its ticket. Nothing leaves before somebody sends it. */
export async function editAgain(ticket: number, message: number, results: Results | null) {
	try {
		const [d, m] = await Promise.all([loadDetail(ticket, true), get<Message>(`/messages/${message}`)]);
		if (!d)
			return;
		const uploads = m.files.length > 0 ? await call<Upload[]>('POST', `/messages/${message}/uploads`) : [];
		const missed = (list: string[]) => list.filter((a) => (results?.[a]?.code ?? 999) >= 300);
		const to = missed(addressesIn(m.to));
		const before = { ...draftOf(ticket).peek() };
		takeDraft(ticket, {
			kind: 'message', body: m.text, html: null, version: d.ticket.version, updated_at: new Date().toISOString(), to: to.join() === usualTo(d).join() ? [] : to, cc: missed(m.cc ?? []),
			returned: null, resends: m.id, status_id: null, uploads,
		});
		if (before.message.trim() && before.message !== m.text)
			toast({ text: words().replacedDraft, action: { label: L.peek().changed.undo, run: () => { draftOf(ticket).value = before; } } });
		openTicket(ticket);
		focus('composer');
	} catch (e) {
		failed(e, () => void editAgain(ticket, message, results));
	}
}
