/* SPDX-License-Identifier: GPL-3.0-or-later */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import { L } from '../i18n';
import { chooseLang, lang, theme } from '../prefs';
import { login } from '../session';
import { me, meta } from '../store';
import { sentence } from '../toasts';
import { Brand, Icon } from '../ui/icon';

function why(e: unknown): string {
	const w = L.value.login;
	if (e instanceof ApiError) {
		if (e.code === 'https_required')
			return w.https;
		if (e.status === 429)
			return w.limit;
		if (e.status === 401)
			return w.wrong;
	}
	return sentence(e);
}

const isDark = () => theme.value === 'dark' || (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** The slip with name and password; `over` lies on a page whose session has ended. */
function Slip({ over }: { over: boolean }) {
	const w = L.value.login;
	const id = useId();
	const [name, setName] = useState(over ? me.value?.login ?? '' : '');
	const [password, setPassword] = useState('');
	const [seen, setSeen] = useState(false);
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState('');
	const first = useRef<HTMLInputElement>(null);
	const second = useRef<HTMLInputElement>(null);
	useLayoutEffect(() => (over && name ? second : first).current?.focus(), []);

	const submit = async (e: Event) => {
		e.preventDefault();
		if (busy)
			return;
		if (!name.trim() || !password) {
			setError(w.empty);
			(name.trim() ? second : first).current?.focus();
			return;
		}
		setBusy(true);
		setError('');
		try {
			await login(name.trim(), password);
		} catch (fault) {
			setError(why(fault));
			second.current?.select();
		}
		setBusy(false);
	};
	const described = error ? `${id}-error` : undefined;
	return (
		<form class="slip" onSubmit={submit} noValidate>
			<div class="brand"><Brand />docket</div>
			<h1>{over ? w.again : w.title}</h1>
			<p class="muted">{over ? w.againHint : meta.value?.name ?? ''}</p>
			<div class="fld">
				<label for={`${id}-u`}>{w.login}</label>
				<input ref={first} id={`${id}-u`} class="inp l" value={name} autocomplete="username" autocapitalize="none" spellcheck={false}
					aria-describedby={described} onInput={(e) => setName(e.currentTarget.value)} />
			</div>
			<div class="fld">
				<label for={`${id}-p`}>{w.password}</label>
				<span class="with">
					<input ref={second} id={`${id}-p`} class={`inp l ${error ? 'bad' : ''}`} type={seen ? 'text' : 'password'} value={password}
						autocomplete="current-password" aria-invalid={error !== ''} aria-describedby={described}
						onInput={(e) => setPassword(e.currentTarget.value)} />
					<button type="button" class="btn bare sm" aria-pressed={seen} aria-label={seen ? w.hide : w.show}
						title={seen ? w.hide : w.show} onClick={() => setSeen(!seen)}>
						<Icon name={seen ? 'i-lock' : 'i-key-round'} size="s" />
					</button>
				</span>
				<span class="err" id={`${id}-error`} role="alert">{error && <><Icon name="i-circle-alert" size="xs" />{error}</>}</span>
			</div>
			<button type="submit" class="btn go lg" aria-disabled={busy}>{busy ? w.going : w.go}</button>
			<hr class="perf" />
			<p class="help">{w.help}</p>
		</form>
	);
}

/** The login, as a page or over the page. */
export function Login({ over = false }: { over?: boolean }) {
	if (over)
		return <Slip over />;
	return (
		<div class="gate">
			<header>
				<button type="button" class="btn bare push" lang={lang.value === 'de' ? 'en' : 'de'} onClick={() => chooseLang(lang.value === 'de' ? 'en' : 'de')}>
					<Icon name="i-languages" />{L.value.lang.other}
				</button>
				<button type="button" class="btn bare ico" aria-label={L.value.login.theme} title={L.value.login.theme}
					onClick={() => { theme.value = isDark() ? 'light' : 'dark'; }}>
					<Icon name="i-sun-moon" />
				</button>
			</header>
			<main><Slip over={false} /></main>
			<footer><span>docket {meta.value?.version ?? ''}</span></footer>
		</div>
	);
}
