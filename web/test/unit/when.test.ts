/* SPDX-License-Identifier: GPL-3.0-or-later */
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseWhen } from '../../src/when';

const ZONE = 'Europe/Berlin';
const NOW = new Date('2026-11-25T10:20:00Z'); // a Wednesday, 11:20 in Berlin
const local = (d: Date | null) => d && new Intl.DateTimeFormat('sv', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).format(d);

const CASES: [string, string | null][] = [
	['in 2 h', '2026-11-25 13:20'], ['in 2 Stunden', '2026-11-25 13:20'], ['30 min', '2026-11-25 11:50'], ['in einer Stunde', '2026-11-25 12:20'],
	['in an hour', '2026-11-25 12:20'], ['in 3 days', '2026-11-28 11:20'], ['in 1,5 h', '2026-11-25 12:50'], ['in 2h', '2026-11-25 13:20'], ['in 1 Woche', '2026-12-02 11:20'],
	['morgen', '2026-11-26 08:00'], ['morgen 9', '2026-11-26 09:00'], ['Morgen um 9:30 Uhr', '2026-11-26 09:30'], ['morgen früh', '2026-11-26 08:00'], ['übermorgen 10', '2026-11-27 10:00'],
	['tomorrow 9am', '2026-11-26 09:00'], ['tomorrow at 9:15 pm', '2026-11-26 21:15'], ['tomorrow noon', '2026-11-26 12:00'], ['heute 17', '2026-11-25 17:00'], ['heute abend', '2026-11-25 18:00'],
	['fr 14:30', '2026-11-27 14:30'], ['Freitag', '2026-11-27 08:00'], ['mo 8', '2026-11-30 08:00'], ['nächsten Montag 8', '2026-11-30 08:00'], ['next monday 8am', '2026-11-30 08:00'],
	['mi 9', '2026-12-02 09:00'], ['fri 2pm', '2026-11-27 14:00'], ['14:30', '2026-11-25 14:30'], ['9 Uhr', '2026-11-26 09:00'], ['12am', '2026-11-26 00:00'],
	['27.11. 9', '2026-11-27 09:00'], ['27.11.2026 14:30', '2026-11-27 14:30'], ['2026-12-01 9:00', '2026-12-01 09:00'], ['1.3.', '2027-03-01 08:00'], ['Fr, 27.11. 8.15', '2026-11-27 08:15'], ['27/11 8:15', '2026-11-27 08:15'],
	['28.3.2027 2:30', '2027-03-28 03:30'], ['', null], ['bald', null], ['morgen 25', null], ['heute 9', null], ['31.2.', null], ['13pm', null], ['in 0 h', null], ['9 10', null],
];

test('times as people type them', () => {
	for (const [text, want] of CASES)
		assert.equal(local(parseWhen(text, NOW, ZONE)), want, text);
});
