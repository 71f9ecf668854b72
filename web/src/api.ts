/* SPDX-License-Identifier: GPL-3.0-or-later */
// One way to the server: JSON in and out, CSRF header, one kind of error, and a login that keeps the page.
import { signal } from '@preact/signals';
import type { Event } from './api-types';

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly detail: string,
		readonly request: string | null = null,
		readonly events: Event[] = [],
	) {
		super(detail || code);
	}
	get offline() {
		return this.status === 0;
	}
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Options {
	query?: Record<string, string | number | boolean | null | undefined>;
	body?: unknown;
	bytes?: Blob;
	signal?: AbortSignal;
	/** The login page itself asks: a 401 is its answer and not a lost session. */
	bare?: boolean;
	/** Let the request outlive the page (drafts on leaving). */
	keepalive?: boolean;
}

const BASE = '/api/v1';
const PATIENCE = 30_000;
const SLOW = 3_000;

let csrf = '';

/** True while the session has ended and the login lies over the page. */
export const expired = signal(false);
/** False from a request that found no server until one that did. */
export const reachable = signal(true);
/** Number of requests that have been out for longer than three seconds. */
export const slow = signal(0);

let waiting: (() => void)[] = [];

/** Remembers the token that every changing request must carry. */
export function setCsrf(token: string) {
	csrf = token;
}

/** Lets every request that waited for the login go on. */
export function resume() {
	const go = waiting;
	waiting = [];
	expired.value = false;
	go.forEach((f) => f());
}

function untilLogin(): Promise<void> {
	expired.value = true;
	return new Promise((done) => waiting.push(done));
}

function address(path: string, query: Options['query']): string {
	const params = new URLSearchParams();
	for (const [key, value] of Object.entries(query ?? {}))
		if (value !== undefined && value !== null && value !== '')
			params.set(key, String(value));
	const text = params.toString();
	return BASE + path + (text ? `?${text}` : '');
}

function headers(method: Method, opts: Options): Headers {
	const h = new Headers({ Accept: 'application/json' });
	if (method !== 'GET') {
		h.set('X-Docket-CSRF', csrf);
		h.set('Content-Type', opts.bytes ? 'application/octet-stream' : 'application/json');
	}
	return h;
}

async function failure(res: Response): Promise<ApiError> {
	try {
		const e = await res.json() as Partial<ApiError>;
		return new ApiError(res.status, e.code ?? `http_${res.status}`, e.detail ?? '', e.request ?? null, e.events ?? []);
	} catch {
		return new ApiError(res.status, `http_${res.status}`, '');
	}
}

function givenUp(opts: Options): AbortSignal {
	const patience = AbortSignal.timeout(opts.bytes ? PATIENCE * 20 : PATIENCE);
	if (!opts.signal)
		return patience;
	const both = new AbortController();
	for (const s of [opts.signal, patience])
		s.aborted ? both.abort(s.reason) : s.addEventListener('abort', () => both.abort(s.reason), { once: true });
	return both.signal;
}

async function send(method: Method, path: string, opts: Options): Promise<Response> {
	let late = false;
	const watch = setTimeout(() => { late = true; slow.value++; }, SLOW);
	try {
		const res = await fetch(address(path, opts.query), {
			method, headers: headers(method, opts), credentials: 'same-origin', cache: 'no-store',
			body: opts.bytes ?? (method === 'GET' ? undefined : JSON.stringify(opts.body ?? {})),
			signal: givenUp(opts), keepalive: opts.keepalive ?? false,
		});
		reachable.value = true;
		return res;
	} catch (e) {
		if (opts.signal?.aborted)
			throw e;
		reachable.value = false;
		throw new ApiError(0, 'offline', '');
	} finally {
		clearTimeout(watch);
		if (late)
			slow.value--;
	}
}

/** Asks the server; throws ApiError for whatever is not a success. A lost session waits for the login and asks again. */
export async function call<T>(method: Method, path: string, opts: Options = {}): Promise<T> {
	for (;;) {
		const res = await send(method, path, opts);
		if (res.status === 401 && !opts.bare) {
			await untilLogin();
			continue;
		}
		if (!res.ok)
			throw await failure(res);
		return (res.status === 204 ? undefined : await res.json()) as T;
	}
}

export const get = <T>(path: string, query?: Options['query'], signal?: AbortSignal) =>
	call<T>('GET', path, { query, signal });

/** True for the error of a request that the page itself called off. */
export function isAbort(e: unknown): boolean {
	return e instanceof DOMException && e.name === 'AbortError';
}
