/* SPDX-License-Identifier: GPL-3.0-or-later */
// What an agent sets about himself: the signature under his answers, and his password.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ApiError, call } from '../api';
import { L } from '../i18n';
import { own as de } from '../i18n/de/own';
import { own as en } from '../i18n/en/own';
import { dialog } from '../popups';
import { lang } from '../prefs';
import { chooseSignature } from '../session';
import { can, me } from '../store';
import { sentence, toast } from '../toasts';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';

const SHORTEST = 12;
const words = () => (lang.value === 'en' ? en : de);
const why = (e: unknown) => (e instanceof ApiError && e.status === 429 ? L.value.login.limit : sentence(e));

/** A form that does one thing, says what went wrong beside its button and lets nobody press it twice. */
function Act(p: { act: () => Promise<string | null>; button: string; off?: boolean; children: ComponentChildren }) {
	const [error, setError] = useState('');
	const [busy, setBusy] = useState(false);
	const submit = async (e: Event) => {
		e.preventDefault();
		if (busy || p.off)
			return;
		setBusy(true);
		setError(await p.act().catch(why) ?? '');
		setBusy(false);
	};
	return (
		<form class="act" onSubmit={(e) => void submit(e)} noValidate>
			{p.children}
			<div class="hstack">
				<span class="err grow" role="alert">{error && <><Icon name="i-circle-alert" size="xs" />{error}</>}</span>
				<button type="submit" class="btn go" aria-disabled={busy || p.off}>{p.button}</button>
			</div>
		</form>
	);
}

function Signature() {
	const w = words();
	const id = useId();
	const kept = me.value?.signature ?? '';
	const [text, setText] = useState(kept);
	const save = async () => {
		await chooseSignature(text.trimEnd());
		toast({ text: w.saved });
		return null;
	};
	return (
		<Act act={save} button={w.save} off={text.trimEnd() === kept}>
			<div class="fld">
				<label for={id}>{w.signature}</label>
				<textarea id={id} class="area" rows={4} maxLength={4000} autofocus value={text} aria-describedby={`${id}-h`} onInput={(e) => setText(e.currentTarget.value)} />
				<p class="hint" id={`${id}-h`}>{w.signatureHint}</p>
			</div>
		</Act>
	);
}

function Password() {
	const w = words();
	const id = useId();
	const [old, setOld] = useState('');
	const [fresh, setFresh] = useState('');
	const change = async () => {
		if (!old)
			return w.missing;
		if ([...fresh].length < SHORTEST)
			return w.short;
		await call('PUT', '/me/password', { body: { old, password: fresh } });
		setOld('');
		setFresh('');
		toast({ text: w.changed });
		return null;
	};
	return (
		<Act act={change} button={w.change} off={!old && !fresh}>
			<h3>{w.passwordTitle}</h3>
			<input class="vh" type="text" tabIndex={-1} aria-hidden="true" autocomplete="username" readOnly value={me.value?.login ?? ''} />
			<div class="fld">
				<label for={`${id}-o`}>{w.old}</label>
				<input id={`${id}-o`} class="inp" type="password" autocomplete="current-password" value={old} onInput={(e) => setOld(e.currentTarget.value)} />
			</div>
			<div class="fld">
				<label for={`${id}-n`}>{w.fresh}</label>
				<input id={`${id}-n`} class="inp" type="password" autocomplete="new-password" value={fresh} aria-describedby={`${id}-h`} onInput={(e) => setFresh(e.currentTarget.value)} />
				<p class="hint" id={`${id}-h`}>{w.freshHint}</p>
			</div>
		</Act>
	);
}

/** The dialog. */
export function Own() {
	const title = L.value.me.own;
	const close = () => { dialog.value = null; };
	return (
		<Dialog label={title} class="dlg own" onClose={close}>
			<header><h2>{title}</h2><button type="button" class="btn bare ico push" aria-label={L.value.word.close} title={L.value.word.close} onClick={close}><Icon name="i-x" /></button></header>
			<div class="in scroll" tabIndex={0}>
				{can('ticket.write') && <Signature />}
				<Password />
			</div>
		</Dialog>
	);
}
