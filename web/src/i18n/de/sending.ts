/* SPDX-License-Identifier: GPL-3.0-or-later */
// Answers that wait, to whom they go, when. Loaded with the parts that say it.

export const sending = {
	waiting: {
		label: 'Wartende Antwort',
		soon: 'Ihre Antwort geht gleich hinaus',
		at: (when: string) => `Ihre Antwort geht ${when} hinaus`,
		now: 'Ihre Antwort wird gesendet …',
		back: 'Zurückholen',
		change: 'Andere Zeit',
		inPlace: 'Die nächste Antwort schreiben Sie, wenn diese hinausgegangen oder zurückgeholt ist.',
		send: 'Jetzt senden',
		onlyIf: 'Schreibt der Kunde vorher, wird sie nicht gesendet und liegt wieder hier.',
		to: (who: string) => `an ${who}`,
		files: (k: number) => `${k} ${k === 1 ? 'Datei' : 'Dateien'}`,
	},
	later: {
		title: 'Später senden',
		change: 'Zu anderer Zeit senden',
		menu: 'Später senden …',
		when: 'Wann',
		example: 'morgen 9, fr 14:30, in 2 h',
		hint: 'Schreibt der Kunde vorher, wird die Antwort nicht gesendet.',
		unknown: 'Das ist keine Zeit in der Zukunft. Zum Beispiel: „morgen 9“, „fr 14:30“, „in 2 h“, „27.11. 8:15“.',
		hour: 'In 1 Stunde',
		tomorrow: 'Morgen früh',
		monday: 'Montag früh',
		send: 'Dann senden',
		set: 'Zeit ändern',
	},
	returned: {
		ticket_changed: 'Ihre Antwort ist nicht hinausgegangen und liegt wieder hier.',
		ticket_confidential: 'Das Ticket ist inzwischen vertraulich: Ihre Antwort ist nicht hinausgegangen und liegt wieder hier.',
		agent_inactive: 'Ihr Zugang war gesperrt: Ihre Antwort ist nicht hinausgegangen.',
	} as Record<string, string>,
	returnedElse: (code: string) => `Ihre Antwort konnte nicht gesendet werden (${code}) und liegt wieder hier.`,
	wroteCustomer: 'Der Kunde hat inzwischen geschrieben.',
	wrote: (who: string) => `${who} hat inzwischen geschrieben.`,
	notSent: (who: string) => `Nicht gesendet: Ihre Antwort an ${who} liegt wieder im Entwurf.`,
	open: 'Öffnen',
};
