/* SPDX-License-Identifier: GPL-3.0-or-later */
// Folders that agents made: their names, order, alerts and end; and what is new in those that are watched.
import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { call } from '../api';
import type { Folder } from '../api-types';
import { openTicket } from '../desk';
import { named } from '../i18n';
import { folders as de } from '../i18n/de/folders';
import { folders as en } from '../i18n/en/folders';
import { date, exact } from '../i18n/format';
import { dialog } from '../popups';
import { lang } from '../prefs';
import { alerts, can, folders, refreshAlerts, refreshCounts } from '../store';
import { failed, toast } from '../toasts';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';

const W = computed(() => (lang.value === 'en' ? en : de));
const close = () => { dialog.value = null; };
const mine = computed(() => folders.value.filter((f) => f.key === null && (f.own || can('settings.write'))));

/** Does it, and shows what the server then says. */
async function act(method: 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown) {
	try {
		await call(method, path, { body });
		await refreshCounts();
		return true;
	} catch (e) {
		failed(e);
		void refreshCounts();
		return false;
	}
}

function move(f: Folder, by: 1 | -1) {
	const ids = mine.value.map((x) => x.id);
	const at = ids.indexOf(f.id);
	[ids[at], ids[at + by]] = [ids[at + by]!, ids[at]!];
	void act('PUT', '/folders', { folders: ids });
}

async function remove(f: Folder) {
	if (!await act('DELETE', `/folders/${f.id}`))
		return;
	const again = () => void call('POST', '/folders', { body: { name: named(f.name), query: f.query, shared: !f.own, watched: f.watched } }).then(refreshCounts, failed);
	toast({ text: W.value.removed, strong: named(f.name), action: { label: W.value.undo, run: again } });
}

function Row({ f, first, last }: { f: Folder; first: boolean; last: boolean }) {
	const w = W.value;
	const name = named(f.name);
	return (
		<li>
			<input class="inp" aria-label={`${w.rename} ${name}`} defaultValue={name} maxLength={80}
				onChange={(e) => { const text = e.currentTarget.value.trim(); if (text && text !== name) void act('PATCH', `/folders/${f.id}`, { name: text }); else e.currentTarget.value = name; }} />
			<span class="muted trunc q" title={f.query}>{f.query}{!f.own && ` · ${w.shared}`}</span>
			<button type="button" class="btn bare ico" aria-pressed={f.watched} aria-label={`${w.watch}: ${name}`} title={w.watch} onClick={() => void act('PATCH', `/folders/${f.id}`, { watched: !f.watched })}><Icon name="i-bell" /></button>
			<button type="button" class="btn bare ico" disabled={first} aria-label={`${w.up}: ${name}`} title={w.up} onClick={() => move(f, -1)}><Icon name="i-chevrons-up" /></button>
			<button type="button" class="btn bare ico" disabled={last} aria-label={`${w.down}: ${name}`} title={w.down} onClick={() => move(f, 1)}><Icon name="i-chevron-down" /></button>
			<button type="button" class="btn bare ico" aria-label={`${w.remove}: ${name}`} title={w.remove} onClick={() => void remove(f)}><Icon name="i-trash-2" /></button>
		</li>
	);
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
	const w = W.value;
	return (
		<Dialog label={title} class="dlg folders" onClose={close}>
			<header><h2>{title}</h2><button type="button" class="btn bare ico push" autofocus aria-label={w.close} title={w.close} onClick={close}><Icon name="i-x" /></button></header>
			<div class="in scroll" tabIndex={0}>{children}</div>
		</Dialog>
	);
}

export function Folders() {
	const all = mine.value;
	return (
		<Frame title={W.value.folders}>
			{all.length === 0 ? <p class="muted">{W.value.none}</p>
				: <ul class="own">{all.map((f, k) => <Row key={`${f.id} ${named(f.name)}`} f={f} first={k === 0} last={k === all.length - 1} />)}</ul>}
		</Frame>
	);
}

export function Alerts() {
	const w = W.value;
	const all = alerts.value;
	const seen = () => call('PUT', '/alerts', { body: { alert: all[0]!.id } }).then(() => { close(); void refreshAlerts(); }, failed);
	return (
		<Frame title={w.alerts}>
			{all.length === 0 ? <p class="muted">{w.noAlerts}</p> : (
				<>
					<ul class="news">{all.map((a) => (
						<li key={a.id}><button type="button" class="mi" onClick={() => { close(); openTicket(a.ticket_id); }}>
							<span class="trunc">{a.subject}</span><small class="push">{named(a.folder)} · <time dateTime={a.at} title={exact(a.at)}>{date(a.at)}</time></small>
						</button></li>
					))}</ul>
					<button type="button" class="btn" onClick={() => void seen()}>{w.seen}</button>
				</>
			)}
		</Frame>
	);
}
