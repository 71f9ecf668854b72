/* SPDX-License-Identifier: GPL-3.0-or-later */
// One's own signature and password. Loaded with the part that shows them.

export const own = {
	signature: 'Signatur',
	signatureHint: 'Steht unter Ihren Antworten. Leer: die Signatur des Postfachs.',
	saved: 'Signatur gespeichert.',
	save: 'Signatur speichern',
	passwordTitle: 'Neues Passwort',
	old: 'Bisheriges Passwort',
	fresh: 'Neues Passwort',
	freshHint: 'Mindestens 12 Zeichen. Wo Sie sonst noch angemeldet sind, werden Sie abgemeldet.',
	short: 'Bitte mindestens 12 Zeichen.',
	missing: 'Bitte das bisherige Passwort angeben.',
	change: 'Passwort ändern',
	changed: 'Das Passwort ist geändert.',
};
