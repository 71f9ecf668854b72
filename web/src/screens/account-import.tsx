/* SPDX-License-Identifier: GPL-3.0-or-later */
// What lay in a mailbox before: counted since a day, brought over silently, with its progress.
import { useId, useState } from 'preact/hooks';
import { call } from '../api';
import { named } from '../i18n';
import { date, number, span } from '../i18n/format';
import { types } from '../store';
import { failed, sentence } from '../toasts';
import { Icon } from '../ui/icon';
import { useFaults, useTrial, words, type Trial } from './account-trial';

export interface Import {
	id: number;
	since: string | null;
	state: 'new' | 'running' | 'done' | 'cancelled';
	total: number | null;
	done: number | null;
	brought: number | null;
	eta: number | null;
	error_code: string | null;
	error: string | null;
}

/** Is it under way? */
export const isUnderWay = (i: Import | null) => i !== null && i.since !== null && (i.state === 'new' || i.state === 'running');

/** How many mails a trial counted, and how old they are; null = it did not. */
function counted(t: Trial | null): { count: number; oldest: string | null } | null {
	const facts = t?.steps.find((s) => s.step === 'count' && s.state === 'well')?.facts;
	return facts ? { count: Number(facts.count), oldest: (facts.oldest as string | null) ?? null } : null;
}

/** The last import of an account: how far it is, or what came of it. */
export function Progress({ account, i, onChange }: { account: number; i: Import; onChange: () => void }) {
	const w = words();
	const fault = useFaults().get(i.error_code ?? '');
	const since = i.since ? date(`${i.since}T12:00:00Z`) : '';
	const stop = () => call('DELETE', `/mail/accounts/${account}/import`).then(onChange, (e: unknown) => failed(e));
	if (i.since === null)
		return null;
	if (i.state === 'done')
		return <p class="muted import">{w.imported(since, number(i.brought ?? 0))}</p>;
	if (i.state === 'cancelled')
		return <p class="muted import">{w.importStopped(since)}</p>;
	return (
		<div class="import">
			{i.state === 'new'
				? <span>{w.importListed(since)}</span>
				: <>
					<progress max={i.total ?? 1} value={i.done ?? 0} aria-label={w.importing(since)} />
					<span>{w.importing(since)}: {w.importDone(number(i.done ?? 0), number(i.total ?? 0))}{i.eta ? `, ${w.importLeft(span(i.eta * 1000))}` : ''}</span>
				</>}
			<button type="button" class="btn sm" onClick={() => void stop()}>{w.cancel}</button>
			{i.error && <p class="warn"><Icon name="i-triangle-alert" size="s" /> {fault ? `${named(fault.cause)} ${named(fault.remedy)}` : i.error}</p>}
		</div>
	);
}

/** A day, and how many mails there are since then in the account as the form or the server has it. */
export function Since({ since, setSince, trial }: { since: string; setSince: (day: string) => void; trial: object }) {
	const w = words();
	const id = useId();
	const count = useTrial();
	const faults = useFaults();
	const found = counted(count.trial);
	const bad = count.trial?.steps.find((s) => s.state === 'bad');
	const fault = bad && faults.get(bad.code ?? '');
	return (
		<div class="fld since"><label for={id}>{w.since}</label>
			<span class="one-line"><input id={id} class="inp" type="date" value={since} max={new Date().toISOString().slice(0, 10)} onInput={(e) => setSince(e.currentTarget.value)} />
				<button type="button" class="btn" disabled={count.busy || !since} onClick={() => void count.start({ ...trial, kind: 'count', since })}>{count.busy ? w.counting : w.count}</button></span>
			<span role="status" class="soft">{found && (found.oldest ? w.counted(number(found.count), date(found.oldest)) : w.countedNone)}</span>
			{(count.error !== null || bad) && <p class="bad" role="alert">{count.error !== null ? sentence(count.error) : fault ? `${named(fault.cause)} ${named(fault.remedy)}` : bad?.words}</p>}
		</div>
	);
}

/** Asks for an import of a saved account. */
export function Bring({ account, type, onDone }: { account: number; type: number; onDone: (begun: boolean) => void }) {
	const w = words();
	const id = useId();
	const [since, setSince] = useState('');
	const [folders, setFolders] = useState('');
	const statuses = types.value.find((t) => t.id === type)?.statuses ?? [];
	const [status, setStatus] = useState(String((statuses.find((s) => s.category === 'done' || s.category === 'shut') ?? statuses[0])?.id ?? ''));
	const [error, setError] = useState<unknown>(null);
	const begin = () => call('POST', `/mail/accounts/${account}/import`, { body: { since, folders, status: Number(status) || undefined } }).then(() => onDone(true), setError);
	return (
		<form class="bring" aria-label={w.bring} onSubmit={(e) => { e.preventDefault(); void begin(); }}>
			<p class="soft">{w.bringText}</p>
			<div class="fields">
				<Since since={since} setSince={setSince} trial={{ account, ...(folders ? { folders } : {}) }} />
				<div class="fld"><label for={`${id}-f`}>{w.bringFolders}</label><textarea id={`${id}-f`} class="area" rows={2} value={folders} onInput={(e) => setFolders(e.currentTarget.value)} /></div>
				<div class="fld"><label for={`${id}-s`}>{w.bringStatus}</label>
					<select id={`${id}-s`} class="inp" value={status} onChange={(e) => setStatus(e.currentTarget.value)}>
						{statuses.map((s) => <option key={s.id} value={String(s.id)} selected={String(s.id) === status}>{named(s.name)}</option>)}
					</select></div>
			</div>
			{error !== null && <p class="bad" role="alert">{sentence(error)}</p>}
			<div class="actions"><button type="submit" class="btn go" disabled={!since}>{w.bringNow}</button><button type="button" class="btn bare" onClick={() => onDone(false)}>{w.cancel}</button></div>
		</form>
	);
}
