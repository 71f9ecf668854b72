/* SPDX-License-Identifier: GPL-3.0-or-later */
// Mails that were set aside: why, their original, and reading them once more.
import { useEffect, useState } from 'preact/hooks';
import { call, get } from '../api';
import type { Parked as Row } from '../api-types';
import { parked as de } from '../i18n/de/parked';
import { parked as en } from '../i18n/en/parked';
import { L } from '../i18n';
import { exact, short, size } from '../i18n/format';
import { lang } from '../prefs';
import { go } from '../router';
import { failed, sentence, toast } from '../toasts';
import { Icon } from '../ui/icon';

const PAGE = 50;
const LOOK_AFTER = 1_500;

function reason(said: string | null): { text: string; more: string } {
	const w = lang.value === 'en' ? en : de;
	const loop = /^loop: .* (\d+) servers$/.exec(said ?? '');
	if (loop)
		return { text: w.loop(loop[1]!), more: '' };
	if (/never came to an end/.test(said ?? ''))
		return { text: w.deadly, more: '' };
	if (/original_missing|blob store/.test(said ?? ''))
		return { text: w.missing, more: said ?? '' };
	return { text: w.failed, more: said ?? '' };
}

function Line({ row, onDone }: { row: Row; onDone: () => void }) {
	const w = lang.value === 'en' ? en : de;
	const [busy, setBusy] = useState(false);
	const why = reason(row.reason);
	const again = async () => {
		setBusy(true);
		try {
			await call('POST', `/inbound/${row.id}/retry`);
			toast({ text: w.sent });
			setTimeout(onDone, LOOK_AFTER);
		} catch (e) {
			setBusy(false);
			failed(e, onDone);
		}
	};
	return (
		<li class="parked">
			<time class="num" dateTime={row.fetched_at} title={exact(row.fetched_at)}>{short(row.fetched_at)}</time>
			<div class="grow">
				<b>{why.text}</b>
				{why.more && <code class="said">{why.more}</code>}
				<span class="muted">{w.from(row.account ?? w.noAccount, size(row.size))} · {w.tries(row.tries)}</span>
			</div>
			<a class="btn" href={`/api/v1/inbound/${row.id}/raw`} download><Icon name="i-download" size="xs" />{w.original}</a>
			<button type="button" class="btn" disabled={busy} onClick={() => void again()}><Icon name="i-rotate-ccw" size="xs" />{busy ? w.reading : w.again}</button>
		</li>
	);
}

/** The page of parked mails. */
export function Parked() {
	const w = lang.value === 'en' ? en : de;
	const [rows, setRows] = useState<Row[] | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [more, setMore] = useState(false);
	const load = async (before: number | null = null) => {
		try {
			const page = await get<Row[]>('/inbound', { state: 'parked', limit: PAGE, before });
			setRows((was) => (before === null ? page : [...was ?? [], ...page]));
			setMore(page.length === PAGE);
			setError(null);
		} catch (e) {
			setError(e);
		}
	};
	useEffect(() => void load(), []);
	return (
		<main class="page" aria-label={w.title}>
			<div class="page-head"><h1 class="h2">{w.title}</h1>
				<button type="button" class="btn bare push" onClick={() => go({ view: 'desk', folder: null, account: null, ticket: null })}><Icon name="i-arrow-left" size="xs" />{w.back}</button></div>
			<div class="scroll parked-list" tabIndex={0} role="region" aria-label={w.title}>
				{error !== null && <p class="bad" role="alert">{w.error} {sentence(error)} <button type="button" class="btn sm" onClick={() => void load()}>{L.value.fail.retry}</button></p>}
				{rows && rows.length > 0 && <p class="muted">{w.lead}</p>}
				{rows && rows.length > 0 && <ul>{rows.map((r) => <Line key={`${r.id} ${r.tries} ${r.reason}`} row={r} onDone={() => void load()} />)}</ul>}
				{rows?.length === 0 && !error && <div class="blank"><Icon name="i-circle-check" /><h2>{w.none}</h2><p>{w.noneText}</p></div>}
				{more && <button type="button" class="btn" onClick={() => void load(rows?.at(-1)?.id ?? null)}>{w.more}</button>}
			</div>
		</main>
	);
}
