/* SPDX-License-Identifier: GPL-3.0-or-later */
// One account: address, servers, sign-in, what becomes of its mail. A new one is tried before it is saved.
import { useId, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Words } from '../api-types';
import { named } from '../i18n';
import { agents, roles, types } from '../store';
import { failed, sentence, toast } from '../toasts';
import { Icon } from '../ui/icon';
import { Since, type Import } from './account-import';
import { Checks, fingerprint, useTrial, words, type Trial } from './account-trial';

export interface Oauth {
	provider: 'google' | 'microsoft' | 'other';
	flow: 'consent' | 'client';
	client_id: string;
	authorize_url: string | null;
	token_url: string;
	scope: string;
	state: 'new' | 'well' | 'attention';
	error: string | null;
}
export interface Settings {
	id: number;
	name: string;
	address: string;
	active: boolean;
	kind: 'imap' | 'pop3' | 'pipe';
	host: string | null;
	port: number | null;
	security: string;
	login: string | null;
	auth: 'password' | 'oauth';
	has_password: boolean;
	after: 'keep' | 'move' | 'delete';
	after_folder: string | null;
	folders: string[];
	type_id: number;
	status_id: number;
	owner_id: number | null;
	owner_role_id: number | null;
	sender_name: string;
	reply_to: string | null;
	signature: string;
	smtp_host: string | null;
	smtp_port: number | null;
	smtp_security: string;
	smtp_login: string | null;
	has_smtp_password: boolean;
	pin: string | null;
	smtp_pin: string | null;
	idle_off: string | null;
	reports: 'ticket' | 'closed' | 'none';
	authserv_id: string | null;
	plus_proved: boolean;
	due_at: string;
	failures: number;
	last_ok_at: string | null;
	last_error: string | null;
	error_code: string | null;
	oauth: Oauth | null;
	import: Import | null;
}
interface Servers {
	known: boolean;
	host?: string | null;
	port?: number;
	security?: string;
	smtp_host?: string | null;
	smtp_port?: number;
	smtp_security?: string;
	oauth?: 'google' | 'microsoft' | null;
	hint?: Words | null;
}
type Form = Record<string, string>;

const TLS: [string, string][] = [['tls', 'TLS'], ['starttls', 'STARTTLS'], ['plain', 'plain']];

function formOf(a: Settings | null): Form {
	const t = types.value[0];
	return {
		name: a?.name ?? '', address: a?.address ?? '', password: '', smtp_password: '', kind: a?.kind ?? 'imap', host: a?.host ?? '', port: String(a?.port ?? 993),
		security: a?.security ?? 'tls', login: a?.login ?? '', auth: a?.auth ?? 'password', smtp_host: a?.smtp_host ?? '', smtp_port: String(a?.smtp_port ?? 465),
		smtp_security: a?.smtp_security ?? 'tls', smtp_login: a?.smtp_login ?? '', folders: (a?.folders ?? ['INBOX']).join('\n'), after: a?.after ?? 'keep',
		after_folder: a?.after_folder ?? '', type: String(a?.type_id ?? t?.id ?? ''), status: String(a?.status_id ?? t?.statuses[0]?.id ?? ''), owner: String(a?.owner_id ?? 0),
		owner_role: String(a?.owner_role_id ?? 0), sender_name: a?.sender_name ?? '', reply_to: a?.reply_to ?? '', signature: a?.signature ?? '', authserv_id: a?.authserv_id ?? '',
		provider: a?.oauth?.provider ?? 'google', flow: a?.oauth?.flow ?? 'consent', client_id: a?.oauth?.client_id ?? '', client_secret: '', tenant: '',
		token_url: a?.oauth?.provider === 'other' ? a.oauth.token_url : '', authorize_url: a?.oauth?.provider === 'other' ? a.oauth.authorize_url ?? '' : '',
		scope: a?.oauth?.provider === 'other' ? a.oauth.scope : '', existing: 'fetch', since: '', pin: a?.pin ?? '', smtp_pin: a?.smtp_pin ?? '', reports: a?.reports ?? 'ticket',
	};
}

/** What goes to the server: passwords only when somebody typed one. */
function bodyOf(f: Form, isNew: boolean, trial: boolean): Record<string, unknown> {
	const out: Record<string, unknown> = {
		address: f.address!.trim(), [trial ? 'mail_kind' : 'kind']: f.kind, host: f.host!.trim(), port: Number(f.port) || undefined, security: f.security,
		login: f.login!.trim() || f.address!.trim(), auth: f.auth, smtp_host: f.smtp_host!.trim(), smtp_port: Number(f.smtp_port) || undefined,
		smtp_security: f.smtp_security, smtp_login: f.smtp_login!.trim() || f.login!.trim() || f.address!.trim(), smtp_auth: f.auth, folders: f.folders,
		after: f.after, after_folder: f.after_folder!.trim(), pin: f.pin, smtp_pin: f.smtp_pin,
	};
	if (f.password)
		out.password = f.password;
	if (f.smtp_password || (f.password && isNew))
		out.smtp_password = f.smtp_password || f.password;
	if (!trial && isNew && f.existing !== 'fetch')
		Object.assign(out, { existing: f.existing, since: f.existing === 'import' ? f.since : undefined });
	if (!trial)
		Object.assign(out, {
			name: f.name!.trim() || f.address!.trim(), type: Number(f.type) || undefined, status: Number(f.status) || undefined, owner: Number(f.owner),
			owner_role: Number(f.owner_role), sender_name: f.sender_name, reply_to: f.reply_to!.trim(), signature: f.signature, authserv_id: f.authserv_id!.trim(), reports: f.reports,
		});
	return out;
}

interface Field {
	f: Form;
	set: (p: Form) => void;
}

function Text({ f, set, k, label, type = 'text', hint }: Field & { k: string; label: string; type?: string; hint?: string }) {
	const id = useId();
	return (
		<div class="fld"><label for={id}>{label}</label>
			<input id={id} class="inp" type={type} value={f[k]} autocomplete={type === 'password' ? 'new-password' : 'off'} spellcheck={false} placeholder={hint}
				onInput={(e) => set({ [k]: e.currentTarget.value })} /></div>
	);
}

function Area({ f, set, k, label, rows = 2 }: Field & { k: string; label: string; rows?: number }) {
	const id = useId();
	return <div class="fld"><label for={id}>{label}</label><textarea id={id} class="area" rows={rows} value={f[k]} onInput={(e) => set({ [k]: e.currentTarget.value })} /></div>;
}

function Pick({ f, set, k, label, of }: Field & { k: string; label: string; of: [string, string][] }) {
	const id = useId();
	return (
		<div class="fld"><label for={id}>{label}</label>
			<select id={id} class="inp" value={f[k]} onChange={(e) => set({ [k]: e.currentTarget.value })}>
				{of.map(([value, text]) => <option key={value} value={value} selected={f[k] === value}>{text}</option>)}
			</select></div>
	);
}

/** The one certificate that is trusted by hand, until somebody takes that back. */
function Pinned({ f, set, k }: Field & { k: 'pin' | 'smtp_pin' }) {
	const w = words();
	return f[k] ? <p class="pinned"><span class="muted">{w.pinned}</span> <span class="mono">{fingerprint(f[k]!)}</span> <button type="button" class="btn sm" onClick={() => set({ [k]: '' })}>{w.unpin}</button></p> : null;
}

function ServerFields({ f, set, a }: Field & { a: Settings | null }) {
	const w = words();
	return (
		<>
			<fieldset class="fields"><legend>{w.incoming}</legend>
				<Pick f={f} set={set} k="kind" label={w.kind} of={[['imap', 'IMAP'], ['pop3', 'POP3']]} />
				<Text f={f} set={set} k="host" label={w.server} />
				<Text f={f} set={set} k="port" label={w.port} type="number" />
				<Pick f={f} set={set} k="security" label={w.security} of={TLS} />
				<Text f={f} set={set} k="login" label={w.login} hint={f.address} />
				<Pinned f={f} set={set} k="pin" />
			</fieldset>
			<fieldset class="fields"><legend>{w.outgoing}</legend>
				<Text f={f} set={set} k="smtp_host" label={w.server} />
				<Text f={f} set={set} k="smtp_port" label={w.port} type="number" />
				<Pick f={f} set={set} k="smtp_security" label={w.security} of={TLS} />
				<Text f={f} set={set} k="smtp_login" label={w.login} hint={f.login || f.address} />
				{f.auth === 'password' && <Text f={f} set={set} k="smtp_password" label={w.smtpPassword} type="password" hint={a?.has_smtp_password ? w.kept : w.samePassword} />}
				<Pinned f={f} set={set} k="smtp_pin" />
			</fieldset>
		</>
	);
}

function OauthFields({ f, set }: Field) {
	const w = words();
	return (
		<fieldset class="fields"><legend>{w.oauth}</legend>
			<Pick f={f} set={set} k="provider" label={w.provider} of={Object.entries(w.providers)} />
			<Pick f={f} set={set} k="flow" label={w.flow} of={Object.entries(w.flows)} />
			<Text f={f} set={set} k="client_id" label={w.clientId} />
			<Text f={f} set={set} k="client_secret" label={w.clientSecret} type="password" />
			{f.provider === 'microsoft' && <Text f={f} set={set} k="tenant" label={w.tenant} hint="common" />}
			{f.provider === 'other' && <Text f={f} set={set} k="token_url" label={w.tokenUrl} />}
			{f.provider === 'other' && f.flow === 'consent' && <Text f={f} set={set} k="authorize_url" label={w.authorizeUrl} />}
			{f.provider === 'other' && <Text f={f} set={set} k="scope" label={w.scope} />}
		</fieldset>
	);
}

/** What becomes of the mail that a new account finds; only IMAP tells what came when. */
function Existing({ f, set }: Field) {
	const w = words();
	return (
		<fieldset class="fields"><legend>{w.existing}</legend>
			<Pick f={f} set={set} k="existing" label={w.existingLabel} of={Object.entries(w.existings)} />
			{f.existing === 'import' && <Since since={f.since!} setSince={(since) => set({ since })} trial={bodyOf(f, true, true)} />}
		</fieldset>
	);
}

function TicketFields({ f, set }: Field) {
	const w = words();
	const type = types.value.find((t) => String(t.id) === f.type);
	return (
		<>
			<fieldset class="fields"><legend>{w.tickets}</legend>
				<Area f={f} set={set} k="folders" label={w.folders} />
				<Pick f={f} set={set} k="after" label={w.after} of={Object.entries(w.afters).filter(([k]) => k !== 'move' || f.kind === 'imap')} />
				{f.after === 'move' && <Text f={f} set={set} k="after_folder" label={w.afterFolder} />}
				<Pick f={f} set={(p) => set({ ...p, status: String(types.value.find((t) => String(t.id) === p.type)?.statuses[0]?.id ?? '') })} k="type" label={w.type}
					of={types.value.map((t) => [String(t.id), named(t.name)])} />
				<Pick f={f} set={set} k="status" label={w.status} of={(type?.statuses ?? []).map((s) => [String(s.id), named(s.name)])} />
				<Pick f={f} set={set} k="owner" label={w.owner} of={[['0', w.nobody], ...agents.value.filter((x) => x.active).map((x) => [String(x.id), x.name] as [string, string])]} />
				{f.owner !== '0' && <Pick f={f} set={set} k="owner_role" label={w.role} of={[['0', '–'], ...roles.value.map((r) => [String(r.id), named(r.name)] as [string, string])]} />}
				<Pick f={f} set={set} k="reports" label={w.reportsLabel} of={Object.entries(w.reports)} />
			</fieldset>
			<fieldset class="fields"><legend>{w.answers}</legend>
				<Text f={f} set={set} k="name" label={w.name} hint={f.address} />
				<Text f={f} set={set} k="sender_name" label={w.sender} />
				<Text f={f} set={set} k="reply_to" label={w.replyTo} />
				<Text f={f} set={set} k="authserv_id" label={w.authserv} />
				<Area f={f} set={set} k="signature" label={w.signature} rows={3} />
			</fieldset>
		</>
	);
}

/** The servers of an address: from the table of providers, else what a process with network finds. */
async function proposal(address: string, discover: (s: object) => Promise<Trial | null>): Promise<Servers> {
	const s = await get<Servers>('/mail/servers', { address });
	if (s.known && s.host)
		return s;
	const t = await discover({ kind: 'discover', address });
	return (t?.steps.find((x) => x.step === 'servers' && x.state === 'well')?.facts as Servers | undefined) ?? { known: false };
}

/** The form; `a` null = a new account. */
export function AccountForm({ a, onDone }: { a: Settings | null; onDone: (saved: boolean) => void }) {
	const w = words();
	const [f, setForm] = useState<Form>(() => formOf(a));
	const [open, setOpen] = useState(a !== null);
	const [note, setNote] = useState('');
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);
	const trial = useTrial();
	const found = useTrial();
	const set = (p: Form) => setForm((was) => ({ ...was, ...p }));
	const find = async () => {
		setError(null);
		try {
			const s = await proposal(f.address!.trim(), found.start);
			const word = (x: number | undefined, usual: string) => (x === undefined ? usual : String(x));
			set({
				host: s.host ?? '', port: word(s.port, '993'), security: s.security ?? 'tls', smtp_host: s.smtp_host ?? '', smtp_port: word(s.smtp_port, '465'),
				smtp_security: s.smtp_security ?? 'tls', ...(s.oauth ? { provider: s.oauth } : {}), ...(s.oauth === 'microsoft' ? { auth: 'oauth' } : {}),
			});
			setNote(`${s.known ? w.known : s.host ? w.guessed : w.byHand} ${named(s.hint ?? undefined)}`);
			setOpen(true);
		} catch (e) {
			setError(e);
		}
	};
	const save = async (): Promise<Settings | null> => {
		setBusy(true);
		setError(null);
		try {
			const body = bodyOf(f, a === null, false);
			let s = a === null ? await call<Settings>('POST', '/mail/accounts', { body }) : await call<Settings>('PATCH', `/mail/accounts/${a.id}`, { body });
			if (f.auth === 'oauth' && f.client_id) {
				const own = { tenant: f.tenant || undefined, token_url: f.token_url || undefined, authorize_url: f.authorize_url || undefined, scope: f.scope || undefined };
				s = await call<Settings>('PUT', `/mail/accounts/${s.id}/oauth`, { body: { provider: f.provider, flow: f.flow, client_id: f.client_id, client_secret: f.client_secret || undefined, ...own } });
			}
			toast({ text: w.saved });
			return s;
		} catch (e) {
			setError(e);
			return null;
		} finally {
			setBusy(false);
		}
	};
	const signIn = async () => {
		const s = await save();
		if (s)
			await call<{ url: string }>('POST', `/mail/accounts/${s.id}/consent`).then((x) => location.assign(x.url), (e: unknown) => { failed(e); onDone(true); });
	};
	const oauth = f.auth === 'oauth';
	const check = (form: Form) => void trial.start({ ...bodyOf(form, a === null, true), ...(a ? { account: a.id } : {}) });
	const trust = (part: 'in' | 'out', sha256: string) => {
		const pin = { [part === 'in' ? 'pin' : 'smtp_pin']: sha256 };
		set(pin);
		check({ ...f, ...pin });
	};
	return (
		<form class="account-form" onSubmit={(e) => { e.preventDefault(); if (open) void save().then((s) => s && onDone(true)); else void find(); }}>
			<h2>{a === null ? w.connect : w.change}</h2>
			<div class="fields">
				<Text f={f} set={set} k="address" label={w.address} type="email" />
				<Pick f={f} set={set} k="auth" label={w.auth} of={Object.entries(w.auths)} />
				{!oauth && <Text f={f} set={set} k="password" label={w.password} type="password" hint={a?.has_password ? w.kept : undefined} />}
			</div>
			{note && <p class="muted note-line"><Icon name="i-circle-check" size="s" /> {note}</p>}
			{open && <ServerFields f={f} set={set} a={a} />}
			{open && oauth && <OauthFields f={f} set={set} />}
			{open && <Checks t={trial.trial} error={trial.error} busy={trial.busy} trust={trust} />}
			{open && <TicketFields f={f} set={set} />}
			{open && a === null && f.kind === 'imap' && <Existing f={f} set={set} />}
			{error !== null && <p class="bad" role="alert">{sentence(error)}</p>}
			<div class="actions">
				{!open && <button type="submit" class="btn go" disabled={found.busy || !f.address}>{found.busy ? w.finding : w.find}</button>}
				{open && (a !== null || !oauth) && (
					<button type="button" class="btn" disabled={trial.busy} onClick={() => check(f)}>
						<Icon name="i-rotate-ccw" size="s" />{trial.trial ? w.again : w.check}
					</button>
				)}
				{open && oauth && f.flow === 'consent' && <button type="button" class="btn" disabled={busy || !f.client_id} onClick={() => void signIn()}>{w.signIn}</button>}
				{open && <button type="submit" class="btn go" disabled={busy || (f.existing === 'import' && !f.since)}>{w.save}</button>}
				<button type="button" class="btn bare" onClick={() => onDone(false)}>{w.cancel}</button>
			</div>
		</form>
	);
}
