/* SPDX-License-Identifier: GPL-3.0-or-later */
// A trial of an account: its steps as they come in; a failure opens in place with cause, remedy and the server's words.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Words } from '../api-types';
import { accounts as de } from '../i18n/de/accounts';
import { accounts as en } from '../i18n/en/accounts';
import { named } from '../i18n';
import { date, number } from '../i18n/format';
import { lang } from '../prefs';
import { sentence } from '../toasts';
import { Icon } from '../ui/icon';

export interface Step {
	part: 'in' | 'out' | 'trip';
	step: string;
	state: 'well' | 'bad' | 'skipped';
	ms: number;
	code: string | null;
	words: string | null;
	facts: Record<string, unknown> | null;
}
export interface Trial {
	id: number;
	state: 'queued' | 'running' | 'well' | 'failed';
	steps: Step[];
}
interface Fault {
	code: string;
	cause: Words;
	remedy: Words;
}

export const words = () => (lang.value === 'en' ? en : de);

const LOOK = 400;
let faults: Promise<Map<string, Fault>> | null = null;

/** The words for what can be wrong, loaded once. */
export function useFaults(): Map<string, Fault> {
	const [known, set] = useState<Map<string, Fault>>(new Map());
	useEffect(() => {
		faults ??= get<Fault[]>('/mail/faults').then((all) => new Map(all.map((f) => [f.code, f])));
		faults.then(set, () => { faults = null; });
	}, []);
	return known;
}

/** Starts trials and follows the last one; `busy` until it ended. */
export function useTrial() {
	const [trial, setTrial] = useState<Trial | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);
	const turn = useRef(0);
	useEffect(() => () => { turn.current = -1; }, []);
	const follow = async (id: number): Promise<Trial | null> => {
		const mine = ++turn.current;
		setBusy(true);
		setError(null);
		try {
			for (;;) {
				const t = await get<Trial>(`/mail/trials/${id}`);
				if (turn.current !== mine)
					return null;
				setTrial(t);
				if (t.state === 'well' || t.state === 'failed')
					return t;
				await new Promise((done) => setTimeout(done, LOOK));
			}
		} catch (e) {
			setError(e);
			return null;
		} finally {
			if (turn.current === mine)
				setBusy(false);
		}
	};
	const start = async (settings: object): Promise<Trial | null> => {
		setTrial(null);
		setError(null);
		try {
			return await follow((await call<Trial>('POST', '/mail/trials', { body: settings })).id);
		} catch (e) {
			setError(e);
			return null;
		}
	};
	return { trial, error, busy, start, follow };
}

function told(s: Step): string {
	const w = words();
	const f = s.facts ?? {};
	if (s.step === 'certificate' && typeof f.until === 'string')
		return `${w.until(date(f.until))}${f.pinned && !f.trusted ? `, ${w.byHandTrusted}` : ''}`;
	if (s.step === 'folders' && typeof f.mails === 'number')
		return w.mails(number(f.mails), Array.isArray(f.names) ? f.names.length : 0);
	if (s.step === 'name' && typeof f.address === 'string')
		return f.address;
	return '';
}

/** Whoever trusts a certificate that nobody vouches for must see which it is. */
export type Trust = (part: 'in' | 'out', sha256: string) => void;

/** A fingerprint as other programs show it. */
export const fingerprint = (sha256: string) => sha256.toUpperCase().replace(/(..)(?=.)/g, '$1:');

function Certificate({ s, trust }: { s: Step; trust?: Trust }) {
	const w = words();
	const f = s.facts as Record<string, string> | null;
	if (!f?.sha256 || s.part === 'trip')
		return null;
	const part = s.part;
	const sha = f.sha256;
	return (
		<div class="certificate">
			<dl>
				<dt>{w.certFor}</dt><dd>{f.names || f.subject}</dd>
				<dt>{w.certBy}</dt><dd>{f.issuer}</dd>
				{f.from && f.until && <><dt>{w.certTime}</dt><dd>{date(f.from)} – {date(f.until)}</dd></>}
				<dt>SHA-256</dt><dd class="mono">{fingerprint(sha)}</dd>
			</dl>
			{trust && <><p class="soft">{w.trustText}</p><button type="button" class="btn sm" onClick={() => trust(part, sha)}>{w.trust}</button></>}
		</div>
	);
}

function Line({ s, trust }: { s: Step; trust?: Trust }) {
	const w = words();
	const fault = useFaults().get(s.code ?? '');
	const side = s.part === 'in' ? w.incoming : s.part === 'out' ? w.outgoing : '';
	const more = told(s);
	if (s.state === 'well')
		return <li class="ok"><Icon name="i-circle-check" /><span>{side && <span class="muted">{side}: </span>}{w.steps[s.step] ?? s.step}{more && `, ${more}`}</span><span class="num muted">{s.ms} ms</span></li>;
	if (s.state === 'skipped')
		return <li class="todo"><Icon name="i-circle-dashed" /><span>{w.steps[s.step] ?? s.step}: {s.step === 'plus' ? w.noPlus : w.skipped}</span></li>;
	return (
		<li class="bad"><Icon name="i-circle-x" /><span class="strong">{side && `${side}: `}{w.bads[s.step] ?? w.steps[s.step] ?? s.step}{more && ` (${more})`}</span>
			{fault && <p><b>{named(fault.cause)}</b> {named(fault.remedy)}</p>}
			{s.step === 'certificate' && <Certificate s={s} trust={trust} />}
			{s.words && <p class="log"><span class="vh">{w.said}</span>&lt; {s.words}</p>}</li>
	);
}

/** The checklist. */
export function Checks({ t, error, busy, trust }: { t: Trial | null; error: unknown; busy: boolean; trust?: Trust }) {
	const w = words();
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => { if (busy) box.current?.scrollIntoView({ block: 'center' }); }, [busy]);
	return (
		<div ref={box} class="checklist" role="status" aria-live="polite" aria-busy={busy}>
			{error !== null && <p class="bad" role="alert">{sentence(error)}</p>}
			{t && t.steps.length > 0 && <ul class="checks">{t.steps.map((s, k) => <Line key={k} s={s} trust={trust} />)}</ul>}
			{busy && <p class="muted">{w.checking}</p>}
			{!busy && t?.state === 'well' && <p class="strong">{w.allWell}</p>}
		</div>
	);
}
