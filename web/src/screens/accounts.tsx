/* SPDX-License-Identifier: GPL-3.0-or-later */
// Mail accounts: how each is, testing and changing them; test mode.
import { useEffect, useId, useState } from 'preact/hooks';
import { call, get } from '../api';
import { L, named } from '../i18n';
import { exact, short } from '../i18n/format';
import { go } from '../router';
import { can, session, types } from '../store';
import { failed, sentence, toast } from '../toasts';
import { Icon } from '../ui/icon';
import { AccountForm, type Settings } from './account-form';
import { Bring, isUnderWay, Progress } from './account-import';
import { Checks, useFaults, useTrial, words } from './account-trial';

const LOOK = 2000; // between two looks at an import that is under way

interface Mode {
	testing: boolean;
	allowed: string[];
}

function State({ a }: { a: Settings }) {
	const w = words();
	const fault = useFaults().get(a.error_code ?? '');
	if (!a.active)
		return <span class="muted">{w.isOff}</span>;
	if (a.auth === 'oauth' && a.oauth?.state === 'new')
		return <span class="warn"><Icon name="i-triangle-alert" size="s" /> {w.notSigned}</span>;
	if (a.auth === 'oauth' && a.oauth?.state === 'attention')
		return <span class="warn"><Icon name="i-triangle-alert" size="s" /> {w.attention}</span>;
	if (a.last_error)
		return (
			<span class="warn"><Icon name="i-triangle-alert" size="s" /> {fault ? named(fault.cause) : a.last_error} <span class="muted">{w.failures(a.failures)}, {w.due(short(a.due_at))}</span>
				{fault && <span class="soft remedy">{named(fault.remedy)}</span>}</span>
		);
	return a.kind === 'pipe' || !a.last_ok_at ? null : <span><Icon name="i-circle-check" size="s" /> {w.well}</span>;
}

function Row({ a, onChange, onEdit }: { a: Settings; onChange: () => void; onEdit: () => void }) {
	const w = words();
	const trial = useTrial();
	const [bringing, setBringing] = useState(false);
	const turn = () => call('PATCH', `/mail/accounts/${a.id}`, { body: { active: !a.active } }).then(onChange, (e: unknown) => failed(e));
	const test = () => void trial.start({ account: a.id }).then(onChange);
	const trust = (part: 'in' | 'out', sha256: string) => call('PATCH', `/mail/accounts/${a.id}`, { body: { [part === 'in' ? 'pin' : 'smtp_pin']: sha256 } }).then(test, (e: unknown) => failed(e));
	const askAgain = () => call('PATCH', `/mail/accounts/${a.id}`, { body: { idle_again: true } }).then(onChange, (e: unknown) => failed(e));
	const signIn = () => call<{ url: string }>('POST', `/mail/accounts/${a.id}/consent`).then((x) => location.assign(x.url), (e: unknown) => failed(e));
	return (
		<li class="account" aria-label={a.name}>
			<div class="account-head">
				<Icon name="i-mail" />
				<div><b>{a.name}</b> {a.name !== a.address && <span class="muted">{a.address}</span>}
					<div class="account-state"><State a={a} />
						{a.kind !== 'pipe' && <span class="muted" title={a.last_ok_at ? exact(a.last_ok_at) : undefined}>{a.last_ok_at ? w.fetched(short(a.last_ok_at)) : w.never}</span>}
						{a.idle_off && <span class="muted" title={a.idle_off}>{w.idleOff} <button type="button" class="btn sm" onClick={() => void askAgain()}>{w.idleAgain}</button></span>}
						{a.plus_proved && <span class="muted">{w.plus}</span>}</div></div>
				<div class="actions">
					{a.auth === 'oauth' && a.oauth?.flow === 'consent' && a.oauth.state !== 'well' && <button type="button" class="btn go" onClick={() => void signIn()}>{w.signIn}</button>}
					<button type="button" class="btn" disabled={trial.busy} onClick={test}><Icon name="i-rotate-ccw" size="xs" />{trial.busy ? w.checking : w.test}</button>
					{a.kind === 'imap' && !bringing && !isUnderWay(a.import) && <button type="button" class="btn" onClick={() => setBringing(true)}><Icon name="i-history" size="xs" />{w.bring}</button>}
					<button type="button" class="btn" onClick={onEdit}><Icon name="i-pencil" size="xs" />{w.edit}</button>
					<button type="button" class="btn bare" onClick={() => void turn()}>{a.active ? w.off : w.on}</button>
				</div>
			</div>
			{a.import && <Progress account={a.id} i={a.import} onChange={onChange} />}
			{bringing && <Bring account={a.id} type={a.type_id} onDone={(begun) => { setBringing(false); if (begun) onChange(); }} />}
			{(trial.trial || trial.error !== null) && <Checks t={trial.trial} error={trial.error} busy={trial.busy} trust={(part, sha256) => void trust(part, sha256)} />}
		</li>
	);
}

function TestMode() {
	const w = words();
	const id = useId();
	const [mode, setMode] = useState<Mode | null>(null);
	const [text, setText] = useState('');
	useEffect(() => void get<Mode>('/mail/mode').then((m) => { setMode(m); setText(m.allowed.join('\n')); }, () => undefined), []);
	const save = async (testing: boolean) => {
		try {
			setMode(await call<Mode>('PUT', '/mail/mode', { body: { testing, allowed: text } }));
			if (session.value)
				session.value = { ...session.value, testing };
			toast({ text: w.modeSaved });
		} catch (e) {
			failed(e);
		}
	};
	return mode && (
		<section class="testmode" aria-labelledby={`${id}-h`}>
			<h2 id={`${id}-h`}>{w.mode}</h2>
			<p class="soft">{mode.testing && <b>{w.modeIs} </b>}{w.modeText}</p>
			<div class="fld"><label for={id}>{w.allowed}</label><textarea id={id} class="area" rows={2} value={text} onInput={(e) => setText(e.currentTarget.value)} /></div>
			<div class="actions">
				<button type="button" class="btn" onClick={() => void save(!mode.testing)}>{mode.testing ? w.modeOff : w.modeOn}</button>
				{mode.testing && <button type="button" class="btn" onClick={() => void save(true)}>{w.save}</button>}
			</div>
		</section>
	);
}

/** How long an answer opens a closed ticket again, by type. */
function Reopening() {
	const w = words();
	const id = useId();
	const save = async (type: number, days: string) => {
		try {
			await call('PATCH', `/types/${type}`, { body: { reopen_days: days === '' ? -1 : Number(days) } });
			types.value = types.value.map((t) => (t.id === type ? { ...t, reopen_days: days === '' ? null : Number(days) } : t));
			toast({ text: w.reopenSaved });
		} catch (e) {
			failed(e);
		}
	};
	return (
		<section class="testmode" aria-labelledby={`${id}-h`}>
			<h2 id={`${id}-h`}>{w.reopen}</h2>
			<p class="soft">{w.reopenText}</p>
			<div class="fields">
				{types.value.map((t) => (
					<div key={t.id} class="fld"><label for={`${id}-${t.id}`}>{named(t.name)}</label>
						<input id={`${id}-${t.id}`} class="inp" type="number" min={0} max={3650} value={t.reopen_days ?? ''} placeholder={w.reopenAlways}
							onChange={(e) => void save(t.id, e.currentTarget.value)} /></div>
				))}
			</div>
		</section>
	);
}

/** What the provider sent the browser back with; taken out of the address at once. */
function broughtBack(): { state: string; code?: string; error?: string } | null {
	const q = new URLSearchParams(location.search);
	const state = q.get('state');
	if (location.pathname !== '/oauth' || !state)
		return null;
	history.replaceState(null, '', '/p/accounts');
	return { state, code: q.get('code') ?? undefined, error: q.get('code') ? undefined : q.get('error') ?? 'no code' };
}

/** The page of mail accounts. */
export function Accounts() {
	const w = words();
	const [all, setAll] = useState<Settings[] | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [editing, setEditing] = useState<Settings | 'new' | null>(null);
	const consent = useTrial();
	const load = () => get<Settings[]>('/mail/accounts').then((l) => { setAll(l); setError(null); }, setError);
	useEffect(() => {
		const back = broughtBack();
		void load();
		if (back)
			call<{ trial: number }>('POST', '/oauth', { body: back }).then((x) => consent.follow(x.trial)).then(load, (e: unknown) => failed(e));
	}, []);
	const busy = all?.some((a) => isUnderWay(a.import)) ?? false;
	useEffect(() => {
		const timer = busy ? setInterval(() => void load(), LOOK) : undefined;
		return () => clearInterval(timer);
	}, [busy]);
	const done = (saved: boolean) => { setEditing(null); if (saved) void load(); };
	return (
		<main class="page" aria-label={w.title}>
			<div class="page-head"><h1 class="h2">{w.title}</h1>
				<button type="button" class="btn bare push" onClick={() => go({ view: 'desk', folder: null, account: null, ticket: null })}><Icon name="i-arrow-left" size="xs" />{w.back}</button></div>
			<div class="scroll accounts" tabIndex={0} role="region" aria-label={w.title}>
				{error !== null && <p class="bad" role="alert">{w.error} {sentence(error)} <button type="button" class="btn sm" onClick={() => void load()}>{L.value.fail.retry}</button></p>}
				{consent.trial && <Checks t={consent.trial} error={consent.error} busy={consent.busy} />}
				{editing !== null
					? <AccountForm key={editing === 'new' ? 'new' : editing.id} a={editing === 'new' ? null : editing} onDone={done} />
					: all && (
						<>
							<div class="lead-line"><p class="soft">{w.lead}</p><button type="button" class="btn go push" onClick={() => setEditing('new')}><Icon name="i-plus" size="s" />{w.connect}</button></div>
							{all.length > 0 && <ul>{all.map((a) => <Row key={a.id} a={a} onChange={() => void load()} onEdit={() => setEditing(a)} />)}</ul>}
							{all.length === 0 && <div class="blank"><Icon name="i-mail" /><h2>{w.none}</h2><p>{w.noneText}</p></div>}
							<TestMode />
							{can('settings.write') && <Reopening />}
						</>
					)}
			</div>
		</main>
	);
}
