/* SPDX-License-Identifier: GPL-3.0-or-later */
// What is loaded with the search: completion, counts, keeping and watching, help.

export const find = {
	fields: {
		status: 'Status', type: 'Typ', owner: 'Eigner', role: 'Rolle des Eigners', folder: 'Ordner', tag: 'Schlagwort', customer: 'Kunde', order: 'Auftragsnummer',
		prio: 'Priorität, auch >3 oder 2..4', source: 'Quelle', from: 'Person oder Adresse', subject: 'Wörter im Betreff', has: 'hat Anhang, Eigner, Frist …', is: 'offen, meine, überfällig …',
		created: 'eröffnet am, seit, zwischen', updated: 'zuletzt geändert', closed: 'geschlossen am', due: 'Frist', id: 'Ticketnummer', in: 'Nachricht, Kommentar, Anhang', file: 'Dateiname',
		account: 'Postfach', before: 'eröffnet vor', after: 'eröffnet nach', trust: 'Prüfung des Absenders',
	} as Record<string, string>,
	/** How the fields are called in this language. */
	names: {
		type: 'typ', owner: 'eigner', role: 'rolle', folder: 'ordner', tag: 'schlagwort', customer: 'kunde', order: 'auftrag', source: 'quelle', from: 'von', subject: 'betreff', has: 'hat', is: 'ist',
		created: 'erstellt', updated: 'geändert', closed: 'geschlossen', due: 'fällig', id: 'nr', file: 'datei', account: 'postfach', before: 'vor', after: 'nach', trust: 'absenderprüfung',
	} as Record<string, string>,
	word: 'Wort', date: 'Zeitraum', completions: 'Vorschläge',
	sources: { mail: 'E-Mail', agent: 'Mitarbeiter', api: 'Schnittstelle', form: 'Formular', ebay: 'eBay', import: 'Übernahme' } as Record<string, string>,
	tickets: (one: boolean): string => one ? 'Ticket' : 'Tickets',
	over: (n: string) => `über ${n}`,
	estimated: 'Gezählt sind die neuesten Treffer.',
	countMore: 'Weiter zählen',
	source: 'Quelle', type: 'Typ', year: 'Jahr', tag: 'Schlagwort', file: 'Mit Anhang', nobody: 'ohne Eigner',
	comments: 'Nur in Kommentaren', more: (n: number) => `${n} weitere`,
	rebuilding: 'Der Suchindex wird gerade neu aufgebaut: Es ist noch nicht alles zu finden.',
	away: 'Der Suchindex wird gerade aufgebaut. Listen und Ordner gehen weiter.',
	meant: 'Meinten Sie', newest: 'Neueste zuerst', best: 'Beste zuerst', order: 'Reihenfolge',
	keep: 'Als Ordner sichern', keepShort: 'Sichern', name: 'Name', nameMissing: 'Geben Sie dem Ordner einen Namen.', query: 'Anfrage',
	shared: 'Für alle sichtbar', watched: 'Hinweis, wenn etwas Neues passt', watchHint: 'Der Hinweis erscheint hier, sobald eine neue Nachricht passt.',
	cancel: 'Abbrechen', kept: 'Als Ordner gesichert', show: 'Öffnen', help: 'Hilfe zur Suche', close: 'Schließen',
	helpLead: 'Wörter suchen in Nachrichten, Kommentaren, Betreffen, Namen, Dateinamen und Dateien. Feld:Wert grenzt ein. Ein Klick führt ein Beispiel aus.',
	helps: [
		['rechnung paket', 'beide Wörter in einer Nachricht, in jeder Form'],
		['"rote Schuhe"', 'genau diese Folge'],
		['rech*', 'Wörter, die so beginnen'],
		['vase -kaputt', 'ohne dieses Wort'],
		['retoure ODER (umtausch größe)', 'das eine oder das andere'],
		['eigner:ich ist:offen prio:>3', 'meine offenen, dringenden'],
		['status:neu,offen hat:anhang', 'einer von zweien, mit Anhang'],
		['erstellt:"letzte Woche" quelle:mail', 'Zeiträume: heute, 7d, 2026-01..2026-03'],
		['fällig:<heute -ist:geschlossen', 'Frist vorbei'],
		['von:müller betreff:lieferung', 'Person und Betreff'],
		['in:kommentar kulanz', 'nur in Kommentaren'],
		['305-1234567-1234567', 'Auftragsnummern, mit und ohne Striche'],
		['#1042', 'ein Ticket mit dieser Nummer'],
	] as [string, string][],
};
