/* SPDX-License-Identifier: GPL-3.0-or-later */
// Verbs, the palette, the sheet of keys.

export const keys = {
	palette: {
		label: 'Suchen und ausführen',
		placeholder: 'Was möchten Sie tun?',
		ticket: 'Dieses Ticket',
		go: 'Gehe zu',
		app: 'docket',
		searchFor: (text: string) => `„${text}“ in allen Tickets suchen`,
		openTicket: (id: string) => `Ticket #${id} öffnen`,
		run: 'ausführen',
		move: 'wählen',
		all: 'alle Tasten',
		none: 'Nichts passt. Mit der Eingabetaste suchen Sie in den Tickets.',
	},

	sheet: {
		title: 'Tasten',
		hint: 'Einzelne Tasten wirken, wenn der Cursor nicht in einem Textfeld steht.',
		groups: { list: 'Liste', ticket: 'Ticket', write: 'Schreiben', go: 'Gehe zu', app: 'Überall' },
		close: 'Schließen',
		then: 'dann',
	},

	verbs: {
		next: 'Nächstes Ticket', prev: 'Voriges Ticket', open: 'Ticket öffnen', back: 'Zurück zur Liste',
		reply: 'Antworten', replyAll: 'Allen antworten', comment: 'Intern kommentieren', status: 'Status setzen', type: 'Typ setzen',
		priority: 'Priorität setzen', assign: 'Eigner zuweisen', mine: 'Mir als Eigner zuweisen', done: 'Erledigt, nächstes Ticket',
		deadline: 'Frist setzen', subject: 'Betreff ändern', undo: 'Letzte Änderung zurücknehmen', expand: 'Alle Einträge aus- oder einklappen',
		search: 'Suchen', palette: 'Befehle', keys: 'Tasten zeigen', create: 'Neues Ticket', accounts: 'Postfächer', parked: 'Zurückgestellte E-Mails', menu: 'Weitere Aktionen',
		copyNumber: 'Ticketnummer kopieren', copyLink: 'Link kopieren', print: 'Ticket drucken', confidential: 'Vertraulich an oder aus',
		goInbox: 'Eingang', goMine: 'Meine', goUnassigned: 'Ohne Eigner', goWaiting: 'Wartend', goDrafts: 'Entwürfe', goFailed: 'Nicht zugestellt',
		theme: 'Hell, dunkel, wie das System', density: 'Luftige oder dichte Zeilen', language: 'Switch to English', logout: 'Abmelden',
		sendNext: 'Senden, nächstes Ticket', sendStay: 'Senden, hier bleiben', answerStatus: 'Status danach', outbox: 'Postausgang', outRetry: 'E-Mail jetzt versuchen', outEdit: 'E-Mail bearbeiten und neu senden', outCancel: 'E-Mail abbrechen', sendLater: 'Später senden', refresh: 'Liste neu laden', singleKeys: 'Einzelne Tasten an oder aus', own: 'Signatur und Passwort',
	},
};
