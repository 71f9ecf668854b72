/* SPDX-License-Identifier: GPL-3.0-or-later */
// Search.

export const search = {
	search: {
		label: 'Suche',
		placeholder: 'Wörter, "ganze Wendung", status:offen, eigner:ich …',
		clear: 'Eingabe löschen',
		start: 'Alles durchsuchen',
		startText: 'Nachrichten, Kommentare, Betreffe und Dateien. Treffer erscheinen, während Sie tippen.',
		none: 'Nichts gefunden',
		noneText: 'Prüfen Sie die Schreibweise, oder nehmen Sie eine Eingrenzung heraus.',
		took: (ms: number) => `in ${ms} ms`,
		busy: 'Sucht …',
		end: 'Das sind alle Treffer.',
		back: (when: string) => `Durchsucht bis ${when}`,
		notes: {
			words: (text: string) => `„${text}“ wurde als Wörter gesucht.`,
			unknown: (text: string) => `„${text}“ gibt es nicht.`,
			too_long: (_: string) => 'Die Anfrage ist zu lang; ihr Anfang wurde gesucht.',
			too_many: (_: string) => 'Zu viele Alternativen aus Wörtern und Bedingungen; alles wurde als Wörter gesucht.',
		},
		error: 'Die Suche hat nicht geantwortet.',
		narrow: 'Eingrenzen',
		where: 'Fundstelle',
		wheres: { message: 'Nachricht', comment: 'Kommentar', subject: 'Betreff', file: 'Datei', attached: 'In Datei', people: 'Person' },
		results: 'Treffer',
	},
};
