/* SPDX-License-Identifier: GPL-3.0-or-later */
// When an answer shall leave: three times with one key, or one that is typed.
import { useId, useState } from 'preact/hooks';
import { call } from '../api';
import type { Scheduled } from '../api-types';
import { openId } from '../desk';
import { L } from '../i18n';
import { exact, moment, zone } from '../i18n/format';
import { dialog } from '../popups';
import { putScheduled, stopCounting } from '../scheduled';
import { send } from '../send';
import { detailOf, loadDetail } from '../store';
import { failed, toast } from '../toasts';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { daysOn, nextWeekday, parseWhen, wallTime } from '../when';
import { words } from './waiting';

const EIGHT = 8;

function presets(): [string, Date][] {
	const w = words().later;
	const now = new Date();
	const at = (day: Parameters<typeof wallTime>[0]) => wallTime(day, EIGHT, 0, zone.value);
	return [
		[w.hour, new Date(now.getTime() + 3_600_000)],
		[w.tomorrow, at(daysOn(now, zone.value, 1))],
		[w.monday, at(nextWeekday(now, zone.value, 1))],
	];
}

async function change(id: number, at: string) {
	stopCounting(id);
	try {
		const { scheduled } = await call<{ scheduled: Scheduled }>('PUT', `/tickets/${id}/scheduled`, { body: { at } });
		putScheduled(id, scheduled);
		toast({ text: words().waiting.at(moment(scheduled.due_at)) });
	} catch (e) {
		failed(e, () => void change(id, at));
		void loadDetail(id, true);
	}
}

/** The dialog: for an answer that is written, or for one that waits already. */
export function Later() {
	const w = words().later;
	const id = useId();
	const ticket = openId.value;
	const [text, setText] = useState('');
	const [tried, setTried] = useState(false);
	const meant = parseWhen(text, new Date(), zone.value);
	const waits = ticket !== null && detailOf(ticket).value.data?.scheduled != null;
	const close = () => { dialog.value = null; };
	const choose = (at: Date) => {
		close();
		if (ticket !== null)
			void (waits ? change(ticket, at.toISOString()) : send(ticket, { next: true, at: at.toISOString() }));
	};
	const wrong = text.trim() !== '' && !meant && tried;
	return (
		<Dialog label={waits ? w.change : w.title} class="dlg later" onClose={close}>
			<form onSubmit={(e) => { e.preventDefault(); setTried(true); if (meant) choose(meant); }}>
				<header><h2>{waits ? w.change : w.title}</h2><button type="button" class="btn bare ico push" aria-label={L.value.word.close} title={L.value.word.close} onClick={close}><Icon name="i-x" /></button></header>
				<div class="in">
					<div class="fld">
						<label for={id}>{w.when}</label>
						<input id={id} class={`inp ${wrong ? 'bad' : ''}`} autofocus autocomplete="off" spellcheck={false} value={text} placeholder={w.example} aria-invalid={wrong} aria-describedby={`${id}-m`}
							onInput={(e) => { setText(e.currentTarget.value); setTried(false); }} />
						<p id={`${id}-m`} class={wrong ? 'err' : 'hint'} role="status">{meant ? <b class="strong">{exact(meant.toISOString())}</b> : wrong ? <><Icon name="i-circle-alert" size="s" />{w.unknown}</> : w.hint}</p>
					</div>
					{presets().map(([label, at]) => (
						<button type="button" class="mi" key={label} onClick={() => choose(at)}><Icon name="i-clock" size="s" /><span>{label}</span><span class="muted push num">{moment(at.toISOString())}</span></button>
					))}
				</div>
				<footer><button type="button" class="btn push" onClick={close}>{L.value.word.cancel}</button><button type="submit" class="btn go" aria-disabled={!meant}>{waits ? w.set : w.send}</button></footer>
			</form>
		</Dialog>
	);
}
