/* SPDX-License-Identifier: GPL-3.0-or-later */
// Toasts, and the strips that say that the connection is gone, slow, or a new version is there.
import { useEffect, useState } from 'preact/hooks';
import { reachable, slow } from '../api';
import { L } from '../i18n';
import { connected, outdated } from '../live';
import { ready, session } from '../store';
import { dropToast, toasts } from '../toasts';
import { Icon } from './icon';

/** Seconds left, for the eye only: read aloud each second they would be noise. */
export function Countdown({ until }: { until: number }) {
	const [at, tick] = useState(Date.now());
	useEffect(() => {
		const t = setInterval(() => tick(Date.now()), 250);
		return () => clearInterval(t);
	}, []);
	return <span class="left num" aria-hidden="true">{Math.max(0, Math.ceil((until - at) / 1000))} s</span>;
}

/** The notes of the moment. */
export function Toasts() {
	return (
		<div class="toasts" role="status" aria-live="polite">
			{toasts.value.map((t) => (
				<div key={t.id} class={`toast ${t.bad ? 'bad' : ''}`}>
					{t.bad && <Icon name="i-circle-alert" size="s" />}
					<span class="trunc">{t.text}{t.strong && <> <b>{t.strong}</b></>}</span>
					{t.until && <Countdown until={t.until} />}
					{t.action && (
						<button type="button" class="btn" onClick={() => { dropToast(t.id); t.action!.run(); }}>
							{t.action.label}{t.action.key && <span class="keys" aria-hidden="true"><kbd>{t.action.key}</kbd></span>}
						</button>
					)}
					<button type="button" class="btn ico shut" aria-label={L.value.word.close} onClick={() => dropToast(t.id)}>
						<Icon name="i-x" size="s" />
					</button>
				</div>
			))}
		</div>
	);
}

/** True once a condition has held for some time, so that short gaps stay quiet. */
function useLasting(is: boolean, ms: number): boolean {
	const [lasting, set] = useState(false);
	useEffect(() => {
		if (!is) {
			set(false);
			return;
		}
		const t = setTimeout(() => set(true), ms);
		return () => clearTimeout(t);
	}, [is, ms]);
	return is && lasting;
}

/** The strip over the page; nothing while all is well. */
export function Strips() {
	const off = useLasting(ready.value && !reachable.value, 300);
	const deaf = useLasting(ready.value && !connected.value, 8_000);
	const f = L.value.fail;
	if (off)
		return <div class="banner" role="alert"><Icon name="i-wifi-off" />{f.offlineStrip}</div>;
	if (outdated.value)
		return (
			<div class="banner info" role="status">
				<Icon name="i-circle-check" />{f.release}
				<button type="button" class="btn sm" onClick={() => location.reload()}>{f.reload}</button>
			</div>
		);
	if (slow.value > 0)
		return <div class="banner" role="status"><Icon name="i-clock" />{f.slow}</div>;
	if (deaf)
		return <div class="banner" role="status"><Icon name="i-wifi-off" />{L.value.nav.notLive}</div>;
	if (session.value?.testing)
		return <div class="banner" role="status"><Icon name="i-lock" />{L.value.nav.testing}</div>;
	return null;
}
