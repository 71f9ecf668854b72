/* SPDX-License-Identifier: GPL-3.0-or-later */
// A new ticket, opened by an agent.
import { useEffect, useId, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { CustomerRef, Detail, Kind } from '../api-types';
import { openTicket } from '../desk';
import { L, named } from '../i18n';
import { dialog } from '../popups';
import { keep, kept } from '../prefs';
import { putDetail, types } from '../store';
import { sentence } from '../toasts';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';

interface Form {
	email: string;
	name: string;
	subject: string;
	type: number;
	kind: Kind;
	body: string;
}

const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function remembered(): Form {
	const blank: Form = { email: '', name: '', subject: '', type: types.value[0]?.id ?? 0, kind: 'message', body: '' };
	try {
		return { ...blank, ...JSON.parse(kept('create') ?? '{}') as Partial<Form> };
	} catch {
		return blank;
	}
}

function useSuggestions(text: string): CustomerRef[] {
	const [found, set] = useState<CustomerRef[]>([]);
	useEffect(() => {
		if (text.trim().length < 2 || MAIL.test(text.trim())) {
			set([]);
			return;
		}
		const stop = new AbortController();
		const t = setTimeout(() => get<CustomerRef[]>('/customers', { q: text.trim(), limit: 6 }, stop.signal).then(set, () => undefined), 150);
		return () => {
			clearTimeout(t);
			stop.abort();
		};
	}, [text]);
	return found;
}

function Customer({ f, set, error }: { f: Form; set: (p: Partial<Form>) => void; error: string }) {
	const w = L.value.fresh;
	const id = useId();
	const found = useSuggestions(f.email);
	return (
		<div class="fld">
			<label for={id}>{w.customer}</label>
			<input id={id} class={`inp ${error ? 'bad' : ''}`} type="text" inputMode="email" autocomplete="off" autofocus value={f.email}
				aria-describedby={`${id}-h`} aria-invalid={error !== ''} onInput={(e) => set({ email: e.currentTarget.value })} />
			{found.length > 0 && (
				<ul class="suggest">
					{found.map((c) => (
						<li key={c.id}><button type="button" class="mi" onClick={() => set({ email: c.email, name: c.name })}>
							<Icon name="i-user" size="s" /><span class="trunc">{c.name}</span><small class="trunc">{c.email}</small><small class="push num">{w.tickets(c.tickets)}</small>
						</button></li>
					))}
				</ul>
			)}
			{error ? <span class="err" id={`${id}-h`} role="alert"><Icon name="i-circle-alert" size="xs" />{error}</span> : <span class="hint" id={`${id}-h`}>{w.customerHint}</span>}
		</div>
	);
}

/** The dialog for a new ticket. What was typed survives closing it. */
export function Create() {
	const w = L.value.fresh;
	const id = useId();
	const [f, setForm] = useState(remembered);
	const [busy, setBusy] = useState(false);
	const [tried, setTried] = useState(false);
	const [error, setError] = useState('');
	const set = (p: Partial<Form>) => setForm((was) => {
		const next = { ...was, ...p };
		keep('create', JSON.stringify(next));
		return next;
	});
	const badMail = f.email.trim() !== '' && !MAIL.test(f.email.trim());
	const close = () => { dialog.value = null; };
	const submit = async (e: Event) => {
		e.preventDefault();
		setTried(true);
		if (busy || !f.subject.trim() || badMail)
			return;
		setBusy(true);
		setError('');
		try {
			const d = await call<Detail>('POST', '/tickets', { body: {
				subject: f.subject.trim(), type: f.type, kind: f.kind, body: f.body.trim() || undefined,
				email: f.email.trim() || undefined, name: f.name.trim() || undefined,
			} });
			putDetail(d.ticket.id, d);
			keep('create', null);
			close();
			openTicket(d.ticket.id);
		} catch (fault) {
			setError(`${sentence(fault)} ${L.value.fail.keep}`);
		}
		setBusy(false);
	};
	return (
		<Dialog label={w.title} class="dlg create" onClose={close}>
			<form onSubmit={submit} noValidate onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void submit(e); }}>
				<header><h2>{w.title}</h2><button type="button" class="btn bare ico push" aria-label={w.cancel} title={w.cancel} onClick={close}><Icon name="i-x" /></button></header>
				<div class="in scroll">
					<Customer f={f} set={set} error={tried && badMail ? w.badEmail : ''} />
					<div class="two">
						<div class="fld"><label for={`${id}-n`}>{w.name}</label>
							<input id={`${id}-n`} class="inp" value={f.name} autocomplete="off" onInput={(e) => set({ name: e.currentTarget.value })} /></div>
						<div class="fld"><label for={`${id}-t`}>{w.type}</label>
							<select id={`${id}-t`} class="inp" value={f.type} onChange={(e) => set({ type: Number(e.currentTarget.value) })}>
								{types.value.map((t) => <option key={t.id} value={t.id}>{named(t.name)}</option>)}
							</select></div>
					</div>
					<div class="fld"><label for={`${id}-s`}>{w.subject}</label>
						<input id={`${id}-s`} class={`inp ${tried && !f.subject.trim() ? 'bad' : ''}`} value={f.subject} maxLength={500} autocomplete="off"
							aria-invalid={tried && !f.subject.trim()} aria-describedby={`${id}-se`} onInput={(e) => set({ subject: e.currentTarget.value })} />
						<span class="err" id={`${id}-se`} role="alert">{tried && !f.subject.trim() && <><Icon name="i-circle-alert" size="xs" />{w.needSubject}</>}</span></div>
					<span class="seg" role="group" aria-label={w.kind}>
						<button type="button" aria-pressed={f.kind === 'message'} onClick={() => set({ kind: 'message' })}>{w.kindMessage}</button>
						<button type="button" aria-pressed={f.kind === 'comment'} onClick={() => set({ kind: 'comment' })}><Icon name="i-lock" size="xs" />{w.kindComment}</button>
					</span>
					<div class={`fld bodyfld ${f.kind}`}><label for={`${id}-b`}>{w.body}</label>
						<textarea id={`${id}-b`} class="area" rows={7} value={f.body} onInput={(e) => set({ body: e.currentTarget.value })} /></div>
					{error && <p class="err" role="alert"><Icon name="i-circle-alert" size="xs" />{error}</p>}
				</div>
				<footer><button type="button" class="btn" onClick={close}>{w.cancel}</button>
					<button type="submit" class="btn go" aria-disabled={busy}>{busy ? w.creating : w.create}</button></footer>
			</form>
		</Dialog>
	);
}
