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
		hits: (k: number, more: boolean) => more ? `${k}+ Treffer` : `${k} Treffer`,
		took: (ms: number) => `in ${ms} ms`,
		busy: 'Sucht …',
		end: 'Das sind alle Treffer.',
		back: (when: string) => `Durchsucht bis ${when}`,
		understood: (text: string) => `Verstanden als: ${text}`,
		error: 'Die Suche hat nicht geantwortet.',
		narrow: 'Eingrenzen',
		where: 'Fundstelle',
		wheres: { message: 'Nachricht', comment: 'Kommentar', subject: 'Betreff', file: 'Datei' },
		when: 'Zeitraum',
		whens: { today: 'Heute', week: 'Diese Woche', month: 'Dieser Monat', year: 'Dieses Jahr' },
		results: 'Treffer',
		examples: 'Beispiele',
	},
};
