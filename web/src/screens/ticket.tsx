/* SPDX-License-Identifier: GPL-3.0-or-later */
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api';
import type { TicketFull } from '../api-types';
import { closeTicket, openId } from '../desk';
import { meetServerDraft } from '../drafts';
import { L } from '../i18n';
import { detailOf, fullTicket, loadDetail } from '../store';
import { sentence } from '../toasts';
import { Icon } from '../ui/icon';
import { lazy } from '../ui/lazy';

import { Head } from './head';
import { Side } from './side';
import { Thread } from './thread';

const Composer = lazy(() => import('./composer').then((m) => m.Composer));
const Waiting = lazy(() => import('./waiting').then((m) => m.Waiting));
const Cautions = lazy(() => import('./fate').then((m) => m.Cautions));
const isCautious = (t: TicketFull) => t.held || t.address || t.follows || t.followed_by;

function Nothing() {
	const w = L.value.ticket;
	return <div class="blank"><Icon name="i-message-square-text" /><h2>{w.none}</h2><p>{w.noneText}</p></div>;
}

function Failed({ error, id }: { error: ApiError; id: number }) {
	const w = L.value.ticket;
	const gone = error.status === 404;
	return (
		<div class="blank" role="alert">
			<Icon name="i-triangle-alert" />
			<h2>{gone ? w.gone : w.error}</h2>
			<p>{gone ? w.goneText : sentence(error)}</p>
			{!gone && error.request && <p class="muted">{L.value.fail.request(error.request)}</p>}
			{gone ? <button type="button" class="btn" onClick={closeTicket}>{w.back}</button>
				: <button type="button" class="btn" onClick={() => void loadDetail(id, true)}>{L.value.fail.retry}</button>}
		</div>
	);
}

function Skeleton() {
	const [late, set] = useState(false);
	useEffect(() => {
		const t = setTimeout(() => set(true), 300);
		return () => clearTimeout(t);
	}, []);
	if (!late)
		return <div class="talk" aria-busy="true" />;
	return (
		<div class="talk" aria-busy="true">
			<div class="thread" aria-hidden="true">
				{[0, 1].map((k) => (
					<div class="reg customer" key={k}><div class="gut" />
						<div class="ghost-msg"><i class="skel w3" /><i class="skel w5" /><i class="skel w4" /></div>
					</div>
				))}
			</div>
		</div>
	);
}

function Open({ id }: { id: number }) {
	const s = detailOf(id).value;
	const t = fullTicket(id);
	const draft = s.data?.draft ?? null;
	useEffect(() => meetServerDraft(id, draft), [id, draft?.updated_at]);
	if (!s.data && s.error)
		return <Failed error={s.error} id={id} />;
	if (!t)
		return <Skeleton />;
	return (
		<>
			<Head key={id} t={t} />
			{s.data && s.error && (
				<div class="banner" role="alert"><Icon name="i-wifi-off" />{sentence(s.error)}
					<button type="button" class="btn sm" onClick={() => void loadDetail(id, true)}>{L.value.fail.retry}</button></div>
			)}
			<div class="work-body">
				{s.data ? (
					<div class="talk"><Thread key={id} d={s.data} />{isCautious(s.data.ticket) && <Cautions d={s.data} />}{s.data.scheduled && <Waiting d={s.data} s={s.data.scheduled} />}<Composer key={`c${id}`} d={s.data} /></div>
				) : <Skeleton />}
				{s.data ? <Side d={s.data} /> : <div class="side" />}
			</div>
		</>
	);
}

/** The reading pane. */
export function TicketPane() {
	const id = openId.value;
	return <main class="work">{id === null ? <Nothing /> : <Open id={id} />}</main>;
}
