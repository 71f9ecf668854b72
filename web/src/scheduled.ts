/* SPDX-License-Identifier: GPL-3.0-or-later */
// Answers that wait: for some seconds, so that they can be taken back, or until a time. Until then nothing of them exists.
import { ApiError, call } from './api';
import type { Scheduled, ServerDraft } from './api-types';
import { openId, openTicket } from './desk';
import { draftOf, takeDraft } from './drafts';
import { undoWith } from './edit';
import { focus } from './focus';
import { L } from './i18n';
import { detailOf, loadDetail, me, putDetail } from './store';
import { dropToast, failed, toast } from './toasts';

/** How long an answer of whoever is logged in can be taken back, in seconds. */
export const undoSeconds = () => me.value?.undo_seconds ?? 0;

/** The notes that count down, by ticket. */
const counting = new Map<number, () => void>();

/** Ends the counting down of a ticket's answer: it was taken back, or it came back by itself. */
export function stopCounting(id: number) {
	counting.get(id)?.();
	counting.delete(id);
}

/** Says that an answer leaves in a moment, and offers to take it back: by the button, or by Z. */
export function countDown(id: number, text: string) {
	const until = Date.now() + undoSeconds() * 1000;
	const back = () => void takeBack(id);
	const forget = undoWith({ run: back, until });
	const note = toast({ text, until, action: { label: L.value.composer.takeBack, key: 'Z', run: back } });
	counting.set(id, () => {
		forget();
		dropToast(note);
	});
}

/** Shows in the page what the server has made of a ticket's waiting answer. */
export function putScheduled(id: number, scheduled: Scheduled | null, draft: ServerDraft | null = null) {
	const data = detailOf(id).peek().data;
	if (data)
		putDetail(id, { ...data, scheduled, draft });
}

/** Takes back an answer that waits: its words are in the composer again. */
export async function takeBack(id: number): Promise<void> {
	stopCounting(id);
	try {
		const { draft } = await call<{ draft: ServerDraft }>('DELETE', `/tickets/${id}/scheduled`);
		putScheduled(id, null, draft);
		const there = draftOf(id).peek().message; // typed while it was on its way, or the draft itself, brought by news of the ticket
		takeDraft(id, { ...draft, body: there.startsWith(draft.body) ? there : draft.body + there });
		toast({ text: L.value.composer.tookBack });
		shown(id);
	} catch (e) {
		if (!(e instanceof ApiError) || e.code !== 'scheduled_gone') {
			failed(e, () => void takeBack(id));
			return;
		}
		const data = await loadDetail(id, true);
		if (!data?.draft?.returned) // else the page says why it came back
			toast({ text: L.value.composer.tooLate, bad: true });
		shown(id);
	}
}

function shown(id: number) {
	if (openId.peek() !== id)
		openTicket(id);
	focus('composer');
}
