/* SPDX-License-Identifier: GPL-3.0-or-later */
// Times as people type them, in German and English: "morgen 9", "fr 14:30", "in 2 h", "tomorrow 9am", "27.11. 8:15".

interface Day {
	year: number;
	month: number;
	day: number;
}

const DAYS: readonly RegExp[] = [
	/^(so|sonntag|sun|sunday)$/, /^(mo|montag|mon|monday)$/, /^(di|dienstag|tue|tues|tuesday)$/, /^(mi|mittwoch|wed|wednesday)$/,
	/^(do|donnerstag|thu|thur|thurs|thursday)$/, /^(fr|freitag|fri|friday)$/, /^(sa|samstag|sonnabend|sat|saturday)$/,
];
const AHEAD: readonly [RegExp, number][] = [[/^(heute|today)$/, 0], [/^(morgen|tomorrow|tmr|tmrw)$/, 1], [/^(übermorgen|uebermorgen)$/, 2]];
const PARTS: readonly [RegExp, number][] = [
	[/^(früh|frueh|vormittags?|morning)$/, 8], [/^(mittags?|noon)$/, 12], [/^(nachmittags?|afternoon)$/, 14], [/^(abends?|evening|night|tonight)$/, 18],
];
const MINUTES: readonly [RegExp, number][] = [
	[/^(m|min|mins|minuten?|minutes?)$/, 1], [/^(h|std|stunden?|hrs?|hours?)$/, 60], [/^(d|t|tag|tage|tagen|days?)$/, 1440], [/^(w|woche|wochen|weeks?)$/, 10_080],
];
const FILLERS = /^(um|uhr|at|on|am|den|der|nächsten|nächster|nächste|naechsten|next|kommenden|this|the|diesen|o'clock|o’clock)$/;
const FIRST_HOUR = 8;

const digits = (at: Date, zone: string | undefined) => Object.fromEntries(new Intl.DateTimeFormat('en', {
	timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
}).formatToParts(at).map((p) => [p.type, Number(p.value)]));

/** A time of the wall clock in a zone; one that the clock skips is the one just after it. */
export function wallTime(d: Day, hour: number, minute: number, zone?: string): Date {
	const meant = Date.UTC(d.year, d.month - 1, d.day, hour, minute);
	let at = meant;
	for (let k = 0; k < 2; k++) { // twice, because the first step may cross a change of the clock
		const p = digits(new Date(at), zone);
		at += meant - Date.UTC(p.year!, p.month! - 1, p.day!, p.hour, p.minute);
	}
	return new Date(at);
}

function dayOf(now: Date, zone: string | undefined, ahead: number): Day {
	const p = digits(now, zone);
	const d = new Date(Date.UTC(p.year!, p.month! - 1, p.day! + ahead));
	return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() };
}

const weekdayOf = (d: Day) => new Date(Date.UTC(d.year, d.month - 1, d.day)).getUTCDay();

/** The next day of the week with this number; 0 is Sunday. The day itself counts as a week on. */
export function nextWeekday(now: Date, zone: string | undefined, wanted: number): Day {
	const today = dayOf(now, zone, 0);
	return dayOf(now, zone, (wanted - weekdayOf(today) + 6) % 7 + 1);
}

/** Whole days from today. */
export const daysOn = (now: Date, zone: string | undefined, days: number) => dayOf(now, zone, days);

const found = <T,>(table: readonly [RegExp, T][], word: string) => table.find(([rx]) => rx.test(word))?.[1];

function span(words: string[], now: Date): Date | null {
	const text = words.join(' ').replace(/^in\s+/, '').replace(/(\d)\s*([a-zäöü])/g, '$1 $2');
	const m = /^(ein(?:e[mnr]?)?|an?|one|half an|\d{1,4}(?:[.,]\d{1,2})?)\s+([a-zäöü]+)$/.exec(text);
	const unit = m && found(MINUTES, m[2]!);
	if (!m || !unit)
		return null;
	const count = /^\d/.test(m[1]!) ? Number(m[1]!.replace(',', '.')) : m[1]!.startsWith('half') ? 0.5 : 1;
	return count > 0 ? new Date(now.getTime() + count * unit * 60_000) : null;
}

function clock(word: string): { hour: number; minute: number } | null {
	const m = /^(\d{1,2})(?:[:.h](\d{2}))?(am|pm|a\.m\.|p\.m\.|h|uhr)?$/.exec(word);
	if (!m)
		return null;
	const half = /^[ap]/.exec(m[3] ?? '')?.[0];
	const hour = half ? Number(m[1]) % 12 + (half === 'p' ? 12 : 0) : Number(m[1]);
	const minute = Number(m[2] ?? 0);
	return hour < 24 && minute < 60 && !(half && Number(m[1]) > 12) ? { hour, minute } : null;
}

function date(word: string, now: Date, zone: string | undefined): Day | null {
	const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
	const dotted = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{2}|\d{4})?)?$/.exec(word);
	if (!iso && !dotted)
		return null;
	const today = dayOf(now, zone, 0);
	const [day, month, year] = iso ? [Number(iso[3]), Number(iso[2]), Number(iso[1])] : [Number(dotted![1]), Number(dotted![2]), Number(dotted![3] ?? 0)];
	const d = { year: year ? (year < 100 ? 2000 + year : year) : today.year, month, day };
	const real = new Date(Date.UTC(d.year, month - 1, day));
	if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day)
		return null;
	if (!year && (month < today.month || month === today.month && day < today.day))
		d.year++;
	return d;
}

/** What somebody meant by a text, as a time that is not over yet; null when it says none. */
export function parseWhen(text: string, now: Date, zone?: string): Date | null {
	const words = text.toLowerCase().trim().replace(/,(?!\d)/g, ' ').replace(/(\d)\s+(am|pm|uhr|h)\b(?!\w)/g, '$1$2').split(/\s+/).filter(Boolean);
	if (words.length === 0)
		return null;
	const past = span(words, now);
	if (past)
		return past;
	let day: Day | null = null;
	let dated = false; // a date says more than the weekday before it
	let at: { hour: number; minute: number } | null = null;
	for (const w of words) {
		const ahead = found(AHEAD, w);
		const part = found(PARTS, w);
		const weekday = DAYS.findIndex((rx) => rx.test(w));
		const on: Day | null = dated ? null : date(w, now, zone);
		if (ahead !== undefined && !day)
			day = dayOf(now, zone, ahead);
		else if (weekday >= 0 && !day)
			day = nextWeekday(now, zone, weekday);
		else if (part !== undefined && !at)
			at = { hour: part, minute: 0 };
		else if (on && (w.length > 5 || /\.$|\//.test(w) || !/^\d{1,2}\.\d{2}$/.test(w)))
			[day, dated] = [on, true];
		else if (!at && clock(w))
			at = clock(w);
		else if (!FILLERS.test(w))
			return null;
	}
	if (!day && !at)
		return null;
	const meant = wallTime(day ?? dayOf(now, zone, 0), at?.hour ?? FIRST_HOUR, at?.minute ?? 0, zone);
	if (meant > now)
		return meant;
	return day ? null : wallTime(dayOf(now, zone, 1), at!.hour, at!.minute, zone);
}
