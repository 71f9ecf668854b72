/* SPDX-License-Identifier: GPL-3.0-or-later */
// Times, sizes and numbers as the language writes them, in the agent's time zone.
import { signal } from '@preact/signals';
import { lang } from '../prefs';
import { L } from './index';

/** The agent's IANA zone; undefined is the browser's. */
export const zone = signal<string | undefined>(undefined);
/** A clock that ticks each half minute, for what is written relative to now. */
export const now = signal(Date.now());

const made = new Map<string, Intl.DateTimeFormat>();

function format(key: string, opts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const id = `${lang.value} ${zone.value ?? ''} ${key}`;
	let f = made.get(id);
	if (!f) {
		f = new Intl.DateTimeFormat(lang.value === 'de' ? 'de-DE' : 'en-GB', { timeZone: zone.value, ...opts });
		made.set(id, f);
	}
	return f;
}

const clock = (d: Date) => format('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(d);
const dayKey = (d: Date) => format('key', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(d);

/** Whole days from the day of `d` to today in the agent's zone, counted by calendar. */
function daysAgo(d: Date): number {
	for (let k = 0; k < 8; k++)
		if (dayKey(new Date(now.value - k * 86_400_000)) === dayKey(d))
			return k;
	return d.getTime() > now.value ? -1 : 8;
}

const digits = (d: Date, opts: Intl.DateTimeFormatOptions) =>
	Number(new Intl.DateTimeFormat('en', { timeZone: zone.value, hourCycle: 'h23', ...opts }).format(d));

/** The day of the week in the agent's zone, 0 is Sunday. */
export function weekday(): number {
	const name = new Intl.DateTimeFormat('en', { timeZone: zone.value, weekday: 'short' }).format(new Date());
	return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(name);
}

/** A whole hour some days on, in the agent's zone. */
export function zoned(days: number, at: number): Date {
	const d = new Date(Date.now() + days * 86_400_000);
	d.setUTCMinutes(0, 0, 0);
	for (let k = 0; k < 2; k++) // twice, because the first step may cross a change of the clock
		d.setTime(d.getTime() + (at - digits(d, { hour: 'numeric' })) * 3_600_000);
	return d;
}

/** Short time of a row: 14:32, So 18:22, 20.11., 20.11.25. */
export function short(iso: string): string {
	const d = new Date(iso);
	const ago = daysAgo(d);
	if (ago === 0)
		return clock(d);
	if (ago > 0 && ago < 7)
		return `${format('wd', { weekday: 'short' }).format(d)} ${clock(d)}`;
	const sameYear = format('y', { year: 'numeric' }).format(d) === format('y', { year: 'numeric' }).format(new Date(now.value));
	return format(sameYear ? 'dm' : 'dmy',
		sameYear ? { day: '2-digit', month: '2-digit' } : { day: '2-digit', month: '2-digit', year: '2-digit' }).format(d);
}

/** The whole truth, for tooltips. */
export function exact(iso: string): string {
	return format('exact', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(iso));
}

/** A time as its own zone wrote it, or a whole day: 2026-11-27T14:00:00 or 2026-11-27. */
export function written(iso: string): string {
	const opts: Intl.DateTimeFormatOptions = { timeZone: 'UTC', dateStyle: 'full' };
	const d = new Date(/T/.test(iso) ? `${iso}Z` : `${iso}T00:00:00Z`);
	return Number.isNaN(d.getTime()) ? iso : format(/T/.test(iso) ? 'written' : 'whole', /T/.test(iso) ? { ...opts, timeStyle: 'short' } : opts).format(d);
}

/** A moment to come: Mo, 30.11., 08:00. */
export function moment(iso: string): string {
	return format('moment', { weekday: 'short', day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}

/** The time of day. */
export function hour(iso: string): string {
	return clock(new Date(iso));
}

/** The day as the thread's register writes it: Heute, Gestern, Fr 20.11. */
export function day(iso: string): string {
	const d = new Date(iso);
	const ago = daysAgo(d);
	if (ago === 0)
		return L.value.thread.today;
	if (ago === 1)
		return L.value.thread.yesterday;
	const old = now.value - d.getTime() > 300 * 86_400_000;
	return format(old ? 'dayy' : 'day', old ? { day: '2-digit', month: '2-digit', year: '2-digit' }
		: { weekday: 'short', day: '2-digit', month: '2-digit' }).format(d).replace(/\.?,/, '');
}

/** The group of a row in the list: Heute, Gestern, weekday, month. */
export function group(iso: string): string {
	const d = new Date(iso);
	const ago = daysAgo(d);
	if (ago <= 0)
		return L.value.thread.today;
	if (ago === 1)
		return L.value.thread.yesterday;
	if (ago < 7)
		return format('weekday', { weekday: 'long' }).format(d);
	return format('month', { month: 'long', year: 'numeric' }).format(d);
}

/** Day, month and year in words. */
export function date(iso: string): string {
	return format('long', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso));
}

/** Month and year in words. */
export function month(iso: string): string {
	return format('month', { month: 'long', year: 'numeric' }).format(new Date(iso));
}

/** A span of time in its largest unit: 38 min, 5 h, 3 Tage. */
export function span(ms: number): string {
	const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
	const w = L.value.word;
	if (minutes < 100)
		return w.minutes(minutes);
	return minutes < 60 * 48 ? w.hours(Math.round(minutes / 60)) : w.days(Math.round(minutes / 1440));
}

/** A size in bytes as people read it. */
export function size(bytes: number): string {
	const units = ['B', 'kB', 'MB', 'GB'];
	let k = 0;
	while (bytes >= 1000 && k < units.length - 1) {
		bytes /= 1000;
		k++;
	}
	const digits = bytes < 10 && k > 0 ? 1 : 0;
	return `${number(bytes, digits)} ${units[k]}`;
}

/** A number with the language's separators. */
export function number(value: number, digits = 0): string {
	return value.toLocaleString(lang.value === 'de' ? 'de-DE' : 'en-GB',
		{ minimumFractionDigits: digits, maximumFractionDigits: digits });
}
