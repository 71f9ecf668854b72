/* SPDX-License-Identifier: GPL-3.0-or-later */
// Keeping a search as a folder, and the help of the search.
import { useId, useState } from 'preact/hooks';
import { call } from '../api';
import type { Folder } from '../api-types';
import { openFolder } from '../desk';
import { L } from '../i18n';
import { can, refreshCounts } from '../store';
import { sentence, toast } from '../toasts';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { F } from './find-words';

export function Keep({ q, watch, close }: { q: string; watch: boolean; close: () => void }) {
	const f = F.value;
	const id = useId();
	const [name, setName] = useState('');
	const [shared, setShared] = useState(false);
	const [watched, setWatched] = useState(watch);
	const [error, setError] = useState('');
	const [busy, setBusy] = useState(false);
	const keep = async () => {
		if (!name.trim()) {
			setError(f.nameMissing);
			return;
		}
		setBusy(true);
		try {
			const made = await call<Folder>('POST', '/folders', { body: { name: name.trim(), query: q.trim(), shared, watched } });
			void refreshCounts();
			close();
			toast({ text: f.kept, strong: name.trim(), action: { label: f.show, run: () => openFolder(String(made.id)) } });
		} catch (e) {
			setError(sentence(e));
			setBusy(false);
		}
	};
	return (
		<Dialog label={f.keep} class="dlg" onClose={close}>
			<form onSubmit={(e) => { e.preventDefault(); void keep(); }}>
				<header><h2>{f.keep}</h2></header>
				<div class="in">
					<div class="fld">
						<label for={id}>{f.name}</label>
						<input id={id} class={`inp ${error ? 'bad' : ''}`} autofocus maxLength={80} value={name} aria-invalid={error !== ''} aria-describedby={`${id}-e`}
							onInput={(e) => { setName(e.currentTarget.value); setError(''); }} />
						<p id={`${id}-e`} class={error ? 'err' : 'hint'} role={error ? 'alert' : undefined}>{error ? <><Icon name="i-circle-alert" size="s" />{error}</> : `${f.query}: ${q}`}</p>
					</div>
					<label class="mi"><input type="checkbox" class="box" checked={watched} onChange={(e) => setWatched(e.currentTarget.checked)} /><Icon name="i-bell" size="s" />{f.watched}</label>
					{can('settings.write') && <label class="mi"><input type="checkbox" class="box" checked={shared} onChange={(e) => setShared(e.currentTarget.checked)} /><Icon name="i-users" size="s" />{f.shared}</label>}
				</div>
				<footer><button type="button" class="btn push" onClick={close}>{f.cancel}</button><button type="submit" class="btn pri" disabled={busy}>{f.keepShort}</button></footer>
			</form>
		</Dialog>
	);
}

export function Help({ run, close }: { run: (q: string) => void; close: () => void }) {
	const f = F.value;
	return (
		<Dialog label={f.help} class="dlg helps" onClose={close}>
			<header><h2>{f.help}</h2><button type="button" class="btn bare ico push" aria-label={f.close} title={f.close} onClick={close}><Icon name="i-x" /></button></header>
			<div class="in scroll" tabIndex={0}>
				<p class="muted">{f.helpLead}</p>
				<ul>{f.helps.map(([q, what]) => (
					<li key={q}><button type="button" class="link" onClick={() => { close(); run(q); }}>{q}</button><span class="muted">{what}</span></li>
				))}</ul>
				<h3>{L.value.search.narrow}</h3>
				<dl>{Object.entries(f.fields).map(([k, what]) => <div key={k}><dt class="code trunc">{f.names[k] ?? k}:</dt><dd class="muted">{what}</dd></div>)}</dl>
			</div>
		</Dialog>
	);
}
