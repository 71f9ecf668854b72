/* SPDX-License-Identifier: GPL-3.0-or-later */
// Logging in and out, and what follows from it.
import { ApiError, call, expired, resume, setCsrf } from './api';
import type { Me, Meta, Session } from './api-types';
import { flushDrafts, forgetDrafts } from './drafts';
import { keep, kept } from './prefs';
import { startLive, stopLive } from './live';
import { asked, loadWords, meta, ready, session, setSession, trouble } from './store';
import { failed } from './toasts';

/** Asks who is logged in and loads what the desk needs; without a session the login appears. A browser that never logged
 *  in is not asked about: the answer would be a 401 that its console shows as an error. */
export async function start() {
	trouble.value = null;
	if (kept('in') === null) {
		meta.value = await call<Meta>('GET', '/meta', { bare: true }).catch(() => null);
		asked.value = true;
		return;
	}
	try {
		const [m, s] = await Promise.all([
			call<Meta>('GET', '/meta', { bare: true }).catch(() => null),
			call<Session>('GET', '/session', { bare: true }),
		]);
		meta.value = m;
		await enter(s);
	} catch (e) {
		if (e instanceof ApiError && e.status === 401)
			meta.value ??= await call<Meta>('GET', '/meta', { bare: true }).catch(() => null);
		else
			trouble.value = e instanceof ApiError ? e : new ApiError(0, 'offline', '');
		session.value = null;
	} finally {
		asked.value = true;
	}
}

async function enter(s: Session) {
	keep('in', '1');
	setCsrf(s.csrf);
	setSession(s);
	await loadWords();
	startLive();
	import('./screens/fate').then((m) => m.tellMissed()).catch(() => undefined); // the outbox shows them anyway
}

/** Logs in; throws what the server refuses. Over a lost session the page goes on where it was. */
export async function login(name: string, password: string) {
	const before = session.peek();
	const s = await call<Session>('POST', '/session', { body: { login: name, password }, bare: true });
	if (before && before.agent.id !== s.agent.id) {
		location.reload();
		return;
	}
	if (expired.peek()) {
		setCsrf(s.csrf);
		session.value = { ...before, ...s, permissions: s.permissions ?? before?.permissions ?? [] };
		resume();
		return;
	}
	await enter(s.permissions ? s : await call<Session>('GET', '/session', { bare: true }));
}

/** Sets for how many seconds one's own answers can be taken back; 0 = they leave at once. */
export async function chooseUndo(seconds: number) {
	try {
		const agent = await call<Me>('PATCH', '/me', { body: { undo_seconds: seconds } });
		session.value = { ...session.peek()!, agent: { ...session.peek()!.agent, undo_seconds: agent.undo_seconds } };
	} catch (e) {
		failed(e, () => void chooseUndo(seconds));
	}
}

/** Keeps one's own signature; throws what the server refuses. */
export async function chooseSignature(text: string) {
	const { signature } = await call<Me>('PATCH', '/me', { body: { signature: text } });
	session.value = { ...session.peek()!, agent: { ...session.peek()!.agent, signature } };
}

/** Logs out, after what was typed has been saved. While the server does not say that the session is over, one stays. */
export async function logout() {
	await flushDrafts();
	try {
		await call('DELETE', '/session', { bare: true });
	} catch (e) {
		if (!(e instanceof ApiError && e.status === 401)) {
			failed(e, () => void logout());
			return;
		}
	}
	forgetDrafts();
	stopLive();
	keep('in', null);
	ready.value = false;
	location.assign('/');
}
